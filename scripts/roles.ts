/**
 * `npm run roles [-- [--update] [DIR]]`: what each file of a folder of real manifests is, as counts by folder, compared with those that
 * were checked by hand; and with what kustomize uses the files for. Exit code 1 for a difference, 2 when the folder is missing.
 */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { Role } from '../src/engine/types.js';
import { createSession, inSurveyOrder } from '../src/session.js';
import { type CorpusFile, readCorpus, repositoryOf } from './corpus/files.js';
import { isKustomizationFile, readUses, type Use } from './roles/uses.js';

const GOLDEN = join(import.meta.dirname, 'roles.golden.json');

/** Roles of objects that are hardened, and of parts that are not. */
const OBJECTS: readonly Role[] = ['manifest', 'list', 'base', 'crd'];
const PARTS: readonly Role[] = ['patch', 'json-patch', 'kustomize-input'];

/** By folder, how many files have which role. */
type Counts = Record<string, Partial<Record<Role, number>>>;

const [first, second] = process.argv.slice(2);
const isUpdate = first === '--update';
const root = resolve((isUpdate ? second : first) ?? '../shared/corpus');
if (!existsSync(root)) {
  console.error(`npm run roles: no folder ${root}. Name one: npm run roles -- DIR`);
  process.exitCode = 2;
} else {
  const files = readCorpus(root);
  const roles = readRoles(files);
  const problems = [...compareCounts(countByFolder(roles)), ...compareUses(roles, files)];
  for (const problem of problems) console.log(problem);
  console.log(problems.length === 0 ? '\nnothing is wrong' : `\n${problems.length} problems`);
  if (problems.length > 0) process.exitCode = 1;
}

function readRoles(files: readonly CorpusFile[]): ReadonlyMap<string, Role> {
  const session = createSession();
  for (const { path, text } of inSurveyOrder(files, ({ path }) => path)) session.survey(path, text);
  return new Map(files.map(({ path, text }) => [path, session.role(path, text).role]));
}

function countByFolder(roles: ReadonlyMap<string, Role>): Counts {
  const counts: Counts = {};
  for (const [path, role] of roles) {
    const folder = repositoryOf(path);
    const row = counts[folder] ?? {};
    counts[folder] = row;
    row[role] = (row[role] ?? 0) + 1;
  }
  for (const [folder, row] of Object.entries(counts)) counts[folder] = Object.fromEntries(Object.entries(row).sort());
  return counts;
}

function compareCounts(counts: Counts): string[] {
  for (const [folder, row] of Object.entries(counts)) console.log(`${folder.padEnd(36)} ${describe(row)}`);
  if (isUpdate) writeFileSync(GOLDEN, `${JSON.stringify(counts, null, 2)}\n`);
  const golden = JSON.parse(readFileSync(GOLDEN, 'utf8')) as Counts;
  return [...new Set([...Object.keys(golden), ...Object.keys(counts)])].flatMap((folder) => {
    const [was, is] = [describe(golden[folder] ?? {}), describe(counts[folder] ?? {})];
    return was === is ? [] : [`${folder}: ${is}; checked by hand: ${was} (npm run roles -- --update accepts it)`];
  });
}

function describe(row: Counts[string]): string {
  return Object.entries(row)
    .map(([role, amount]) => `${amount} ${role}`)
    .join(', ');
}

/** Nothing that kustomize takes for an object is a part to kubemend, and the reverse. */
function compareUses(roles: ReadonlyMap<string, Role>, files: readonly CorpusFile[]): string[] {
  const kustomizations = files.map(({ path }) => path).filter(isKustomizationFile);
  const uses = readUses(root, kustomizations);
  const table: Record<Use, Partial<Record<Role, number>>> = { resource: {}, patch: {}, input: {} };
  const problems: string[] = [];
  for (const [path, used] of uses) {
    const role = roles.get(path);
    // What is no YAML or JSON, such as the content of a ConfigMap, is no file to kubemend.
    if (role === undefined) continue;
    for (const use of used) table[use][role] = (table[use][role] ?? 0) + 1;
    const isWrong = used.has('resource') && !used.has('patch') ? PARTS.includes(role) : OBJECTS.includes(role);
    if (isWrong) problems.push(`${path}: ${role} to kubemend, ${[...used].join(' and ')} to kustomize`);
  }
  console.log(`\n${kustomizations.length} kustomizations use, by the role that kubemend sees:`);
  for (const [use, row] of Object.entries(table)) console.log(`  as ${use.padEnd(9)} ${describe(row)}`);
  return problems;
}
