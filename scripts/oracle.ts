/**
 * `JUDGE=… npm run oracle [-- DIR]`: hardens a copy of a folder at each risk with the built command and all transforms, and asks a
 * program that knows nothing of how it was done whether anything but the hardening changed; a folder that is named is one repository.
 * New objects the program takes as they are: that there are those that the run lists, and no others, is compared here. A kustomization
 * that lists new files is set aside from it, and must be the old text with these lines. What Kubernetes thinks of it is
 * `npm run conformance`.
 */
import { execFileSync } from 'node:child_process';
import { copyFileSync, existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { RISKS, type Risk } from '../src/core/finding.js';
import { plainManifests, withFolder, writeTree } from './conformance/folders.js';
import { type CorpusFile, readCorpus, repositoryOf } from './corpus/files.js';
import { harden } from './corpus/harden.js';
import { compareWritten, describeWritten } from './corpus/written.js';

const { JUDGE: judge } = process.env;
const isOne = process.argv[2] !== undefined;
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
    const repositories = isOne ? ['.'] : [...new Set(files.map(({ path }) => repositoryOf(path)))];
    const written = compareWritten(before, after, harden(after, risk, repositories));
    console.log(`--max-risk ${risk}: ${describeWritten(written)}, ${written.faults.length} faults`);
    if (written.faults.length > 0) fail(written.faults.slice(0, 20).join('\n'));
    // All that creates is of high risk.
    if (risk === 'high' && !isOne && (written.documents === 0 || written.newFiles === 0))
      fail('no new document, or no new file, so nothing of that was tested');
    console.log(`  set aside: ${written.listings.length} kustomizations that are as they were but for the new files`);
    for (const listing of written.listings) copyFileSync(join(before, listing), join(after, listing));
    askJudge(program, folder, before, after);
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
