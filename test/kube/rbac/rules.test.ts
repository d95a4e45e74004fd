import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { ObjectRef } from '../../../src/core/finding.js';
import type { JsonObject } from '../../../src/core/json.js';
import { makeView } from '../../../src/kube/fields.js';
import { frameworks } from '../../../src/kube/frameworks/frameworks.js';
import { grantRules } from '../../../src/kube/rbac/grants.js';
import { judgeRole } from '../../../src/kube/rbac/roles.js';
import { rbacRules } from '../../../src/kube/rbac/rules.js';

const PAGE = readFileSync(new URL('../../../docs/rbac.md', import.meta.url), 'utf8');

/** The catalogues of the table, with what goes before their ids. */
const CATALOGUES = { cis: 'CIS ', kubescape: '', checkov: '', trivy: '', 'kube-linter': '' };

/** What those that ask for a rule call it. */
function askedFor(rule: string): string {
  const lists = Object.entries(CATALOGUES).map(([name, prefix]) => {
    const { entries = [] } = frameworks.find(({ id }) => id === name) ?? {};
    const ids = entries.filter(({ foundBy = [] }) => foundBy.includes(`harden-rbac#${rule}`)).map(({ id }) => id);
    return ids.length === 0 ? [] : [prefix + ids.join(', ')];
  });
  return lists.flat().join('; ');
}

describe('the rules of RBAC', () => {
  it('have ids that differ', () => {
    const ids = rbacRules.map(({ id }) => id);
    expect(ids).toEqual([...new Set(ids)]);
    for (const id of ids) expect(id).toMatch(/^[a-z]+(-[a-z]+)+$/);
  });

  it.each(rbacRules)('$id is asked for by others, or is about the tree', ({ id }) => {
    if (!id.startsWith('missing-')) expect(askedFor(id)).not.toBe('');
  });

  it('are all that the lists of others name', () => {
    const named = frameworks.flatMap(({ entries }) => entries.flatMap(({ foundBy = [] }) => foundBy));
    const ids = named.filter((text) => text.startsWith('harden-rbac#')).map((text) => text.slice('harden-rbac#'.length));
    expect(ids.filter((id) => !rbacRules.some((rule) => rule.id === id))).toEqual([]);
  });

  it.each(rbacRules)('$id stands in docs/rbac.md, as it is', ({ id, does, gives, next }) => {
    expect(PAGE).toContain(`\n| \`${id}\` | ${does} | ${gives} | ${next} | ${askedFor(id)} |\n`);
  });

  it('has no other row', () => {
    const listed = [...PAGE.matchAll(/^\| `([a-z-]+)` \|/gm)].map(([, id]) => id);
    expect(listed).toEqual(rbacRules.map(({ id }) => id));
  });
});

const CLUSTER = { isOfCluster: true, namespace: undefined };

function judge(kind: string, rule: JsonObject, reach: Parameters<typeof judgeRole>[1] = CLUSTER) {
  const ref: ObjectRef = { file: 'a.yaml', document: 0, root: [], line: 1, apiVersion: 'rbac.authorization.k8s.io/v1', kind };
  const role = makeView({ ref, value: { kind, rules: [rule] } }, [], kind);
  return judgeRole(role, reach).flatMap(({ problems }) => problems);
}

const rights = grantRules.flatMap(({ id, rights: given, unless = [] }) =>
  given.flatMap((right) =>
    right.resources.flatMap((resource) =>
      right.groups.flatMap((group) => right.verbs.map((verb) => ({ id, unless, right, group, resource, verb }))),
    ),
  ),
);

describe.each(rights)('$verb on $resource of "$group" in $id', ({ id, right, group, resource, verb }) => {
  const rule = { apiGroups: [group], resources: [resource], verbs: [verb] };
  const ids = (kind: string, more: JsonObject = {}, reach = CLUSTER) =>
    judge(kind, { ...rule, ...more }, reach).map((problem) => problem.rule.id);

  it('is found, at one of its words', () => {
    const problem = judge('ClusterRole', rule).find((each) => each.rule.id === id);
    expect(problem?.path.slice(0, 2)).toEqual(['rules', 0]);
    expect(problem?.message).toContain(`${verb} on ${resource}`);
  });

  it('is nothing in other groups, on other resources, by other verbs', () => {
    expect(ids('ClusterRole', { apiGroups: ['shop.example.com'] })).toEqual([]);
    expect(ids('ClusterRole', { resources: ['orders', `${resource}/orders`] })).toEqual([]);
    expect(ids('ClusterRole', { verbs: ['VIEW', 'report'] })).toEqual([]);
  });

  it('is nothing in a Role where the resource has no namespace', () => {
    const inRole = judge('Role', rule, { isOfCluster: false, namespace: right.within?.namespace ?? 'shop' });
    expect(inRole.some((problem) => problem.rule.id === id)).toBe(!right.isOfCluster);
  });
});

it('takes long lists in its stride', () => {
  const many = Array.from({ length: 20_000 }, (_, position) => (position % 2 === 0 ? 'get' : 'create'));
  const rule = { apiGroups: [''], resources: many.map(() => 'secrets'), verbs: many };
  const started = performance.now();
  expect(judge('ClusterRole', rule).map(({ message }) => message)).toEqual(['reads Secrets in every namespace: get on secrets']);
  expect(performance.now() - started).toBeLessThan(5000);
});
