import { describe, expect, it } from 'vitest';
import type { JsonObject } from '../../../src/core/json.js';
import { readKustomization } from '../../../src/core/kustomization.js';
import { createPlaces, type Nearness } from '../../../src/kube/facts/places.js';
import { createRepoIndex } from '../../../src/kube/repo-index.js';

const place = (file: string, namespace?: string) => ({ file, namespace });

describe('nearness', () => {
  it.each<[Nearness, string, string | undefined, string, string | undefined]>([
    ['sure', 'a/pod.yaml', 'shop', 'b/rbac.yaml', 'shop'],
    ['no', 'a/pod.yaml', 'shop', 'a/rbac.yaml', 'other'],
    ['sure', 'a/pod.yaml', undefined, 'a/rbac.yaml', undefined],
    ['likely', 'a/pod.yaml', undefined, 'a/rbac.yaml', 'shop'],
    ['likely', 'a/pod.yaml', '$NAMESPACE', 'a/rbac.yaml', 'shop'],
    ['possible', 'a/pod.yaml', undefined, 'b/rbac.yaml', undefined],
    ['possible', 'a/pod.yaml', undefined, 'b/rbac.yaml', 'shop'],
    ['likely', 'apps/a/pod.yaml', undefined, 'rbac.yaml', undefined],
    ['likely', 'apps/a/deep/pod.yaml', undefined, 'apps/a/rbac.yaml', undefined],
    ['likely', 'apps/a/deploy/pod.yaml', undefined, 'apps/a/rbac/rbac.yaml', undefined],
    ['likely', 'apps/a/base/pod.yaml', undefined, 'apps/a/overlays/berlin/rbac.yaml', 'shop'],
    ['likely', 'deploy/pod.yaml', undefined, 'rbac/rbac.yaml', undefined],
    ['possible', 'apps/a/base/pod.yaml', undefined, 'apps/b/base/rbac.yaml', undefined],
    ['likely', '../a/pod.yaml', undefined, '../a/rbac.yaml', 'shop'],
  ])('%s: %s in %s, %s in %s', (nearness, a, namespaceOfA, b, namespaceOfB) => {
    const { nearness: find } = createPlaces();
    expect(find(place(a, namespaceOfA), place(b, namespaceOfB))).toBe(nearness);
    expect(find(place(b, namespaceOfB), place(a, namespaceOfA))).toBe(nearness);
  });

  it('takes what a kustomization applies for one', () => {
    const places = createPlaces();
    places.addKustomization(
      'apps/a/kustomization.yaml',
      readKustomization({ resources: ['pod.yaml', '../../shared/rbac', 'https://x.org/y'] }),
    );
    expect(places.nearness(place('apps/a/pod.yaml'), place('shared/rbac/rbac.yaml'))).toBe('sure');
    expect(places.nearness(place('apps/a/pod.yaml'), place('apps/b/rbac.yaml'))).toBe('possible');
  });

  it('follows kustomizations of kustomizations, in any order', () => {
    const places = createPlaces();
    places.addKustomization('live/kustomization.yaml', readKustomization({ resources: ['../x/one', '../y/two'] }));
    places.addKustomization('x/one/kustomization.yaml', readKustomization({ bases: ['../../z/base'] }));
    places.addKustomization('y/two/kustomization.yaml', readKustomization({ components: ['../../z/part'] }));
    expect(places.nearness(place('z/base/pod.yaml'), place('z/part/rbac.yaml'))).toBe('sure');
  });

  it('knows the namespace that a kustomization gives', () => {
    const places = createPlaces();
    places.addKustomization('a/base/kustomization.yaml', readKustomization({ resources: ['pod.yaml'] }));
    places.addKustomization('live/kustomization.yaml', readKustomization({ namespace: 'shop', resources: ['../a/base'] }));
    expect(places.nearness(place('a/base/pod.yaml'), place('rights/x.yaml', 'shop'))).toBe('likely');
    expect(places.nearness(place('a/base/pod.yaml'), place('rights/x.yaml', 'other'))).toBe('possible');
  });

  it('bears what is no kustomization', () => {
    const places = createPlaces();
    places.addKustomization(
      'a/kustomization.yaml',
      readKustomization({ resources: 'pod.yaml', bases: [null, {}, '$BASE'], namespace: 5 }),
    );
    expect(places.nearness(place('a/pod.yaml'), place('b/pod.yaml'))).toBe('possible');
  });
});

describe('the account "default"', () => {
  const bound = (account: string, namespace: string): JsonObject => ({
    apiVersion: 'rbac.authorization.k8s.io/v1',
    kind: 'ClusterRoleBinding',
    metadata: { name: 'x' },
    subjects: [{ kind: 'ServiceAccount', name: account, namespace }],
  });

  it.each<['likely' | 'doubtful' | undefined, string, string, string]>([
    ['likely', 'web', 'shop', 'apps/b/rbac.yaml'],
    ['likely', 'default', 'shop', 'apps/a/rbac.yaml'],
    [undefined, 'default', 'shop', 'apps/b/rbac.yaml'],
    ['doubtful', 'default', 'default', 'apps/b/rbac.yaml'],
  ])('%s: account %s of namespace %s, bound in %s', (match, account, namespace, file) => {
    const index = createRepoIndex();
    index.add(file, 1, bound(account, namespace));
    const found = index.bindingsOf(place('apps/a/pod.yaml'), account).map(({ isLikely }) => (isLikely ? 'likely' : 'doubtful'));
    expect(found).toEqual(match === undefined ? [] : [match]);
  });

  it('is bound where all accounts of the cluster are', () => {
    const index = createRepoIndex();
    const all = { ...bound('x', 'x'), subjects: [{ kind: 'Group', name: 'system:serviceaccounts' }] };
    index.add('apps/b/rbac.yaml', 1, all);
    expect(index.bindingsOf(place('apps/a/pod.yaml', 'shop'), 'default')).toMatchObject([{ isLikely: true }]);
  });

  it('of another application says nothing of this one', () => {
    const index = createRepoIndex();
    index.add('apps/b/a.yaml', 1, {
      apiVersion: 'v1',
      kind: 'ServiceAccount',
      metadata: { name: 'default' },
      automountServiceAccountToken: false,
    });
    expect(index.account(place('apps/a/pod.yaml'), 'default')).toBeUndefined();
    expect(index.account(place('apps/b/pod.yaml'), 'default')?.automount).toBe(false);
  });
});

describe('what belongs to a namespace', () => {
  it.each<['yes' | 'maybe' | 'no', string, string | undefined, string]>([
    ['yes', 'far/away.yaml', 'shop', 'namespaces/shop.yaml'],
    ['no', 'a/policy.yaml', 'data', 'a/namespace.yaml'],
    ['yes', 'a/policy.yaml', undefined, 'a/namespace.yaml'],
    ['yes', 'apps/a/base/policy.yaml', undefined, 'apps/a/namespace.yaml'],
    ['maybe', 'apps/b/policy.yaml', undefined, 'apps/a/namespace.yaml'],
    ['maybe', 'deploy/policy.yaml', undefined, 'examples/shop/namespace.yaml'],
    ['no', 'kustomized/policy.yaml', undefined, 'examples/shop/namespace.yaml'],
    ['yes', 'kustomized/policy.yaml', 'data', 'kustomized/namespace.yaml'],
  ])('%s: %s in %s, for %s of shop', (belongs, file, namespace, home) => {
    const places = createPlaces();
    const kustomization = {
      namespace: home.startsWith('kustomized') ? 'shop' : 'data',
      resources: ['policy.yaml', 'namespace.yaml'],
    };
    places.addKustomization('kustomized/kustomization.yaml', readKustomization(kustomization));
    expect(places.belongs(place(file, namespace), place(home, 'shop'))).toBe(belongs);
  });
});
