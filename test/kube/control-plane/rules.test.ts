import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { REMOVED } from '../../../src/kube/control-plane/removed.js';
import { RULES } from '../../../src/kube/control-plane/rules.js';
import type { FlagRule, Program } from '../../../src/kube/control-plane/types.js';
import { KUBELET_RULES, MISSED_FLAGS } from '../../../src/kube/kubelet/rules.js';
import { createSession } from '../../../src/session.js';
import { hardenControlPlane } from '../../../transforms/harden-control-plane.js';
import { hardenKubelet } from '../../../transforms/harden-kubelet.js';

const file = new URL('accepted-flags.json', import.meta.url);
const { flags } = JSON.parse(readFileSync(file, 'utf8')) as { readonly flags: Readonly<Record<string, readonly string[]>> };

const programs = Object.entries(RULES) as [Program, readonly FlagRule[]][];

describe.each(programs)('rules for %s', (program, rules) => {
  it('offer a change, or say why there is none', () => {
    expect(rules.filter(({ write, reason }) => (write === undefined) === (reason === undefined))).toEqual([]);
  });

  it('name flags that the program takes', () => {
    if (program === 'etcd') return expect(rules.filter(({ write }) => write)).toEqual([]);
    const named = rules.flatMap(({ flag, notBeside = [], onlyBeside = [] }) => [flag, ...notBeside, ...onlyBeside]);
    return expect(named.filter((flag) => !flags[program]?.includes(flag))).toEqual([]);
  });

  it('are known by the ids of the transform', () => {
    const { cis = '', kubescape = '' } = hardenControlPlane.controls;
    for (const rule of rules) {
      if (rule.cis) expect(cis.split(', ')).toContain(rule.cis);
      for (const id of rule.kubescape?.split(', ') ?? []) expect(kubescape.split(', ')).toContain(id);
    }
  });
});

describe('rules for the kubelet', () => {
  it('name flags that it takes', () => {
    const named = [...KUBELET_RULES, ...MISSED_FLAGS].flatMap(({ flag }) => flag ?? []);
    expect(named.filter((flag) => !flags.kubelet?.includes(flag))).toEqual([]);
  });

  it('are known by the ids of the transform', () => {
    const { cis = '', kubescape = '' } = hardenKubelet.controls;
    for (const rule of [...KUBELET_RULES, ...MISSED_FLAGS]) {
      if (rule.cis) expect(cis.split(', ')).toContain(rule.cis);
      for (const id of rule.kubescape?.split(', ') ?? []) expect(kubescape.split(', ')).toContain(id);
    }
  });
});

describe('removed flags', () => {
  it('are none that a current program takes, unlike those that take their place', () => {
    const all = Object.entries(REMOVED).flatMap(([program, removed]) => removed.map((each) => ({ program, ...each })));
    expect(all.filter(({ program, flag }) => flags[program]?.includes(flag))).toEqual([]);
    expect(all.filter(({ program, becomes }) => becomes && !flags[program]?.includes(becomes))).toEqual([]);
    for (const { source } of all) expect(source).toMatch(/^https:\/\/github\.com\/kubernetes\//);
  });
});

it('what is written into static pods is what their programs take', () => {
  const folder = new URL('../../golden/static-pods/', import.meta.url);
  const files = readdirSync(folder).filter((name) => name.startsWith('kube-'));
  expect(files).toHaveLength(3);
  for (const name of files) {
    const session = createSession({ profile: 'all', maxRisk: 'high' });
    const text = readFileSync(new URL(name, folder), 'utf8');
    session.survey(name, text);
    const result = session.fix(name, text);
    const taken = flags[name.replace('.yaml', '')] ?? [];
    const written = [...result.text.matchAll(/^ +- --([\w-]+)/gm)].map(([, flag]) => flag as string);
    expect(written).toContain('profiling');
    expect(written.filter((flag) => !taken.includes(flag))).toEqual([]);
  }
});
