/**
 * `KUSTOMIZE=… ORACLE=… npm run kustomize [-- DIR]`: builds every kustomization of a folder of real manifests before and after
 * `kubemend --write` with all transforms, at each risk; a folder that is named is one repository. The builds may differ in nothing but
 * the changes that kubemend lists and the objects that it creates, each of them there once; none may stop building, a second run changes
 * nothing, and to Kubernetes no object is worse. Exit code 1 when anything is wrong, 2 when something is missing.
 */
import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { RISKS, type Risk } from '../src/core/finding.js';
import { compare as askOracle } from './conformance/ask.js';
import { withFolder } from './conformance/folders.js';
import { readCorpus, repositoryOf } from './corpus/files.js';
import { countReady, harden } from './corpus/harden.js';
import { compareWritten, describeWritten } from './corpus/written.js';
import { asFields, type Built, build, readOrigins } from './kustomize/build.js';
import { readCreated, readListed, unexplained } from './kustomize/explain.js';
import { isKustomizationFile } from './roles/uses.js';

const { KUSTOMIZE: kustomize, ORACLE: oracle } = process.env;
const bin = resolve(import.meta.dirname, '../dist/bin/kubemend.js');
const isOne = process.argv[2] !== undefined;
const source = resolve(process.argv[2] ?? '../shared/corpus');

const missing = findMissing();
if (missing !== undefined) {
  console.error(`npm run kustomize: ${missing}`);
  process.exitCode = 2;
} else {
  withFolder((folder) => run(folder, kustomize ?? '', oracle ?? ''));
}

function findMissing(): string | undefined {
  if (!existsSync(source)) return `no folder ${source}. Name one: npm run kustomize -- DIR`;
  if (!kustomize || !existsSync(kustomize))
    return 'KUSTOMIZE must name kustomize: go install sigs.k8s.io/kustomize/kustomize/v5@v5.8.2';
  if (!oracle || !existsSync(oracle)) return 'ORACLE must name the program that judges by Kubernetes';
  return existsSync(bin) ? undefined : 'dist is missing: npm run build';
}

/** A kustomization that builds, and what it makes. */
interface Kustomized {
  /** Relative to the root. */
  readonly folder: string;
  readonly objects: readonly Built[];
  readonly origins: ReadonlyMap<string, string>;
}

function run(folder: string, program: string, judge: string): void {
  const before = join(folder, 'before');
  copy(source, before);
  const folders = readCorpus(source).flatMap(({ path }) => (isKustomizationFile(path) ? [dirname(path)] : []));
  const built = join(folder, 'built-before');
  const kustomized = folders.flatMap((path): Kustomized[] => {
    const made = build(program, join(before, path));
    if (made === undefined) return [];
    keep(built, path, made.text);
    return [{ folder: path, objects: made.objects, origins: readOrigins(program, before, join(before, path)) }];
  });
  const repositories = isOne ? ['.'] : [...new Set(folders.map((path) => repositoryOf(`${path}/`)))];
  const objects = kustomized.reduce((sum, each) => sum + each.objects.length, 0);
  console.log(`${folders.length} kustomizations, ${kustomized.length} build without the net: ${objects} objects`);
  for (const risk of RISKS) compareAt(risk, { folder, before, built, kustomized, program, judge, repositories });
  console.log(process.exitCode === 1 ? '\nsomething is wrong' : '\nnothing is wrong');
}

interface Comparison {
  readonly folder: string;
  readonly before: string;
  readonly built: string;
  readonly kustomized: readonly Kustomized[];
  readonly program: string;
  readonly judge: string;
  readonly repositories: readonly string[];
}

function compareAt(risk: Risk, { folder, before, built, kustomized, program, judge, repositories }: Comparison): void {
  const after = join(folder, risk);
  copy(source, after);
  const report = harden(after, risk, repositories);
  const written = compareWritten(before, after, report);
  const listed = readListed(report, before, new Set(kustomized.flatMap(({ origins }) => [...origins.values()])));
  const created = readCreated(report);
  const builtAfter = join(folder, `built-${risk}`);
  const faults = [...written.faults];
  let explained = 0;
  let added = 0;
  for (const { folder: path, objects, origins } of kustomized) {
    const made = build(program, join(after, path));
    if (made === undefined) {
      faults.push(`${path} does not build any more`);
      continue;
    }
    keep(builtAfter, path, made.text);
    const found = unexplained(objects, made.objects, origins, listed, created);
    faults.push(...found.faults.map((fault) => `${path}: ${fault}`));
    explained += found.explained;
    added += found.created;
  }
  // At the other risks the same is asked of every file by `npm run corpus`.
  const again = risk === 'high' ? countReady(harden(after, risk, repositories)) : 0;
  if (again > 0) faults.push(`a second run makes ${again} changes`);
  // All that creates is of high risk.
  if (risk === 'high' && (written.documents === 0 || (!isOne && (written.newFiles === 0 || added === 0))))
    faults.push('no new object, file or built object, so nothing of that was tested');
  const { summary, worse } = askOracle(judge, built, builtAfter, {}, ({ kind, name }) =>
    created.some(({ value }) => value.kind === kind && name.includes(String(asFields(value.metadata).name))),
  );
  faults.push(...worse.map(({ text }) => `worse to Kubernetes: ${text}`));
  console.log(
    `--max-risk ${risk}: ${countReady(report)} changes written; ${describeWritten(written)};\n` +
      `    ${explained} values differ as listed, ${added} new objects are built, ${faults.length} faults; ` +
      `${risk === 'high' ? `2nd run ${again}; ` : ''}${summary.objects} objects, ${worse.length} worse, restricted ${summary.psaRestrictedBefore} → ${summary.psaRestrictedAfter}`,
  );
  for (const fault of faults.slice(0, 20)) console.log(`    ${fault}`);
  if (faults.length > 0) process.exitCode = 1;
}

function copy(from: string, to: string): void {
  cpSync(from, to, { recursive: true, mode: 0 });
  // What is copied from a folder that nobody may write to is none to write to, either.
  spawnSync('chmod', ['-R', 'u+w', to]);
}

function keep(folder: string, path: string, text: string): void {
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, `${path.replaceAll('/', '__') || 'root'}.yaml`), text);
}
