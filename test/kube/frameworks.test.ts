import { readFileSync } from 'node:fs';
import { describe, expect, it, test } from 'vitest';
import { isDay } from '../../src/core/day.js';
import { describeCover } from '../../src/kube/frameworks/describe.js';
import { allIds, findEntries, findLists, foldId } from '../../src/kube/frameworks/find.js';
import { frameworks, readCovers, reasonOf, transformsOf } from '../../src/kube/frameworks/frameworks.js';
import reasons from '../../src/kube/frameworks/reasons.json' with { type: 'json' };
import { policiesOf, policyVersions } from '../../src/kube/versions/policy.js';
import { LATEST } from '../../src/kube/versions/versions.js';
import { profiles } from '../../transforms/profiles.js';
import { transforms } from '../../transforms/registry.js';

const all = frameworks.flatMap((framework) => framework.entries.map((entry) => ({ framework, entry })));

describe.each(frameworks)('the list of $id', ({ id, name, version, source, read, sections, entries }) => {
  it('says where and when it was read', () => {
    expect(name).toMatch(/\S/);
    expect(version).toMatch(/\d/);
    expect(source).toMatch(/^https:\/\/\S+$/);
    expect(isDay(read)).toBe(true);
  });

  it('has each entry once, with a title', () => {
    expect(new Set(entries.map((entry) => foldId(entry.id))).size).toBe(entries.length);
    for (const entry of entries) expect(entry.title, entry.id).toMatch(/^\S.*[^\s.]$|\.$/);
  });

  it('is in order: of its sections, or of its ids', () => {
    if (sections !== undefined) {
      const order = Object.keys(sections);
      const places = entries.map(({ section = '' }) => order.indexOf(section));
      expect(places).toEqual(places.toSorted((a, b) => a - b));
      expect(new Set(places)).toEqual(new Set(order.keys()));
      return;
    }
    const ids = entries.map((entry) => entry.id.toLowerCase());
    expect(ids).toEqual(ids.toSorted((a, b) => a.localeCompare(b, 'en', { numeric: true })));
  });

  it('leaves no entry without an answer, and gives none two that contradict each other', () => {
    for (const entry of entries) {
      const { fixedBy, foundBy, outside } = entry;
      expect([entry.id, outside === undefined]).toEqual([entry.id, (fixedBy ?? foundBy) !== undefined]);
      for (const list of [fixedBy, foundBy]) {
        expect(list, entry.id).not.toEqual([]);
        expect(list, entry.id).toEqual(list && [...new Set(list)].sort());
      }
      expect(describeCover(entry, (transform) => transform)).toMatch(/\S/);
    }
  });

  it('names transforms as they are called, each rule with its transform', () => {
    const texts = entries.flatMap(({ fixedBy = [], foundBy = [] }) => [...fixedBy, ...foundBy]);
    expect(texts.filter((text) => !/^[a-z]+(-[a-z]+)+(#[a-z]+(-[a-z]+)*)?$/.test(text))).toEqual([]);
    expect(id).toBe(foldId(id) === '' ? undefined : id);
  });
});

test('no id of one framework is that of another, but where both are meant', () => {
  const twice = all
    .filter(({ entry }) => findEntries(entry.id).length > 1)
    .map(({ framework, entry }) => `${framework.id} ${entry.id}`);
  expect(twice).toEqual([
    'pss procMount',
    'pss runAsNonRoot',
    ...['5.2.9', '5.2.10', '5.2.11', '5.2.12'].map((id) => `cis ${id}`),
    ...['5.2.9', '5.2.10', '5.2.11', '5.2.12'].map((id) => `cis-1.10 ${id}`),
    'kube-linter automount-service-account-token',
    'kube-linter run-as-non-root',
    'polaris automountServiceAccountToken',
    'polaris procMount',
  ]);
});

test('no id is that of a transform', () => {
  const ids = new Set(allIds().map(foldId));
  expect(transforms.filter(({ id }) => ids.has(foldId(id)))).toEqual([]);
});

test('each reason is given for something, and in order', () => {
  const given = new Set(all.flatMap(({ entry }) => entry.outside ?? []));
  expect(Object.keys(reasons)).toEqual([...given].sort());
  for (const reason of given) expect(reasonOf(reason)).toMatch(/^[^A-Z].*[^.]$|^(?:Kubernetes|TLS) .*[^.]$/);
  expect(() => reasonOf('none')).toThrow(RangeError);
});

describe('the Pod Security Standards', () => {
  const pss = frameworks.find(({ id }) => id === 'pss')?.entries ?? [];

  it('are all the checks of all versions, each at its level', () => {
    const policies = policiesOf({ from: policyVersions()[0] ?? LATEST, to: policyVersions().at(-1) ?? LATEST });
    const checks = policies.flatMap((policy) => [...policy.checks.baseline, ...policy.checks.restricted]);
    const known = new Map(checks.map(({ id, level }) => [id as string, level as string]));
    expect(new Map(pss.map(({ id, section = '' }) => [id, section]))).toEqual(known);
  });

  it('are mended by the transforms that name the checks', () => {
    for (const entry of pss) {
      const naming = transforms.filter(({ checks = [] }) => (checks as readonly string[]).includes(entry.id));
      expect([entry.id, [...transformsOf(entry)].sort()]).toEqual([entry.id, naming.map(({ id }) => id).sort()]);
    }
  });
});

describe.each(['nsa', 'cis'])('the profile %s', (name) => {
  const { transforms: own = {} } = profiles.find((profile) => profile.name === name) ?? {};
  const entries = frameworks.find(({ id }) => id === name)?.entries ?? [];

  it('has what the guide asks for', () => {
    const asked = new Set(entries.flatMap(transformsOf));
    const known = transforms.map(({ id }) => id).filter((id) => asked.has(id));
    expect(Object.keys(own).sort()).toEqual(known.sort());
  });

  it('says which section or number asks for each', () => {
    for (const [id, { why }] of Object.entries(own)) {
      const numbers = why.match(/\d+(?:\.\d+)+/g) ?? [];
      const meant = entries.filter((entry) => numbers.some((number) => `${entry.id}.`.startsWith(`${number}.`)));
      for (const number of numbers)
        expect(
          meant.some((entry) => `${entry.id}.`.startsWith(`${number}.`)),
          why,
        ).toBe(true);
      if (name === 'cis') expect(meant.flatMap(transformsOf), why).toContain(id);
      else
        expect(why).toMatch(
          /^(?:Pod security|Network separation|Control plane hardening|Authentication|Audit logging)[,:a-z -]*: /,
        );
    }
  });
});

describe('an id', () => {
  it.each([
    ['ksv001', 'trivy', 'KSV-0001'],
    ['KSV-0001', 'trivy', 'KSV-0001'],
    ['AVD-KSV-0001', 'trivy', 'KSV-0001'],
    ['avd-kcv-0093', 'trivy', 'KCV-0093'],
    ['KSV01010', 'trivy', 'KSV-01010'],
    ['ckv_k8s_20', 'checkov', 'CKV_K8S_20'],
    ['CKV2_K8S_6', 'checkov', 'CKV2_K8S_6'],
    ['c-0016', 'kubescape', 'C-0016'],
    ['5.2.6', 'cis', '5.2.6'],
    ['CIS 5.2.6', 'cis', '5.2.6'],
    ['CIS-1.1.1', 'cis', '1.1.1'],
    ['5.7.4', 'cis-1.10', '5.7.4'],
    ['Privilege-Escalation-Container', 'kube-linter', 'privilege-escalation-container'],
    ['container-security-context-privileged', 'kube-score', 'container-security-context-privileged'],
    ['runasrootallowed', 'polaris', 'runAsRootAllowed'],
    ['NSA non-root-containers', 'nsa', 'non-root-containers'],
    ['hostNamespaces', 'pss', 'hostNamespaces'],
    ['cks-rbac', 'cks', 'cks-rbac'],
  ])('%s is found, however it is spelled', (typed, framework, id) => {
    expect(findEntries(typed).map((found) => [found.framework.id, found.entry.id])).toEqual([[framework, id]]);
  });

  it.each(['', 'C-', '5.2', 'KSV', 'CKV_K8S_999', '52.6', 'nsa'])('%j is none', (typed) => {
    expect(findEntries(typed)).toEqual([]);
  });

  it('may be that of a framework, or of a section with its entries alone', () => {
    expect(findLists('NSA').map(({ entries }) => entries.length)).toEqual([frameworks[0]?.entries.length]);
    const [section, ...others] = findLists('NSA audit-logging').concat(findLists('upgrading'));
    expect(others.length).toBeLessThanOrEqual(1);
    expect(new Set(section?.entries.map((entry) => entry.section)).size).toBe(1);
    expect(findLists('none')).toEqual([]);
  });
});

test('rules go with their transforms', () => {
  expect(readCovers(['b#y', 'a', 'b#x'])).toEqual([
    { transform: 'b', rules: ['y', 'x'] },
    { transform: 'a', rules: [] },
  ]);
  const entry = { id: 'X', title: 'x', fixedBy: ['a'], foundBy: ['a#r', 'b#x', 'b#y'] };
  expect(transformsOf(entry)).toEqual(['a', 'b']);
  expect(describeCover(entry, (id) => `[${id}]`)).toBe('fixed by [a]; found by [a] (r), [b] (x, y)');
  expect(describeCover({ id: 'X', title: 'x', outside: 'firewall' }, String)).toBe(`outside: ${reasonOf('firewall')}`);
});

test('only what explains and documents reads the lists, so that no fix waits for them', () => {
  const importers = ['src/kube/types.ts', 'src/session.ts', 'src/index.ts', 'src/cli/explain.ts', 'src/cli/main.ts'];
  for (const file of importers) {
    const text = readFileSync(new URL(`../../${file}`, import.meta.url), 'utf8');
    expect([file, /^import [^;]*frameworks\/(?!controls\.js)/m.test(text)]).toEqual([file, false]);
  }
});
