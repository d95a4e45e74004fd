import { describe, expect, it } from 'vitest';
import type { Json, JsonObject } from '../../../src/core/json.js';
import { createRepoIndex } from '../../../src/kube/repo-index.js';

const account = (name: string, more: JsonObject = {}): JsonObject => ({
  apiVersion: 'v1',
  kind: 'ServiceAccount',
  metadata: { name },
  ...more,
});

const binding = (subject: JsonObject, namespace?: string): JsonObject => ({
  apiVersion: 'rbac.authorization.k8s.io/v1',
  kind: 'RoleBinding',
  metadata: { name: 'x', ...(namespace !== undefined && { namespace }) },
  subjects: [{ kind: 'ServiceAccount', ...subject }],
});

interface Repository {
  readonly kustomizations: Readonly<Record<string, JsonObject>>;
  readonly objects: Readonly<Record<string, Json>>;
}

function indexOf({ kustomizations, objects }: Repository) {
  const index = createRepoIndex();
  for (const [folder, value] of Object.entries(kustomizations)) index.addKustomization(`${folder}/kustomization.yaml`, value);
  for (const [file, value] of Object.entries(objects)) index.add(file, 1, value);
  return index;
}

const PROD: JsonObject = { namePrefix: 'prod-', nameSuffix: '-v2', resources: ['../../base'] };

describe('an account with a prefix', () => {
  it.each<[string, string, string, JsonObject, string, string]>([
    ['a binding to the whole name, in the overlay', 'apps/a/base', 'web', PROD, 'apps/a/overlays/prod/x.yaml', 'prod-web-v2'],
    ['a binding to the whole name, elsewhere', 'apps/a/base', 'web', PROD, 'cluster/rbac.yaml', 'prod-web-v2'],
    [
      'a binding to the name alone, beneath the overlay',
      'apps/a/overlays/prod',
      'prod-web-v2',
      PROD,
      'apps/a/base/x.yaml',
      'web',
    ],
    ['a binding to the name alone, for a pod elsewhere', 'other/b', 'prod-web-v2', PROD, 'apps/a/base/x.yaml', 'web'],
    ['a binding to the same name', 'apps/a/base', 'web', PROD, 'apps/a/overlays/prod/x.yaml', 'web'],
  ])('has %s', (_, folder, name, overlay, file, subject) => {
    const index = indexOf({
      kustomizations: { 'apps/a/base': { resources: ['web.yaml'] }, 'apps/a/overlays/prod': overlay },
      objects: { [file]: binding({ name: subject }) },
    });
    expect(index.bindingsOf({ file: `${folder}/web.yaml` }, name)).toMatchObject([{ isLikely: true }]);
  });

  it('has those of several kustomizations, one above the other', () => {
    const index = indexOf({
      kustomizations: {
        base: { namePrefix: 'a-', resources: ['web.yaml'] },
        mid: { namePrefix: 'b-', resources: ['../base'] },
        top: { namePrefix: 'c-', resources: ['../mid'] },
      },
      objects: { 'rbac/x.yaml': binding({ name: 'c-b-a-web' }) },
    });
    expect(index.bindingsOf({ file: 'base/web.yaml' }, 'web')).toHaveLength(1);
    expect(index.bindingsOf({ file: 'mid/web.yaml' }, 'web')).toHaveLength(0);
  });

  it.each<[string, string, string, string]>([
    ['of another prefix', 'apps/a/base/web.yaml', 'web', 'dev-web'],
    ['of another application', 'apps/b/web.yaml', 'web', 'prod-web-v2'],
    ['of the prefix alone', 'apps/a/base/web.yaml', 'web', 'prod-'],
    ['of every namespace', 'apps/a/base/web.yaml', 'default', 'prod-default-v2'],
  ])('has none %s', (_, file, name, subject) => {
    const index = indexOf({
      kustomizations: { 'apps/a/overlays/prod': PROD },
      objects: { 'rbac/x.yaml': binding({ name: subject }) },
    });
    expect(index.bindingsOf({ file }, name)).toEqual([]);
  });

  it('has the identity of its namesake, and not what that does without', () => {
    const indexWith = (more: JsonObject) =>
      indexOf({
        kustomizations: { 'apps/a/overlays/prod': PROD },
        objects: { 'apps/a/overlays/prod/x.yaml': account('prod-web-v2', more) },
      }).account({ file: 'apps/a/base/web.yaml' }, 'web');
    const annotations = { 'eks.amazonaws.com/role-arn': 'x' };
    expect(indexWith({ metadata: { name: 'prod-web-v2', annotations } })?.identity).toBe('eks.amazonaws.com/role-arn');
    expect(indexWith({ automountServiceAccountToken: true })?.automount).toBe(true);
    expect(indexWith({ automountServiceAccountToken: false })).toBeUndefined();
    expect(indexWith({})).toBeUndefined();
  });

  it('bears many prefixes', () => {
    const kustomizations = Object.fromEntries(
      Array.from({ length: 300 }, (_, position) => [
        `k${position}`,
        { namePrefix: 'a', nameSuffix: `${position}`, resources: ['../base'] },
      ]),
    );
    const index = indexOf({ kustomizations, objects: { 'base/x.yaml': binding({ name: 'web' }) } });
    expect(index.bindingsOf({ file: 'base/web.yaml' }, 'a'.repeat(200))).toEqual([]);
    expect(index.bindingsOf({ file: 'base/web.yaml' }, 'web')).toHaveLength(1);
  });
});

describe('a namespace that a kustomization gives', () => {
  const kustomizations = {
    'apps/a/overlays/prod': { namespace: 'prod', resources: ['../../base'] },
    'apps/a/overlays/dev': { namespace: 'dev', resources: ['../../base'] },
  };

  it.each<[boolean, string, string]>([
    [true, 'apps/a/base/web.yaml', 'prod'],
    [true, 'apps/a/base/web.yaml', 'dev'],
    [false, 'apps/a/base/web.yaml', 'other'],
    [false, 'apps/a/overlays/dev/web.yaml', 'prod'],
  ])('%s: takes the place of the one that is written in %s: %s', (isBound, file, namespace) => {
    const index = indexOf({ kustomizations, objects: { 'rbac/x.yaml': binding({ name: 'web', namespace }, namespace) } });
    expect(index.bindingsOf({ file, namespace: 'base' }, 'web')).toHaveLength(isBound ? 1 : 0);
  });
});
