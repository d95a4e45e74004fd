import { describe, expect, it } from 'vitest';
import type { Json, JsonObject } from '../../src/core/json.js';
import { createRepoIndex } from '../../src/kube/repo-index.js';

function indexOf(...objects: readonly Json[]) {
  const index = createRepoIndex();
  for (const [position, object] of objects.entries()) index.add('rbac.yaml', position + 1, object);
  return index;
}

/** A pod beside the facts, or in another folder. */
const at = (namespace?: string, folder = '') => ({ file: `${folder}pod.yaml`, namespace });

function binding(subject: JsonObject, namespace?: string, kind = 'RoleBinding'): JsonObject {
  const metadata = { name: 'x', ...(namespace === undefined ? {} : { namespace }) };
  return { apiVersion: 'rbac.authorization.k8s.io/v1', kind, metadata, subjects: [subject] };
}

const account = (more: JsonObject = {}, namespace?: string): JsonObject => ({
  apiVersion: 'v1',
  kind: 'ServiceAccount',
  metadata: { name: 'web', ...(namespace === undefined ? {} : { namespace }), ...more },
});

describe('bindingsOf', () => {
  const WEB = { kind: 'ServiceAccount', name: 'web' };

  it('says what binds an account, and where', () => {
    const index = indexOf(
      binding({ ...WEB, namespace: 'shop' }, 'other'),
      binding({ ...WEB, namespace: 'shop' }, undefined, 'ClusterRoleBinding'),
    );
    expect(index.bindingsOf(at('shop'), 'web')).toEqual([
      { where: 'RoleBinding x in rbac.yaml:1', isLikely: true },
      { where: 'ClusterRoleBinding x in rbac.yaml:2', isLikely: true },
    ]);
  });

  it.each<[boolean, JsonObject, string | undefined, string | undefined]>([
    [true, { ...WEB, namespace: 'shop' }, 'other', 'shop'],
    [false, { ...WEB, namespace: 'shop' }, 'other', 'other'],
    [true, { ...WEB, namespace: 'shop' }, 'other', undefined],
    [true, { ...WEB, namespace: 'shop' }, 'other', '$NAMESPACE'],
    [true, WEB, 'other', 'shop'],
    [true, { ...WEB, namespace: '$NAMESPACE' }, 'other', 'shop'],
    [true, { kind: 'ServiceAccount', name: '$ACCOUNT', namespace: 'shop' }, 'shop', 'shop'],
    [false, { kind: 'ServiceAccount', name: 'other', namespace: 'shop' }, 'shop', 'shop'],
    [true, { kind: 'User', name: 'system:serviceaccount:shop:web' }, 'other', 'shop'],
    [false, { kind: 'User', name: 'system:serviceaccount:shop:web' }, 'other', 'other'],
    [false, { kind: 'User', name: 'web' }, 'shop', 'shop'],
    [true, { kind: 'Group', name: 'system:serviceaccounts:shop' }, 'other', 'shop'],
    [false, { kind: 'Group', name: 'system:serviceaccounts:shop' }, 'other', 'other'],
    [true, { kind: 'Group', name: 'system:serviceaccounts' }, undefined, 'shop'],
    [false, { kind: 'Group', name: 'system:serviceaccounts' }, 'other', 'shop'],
    [true, { kind: 'Group', name: 'system:authenticated' }, 'shop', 'shop'],
    [false, { kind: 'Group', name: 'system:authenticated' }, 'shop', undefined],
    [false, { kind: 'Group', name: 'system:authenticated' }, undefined, 'shop'],
    [false, { kind: 'Group', name: 'system:nodes' }, 'shop', 'shop'],
  ])('%s: %j bound in %s, for a pod in %s', (isBound, subject, bound, namespace) => {
    expect(indexOf(binding(subject, bound)).bindingsOf(at(namespace), 'web')).toHaveLength(isBound ? 1 : 0);
  });

  it('names a binding once, however many subjects mean the account', () => {
    const twice = { ...binding(WEB), subjects: [WEB, { ...WEB, namespace: 'shop' }] };
    expect(indexOf(twice).bindingsOf(at('shop'), 'web')).toHaveLength(1);
  });

  it('reads the items of lists', () => {
    expect(indexOf({ apiVersion: 'v1', kind: 'List', items: [binding(WEB)] }).bindingsOf(at('shop'), 'web')).toHaveLength(1);
  });

  it('bears what is no binding at all', () => {
    const odd = [{ ...binding(WEB), subjects: 'web' }, { ...binding(WEB), subjects: [null, 'web', {}] }, null, 5, 'text'];
    expect(indexOf(...odd).bindingsOf(at('shop'), 'web')).toEqual([]);
  });
});

describe('account', () => {
  const off = (namespace?: string): JsonObject => ({ ...account({}, namespace), automountServiceAccountToken: false });

  it('names three of many accounts that may be meant, and one of those that say the same at one place', () => {
    const index = createRepoIndex();
    for (let at = 0; at < 5; at++) index.add(`apps/${at}/a.yaml`, 1, account({}, String(at)));
    for (let line = 2; line < 50; line++) index.add('apps/0/a.yaml', line, account({}, '0'));
    const [a, b, c] = [0, 1, 2].map((each) => `ServiceAccount web in apps/${each}/a.yaml:1`);
    expect(index.account(at(), 'web')?.where).toBe(`${a}, ${b}, ${c} and 2 more`);
  });

  it('says what its manifest says', () => {
    const index = indexOf({
      ...account({ annotations: { 'eks.amazonaws.com/role-arn': 'x' } }, 'shop'),
      automountServiceAccountToken: false,
    });
    expect(index.account(at('shop'), 'web')).toEqual({
      where: 'ServiceAccount web in rbac.yaml:1',
      automount: false,
      identity: 'eks.amazonaws.com/role-arn',
    });
    expect(index.account(at('other'), 'web')).toBeUndefined();
    expect(index.account(at('shop'), 'other')).toBeUndefined();
  });

  it('says false only where all that may be meant do', () => {
    expect(indexOf(off('a'), off('b')).account(at(), 'web')?.automount).toBe(false);
    expect(indexOf(off('a'), account({}, 'b')).account(at(), 'web')?.automount).toBeUndefined();
    expect(indexOf(off('a'), account({}, 'b')).account(at('a'), 'web')?.automount).toBe(false);
    expect(indexOf(off('a'), { ...account(), automountServiceAccountToken: true }).account(at('a'), 'web')?.automount).toBe(true);
  });

  it('has an identity where one that may be meant has', () => {
    const index = indexOf(account({}, 'a'), account({ annotations: { 'iam.gke.io/gcp-service-account': 'x' } }));
    expect(index.account(at('a'), 'web')?.identity).toBe('iam.gke.io/gcp-service-account');
  });

  it('takes no string for false', () => {
    expect(indexOf({ ...account(), automountServiceAccountToken: 'false' }).account(at('a'), 'web')?.automount).toBeUndefined();
  });
});

describe('limitRanges', () => {
  const range = (item: JsonObject, namespace?: string): JsonObject => ({
    apiVersion: 'v1',
    kind: 'LimitRange',
    metadata: { name: 'x', ...(namespace === undefined ? {} : { namespace }) },
    spec: { limits: [item] },
  });
  const defaults = (item: JsonObject) => indexOf(range({ type: 'Container', ...item })).limitRanges(at('a'))[0]?.defaults;

  it.each<[JsonObject, readonly string[]]>([
    [{ default: { cpu: 1 } }, ['limits.cpu', 'requests.cpu']],
    [{ max: { cpu: 1 } }, ['limits.cpu', 'requests.cpu']],
    [{ defaultRequest: { cpu: 1 } }, ['requests.cpu']],
    [{ min: { memory: 1 } }, ['requests.memory']],
    [{ maxLimitRequestRatio: { cpu: 2 } }, []],
  ])('fills in by %j what the API server does', (item, filled) => {
    expect(defaults(item)).toEqual(filled);
  });

  it('is certain where both namespaces are written, or none is and one folder holds both', () => {
    const item = { type: 'Container', max: { cpu: 1 } };
    expect(indexOf(range(item, 'a')).limitRanges(at('a'))).toMatchObject([
      { where: 'LimitRange x in rbac.yaml:1', isCertain: true },
    ]);
    expect(indexOf(range(item, 'a')).limitRanges(at())).toMatchObject([{ isCertain: false }]);
    expect(indexOf(range(item)).limitRanges(at('a'))).toMatchObject([{ isCertain: false }]);
    expect(indexOf(range(item)).limitRanges(at())).toMatchObject([{ isCertain: true }]);
    expect(indexOf(range(item, 'a')).limitRanges(at('b'))).toEqual([]);
  });

  it('is no matter of containers for other types', () => {
    expect(indexOf(range({ type: 'Pod', max: { cpu: 1 } })).limitRanges(at('a'))).toEqual([]);
  });
});
