/**
 * `npm run bench [-- DIR]`: what kubemend costs, as ratios within one run, since machines differ and are noisy.
 *
 * Throughput is measured in this process, warm, reading excluded, against `parseAllDocuments` of the `yaml` package with its default
 * options over exactly the documents that kubemend parses. Start-up is measured in processes of their own against `node -e 0`.
 */
import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { parseAllDocuments } from 'yaml';
import type { Risk } from '../src/core/finding.js';
import { createEngine } from '../src/engine/engine.js';
import { mayHoldFacts, mayHoldPods } from '../src/engine/scan.js';
import type { FileResult } from '../src/engine/types.js';
import { FACT_KINDS, knownKinds } from '../src/kube/kinds.js';
import { patchOf } from '../src/report/patch.js';
import { createSession, type Session } from '../src/session.js';
import { splitDocuments } from '../src/yaml/documents.js';
import { type CorpusFile, readCorpus } from './corpus/files.js';

const ROUNDS = 9;
setFlagsFromString('--expose-gc');
const collectGarbage: () => void = runInNewContext('gc');
const root = resolve(process.argv[2] ?? '../shared/corpus');

if (!existsSync(root)) {
  console.error(`npm run bench: no folder ${root}. Name one: npm run bench -- DIR`);
  process.exitCode = 2;
} else {
  throughput(readCorpus(root));
  memory();
  startUp();
}

function throughput(corpus: readonly CorpusFile[]): void {
  const documents = parsedDocuments(corpus);
  const size = documents.reduce((sum, text) => sum + text.length, 0);
  console.log(`${corpus.length} files; ${documents.length} documents are parsed, ${(size / 1e6).toFixed(2)} MB`);
  const hardened = rewrite(corpus, 'high');
  const times = measure({
    base: () => documents.forEach((text) => void parseAllDocuments(text)),
    medium: () => dryRun(corpus, 'medium'),
    high: () => dryRun(corpus, 'high'),
    nothing: () => dryRun(hardened, 'high'),
  });
  const base = times.base as number;
  console.log(`base: parseAllDocuments over them: ${base.toFixed(0)} ms, ${(size / base / 1e3).toFixed(1)} MB/s`);
  report('dry run, everything changes, --max-risk medium', times.medium as number, base);
  report('dry run, everything changes, --max-risk high', times.high as number, base);
  report('dry run, nothing changes', times.nothing as number, base);
  shares(corpus);
}

/** Which part of a dry run is the first pass, and which the evidence of the repository: filling the index, and asking it. */
function shares(corpus: readonly CorpusFile[]): void {
  const rounds = Array.from({ length: ROUNDS }, () => {
    const evidence = { time: 0 };
    const start = performance.now();
    const session = createSession({ maxRisk: 'medium' }, (options) => {
      const engine = createEngine(options);
      takeTimes(engine.index, evidence);
      return engine;
    });
    surveyAll(session, corpus);
    const surveyed = performance.now();
    fixAll(session, corpus);
    const whole = performance.now() - start;
    return { firstPass: (surveyed - start) / whole, evidence: evidence.time / whole };
  });
  const percent = (part: 'firstPass' | 'evidence') => `${(median(rounds.map((round) => round[part])) * 100).toFixed(0)} %`;
  console.log(
    `of a dry run, --max-risk medium: ${percent('firstPass')} first pass, ${percent('evidence')} evidence of the repository`,
  );
}

/** Adds up what the methods of an object take, which call none of each other. */
function takeTimes(object: object, total: { time: number }): void {
  for (const [name, method] of Object.entries(object)) {
    if (typeof method !== 'function') continue;
    const timed = (...args: readonly unknown[]): unknown => {
      const start = performance.now();
      const result: unknown = method(...args);
      total.time += performance.now() - start;
      return result;
    };
    Object.assign(object, { [name]: timed });
  }
}

/** The texts of the documents that one run parses, in either pass, each once. */
function parsedDocuments(corpus: readonly CorpusFile[]): string[] {
  const session = surveyed(corpus, 'medium');
  return corpus.flatMap(({ path, text }) => {
    const isLeft = session.left(path) !== undefined || session.fix(path, text).left?.code === 'GENERATED';
    const slices = splitDocuments(text);
    return slices
      .filter((slice) => mayHoldFacts(text, slice, FACT_KINDS) || (!isLeft && mayHoldPods(text, slice, knownKinds)))
      .map(({ start, end }) => text.slice(start, end));
  });
}

function surveyed(corpus: readonly CorpusFile[], maxRisk: Risk): Session {
  const session = createSession({ maxRisk });
  surveyAll(session, corpus);
  return session;
}

function surveyAll(session: Session, corpus: readonly CorpusFile[]): void {
  for (const { path, text } of corpus) session.survey(path, text);
  if (session.awaiting().length > 0) for (const { path, text } of corpus) session.weigh(path, text);
}

function dryRun(corpus: readonly CorpusFile[], maxRisk: Risk): number {
  return fixAll(surveyed(corpus, maxRisk), corpus);
}

function fixAll(session: Session, corpus: readonly CorpusFile[]): number {
  let length = 0;
  for (const { path, text } of corpus) {
    const result: FileResult = session.fix(path, text);
    if (result.status === 'changed') length += patchOf(path, text, result.splices).length;
  }
  return length;
}

function rewrite(corpus: readonly CorpusFile[], maxRisk: Risk): CorpusFile[] {
  const session = surveyed(corpus, maxRisk);
  return corpus.map(({ path, text }) => ({ path, text: session.fix(path, text).text }));
}

/** The best time of each task in ms, the tasks taking turns so that noise hits all alike. None pays for the garbage of another. */
function measure(tasks: Readonly<Record<string, () => unknown>>): Record<string, number> {
  const best: Record<string, number> = {};
  for (let round = 0; round < ROUNDS; round++) {
    for (const [name, task] of Object.entries(tasks)) {
      collectGarbage();
      const start = performance.now();
      task();
      best[name] = Math.min(best[name] ?? Number.POSITIVE_INFINITY, performance.now() - start);
    }
  }
  return best;
}

function report(what: string, time: number, base: number): void {
  console.log(`${what}: ${time.toFixed(0)} ms = ${(time / base).toFixed(2)} x`);
}

/** Peak of the live heap over 1 and 10 copies of the corpus, findings dropped file by file; a process each. */
function memory(): void {
  const script = join(import.meta.dirname, 'bench', 'memory.ts');
  const peaks = [1, 10].map((copies) => {
    const output = execFileSync('node', ['--expose-gc', '--import', 'tsx', script, root, String(copies)], { encoding: 'utf8' });
    return Number(output.trim());
  });
  const [once, tenfold] = peaks as [number, number];
  const inMegabytes = peaks.map((peak) => `${(peak / 1e6).toFixed(1)} MB`).join(' and ');
  console.log(`peak of the live heap at 1 x and 10 x the corpus: ${inMegabytes} = ${(tenfold / once).toFixed(2)} x`);
}

function startUp(): void {
  const bin = resolve(import.meta.dirname, '../dist/bin/kubemend.js');
  const folder = mkdtempSync(join(tmpdir(), 'kubemend-bench-'));
  const pod = 'apiVersion: v1\nkind: Pod\nmetadata:\n  name: a\nspec:\n  containers:\n    - name: a\n      image: nginx:1.27\n';
  writeFileSync(join(folder, 'pod.yaml'), pod);
  const commands: Readonly<Record<string, readonly string[]>> = {
    node: ['-e', '0'],
    version: [bin, '--version'],
    file: [bin, 'pod.yaml'],
  };
  const times: Record<string, number[]> = {};
  for (let round = 0; round < 25; round++) {
    for (const [name, args] of Object.entries(commands)) {
      const start = performance.now();
      spawnSync('node', args, { cwd: folder });
      const list = times[name] ?? [];
      times[name] = list;
      list.push(performance.now() - start);
    }
  }
  rmSync(folder, { recursive: true });
  const node = median(times.node as number[]);
  console.log(`node -e 0: ${node.toFixed(0)} ms`);
  report('--version', median(times.version as number[]), node);
  report('one small file', median(times.file as number[]), node);
}

function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[values.length >> 1] as number;
}
