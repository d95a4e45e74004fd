import { RISKS, type Risk } from '../../src/core/finding.js';
import { percent, table } from '../conformance/print.js';
import type { Outcome, Row } from './measure.js';
import { type FieldCounts, sumFields } from './summary.js';

/** A table for each risk. */
export function printCounts(fields: readonly FieldCounts[]): string[] {
  const head = ['needs', 'contradictions', 'share', 'hardening', 'same', 'weaker', 'share', 'stronger'];
  const total = sumFields(fields);
  return RISKS.flatMap((risk) => {
    const rows = [...fields, total].map(({ field, at }) => {
      const { needs, contradictions, hardening, same, stronger } = at[risk];
      const cells = [needs, contradictions, percent(contradictions, needs), hardening, same, hardening - same];
      return [field, ...cells, percent(same, hardening), stronger].map(String);
    });
    return ['', ...table([risk, ...head], rows)];
  });
}

/** Every contradiction, under the lowest risk at which it is made. */
export function printContradictions(rows: readonly Row[]): string[] {
  const lines: string[] = [];
  for (const risk of RISKS) {
    const isNew = (row: Row) => row.at[risk].class === 'contradiction' && lowestOf(row) === risk;
    const found = rows.filter(isNew);
    lines.push('', `contradictions from ${risk}: ${found.length}`);
    for (const row of found) {
      const { ours, transform, text } = row.at[risk];
      lines.push(`  ${row.repository}/${row.file} #${row.document}: ${row.object}, ${row.subject}${imageOf(row)}`);
      lines.push(`    ${row.field}: theirs ${row.theirs}; ours ${ours}`, `    ${transform}: ${text}`);
    }
  }
  return lines;
}

function imageOf({ image }: Row): string {
  return image === '' ? '' : ` (${image})`;
}

function lowestOf(row: Row): Risk | undefined {
  return RISKS.find((risk) => row.at[risk].class === 'contradiction');
}

const MOST = 12;

/** What is left open at the risks that are to make most of it again: by field and reason, and by image. */
export function printWeaker(rows: readonly Row[]): string[] {
  return (['medium', 'high'] as const).flatMap((risk) => {
    const weaker = rows.filter((row) => row.at[risk].class === 'weaker');
    const byReason = group(weaker, (row) => `${row.field}  ${codeOf(row.at[risk])}  ${generalise(row, row.at[risk].text)}`);
    const byImage = group(weaker, (row) => (row.image === '' ? '(no image)' : row.image));
    return [
      '',
      `weaker at ${risk}: ${weaker.length}, by field, code and reason`,
      ...byReason.map(([key, found]) => `  ${String(found.length).padStart(4)}  ${key}${exampleOf(found)}`),
      '',
      `weaker at ${risk}, by image`,
      ...byImage.slice(0, 5 * MOST).map(([key, found]) => `  ${String(found.length).padStart(4)}  ${key}  ${fieldsOf(found)}`),
    ];
  });
}

function codeOf({ code = '', risk }: Outcome): string {
  return code === 'RISK' && risk !== undefined ? `${code} ${risk}` : code;
}

/** The reason without what differs from manifest to manifest. */
function generalise({ image, subject }: Row, text = ''): string {
  const short = image.slice(image.lastIndexOf('/') + 1);
  const names = [image, short, subject].filter((name) => name !== '');
  return names
    .reduce((all, name) => all.replaceAll(name, 'X'), text)
    .replace(/"[^"]*"/g, '"…"')
    .replace(/\([^)]*\)/g, '(…)');
}

function group(rows: readonly Row[], keyOf: (row: Row) => string): readonly (readonly [string, readonly Row[]])[] {
  const groups = new Map<string, Row[]>();
  for (const row of rows) {
    const key = keyOf(row);
    const found = groups.get(key);
    if (found) found.push(row);
    else groups.set(key, [row]);
  }
  return [...groups].sort(([a, left], [b, right]) => right.length - left.length || (a < b ? -1 : 1));
}

function exampleOf(rows: readonly Row[]): string {
  const images = [...new Set(rows.map(({ image }) => image).filter((image) => image !== ''))];
  return images.length === 0 ? '' : `  [${images.slice(0, 3).join(' ')}${images.length > 3 ? ` +${images.length - 3}` : ''}]`;
}

function fieldsOf(rows: readonly Row[]): string {
  return group(rows, ({ field }) => field)
    .map(([field, found]) => `${field} ${found.length}`)
    .join(', ');
}
