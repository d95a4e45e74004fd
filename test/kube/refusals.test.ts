import { describe, expect, it } from 'vitest';
import type { Json, JsonObject } from '../../src/core/json.js';
import { valueAt } from '../../src/core/json.js';
import { newRefusals, refusals } from '../../src/kube/refusals.js';
import { fc } from '../fc.js';
import { accepted } from './refusals/accepted.js';
import { host, os } from './refusals/host.js';
import { container, deployment, pod, secured, statefulSet } from './refusals/objects.js';
import { resources } from './refusals/resources.js';
import type { Row } from './refusals/row.js';
import { profiles, security } from './refusals/security.js';
import { shapes, volumes } from './refusals/volumes.js';

function rulesOf(object: JsonObject): string[] {
  return [...new Set(refusals(object).map(({ rule }) => rule))].sort();
}

/** The object in a list item of a CronJob, where the pod template lies deepest. */
function inCronJob(object: JsonObject): JsonObject {
  const template =
    object.kind === 'Pod' ? { metadata: object.metadata ?? {}, spec: object.spec ?? {} } : valueAt(object, ['spec', 'template']);
  const jobTemplate = { spec: { template: template ?? {} } };
  return { apiVersion: 'batch/v1', kind: 'CronJob', metadata: { name: 'c' }, spec: { schedule: '@daily', jobTemplate } };
}

/** Every row was judged by the code of Kubernetes v1.35.4: validation and strict decoding of the object and of the Pod made from it. */
describe.each<[string, readonly Row[]]>([
  ['security', security],
  ['profiles', profiles],
  ['host', host],
  ['operating systems', os],
  ['volumes', volumes],
  ['resources', resources],
  ['shapes', shapes],
])('refusals: %s', (_, rows) => {
  it.each(rows)('%s', (_name, rules, object) => {
    expect(rulesOf(object)).toEqual([rules].flat());
    // A field that is missing stands in a map that is there.
    for (const { path } of refusals(object)) expect(valueAt(object, path.slice(0, -1))).toBeDefined();
  });

  it.each(rows)('%s, in a CronJob', (_name, rules, object) => {
    // Mounts of claims are a StatefulSet's.
    if (object.kind !== 'StatefulSet') expect(rulesOf(inCronJob(object))).toEqual([rules].flat());
  });
});

describe('refusals', () => {
  it.each(accepted)('none: %s', (_, object) => expect(refusals(object)).toEqual([]));

  it('tells where and what', () => {
    expect(refusals(deployment({ containers: [container({ name: 'web', securityContext: { privileged: 'no' } })] }))).toEqual([
      {
        rule: 'wrong-type',
        path: ['spec', 'template', 'spec', 'containers', 0, 'securityContext', 'privileged'],
        message: 'web: privileged must be true or false',
      },
    ]);
  });

  it('says that a claim replaces a volume, which no server does', () => {
    expect(rulesOf(statefulSet({ volumes: [{ name: 'data', emptyDir: {} }] }, ['data']))).toEqual([
      'controller:claim-replaces-volume',
    ]);
  });

  it('reads an item of a typed list as what the list says', () => {
    const { apiVersion, kind, ...item } = statefulSet({ volumes: [{ name: 'data' }], hostPID: 'yes' }, ['data']);
    const type = { apiVersion: 'apps/v1', kind: 'StatefulSet' };
    expect(refusals(item)).toEqual([]);
    expect(refusals(item, type).map(({ rule }) => rule)).toEqual(['wrong-type', 'controller:claim-replaces-volume']);
    expect(newRefusals({}, item, type)).toHaveLength(2);
    expect({ apiVersion, kind }).toEqual(type);
  });

  it('passes over what a removed list item left behind', () => {
    expect(refusals(pod({ volumes: [null, { name: 'a' }], containers: [null, container({ volumeMounts: [null] })] }))).toEqual(
      [],
    );
  });

  it.each([
    ['no pod', { apiVersion: 'v1', kind: 'ConfigMap', data: { privileged: true } }],
    ['a custom resource', { apiVersion: 'example.com/v1', kind: 'Pod', spec: { containers: 1 } }],
    ['no spec', { apiVersion: 'v1', kind: 'Pod' }],
    ['nothing', {}],
  ] as const)('gives nothing for %s', (_, object) => expect(refusals(object as JsonObject)).toEqual([]));
});

describe('refusals of the kubelet', () => {
  const rule = ['kubelet:run-as-root'];
  it.each<[string, readonly string[], JsonObject]>([
    ['both on the container', rule, secured({ runAsNonRoot: true, runAsUser: 0 })],
    ['both on the pod', rule, pod({ securityContext: { runAsNonRoot: true, runAsUser: 0 } })],
    ['the user on the container', rule, secured({ runAsUser: 0 }, { securityContext: { runAsNonRoot: true, runAsUser: 1 } })],
    [
      'runAsNonRoot on the container',
      rule,
      secured({ runAsNonRoot: true }, { securityContext: { runAsNonRoot: false, runAsUser: 0 } }),
    ],
    ['the user of the container wins', [], secured({ runAsUser: 1 }, { securityContext: { runAsNonRoot: true, runAsUser: 0 } })],
    [
      'runAsNonRoot of the container wins',
      [],
      secured({ runAsNonRoot: false }, { securityContext: { runAsNonRoot: true, runAsUser: 0 } }),
    ],
    ['no user', [], pod({ securityContext: { runAsNonRoot: true } })],
    ['root that may be', [], pod({ securityContext: { runAsUser: 0 } })],
  ])('%s', (_, rules, object) => expect(rulesOf(object)).toEqual(rules));

  it('is the same refusal wherever the user stands', () => {
    const before = secured({ runAsUser: 0 }, { securityContext: { runAsNonRoot: true } });
    expect(newRefusals(before, pod({ securityContext: { runAsNonRoot: true, runAsUser: 0 } }))).toEqual([]);
  });
});

describe('newRefusals', () => {
  const bad = pod({ volumes: [{ name: 'tmp' }, { name: 'A' }, { name: 'B' }] });

  it('leaves out what was refused before, even where it moved', () => {
    expect(newRefusals(bad, bad)).toEqual([]);
    expect(newRefusals(bad, pod({ volumes: [{ name: 'B' }] }))).toEqual([]);
  });

  it('gives what is new', () => {
    const after = pod({ volumes: [{ name: 'tmp' }, { name: 'A' }, { name: 'B' }, { name: 'C' }] });
    expect(newRefusals(bad, after).map(({ path }) => path)).toEqual([['spec', 'volumes', 3]]);
    expect(newRefusals(refusals(bad), refusals(after))).toEqual(newRefusals(bad, after));
  });

  it('tells one container from another', () => {
    const context = { privileged: true, allowPrivilegeEscalation: false };
    const one = container({ securityContext: context });
    const before = pod({ containers: [one, container({ name: 'b' })] });
    const after = pod({ containers: [one, container({ name: 'b', securityContext: context })] });
    expect(newRefusals(before, after)).toHaveLength(1);
  });
});

describe('any value', () => {
  const keys = [
    ...[
      'name',
      'type',
      'add',
      'limits',
      'requests',
      'cpu',
      'hugepages-2Mi',
      'mountPath',
      'path',
      'hostPort',
      'containerPort',
      'privileged',
    ],
    ...[
      'securityContext',
      'resources',
      'volumeMounts',
      'ports',
      'sysctls',
      'capabilities',
      'seccompProfile',
      'appArmorProfile',
      'runAsUser',
    ],
    ...[
      'allowPrivilegeEscalation',
      'procMount',
      'windowsOptions',
      'hostProcess',
      'restartPolicy',
      'claims',
      'image',
      '__proto__',
      'toString',
    ],
  ];
  const json = fc.letrec<{ value: Json }>((tie) => ({
    value: fc.oneof(
      { depthSize: 'small', withCrossShrink: true },
      fc.constantFrom<Json>(
        null,
        true,
        false,
        0,
        1,
        -1,
        1.5,
        '',
        'a',
        '1Gi',
        'Localhost',
        'Unmasked',
        'Bidirectional',
        Number.NaN,
      ),
      fc.array(tie('value'), { maxLength: 3 }),
      fc.dictionary(fc.oneof(fc.constantFrom(...keys), fc.string()), tie('value'), { maxKeys: 5 }),
    ),
  })).value;
  const spec = fc.dictionary(
    fc.constantFrom(
      'containers',
      'initContainers',
      'volumes',
      'securityContext',
      'resources',
      'os',
      'hostUsers',
      'hostNetwork',
      'hostPID',
    ),
    fc.oneof(json, fc.array(json, { maxLength: 3 })),
  );

  it('is taken without throwing', () => {
    fc.assert(
      fc.property(spec, json, json, (podSpec, annotations, other) => {
        for (const object of [
          pod(podSpec, annotations as JsonObject),
          deployment(podSpec, annotations as JsonObject),
          { apiVersion: 'apps/v1', kind: 'StatefulSet', spec: { template: { spec: podSpec }, volumeClaimTemplates: other } },
          { apiVersion: 'v1', kind: 'Pod', metadata: other, spec: podSpec },
          { apiVersion: 'v1', kind: 'Pod', spec: other },
        ]) {
          expect(newRefusals(object, object)).toEqual([]);
        }
      }),
      { numRuns: 500 },
    );
  });

  it('is not changed', () => {
    fc.assert(
      fc.property(spec, (podSpec) => {
        const object = deployment(podSpec);
        const copy = structuredClone(object);
        refusals(object);
        expect(object).toEqual(copy);
      }),
    );
  });
});
