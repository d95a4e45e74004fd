import type { Path } from '../core/json.js';
import { arrangeKeys } from './arrange.js';
import { commentsBetween } from './comments.js';
import type { CollectionEdit } from './edit.js';
import { endsLine, indentBefore, isSameLine, previousLineEnd, startsLine } from './extent.js';
import { flowPair, flowText, gapBehind } from './flow-text.js';
import { noteRemoved, type Rendering, rewrittenValue, type Slot } from './render.js';
import { replaceValue } from './replace.js';
import { withQuotesOf } from './style.js';
import { lineBreak, lineEnd, type MapNode, type Pair, type SeqNode, type YamlDocument } from './tree.js';

/** An entry of a flow collection: a pair or an item. */
interface Entry {
  readonly start: number;
  readonly end: number;
  readonly comma: number;
  readonly isRemoved: boolean;
  readonly by: ReadonlySet<number>;
}

/** New entries behind one that stays, or before all of them. */
interface Addition {
  readonly after: Entry | undefined;
  readonly texts: readonly string[];
}

/** What the edit of one flow collection goes by. */
interface FlowEdit {
  readonly rendering: Rendering;
  readonly entries: readonly Entry[];
  readonly kept: readonly Entry[];
  /** Whether each entry that stays starts a line: then new ones do as well. */
  readonly isLined: boolean;
  /** Whether a comma stands behind the last entry. */
  readonly hasTrailingComma: boolean;
}

/** Changes the entries of a flow map or list, JSON included. One-line ones stay on one line. */
export function renderFlow(rendering: Rendering, node: MapNode | SeqNode, edit: CollectionEdit, slot: Slot, path: Path): void {
  const entries = entriesOf(node, edit);
  const kept = entries.filter((entry) => !entry.isRemoved);
  if (kept.length === 0) {
    const by = new Set(entries.flatMap((entry) => [...entry.by]));
    replaceValue(rendering, slot, node, rewrittenValue(node, rendering.edits), path, by);
    return;
  }
  const isLined = kept.every((entry) => startsLine(rendering.document, entry.start));
  const flow: FlowEdit = { rendering, entries, kept, isLined, hasTrailingComma: (entries.at(-1)?.comma ?? -1) >= 0 };
  const additions = node.kind === 'map' ? newPairs(flow, node, edit, path) : newItems(flow, node, edit, path);
  removeEntries(flow, additions);
  replaceEntries(rendering, node, edit, path);
  for (const { after, texts } of additions) {
    if (after) addAfter(flow, after, texts);
    else addBefore(flow, (kept[0] as Entry).start, texts);
  }
}

const NONE: ReadonlySet<number> = new Set();

function entriesOf(node: MapNode | SeqNode, edit: CollectionEdit): Entry[] {
  if (node.kind === 'map') {
    return node.pairs.map((pair) => {
      const slot = pair.isMerge ? undefined : edit.slots.get(pair.key);
      return { start: pair.start, end: pairEnd(pair), comma: pair.comma, isRemoved: slot?.op === 'remove', by: slot?.by ?? NONE };
    });
  }
  return node.items.map((item, at) => {
    const slot = edit.slots.get(at);
    const end = Math.max(item.value.end, item.value.anchor?.end ?? 0, item.value.tag?.end ?? 0, item.start);
    return { start: item.start, end, comma: item.comma, isRemoved: slot?.op === 'remove', by: slot?.by ?? NONE };
  });
}

function pairEnd(pair: Pair): number {
  return Math.max(pair.value.end, pair.afterColon, pair.keyNode.end, pair.value.anchor?.end ?? 0, pair.value.tag?.end ?? 0);
}

function newPairs({ rendering, entries }: FlowEdit, map: MapNode, edit: CollectionEdit, path: Path): Addition[] {
  const present = new Set(map.pairs.filter((pair) => !pair.isMerge).map((pair) => pair.key));
  const added = new Map<string, string>();
  for (const [step, slot] of edit.slots) {
    const key = String(step);
    if (slot.op === 'set' && !present.has(key)) added.set(key, flowPair(rendering, map, key, slot.value, path));
  }
  if (added.size === 0) return [];
  const pairs = map.pairs.filter((_, at) => !entries[at]?.isRemoved);
  return arrangeKeys(pairs, [...added.keys()], path, rendering.placement).map(({ after, keys }) => ({
    after: after && entries[map.pairs.indexOf(after)],
    texts: keys.map((key) => added.get(key) as string),
  }));
}

function newItems({ rendering: outer, kept }: FlowEdit, list: SeqNode, edit: CollectionEdit, path: Path): Addition[] {
  if (edit.appended.length === 0) return [];
  const rendering = { ...outer, style: withQuotesOf(outer.style, list) };
  const { length } = list.items;
  const texts = edit.appended.map(({ value }, at) => flowText(rendering, list, value, [...path, length + at]));
  return [{ after: kept.at(-1), texts }];
}

function replaceEntries(rendering: Rendering, node: MapNode | SeqNode, edit: CollectionEdit, path: Path): void {
  if (node.kind === 'map') {
    for (const pair of node.pairs) {
      const change = edit.slots.get(pair.key);
      if (pair.isMerge || change?.op !== 'set') continue;
      const slot: Slot = { in: 'flow', at: pair.afterColon, collection: node };
      replaceValue(rendering, slot, pair.value, change.value, [...path, pair.key], change.by);
    }
    return;
  }
  node.items.forEach((item, at) => {
    const change = edit.slots.get(at);
    if (change?.op !== 'set') return;
    replaceValue(rendering, { in: 'flow', at: item.start, collection: node }, item.value, change.value, [...path, at], change.by);
  });
}

/** Whether new lines can go below the line of an entry, whose comma and comment stay as they are. */
function hasLineBelow({ rendering: { document }, isLined }: FlowEdit, { end, comma }: Entry): boolean {
  return isLined && comma >= 0 && isSameLine(document, end, comma) && endsLine(document, comma + 1);
}

function addAfter(flow: FlowEdit, entry: Entry, texts: readonly string[]): void {
  const { document, splices } = flow.rendering;
  const { start, end, comma } = entry;
  if (!flow.isLined) {
    const gap = gapBehind(flow.rendering, comma);
    splices.push({ start: end, end, insert: colonGap(document, end) + texts.map((text) => `,${gap}${text}`).join('') });
    return;
  }
  const lead = lineBreak(document.lines, start) + indentBefore(document, start);
  if (hasLineBelow(flow, entry)) {
    const at = lineEnd(document.lines, comma);
    const isOpenEnd = entry === flow.kept.at(-1) && !flow.hasTrailingComma;
    splices.push({ start: at, end: at, insert: texts.map((text) => lead + text).join(',') + (isOpenEnd ? '' : ',') });
  } else if (comma < 0 && endsLine(document, end)) {
    const at = lineEnd(document.lines, end);
    splices.push({ start: end, end, insert: `${colonGap(document, end)},` });
    splices.push({ start: at, end: at, insert: texts.map((text) => lead + text).join(',') });
  } else splices.push({ start: end, end, insert: colonGap(document, end) + texts.map((text) => `,${lead}${text}`).join('') });
}

/** Behind a key without a value (`{a: }`): to Kubernetes `a:,` and `a:}` are `a:` with its colon. */
function colonGap({ text }: YamlDocument, end: number): string {
  return text[end - 1] === ':' ? ' ' : '';
}

function addBefore({ rendering, isLined }: FlowEdit, first: number, texts: readonly string[]): void {
  const { document, splices } = rendering;
  const gap = isLined ? lineBreak(document.lines, first) + indentBefore(document, first) : gapBehind(rendering, -1);
  splices.push({ start: first, end: first, insert: texts.map((text) => `${text},${gap}`).join('') });
}

function removeEntries(flow: FlowEdit, additions: readonly Addition[]): void {
  const { rendering, entries, kept, hasTrailingComma } = flow;
  const last = kept.at(-1) as Entry;
  const behind = entries.indexOf(last) + 1;
  entries.slice(0, behind).forEach((entry, at) => {
    if (entry.isRemoved) removeEntry(flow, entry, entries[at + 1]);
  });
  if (behind === entries.length) return;
  const isExtended = additions.some(({ after }) => after === last) && hasLineBelow(flow, last);
  if (!isExtended && removeTail(flow, last)) return;
  entries.slice(behind).forEach((entry, at) => {
    removeEntry(flow, entry, entries[behind + at + 1]);
  });
  if (!isExtended && !hasTrailingComma) rendering.splices.push({ start: last.comma, end: last.comma + 1, insert: '' });
}

/** Takes away all behind `last` in one go, its comma too, where no comment stands in between. */
function removeTail({ rendering, entries }: FlowEdit, last: Entry): boolean {
  const { document, splices } = rendering;
  const final = entries.at(-1) as Entry;
  const line = Math.max(final.end, final.comma + 1);
  const isAlone = startsLine(document, final.start) && endsLine(document, line);
  const end = isAlone ? lineEnd(document.lines, line) : final.end;
  if (commentsBetween(document, last.end, end).length > 0) return false;
  splices.push({ start: last.end, end: final.end, insert: colonGap(document, last.end) });
  return true;
}

/** Takes away an entry with the comma behind it: its line where it has one to itself, else up to the next entry. */
function removeEntry({ rendering }: FlowEdit, entry: Entry, next: Entry | undefined): void {
  const { document, splices } = rendering;
  const isBeside = entry.comma >= 0 && isSameLine(document, entry.end, entry.comma);
  const end = isBeside ? entry.comma + 1 : entry.end;
  if (entry.comma >= 0 && !isBeside) splices.push({ start: entry.comma, end: entry.comma + 1, insert: '' });
  const before = previousLineEnd(document, entry.start);
  if (before >= 0 && startsLine(document, entry.start) && endsLine(document, end)) {
    const stop = lineEnd(document.lines, end);
    splices.push({ start: before, end: stop, insert: '' });
    noteRemoved(rendering, entry.start, stop, entry.by);
    return;
  }
  noteRemoved(rendering, entry.start, end, entry.by);
  const stop = next && isBeside && isSameLine(document, end, next.start) ? next.start : end;
  splices.push({ start: entry.start, end: stop, insert: '' });
}
