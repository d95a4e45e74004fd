import { describe, expect, it } from 'vitest';
import type { JsonObject } from '../../src/core/json.js';
import { findUses, isReplacedByClaim, removeVolumes, viewVolumes } from '../../src/kube/mounts.js';
import { createRepoIndex } from '../../src/kube/repo-index.js';
import type { TransformContext } from '../../src/kube/types.js';
import { SUPPORTED_RANGE } from '../../src/kube/versions/versions.js';
import { viewObject } from './view-object.js';

function contextOf(spec: JsonObject, kind = 'Deployment', rest: JsonObject = {}): TransformContext {
  const value: JsonObject = { apiVersion: 'apps/v1', kind, spec: { template: { spec }, ...rest } };
  const ref = { file: 'x', document: 0, root: [], line: 1, apiVersion: 'apps/v1', kind };
  const demands = { versions: SUPPORTED_RANGE, level: undefined, asks: () => true };
  const context = viewObject({ ref, value }, createRepoIndex(), () => false, demands);
  if (context === undefined) throw new Error('no pod');
  return context;
}

/** What is said of the first volume. */
function useOf(spec: JsonObject, kind?: string, rest?: JsonObject): string | undefined {
  const context = contextOf({ volumes: [{ name: 'data', hostPath: {} }], ...spec }, kind, rest);
  const [volume] = viewVolumes(context.pod);
  if (volume === undefined) throw new Error('no volume');
  return findUses(context)(volume);
}

const web = (fields: JsonObject): JsonObject => ({ name: 'web', image: 'a', ...fields });
const mounts = (name: string): JsonObject => ({ volumeMounts: [{ name, mountPath: '/x' }] });

describe('volumes', () => {
  it('have a name and the types that the API server would read', () => {
    const volumes = [
      { name: 'a', hostPath: { path: '/' } },
      { name: 'b' },
      { name: 'c', nfs: {}, emptyDir: {} },
      { name: 'd', nfs: '$NFS' },
      { name: '$E', hostPath: null },
      { ramDisk: {} },
      null,
      '$VOLUME',
    ];
    const { pod } = contextOf({ containers: [], volumes });
    expect(viewVolumes(pod).map(({ name, sources, subject }) => [subject, name, sources.join()])).toEqual([
      ['volume a', 'a', 'hostPath'],
      ['volume b', 'b', 'emptyDir'],
      ['volume c', 'c', 'emptyDir,nfs'],
      ['volume d', 'd', 'nfs'],
      ['volume #5', undefined, 'emptyDir'],
      ['volume #6', undefined, 'emptyDir'],
    ]);
  });
});

describe('who mounts a volume', () => {
  it('is nobody', () => {
    expect(useOf({ containers: [web({})] })).toBeUndefined();
    expect(useOf({ containers: [web(mounts('other'))] })).toBeUndefined();
    expect(useOf({ containers: [web({ volumeMounts: null, volumeDevices: [] })] })).toBeUndefined();
  });

  it.each([
    ['a container', { containers: [web(mounts('data'))] }, 'container web mounts it'],
    [
      'as a device',
      { containers: [web({ volumeDevices: [{ name: 'data', devicePath: '/dev/x' }] })] },
      'container web mounts it',
    ],
    [
      'several',
      { initContainers: [{ name: 'init', ...mounts('data') }], containers: [web({}), { name: 'b', ...mounts('data') }] },
      'init container init and container b mount it',
    ],
    [
      'an ephemeral container',
      { containers: [web({})], ephemeralContainers: [{ name: 'debug', ...mounts('data') }] },
      'ephemeral container debug mounts it',
    ],
  ])('is %s', (_, spec, expected) => {
    expect(useOf(spec as JsonObject)).toBe(expected);
  });

  it.each([
    ['the name of a mount', web(mounts('$NAME'))],
    ['a mount', web({ volumeMounts: ['$MOUNT'] })],
    ['all mounts', web({ volumeMounts: '$MOUNTS' })],
    ['further keys of a mount', web({ volumeMounts: [{ name: 'a', $KEY: 'b' }] })],
    ['all devices', web({ volumeDevices: '$DEVICES' })],
  ])('may be anyone where a variable stands for %s', (_, container) => {
    expect(useOf({ containers: [container] })).toBe('container web may mount it: a variable stands there');
  });

  it.each([
    ['a container', { containers: [web({}), '$SIDECAR'] }],
    ['all init containers', { containers: [web({})], initContainers: '$INIT' }],
    ['an ephemeral container', { containers: [web({})], ephemeralContainers: ['$DEBUG'] }],
    ['the rest of the pod', { containers: [web({})], $MORE: 'x' }],
  ])('may be hidden where a variable stands for %s', (_, spec) => {
    expect(useOf(spec as JsonObject)).toBe('containers that cannot be read here may mount it');
  });

  it('may be elsewhere where no container is written', () => {
    expect(useOf({ containers: [] })).toBe('containers that cannot be read here may mount it');
    expect(useOf({})).toBe('containers that cannot be read here may mount it');
  });

  it.each([{ name: '$NAME' }, { name: '' }, {}, { name: 5 }])('is not known for %o', (volume) => {
    expect(useOf({ containers: [web({})], volumes: [volume] })).toMatch(/^its name is not known here/);
  });

  it('is nobody where a claim of a StatefulSet takes its place', () => {
    const claims = { volumeClaimTemplates: [{ metadata: { name: 'data' } }] };
    expect(useOf({ containers: [web(mounts('data'))] }, 'StatefulSet', claims)).toBeUndefined();
    expect(useOf({ containers: [web(mounts('data'))] }, 'Deployment', claims)).toBe('container web mounts it');
    const other = { volumeClaimTemplates: [{ metadata: { name: 'other' } }, { metadata: null }, '$CLAIM'] };
    expect(useOf({ containers: [web(mounts('data'))] }, 'StatefulSet', other)).toBe('container web mounts it');
    const context = contextOf({ volumes: [{ name: 'data' }] }, 'StatefulSet', claims);
    expect(viewVolumes(context.pod).map((volume) => isReplacedByClaim(context, volume))).toEqual([true]);
  });
});

describe('removing volumes', () => {
  function removed(spec: JsonObject, names: readonly string[]) {
    const context = contextOf(spec);
    const volumes = viewVolumes(context.pod).filter(({ name }) => name !== undefined && names.includes(name));
    const faults = volumes.map((volume) => ({ volume, message: 'bad', advice: 'do otherwise' }));
    return [...removeVolumes(context, faults)].map(({ subject, changes, unless }) => ({
      subject,
      unless,
      paths: changes.map(({ path }) => path.slice(3).join('.')),
    }));
  }
  const volumes = [{ name: 'a' }, { name: 'b' }];

  it('takes them one by one, or the key with all', () => {
    expect(removed({ containers: [web({})], volumes }, ['b'])).toEqual([
      { subject: 'volume b', unless: undefined, paths: ['volumes.1'] },
    ]);
    expect(removed({ containers: [web({})], volumes: [volumes[0] as JsonObject] }, ['a'])).toEqual([
      { subject: 'volume a', unless: undefined, paths: ['volumes'] },
    ]);
    expect(removed({ containers: [web({})], volumes }, ['a', 'b'])).toEqual([
      { subject: 'pod', unless: undefined, paths: ['volumes'] },
    ]);
    expect(removed({ containers: [web({})], volumes }, [])).toEqual([]);
  });

  it('gives the same advice once', () => {
    expect(removed({ containers: [web(mounts('a')), web(mounts('b'))], volumes }, ['a', 'b'])).toMatchObject([
      { subject: 'volume a', unless: 'container web mounts it: do otherwise' },
      { subject: 'volume b', unless: 'container web mounts it: see volume a' },
    ]);
  });

  it('leaves those that are mounted to a person', () => {
    expect(removed({ containers: [web(mounts('a'))], volumes }, ['a', 'b'])).toEqual([
      { subject: 'volume a', unless: 'container web mounts it: do otherwise', paths: [] },
      { subject: 'volume b', unless: undefined, paths: ['volumes.1'] },
    ]);
  });
});
