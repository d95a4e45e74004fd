import { existsSync, realpathSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { UsageError } from '../core/errors.js';
import { findRoot } from '../discover/disk/discover.js';
import { reasonOf } from '../discover/disk/system-error.js';
import { targetOf } from '../discover/disk/target.js';
import { isInside } from '../discover/disk/walk.js';
import type { FindingIdentity, Known } from '../engine/types.js';
import { type BaselineEntry, entryOf, formatBaseline, keyOf, parseBaseline } from '../report/baseline.js';
import { count } from '../report/summary.js';
import type { FileReport } from '../report/tally.js';
import { visible } from '../report/visible.js';
import type { FixOptions } from './options.js';
import { readText } from './read.js';
import { replaceFile } from './write.js';

/** The findings that are known, and what a run says about them. */
export interface Baseline {
  readonly known: Known;
  /** Takes note of what became of a file. */
  add(report: FileReport): void;
  /**
   * What there is to say in the end. Writes the file where that was asked for.
   * @param ran ids of the transforms that ran
   * @throws {UsageError} when it cannot be written
   */
  close(ran: readonly string[]): string;
}

/**
 * Reads the file of `--baseline`; `undefined` where neither the option nor the configuration names one.
 * @throws {UsageError} when it is not there, or no baseline, or none is named that could be updated
 */
export function openBaseline(options: FixOptions, cwd: string): Baseline | undefined {
  const { baseline: named, updateBaseline, since, staged } = options;
  if (named === undefined && updateBaseline)
    throw new UsageError('--update-baseline needs --baseline FILE, or a baseline in the configuration, which says where');
  if (named === undefined) return undefined;
  const file = path.resolve(cwd, named);
  if (updateBaseline) refuseAstray(file, named, cwd);
  const place = placer(path.dirname(file), cwd);
  const old = readBaseline(file, named, updateBaseline);
  const keys = new Set(old.map(keyOf));
  const entryFor = (finding: FindingIdentity) => entryOf(finding, place(finding.object.file));
  const met = new Map<string, BaselineEntry>();
  const judged = new Set<string>();
  const state: State = { file, named, old, met, judged };
  return {
    // All at once, so that what follows from a change is recorded as it is without it.
    known: updateBaseline ? () => true : (finding) => keys.has(keyOf(entryFor(finding))),
    add({ file: path, status, findings }) {
      if (status !== 'refused' && status !== 'failed') judged.add(place(path));
      for (const finding of findings) {
        if (finding.status !== 'known') continue;
        const entry = entryFor(finding);
        met.set(keyOf(entry), entry);
      }
    },
    close(ran) {
      if (updateBaseline) return update(state, ran);
      // Of a part of the files nobody can say what is not there any more.
      return since !== undefined || staged ? '' : describeGone(goneOf(state, ran).length, options);
    },
  };
}

/** @throws {UsageError} where a link takes what would be written out of the repository that its name is in */
function refuseAstray(file: string, named: string, cwd: string): void {
  const top = findRoot(cwd) ?? cwd;
  if (!isInside(file, top)) return;
  const target = targetOf(file) ?? targetOf(path.dirname(file));
  if (target === undefined || isInside(target.path, realpathSync(top))) return;
  throw new UsageError(
    `--baseline "${named}" is a link that leads out of the repository; not written. Name the file that it leads to`,
  );
}

interface State {
  /** Absolute. */
  readonly file: string;
  readonly named: string;
  readonly old: readonly BaselineEntry[];
  /** What was found and is known, by key. */
  readonly met: ReadonlyMap<string, BaselineEntry>;
  /** Files that were looked at. */
  readonly judged: ReadonlySet<string>;
}

/** Paths as they stand in the baseline, so that it does not matter where kubemend runs. */
function placer(folder: string, cwd: string): (file: string) => string {
  return (file) => path.relative(folder, path.resolve(cwd, file)).split(path.sep).join('/');
}

function readBaseline(file: string, named: string, mayBeAbsent: boolean): readonly BaselineEntry[] {
  if (!existsSync(file)) {
    if (mayBeAbsent) return [];
    throw new UsageError(`--baseline "${named}" is not there; --update-baseline beside it writes it`);
  }
  const reading = readText(file);
  if ('trouble' in reading) throw new UsageError(`--baseline "${named}" ${reading.trouble}`);
  if ('refused' in reading) throw new UsageError(`--baseline "${named}" cannot be read: ${reading.refused.message}`);
  return parseBaseline(reading.text, named);
}

/** The entries that match nothing any more, as far as this run can tell. */
function goneOf({ file, old, met, judged }: State, ran: readonly string[]): readonly BaselineEntry[] {
  const folder = path.dirname(file);
  const isThere = new Map<string, boolean>();
  const exists = (name: string) => {
    const known = isThere.get(name) ?? existsSync(path.resolve(folder, name));
    isThere.set(name, known);
    return known;
  };
  return old.filter(
    (entry) => !met.has(keyOf(entry)) && (!exists(entry.file) || (judged.has(entry.file) && ran.includes(entry.transform))),
  );
}

function describeGone(amount: number, { baseline = '' }: FixOptions): string {
  if (amount === 0) return '';
  const what = amount === 1 ? '1 finding of it is gone' : `${amount} findings of it are gone`;
  return `${visible(baseline)}: ${what}; --update-baseline takes ${amount === 1 ? 'it' : 'them'} out\n`;
}

function update(state: State, ran: readonly string[]): string {
  const { file, named, old, met } = state;
  const gone = new Set(goneOf(state, ran).map(keyOf));
  const kept = old.filter((entry) => !gone.has(keyOf(entry)));
  const all = new Map([...kept.map((entry) => [keyOf(entry), entry] as const), ...met]);
  writeBaseline(file, named, formatBaseline(all.values()));
  const before = new Set(old.map(keyOf));
  const added = [...all.keys()].filter((key) => !before.has(key)).length;
  return `${visible(named)}: ${count(all.size, 'finding')} recorded, ${added} of them new; ${gone.size} gone\n`;
}

function writeBaseline(file: string, named: string, text: string): void {
  const fail = (why: string) => new UsageError(`--baseline "${named}" ${why}`);
  try {
    if (!existsSync(file)) {
      writeFileSync(file, text, { flag: 'wx' });
      return;
    }
    const reading = readText(file);
    if (!('text' in reading)) throw fail('cannot be read any more');
    if (reading.text === text) return;
    const writing = replaceFile(realpathSync(file), reading.bytes, text);
    if ('trouble' in writing) throw fail(writing.trouble);
  } catch (error) {
    if (error instanceof UsageError) throw error;
    const isAstray = (error as NodeJS.ErrnoException).code === 'ENOENT';
    throw fail(`cannot be written: ${isAstray ? 'there is no such folder' : reasonOf(error)}`);
  }
}
