import { diffArrays } from 'diff';
import { applySplices, type Splice, sortSplices } from '../yaml/splice.js';
import { type Colors, PLAIN } from './colors.js';
import { quoteName } from './quote-name.js';

const CONTEXT = 3;

/** Lines of the old text that others take the place of. Lines keep their line break, so that a missing last one shows. */
interface Edit {
  /** From 0. */
  readonly line: number;
  readonly removed: readonly string[];
  readonly added: readonly string[];
}

/**
 * A unified diff of one file, as `git apply` takes it: headers without a `diff --git` line (with one, git silently skips the
 * file in a subfolder), the name quoted as git does, line ends verbatim. Empty when nothing changes.
 *
 * Work is linear in the text: only replaced lines are compared with each other.
 * @param path relative to the folder in which the patch is to be applied, with `/`.
 */
export function patchOf(path: string, before: string, splices: readonly Splice[], colors: Colors = PLAIN): string {
  return formatPatch(path, splitLines(before), editsOf(before, splices), colors);
}

/** The same for a new file. */
export function patchOfNew(path: string, text: string, colors: Colors = PLAIN): string {
  const edits = [{ line: 0, removed: [], added: splitLines(text) }];
  return formatPatch(path, [], edits, colors, '/dev/null');
}

/** The same between two texts, where no splices are known. */
export function patchBetween(path: string, before: string, after: string, colors: Colors = PLAIN): string {
  const lines = splitLines(before);
  return formatPatch(path, lines, compare(0, lines, splitLines(after)), colors);
}

function editsOf(before: string, splices: readonly Splice[]): Edit[] {
  const edits: Edit[] = [];
  const sorted = sortSplices(splices);
  let line = 0;
  let counted = 0;
  for (let next = 0; next < sorted.length; ) {
    const start = lineStart(before, (sorted[next] as Splice).start);
    let end = start;
    const inside: Splice[] = [];
    // Splices that share a line make one region. It ends where a line ends, in the old text and so in the new one.
    for (
      let splice = sorted[next];
      splice && (inside.length === 0 || splice.start < end || end === before.length);
      splice = sorted[next]
    ) {
      inside.push({ ...splice, start: splice.start - start, end: splice.end - start });
      end = Math.max(end, lineEnd(before, splice.end));
      next++;
    }
    line += countBreaks(before, counted, start);
    counted = start;
    const region = before.slice(start, end);
    edits.push(...compare(line, splitLines(region), splitLines(applySplices(region, inside))));
  }
  return edits;
}

function lineStart(text: string, offset: number): number {
  return offset === 0 ? 0 : text.lastIndexOf('\n', offset - 1) + 1;
}

/** The offset behind the line that `offset` is in. */
function lineEnd(text: string, offset: number): number {
  const feed = text.indexOf('\n', offset);
  return feed < 0 ? text.length : feed + 1;
}

function countBreaks(text: string, from: number, to: number): number {
  let count = 0;
  for (let at = text.indexOf('\n', from); at >= 0 && at < to; at = text.indexOf('\n', at + 1)) count++;
  return count;
}

function splitLines(text: string): string[] {
  const lines: string[] = [];
  for (let start = 0; start < text.length; ) {
    const end = lineEnd(text, start);
    lines.push(text.slice(start, end));
    start = end;
  }
  return lines;
}

/** The smallest edits between two runs of lines that start at `line`. */
function compare(line: number, before: readonly string[], after: readonly string[]): Edit[] {
  let head = 0;
  while (head < before.length && head < after.length && before[head] === after[head]) head++;
  let tail = 0;
  const most = Math.min(before.length, after.length) - head;
  while (tail < most && before[before.length - 1 - tail] === after[after.length - 1 - tail]) tail++;
  const removed = before.slice(head, before.length - tail);
  const added = after.slice(head, after.length - tail);
  if (removed.length === 0 && added.length === 0) return [];
  if (removed.length === 0 || added.length === 0) return [{ line: line + head, removed, added }];

  const edits: Edit[] = [];
  let at = line + head;
  let pending: { line: number; removed: string[]; added: string[] } | undefined;
  for (const part of diffArrays(removed, added)) {
    if (!part.added && !part.removed) {
      if (pending) edits.push(pending);
      pending = undefined;
      at += part.value.length;
      continue;
    }
    pending ??= { line: at, removed: [], added: [] };
    if (part.added) pending.added.push(...part.value);
    else {
      pending.removed.push(...part.value);
      at += part.value.length;
    }
  }
  if (pending) edits.push(pending);
  return edits;
}

function formatPatch(
  path: string,
  lines: readonly string[],
  edits: readonly Edit[],
  colors: Colors,
  old = quoteName(`a/${path}`),
): string {
  if (edits.length === 0) return '';
  let patch = `${colors.header(`--- ${old}`)}\n${colors.header(`+++ ${quoteName(`b/${path}`)}`)}\n`;
  let shift = 0;
  for (let next = 0; next < edits.length; ) {
    const first = next;
    while (next + 1 < edits.length && startOf(edits[next + 1]) - endOf(edits[next]) <= 2 * CONTEXT) next++;
    const hunk = edits.slice(first, ++next);
    patch += formatHunk(lines, hunk, shift, colors);
    for (const { added, removed } of hunk) shift += added.length - removed.length;
  }
  return patch;
}

const startOf = (edit: Edit | undefined) => edit?.line ?? 0;
const endOf = (edit: Edit | undefined) => (edit ? edit.line + edit.removed.length : 0);

function formatHunk(lines: readonly string[], edits: readonly Edit[], shift: number, colors: Colors): string {
  const start = Math.max(0, startOf(edits[0]) - CONTEXT);
  const end = Math.min(lines.length, endOf(edits.at(-1)) + CONTEXT);
  let body = '';
  let before = 0;
  let after = 0;
  let at = start;
  const keepUntil = (until: number) => {
    for (; at < until; at++, before++, after++) body += formatLine(' ', lines[at] as string, colors);
  };
  for (const edit of edits) {
    keepUntil(edit.line);
    for (const line of edit.removed) body += formatLine('-', line, colors);
    for (const line of edit.added) body += formatLine('+', line, colors);
    at += edit.removed.length;
    before += edit.removed.length;
    after += edit.added.length;
  }
  keepUntil(end);
  return `${colors.hunk(`@@ -${range(start, before)} +${range(start + shift, after)} @@`)}\n${body}`;
}

/** Lines count from 1, but a range without lines stands behind the line before it. */
function range(start: number, count: number): string {
  return `${count === 0 ? start : start + 1},${count}`;
}

function formatLine(mark: ' ' | '-' | '+', line: string, colors: Colors): string {
  const hasBreak = line.endsWith('\n');
  let end = hasBreak ? line.length - 1 : line.length;
  while (end > 0 && line[end - 1] === '\r') end--;
  const color = mark === '-' ? colors.removed : mark === '+' ? colors.added : (text: string) => text;
  const content = color(mark + colors.line(line.slice(0, end)));
  return `${content}${line.slice(end)}${hasBreak ? '' : '\n\\ No newline at end of file\n'}`;
}
