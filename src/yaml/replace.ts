import { EngineError } from '../core/errors.js';
import { isList, type Json, type Path } from '../core/json.js';
import { headOf, insertBelow } from './block.js';
import { isSameLine, previousLineEnd } from './extent.js';
import { flowText } from './flow-text.js';
import { noteRemoved, type Rendering, type Slot } from './render.js';
import { stepOf, withQuotesOf } from './style.js';
import { columnAt, lineEnd, type Node, type ScalarNode } from './tree.js';
import { blockItem, blockLines, inlineValue, writeFlow } from './write.js';

/**
 * Writes `value` where `node` stands. A comment on the line stays on it, at its distance; an anchor stays; a tag goes, since the
 * new value is written so that it needs none.
 */
export function replaceValue(outer: Rendering, slot: Slot, node: Node, value: Json, path: Path, by: ReadonlySet<number>): void {
  if (slot.in === 'root') throw new EngineError('SPLICES', 'a whole object is never replaced');
  const rendering = { ...outer, style: withQuotesOf(outer.style, node) };
  // The comment on the header of a block scalar stays, and its content holds none.
  const isBlockScalar = node.kind === 'scalar' && (node.style === 'literal' || node.style === 'folded');
  if (node.start < node.end && !isBlockScalar) noteRemoved(rendering, node.start, node.end, by);
  if (slot.in === 'flow') {
    replaceInFlow(rendering, slot, node, value, path);
    return;
  }
  const written = writeInBlock(rendering, slot, node, value, path);
  if (isBlockCollection(node)) replaceBlock(rendering, slot, node, written, by);
  else if (isBlockScalar) replaceBlockScalar(rendering, slot, node, written);
  else replaceInline(rendering, slot, node, written);
}

function isBlockCollection(node: Node): boolean {
  return (node.kind === 'map' || node.kind === 'seq') && !node.isFlow;
}

/** What goes behind the colon or the dash, and the lines below it. */
interface Written {
  /** White space before `inline`, where that of the old value does not stay. */
  readonly lead: string;
  readonly inline: string;
  readonly below: readonly string[];
}

function writeInBlock(rendering: Rendering, slot: Slot, node: Node, value: Json, path: Path): Written {
  const { document, style, placement } = rendering;
  const writer = { style, placement };
  const inline = slot.in !== 'map' && isList(value) ? writeFlow(value, writer, path) : inlineValue(writer, path, value);
  if (inline !== undefined) return { lead: ' ', inline, below: [] };
  if (slot.in === 'map') {
    const column = columnAt(document.lines, slot.map.start);
    const step = isList(value) ? style.step : stepOf(document, slot.map, style);
    return { lead: '', inline: '', below: blockLines(writer, path, value, column, step) };
  }
  const column = columnAt(document.lines, slot.in === 'list' ? slot.dash : node.start);
  // An anchor on the line of the first key would be that key's.
  if (node.anchor) return { lead: '', inline: '', below: blockLines(writer, path, value, column) };
  const gap = node.start < node.end && !node.tag ? columnAt(document.lines, node.start) - column : style.dashGap;
  // A block on the line below, which moves up to the dash, may have started just one column behind it.
  const dashGap = isBlockCollection(node) ? Math.max(2, gap) : gap;
  const [first, ...below] = blockItem(writer, path, value, column, dashGap) as [string, ...string[]];
  return { lead: ' '.repeat(dashGap - 1), inline: first.slice(column + dashGap), below };
}

/** Where the replaced text starts behind the colon or the dash, and the anchor that has to be written again. */
function head(slot: Slot, node: Node): { from: number; anchor: string } {
  const start = slot.in === 'map' ? slot.afterColon : slot.in === 'list' ? slot.dash + 1 : node.start;
  if (node.tag) return { from: start, anchor: node.anchor ? ` ${node.anchor.text}` : '' };
  return { from: Math.max(start, node.anchor?.end ?? 0), anchor: '' };
}

function replaceInline(rendering: Rendering, slot: Slot, node: Node, written: Written): void {
  const { document, splices } = rendering;
  const { from, anchor } = head(slot, node);
  const headEnd = Math.max(from, node.tag?.end ?? 0);
  const end = Math.max(node.end, headEnd);
  const text = anchor + written.lead + written.inline;
  // A bracket behind a tab is YAML, but not to js-yaml.
  const isTabbed = /^[[{]/.test(written.inline) && document.text[node.start - 1] === '\t';
  if (!node.tag && node.start < node.end && written.inline !== '' && !isTabbed) {
    splices.push({ start: node.start, end, insert: written.inline });
  } else if (isSameLine(document, headEnd, node.start)) splices.push({ start: from, end, insert: text });
  else {
    if (headEnd > from || text !== '') splices.push({ start: from, end: headEnd, insert: text });
    splices.push({ start: previousLineEnd(document, node.start), end, insert: '' });
  }
  if (written.below.length > 0) splices.push(insertBelow(rendering, lineEnd(document.lines, end), written.below));
}

function replaceBlockScalar(rendering: Rendering, slot: Slot, node: ScalarNode, written: Written): void {
  const { document, splices } = rendering;
  const { from, anchor } = head(slot, node);
  const indicator = /^[|>][-+0-9]*/.exec(document.text.slice(node.start, node.end))?.[0].length ?? 1;
  splices.push({ start: from, end: node.start + indicator, insert: anchor + written.lead + written.inline });
  const contentStart = lineEnd(document.lines, node.start);
  const { insert } = insertBelow(rendering, contentStart, written.below);
  splices.push({ start: contentStart, end: Math.max(contentStart, node.end), insert });
}

function replaceBlock(rendering: Rendering, slot: Slot, node: Node, written: Written, by: ReadonlySet<number>): void {
  const { document, splices } = rendering;
  const end = lineEnd(document.lines, node.end);
  const headEnd = headOf(slot, node);
  noteRemoved(rendering, node.end, end, by);
  if (isSameLine(document, headEnd, node.start)) {
    const { insert } = insertBelow(rendering, lineEnd(document.lines, node.start), written.below);
    splices.push({ start: node.start, end, insert: written.inline + insert });
    return;
  }
  const { from, anchor } = head(slot, node);
  const propertyEnd = node.tag ? headEnd : from;
  const text = anchor + written.lead + written.inline;
  if (text !== '' || propertyEnd > from) splices.push({ start: from, end: propertyEnd, insert: text });
  const start = previousLineEnd(document, node.start);
  splices.push({ start, end, insert: insertBelow(rendering, start, written.below).insert });
}

function replaceInFlow(rendering: Rendering, slot: Slot & { in: 'flow' }, node: Node, value: Json, path: Path): void {
  const text = flowText(rendering, slot.collection, value, path);
  const start = Math.min(node.start, node.tag?.start ?? node.start);
  const hasValue = node.start < node.end;
  if (hasValue)
    rendering.splices.push({
      start,
      end: node.end,
      insert: node.tag && node.anchor && node.anchor.start > start ? `${node.anchor.text} ${text}` : text,
    });
  else {
    const at = Math.max(slot.at, node.anchor?.end ?? 0, node.tag?.end ?? 0);
    rendering.splices.push({ start: at, end: at, insert: ` ${text}` });
  }
}
