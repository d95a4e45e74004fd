/**
 * `JUDGE=… npm run oracle [-- DIR]`: hardens a copy of a folder at each risk with the built command, and asks a program that knows
 * nothing of how it was done whether anything but the hardening changed. What Kubernetes thinks of it is `npm run conformance`.
 */
import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { RISKS, type Risk } from '../src/core/finding.js';
import { plainManifests, withFolder, writeTree } from './conformance/folders.js';
import { type CorpusFile, readCorpus } from './corpus/files.js';

const { JUDGE: judge } = process.env;
const bin = resolve(import.meta.dirname, '../dist/bin/kubemend.js');
const source = resolve(process.argv[2] ?? '../shared/corpus');

if (!existsSync(source)) {
  console.error(`npm run oracle: no folder ${source}. Name one: npm run oracle -- DIR`);
  process.exitCode = 2;
} else if (!judge || !existsSync(judge)) {
  console.error('npm run oracle: JUDGE must name the program that judges');
  process.exitCode = 2;
} else {
  const files = plainManifests(readCorpus(source));
  for (const risk of RISKS) compare(judge, files, risk);
}

function compare(program: string, files: readonly CorpusFile[], risk: Risk): void {
  withFolder((folder) => {
    const before = join(folder, 'before');
    const after = join(folder, 'after');
    for (const tree of [before, after]) writeTree(tree, files);
    const written = spawnSync('node', [bin, '--write', '--quiet', '--max-risk', risk, '.'], { cwd: after, encoding: 'utf8' });
    console.log(`--max-risk ${risk}`);
    askJudge(program, folder, before, after);
    // 2 says that files were refused; anything else is a crash.
    if (written.status !== 0 && written.status !== 2) fail(`kubemend ended with ${written.status}: ${written.stderr}`);
  });
}

interface JudgeFigures {
  readonly files: number;
  readonly changed: number;
  readonly correct: number;
  readonly noiseLines: number;
  readonly commentsLost: number;
}

/** What the judge says of one changed file. */
interface JudgedFile {
  readonly file: string;
  readonly noise: number;
}

function askJudge(program: string, folder: string, before: string, after: string): void {
  const details = join(folder, 'judged.json');
  const args = [program, before, after, '--list', '5', '--json', details];
  const output = execFileSync('node', args, { encoding: 'utf8', maxBuffer: 1 << 28 });
  const [first = ''] = output.split('\n');
  const { files, changed, correct, noiseLines, commentsLost } = JSON.parse(first) as JudgeFigures;
  const { rows } = JSON.parse(readFileSync(details, 'utf8')) as { rows: readonly JudgedFile[] };
  const noisy = rows.filter(({ file, noise }) => noise > countMovedUp(join(before, file), join(after, file)));
  const explained = noisy.length === 0 && noiseLines > 0 ? ' (lines that moved up to a dash)' : '';
  console.log(
    `  judge: ${files} files, ${changed} changed, ${correct} correct, noise ${noiseLines}${explained}, comments lost ${commentsLost}`,
  );
  if (correct !== files || noisy.length > 0 || commentsLost > 0) fail([output, ...noisy.map(({ file }) => file)].join('\n'));
}

/**
 * How many lines moved up to the dash of their list item, since the key that stood there was removed. No changed value explains such a
 * line to the judge, which counts it as noise; there is no other way to write it.
 */
function countMovedUp(before: string, after: string): number {
  const old = new Set(readFileSync(before, 'utf8').split(/\r?\n/));
  const lines = readFileSync(after, 'utf8').split(/\r?\n/);
  return lines.filter((line) => !old.has(line) && /^ *- /.test(line) && old.has(line.replace('- ', '  '))).length;
}

function fail(what: string): void {
  console.log(what);
  process.exitCode = 1;
}
