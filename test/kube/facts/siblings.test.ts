import { describe, expect, it } from 'vitest';
import type { JsonObject } from '../../../src/core/json.js';
import { chooseCapabilityRule, findCapabilityNeeds } from '../../../src/kube/decisions/capabilities.js';
import { needsEscalation } from '../../../src/kube/decisions/privilege-escalation.js';
import { chooseLimit, chooseRequest, readSiblings, USUAL_REQUESTS } from '../../../src/kube/decisions/resources.js';
import { needsToken } from '../../../src/kube/decisions/token.js';
import { canRunAsNonRoot } from '../../../src/kube/decisions/user.js';
import { chooseUsers } from '../../../src/kube/decisions/user-id.js';
import { findWritablePaths } from '../../../src/kube/decisions/writable-paths.js';
import { readStart } from '../../../src/kube/facts/siblings.js';
import { createRepoIndex } from '../../../src/kube/repo-index.js';
import type { ContainerView, TransformContext } from '../../../src/kube/types.js';
import { contextOf } from '../decisions/container.js';

type Other = { readonly container?: JsonObject; readonly pod?: JsonObject; readonly name?: string };

/** A pod that another workload of the same image stands beside. */
function beside(others: readonly Other[], container: JsonObject = {}, pod: JsonObject = {}): TransformContext {
  const index = createRepoIndex();
  for (const [position, other] of others.entries()) {
    index.add('apps/other/other.yaml', position + 1, {
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      metadata: { name: other.name ?? `other-${position}` },
      spec: {
        selector: {},
        template: { spec: { containers: [{ name: 'x', image: 'ghcr.io/acme/web:1', ...other.container }], ...other.pod } },
      },
    });
  }
  return contextOf(container, pod, { index });
}

const first = ({ containers }: TransformContext) => containers[0] as ContainerView;
const stating = (securityContext: JsonObject): Other => ({ container: { securityContext } });
const WHERE = 'Deployment other-0 in apps/other/other.yaml:1';

describe('siblings', () => {
  it('are containers of the same image in other workloads', () => {
    expect(first(beside([stating({ runAsUser: 5 })])).siblings).toMatchObject([{ where: WHERE, user: 5 }]);
    expect(first(beside([{ container: { image: 'ghcr.io/acme/web:2' } }])).siblings).toEqual([]);
    expect(first(beside([stating({ runAsUser: 5 })], { image: '$IMAGE' })).siblings).toEqual([]);
  });

  it('far away have no say about an image that is known', () => {
    const index = createRepoIndex();
    for (const folder of ['apps/web/rbac', 'apps/other']) {
      index.add(`${folder}/a.yaml`, 1, {
        apiVersion: 'v1',
        kind: 'Pod',
        metadata: { name: folder },
        spec: {
          containers: [{ name: 'x', image: folder.endsWith('rbac') ? 'near' : 'redis:7', securityContext: { privileged: true } }],
        },
      });
    }
    const gains = (image: string) => {
      const { containers, pod } = contextOf({ image }, {}, { index });
      return needsEscalation(containers[0] as ContainerView, pod).answer;
    };
    expect(gains('near')).toBe(true);
    expect(gains('redis:7')).toBe(false);
  });

  it('say the same once', () => {
    expect(first(beside([stating({ runAsUser: 5 }), stating({ runAsUser: 5 })])).siblings).toHaveLength(1);
  });

  it('are not asked where too many run the image, whatever they state', () => {
    const many = (count: number, user: (position: number) => number) =>
      first(beside(Array.from({ length: count }, (_, position) => stating({ runAsUser: user(position) })))).siblings;
    expect(many(48, (position) => position)).toHaveLength(48);
    expect(many(49, (position) => position)).toEqual([]);
    expect(many(49, () => 5)).toEqual([]);
  });

  it('are not the object itself, nor parts of objects', () => {
    const index = createRepoIndex();
    const own = {
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      metadata: { name: 'web' },
      spec: { selector: {}, template: { spec: { containers: [{ name: 'web', image: 'ghcr.io/acme/web:1' }] } } },
    };
    index.add('apps/web/web.yaml', 1, own);
    index.add('apps/web/patch.yaml', 1, { ...own, spec: { template: own.spec.template } });
    expect(contextOf({}, {}, { index }).containers[0]?.siblings.filter(({ isOwn }) => !isOwn)).toEqual([]);
  });

  it('start alike where command and program are the same, whatever the options', () => {
    expect(readStart(['a'], ['--x'])).toBe(readStart(['a'], ['--y']));
    expect(readStart(undefined, ['serve'])).not.toBe(readStart(undefined, ['migrate']));
    expect(readStart(['a'], undefined)).not.toBe(readStart(['b'], undefined));
  });
});

describe('who is it', () => {
  const nonRoot = (others: readonly Other[], container?: JsonObject) => {
    const context = beside(others, container);
    return canRunAsNonRoot(first(context), new Set(), 'leave');
  };

  it('is not root where another one runs it so, without a user', () => {
    expect(nonRoot([stating({ runAsNonRoot: true })])).toMatchObject({
      risk: 'medium',
      evidence: [`${WHERE} runs it with runAsNonRoot: true`],
    });
    expect(nonRoot([stating({ runAsNonRoot: true, runAsUser: 5 })]).risk).toBe('high');
    expect(nonRoot([stating({ runAsNonRoot: true })], { command: ['other'] }).risk).toBe('high');
  });

  it.each<JsonObject>([{ runAsUser: 0 }, { runAsNonRoot: false }, { privileged: true }])(
    'may be root where one says %j',
    (says) => {
      const { risk, evidence } = nonRoot([stating({ runAsNonRoot: true }), stating(says)]);
      expect(risk).toBe('high');
      expect(evidence[0]).toContain('Deployment other-1');
    },
  );

  it('has the user of all that name one', () => {
    const users = (others: readonly Other[], container?: JsonObject) =>
      chooseUsers([first(beside(others, container))], undefined)[0];
    expect(users([stating({ runAsUser: 5 })])).toMatchObject({
      answer: { id: 5, isCertain: true },
      risk: 'medium',
      evidence: [`${WHERE} runs it as user 5`],
    });
    expect(users([stating({ runAsUser: 5 }), stating({ runAsUser: 6 })])).toMatchObject({
      answer: { id: undefined },
      risk: 'high',
    });
    expect(users([stating({ runAsUser: 5 })], { volumeMounts: [{ name: 'a', mountPath: '/a' }] })?.risk).toBe('high');
  });
});

describe('what does it need', () => {
  const capabilities = (others: readonly Other[], container?: JsonObject) => {
    const context = beside(others, container);
    return findCapabilityNeeds(first(context), context.pod, chooseCapabilityRule(context, { add: undefined, needed: 'keep' }));
  };

  it('adds the capabilities that another one adds', () => {
    const others = [stating({ capabilities: { drop: ['ALL'], add: ['CHOWN'] } })];
    expect(capabilities(others)).toMatchObject({
      answer: { add: ['CHOWN'] },
      risk: 'medium',
      evidence: [`${WHERE} drops all but CHOWN`],
    });
    expect(capabilities(others, { lifecycle: { postStart: { exec: {} } } }).risk).toBe('high');
    expect(capabilities([...others, stating({ privileged: true })]).risk).toBe('high');
    expect(capabilities([stating({ runAsUser: 5, capabilities: { drop: ['ALL'] } })]).risk).toBe('high');
  });

  it('gains privileges where another one says so', () => {
    const context = beside([stating({ allowPrivilegeEscalation: true })]);
    expect(needsEscalation(first(context), context.pod)).toMatchObject({ answer: true, risk: 'high' });
  });

  it('keeps a token that another one asks for', () => {
    expect(needsToken(beside([{ pod: { automountServiceAccountToken: true } }]))).toMatchObject({
      risk: 'high',
      evidence: [expect.stringContaining(`${WHERE} runs ghcr.io/acme/web:1 with automountServiceAccountToken: true`)],
    });
  });

  it('takes the most of what others state', () => {
    const others = ['64Mi', '96Mi'].map(
      (memory): Other => ({ container: { resources: { requests: { memory }, limits: { memory } } } }),
    );
    const container = first(beside(others));
    const own = readSiblings([container]);
    expect(chooseRequest(container, own, 'memory', USUAL_REQUESTS)).toMatchObject({ answer: '96Mi', risk: 'medium' });
    expect(chooseLimit(container, own, 'memory', USUAL_REQUESTS, true)).toMatchObject({
      answer: '96Mi',
      risk: 'medium',
      evidence: ['same image as in Deployment other-1 in apps/other/other.yaml:2'],
    });
  });
});

describe('what kubemend may have written', () => {
  it('is a multiple of a request: it lowers the risk, and is no value for another request', () => {
    const limit = (resources: JsonObject) => {
      const context = beside([{ container: { resources } }], { resources: { requests: { memory: '10Mi' } } });
      return chooseLimit(first(context), readSiblings(context.containers), 'memory', USUAL_REQUESTS, false);
    };
    expect(limit({ requests: { memory: '100Mi' }, limits: { memory: '200Mi' } })).toEqual({
      answer: '20Mi',
      risk: 'medium',
      evidence: [`2 times the request, as in ${WHERE}`],
    });
    expect(limit({ requests: { memory: '100Mi' }, limits: { memory: '300Mi' } }).answer).toBe('300Mi');
    expect(limit({ limits: { memory: '200Mi' } }).answer).toBe('200Mi');
  });

  it('is the port that its reason is, not the capability', () => {
    const needs = (other: Other, container: JsonObject = {}) => {
      const context = beside([other], container);
      return findCapabilityNeeds(first(context), context.pod, chooseCapabilityRule(context, { add: undefined, needed: 'keep' }));
    };
    const binds = { capabilities: { drop: ['ALL'], add: ['NET_BIND_SERVICE'] } };
    const binds80 = { securityContext: binds };
    const ports = [{ containerPort: 80 }];
    expect(needs({ container: { ...binds80, ports } }).answer.add).toEqual(['NET_BIND_SERVICE']);
    expect(needs({ container: { ...binds80, ports } }, { ports: [{ containerPort: 8080 }] })).toMatchObject({
      answer: { add: [] },
      risk: 'medium',
    });
    expect(needs(stating(binds))).toMatchObject({ answer: { add: [] }, risk: 'high' });
  });
});

describe('where does it write', () => {
  const readOnly: Other = {
    container: {
      securityContext: { readOnlyRootFilesystem: true },
      volumeMounts: [
        { name: 'tmp', mountPath: '/tmp' },
        { name: 'settings', mountPath: '/etc/web' },
      ],
    },
    pod: {
      volumes: [
        { name: 'tmp', emptyDir: {} },
        { name: 'settings', configMap: { name: 'x' } },
      ],
    },
  };

  it('has the empty volumes of another one', () => {
    expect(findWritablePaths(first(beside([readOnly])))).toMatchObject({
      answer: { paths: ['/tmp'] },
      risk: 'medium',
      evidence: [`${WHERE} runs it with readOnlyRootFilesystem: true`],
    });
  });

  it('lacks what is no empty volume there', () => {
    const other: Other = { ...readOnly, pod: { volumes: [{ name: 'tmp', persistentVolumeClaim: { claimName: 'x' } }] } };
    expect(findWritablePaths(first(beside([other]))).risk).toBe('high');
    const container = {
      volumeMounts: [
        { name: 'x', mountPath: '/tmp' },
        { name: 'y', mountPath: '/etc/web' },
      ],
    };
    expect(findWritablePaths(first(beside([other], container))).evidence[0]).toContain('readOnlyRootFilesystem: true');
  });

  it('does not rest on another one where a hook runs besides', () => {
    const container = { lifecycle: { postStart: { exec: { command: ['touch', '/x'] } } } };
    expect(findWritablePaths(first(beside([readOnly], container)))).toMatchObject({
      risk: 'high',
      evidence: [`${WHERE} runs it with readOnlyRootFilesystem: true, but its postStart hook does more`],
    });
  });

  it('takes the safer side where another one says false', () => {
    const { risk, evidence } = findWritablePaths(first(beside([readOnly, stating({ readOnlyRootFilesystem: false })])));
    expect(risk).toBe('high');
    expect(evidence[0]).toContain('Deployment other-1 in apps/other/other.yaml:2 says readOnlyRootFilesystem: false');
  });
});
