/** Prints the peak of the live heap, in bytes, of a dry run over a folder taken COPIES times. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createSession } from '../../src/session.js';
import { readCorpus } from '../corpus/files.js';

const [root, copies] = process.argv.slice(2) as [string, string];
const paths = readCorpus(root).map(({ path }) => path);
const session = createSession();
let peak = 0;
let seen = 0;

function* eachFile(): Iterable<[string, string]> {
  for (let copy = 0; copy < Number(copies); copy++) {
    for (const path of paths) yield [`copy${copy}/${path}`, readFileSync(join(root, path), 'utf8')];
  }
}

function sample(): void {
  if (++seen % 100 !== 0) return;
  globalThis.gc?.();
  peak = Math.max(peak, process.memoryUsage().heapUsed);
}

for (const [path, text] of eachFile()) {
  session.survey(path, text);
  sample();
}
for (const [path, text] of eachFile()) {
  session.fix(path, text);
  sample();
}
console.log(peak, process.resourceUsage().maxRSS * 1024);
