/**
 * `npm run restore [-- DIR]`: whether hardened pods would still start. Real manifests whose maintainers said something about security
 * are stripped of it, hardened at each risk without knowing what they said, and compared with it, field by field. `--list weaker`
 * says why hardening is not made again, `--json FILE` writes all that was compared. The figures are part of docs/safety.md, which
 * `--update` brings up to date. Exit code 1 when a limit is exceeded or anything is wrong, 2 when the folder is missing.
 */
import { existsSync, writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { measureRepository } from './restore/measure.js';
import { checkPage, restoreBlock } from './restore/page.js';
import { printContradictions, printCounts, printWeaker } from './restore/print.js';
import { readRepositories } from './restore/repositories.js';
import { countFields, findExcesses, joinMeasurements, sumFields } from './restore/summary.js';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { update: { type: 'boolean', default: false }, list: { type: 'string' }, json: { type: 'string' } },
});
const usual = resolve(import.meta.dirname, '../../shared/corpus');
const root = positionals[0] === undefined ? usual : resolve(positionals[0]);

if (!existsSync(root)) {
  console.error(`npm run restore: no folder ${root}. Name one: npm run restore -- DIR`);
  process.exitCode = 2;
} else if (values.list !== undefined && values.list !== 'weaker') {
  console.error(`npm run restore: --list takes weaker, and not ${values.list}`);
  process.exitCode = 2;
} else {
  run();
}

function run(): void {
  const measured = joinMeasurements(readRepositories(root).map(measureRepository));
  const { manifests, rows, left } = measured;
  const fields = countFields(measured);
  console.log(`${manifests} manifests, ${rows.length} statements`);
  console.log(`left alone: ${[...left].map(([code, count]) => `${count} ${code}`).join(', ') || 'none'}`);
  console.log(printCounts(fields).join('\n'));
  console.log(printContradictions(rows).join('\n'));
  if (values.list === 'weaker') console.log(printWeaker(rows).join('\n'));
  if (values.json !== undefined) writeFileSync(values.json, `${JSON.stringify(rows, undefined, 2)}\n`);
  const faults = [...measured.faults, ...findExcesses(sumFields(fields))];
  // Without any, nothing would be tested and all would be well.
  if (rows.length === 0) faults.push(`no manifest below ${root} says anything about security`);
  if (root === usual) {
    const page = checkPage(resolve(import.meta.dirname, '../docs/safety.md'), restoreBlock(measured, fields), values.update);
    console.log(['', ...page.lines].join('\n'));
    faults.push(...page.faults);
  }
  console.log(faults.length === 0 ? '\nnothing is wrong' : `\n${faults.length} faults`);
  for (const fault of faults) console.log(`  ${fault}`);
  if (faults.length > 0) process.exitCode = 1;
}
