import type { Splice } from './splice.js';
import type { Item, Node, Pair, YamlDocument } from './tree.js';

/**
 * Sorted splices that leave block scalars the line breaks they had. What is taken away behind one leaves others behind it, and
 * those may be content:
 *
 * - to `|+` all blank lines that follow are, so they go with what is taken away;
 * - at the end of a file that has no last line break, a block scalar is one line break shorter to Kubernetes. So one stays behind a
 *   scalar that comes to end the file.
 *
 * `undefined` where a splice puts text behind a scalar that ends such a file, and so would give it a line break.
 */
export function settleLineBreaks(document: YamlDocument, splices: readonly Splice[]): readonly Splice[] | undefined {
  const { text, root } = document;
  const isOpenEnd = !text.endsWith('\n') && splices.at(-1)?.end === text.length;
  const hasKeeping =
    splices.some(({ start, end }) => start < end) && /[|>][0-9]*\+/.test(text.slice(document.start, document.end));
  if (!isOpenEnd && !hasKeeping) return splices;
  const last = splices.at(-1);
  if (isOpenEnd && last?.start === last?.end && root.end === text.length && isOpen(chompingAtEnd(document))) return undefined;
  const settled: Splice[] = [];
  for (const run of runsOf(splices)) {
    const { start } = run[0] as Splice;
    const { end } = run.at(-1) as Splice;
    const chomping = run.some(({ insert }) => insert !== '') ? undefined : chompingAtEnd(document, start);
    if (isOpenEnd && end === text.length && isOpen(chomping)) settled.push({ start: afterBreak(text, start), end, insert: '' });
    else if (chomping === '+') settled.push({ start, end: blankLinesEnd(text, end), insert: '' });
    else settled.push(...run);
  }
  return settled;
}

/** Splices that follow one another without a gap. */
function runsOf(splices: readonly Splice[]): Splice[][] {
  const runs: Splice[][] = [];
  for (const splice of splices) {
    const run = runs.at(-1);
    if (run?.at(-1)?.end === splice.start) run.push(splice);
    else runs.push([splice]);
  }
  return runs;
}

function isOpen(chomping: string | undefined): boolean {
  return chomping === '' || chomping === '+';
}

/** What the block scalar that ends before `offset` does with line breaks behind it: `+`, `-`, or `''`. `undefined` for none. */
function chompingAtEnd({ text, root }: YamlDocument, offset = Number.POSITIVE_INFINITY): string | undefined {
  let last: Node | undefined = root;
  while (last?.kind === 'map' || last?.kind === 'seq') {
    if (last.isFlow) return undefined;
    const entries: readonly (Pair | Item)[] = last.kind === 'map' ? last.pairs : last.items;
    last = entries.findLast(({ start }) => start < offset)?.value;
  }
  if (last?.kind !== 'scalar' || (last.style !== 'literal' && last.style !== 'folded')) return undefined;
  return /^[|>][0-9]*([-+]?)/.exec(text.slice(last.start, last.start + 4))?.[1];
}

function afterBreak(text: string, offset: number): number {
  return offset + (text[offset] === '\r' ? 2 : 1);
}

/** The end of the last of the blank lines below the line that ends at `end`, before its line break. */
function blankLinesEnd(text: string, end: number): number {
  const blank = /^(?:\r?\n[ \t]*(?=\r?\n))+/.exec(text.slice(end));
  return end + (blank?.[0].length ?? 0);
}
