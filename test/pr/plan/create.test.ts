import { expect, it } from 'vitest';
import { parseAllDocuments } from 'yaml';
import type { Group, GroupBy } from '../../../src/pr/types.js';
import type { SessionOptions } from '../../../src/session.js';
import { deployment, group, type Tree } from './repository.js';

const GROUP_BY: readonly GroupBy[] = ['risk', 'transform', 'directory', 'none'];
const ASKED: SessionOptions = {
  profile: 'all',
  transforms: ['add-network-policy', 'add-limit-range', 'label-namespace', 'disallow-privilege-escalation'],
};
const NAMESPACE = 'apiVersion: v1\nkind: Namespace\nmetadata:\n  name: shop\n';
const inShop = (name: string) =>
  deployment(name, '{name: web, image: nginx:1.27}').replace(/(name: .*)\n/, '$1\n  namespace: shop\n');

/** A Namespace of a file of its own; one beside its workload; none, and two workloads in two files. */
const TREES: readonly (readonly [string, Tree])[] = [
  ['a Namespace', { 'shop/ns.yaml': NAMESPACE, 'shop/web.yaml': inShop('web') }],
  ['a Namespace beside its workload', { 'shop/all.yaml': `${NAMESPACE}---\n${inShop('web')}` }],
  ['no Namespace', { 'shop/a.yaml': inShop('a'), 'shop/b.yaml': inShop('b') }],
  [
    'a kustomization',
    {
      'shop/kustomization.yaml': 'resources:\n- ns.yaml\n- web.yaml\n',
      'shop/ns.yaml': NAMESPACE,
      'shop/web.yaml': inShop('web'),
    },
  ],
];
const WANTED = [
  'LimitRange container-defaults',
  'NetworkPolicy allow-dns',
  'NetworkPolicy allow-same-namespace',
  'NetworkPolicy default-deny',
];

function checkOut(tree: Tree, { commits }: Group): Tree {
  return { ...tree, ...Object.fromEntries(commits.flatMap(({ files }) => [...files])) };
}

interface Parsed {
  readonly kind: string;
  readonly metadata: { readonly name: string; readonly labels?: Readonly<Record<string, string>> };
}

function objectsOf(tree: Tree): readonly Parsed[] {
  return Object.values(tree).flatMap((text) => parseAllDocuments(text).map((document) => document.toJS() as Parsed));
}

/** The new objects of a tree, in an order that does not depend on where they are. */
function createdIn(tree: Tree): readonly string[] {
  const objects = objectsOf(tree).filter(({ kind }) => kind === 'NetworkPolicy' || kind === 'LimitRange');
  return objects.map(({ kind, metadata: { name } }) => `${kind} ${name}`).sort();
}

/** What there is, whichever of two new documents behind one object came first. */
function meaningOf(tree: Tree): Readonly<Record<string, readonly string[]>> {
  const inOrder = (text: string) =>
    objectsOf({ text })
      .map((object) => JSON.stringify(object))
      .sort();
  return Object.fromEntries(Object.entries(tree).map(([file, text]) => [file, inOrder(text)]));
}

function mergeAll(tree: Tree, groupBy: GroupBy, isLast: boolean): Tree {
  let merged = tree;
  for (let round = 0; round < 20; round++) {
    const { groups, failed } = group(merged, { groupBy, asked: ASKED });
    expect(failed).toEqual([]);
    const next = isLast ? groups.at(-1) : groups[0];
    if (!next) return merged;
    merged = checkOut(merged, next);
    expect(createdIn(merged)).toEqual([...new Set(createdIn(merged))]);
  }
  throw new Error('it never ends');
}

it.each(TREES.flatMap(([name, tree]) => GROUP_BY.map((groupBy) => [name, groupBy, tree] as const)))(
  '%s: groups by %s bring each new object once, whichever is merged first',
  (_, groupBy, tree) => {
    expect(createdIn(tree)).toEqual([]);
    const { groups } = group(tree, { groupBy, asked: ASKED });
    expect(groups.flatMap((each) => createdIn(checkOut(tree, each))).sort()).toEqual(WANTED);
    const [first, last] = [mergeAll(tree, groupBy, false), mergeAll(tree, groupBy, true)];
    expect(createdIn(first)).toEqual(WANTED);
    expect(meaningOf(last)).toEqual(meaningOf(first));
  },
);

it('has the new document in the commit of its transform, and in the diff that people see', () => {
  const { groups } = group({ 'ns.yaml': NAMESPACE, 'web.yaml': inShop('web') }, { asked: ASKED });
  const high = groups.find(({ name }) => name === 'high') as Group;
  const commit = high.commits.find(({ transform }) => transform === 'add-limit-range');
  expect(commit?.files.get('ns.yaml')).toContain('kind: LimitRange');
  expect(commit?.message).toContain('LimitRange');
  expect(high.shown.map(({ diff }) => diff).join('')).toContain('+kind: LimitRange');
});

it('labels a Namespace by what its workloads reach now, in whichever group that is', () => {
  const tree = { 'ns.yaml': NAMESPACE, 'web.yaml': inShop('web') };
  for (const groupBy of GROUP_BY) {
    const labels = group(tree, { groupBy, asked: ASKED }).groups.flatMap((each) =>
      objectsOf(checkOut(tree, each)).flatMap(({ kind, metadata: { labels: own } }) =>
        kind === 'Namespace' && own ? [own] : [],
      ),
    );
    expect(labels).toHaveLength(1);
    expect(labels[0]).toMatchObject({ 'pod-security.kubernetes.io/warn': 'baseline' });
  }
});
