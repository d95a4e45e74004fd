import { describe, expect, it, test } from 'vitest';
import { formatPath, type Json, type JsonObject, valueAt } from '../../../src/core/json.js';
import { CHECKS } from '../../../src/kube/pod-security/checks.js';
import { evaluateObject, evaluatePodSecurity, reachedLevel } from '../../../src/kube/pod-security/evaluate.js';
import { formatVersion, parseVersion, parseVersionRange, SUPPORTED_RANGE } from '../../../src/kube/versions/versions.js';
import data from '../../../src/kube/versions/versions.json' with { type: 'json' };
import { fc } from '../../fc.js';
import { oddObject, podObject } from './arbitrary.js';

const V1_35 = parseVersion('1.35');
const strict = {
  allowPrivilegeEscalation: false,
  capabilities: { drop: ['ALL'] },
  runAsNonRoot: true,
  seccompProfile: { type: 'RuntimeDefault' },
};
const good = { containers: [{ name: 'a', image: 'a:1', securityContext: strict }] };
const plain = { containers: [{ name: 'a', image: 'a:1' }] };

/** Objects that make the pod, by kind. */
const OBJECTS: Readonly<Record<string, (spec: JsonObject) => JsonObject>> = {
  Pod: (spec) => ({ apiVersion: 'v1', kind: 'Pod', spec }),
  PodTemplate: (spec) => ({ apiVersion: 'v1', kind: 'PodTemplate', template: { spec } }),
  Deployment: (spec) => ({ apiVersion: 'apps/v1', kind: 'Deployment', spec: { template: { spec } } }),
  CronJob: (spec) => ({ apiVersion: 'batch/v1', kind: 'CronJob', spec: { jobTemplate: { spec: { template: { spec } } } } }),
  Rollout: (spec) => ({ apiVersion: 'argoproj.io/v1alpha1', kind: 'Rollout', spec: { template: { spec } } }),
};

it('has a function for every check of the data, and no other', () => {
  expect(Object.keys(CHECKS).sort()).toEqual(data.checks.map(({ id }) => id).sort());
});

describe('reachedLevel', () => {
  test.each([
    ['a strict pod', good, '1.35', 'restricted'],
    ['a pod that says nothing', plain, '1.35', 'baseline'],
    ['a pod with host access', { ...good, hostPID: true }, '1.35', 'privileged'],
    ['root in a user namespace', { ...good, hostUsers: false, securityContext: { runAsUser: 0 } }, '1.35', 'restricted'],
    [
      'root in a user namespace, on older versions too',
      { ...good, hostUsers: false, securityContext: { runAsUser: 0 } },
      '1.34-1.35',
      'baseline',
    ],
    [
      'a host in a probe, before it was judged',
      { containers: [{ ...good.containers[0], livenessProbe: { httpGet: { host: 'a' } } }] },
      '1.25-1.33',
      'restricted',
    ],
    [
      'a host in a probe, on newer versions too',
      { containers: [{ ...good.containers[0], livenessProbe: { httpGet: { host: 'a' } } }] },
      '1.33-1.34',
      'privileged',
    ],
    ['a value that is not decoded', { ...good, hostNetwork: 'false' }, '1.35', 'privileged'],
  ] as const)('of %s on %s', (_name, spec, versions, level) => {
    for (const make of Object.values(OBJECTS))
      expect(reachedLevel(make(spec as unknown as JsonObject), parseVersionRange(versions))).toBe(level);
  });

  it('is none where there is no pod', () => {
    expect(reachedLevel({ apiVersion: 'v1', kind: 'Service', spec: {} }, V1_35)).toBeUndefined();
    expect(reachedLevel({ apiVersion: 'v1', kind: 'Pod' }, V1_35)).toBeUndefined();
    expect(evaluateObject({}, 'baseline', V1_35)).toBeUndefined();
  });

  it('takes the type of an item of a typed list from the list', () => {
    expect(reachedLevel({ spec: good }, V1_35, { apiVersion: 'v1', kind: 'Pod' })).toBe('restricted');
  });
});

describe('evaluate', () => {
  it('names places from the root of the object', () => {
    for (const [kind, make] of Object.entries(OBJECTS)) {
      const object = make({ containers: [{ name: 'a', securityContext: { privileged: true } }] });
      const results = evaluateObject(object, 'baseline', V1_35) ?? [];
      const paths = results.flatMap((result) => (result.allowed ? [] : result.paths));
      expect(
        paths.map((path) => valueAt(object, path)),
        kind,
      ).toEqual([true]);
    }
  });

  it('lists the checks of baseline, then those of restricted', () => {
    const results = evaluateObject(OBJECTS.Pod?.(plain) ?? {}, 'restricted', SUPPORTED_RANGE) ?? [];
    const levels = results.map(({ level }) => level);
    expect([...levels].sort()).toEqual(levels);
    expect(results.flatMap((result) => (result.allowed ? [] : [result.id]))).toEqual([
      'allowPrivilegeEscalation',
      'capabilities_restricted',
      'runAsNonRoot',
      'seccompProfile_restricted',
    ]);
  });

  it('says the oldest version of the range that forbids', () => {
    const spec = { ...good, containers: [{ ...good.containers[0], livenessProbe: { tcpSocket: { host: 'a' } } }] };
    const versionOn = (range: string) => {
      const results = evaluateObject(OBJECTS.Pod?.(spec) ?? {}, 'restricted', parseVersionRange(range)) ?? [];
      return results.flatMap((result) => (result.allowed ? [] : [`${result.id} ${formatVersion(result.version)}`]));
    };
    expect(versionOn('1.30-1.36')).toEqual(['hostProbesAndHostLifecycle 1.34']);
    expect(versionOn('1.36-1.37')).toEqual(['hostProbesAndHostLifecycle 1.36']);
    expect(versionOn('1.30-1.33')).toEqual([]);
  });

  it('gives a Pod with hostNetwork the ports of its containers, and a template not', () => {
    const spec = { hostNetwork: true, containers: [{ name: 'a', ports: [{ containerPort: 80 }] }] };
    const failing = (object: JsonObject) =>
      (evaluateObject(object, 'baseline', V1_35) ?? []).flatMap(({ id, allowed }) => (allowed ? [] : [id]));
    expect(failing(OBJECTS.Pod?.(spec) ?? {})).toEqual(['hostNamespaces', 'hostPorts']);
    expect(failing(OBJECTS.Deployment?.(spec) ?? {})).toEqual(['hostNamespaces']);
  });

  test.each<[string, JsonObject, string]>([
    ['a text for a boolean', { hostPID: 'true' }, 'spec.hostPID'],
    [
      'a number for a boolean',
      { containers: [{ securityContext: { privileged: 0 } }] },
      'spec.containers[0].securityContext.privileged',
    ],
    ['a map for a list', { containers: {} }, 'spec.containers'],
    ['a list for a map', { securityContext: [] }, 'spec.securityContext'],
    ['a text for a container', { containers: ['a'] }, 'spec.containers[0]'],
    ['a fraction', { securityContext: { runAsUser: 0.5 } }, 'spec.securityContext.runAsUser'],
    ['a port beyond 32 bits', { containers: [{ ports: [{ hostPort: 2147483648 }] }] }, 'spec.containers[0].ports[0].hostPort'],
    ['no number', { securityContext: { runAsUser: Number.NaN } }, 'spec.securityContext.runAsUser'],
    ['a number for a name', { os: { name: 1 } }, 'spec.os.name'],
    ['a text for a volume', { volumes: [{ emptyDir: 'a' }] }, 'spec.volumes[0].emptyDir'],
    [
      'a number for a capability',
      { containers: [{ securityContext: { capabilities: { add: [1] } } }] },
      'spec.containers[0].securityContext.capabilities.add[0]',
    ],
  ])('reports %s as not decoded', (_name, spec, path) => {
    const [first] = evaluateObject({ apiVersion: 'v1', kind: 'Pod', spec }, 'baseline', V1_35) ?? [];
    if (first === undefined || first.allowed) throw new Error('decoded');
    expect(first.id).toBe('decoding');
    expect(first.paths.map(formatPath)).toEqual([path]);
  });

  it('reports metadata and annotations that are not decoded', () => {
    for (const metadata of ['a', [], { annotations: [] }, { annotations: { a: 1 } }] as Json[]) {
      const [first] = evaluateObject({ apiVersion: 'v1', kind: 'Pod', metadata, spec: good }, 'baseline', V1_35) ?? [];
      expect(first?.id).toBe('decoding');
    }
  });
});

describe('properties', () => {
  /** Any value where a pod's spec and metadata are; many of them are nearly right. */
  const anyObject = fc.oneof(
    oddObject,
    fc
      .tuple(fc.jsonValue(), fc.jsonValue())
      .map(([spec, metadata]) => ({ apiVersion: 'v1', kind: 'Pod', spec, metadata }) as JsonObject),
  );

  it('never throws, and names a place for every failure', () => {
    fc.assert(
      fc.property(anyObject, fc.constantFrom('1.0', '1.25', '1.25-1.37', '1.35'), (object, versions) => {
        for (const level of ['baseline', 'restricted'] as const)
          for (const result of evaluateObject(object, level, parseVersionRange(versions)) ?? [])
            if (!result.allowed) expect(result.paths.length).toBeGreaterThan(0);
        reachedLevel(object, parseVersionRange(versions));
      }),
    );
  });

  it('forbids on a range what it forbids on one version of it', () => {
    fc.assert(
      fc.property(podObject, (object) => {
        const failing = (versions: string) =>
          (evaluateObject(object, 'restricted', parseVersionRange(versions)) ?? []).flatMap(({ id, allowed }) =>
            allowed ? [] : [id],
          );
        const each = new Set([...'0123456789'].flatMap((minor) => failing(`1.2${minor}`)));
        expect(new Set(failing('1.20-1.29'))).toEqual(each);
      }),
    );
  });

  it('reaches a level exactly when every check of it allows the pod', () => {
    fc.assert(
      fc.property(podObject, fc.constantFrom('1.25', '1.33-1.36'), (object, text) => {
        const versions = parseVersionRange(text);
        const allowed = (level: 'baseline' | 'restricted') =>
          evaluateObject(object, level, versions)?.every((result) => result.allowed);
        const expected = allowed('restricted') ? 'restricted' : allowed('baseline') ? 'baseline' : 'privileged';
        expect(reachedLevel(object, versions)).toBe(expected);
      }),
    );
  });

  it('leaves what it judges as it is', () => {
    const freeze = (value: Json): Json => {
      if (typeof value === 'object' && value !== null) for (const item of Object.values(value)) freeze(item as Json);
      return Object.freeze(value) as Json;
    };
    fc.assert(fc.property(podObject, (object) => void reachedLevel(freeze(object) as JsonObject, V1_35)));
  });
});

it('judges a pod that stands in no object', () => {
  const source = { spec: plain, specPath: [], metadata: undefined, metadataPath: [], isPod: true };
  expect(evaluatePodSecurity(source, 'baseline', V1_35).every(({ allowed }) => allowed)).toBe(true);
});
