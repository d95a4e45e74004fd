import { describe, expect, it } from 'vitest';
import { UsageError } from '../../src/core/errors.js';
import type { JsonObject } from '../../src/core/json.js';
import { type CustomKind, readKinds } from '../../src/kube/kinds/custom.js';
import { findPodTemplates, knownKinds } from '../../src/kube/kinds.js';
import { createSession, type SessionOptions } from '../../src/session.js';

const machine: CustomKind = { group: 'example.com', kind: 'Machine', podTemplate: 'spec.parts.*.template' };

describe('readKinds', () => {
  const PATH = 'must be a path such as "spec.template", with * for every item of a list: "spec.tasks.*.template"';
  const KEYS = 'group, kind, podTemplate, immutable, containerLevelOnly';
  it.each([
    ['spec.template', 'kinds must be a list of entries'],
    [{ kinds: [] }, 'kinds must be a list of entries'],
    [['Machine'], 'kinds[0] must be an object'],
    [[machine, null], 'kinds[1] must be an object'],
    [[machine, machine], 'kinds[1] is the same kind as kinds[0]; name each once'],
    [[{ ...machine, podSpec: 'spec' }], `kinds[0] has the unknown key "podSpec"; there are ${KEYS}`],
    [[{ group: 'example.com', kind: 'Machine' }], 'kinds[0].podTemplate is missing'],
    [[{ kind: 'Machine', podTemplate: 'spec.template' }], 'kinds[0].group is missing'],
    [
      [{ ...machine, group: 'example.com/v1' }],
      'kinds[0].group must be what stands before the slash of its apiVersion, such as "example.com"',
    ],
    [[{ ...machine, group: '' }], 'kinds[0].group must be what stands before the slash of its apiVersion, such as "example.com"'],
    [[{ ...machine, kind: 'my machine' }], 'kinds[0].kind must be the name of a kind, such as "Machine"'],
    [[machine, machine, { ...machine, podTemplate: '.spec.template' }].slice(2), `kinds[0].podTemplate ${PATH}`],
    [[{ ...machine, podTemplate: 'spec.parts[*].template' }], `kinds[0].podTemplate ${PATH}`],
    [[{ ...machine, podTemplate: '*.template' }], `kinds[0].podTemplate ${PATH}`],
    [[{ ...machine, podTemplate: 7 }], `kinds[0].podTemplate ${PATH}`],
    [
      [{ ...machine, podTemplate: 'spec.template.spec' }],
      'kinds[0].podTemplate must lead to the pod template, not to its spec: leave the last ".spec" out',
    ],
    [[{ ...machine, immutable: 'yes' }], 'kinds[0].immutable must be true or false'],
    [[{ ...machine, containerLevelOnly: 1 }], 'kinds[0].containerLevelOnly must be true or false'],
    [
      [machine, { ...machine, group: 'apps', kind: 'Deployment' }],
      "kinds[1] is Kubernetes' own Deployment, whose pods are where they are; remove it",
    ],
  ])('says what is wrong with %j', (given, message) => {
    const read = () => readKinds(given);
    expect(read).toThrow(UsageError);
    expect(read).toThrow(new UsageError(message));
    expect(() => createSession({ kinds: given as unknown as readonly CustomKind[] })).toThrow(new UsageError(message));
  });

  it('leaves the kinds of other runs as they are', () => {
    const kinds = readKinds([machine]);
    expect(kinds.names).toContain('Machine');
    expect(knownKinds.names).not.toContain('Machine');
    expect(knownKinds.find({ apiVersion: 'example.com/v1', kind: 'Machine' })).toBeUndefined();
  });

  it('lets a caller say otherwise of a custom resource, known or left', () => {
    const own: CustomKind = { group: 'tekton.dev', kind: 'TaskRun', podTemplate: 'spec.own' };
    const type = { apiVersion: 'tekton.dev/v1', kind: 'TaskRun' };
    expect(knownKinds.leftOf(type)).toBe('a custom resource: how TaskRun of tekton.dev makes its pods is not known well enough');
    expect(readKinds([own]).leftOf(type)).toBeUndefined();
    expect(readKinds([own]).find(type)?.only?.podSpec).toEqual(['spec', 'own', 'spec']);
  });

  it('finds every item of lists and every value of maps, one in another, too', () => {
    const kinds = readKinds([{ ...machine, podTemplate: 'spec.groups.*.parts.*' }]);
    const pod = { spec: { containers: [] } };
    const value: JsonObject = {
      apiVersion: 'example.com/v1',
      kind: 'Machine',
      spec: { groups: { a: { parts: [{ name: 'x', ...pod }, pod, 'no'] }, b: { parts: 'none' }, c: { parts: { y: pod } } } },
    };
    const found = findPodTemplates(value, undefined, kinds);
    expect(found.map(({ podSpec, metadata, label }) => [podSpec.join('.'), metadata.join('.'), label])).toEqual([
      ['spec.groups.a.parts.0.spec', 'spec.groups.a.parts.0.metadata', 'group a, part x'],
      ['spec.groups.a.parts.1.spec', 'spec.groups.a.parts.1.metadata', 'group a, part #2'],
      ['spec.groups.c.parts.y.spec', 'spec.groups.c.parts.y.metadata', 'group c, part y'],
    ]);
    const nested = readKinds([{ ...machine, podTemplate: 'spec.rows.*.*' }]);
    const rows: JsonObject = { apiVersion: 'example.com/v1', kind: 'Machine', spec: { rows: [[pod, pod], { x: pod }] } };
    const labels = findPodTemplates(rows, undefined, nested).map(({ label }) => label);
    expect(labels).toEqual(['row #1, #1', 'row #1, #2', 'row #2, x']);
  });
});

const TEXT = `apiVersion: example.com/v1
kind: Machine2
metadata: {name: press}
spec:
  parts:
  - name: arm
    template:
      spec:
        containers:
        - name: motor # turns
          image: ghcr.io/acme/motor:1
  - name: hand
    template:
      spec:
        securityContext:
          seccompProfile: {type: RuntimeDefault}
        containers:
        - name: grip
          image: ghcr.io/acme/grip:1
`;

function run(text: string, options: SessionOptions) {
  const session = createSession({ maxRisk: 'low', transforms: ['set-seccomp-profile'], ...options });
  session.survey('a.yaml', text);
  return session;
}

describe("a session with someone's own kinds", () => {
  const kinds: readonly CustomKind[] = [{ ...machine, kind: 'Machine2' }];

  it('mends each pod, and names it', () => {
    const { findings, text } = run(TEXT, { kinds }).fix('a.yaml', TEXT);
    expect(findings.map(({ subject, message }) => `${subject}: ${message}`)).toEqual(['part arm: pod: no seccomp profile']);
    expect(text).toBe(
      TEXT.replace(
        '        containers:\n        - name: motor',
        '        securityContext:\n          seccompProfile:\n            type: RuntimeDefault\n        containers:\n        - name: motor',
      ),
    );
    expect(run(text, { kinds }).fix('a.yaml', text).status).toBe('unchanged');
  });

  it('judges each pod, and names it', () => {
    const { objects } = run(TEXT, { kinds }).judge('a.yaml', TEXT, 'restricted');
    const seccomp = objects[0]?.failed.find(({ id }) => id === 'seccompProfile_restricted');
    expect(seccomp?.detail).toMatch(/^part arm: pod or container "motor" must set/);
    const privileges = objects[0]?.failed.find(({ id }) => id === 'allowPrivilegeEscalation');
    expect(privileges?.detail).toMatch(/^part arm: .*; part hand: /);
    expect(privileges?.paths).toHaveLength(2);
  });

  it('writes on containers where the kind takes nothing else, and heeds that it is made anew', () => {
    const [kind] = kinds as [CustomKind];
    const own = [{ ...kind, containerLevelOnly: true, immutable: true }];
    expect(run(TEXT, { kinds: own }).fix('a.yaml', TEXT).text).toBe(TEXT);
    const { findings, objects } = run(TEXT, { kinds: own, maxRisk: 'medium' }).fix('a.yaml', TEXT);
    expect(findings.map(({ subject, status }) => `${subject}: ${status}`)).toEqual(['part arm: container motor: ready']);
    expect(objects).toMatchObject([{ isWorkload: true, isImmutable: true }]);
  });

  it('knows nothing of it otherwise', () => {
    expect(run(TEXT, {}).fix('a.yaml', TEXT)).toMatchObject({ status: 'left', left: { code: 'NO_OBJECTS' } });
  });

  it('leaves an object with a pod that is a part of one', () => {
    const text = TEXT.replace('          image: ghcr.io/acme/grip:1\n', '');
    expect(run(text, { kinds }).fix('a.yaml', text).objects).toMatchObject([
      { left: 'a part of an object: no container has an image (part hand)' },
    ]);
  });
});

describe('a kind that is not known well enough', () => {
  it('is left, and said so', () => {
    const text = 'apiVersion: kubeflow.org/v2beta1\nkind: MPIJob\nmetadata: {name: pi}\nspec: {mpiReplicaSpecs: {}}\n';
    const { status, objects } = run(text, {}).fix('a.yaml', text);
    expect(status).toBe('unchanged');
    expect(objects).toMatchObject([
      {
        isWorkload: false,
        left: 'a custom resource: how MPIJob of kubeflow.org makes its pods is not known well enough',
      },
    ]);
  });
});
