import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { loadAll } from 'js-yaml';
import type { CreatedIn, Report } from '../kustomize/explain.js';

/** What came into a folder beside changed values, and what is wrong with that. */
export interface Written {
  readonly newFiles: number;
  /** Entries of kustomizations, all of them for new files. */
  readonly entries: number;
  /** Kustomizations in which nothing but entries for new files is new. */
  readonly listings: readonly string[];
  readonly documents: number;
  readonly items: number;
  readonly faults: readonly string[];
}

/** Compares two folders with what a run says of the new objects that lie between them: nothing else is new, and nothing is missing. */
export function compareWritten(before: string, after: string, report: Report): Written {
  const created = createdIn(report);
  const at = (where: CreatedIn['where']) => created.filter((each) => each.where === where);
  const ready = report.files.filter(({ findings }) => findings.some(({ status }) => status === 'ready'));
  const changed = new Set(ready.map(({ path }) => path));
  const wanted = new Set(at('file').map(({ file }) => file));
  const entries = entriesOf([...at('file'), ...at('listing')]);
  const faults: string[] = [];
  const [old, now] = [filesOf(before), filesOf(after)];
  for (const path of new Set([...old, ...now, ...wanted])) {
    if (!now.has(path)) faults.push(`${path} is ${old.has(path) ? 'gone' : 'not there, though a run says so'}`);
    else if (!old.has(path) && !wanted.has(path)) faults.push(`${path} is new, and no run says so`);
    if (!old.has(path) || !now.has(path)) continue;
    const isSame = readFileSync(join(before, path)).equals(readFileSync(join(after, path)));
    const names = entries.get(path);
    if (!isSame && !changed.has(path) && names === undefined) faults.push(`${path} differs, and no run says so`);
    if (names !== undefined && !differsInEntries(read(before, path), read(after, path), names))
      faults.push(`${path} differs in more than ${names.join(', ')}`);
  }
  for (const [path, amount] of countBy(at('document'))) {
    const more = countDocuments(read(after, path)) - countDocuments(read(before, path));
    if (more !== amount) faults.push(`${path} has ${more} more documents instead of ${amount}`);
  }
  return {
    newFiles: wanted.size,
    entries: [...entries.values()].reduce((sum, names) => sum + names.length, 0),
    listings: [...entries.keys()],
    documents: at('document').length,
    items: at('item').length,
    faults,
  };
}

/** What the new objects are, for a line of a table. */
export function describeWritten({ newFiles, entries, listings, documents, items }: Written): string {
  return `${newFiles} new files, ${entries} entries in ${listings.length} kustomizations, ${documents} new documents, ${items} new items`;
}

function createdIn({ files }: Report): readonly CreatedIn[] {
  const ready = files.flatMap(({ findings }) => findings.filter(({ status }) => status === 'ready'));
  return ready.flatMap(({ created = [] }) => created.filter(({ isShared }) => !isShared));
}

/** By kustomization, what it has to list, seen from there. */
function entriesOf(created: readonly CreatedIn[]): ReadonlyMap<string, readonly string[]> {
  const entries = new Map<string, string[]>();
  for (const { file, listedIn } of created) {
    if (listedIn === undefined) continue;
    entries.set(listedIn, [...(entries.get(listedIn) ?? []), relative(dirname(listedIn), file)]);
  }
  return entries;
}

/** Whether the old text is the new one without the line of each entry. A last line without an end gets one. */
function differsInEntries(before: string, after: string, names: readonly string[]): boolean {
  const lines = after.split('\n');
  for (const name of names) {
    const at = lines.findIndex((line) => /^ *- ["']?(?:\.\/)?([^"']*)["']?\r?$/.exec(line)?.[1]?.trimEnd() === name);
    if (at < 0) return false;
    lines.splice(at, 1);
  }
  return lines.join('\n').replace(/\r?\n$/, '') === before.replace(/\r?\n$/, '');
}

function countBy(created: readonly CreatedIn[]): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const { file } of created) counts.set(file, (counts.get(file) ?? 0) + 1);
  return counts;
}

/** Without empty ones: a file may begin or end with a separator. */
function countDocuments(text: string): number {
  return loadAll(text).filter((document) => document !== null && document !== undefined).length;
}

function read(folder: string, path: string): string {
  return readFileSync(join(folder, path), 'utf8');
}

function filesOf(folder: string): ReadonlySet<string> {
  const entries = existsSync(folder) ? readdirSync(folder, { recursive: true, withFileTypes: true }) : [];
  return new Set(
    entries.filter((entry) => entry.isFile()).map(({ parentPath, name }) => relative(folder, join(parentPath, name))),
  );
}
