import type { Splice } from './splice.js';
import type { Item, Node, Pair, YamlDocument } from './tree.js';

/** `-` and `+` come before or behind the digit. */
const BLOCK_HEADER = /[|>](?:[0-9][-+]?|[-+][0-9]?)?/;

/**
 * Sorted splices that leave block scalars the lines they had. What is taken away behind one leaves others behind it, and those may
 * be content:
 *
 * - a line of blanks alone is, where it reaches further than the scalar is indented, so it goes with what is taken away;
 * - to `|+` all blank lines that follow are, so they go with what is taken away;
 * - at the end of a file that has no last line break, a block scalar is one line break shorter to Kubernetes. So one stays behind a
 *   scalar that comes to end the file.
 *
 * `undefined` where a splice puts text behind a scalar that ends such a file, and so would give it a line break.
 */
export function settleLineBreaks(document: YamlDocument, splices: readonly Splice[]): readonly Splice[] | undefined {
  const { text } = document;
  const isOpenEnd = !text.endsWith('\n') && splices.at(-1)?.end === text.length;
  const hasScalar = splices.some(({ start, end }) => start < end) && BLOCK_HEADER.test(text.slice(document.start, document.end));
  if (!isOpenEnd && !hasScalar) return splices;
  const last = splices.at(-1);
  if (isOpenEnd && last?.start === last?.end && endsInOpenScalar(document)) return undefined;
  const settled: Splice[] = [];
  for (const run of runsOf(splices)) {
    const { start } = run[0] as Splice;
    const { end } = run.at(-1) as Splice;
    const scalar = run.some(({ insert }) => insert !== '') ? undefined : blockScalarAtEnd(document, start);
    if (isOpenEnd && end === text.length && isOpen(scalar)) settled.push({ start: afterBreak(text, start), end, insert: '' });
    else if (scalar) settled.push({ start, end: contentEnd(text, end, scalar), insert: '' });
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

interface BlockScalar {
  /** What it does with the line breaks behind it: `+` keeps all, `-` none, `''` one. */
  readonly chomping: string;
  /** The column of its lines; 0 where its header says it, or where it has none. */
  readonly indent: number;
}

function isOpen(scalar: BlockScalar | undefined): boolean {
  return scalar?.chomping === '' || scalar?.chomping === '+';
}

/** Whether a block scalar ends the file, which a line break behind it would make one longer to Kubernetes. */
export function endsInOpenScalar(document: YamlDocument): boolean {
  const { text, root } = document;
  return !text.endsWith('\n') && root.end === text.length && isOpen(blockScalarAtEnd(document));
}

/** Whether blank lines behind the document may be part of its last value. */
export function endsInBlockScalar(document: YamlDocument): boolean {
  return blockScalarAtEnd(document) !== undefined;
}

/** The block scalar that ends before `offset`. */
function blockScalarAtEnd({ text, root }: YamlDocument, offset = Number.POSITIVE_INFINITY): BlockScalar | undefined {
  let last: Node | undefined = root;
  while (last?.kind === 'map' || last?.kind === 'seq') {
    if (last.isFlow) return undefined;
    const entries: readonly (Pair | Item)[] = last.kind === 'map' ? last.pairs : last.items;
    last = entries.findLast(({ start }) => start < offset)?.value;
  }
  if (last?.kind !== 'scalar' || (last.style !== 'literal' && last.style !== 'folded')) return undefined;
  const header = BLOCK_HEADER.exec(text.slice(last.start, last.start + 4))?.[0] ?? '';
  const lines = text.slice(last.start, last.end).split('\n').slice(1);
  const first = /[0-9]/.test(header) ? undefined : lines.find((line) => line.trim() !== '');
  return { chomping: header.replace(/[^-+]/g, ''), indent: first ? first.length - first.trimStart().length : 0 };
}

function afterBreak(text: string, offset: number): number {
  return offset + (text[offset] === '\r' ? 2 : 1);
}

/** The end of the last of the blank lines below the line that ends at `end` that would be content, before its line break. */
function contentEnd(text: string, end: number, { chomping, indent }: BlockScalar): number {
  const blank = /^(?:\r?\n(?:[ \t]*(?=\r?\n)|[ \t]+$))+/.exec(text.slice(end))?.[0] ?? '';
  if (chomping === '+') return end + blank.length;
  const lines = blank.split('\n');
  const last = lines.findLastIndex((line) => line.includes('\t') || line.replace('\r', '').length > indent);
  return last < 0
    ? end
    : end +
        lines
          .slice(0, last + 1)
          .join('\n')
          .replace(/\r$/, '').length;
}
