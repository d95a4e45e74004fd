/**
 * Prints the peak of the live heap, in bytes, of a dry run over a folder taken COPIES times, findings dropped; warm, so that compiled
 * code counts in both runs.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createSession } from '../../src/session.js';
import { readCorpus } from '../corpus/files.js';

const [root, copies] = process.argv.slice(2) as [string, string];
const paths = readCorpus(root).map(({ path }) => path);
let peak = 0;
let seen = 0;

function* eachFile(times: number): Iterable<[string, string]> {
  for (let copy = 0; copy < times; copy++) {
    for (const path of paths) yield [`copy${copy}/${path}`, readFileSync(join(root, path), 'utf8')];
  }
}

function sample(): void {
  if (++seen % 100 !== 0) return;
  globalThis.gc?.();
  peak = Math.max(peak, process.memoryUsage().heapUsed);
}

function dryRun(times: number): void {
  const session = createSession();
  for (const [path, text] of eachFile(times)) {
    session.survey(path, text);
    sample();
  }
  for (const [path, text] of eachFile(times)) {
    session.fix(path, text);
    sample();
  }
}

dryRun(1);
peak = 0;
dryRun(Number(copies));
console.log(peak);
