import type { Colors } from '../report/colors.js';
import { visible } from '../report/visible.js';
import type { Preview, Step } from './run-preview.js';
import type { GroupReport } from './run-types.js';

/** The version of the document's shape. */
const FORMAT = 1;

/** What a run did, or would do, as a whole. */
export interface PrReport {
  readonly version: string;
  /** Without credentials. */
  readonly repository: string;
  readonly base: string;
  /** The commit of it that was read. */
  readonly commit: string;
  readonly isDryRun: boolean;
  readonly groups: readonly (GroupReport | Preview)[];
  /** What could not be read or mended. */
  readonly troubles: readonly string[];
}

/** One line for each group, and what to do about it; ends in a newline. */
export function formatGroups(groups: readonly GroupReport[], colors: Colors): string {
  const width = (pick: (group: GroupReport) => string) => Math.max(0, ...groups.map((group) => visible(pick(group)).length));
  const [outcomes, names] = [width(({ outcome }) => outcome), width(({ group }) => group)];
  return groups
    .map(({ outcome, group, url, why, notes, next }) => {
      const paint = outcome === 'failed' ? colors.error : outcome === 'unchanged' ? colors.faint : colors.strong;
      const margin = ' '.repeat(outcomes + 2);
      const head = `${paint(outcome.padEnd(outcomes))}  ${visible(group).padEnd(names)}  ${visible(why)}\n`;
      const lines = [...(url === undefined ? [] : [url]), ...notes, ...(next === undefined ? [] : [`next: ${next}`])];
      return head + lines.map((line) => `${margin}${visible(line)}\n`).join('');
    })
    .join('');
}

/** `2 opened · 1 unchanged` */
export function formatCounts(groups: readonly GroupReport[]): string {
  const counts = new Map<string, number>();
  for (const { outcome } of groups) counts.set(outcome, (counts.get(outcome) ?? 0) + 1);
  return [...counts].map(([outcome, count]) => `${count} ${outcome}`).join(' · ');
}

/** What would be pushed and sent, in order and verbatim but for characters that a terminal would act upon. */
export function formatPreview({ group, outcome, why, url, steps }: Preview, colors: Colors): string {
  const head = `${colors.strong(`# ${visible(group)} · would be ${outcome}`)}: ${visible(why)}${url === undefined ? '' : ` ${visible(url)}`}\n`;
  return head + steps.map((step) => formatStep(step, colors)).join('');
}

function formatStep(step: Step, colors: Colors): string {
  const at = 'number' in step && step.number !== undefined ? ` #${step.number}` : '';
  const block = (text: string) => `${visible(text, '\n\t').replace(/\n?$/, '\n')}`;
  const line = (text: string) => `${colors.header(visible(`## ${text}`))}\n`;
  switch (step.do) {
    case 'push': {
      const lease = step.lease === undefined ? 'a new branch' : `in place of ${step.lease}`;
      const commits = step.commits.map(({ message, patch }) => `${line('commit')}${block(message)}${block(patch)}`);
      return `${line(`push ${step.branch}, ${lease}`)}${commits.join('')}`;
    }
    case 'open':
    case 'edit': {
      const draft = step.isDraft === true ? ', as a draft' : '';
      const what = step.do === 'open' ? `open ${step.head} into ${step.base}${draft}` : `edit${at}`;
      return `${line(what)}${line('title')}${block(step.title)}${line('body')}${block(step.body)}`;
    }
    case 'comment':
      return `${line(`comment on${at}`)}${block(step.text)}`;
    case 'close':
      return `${line(`close${at}`)}${block(step.comment)}`;
    case 'delete-branch':
      return line(`remove the branch ${step.branch}`);
    default:
      return line(`set ${step.do}${at}${step.names.length === 0 ? '' : `: ${step.names.join(', ')}`}`);
  }
}

/** One JSON document; `docs/pr.schema.json` says what it holds. */
export function formatPrJson({ version, isDryRun, ...report }: PrReport): string {
  const { repository, base, commit, groups, troubles } = report;
  const document = { format: FORMAT, tool: { name: 'kubemend', version }, repository, base, commit, isDryRun, groups, troubles };
  return `${JSON.stringify(document, null, 2)}\n`;
}
