import { describe, expect, it } from 'vitest';
import type { JsonObject } from '../../src/core/json.js';
import { createRepoIndex } from '../../src/kube/repo-index.js';
import type { TransformContext } from '../../src/kube/types.js';
import { SUPPORTED_RANGE } from '../../src/kube/versions/versions.js';
import { viewObject } from './view-object.js';

const DEMANDS = { versions: SUPPORTED_RANGE, level: undefined, asks: () => true };

const index = createRepoIndex();

function liveOf(spec: JsonObject) {
  const value: JsonObject = { apiVersion: 'v1', kind: 'Pod', metadata: { name: 'web', annotations: { 'a.b/c': 'd' } }, spec };
  return { ref: { file: 'x', document: 0, root: [], line: 1, apiVersion: 'v1', kind: 'Pod' }, value };
}

function view(spec: JsonObject): TransformContext {
  const context = viewObject(liveOf(spec), index, () => false, DEMANDS);
  if (context === undefined) throw new Error('no pod');
  return context;
}

function first(container: JsonObject, pod: JsonObject = {}) {
  const [found] = view({ containers: [container], ...pod }).containers;
  if (found === undefined) throw new Error('no container');
  return found;
}

describe('fields', () => {
  it('are set, absent or opaque', () => {
    const container = first({ a: 0, b: null, c: '$C', d: 'text', e: { $X: 1, f: 2 } });
    const states = ['a', 'b', 'c', 'd', 'e', 'z', 'a.x', 'b.x', 'c.x', 'd.x', 'e.f', 'e.x'].map((key) => [
      key,
      container.get(key).state,
    ]);
    expect(Object.fromEntries(states)).toEqual({
      a: 'set',
      b: 'absent',
      c: 'opaque',
      d: 'set',
      e: 'opaque',
      z: 'absent',
      'a.x': 'absent',
      'b.x': 'absent',
      'c.x': 'opaque',
      'd.x': 'absent',
      'e.f': 'set',
      'e.x': 'opaque',
    });
  });

  it('take dotted keys as steps, and paths as they are', () => {
    const { pod } = view({ containers: [], securityContext: { runAsUser: 5 } });
    expect(pod.get('securityContext.runAsUser').is(5)).toBe(true);
    expect(pod.metadata.get(['annotations', 'a.b/c']).value).toBe('d');
    expect(pod.get('securityContext.runAsUser').path).toEqual(['spec', 'securityContext', 'runAsUser']);
  });

  it('do not see what every object inherits', () => {
    expect(first({}).get('toString').state).toBe('absent');
  });

  it('compare maps and lists by value', () => {
    expect(
      first({ a: { b: [1] } })
        .get('a')
        .is({ b: [1] }),
    ).toBe(true);
    expect(first({}).get('a').is(null)).toBe(false);
  });

  it('see a value that was admitted meanwhile', () => {
    const live = liveOf({ containers: [{ name: 'a' }] });
    const context = viewObject(live, index, () => false, DEMANDS);
    live.value = liveOf({ containers: [{ name: 'a', securityContext: { privileged: true } }] }).value;
    expect(context?.containers[0]?.securityContext.privileged.is(true)).toBe(true);
  });
});

describe('changes', () => {
  it('lie beneath the view', () => {
    const container = first({});
    const path = ['spec', 'containers', 0, 'a', 'b'];
    expect(container.set('a.b', 1)).toEqual({ op: 'set', path, value: 1 });
    expect(container.remove(['a', 'b'])).toEqual({ op: 'remove', path });
    expect(container.append('a.b', 1)).toEqual({ op: 'append', path, value: 1 });
  });
});

describe('containers', () => {
  it('come in the order of the text, each of its sort', () => {
    const { containers } = view({
      containers: [{ name: 'web' }, {}],
      initContainers: [{ name: 'migrate' }, { name: 'proxy', restartPolicy: 'Always' }],
      ephemeralContainers: [{ name: 'debug' }],
    });
    expect(containers.map(({ subject, sort, path }) => [subject, sort, path.join('.')])).toEqual([
      ['container web', 'container', 'spec.containers.0'],
      ['container #2', 'container', 'spec.containers.1'],
      ['init container migrate', 'init', 'spec.initContainers.0'],
      ['sidecar proxy', 'sidecar', 'spec.initContainers.1'],
    ]);
  });

  it('are none where something else stands', () => {
    expect(view({ containers: 'web', initContainers: ['$X', null, 5] }).containers).toEqual([]);
  });

  it('take from the pod what they do not say', () => {
    const pod = { securityContext: { runAsUser: 1, runAsGroup: 2 } };
    expect(first({ securityContext: { runAsUser: 0 } }, pod).effective('runAsUser').value).toBe(0);
    expect(first({ securityContext: { runAsUser: null } }, pod).effective('runAsUser').value).toBe(1);
    expect(first({ securityContext: { runAsUser: '$UID' } }, pod).effective('runAsUser').state).toBe('opaque');
    expect(first({}, pod).effective('runAsGroup').value).toBe(2);
    expect(first({}, pod).effective('runAsNonRoot').state).toBe('absent');
  });

  it('name an image only where it can be read', () => {
    expect(first({ image: 'nginx' }).image).toBe('nginx');
    expect(first({ image: '$IMAGE' }).image).toBeUndefined();
    expect(first({ image: 5 }).image).toBeUndefined();
  });
});

describe('the pod', () => {
  const WINDOWS = 'kubernetes.io/os';
  const affinity = (...terms: readonly (readonly JsonObject[])[]): JsonObject => ({
    affinity: {
      nodeAffinity: {
        requiredDuringSchedulingIgnoredDuringExecution: {
          nodeSelectorTerms: terms.map((matchExpressions) => ({ matchExpressions })),
        },
      },
    },
  });
  const isIn = (...values: readonly string[]): JsonObject => ({ key: WINDOWS, operator: 'In', values });

  it.each<[string, JsonObject]>([
    ['linux', {}],
    ['linux', { os: { name: 'linux' }, nodeSelector: { [WINDOWS]: 'windows' } }],
    ['linux', { nodeSelector: { [WINDOWS]: 'linux' } }],
    ['linux', { nodeSelector: '$SELECTOR' }],
    ['linux', { nodeSelector: { $LABEL: 'x' } }],
    ['linux', { securityContext: '$CONTEXT' }],
    ['linux', affinity([isIn('windows')], [isIn('linux')])],
    ['linux', affinity([isIn('windows', 'linux')])],
    ['linux', affinity()],
    ['windows', { os: { name: 'windows' } }],
    ['maybe-windows', { os: { name: '$OS' } }],
    ['maybe-windows', { nodeSelector: { [WINDOWS]: 'windows' } }],
    ['maybe-windows', { nodeSelector: { 'beta.kubernetes.io/os': 'windows' } }],
    ['maybe-windows', { nodeSelector: { [WINDOWS]: '$OS' } }],
    ['maybe-windows', { nodeSelector: { 'node.kubernetes.io/windows-build': '10.0.17763' } }],
    ['maybe-windows', { containers: [{ image: 'mcr.microsoft.com/windows/servercore/iis' }] }],
    ['maybe-windows', { containers: [{ image: 'a' }, { image: 'ghcr.io/acme/web:1-nanoserver-ltsc2022' }] }],
    ['linux', { os: { name: 'linux' }, containers: [{ image: 'mcr.microsoft.com/windows:1809' }] }],
    ['linux', { containers: [{ image: 'ghcr.io/acme/windows-exporter-proxy:1' }] }],
    ['maybe-windows', { securityContext: { windowsOptions: { runAsUserName: 'x' } } }],
    ['maybe-windows', { containers: [{ securityContext: { windowsOptions: {} } }] }],
    ['linux', { securityContext: { windowsOptions: null }, containers: [{ securityContext: { windowsOptions: null } }] }],
    ['maybe-windows', affinity([isIn('windows')], [{ key: 'a', operator: 'Exists' }, isIn('windows')])],
  ])('is for %s: %j', (os, spec) => {
    expect(view({ containers: [], ...spec }).pod.os).toBe(os);
  });

  it('runs as an account', () => {
    const account = (spec: JsonObject) => view({ containers: [], ...spec }).pod.serviceAccountName;
    expect(account({})).toBe('default');
    expect(account({ serviceAccountName: '' })).toBe('default');
    expect(account({ serviceAccountName: 'a', serviceAccount: 'b' })).toBe('a');
    expect(account({ serviceAccount: 'b' })).toBe('b');
    expect(account({ serviceAccountName: '$ACCOUNT' })).toBeUndefined();
  });

  it('is none where the object has none', () => {
    const live = liveOf({});
    expect(viewObject({ ...live, value: { ...live.value, spec: null } }, index, () => false, DEMANDS)).toBeUndefined();
  });

  it('asks whether someone said no by the path of a view', () => {
    const context = viewObject(liveOf({ containers: [{}] }), index, (path) => path.length === 3, DEMANDS);
    expect(context?.containers.map((container) => context.isSuppressed(container))).toEqual([true]);
    expect(context?.isSuppressed(context.pod)).toBe(false);
  });
});
