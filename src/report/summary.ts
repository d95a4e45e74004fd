import { RISKS, type Risk } from '../core/finding.js';
import type { LeftCode } from '../engine/types.js';
import type { PodSecurityLevel } from '../kube/versions/types.js';
import type { Colors } from './colors.js';
import { type ByRisk, type LeftCounts, type Summary, total } from './tally.js';
import { wrap } from './wrap.js';

const LEFT: Readonly<Record<LeftCode, readonly [one: string, many: string]>> = {
  PATCH: ['patch', 'patches'],
  KUSTOMIZATION: ['kustomization', 'kustomizations'],
  KUSTOMIZE_INPUT: ['input of a kustomization', 'inputs of kustomizations'],
  CHART: ['chart file', 'chart files'],
  TEMPLATE: ['template', 'templates'],
  GENERATED: ['generated', 'generated'],
  UNTOUCHED: ['not touched', 'not touched'],
  VENDORED: ['vendored', 'vendored'],
  SOPS: ['SOPS', 'SOPS'],
  YTT: ['ytt', 'ytt'],
  IGNORED: ['ignored', 'ignored'],
  OUTSIDE: ['link that leads out', 'links that lead out'],
  NO_OBJECTS: ['without a workload', 'without a workload'],
};

const SEPARATOR = ' · ';
/** Of a line that goes on. */
const END = ' ·';

export interface SummaryOptions {
  readonly colors: Colors;
  /** Whether the changes were written, as opposed to shown. */
  readonly isWritten: boolean;
  /** Whether what was left alone has been listed. */
  readonly isVerbose: boolean;
  /** The level of the Pod Security Standards to speak of. */
  readonly level: PodSecurityLevel;
  /** The highest risk that was taken. */
  readonly maxRisk: Risk;
  /** The columns of the terminal, if it is one. */
  readonly width?: number;
  /** How many findings for a person each transform has. */
  readonly forYou?: ReadonlyMap<string, number>;
}

/** Findings for a person from which on it is said which transforms they come from: fewer are seen at a glance. */
const MANY_FOR_YOU = 20;

/** What accounts for everything, on one line where that has room, and what was left alone. Ends in a newline. */
export function formatSummary(summary: Summary, options: SummaryOptions): string {
  const { colors, isWritten, isVerbose, width } = options;
  const left = formatLeftCounts(summary);
  if (isNothing(summary)) {
    const what = `${count(summary.files, 'file')}, ${count(summary.workloads, 'workload')}: nothing to do`;
    return `${what}${left === '' ? '' : ` (left alone: ${left})`}\n`;
  }
  const ready = total(summary.ready);
  const verb = isWritten ? 'written' : 'ready';
  const parts = [
    count(summary.files, 'file'),
    ready === 0 ? `nothing ${verb}` : colors.strong(`${count(ready, 'change')} ${verb}`) + byRisk(summary.ready),
    summary.created === 0 ? '' : count(summary.created, 'new file'),
    error(summary.unwritten, 'not written', colors),
    ...heldParts(summary.held),
    some(summary.declined, 'declined'),
    some(summary.suppressed, 'suppressed'),
    some(summary.known, 'known'),
    some(summary.manual, 'for you'),
    error(summary.refused, 'refused', colors),
    error(summary.failed, 'not proved', colors),
    error(summary.troubles, summary.troubles === 1 ? 'file failed' : 'files failed', colors),
    some(summary.notes, summary.notes === 1 ? 'suppression to look at' : 'suppressions to look at'),
    summary.rolling === 0 ? '' : `${count(summary.rolling, 'workload')} will roll`,
    summary.recreated === 0 ? '' : `${summary.recreated} cannot be changed in place`,
  ];
  return (
    joinParts(parts, width) +
    formatForYou(options) +
    formatReach(summary, options) +
    formatLeftAlone(summary, isVerbose, width && width - 2)
  );
}

/** What there is to say, on one line where that has room. Ends in a newline. */
export function joinParts(parts: readonly string[], width: number | undefined): string {
  const line = parts.filter((part) => part !== '').join(SEPARATOR);
  return `${wrap(line, width && width - END.length, SEPARATOR).join(`${END}\n`)}\n`;
}

/** `for you: 28 pin-image, 21 add-limit-range (kubemend explain ID says more, --skip ID leaves it out)`, where they are many. */
function formatForYou({ forYou = new Map(), width }: SummaryOptions): string {
  const sum = [...forYou.values()].reduce((before, amount) => before + amount, 0);
  if (sum < MANY_FOR_YOU || forYou.size < 2) return '';
  const parts = [...forYou].sort(([a, x], [b, y]) => y - x || (a < b ? -1 : 1)).map(([id, amount]) => `${amount} ${id}`);
  const line = `for you: ${parts.join(', ')} (kubemend explain ID says more, --skip ID leaves it out)`;
  return `${wrap(line, width && width - 2).join('\n  ')}\n`;
}

/** What was left alone, on a line of its own, or nothing. */
export function formatLeftAlone(counts: LeftCounts, isVerbose: boolean, width?: number): string {
  const left = formatLeftCounts(counts);
  return left === '' ? '' : `${wrap(`left alone: ${left}${isVerbose ? '' : ' (--verbose lists them)'}`, width).join('\n  ')}\n`;
}

/** `restricted: 0 of 9 workloads pass now, 3 after this, 8 with --max-risk high` */
function formatReach({ podSecurity }: Summary, { level, maxRisk, isWritten }: SummaryOptions): string {
  const { workloads } = podSecurity;
  const { now, after, at } = podSecurity[level];
  if (workloads === 0) return '';
  const verb = isWritten ? 'passed before' : `${now === 1 ? 'passes' : 'pass'} now`;
  const parts = [`${level}: ${now} of ${count(workloads, 'workload')} ${verb}`, `${after} after this`];
  if (maxRisk !== 'high' && at.high !== undefined) parts.push(`${at.high} with --max-risk high`);
  return `${parts.join(', ')}\n`;
}

function isNothing({
  ready,
  held,
  declined,
  suppressed,
  known,
  manual,
  refused,
  failed,
  troubles,
  notes,
  unwritten,
}: Summary): boolean {
  return (
    total(ready) + total(held) + declined + suppressed + known + manual + refused + failed + troubles + notes + unwritten === 0
  );
}

function formatLeftCounts({ left, leftObjects }: LeftCounts): string {
  const files: string[] = [];
  for (const [code, [one, many]] of Object.entries(LEFT)) {
    const amount = left[code as LeftCode];
    if (amount) files.push(`${amount} ${amount === 1 ? one : many}`);
  }
  // `a part of an object: no selector` counts as `a part of an object`: --verbose has the rest.
  const objects = new Map<string, number>();
  for (const [why, amount] of Object.entries(leftObjects).sort()) {
    const [kind = why] = why.split(': ');
    objects.set(kind, (objects.get(kind) ?? 0) + amount);
  }
  return [
    ...(files.length > 0 ? [files.join(', ')] : []),
    ...[...objects].map(([why, amount]) => `${count(amount, 'object')}: ${why}`),
  ].join('; ');
}

/** ` (9 low, 22 medium)` */
function byRisk(counts: ByRisk): string {
  const parts = RISKS.filter((risk) => counts[risk] > 0).map((risk) => `${counts[risk]} ${risk}`);
  return ` (${parts.join(', ')})`;
}

function heldParts(held: ByRisk): string[] {
  return RISKS.toReversed()
    .filter((risk) => held[risk] > 0)
    .map((risk) => `${held[risk]} held as ${risk}`);
}

function some(amount: number, what: string): string {
  return amount === 0 ? '' : `${amount} ${what}`;
}

function error(amount: number, what: string, colors: Colors): string {
  return amount === 0 ? '' : colors.error(`${amount} ${what}`);
}

export function count(amount: number, noun: string): string {
  return `${amount} ${noun}${amount === 1 ? '' : 's'}`;
}
