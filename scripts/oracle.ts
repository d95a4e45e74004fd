/**
 * `ORACLE=… JUDGE=… npm run oracle [-- DIR]`: hardens a copy of a folder at each risk and asks two programs that know nothing of how
 * it was done: whether Kubernetes thinks less of any object (`ORACLE`), and whether anything but the hardening changed (`JUDGE`).
 */
import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { RISKS, type Risk } from '../src/core/finding.js';
import { createSession } from '../src/session.js';
import { type CorpusFile, readCorpus } from './corpus/files.js';

const { ORACLE: oracle, JUDGE: judge } = process.env;
const bin = resolve(import.meta.dirname, '../dist/bin/kubemend.js');
const source = resolve(process.argv[2] ?? '../shared/corpus');

if (!existsSync(source)) {
  console.error(`npm run oracle: no folder ${source}. Name one: npm run oracle -- DIR`);
  process.exitCode = 2;
} else if (!oracle || !judge || !existsSync(oracle) || !existsSync(judge)) {
  console.error('npm run oracle: ORACLE and JUDGE must name the two programs');
  process.exitCode = 2;
} else {
  for (const risk of RISKS) compare(oracle, judge, risk);
}

function compare(oraclePath: string, judgePath: string, risk: Risk): void {
  const folder = mkdtempSync(join(tmpdir(), 'kubemend-oracle-'));
  try {
    const before = join(folder, 'before');
    const after = join(folder, 'after');
    const files = plainManifests(readCorpus(source));
    for (const tree of [before, after]) writeTree(tree, files);
    const written = spawnSync('node', [bin, '--write', '--quiet', '--max-risk', risk, '.'], { cwd: after, encoding: 'utf8' });
    console.log(`--max-risk ${risk}`);
    askOracle(oraclePath, before, after);
    askJudge(judgePath, before, after);
    // 2 says that files were refused; anything else is a crash.
    if (written.status !== 0 && written.status !== 2) fail(`kubemend ended with ${written.status}: ${written.stderr}`);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** All but the files of charts, which the judge cannot read. */
function plainManifests(files: readonly CorpusFile[]): CorpusFile[] {
  const session = createSession();
  for (const { path, text } of files) session.survey(path, text);
  return files.filter(({ path }) => session.left(path)?.code !== 'CHART');
}

function writeTree(folder: string, files: readonly CorpusFile[]): void {
  for (const { path, text } of files) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
}

interface OracleSummary {
  readonly objects: number;
  readonly worse: number;
  readonly psaRestrictedBefore: number;
  readonly psaRestrictedAfter: number;
  readonly psaBaselineBefore: number;
  readonly psaBaselineAfter: number;
}

function askOracle(program: string, before: string, after: string): void {
  const { stdout } = spawnSync(program, ['pair', '--pods', before, after], { encoding: 'utf8', maxBuffer: 1 << 28 });
  const lines = stdout.trim().split('\n');
  const { summary } = JSON.parse(lines.at(-1) as string) as { summary: OracleSummary };
  const { objects, worse, psaRestrictedBefore, psaRestrictedAfter, psaBaselineBefore, psaBaselineAfter } = summary;
  console.log(`  oracle: ${objects} objects, ${worse} worse`);
  console.log(
    `    restricted ${psaRestrictedBefore} -> ${psaRestrictedAfter}, baseline ${psaBaselineBefore} -> ${psaBaselineAfter}`,
  );
  if (worse > 0) fail(lines.slice(0, 5).join('\n'));
}

interface JudgeFigures {
  readonly files: number;
  readonly changed: number;
  readonly correct: number;
  readonly noiseFiles: number;
  readonly noiseLines: number;
  readonly commentsLost: number;
}

function askJudge(program: string, before: string, after: string): void {
  const output = execFileSync('node', [program, before, after, '--list', '5'], { encoding: 'utf8', maxBuffer: 1 << 28 });
  const [first = ''] = output.split('\n');
  const { files, changed, correct, noiseFiles, noiseLines, commentsLost } = JSON.parse(first) as JudgeFigures;
  console.log(
    `  judge: ${files} files, ${changed} changed, ${correct} correct, noise ${noiseLines}, comments lost ${commentsLost}`,
  );
  if (correct !== files || noiseFiles > 0 || noiseLines > 0 || commentsLost > 0) fail(output);
}

function fail(what: string): void {
  console.log(what);
  process.exitCode = 1;
}
