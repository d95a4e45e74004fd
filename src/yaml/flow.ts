import type { Json, Path } from '../core/json.js';
import { arrangeKeys } from './arrange.js';
import type { CollectionEdit } from './edit.js';
import { endsLine, indentBefore, isSameLine, previousLineEnd, startsLine } from './extent.js';
import { noteRemoved, type Rendering, rewrittenValue, type Slot } from './render.js';
import { replaceValue } from './replace.js';
import { lineBreak, lineEnd, type MapNode, type Node, type Pair, type SeqNode } from './tree.js';
import { type JsonLayout, writeFlow, writeJson, writeKey } from './write.js';

/** An entry of a flow collection: a pair or an item. */
interface Entry {
  readonly start: number;
  readonly end: number;
  readonly comma: number;
  readonly isRemoved: boolean;
  readonly by: ReadonlySet<number> | undefined;
}

/** Changes the entries of a flow map or list, JSON included. One-line ones stay on one line. */
export function renderFlow(rendering: Rendering, node: MapNode | SeqNode, edit: CollectionEdit, slot: Slot, path: Path): void {
  const entries = entriesOf(node, edit);
  const kept = entries.filter((entry) => !entry.isRemoved);
  if (kept.length === 0) {
    const by = new Set(entries.flatMap((entry) => [...(entry.by ?? [])]));
    replaceValue(rendering, slot, node, rewrittenValue(node, rendering.edits), path, by);
    return;
  }
  const isLined = kept.every((entry) => startsLine(rendering.document, entry.start));
  removeEntries(rendering, entries, isLined);
  if (node.kind === 'map') {
    for (const pair of node.pairs) {
      const change = edit.slots.get(pair.key);
      if (pair.isMerge || change?.op !== 'set') continue;
      replaceValue(
        rendering,
        { in: 'flow', at: pair.afterColon, collection: node },
        pair.value,
        change.value,
        [...path, pair.key],
        change.by,
      );
    }
    addKeys(rendering, node, edit, isLined, path);
    return;
  }
  node.items.forEach((item, at) => {
    const change = edit.slots.get(at);
    if (change?.op === 'set')
      replaceValue(
        rendering,
        { in: 'flow', at: item.start, collection: node },
        item.value,
        change.value,
        [...path, at],
        change.by,
      );
  });
  const texts = edit.appended.map(({ value }, at) => flowText(rendering, node, value, [...path, node.items.length + at]));
  if (texts.length > 0) addAfter(rendering, kept.at(-1) as Entry, texts, isLined, isLast(entries, kept.at(-1) as Entry));
}

function entriesOf(node: MapNode | SeqNode, edit: CollectionEdit): Entry[] {
  if (node.kind === 'map') {
    return node.pairs.map((pair) => {
      const slot = pair.isMerge ? undefined : edit.slots.get(pair.key);
      return { start: pair.start, end: pairEnd(pair), comma: pair.comma, isRemoved: slot?.op === 'remove', by: slot?.by };
    });
  }
  return node.items.map((item, at) => {
    const slot = edit.slots.get(at);
    return {
      start: item.start,
      end: Math.max(item.value.end, item.start),
      comma: item.comma,
      isRemoved: slot?.op === 'remove',
      by: slot?.by,
    };
  });
}

function pairEnd(pair: Pair): number {
  return Math.max(pair.value.end, pair.afterColon, pair.keyNode.end, pair.value.anchor?.end ?? 0, pair.value.tag?.end ?? 0);
}

function addKeys(rendering: Rendering, map: MapNode, edit: CollectionEdit, isLined: boolean, path: Path): void {
  const present = new Set(map.pairs.filter((pair) => !pair.isMerge).map((pair) => pair.key));
  const added = [...edit.slots].flatMap(([key, change]) =>
    change.op === 'set' && !present.has(String(key)) ? [String(key)] : [],
  );
  if (added.length === 0) return;
  const kept = map.pairs.filter((pair) => pair.isMerge || edit.slots.get(pair.key)?.op !== 'remove');
  const entries = entriesOf(map, edit);
  for (const spot of arrangeKeys(kept, added, path, rendering.placement)) {
    const texts = spot.keys.map((key) => pairText(rendering, map, key, edit, path));
    const { after } = spot;
    if (after) {
      const entry = entries.find(({ start }) => start === after.start) as Entry;
      addAfter(rendering, entry, texts, isLined, isLast(entries, entry));
    } else addBefore(rendering, (kept[0] as Pair).start, texts, isLined);
  }
}

function pairText(rendering: Rendering, map: MapNode, key: string, edit: CollectionEdit, path: Path): string {
  const slot = edit.slots.get(key);
  const value = slot?.op === 'set' ? slot.value : null;
  const text = flowText(rendering, map, value, [...path, key]);
  if (!rendering.document.isJson) return `${writeKey(key, rendering.style.quote)}: ${text}`;
  return `${JSON.stringify(key)}:${jsonLayout(rendering, map).afterColon}${text}`;
}

/** Whether all entries behind `entry` go, so that it ends the collection. */
function isLast(entries: readonly Entry[], entry: Entry): boolean {
  return entries.slice(entries.indexOf(entry) + 1).every(({ isRemoved }) => isRemoved);
}

function addAfter(rendering: Rendering, entry: Entry, texts: readonly string[], isLined: boolean, isEnd: boolean): void {
  const { document, splices } = rendering;
  const { start, end, comma } = entry;
  const gap = document.isJson ? jsonGap(rendering, entry) : ' ';
  if (!isLined) {
    splices.push({ start: end, end, insert: texts.map((text) => `,${gap}${text}`).join('') });
    return;
  }
  const lead = lineBreak(document.lines, start) + indentBefore(document, start);
  // Behind the comma and its comment, a whole line each; else right behind the value.
  const hasComma = comma >= 0 && !(isEnd && isDroppedComma(rendering, comma));
  if (hasComma && isSameLine(document, end, comma) && endsLine(document, comma + 1)) {
    const at = lineEnd(document.lines, comma);
    splices.push({ start: at, end: at, insert: texts.map((text) => `${lead}${text},`).join('') });
  } else if (!hasComma && endsLine(document, end)) {
    const at = lineEnd(document.lines, end);
    splices.push({ start: end, end, insert: ',' });
    splices.push({ start: at, end: at, insert: texts.map((text) => lead + text).join(',') });
  } else splices.push({ start: end, end, insert: texts.map((text) => `,${lead}${text}`).join('') });
}

/** A comma that goes because everything behind it goes. */
function isDroppedComma({ splices }: Rendering, comma: number): boolean {
  return splices.some((splice) => splice.start <= comma && comma < splice.end);
}

function addBefore(rendering: Rendering, first: number, texts: readonly string[], isLined: boolean): void {
  const { document, splices } = rendering;
  const gap = isLined ? lineBreak(document.lines, first) + indentBefore(document, first) : ' ';
  splices.push({ start: first, end: first, insert: texts.map((text) => `${text},${gap}`).join('') });
}

function removeEntries(rendering: Rendering, entries: readonly Entry[], isLined: boolean): void {
  const lastKept = entries.findLastIndex((entry) => !entry.isRemoved);
  const hasTrailingComma = (entries.at(-1)?.comma ?? -1) >= 0;
  entries.forEach((entry, at) => {
    if (!entry.isRemoved) return;
    const end = entry.comma >= 0 ? entry.comma + 1 : entry.end;
    const next = entries[at + 1];
    removeText(rendering, entry, end, next && !isLined ? next.start : undefined, isLined);
    noteRemoved(rendering, entry.start, isLined ? lineEnd(rendering.document.lines, end) : end, entry.by ?? new Set());
  });
  const kept = entries[lastKept];
  if (kept && lastKept < entries.length - 1 && !hasTrailingComma && kept.comma >= 0) {
    rendering.splices.push({ start: kept.comma, end: kept.comma + 1, insert: '' });
  }
}

function removeText(rendering: Rendering, entry: Entry, end: number, next: number | undefined, isLined: boolean): void {
  const { document, splices } = rendering;
  const before = previousLineEnd(document, entry.start);
  if (isLined && before >= 0 && startsLine(document, entry.start) && endsLine(document, end)) {
    splices.push({ start: before, end: lineEnd(document.lines, end), insert: '' });
  } else if (next !== undefined && isSameLine(document, end, next)) splices.push({ start: entry.start, end: next, insert: '' });
  else {
    // The white space before it goes too, up to the line's start or to what stays.
    const gap = /[ \t]*$/.exec(document.text.slice(0, entry.start))?.[0].length ?? 0;
    const start = startsLine(document, entry.start) ? entry.start : entry.start - gap;
    splices.push({ start, end, insert: '' });
  }
}

/** A value as it is written inside a flow collection. */
export function flowText(rendering: Rendering, collection: MapNode | SeqNode, value: Json, path: Path): string {
  const { document, style, placement } = rendering;
  if (!document.isJson) return writeFlow(value, { style, placement }, path);
  return writeJson(value, jsonLayout(rendering, collection), path, placement);
}

/** How the entries of a JSON collection are laid out, read off the collection itself. */
function jsonLayout(rendering: Rendering, collection: MapNode | SeqNode): JsonLayout {
  const { document } = rendering;
  const starts =
    collection.kind === 'map' ? collection.pairs.map((pair) => pair.start) : collection.items.map((item) => item.start);
  const first = starts[0] ?? collection.start;
  const isLined = starts.length > 0 && startsLine(document, first);
  const inner = indentBefore(document, first);
  return {
    indent: isLined ? inner : undefined,
    step: jsonStep(rendering),
    lineBreak: lineBreak(document.lines, first),
    ...jsonSpacing(rendering),
    hasInlineLists: hasInlineLists(document.root, document.text),
  };
}

/** The indent of one level: that of the root's keys. */
function jsonStep({ document }: Rendering): string {
  const { root } = document;
  const first = root.kind === 'map' ? root.pairs[0] : undefined;
  if (!first || !startsLine(document, first.start)) return '  ';
  const own = indentBefore(document, root.start);
  return indentBefore(document, first.start).slice(own.length) || '  ';
}

function jsonSpacing({ document }: Rendering): { afterColon: string; afterComma: string } {
  const { root, text } = document;
  const pairs = root.kind === 'map' ? root.pairs : [];
  const first = pairs[0];
  const afterColon = first && text[first.afterColon] !== ' ' ? '' : ' ';
  const comma = pairs.find((pair) => pair.comma >= 0)?.comma;
  const afterComma = comma !== undefined && /\S/.test(text[comma + 1] ?? ' ') ? '' : ' ';
  return { afterColon, afterComma };
}

function jsonGap(rendering: Rendering, entry: Entry): string {
  const { text } = rendering.document;
  if (entry.comma >= 0) return /\S/.test(text[entry.comma + 1] ?? ' ') ? '' : ' ';
  return jsonSpacing(rendering).afterComma;
}

/** Whether lists of scalars stand on one line: as the first one does. */
function hasInlineLists(node: Node, text: string): boolean {
  const list = firstScalarList(node);
  return list !== undefined && !text.slice(list.start, list.end).includes('\n');
}

function firstScalarList(node: Node): SeqNode | undefined {
  if (node.kind === 'seq') {
    if (node.items.length > 0 && node.items.every((item) => item.value.kind === 'scalar')) return node;
    for (const item of node.items) {
      const found = firstScalarList(item.value);
      if (found) return found;
    }
  } else if (node.kind === 'map') {
    for (const pair of node.pairs) {
      const found = firstScalarList(pair.value);
      if (found) return found;
    }
  }
  return undefined;
}
