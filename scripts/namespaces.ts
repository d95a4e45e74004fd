/**
 * `ORACLE=… npm run namespaces [-- DIR]`: hardens a copy of each repository of a folder of real manifests with the built command, and
 * asks Kubernetes' own code whether every workload is at the level that the labels of its Namespace claim. Which workloads are in a
 * Namespace is told here by what is written, by files and by kustomizations, and not by the index of kubemend; with `KUSTOMIZE` also by
 * what it builds. Exit code 1 for any contradiction, 2 when something is missing.
 */
import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { RISKS } from '../src/core/finding.js';
import { withFolder } from './conformance/folders.js';
import { readCorpus, repositoryOf } from './corpus/files.js';
import { type Built, build } from './kustomize/build.js';
import { type Claim, claimsOf, contradiction, judgeTree, keyOf } from './namespaces/claims.js';
import { isNamespace, metadataOf, readTree, type Tree, type TreeObject } from './namespaces/tree.js';
import { isKustomizationFile } from './roles/uses.js';

const { ORACLE: oracle, KUSTOMIZE: kustomize } = process.env;
const bin = resolve(import.meta.dirname, '../dist/bin/kubemend.js');
const source = resolve(process.argv[2] ?? '../shared/corpus');

/** A version that judges otherwise than the newest does, and `enforce`, which claims the same. */
const TOLD = ['--set', 'label-namespace.version=v1.25', '--set', 'label-namespace.enforce=reached'];

/** What reaches less is tested by the lower risks; the label is the same one in both profiles. */
const ROUNDS = [
  ['--profile', 'recommended', '--max-risk', 'medium'],
  ...RISKS.map((risk) => ['--profile', 'all', '--max-risk', risk]),
  ['--profile', 'all', '--max-risk', 'high', ...TOLD],
];

/** What no round changes; the others build it again. */
const builds = new Map<string, ReturnType<typeof build>>();

const missing = findMissing();
if (missing !== undefined) {
  console.error(`npm run namespaces: ${missing}`);
  process.exitCode = 2;
} else {
  const repositories = [
    ...new Set(
      readCorpus(source).flatMap(({ path, text }) => (/^ *"?kind"?: *"?Namespace\b/m.test(text) ? [repositoryOf(path)] : [])),
    ),
  ];
  console.log(`${repositories.length} repositories have a Namespace`);
  for (const round of ROUNDS) withFolder((folder) => runRound(folder, repositories, round, oracle ?? ''));
  console.log(process.exitCode === 1 ? '\nsomething is wrong' : '\nnothing is wrong');
}

function findMissing(): string | undefined {
  if (!existsSync(source)) return `no folder ${source}. Name one: npm run namespaces -- DIR`;
  if (!oracle || !existsSync(oracle)) return 'ORACLE must name the program that judges by Kubernetes';
  return existsSync(bin) ? undefined : 'dist is missing: npm run build';
}

interface Figures {
  namespaces: number;
  labelled: number;
  manual: number;
  workloads: number;
  built: number;
  again: number;
}

function runRound(folder: string, repositories: readonly string[], options: readonly string[], program: string): void {
  const sum: Figures = { namespaces: 0, labelled: 0, manual: 0, workloads: 0, built: 0, again: 0 };
  const faults: string[] = [];
  for (const [at, repository] of repositories.entries()) {
    const after = join(folder, String(at));
    copy(join(source, repository), after);
    sum.manual += write(after, options, 'manual');
    const { labelled } = sum;
    const found = check(join(source, repository), after, program, sum);
    faults.push(...found.map((fault) => `${repository}/${fault}`));
    if (sum.labelled > labelled) sum.again += write(after, options, 'ready');
  }
  if (sum.again > 0) faults.push(`a second run changes ${sum.again} Namespaces`);
  const { namespaces, labelled, manual, workloads, built } = sum;
  console.log(
    `${options.join(' ')}: ${labelled} of ${namespaces} Namespaces labelled, ${manual} left to a person; ` +
      `${workloads} workloads and ${built} built ones are at what is claimed, ${faults.length} faults; 2nd run ${sum.again}`,
  );
  for (const fault of faults.slice(0, 20)) console.log(`    ${fault}`);
  if (faults.length > 0) process.exitCode = 1;
}

function copy(from: string, to: string): void {
  cpSync(from, to, { recursive: true, mode: 0 });
  // What is copied from a folder that nobody may write to is none to write to, either.
  spawnSync('chmod', ['-R', 'u+w', to]);
}

/** Writes, and says how many findings of labels have that status. */
function write(folder: string, options: readonly string[], status: string): number {
  const output = join(folder, '..', 'report.json');
  const args = [bin, '--write', '--quiet', '--format', 'json', '--output', output, ...options, '.'];
  const ended = spawnSync('node', args, { cwd: folder, encoding: 'utf8' });
  // 2 says that files were refused; anything else is a crash.
  if (ended.status !== 0 && ended.status !== 2) throw new Error(`kubemend ended with ${ended.status}: ${ended.stderr}`);
  const { files } = JSON.parse(readFileSync(output, 'utf8')) as Report;
  const findings = files.flatMap((file) => file.findings);
  return findings.filter((each) => each.transform === 'label-namespace' && each.status === status).length;
}

interface Report {
  readonly files: readonly { readonly findings: readonly { readonly transform: string; readonly status: string }[] }[];
}

function check(before: string, after: string, program: string, sum: Figures): string[] {
  const old = new Map(readTree(before).objects.map((object) => [keyOf(object), object]));
  const tree = readTree(after);
  const faults: string[] = [];
  const claimed: [TreeObject, Claim][] = [];
  for (const object of tree.objects.filter(({ value }) => isNamespace(value))) {
    const { claims, invalid } = claimsOf(old.get(keyOf(object))?.value ?? {}, object.value);
    faults.push(...invalid.map((label) => `${object.file}: Kubernetes does not take ${label}`));
    claimed.push(...claims.map((claim) => [object, claim] as [TreeObject, Claim]));
    sum.namespaces++;
    if (claims.length > 0) sum.labelled++;
  }
  const versions = claimed.flatMap(([, claim]) => claim.versions);
  const verdicts = claimed.length === 0 ? new Map() : judgeTree(program, after, versions);
  const met = new Set<string>();
  for (const [namespace, claim] of claimed) {
    const pods = tree.objects.filter((object) => verdicts.has(keyOf(object)) && isIn(tree, namespace, object));
    for (const pod of pods) {
      met.add(keyOf(pod));
      const fault = contradiction(claim, verdicts.get(keyOf(pod)));
      if (fault !== undefined)
        faults.push(`${pod.file}: ${nameOf(pod)} in ${nameOf(namespace)} of ${namespace.file}, ${claim.mode}: ${fault}`);
    }
  }
  sum.workloads += met.size;
  return [...faults, ...checkBuilds(before, after, program, sum)];
}

function isIn({ together }: Tree, namespace: TreeObject, object: TreeObject): boolean {
  const named = metadataOf(object.value, 'namespace');
  return named === undefined ? together(namespace.file, object.file) : named === metadataOf(namespace.value, 'name');
}

function nameOf({ value }: { readonly value: TreeObject['value'] }): string {
  return `${String(value.kind)} ${metadataOf(value, 'name') ?? ''}`;
}

/** The same of what kustomize makes: there, every object has its namespace. */
function checkBuilds(before: string, after: string, program: string, sum: Figures): string[] {
  if (!kustomize || !existsSync(kustomize)) return [];
  const folders = readCorpus(after).flatMap(({ path }) => (isKustomizationFile(path) ? [dirname(path)] : []));
  return folders.flatMap((path) => {
    const made = build(kustomize, join(after, path));
    const claims = made?.objects.some(({ value }) => isNamespace(value)) ? buildOnce(kustomize, join(before, path)) : undefined;
    return made && claims ? checkBuild(path, claims.objects, made, program, sum) : [];
  });
}

function buildOnce(program: string, folder: string): ReturnType<typeof build> {
  if (!builds.has(folder)) builds.set(folder, build(program, folder));
  return builds.get(folder);
}

function checkBuild(
  path: string,
  before: readonly Built[],
  made: { readonly text: string; readonly objects: readonly Built[] },
  program: string,
  sum: Figures,
): string[] {
  const old = new Map(before.map(({ key, value }) => [key, value]));
  const claimed = made.objects.flatMap(({ key, value }) =>
    isNamespace(value)
      ? claimsOf(old.get(key) ?? {}, value).claims.map((claim) => [metadataOf(value, 'name'), claim] as const)
      : [],
  );
  if (claimed.length === 0) return [];
  return withFolder((folder) => {
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, 'built.yaml'), made.text);
    const verdicts = judgeTree(
      program,
      folder,
      claimed.flatMap(([, claim]) => claim.versions),
    );
    return readTree(folder).objects.flatMap((object) => {
      const verdict = verdicts.get(keyOf(object));
      if (verdict === undefined) return [];
      const own = claimed.filter(([name]) => name === metadataOf(object.value, 'namespace'));
      if (own.length > 0) sum.built++;
      return own.flatMap(([name, claim]) => {
        const fault = contradiction(claim, verdict);
        return fault === undefined ? [] : [`${path}: ${nameOf(object)} as built, in ${name}, ${claim.mode}: ${fault}`];
      });
    });
  });
}
