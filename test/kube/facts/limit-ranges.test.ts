import { describe, expect, it } from 'vitest';
import type { JsonObject } from '../../../src/core/json.js';
import { createRepoIndex } from '../../../src/kube/repo-index.js';

const range = (namespace?: string): JsonObject => ({
  apiVersion: 'v1',
  kind: 'LimitRange',
  metadata: { name: 'x', ...(namespace !== undefined && { namespace }) },
  spec: { limits: [{ type: 'Container', max: { cpu: '1' } }] },
});

const bound = (namespace?: string): JsonObject => ({
  apiVersion: 'rbac.authorization.k8s.io/v1',
  kind: 'RoleBinding',
  metadata: { name: 'x', ...(namespace !== undefined && { namespace }) },
  subjects: [{ kind: 'ServiceAccount', name: 'default', ...(namespace !== undefined && { namespace }) }],
});

/** Whether what is in one file counts for a pod in another: `surely`, `maybe`, or not. */
function countsFor(
  file: string,
  namespace: string | undefined,
  pod: string,
  kustomizations: Readonly<Record<string, JsonObject>> = {},
) {
  const index = createRepoIndex();
  for (const [folder, value] of Object.entries(kustomizations)) index.addKustomization(`${folder}/kustomization.yaml`, value);
  index.add(file, 1, range(namespace));
  const [found] = index.limitRanges({ file: pod });
  return found === undefined ? 'not' : found.isCertain ? 'surely' : 'maybe';
}

describe('a LimitRange, and a pod that says no namespace', () => {
  it.each<['surely' | 'maybe' | 'not', string, string | undefined, string]>([
    ['surely', 'apps/a/limits.yaml', undefined, 'apps/a/web.yaml'],
    ['maybe', 'apps/a/limits.yaml', 'shop', 'apps/a/web.yaml'],
    ['maybe', 'apps/a/base/limits.yaml', 'shop', 'apps/a/overlays/x/web.yaml'],
    ['maybe', 'limits.yaml', undefined, 'apps/a/web.yaml'],
    ['maybe', 'apps/limits.yaml', 'shop', 'apps/a/web.yaml'],
    ['maybe', 'deploy/policies/limits.yaml', undefined, 'deploy/web.yaml'],
    ['not', 'apps/b/limits.yaml', undefined, 'apps/a/web.yaml'],
    ['not', 'apps/b/limits.yaml', 'shop', 'apps/a/web.yaml'],
    ['not', 'docs/examples/limits.yaml', undefined, 'deploy/web.yaml'],
    ['not', 'docs/examples/limits.yaml', 'shop', 'web.yaml'],
    ['not', 'examples/limits/limits.yaml', undefined, 'apps/a/base/web.yaml'],
  ])('%s: in %s of %s, for %s', (counts, file, namespace, pod) => {
    expect(countsFor(file, namespace, pod)).toBe(counts);
  });

  it('is held to the namespace that kustomizations give the pod', () => {
    const kustomizations = { 'apps/a': { namespace: 'shop', resources: ['web.yaml'] } };
    expect(countsFor('limits.yaml', 'shop', 'apps/a/web.yaml', kustomizations)).toBe('maybe');
    expect(countsFor('limits.yaml', 'other', 'apps/a/web.yaml', kustomizations)).toBe('not');
    expect(countsFor('limits.yaml', undefined, 'apps/a/web.yaml', kustomizations)).toBe('maybe');
    expect(countsFor('policies/limits.yaml', 'shop', 'apps/a/web.yaml', kustomizations)).toBe('maybe');
  });

  it('is held to the kustomization that applies both', () => {
    const kustomizations = { live: { resources: ['../docs/x', '../deploy'] } };
    expect(countsFor('docs/x/limits.yaml', undefined, 'deploy/web.yaml', kustomizations)).toBe('surely');
  });
});

describe('a binding of "default", and a pod that says no namespace', () => {
  it.each<[boolean, string, string | undefined, string]>([
    [true, 'apps/a/rbac/rbac.yaml', 'shop', 'apps/a/web.yaml'],
    [true, 'deploy/x/rbac.yaml', undefined, 'deploy/web.yaml'],
    // The safe side: it may be meant, and then the token is used.
    [true, 'docs/examples/rbac.yaml', undefined, 'deploy/web.yaml'],
    [false, 'apps/b/rbac.yaml', 'shop', 'apps/a/web.yaml'],
  ])('%s: in %s of %s, for %s', (isLikely, file, namespace, pod) => {
    const index = createRepoIndex();
    index.add(file, 1, bound(namespace));
    expect(index.bindingsOf({ file: pod }, 'default').some((binding) => binding.isLikely)).toBe(isLikely);
  });
});
