import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { PodSecurityLevel } from '../../src/kube/versions/types.js';
import { type CorpusFile, readCorpus } from '../corpus/files.js';
import { compare, judge, type Standards } from './ask.js';
import { withFolder, writeTree } from './folders.js';
import { mend, textsOf } from './mend.js';
import { type Outcome, table } from './print.js';

/** The official fixtures of one level at one version. */
export interface FixtureFolder {
  readonly level: PodSecurityLevel;
  /** As the oracle spells it: `v1.34`. */
  readonly version: string;
  readonly path: string;
}

/** All that there are below a folder, as `LEVEL/VERSION`. */
export function findFixtures(root: string): FixtureFolder[] {
  const levels: readonly PodSecurityLevel[] = ['baseline', 'restricted'];
  return levels.flatMap((level) => {
    const versions = existsSync(join(root, level)) ? readdirSync(join(root, level)) : [];
    const inOrder = versions.sort((a, b) => a.localeCompare(b, 'en', { numeric: true }));
    return inOrder.map((version) => ({ level, version, path: join(root, level, version) }));
  });
}

interface Row {
  fail: number;
  allowed: number;
  valid: number;
  pass: number;
  identical: number;
}

/**
 * Mends each fixture that the level forbids, which it must then allow, no less valid than before; and each that it allows, of which
 * every byte must stay.
 */
export function checkFixtures(oracle: string, { level, version, path }: FixtureFolder): Outcome {
  const rows = new Map<string, Row>();
  const faults: string[] = [];
  const rowOf = (file: string): Row => {
    const check = checkOf(file);
    const row = rows.get(check) ?? { fail: 0, allowed: 0, valid: 0, pass: 0, identical: 0 };
    rows.set(check, row);
    return row;
  };
  const options = { profile: `pss-${level}`, kubernetesVersion: version, maxRisk: 'high' } as const;
  const failing = mend(readCorpus(join(path, 'fail')), options);
  const verdicts = askAbout(oracle, join(path, 'fail'), textsOf(failing), { levels: [level], versions: [version] });
  for (const [file, { status, findings }] of failing) {
    const row = rowOf(file);
    row.fail++;
    const forbidden = verdicts.forbidden.get(file);
    const worse = verdicts.worse.get(file);
    if (forbidden === undefined) row.allowed++;
    else {
      const left = findings.filter((finding) => finding.status !== 'ready');
      const reasons = left.map(({ transform, reason }) => `${transform}: ${reason?.code}`);
      faults.push(`fail/${file}: ${forbidden} (${status}; ${[...new Set(reasons)].join(', ') || 'nothing left to a person'})`);
    }
    if (worse === undefined) row.valid++;
    else faults.push(`fail/${file}: ${worse}`);
  }
  const passing = readCorpus(join(path, 'pass'));
  const results = mend(passing, options);
  for (const { path: file, text } of passing) {
    const row = rowOf(file);
    const result = results.get(file);
    row.pass++;
    if (result?.text === text && result.status !== 'failed' && result.status !== 'refused') row.identical++;
    else faults.push(`pass/${file}: ${result?.status}`);
  }
  return { lines: print(`${level} ${version}`, rows), faults: faults.map((fault) => `${level}/${version}/${fault}`) };
}

/** `capabilities_baseline` of `capabilities_baseline0.yaml`. */
function checkOf(file: string): string {
  return file.replace(/\d*\.\w+$/, '');
}

interface Verdicts {
  /** Why the level forbids a file's pod. */
  readonly forbidden: ReadonlyMap<string, string>;
  /** Why a file is less valid than it was. */
  readonly worse: ReadonlyMap<string, string>;
}

function askAbout(oracle: string, before: string, files: readonly CorpusFile[], standards: Standards): Verdicts {
  return withFolder((after) => {
    writeTree(after, files);
    const { worse } = compare(oracle, before, after, standards);
    const forbidden = new Map<string, string>();
    const judged = judge(oracle, after, standards);
    for (const { path } of files) {
      const verdict = Object.values(judged.find(({ file }) => file === join(after, path))?.psa ?? {})[0];
      const reasons = verdict?.forbidden?.map(({ reason, detail }) => `${reason}: ${detail}`).join('; ');
      if (verdict?.allowed !== true) forbidden.set(path, reasons ?? 'the oracle sees no pod');
    }
    return { forbidden, worse: new Map(worse.map(({ file, text }) => [file, text])) };
  });
}

function print(title: string, rows: ReadonlyMap<string, Row>): string[] {
  const cells = [...rows].map(([check, { fail, allowed, valid, pass, identical }]) => [
    check,
    ...(fail === 0 ? ['-', '-'] : [`${allowed}/${fail}`, `${valid}/${fail}`]),
    pass === 0 ? '-' : `${identical}/${pass}`,
  ]);
  const sum = (key: keyof Row) => [...rows.values()].reduce((total, row) => total + row[key], 0);
  const fail = sum('fail');
  const total = ['all', `${sum('allowed')}/${fail}`, `${sum('valid')}/${fail}`, `${sum('identical')}/${sum('pass')}`];
  return table([title, 'fail: allowed', 'fail: valid', 'pass: identical'], [...cells, total]);
}
