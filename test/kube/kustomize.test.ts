import { describe, expect, test } from 'vitest';
import type { JsonObject } from '../../src/core/json.js';
import { applySteps, overrideImage } from '../../src/kube/kustomize.js';
import { applyJsonPatch, readPointer } from '../../src/kube/patches/json-patch.js';
import { mergeStrategically } from '../../src/kube/patches/strategic-merge.js';

test.each([
  ['nginx', { name: 'nginx', newTag: '2' }, 'nginx:2'],
  ['nginx:1', { name: 'nginx', newTag: '2' }, 'nginx:2'],
  ['nginx:1', { name: 'nginx', newName: 'a.io:5000/web' }, 'a.io:5000/web:1'],
  ['a.io:5000/web', { name: 'a.io:5000/web', newTag: '2' }, 'a.io:5000/web:2'],
  ['nginx:1@sha256:ab', { name: 'nginx', newTag: '2' }, 'nginx:2'],
  ['nginx:1', { name: 'nginx', digest: 'sha256:ab' }, 'nginx@sha256:ab'],
  ['nginx:1', { name: 'web', newTag: '2' }, 'nginx:1'],
  ['b.io/nginx:1', { name: 'nginx', newTag: '2' }, 'b.io/nginx:1'],
])('the image %s with %j is %s', (image, override, expected) => expect(overrideImage(image, override)).toBe(expected));

describe('a strategic merge', () => {
  const pod: JsonObject = {
    a: 1,
    map: { x: 1, y: 2 },
    containers: [{ name: 'a', image: 'x', args: ['1', '2'] }, { name: 'b' }],
    volumeMounts: [{ mountPath: '/a', name: 'v' }],
    tolerations: [{ key: 'a' }],
  };
  test.each<[string, JsonObject, JsonObject]>([
    ['sets and removes', { a: null, map: { x: 3 } }, { a: undefined as never, map: { x: 3, y: 2 } }],
    [
      'merges items by name',
      { containers: [{ name: 'b', image: 'y' }] },
      {
        containers: [
          { name: 'a', image: 'x', args: ['1', '2'] },
          { name: 'b', image: 'y' },
        ],
      },
    ],
    [
      'adds items last',
      { containers: [{ name: 'c' }] },
      { containers: [{ name: 'a', image: 'x', args: ['1', '2'] }, { name: 'b' }, { name: 'c' }] },
    ],
    ['deletes items', { containers: [{ name: 'a', $patch: 'delete' }] }, { containers: [{ name: 'b' }] }],
    ['deletes what is not there', { containers: [{ name: 'z', $patch: 'delete' }] }, { containers: pod.containers as never }],
    ['replaces maps', { map: { $patch: 'replace', z: 1 } }, { map: { z: 1 } }],
    ['replaces lists', { containers: [{ $patch: 'replace' }, { name: 'z' }] }, { containers: [{ name: 'z' }] }],
    [
      'has other keys',
      { volumeMounts: [{ mountPath: '/a', readOnly: true }] },
      { volumeMounts: [{ mountPath: '/a', name: 'v', readOnly: true }] },
    ],
    ['replaces other lists', { tolerations: [{ key: 'b' }] }, { tolerations: [{ key: 'b' }] }],
  ])('%s', (_, patch, expected) => expect(mergeStrategically(pod, patch)).toEqual({ ...pod, ...expected }));

  test('makes maps of what was none, and takes nothing but own keys', () => {
    expect(mergeStrategically('x', { a: { b: 1 } })).toEqual({ a: { b: 1 } });
    const hostile = JSON.parse('{"__proto__": {"polluted": true}}') as JsonObject;
    mergeStrategically({}, hostile);
    expect(({} as Record<string, unknown>).polluted).toBeUndefined();
  });
});

describe('a JSON patch', () => {
  const value = { a: { 'b/c': [1, 2] } };
  test.each([
    ['add', '/a/b~1c/-', 3, { a: { 'b/c': [1, 2, 3] } }],
    ['add', '/a/b~1c/0', 0, { a: { 'b/c': [0, 1, 2] } }],
    ['replace', '/a/b~1c/1', 9, { a: { 'b/c': [1, 9] } }],
    ['remove', '/a/b~1c/0', null, { a: { 'b/c': [2] } }],
    ['remove', '/a', null, {}],
    ['add', '/z', 1, { ...value, z: 1 }],
    ['add', '/x/y', 1, value],
    ['replace', '/a/b~1c/7', 1, value],
    ['add', '/a/b~1c/one', 1, value],
    ['move', '/a', 1, value],
  ])('%s %s', (op, path, written, expected) => expect(applyJsonPatch(value, [{ op, path, value: written }])).toEqual(expected));

  test('reads pointers', () => expect(readPointer('/a~0b/c~1d/-')).toEqual(['a~b', 'c/d', '-']));
});

describe('what a kustomization makes of an object', () => {
  const type = { apiVersion: 'v1', kind: 'Pod' };
  const pod: JsonObject = { ...type, metadata: { name: 'web' }, spec: { containers: [{ name: 'web', image: 'nginx:1' }] } };
  const none = { namespace: undefined, namePrefix: '', nameSuffix: '', images: [], patches: [] };
  const hostPid = { spec: { hostPID: true } };
  const patched = { ...pod, spec: { ...(pod.spec as JsonObject), hostPID: true } };

  test('namespace and images', () => {
    const step = { ...none, namespace: 'dev', images: [{ name: 'nginx', newTag: '2' }] };
    expect(applySteps(pod, type, [step])).toEqual({
      ...pod,
      metadata: { name: 'web', namespace: 'dev' },
      spec: { containers: [{ name: 'web', image: 'nginx:2' }] },
    });
  });

  test.each([
    [{ kind: 'Pod', metadata: { name: 'web' } }, undefined, true],
    [{ kind: 'Pod', metadata: { name: 'other' } }, undefined, false],
    [{ kind: 'Job', metadata: { name: 'web' } }, undefined, false],
    [{ kind: 'Pod', metadata: { name: 'any' } }, { name: 'web' }, true],
    [{}, { kind: 'Deployment|Pod' }, true],
    [{}, { kind: 'Deployment' }, false],
    [{}, { name: 'w.*' }, true],
    [{}, {}, true],
  ])('a patch of %j for %j: %s', (identity, target, isMeant) => {
    const step = { ...none, patches: [{ target, values: [{ ...identity, ...hostPid } as JsonObject] }] };
    expect(applySteps(pod, type, [step])).toEqual(isMeant ? patched : pod);
  });

  test('operations need a target', () => {
    const values = [[{ op: 'add', path: '/spec/hostPID', value: true }]];
    expect(applySteps(pod, type, [{ ...none, patches: [{ target: { kind: 'Pod' }, values }] }])).toEqual(patched);
    expect(applySteps(pod, type, [{ ...none, patches: [{ target: undefined, values }] }])).toEqual(pod);
  });
});
