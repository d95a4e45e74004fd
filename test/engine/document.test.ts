import { describe, expect, it } from 'vitest';
import { finding } from '../../src/kube/finding.js';
import { deployment, fake, fates, fixWith, setOnContainers, setOnPod } from './run.js';

const web = deployment(`containers:
  - name: web
    image: web
`);
const lock = setOnContainers('lock', 'securityContext.readOnlyRootFilesystem', true);

describe('an object that the API server would refuse', () => {
  const invalid = setOnContainers('invalid', 'securityContext.allowPrivilegeEscalation', false);
  const privileged = deployment(`containers:
  - name: web
    image: web
    securityContext:
      privileged: true
  - name: proxy
    image: proxy
`);

  it('is never made: that finding is held, the others go on', () => {
    const result = fixWith([invalid, lock], privileged);
    expect(fates(result)).toEqual([
      'manual invalid container web REFUSED_BY_API',
      'ready invalid container proxy',
      'ready lock container web',
      'ready lock container proxy',
    ]);
    expect(result.findings[0]?.reason?.text).toMatch(/^the API server would refuse it: .*allowPrivilegeEscalation/);
    expect(result.text).toBe(
      privileged
        .replace('privileged: true', 'privileged: true\n            readOnlyRootFilesystem: true')
        .replace(
          'image: proxy',
          'image: proxy\n          securityContext:\n            allowPrivilegeEscalation: false\n            readOnlyRootFilesystem: true',
        ),
    );
  });

  it('made by two findings together: the first is made, the second is held', () => {
    const limit = setOnContainers('limit', 'resources.limits.memory', '64Mi');
    const request = setOnContainers('request', 'resources.requests.memory', '128Mi');
    expect(fates(fixWith([limit, request, lock], web))).toEqual([
      'ready limit container web',
      'manual request container web REFUSED_BY_API',
      'ready lock container web',
    ]);
  });

  it('does not hold a finding that takes an item of a list away', () => {
    const text = privileged.replace('privileged: true', 'privileged: true\n            capabilities: {add: [KILL, CHOWN]}');
    const remove = fake('remove', function* ({ containers: [container] }) {
      const add = container?.get('securityContext.capabilities.add');
      if (!container || !Array.isArray(add?.value) || add.value.length < 2) return;
      yield finding(container, 'adds KILL', {
        changes: [container.remove([...'securityContext.capabilities.add'.split('.'), 0])],
        risk: 'low',
      });
    });
    const result = fixWith([invalid, remove], text);
    expect(fates(result)).toContain('ready remove container web');
    expect(result.text).toContain('add: [CHOWN]');
  });

  it('that was refused before is not held against anyone', () => {
    const text = privileged.replace('privileged: true', 'privileged: true\n            allowPrivilegeEscalation: false');
    const result = fixWith([lock], text);
    expect(fates(result)).toEqual(['ready lock container web', 'ready lock container proxy']);
  });

  it('in one document leaves the other documents alone', () => {
    const result = fixWith([invalid], `${privileged}---\n${web}`);
    expect(fates(result)).toEqual([
      'manual invalid container web REFUSED_BY_API',
      'ready invalid container proxy',
      'ready invalid container web',
    ]);
  });
});

describe('text that several containers share', () => {
  const shared = deployment(`containers:
  - name: web
    image: web
    securityContext: &shared
      runAsUser: 1000
  - name: proxy
    image: proxy
    securityContext: *shared
  - name: free
    image: free
`);

  it('is changed once when all of them want it', () => {
    const result = fixWith([lock], shared);
    expect(fates(result)).toEqual(['ready lock container web', 'ready lock container proxy', 'ready lock container free']);
    expect(result.text).toBe(
      shared
        .replace('runAsUser: 1000', 'runAsUser: 1000\n            readOnlyRootFilesystem: true')
        .replace('image: free', 'image: free\n          securityContext:\n            readOnlyRootFilesystem: true'),
    );
  });

  it('is not when one of them says no; whoever shares nothing loses nothing', () => {
    const text = shared.replace('- name: proxy', '# kubemend-ignore lock: writes\n        - name: proxy');
    const result = fixWith([lock, setOnPod('ipc', 'hostIPC', false)], text);
    expect(fates(result)).toEqual([
      'manual lock container web ALIAS_SHARED',
      'suppressed lock container proxy SUPPRESSED',
      'ready lock container free',
      'ready ipc pod',
    ]);
    expect(result.text).toBe(
      `${text.replace('image: free', 'image: free\n          securityContext:\n            readOnlyRootFilesystem: true')}      hostIPC: false\n`,
    );
  });

  it('nor is what rests on the finding that was held', () => {
    const text = shared.replace('- name: proxy', '# kubemend-ignore lock: writes\n        - name: proxy');
    const rests = fake(
      'rests',
      function* ({ containers }) {
        for (const container of containers) {
          if (!container.securityContext.readOnlyRootFilesystem.is(true)) continue;
          yield finding(container, 'is locked', { changes: [container.set('stdin', false)], risk: 'low' });
        }
      },
      ['lock'],
    );
    const result = fixWith([rests, lock], text);
    expect(fates(result).filter((fate) => fate.includes('rests'))).toEqual(['ready rests container free']);
  });

  it('that would go although an alias reads it is kept', () => {
    const text = deployment(`containers:
  - name: web
    image: web
    securityContext: &shared {runAsUser: 1000}
  - name: proxy
    image: proxy
    securityContext: *shared
`);
    const remove = fake('remove', function* ({ containers: [container] }) {
      if (container?.get('securityContext').state !== 'set') return;
      yield finding(container, 'has one', { changes: [container.remove('securityContext')], risk: 'low' });
    });
    const result = fixWith([remove], text);
    expect(fates(result)).toEqual(['manual remove container web ANCHOR_IN_USE']);
    expect(result.text).toBe(text);
  });
});

describe('comments in what is removed', () => {
  it('are quoted in the finding', () => {
    const text = `${web}          securityContext: # for the volume
            # as root
            runAsUser: 0
          stdin: true\n`;
    const remove = fake('remove', function* ({ containers: [container] }) {
      if (container?.get('securityContext').state !== 'set') return;
      yield finding(container, 'has one', { changes: [container.remove('securityContext')], risk: 'low' });
    });
    const result = fixWith([remove, setOnPod('ipc', 'hostIPC', false)], text);
    expect(result.findings.map(({ transform, lostComments }) => [transform, lostComments])).toEqual([
      ['remove', ['# for the volume', '# as root']],
      ['ipc', []],
    ]);
    expect(result.text).toBe(`${web}          stdin: true\n      hostIPC: false\n`);
  });
});

describe('objects that are left', () => {
  it.each([
    [
      'a system namespace',
      web.replace('name: web', 'namespace: kube-system\n  name: web'),
      'system namespace kube-system (--include-system)',
    ],
    [
      'one of a provider',
      web.replace('name: web', 'namespace: openshift-dns\n  name: web'),
      'system namespace openshift-dns (--include-system)',
    ],
    ['a patch with a directive', web.replace('image: web', '$patch: delete'), 'a patch: it holds a strategic-merge directive'],
    ['a part without images', web.replace('image: web', 'tty: true'), 'a part of an object: no container has an image'],
    ['a part without containers', deployment('hostIPC: true\n'), 'a part of an object: no containers'],
    [
      'a part without a template',
      'apiVersion: apps/v1\nkind: Deployment\nspec: {replicas: 3}\n',
      'a part of an object: no pod template',
    ],
    [
      'a part without a selector',
      web.replace(/ {2}selector:\n.*\n.*\n/, ''),
      'a part of an object: no selector, and nothing but an image',
    ],
  ])('say why: %s', (_, text, left) => {
    const result = fixWith([lock, setOnPod('ipc', 'hostIPC', false)], text, { maxRisk: 'high' });
    expect(result).toMatchObject({ status: 'unchanged', text, findings: [], objects: [{ left, isChanged: false }] });
  });

  it('a system namespace is mended when asked for', () => {
    const text = web.replace('name: web', 'namespace: kube-system\n  name: web');
    expect(fixWith([lock], text, { includeSystem: true }).status).toBe('changed');
  });

  it('beside others in one file', () => {
    const system = web.replace('name: web', 'namespace: kube-system\n  name: web');
    const result = fixWith([lock], `${system}---\n${web}`);
    expect(result.objects.map(({ left, isChanged }) => [left !== undefined, isChanged])).toEqual([
      [true, false],
      [false, true],
    ]);
  });
});

describe('what is said of an object', () => {
  it('is where it is, what it is, and what a change means for it', () => {
    const pod = 'kind: Pod\napiVersion: v1\nmetadata: {generateName: probe-}\nspec: {containers: [{name: a, image: a}]}\n';
    const result = fixWith([lock], `---\n${pod}---\n${web.replace('name: web', 'namespace: shop\n  name: web')}`);
    expect(result.objects).toEqual([
      {
        ref: { file: 'web.yaml', document: 0, root: [], line: 2, apiVersion: 'v1', kind: 'Pod', name: 'probe-' },
        isWorkload: true,
        isImmutable: true,
        isChanged: true,
        podSecurity: { now: 'baseline', after: 'baseline', at: {} },
      },
      {
        ref: {
          file: 'web.yaml',
          document: 1,
          root: [],
          line: 7,
          apiVersion: 'apps/v1',
          kind: 'Deployment',
          namespace: 'shop',
          name: 'web',
        },
        isWorkload: true,
        isImmutable: false,
        isChanged: true,
        podSecurity: { now: 'baseline', after: 'baseline', at: {} },
      },
    ]);
  });
});

describe('a file of several documents', () => {
  it('is read where there are workloads, and nowhere else', () => {
    const broken = 'apiVersion: v1\nkind: ConfigMap\ndata: {a: 1, a: 2\n  b: [}\n';
    const result = fixWith([lock], `${broken}---\n${web}---\n${broken}`);
    expect(result.text).toBe(
      `${broken}---\n${web}          securityContext:\n            readOnlyRootFilesystem: true\n---\n${broken}`,
    );
  });

  it('is refused as a whole for one workload that cannot be read', () => {
    const text = `${web}---\n${web}  replicas: 1\n  replicas: 2\n`;
    const result = fixWith([lock], text);
    expect(result).toMatchObject({ status: 'refused', text, findings: [], splices: [] });
    expect(result.error).toMatchObject({ code: 'DUPLICATE_KEY', position: { line: 33, column: 3 } });
  });
});
