import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { ObjectRef } from '../../../src/core/finding.js';
import type { JsonObject } from '../../../src/core/json.js';
import { makeView } from '../../../src/kube/fields.js';
import { findEntries } from '../../../src/kube/frameworks/find.js';
import { grantRules } from '../../../src/kube/rbac/grants.js';
import { judgeRole } from '../../../src/kube/rbac/roles.js';
import { rbacRules } from '../../../src/kube/rbac/rules.js';
import { hardenRbac } from '../../../transforms/harden-rbac.js';

const PAGE = readFileSync(new URL('../../../docs/rbac.md', import.meta.url), 'utf8');

const ID_OF: Readonly<Record<string, RegExp>> = {
  cis: /^5\.1\.\d+$/,
  kubescape: /^C-0\d{3}$/,
  checkov: /^CKV2?_K8S_\d+$/,
  trivy: /^KSV-\d{4,5}$/,
  kubeLinter: /^[a-z-]+$/,
};

describe('the rules of RBAC', () => {
  it('have ids that differ', () => {
    const ids = rbacRules.map(({ id }) => id);
    expect(ids).toEqual([...new Set(ids)]);
    for (const id of ids) expect(id).toMatch(/^[a-z]+(-[a-z]+)+$/);
  });

  it.each(rbacRules)('$id names ids of other tools, whose lists name it', ({ id: rule, controls }) => {
    for (const [catalogue, ids] of Object.entries(controls)) {
      for (const id of ids.split(', ')) {
        expect(id).toMatch(ID_OF[catalogue] as RegExp);
        expect(hardenRbac.controls[catalogue as 'cis']?.split(', ')).toContain(id);
        const covers = findEntries(id).flatMap(({ entry }) => entry.foundBy ?? []);
        expect(covers, `src/kube/frameworks: ${id}`).toContain(`harden-rbac#${rule}`);
      }
    }
  });

  it.each(rbacRules)('$id stands in docs/rbac.md, as it is', ({ id, does, gives, next, controls }) => {
    const { cis, kubescape, checkov, trivy, kubeLinter } = controls;
    const asked = [cis && `CIS ${cis}`, kubescape, checkov, trivy, kubeLinter].filter((ids) => ids !== undefined);
    expect(PAGE).toContain(`\n| \`${id}\` | ${does} | ${gives} | ${next} | ${asked.join('; ')} |\n`);
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
