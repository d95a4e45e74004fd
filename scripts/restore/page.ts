import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { RISKS, type Risk } from '../../src/core/finding.js';
import { markdownTable, type Outcome, percent } from '../conformance/print.js';
import type { Measurement } from './measure.js';
import { type FieldCounts, sumFields } from './summary.js';

const NAME = 'docs/safety.md';
const BLOCK = /(?<=^<!-- restore -->\n)[\s\S]*?(?=^<!-- \/restore -->$)/m;

/** Compares the block of the page with what it should say, or brings it up to date. */
export function checkPage(path: string, block: string, isUpdate: boolean): Outcome {
  const text = existsSync(path) ? readFileSync(path, 'utf8') : '';
  if (!BLOCK.test(text)) return { lines: [], faults: [`${NAME} has no block restore`] };
  const next = text.replace(BLOCK, () => `\n${block}\n\n`);
  if (next === text) return { lines: [`${NAME} is up to date`], faults: [] };
  if (!isUpdate) return { lines: [`${NAME} is stale`], faults: [`${NAME} is stale; npm run restore -- --update`] };
  writeFileSync(path, next);
  return { lines: [`${NAME} was brought up to date`], faults: [] };
}

export function restoreBlock({ manifests, rows, left }: Measurement, fields: readonly FieldCounts[]): string {
  const all = [...fields, sumFields(fields)];
  const names = all.map(({ field }) => (field === 'all' ? 'all' : `\`${field}\``));
  const share = (part: number, whole: number) => (whole === 0 ? String(part || '-') : `${part}, ${percent(part, whole)}`);
  const needs = all.map(({ at }, index) => {
    const cell = (risk: Risk) => share(at[risk].contradictions, at[risk].needs);
    return [names[index] ?? '', String(at.low.needs), ...RISKS.map(cell)];
  });
  const hardening = all.map(({ at }, index) => {
    const cell = (risk: Risk) => share(at[risk].same, at[risk].hardening);
    return [names[index] ?? '', String(at.low.hardening), ...RISKS.map(cell), ...RISKS.map((risk) => String(at[risk].stronger))];
  });
  const others = [...left].map(([code, count]) => `${count} \`${code}\``).join(', ');
  const isSaid = ([, count]: readonly string[]) => count !== '0';
  const isContradicted = ([, ...cells]: readonly string[]) => cells.some((cell) => !/^(?:0|-)$/.test(cell));
  return [
    `${rows.length} statements in ${manifests} public manifests, with \`--include-system\`. Not counted are manifests that say`,
    `something and are left alone: ${others === '' ? 'none' : others}.`,
    '',
    'Needs, and how many of them are contradicted:',
    '',
    markdownTable(['Field', 'Needs', ...RISKS.map((risk) => `at \`${risk}\``)], needs.filter(isContradicted)),
    '',
    'Hardening, how much of it is made again, and how often a field is hardened of which nothing was said:',
    '',
    markdownTable(
      ['Field', 'Hardening', ...RISKS.map((risk) => `at \`${risk}\``), ...RISKS.map((risk) => `stronger at \`${risk}\``)],
      hardening.filter(isSaid),
    ),
  ].join('\n');
}
