import type { Json, Path } from '../core/json.js';
import { arrangeKeys } from './arrange.js';
import type { CollectionEdit } from './edit.js';
import { entryEnd, firstCommentBetween, isSameLine, previousLineEnd } from './extent.js';
import { noteRemoved, type Rendering, rewrittenValue, type Slot } from './render.js';
import { replaceValue } from './replace.js';
import { stepOf, withQuotesOf } from './style.js';
import { columnAt, type Item, lineBreak, lineEnd, type MapNode, type Node, outerStart, type Pair, type SeqNode } from './tree.js';
import { blockItem, blockPair } from './write.js';

/** Changes the keys of a block map. */
export function renderBlockMap(rendering: Rendering, map: MapNode, edit: CollectionEdit, slot: Slot, path: Path): void {
  const isRemoved = (pair: Pair) => !pair.isMerge && edit.slots.get(pair.key)?.op === 'remove';
  const kept = map.pairs.filter((pair) => !isRemoved(pair));
  const by = removedBy(edit);
  if (kept.length === 0) {
    replaceValue(rendering, slot, map, rewrittenValue(map, rendering.edits), path, by);
    return;
  }
  for (const pair of map.pairs) {
    const change = edit.slots.get(pair.key);
    if (pair.isMerge || change?.op !== 'set') continue;
    replaceValue(
      rendering,
      { in: 'map', map, afterColon: pair.afterColon },
      pair.value,
      change.value,
      [...path, pair.key],
      change.by,
    );
  }
  const column = columnAt(rendering.document.lines, map.start);
  const entries = map.pairs.map((pair) => ({
    start: pair.start,
    end: isRemoved(pair) ? pairExtent(rendering, pair, column) : pairEnd(pair),
    isRemoved: isRemoved(pair),
    by: edit.slots.get(pair.key)?.by,
  }));
  removeEntries(rendering, entries, isCompact(rendering, slot, map));
  addKeys(rendering, map, kept, edit, slot, path);
}

function addKeys(rendering: Rendering, map: MapNode, kept: readonly Pair[], edit: CollectionEdit, slot: Slot, path: Path): void {
  const present = new Set(map.pairs.filter((pair) => !pair.isMerge).map((pair) => pair.key));
  const added = [...edit.slots].flatMap(([key, change]) =>
    change.op === 'set' && !present.has(String(key)) ? [String(key)] : [],
  );
  if (added.length === 0) return;
  const { document, placement, style, splices } = rendering;
  const column = columnAt(document.lines, map.start);
  const writer = { style: { ...style, step: stepOf(document, map, style) }, placement };
  for (const spot of arrangeKeys(kept, added, path, placement)) {
    const lines = spot.keys.flatMap((key) => blockPair(writer, path, key, newValue(edit, key), column));
    if (spot.after) splices.push(insertBelow(rendering, pairExtent(rendering, spot.after, column), lines));
    else if (isCompact(rendering, slot, map) || slot.in === 'root') {
      const first = kept[0] as Pair;
      const eol = lineBreak(document.lines, first.start);
      const text = lines.map((line, at) => (at === 0 ? line.slice(column) : line)).join(eol);
      splices.push({ start: first.start, end: first.start, insert: text + eol + ' '.repeat(column) });
    } else splices.push(insertBelow(rendering, lineEnd(document.lines, headOf(slot, map)), lines));
  }
}

function newValue(edit: CollectionEdit, key: string): Json {
  const slot = edit.slots.get(key);
  return slot?.op === 'set' ? slot.value : null;
}

/** Changes the items of a block list. */
export function renderBlockList(rendering: Rendering, list: SeqNode, edit: CollectionEdit, slot: Slot, path: Path): void {
  const isRemoved = (at: number) => edit.slots.get(at)?.op === 'remove';
  const kept = list.items.filter((_, at) => !isRemoved(at));
  if (kept.length === 0) {
    replaceValue(rendering, slot, list, rewrittenValue(list, rendering.edits), path, removedBy(edit));
    return;
  }
  list.items.forEach((item, at) => {
    const change = edit.slots.get(at);
    if (change?.op === 'set')
      replaceValue(rendering, { in: 'list', dash: item.start }, item.value, change.value, [...path, at], change.by);
  });
  const { document, placement, style, splices } = rendering;
  const column = columnAt(document.lines, list.start);
  const entries = list.items.map((item, at) => ({
    start: item.start,
    end: isRemoved(at) ? entryEnd(document, itemEnd(item), column) : itemEnd(item),
    isRemoved: isRemoved(at),
    by: edit.slots.get(at)?.by,
  }));
  removeEntries(rendering, entries, isCompact(rendering, slot, list));
  if (edit.appended.length === 0) return;
  const last = kept.at(-1) as Item;
  const gap = gapOf(rendering, last) ?? style.dashGap;
  const writer = { style: withQuotesOf(style, list), placement };
  const lines = edit.appended.flatMap(({ value }, at) =>
    blockItem(writer, [...path, list.items.length + at], value, column, gap),
  );
  splices.push(insertBelow(rendering, entryEnd(document, itemEnd(last), column, column), lines));
}

function gapOf({ document }: Rendering, item: Item): number | undefined {
  const start = outerStart(item.value);
  return isSameLine(document, item.start, start) && start - item.start > 1 ? start - item.start : undefined;
}

/** New lines behind the line that ends at `end`. */
export function insertBelow(
  { document }: Rendering,
  end: number,
  lines: readonly string[],
): { start: number; end: number; insert: string } {
  const eol = lineBreak(document.lines, end);
  return { start: end, end, insert: lines.map((line) => eol + line).join('') };
}

interface Entry {
  readonly start: number;
  /** For one that is removed, of the comments that belong to it. */
  readonly end: number;
  readonly isRemoved: boolean;
  readonly by: ReadonlySet<number> | undefined;
}

/**
 * Takes the lines of entries away, with the comments that are indented deeper. The first ones share their line with a dash
 * (`- a: 1`), or have no line before them.
 */
function removeEntries(rendering: Rendering, entries: readonly Entry[], isCompactFirst: boolean): void {
  let next = 0;
  const first = entries[0];
  if (first?.isRemoved && (isCompactFirst || previousLineEnd(rendering.document, first.start) < 0))
    next = removeLeading(rendering, entries);
  for (const entry of entries.slice(next)) if (entry.isRemoved) removeLines(rendering, entry);
}

function removeLines(rendering: Rendering, entry: Entry): void {
  const { document, splices } = rendering;
  const end = lineEnd(document.lines, entry.end);
  splices.push({ start: previousLineEnd(document, entry.start), end, insert: '' });
  noteRemoved(rendering, entry.start, end, entry.by ?? new Set());
}

/** Removes the entries before the first one that stays, which moves up to the dash unless a comment does. How many were done. */
function removeLeading(rendering: Rendering, entries: readonly Entry[]): number {
  const { document, splices } = rendering;
  const start = (entries[0] as Entry).start;
  for (let at = 0; at < entries.length - 1; at++) {
    const entry = entries[at] as Entry;
    const next = entries[at + 1] as Entry;
    const end = lineEnd(document.lines, entry.end);
    noteRemoved(rendering, entry.start, end, entry.by ?? new Set());
    const comment = firstCommentBetween(document, end, next.start);
    if (comment !== undefined || !next.isRemoved) {
      splices.push({ start, end: comment ?? next.start, insert: '' });
      return at + 1;
    }
  }
  return entries.length;
}

function pairEnd(pair: Pair): number {
  return Math.max(pair.value.end, pair.afterColon);
}

function itemEnd(item: Item): number {
  return Math.max(item.value.end, item.start + 1);
}

function pairExtent({ document }: Rendering, pair: Pair, column: number): number {
  const { value } = pair;
  const isUnindented = value.kind === 'seq' && !value.isFlow && columnAt(document.lines, value.start) === column;
  return entryEnd(document, pairEnd(pair), column, isUnindented ? column : -1);
}

/** Whether the first entry stands on the line of its dash. */
function isCompact({ document }: Rendering, slot: Slot, node: Node): boolean {
  return slot.in === 'list' && isSameLine(document, slot.dash, node.start);
}

/** The last character before a block collection on its own lines: of the key's colon, the dash, an anchor or a tag. */
export function headOf(slot: Slot, node: Node): number {
  const property = Math.max(node.anchor?.end ?? 0, node.tag?.end ?? 0);
  if (slot.in === 'map') return Math.max(slot.afterColon, property);
  return slot.in === 'list' ? Math.max(slot.dash + 1, property) : property;
}

function removedBy(edit: CollectionEdit): ReadonlySet<number> {
  const by = new Set<number>();
  for (const slot of edit.slots.values()) for (const index of slot.by) by.add(index);
  return by;
}
