import type { BodyState, Group, GroupBy } from '../types.js';
import { formatChanges, formatDiff, formatLeaves, formatNo, formatRollout, formatWorth } from './body-sections.js';
import { cut } from './inert.js';
import { code, codeBlock } from './markdown.js';
import { formatState } from './state.js';

export interface BodyOptions {
  readonly group: Group;
  /** The commit that its branch holds now. */
  readonly head: string;
  readonly groupBy: GroupBy;
  readonly branch: string;
  readonly base: string;
  /** What to type to see the same, exactly: it becomes a block of code. */
  readonly command: string;
  /** Characters that the forge takes, at least {@link LEAST_BODY}. */
  readonly maxBody: number;
  readonly pending?: boolean;
}

/** What a body needs in any case. */
export const LEAST_BODY = 16_384;

/** How much of each part there is room for. */
interface Extent {
  readonly files: Group['shown'];
  readonly leaves: number;
  readonly changes: number;
}

/**
 * The text of a pull request: what changes and what it is worth, the diff, what is left and why, how to say no. Forges count
 * characters, or code points, or bytes; bytes of UTF-8 are never fewer, so that is what has to fit. Where it does not, the diff loses
 * whole files first, then the tables lose rows.
 */
export function formatBody(options: BodyOptions): string {
  const { group, maxBody } = options;
  const all: Extent = { files: group.shown, leaves: group.leaves.length, changes: group.findings.length };
  const whole = render(options, all);
  if (sizeOf(whole) <= maxBody) return whole;
  const bare = { ...all, files: [] };
  const fits = (extent: Extent) => sizeOf(render(options, extent)) <= maxBody;
  if (fits(bare)) {
    let files = filesFor(group.shown, maxBody - sizeOf(render(options, bare)));
    while (!fits({ ...all, files })) files = files.slice(0, -1);
    return render(options, { ...all, files });
  }
  const leaves = largest(all.leaves, (most) => fits({ ...bare, leaves: most }));
  if (leaves >= 0) return render(options, { ...bare, leaves });
  const changes = Math.max(
    0,
    largest(all.changes, (most) => fits({ ...bare, leaves: 0, changes: most })),
  );
  return render(options, { ...bare, leaves: 0, changes });
}

/** Those that about fit, one after the other; a large one does not keep the small ones behind it out. */
function filesFor(shown: Group['shown'], room: number): Group['shown'] {
  let left = room;
  return shown.filter(({ diff }) => {
    const size = sizeOf(codeBlock(diff, 'diff'));
    if (size > left) return false;
    left -= size;
    return true;
  });
}

/** The largest number up to `most` for which it holds; -1 for none. What holds for one holds for all below. */
function largest(most: number, holds: (amount: number) => boolean): number {
  let low = -1;
  let high = most;
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if (holds(middle)) low = middle;
    else high = middle - 1;
  }
  return low;
}

const encoder = new TextEncoder();

function sizeOf(text: string): number {
  return encoder.encode(text).length;
}

const REPRODUCE = 1000;

/** Where the command says the same, and what else it says. */
function formatHint({ risk }: Group, groupBy: GroupBy, base: string): string {
  const more = groupBy === 'risk' && risk !== 'low' ? ', and what the same transforms change at a lower risk' : '';
  return `In a checkout of ${code(base)} this prints the diff${more}; with \`--write\` it makes it:`;
}

function render(
  { group, head, groupBy, branch, base, command, pending }: BodyOptions,
  { files, leaves, changes }: Extent,
): string {
  const state: BodyState = {
    version: 1,
    group: group.name,
    fingerprint: group.fingerprint,
    head,
    groupBy,
    ...(pending && { pending }),
  };
  const parts = [
    formatState(state),
    formatWorth(group),
    formatRollout(group.workloads),
    formatChanges(group.findings, changes),
    formatDiff(group, files, branch, base),
    formatLeaves(group.leaves, leaves),
    formatNo(group),
    '### Seeing it for yourself',
    formatHint(group, groupBy, base),
    codeBlock(cut(command, REPRODUCE), 'sh'),
    'The page of each transform says why: `kubemend explain ID`. Made by [kubemend](https://github.com/kubemend/kubemend); commits of yours on this branch are never overwritten.',
  ];
  return `${parts.filter((part) => part !== '').join('\n\n')}\n`;
}
