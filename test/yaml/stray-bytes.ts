import type { Change } from '../../src/core/change.js';
import type { Path } from '../../src/core/json.js';
import type { RenderedChanges } from '../../src/yaml/render.js';
import { dereference, findPair, lineEnd, lineStart, type Node, type YamlDocument } from '../../src/yaml/tree.js';
import { mergeSources } from '../../src/yaml/value.js';

/**
 * Text that splices take away although no change names it: everything but white space, commas, brackets, the tag (and the anchor behind it) of what is emptied and reported comments outside the
 * lines of what is removed or replaced.
 */
export function strayBytes(document: YamlDocument, changes: readonly Change[], result: RenderedChanges): string[] {
  const named = changes.flatMap((change) => rangesOf(document, change));
  const lost = [...result.lostComments.values()].flat();
  const stray: string[] = [];
  for (const { start, end } of result.splices) {
    let rest = '';
    for (let at = start; at < end; at++) {
      if (!named.some((range) => range.start <= at && at < range.end)) rest += document.text[at];
    }
    for (const comment of lost) rest = rest.replace(comment, '');
    if (/[^\s,{}[\]]/.test(rest.replace(/!!?\w+/, '').replace(/&\w+/, ''))) stray.push(rest);
  }
  return stray;
}

interface Range {
  readonly start: number;
  readonly end: number;
}

/** The entry that a change removes or replaces; of the vacant value that it fills; nothing where it only adds. */
function rangesOf(document: YamlDocument, { path, op }: Change): Range[] {
  let node: Node = document.root;
  let entry: Range | undefined;
  for (const step of path) {
    const found = entryOf(dereference(node), step);
    if (!found) return isVacant(node) && entry ? [entry] : [];
    entry = { start: found.start, end: Math.max(found.node.end, found.node.tag?.end ?? 0, found.node.anchor?.end ?? 0) };
    node = found.node;
  }
  if (!entry || (op === 'append' && !isVacant(node))) return [];
  const ends = isFlowEntry(document, path) ? entry.end : lineEnd(document.lines, entry.end);
  const starts = lineStart(document.lines, entry.start);
  return [{ start: /^[\s-]*$/.test(document.text.slice(starts, entry.start)) ? starts : entry.start, end: ends }];
}

function isFlowEntry(document: YamlDocument, path: Path): boolean {
  let node: Node | undefined = document.root;
  for (const step of path) {
    const target: Exclude<Node, { kind: 'alias' }> = dereference(node);
    if (target.kind !== 'scalar' && target.isFlow) return true;
    node = entryOf(target, step)?.node;
    if (!node) return false;
  }
  return false;
}

function isVacant(node: Node): boolean {
  const target = dereference(node);
  if (target.kind === 'map') return target.pairs.length === 0;
  if (target.kind === 'seq') return target.items.length === 0;
  return true;
}

function entryOf(node: Exclude<Node, { kind: 'alias' }>, step: string | number): { start: number; node: Node } | undefined {
  if (node.kind === 'seq') {
    const item = node.items[step as number];
    return item && { start: item.start, node: item.value };
  }
  if (node.kind === 'scalar') return undefined;
  const pair = findPair(node, String(step));
  if (pair) return { start: pair.start, node: pair.value };
  for (const source of mergeSources(node)) {
    const found = entryOf(source, step);
    if (found) return found;
  }
  return undefined;
}
