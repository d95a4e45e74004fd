import type { DecidedFinding, Risk } from '../../core/finding.js';
import { count } from '../../report/summary.js';
import { explain, nameObject } from '../../report/text.js';
import { transformOrder } from '../../session.js';
import type { Group, WorkloadOutlook } from '../types.js';
import { code, codeBlock, folded, prose, table } from './markdown.js';

/** A finding as its place in the repository. */
function placeOf({ object, line }: DecidedFinding): string {
  return code(`${object.file}:${line}`);
}

/** Of the highest risk in it, for who has not read what the words stand for. */
const MEANING: Readonly<Record<Risk, string>> = {
  low: 'nothing that changes what a working container does, by the evidence in each row',
  medium: 'rarely breaks anything; look at the evidence in each row',
  high: 'breaks images that were not built for it, or changes what someone wrote; try it out first',
};

/** What it is worth: the first thing that a maintainer reads. */
export function formatWorth({ findings, workloads, shown, risk }: Group): string {
  const what = `${count(findings.length, 'change')} for ${count(workloads.length, 'workload')} in ${count(shown.length, 'file')}`;
  const levels = (['restricted', 'baseline', 'privileged'] as const)
    .map((level) => ({
      level,
      now: workloads.filter((workload) => workload.now === level).length,
      after: workloads.filter((workload) => workload.after === level).length,
    }))
    .filter(({ now, after }) => now + after > 0)
    .map(({ level, now, after }) => [level, String(now), String(after)]);
  return [
    `**${what}**, ${risk === 'low' ? 'all of low risk' : `up to ${risk} risk`}: ${MEANING[risk]}.`,
    table(['Pod Security Standards', 'Workloads now', 'After this'], levels),
    ...formatStay(workloads),
  ].join('\n\n');
}

/** That a table in which nothing moves is no mistake. */
function formatStay(workloads: readonly WorkloadOutlook[]): readonly string[] {
  if (workloads.some(({ now, after }) => now !== after) || workloads.every(({ now }) => now === 'restricted')) return [];
  return ['No workload reaches another level by this alone: what else stands in the way is in other pull requests, or left.'];
}

/** Of more, the report of a run has the rest. */
const NAMED = 5;
/** Of a name in a list that has to fit in any case. */
const SHORT = 100;

/** What merging does to what runs. */
export function formatRollout(workloads: readonly WorkloadOutlook[]): string {
  const fixed = workloads.filter(({ isImmutable }) => isImmutable);
  const rolling = workloads.length - fixed.length;
  const lines: string[] = [];
  if (rolling > 0) lines.push(`${count(rolling, 'workload')} will roll when this is applied.`);
  if (fixed.length > 0) {
    const names = fixed
      .slice(0, NAMED)
      .map(({ object, file, line }) => `${code(object, SHORT)} (${code(`${file}:${line}`, SHORT)})`);
    const more = fixed.length - names.length;
    lines.push(
      `${count(fixed.length, 'workload')} cannot be changed in place and must be deleted and made again: ${names.join(', ')}${more > 0 ? ` and ${more} more` : ''}.`,
    );
  }
  return lines.join('\n\n');
}

/** @param most rows; what is left out is counted */
export function formatChanges(findings: readonly DecidedFinding[], most: number): string {
  const rows = findings.slice(0, most).map((finding) => {
    const { transform, subject, message, risk, evidence = '', object } = finding;
    return [
      `${code(nameObject(object))} ${placeOf(finding)}`,
      `${code(transform)}: ${prose(`${subject}: ${message}`)}`,
      risk,
      prose(evidence),
    ];
  });
  return withRest(
    rows.length === 0 ? '' : table(['Object', 'Change', 'Risk', 'Evidence'], rows),
    findings.length - rows.length,
    'change',
  );
}

export function formatLeaves(leaves: readonly DecidedFinding[], most: number): string {
  if (leaves.length === 0) return '';
  const rows = leaves.slice(0, most).map((finding) => {
    const { transform, object, reason } = finding;
    const what = explain({ ...finding, alsoBy: [] });
    return [
      `${code(nameObject(object))} ${placeOf(finding)}`,
      code(transform),
      FATES[finding.status] ?? '',
      prose(reason ? what : finding.message),
    ];
  });
  const inside = withRest(
    rows.length === 0 ? '' : table(['Object', 'Transform', '', 'Why'], rows),
    leaves.length - rows.length,
    'finding',
  );
  return folded(`What is left in these files, and why (${leaves.length})`, inside);
}

const FATES: Readonly<Partial<Record<DecidedFinding['status'], string>>> = {
  held: 'held',
  declined: 'waits',
  suppressed: 'suppressed',
  known: 'in the baseline',
  manual: 'for you',
};

function withRest(text: string, rest: number, noun: string): string {
  if (rest === 0) return text;
  const line = `${count(rest, text === '' ? noun : `more ${noun}`)}, for which there is no room here; the command below lists all of them.`;
  return text === '' ? line : `${text}\n\n${line}`;
}

/** @param shown the files whose diff is shown, of all */
export function formatDiff({ shown: all }: Group, shown: Group['shown'], branch: string, base: string): string {
  const missing = all.filter((file) => !shown.includes(file));
  const diff = shown.map((file) => file.diff).join('');
  const parts: string[] = [];
  if (diff.includes('[value left out]') || diff.includes('[comment left out]')) {
    parts.push('Values of `env`, Secrets and ConfigMaps, and comments among them, are left out here and untouched in the files.');
  }
  if (diff !== '') parts.push(codeBlock(diff, 'diff'));
  if (missing.length > 0) {
    const names = missing.slice(0, NAMED).map(({ path }) => code(path, SHORT));
    const more = missing.length - names.length;
    const what = `${count(missing.length, 'file')} had no room here: ${names.join(', ')}${more > 0 ? ` and ${more} more` : ''}.`;
    parts.push(
      `${what} See all of it:`,
      codeBlock(`git fetch origin && git diff ${quote(`origin/${base}...origin/${branch}`)}`, 'sh'),
    );
  }
  return folded(`The diff (${count(all.length, 'file')})`, parts.join('\n\n'));
}

/** A word that a shell takes as it is; names of branches may hold much. */
function quote(word: string): string {
  return /^[\w./-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;
}

/** Places that a shell takes as they are, and that are no option. */
const PLAIN_PLACE = /^[\w][\w./-]{0,200}$/;

/** How to say no for good: to all of it, to one place, to a whole file. */
export function formatNo({ findings }: Group): string {
  const ids = transformOrder.filter((id) => findings.some(({ transform }) => transform === id));
  const first = findings.find(({ transform }) => transform === ids[0]);
  const id = ids[0] ?? 'all';
  const parts = [
    '### Saying no',
    'Close this pull request: it is not opened again for these changes, only for others.',
    'For one place, for good: put this above the line that a row names, or at its end, and the next run takes the change out of here. In the first line of a file `kubemend-ignore-file` says it for all of the file.',
    codeBlock(ids.map((one) => `# kubemend-ignore ${one}: why`).join('\n'), 'yaml'),
  ];
  if (first && PLAIN_PLACE.test(first.object.file)) {
    const command = `kubemend suppress ${first.object.file}:${first.line} ${id} --reason "why" --write`;
    parts.push('kubemend writes it for you, such as', codeBlock(command, 'sh'));
  }
  return parts.join('\n\n');
}
