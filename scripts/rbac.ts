/**
 * `npm run rbac [-- [--update] [DIR]]`: what `harden-rbac` finds in a folder of real manifests, one repository after the other, compared
 * with what was checked by hand: by repository and rule, the objects and lines. Exit code 1 for a difference, 2 when the folder is
 * missing.
 */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { createSession, inSurveyOrder } from '../src/session.js';
import { type CorpusFile, readCorpus, repositoryOf } from './corpus/files.js';

const GOLDEN = join(import.meta.dirname, 'rbac.golden.json');

/** By repository, rule and object, the lines: `deploy/rbac.yaml: ClusterRole web` has `12, 17`. */
type Found = Record<string, Record<string, Record<string, string>>>;

const [first, second] = process.argv.slice(2);
const isUpdate = first === '--update';
const root = resolve((isUpdate ? second : first) ?? '../shared/corpus');
if (!existsSync(root)) {
  console.error(`npm run rbac: no folder ${root}. Name one: npm run rbac -- DIR`);
  process.exitCode = 2;
} else {
  const found = findByRepository(readCorpus(root));
  printCounts(found);
  if (isUpdate) writeFileSync(GOLDEN, `${JSON.stringify(found, null, 2)}\n`);
  const problems = compare(found, JSON.parse(readFileSync(GOLDEN, 'utf8')) as Found);
  for (const problem of problems) console.log(problem);
  console.log(problems.length === 0 ? '\nnothing is wrong' : `\n${problems.length} problems`);
  if (problems.length > 0) process.exitCode = 1;
}

function findByRepository(files: readonly CorpusFile[]): Found {
  const repositories = new Map<string, CorpusFile[]>();
  for (const file of files) {
    const name = repositoryOf(file.path);
    repositories.set(name, [...(repositories.get(name) ?? []), { ...file, path: file.path.slice(name.length + 1) }]);
  }
  return Object.fromEntries([...repositories].map(([name, own]) => [name, findIn(own)] as const));
}

/** @throws {Error} for a finding without a rule or a reason */
function findIn(files: readonly CorpusFile[]): Found[string] {
  const session = createSession({ profile: 'all', transforms: ['harden-rbac'] });
  const ordered = inSurveyOrder(files, ({ path }) => path);
  for (const { path, text } of ordered) session.survey(path, text);
  const places = new Map<string, Map<string, number[]>>();
  for (const { path, text } of ordered) {
    for (const { rule, line, reason, object } of session.fix(path, text).findings) {
      const where = `${path}: ${object.kind} ${object.name ?? '(no name)'}`;
      if (rule === undefined || !reason?.text) throw new Error(`${where}:${line}: a finding without a rule or a reason`);
      const byPlace = places.get(rule) ?? new Map<string, number[]>();
      places.set(rule, byPlace.set(where, [...(byPlace.get(where) ?? []), line]));
    }
  }
  return Object.fromEntries(sortByKey([...places].map(([rule, byPlace]) => [rule, joinLines(byPlace)])));
}

function joinLines(byPlace: ReadonlyMap<string, readonly number[]>): Record<string, string> {
  return Object.fromEntries(sortByKey([...byPlace].map(([where, lines]) => [where, lines.join(', ')])));
}

function sortByKey<Value>(entries: readonly (readonly [string, Value])[]): (readonly [string, Value])[] {
  return [...entries].sort(([a], [b]) => (a < b ? -1 : 1));
}

function printCounts(found: Found): void {
  const totals = new Map<string, number>();
  for (const [folder, rules] of Object.entries(found)) {
    const counts = Object.entries(rules).map(([rule, places]) => [rule, countLines(places)] as const);
    for (const [rule, count] of counts) totals.set(rule, (totals.get(rule) ?? 0) + count);
    console.log(`${folder.padEnd(36)} ${counts.map(([rule, count]) => `${count} ${rule}`).join(', ') || 'none'}`);
  }
  console.log('\nin all:');
  for (const [rule, count] of sortByKey([...totals])) console.log(`  ${rule.padEnd(24)} ${count}`);
}

function countLines(places: Record<string, string>): number {
  return Object.values(places).flatMap((lines) => lines.split(', ')).length;
}

function compare(found: Found, golden: Found): string[] {
  const folders = new Set([...Object.keys(golden), ...Object.keys(found)]);
  return [...folders].flatMap((folder) => {
    const [was, is] = [flatten(golden[folder]), flatten(found[folder])];
    return [
      ...[...was].filter((place) => !is.has(place)).map((place) => `${folder}: no longer found: ${place}`),
      ...[...is]
        .filter((place) => !was.has(place))
        .map((place) => `${folder}: not checked by hand: ${place} (npm run rbac -- --update accepts it)`),
    ];
  });
}

function flatten(rules: Found[string] = {}): Set<string> {
  const entries = Object.entries(rules);
  return new Set(
    entries.flatMap(([rule, places]) => Object.entries(places).map(([where, lines]) => `${rule} in ${where} ${lines}`)),
  );
}
