/**
 * `ORACLE=… npm run conformance [-- --update]`: what becomes of the Pod Security Standards, by Kubernetes' own code. The official
 * fixtures are mended or left as they are; no real manifest is worse than before; each that does not reach a level is accounted for.
 * The figures are part of docs/pod-security.md, which `--update` brings up to date. `FIXTURES=DIR` names more fixtures, such as those
 * that the oracle's own module brings for all versions. Exit code 1 when anything is wrong, 2 when the oracle or a folder is missing.
 */
import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { checkFixtures, findFixtures } from './conformance/fixtures.js';
import { plainManifests } from './conformance/folders.js';
import { checkMounted } from './conformance/mounted.js';
import { checkPage } from './conformance/page.js';
import { checkPairs } from './conformance/pairs.js';
import type { Outcome } from './conformance/print.js';
import { checkReach } from './conformance/reach.js';
import { readCorpus } from './corpus/files.js';

const { ORACLE: oracle, FIXTURES: more } = process.env;
const shared = resolve(import.meta.dirname, '../../shared');
const folders = { fixtures: resolve(shared, 'pss'), corpus: resolve(shared, 'corpus'), ...(more && { more: resolve(more) }) };
const missing = Object.values(folders).find((folder) => !existsSync(folder));
const page = resolve(import.meta.dirname, '../docs/pod-security.md');
const faults: string[] = [];

if (!oracle || !existsSync(oracle)) {
  console.error(`npm run conformance: ORACLE must name the program that judges${oracle ? `; there is no ${oracle}` : ''}`);
  process.exitCode = 2;
} else if (missing !== undefined) {
  console.error(`npm run conformance: no folder ${missing}`);
  process.exitCode = 2;
} else {
  run(oracle);
}

function run(program: string): void {
  const fixtures = findFixtures(folders.fixtures);
  // Without any, nothing would be tested and all would be well.
  if (fixtures.length === 0) faults.push(`no fixtures below ${folders.fixtures}`);
  for (const folder of fixtures) report(checkFixtures(program, folder));
  for (const folder of fixtures) report(checkMounted(program, folder));
  // By hundreds: the sum of each is enough.
  for (const folder of folders.more === undefined ? [] : findFixtures(folders.more)) {
    const { lines, faults: found } = checkFixtures(program, folder);
    console.log(`${folder.level} ${folder.version} ${lines.at(-1)}`);
    faults.push(...found);
  }
  const files = plainManifests(readCorpus(folders.corpus));
  const pairs = checkPairs(program, files);
  report(pairs);
  const reached = (['baseline', 'restricted'] as const).map((level) => checkReach(program, files, level));
  for (const outcome of reached) report(outcome);
  report(
    checkPage(
      page,
      { manifests: files.length, pairs: pairs.pairs, reached: reached.map(({ reach }) => reach) },
      process.argv.includes('--update'),
    ),
  );
  console.log(faults.length === 0 ? '\nnothing is wrong' : `\n${faults.length} faults`);
  for (const fault of faults) console.log(`  ${fault}`);
  if (faults.length > 0) process.exitCode = 1;
}

function report({ lines, faults: found }: Outcome): void {
  console.log(['', ...lines].join('\n'));
  faults.push(...found);
}
