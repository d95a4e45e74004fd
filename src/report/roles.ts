import type { ObjectRef } from '../core/finding.js';
import type { Deed, FileRole, Role } from '../engine/types.js';
import { objectToJson } from './json.js';
import { count, joinParts } from './summary.js';
import type { Trouble } from './tally.js';
import { nameObject } from './text.js';
import { visible } from './visible.js';

/** How many files are what, and what becomes of them. What is in a folder that was not entered, nobody counted. */
export interface RoleSummary {
  readonly files: number;
  readonly roles: Readonly<Partial<Record<Role, number>>>;
  readonly does: Readonly<Record<Deed, number>>;
  readonly troubles: number;
}

/** What `kubemend ls` found. */
export interface RoleReport {
  readonly version: string;
  readonly includeSystem: boolean;
  readonly files: readonly FileRole[];
  readonly troubles: readonly Trouble[];
}

export function sumRoles({ files, troubles }: Pick<RoleReport, 'files' | 'troubles'>): RoleSummary {
  const roles: Partial<Record<Role, number>> = {};
  const does = { harden: 0, report: 0, leave: 0, refuse: 0 };
  const single = files.filter(({ path }) => !path.endsWith('/'));
  for (const { role, does: deed } of single) {
    roles[role] = (roles[role] ?? 0) + 1;
    does[deed]++;
  }
  return { files: single.length, roles, does, troubles: troubles.length };
}

/** One JSON document; `docs/ls.schema.json` says what it holds. */
export function formatRolesJson(report: RoleReport): string {
  const { version, includeSystem, files, troubles } = report;
  const document = {
    format: 1,
    tool: { name: 'kubemend', version },
    options: { includeSystem },
    files: files.map((file) => ({ ...file, objects: file.objects.map(objectToJson) })),
    troubles,
    summary: sumRoles(report),
  };
  return `${JSON.stringify(document, null, 2)}\n`;
}

/** A row of the table: what stands in front of the last column, and that column. */
export type RoleRow = readonly [cells: string, text: string];

/** What is longer moves the columns behind it, on its own row only. */
const MOST = { path: 90, objects: 36 };

/** The table, with how many columns the cells take. */
export function tableRoles(files: readonly FileRole[]): { readonly rows: readonly RoleRow[]; readonly column: number } {
  const cells = files.map(({ path, role, objects }) => [visible(path), role, visible(nameObjects(objects))] as const);
  const width = (at: 0 | 1 | 2, most: number) => Math.min(most, Math.max(0, ...cells.map((row) => row[at].length)));
  const widths = [width(0, MOST.path), width(1, MOST.path), width(2, MOST.objects)];
  const rows = files.map(({ does, why }, index): RoleRow => {
    const padded = (cells[index] ?? []).map((cell, at) => cell.padEnd(widths[at] ?? 0));
    return [`${padded.join('  ')}  `, `${DEEDS[does]}: ${visible(why)}`];
  });
  return { rows, column: widths.reduce((sum, each) => sum + each + 2, 0) };
}

const DEEDS: Readonly<Record<Deed, string>> = {
  harden: 'hardened',
  report: 'searched for what weakens',
  leave: 'left alone',
  refuse: 'refused',
};

/** `Deployment shop/web`; of several how many of which kind, the most of them first. */
function nameObjects(objects: readonly ObjectRef[]): string {
  const [first, ...others] = objects;
  if (first === undefined) return '-';
  if (others.length === 0) return nameObject(first);
  const kinds = new Map<string, number>();
  for (const { kind } of objects) kinds.set(kind, (kinds.get(kind) ?? 0) + 1);
  const sorted = [...kinds].sort(([, a], [, b]) => b - a);
  const shown = sorted.slice(0, sorted.length > 3 ? 2 : 3);
  const rest = objects.length - shown.reduce((sum, [, amount]) => sum + amount, 0);
  return [...shown.map(([kind, amount]) => `${amount} ${kind}`), ...(rest > 0 ? [`${rest} more`] : [])].join(', ');
}

/** `12 files: 7 hardened, 2 searched for what weakens, 3 left alone`, and the roles. */
export function formatRoleSummary(summary: RoleSummary, width?: number): string {
  const { files, does, roles, troubles } = summary;
  const deeds = Object.entries(DEEDS).flatMap(([deed, word]) => {
    const amount = does[deed as Deed];
    return amount === 0 ? [] : [`${amount} ${word}`];
  });
  const parts = [count(files, 'file'), ...deeds, troubles === 0 ? '' : `${troubles} could not be read`];
  const sorted = Object.entries(roles).sort(([, a], [, b]) => b - a);
  return `${joinParts(parts, width)}${files === 0 ? '' : joinParts([`roles: ${sorted.map(([role, amount]) => `${amount} ${role}`).join(', ')}`], width)}`;
}
