import { describe, expect, it } from 'vitest';
import { parseAllDocuments } from 'yaml';
import { type DecidedFinding, RISKS, type Risk } from '../../../src/core/finding.js';
import type { Path } from '../../../src/core/json.js';
import type { FileResult } from '../../../src/engine/types.js';
import { evaluateAlone, readyOf } from '../../../src/pr/plan/alone.js';
import { readCodeowners } from '../../../src/pr/plan/codeowners.js';
import type { Group, GroupBy } from '../../../src/pr/types.js';
import { transformOrder } from '../../../src/session.js';
import { deployment, group, lookAt, readTree, type Tree, writeAll } from './repository.js';

const GROUP_BY: readonly GroupBy[] = ['risk', 'transform', 'directory', 'owner', 'none'];
const ownersOf = readCodeowners('apps/ @org/apps\napps/shop/ @shop\n*.yml @yml\nplatform/ @org/platform @shop\n', 'github');

const CASES: readonly (readonly [name: string, folder: string])[] = [
  ['examples/gitops', 'examples/gitops'],
  ...['nginx', 'cron-chown', 'fluent-bit', 'kinds-batch', 'elasticsearch'].map(
    (name) => [`golden/${name}`, `test/golden/${name}`] as const,
  ),
];

/** What a branch holds when all commits of a group are made. */
function checkOut(tree: Tree, { commits }: Group): Tree {
  const texts = new Map(Object.entries(tree));
  for (const { files } of commits) for (const [file, text] of files) texts.set(file, text);
  return Object.fromEntries(texts);
}

/** What is meant: a block that is begun by one group and gone on with by another may be written on one line. */
function valuesOf(tree: Tree): Readonly<Record<string, unknown>> {
  return Object.fromEntries(Object.entries(tree).map(([file, text]) => [file, parse(file, text)]));
}

function parse(file: string, text: string): unknown {
  return /\.ya?ml$/.test(file) ? parseAllDocuments(text).map((document) => document.toJS()) : text;
}

/** Merges group after group, the last or the first of them each time, all made anew on what was merged. */
function mergeAll(tree: Tree, groupBy: GroupBy, isLast: boolean): Tree {
  let merged = tree;
  for (let round = 0; round < 200; round++) {
    const { groups, failed } = group(merged, { groupBy, ownersOf });
    expect(failed).toEqual([]);
    const next = isLast ? groups.at(-1) : groups[0];
    if (!next) return merged;
    merged = checkOut(merged, next);
  }
  throw new Error('it never ends');
}

describe.each(CASES)('the groups of %s', (name, folder) => {
  const tree = readTree(folder);
  const whole = writeAll(tree);

  it.each(GROUP_BY)('by %s, merged one after the other, are what one run writes', (groupBy) => {
    expect(whole).not.toEqual(tree);
    expect(valuesOf(mergeAll(tree, groupBy, false))).toEqual(valuesOf(whole));
    if (groupBy !== 'transform' || name !== 'examples/gitops')
      expect(valuesOf(mergeAll(tree, groupBy, true))).toEqual(valuesOf(whole));
  });

  it.each(GROUP_BY)('by %s hold their own findings, and commits that make them', (groupBy) => {
    for (const made of group(tree, { groupBy, ownersOf }).groups) {
      expect(made.findings).not.toEqual([]);
      if (groupBy === 'risk') expect(new Set(made.findings.map(({ risk }) => risk))).toEqual(new Set([made.name]));
      if (groupBy === 'transform') expect(new Set(made.findings.map(({ transform }) => transform))).toEqual(new Set([made.name]));
      const ids = made.commits.map(({ transform }) => transform);
      expect(ids).toEqual(transformOrder.filter((id) => ids.includes(id)));
      expect(made.commits.reduce((sum, { changes }) => sum + changes, 0)).toBeLessThanOrEqual(made.findings.length);
      // Nothing else is left of what is theirs: another look finds the rest of it in no file of theirs.
      const again = group(checkOut(tree, made), { groupBy, ownersOf }).groups;
      expect(again.find(({ fingerprint }) => fingerprint === made.fingerprint)).toBeUndefined();
    }
  });
});

describe('a group', () => {
  const tree = { 'a.yaml': deployment('web', '{name: web, image: nginx:1.27, securityContext: {privileged: true}}') };
  const { groups } = group(tree);

  it('lists what it leaves with why, and nothing that another group mends', () => {
    const low = groups.find(({ name }) => name === 'low') as Group;
    const others = new Set(groups.filter((other) => other !== low).flatMap(({ findings }) => findings.map(({ key }) => key)));
    expect(low.leaves.filter(({ key }) => others.has(key))).toEqual([]);
    for (const { reason } of low.leaves) expect(reason?.text).not.toBe('');
  });

  it('lets what needs another group wait, and says so', () => {
    const waiting = groups.flatMap(({ leaves }) => leaves.filter(({ status }) => status === 'declined'));
    expect(waiting.map(({ reason }) => reason?.text)).toEqual(
      waiting.map(() => 'waits: what it does depends on another pull request'),
    );
    expect(waiting.map(({ transform }) => transform)).toContain('disallow-privilege-escalation');
  });

  it('says of each workload what it reaches, and whether it can be changed in place', () => {
    const pod = 'apiVersion: v1\nkind: Pod\nmetadata: {name: one}\nspec:\n  containers: [{name: a, image: a}]\n';
    const [made] = group({ ...tree, 'pod.yaml': pod }, { groupBy: 'none' }).groups;
    expect(made?.workloads).toEqual([
      { object: 'Deployment web', file: 'a.yaml', line: 1, now: 'privileged', after: expect.any(String), isImmutable: false },
      { object: 'Pod one', file: 'pod.yaml', line: 1, now: 'baseline', after: 'restricted', isImmutable: true },
    ]);
  });

  it('by owner holds the files of the same owners, and asks them', () => {
    const web = deployment('web', '{name: web, image: nginx:1.27}');
    const made = group(
      { 'apps/a.yaml': web, 'apps/shop/b.yaml': web, 'c.yaml': web, 'apps/d.yml': web },
      { groupBy: 'owner', ownersOf },
    );
    expect(made.groups.map(({ name, owners, shown }) => [name, owners, shown.map(({ path }) => path)])).toEqual([
      ['org-apps', ['@org/apps'], ['apps/a.yaml']],
      ['shop', ['@shop'], ['apps/shop/b.yaml']],
      ['unowned', [], ['c.yaml']],
      ['yml', ['@yml'], ['apps/d.yml']],
    ]);
  });

  it('by directory holds an application, without the folders that hold a part of one', () => {
    const web = deployment('web', '{name: web, image: nginx:1.27}');
    const made = group(
      {
        'apps/web/base/a.yaml': web,
        'apps/web/overlays/x/b.yaml': web,
        'apps/api/a.yaml': web,
        'a.yaml': web,
        'deploy/a.yaml': web,
      },
      { groupBy: 'directory' },
    );
    expect(made.groups.map(({ name, shown }) => [name, shown.length])).toEqual([
      ['apps-api', 1],
      ['apps-web', 2],
      ['root', 2],
    ]);
  });
});

describe('a finding whose risk depends on others', () => {
  const finding = (key: string, risk: Risk, status: DecidedFinding['status'], transform = key) =>
    ({ key, risk, status, transform, subject: 'pod', object: { document: 0, root: [] as Path } }) as unknown as DecidedFinding;
  const result = (...findings: readonly DecidedFinding[]) => ({ status: 'changed', findings }) as unknown as FileResult;

  /** B is low beside A, and medium without it; C comes up without B alone. */
  function fix(accept: (key: string) => boolean): FileResult {
    const [a, b] = [accept('a'), accept('b')];
    const fate = (isMade: boolean) => (isMade ? 'ready' : 'declined');
    const third = b ? [] : [finding('c', 'low', fate(accept('c')))];
    return result(finding('a', 'medium', fate(a)), finding('b', a ? 'low' : 'medium', fate(b)), ...third);
  }

  const alone = evaluateAlone({ path: 'x', text: '', result: fix(() => true), fix }, ({ risk }) => risk);
  const made = Object.fromEntries([...alone].map(([label, own]) => [label, readyOf(own).map(({ key }) => key)]));

  it('is in the group of what it is there, never in one of a lower risk', () => {
    expect(made.low).not.toContain('b');
    expect(made.medium).toEqual(['a']);
  });

  it('makes room for one that comes up without it, by what that is', () => {
    expect(made.low).toEqual(['c']);
  });

  it('is not made before what its transform says first of the same container', () => {
    const limits = (accept: (key: string) => boolean) => {
      const fate = (key: string) => (accept(key) ? 'ready' : 'declined');
      return result(finding('requests', 'medium', fate('requests'), 'r'), finding('limits', 'high', fate('limits'), 'r'));
    };
    const own = evaluateAlone({ path: 'x', text: '', result: limits(() => true), fix: limits }, (of) => of.risk);
    expect(readyOf(own.get('high') as FileResult)).toEqual([]);
    expect(readyOf(own.get('medium') as FileResult)).toHaveLength(1);
  });

  it.each(RISKS)('never leaves nothing at all to be done (%s)', (risk) => {
    const one = (accept: (key: string) => boolean) => result(finding('a', risk, accept('a') ? 'ready' : 'declined'));
    const only = evaluateAlone({ path: 'x', text: '', result: one(() => true), fix: one }, (of) => of.risk);
    expect([...only.keys()]).toEqual([risk]);
  });
});

it('makes nothing where nothing is to be done', () => {
  expect(group({ 'a.yaml': 'kind: ConfigMap\n' })).toEqual({ groups: [], failed: [] });
  expect(lookAt({})).toEqual([]);
});
