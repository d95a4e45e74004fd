import { readdirSync, readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { frameworks, readCovers, transformsOf } from '../../src/kube/frameworks/frameworks.js';
import { rbacRules } from '../../src/kube/rbac/rules.js';
import { transforms } from '../../transforms/registry.js';

const root = new URL('../../', import.meta.url);
const all = frameworks.flatMap((framework) => framework.entries.map((entry) => ({ framework, entry })));
const covers = all.flatMap(({ entry: { fixedBy = [], foundBy = [] } }) => readCovers([...fixedBy, ...foundBy]));

it('every transform that an entry names is there', () => {
  const ids = new Set(transforms.map(({ id }) => id));
  const missing = all.flatMap(({ entry }) => transformsOf(entry)).filter((id) => !ids.has(id));
  expect([...new Set(missing)].sort()).toEqual([]);
});

it('every rule that an entry names is one of its transform', () => {
  const folder = new URL('src/kube/control-plane/', root);
  const flags = readdirSync(folder).map((name) => readFileSync(new URL(name, folder), 'utf8'));
  const known: Readonly<Record<string, (rule: string) => boolean>> = {
    'harden-rbac': (rule) => rbacRules.some(({ id }) => id === rule),
    'harden-control-plane': (rule) => flags.some((text) => text.includes(`'${rule}'`)),
  };
  const wrong = covers.flatMap(({ transform, rules }) =>
    rules.filter((rule) => !known[transform]?.(rule)).map((rule) => `${transform}#${rule}`),
  );
  expect([...new Set(wrong)]).toEqual([]);
});

it('every rule of harden-rbac that others ask for is named by an entry', () => {
  const named = new Set(covers.flatMap(({ transform, rules }) => (transform === 'harden-rbac' ? rules : [])));
  const asked = rbacRules.filter(({ controls }) => Object.keys(controls).length > 0);
  expect(asked.filter(({ id }) => !named.has(id)).map(({ id }) => id)).toEqual([]);
});

it('what only reports fixes nothing', () => {
  const reporting = new Set(transforms.filter(({ risk }) => risk === 'report').map(({ id }) => id));
  const wrong = all.filter(({ entry }) => readCovers(entry.fixedBy).some(({ transform }) => reporting.has(transform)));
  expect(wrong.map(({ framework, entry }) => `${framework.id} ${entry.id}`)).toEqual([]);
});

it('no transform says who asks for it but through the frameworks', () => {
  const said = transforms.filter(({ id }) => /^ {2}controls\b/m.test(readFileSync(new URL(`transforms/${id}.ts`, root), 'utf8')));
  expect(
    said.map(({ id }) => id),
    'take `controls` out, and name the transform in src/kube/frameworks',
  ).toEqual([]);
});
