import type { Path } from '../core/json.js';
import { type Comment, commentsOf } from './comments.js';
import { dereference, findPair, type Item, lineAt, type MapNode, type Node, type Pair, type YamlDocument } from './tree.js';
import { mergeSources } from './value.js';

/** The line, from 1, of what is at `path`, else of the nearest thing above it that is there. */
export function lineOfPath(document: YamlDocument, path: Path): number {
  return lineAt(document.lines, nearestTo(document, path).start) + 1;
}

/** What is at `path`, its key or dash included, else the nearest thing above it that is there: offsets, without comments around it. */
export function rangeOfPath(document: YamlDocument, path: Path): { readonly start: number; readonly end: number } {
  const { start, node } = nearestTo(document, path);
  return { start, end: node.end };
}

/** The line, from 1, of the first line of a literal block scalar; `undefined` where its lines are not lines of the file. */
export function lineOfText(document: YamlDocument, path: Path): number | undefined {
  const { node, depth } = nearestTo(document, path);
  if (depth < path.length || node.kind !== 'scalar' || node.style !== 'literal') return undefined;
  // The header, `|-`, has a line of its own.
  return lineAt(document.lines, node.start) + 2;
}

/** The pair of a block map of the document whose key a path ends in; `undefined` where there is none, and in what aliases share. */
export function pairAt(document: YamlDocument, path: Path): Pair | undefined {
  let node: Node = document.root;
  let pair: Pair | undefined;
  for (const step of path) {
    pair = node.kind === 'map' && typeof step === 'string' ? findPair(node, step) : undefined;
    if (!pair) return undefined;
    node = pair.value;
  }
  return pair;
}

function nearestTo(document: YamlDocument, path: Path): { readonly node: Node; readonly start: number; readonly depth: number } {
  let depth = 0;
  let node: Node = document.root;
  let start = node.start;
  for (const step of path) {
    const inner = dereference(node);
    const found: { start: number; value: Node } | undefined =
      inner.kind === 'map'
        ? pairOf(inner, step)
        : inner.kind === 'seq' && typeof step === 'number'
          ? inner.items[step]
          : undefined;
    if (!found) break;
    start = found.start;
    node = found.value;
    depth++;
  }
  return { node, start, depth };
}

function pairOf(map: MapNode, step: string | number): Pair | undefined {
  if (typeof step !== 'string') return undefined;
  const own = findPair(map, step);
  if (own) return own;
  for (const source of mergeSources(map)) {
    const merged = pairOf(source, step);
    if (merged) return merged;
  }
  return undefined;
}

/**
 * What a comment speaks of: the key or list item that starts on its line, or, for a comment on a line of its own, the one that
 * starts next; of several that start there the outermost. Where none starts on the line, as behind a closing bracket, it is the
 * innermost one that ends there. The first key of a document stands for the whole: the empty path.
 */
export function pathOfComment(document: YamlDocument, comment: Comment): Path {
  const { lines, root } = document;
  const isMeant = (start: number): boolean =>
    comment.isOwnLine ? start >= comment.start : lineAt(lines, start) === comment.line;
  if (isMeant(root.start)) return [];
  const isInItem = (item: Item): boolean => comment.isOwnLine && item.start < comment.start && item.value.start > comment.start;
  const found = firstEntry(root, [], (entry, isItem) => isMeant(entry.start) || (isItem && isInItem(entry as Item)));
  if (found || comment.isOwnLine) return found?.path ?? [];
  return lastEntry(root, [], ({ value }) => value.end <= comment.start && lineAt(lines, value.end) === comment.line) ?? [];
}

type Entries = Iterable<readonly [string | number, Pair | Item]>;

function entriesOf(node: Node): Entries {
  if (node.kind === 'map') return node.pairs.map((pair) => [pair.key, pair] as const);
  return node.kind === 'seq' ? node.items.entries() : [];
}

/**
 * The key or list item that starts on a line (from 0), of several the outermost, and where it starts. The first key of a document
 * stands for the whole: the empty path.
 */
export function entryOfLine({ lines, root }: YamlDocument, line: number): Entry | undefined {
  const isMeant = ({ start }: { readonly start: number }) => lineAt(lines, start) === line;
  return isMeant(root) ? { path: [], start: root.start } : firstEntry(root, [], isMeant);
}

/** The same for the entry whose text a line is in: the one that starts where the text's key does. */
export function entryOfText(document: YamlDocument, line: number): Entry | undefined {
  const { lines, root } = document;
  const isAround = ({ start, value }: Pair | Item) =>
    value.kind === 'scalar' && lineAt(lines, start) < line && line <= lineAt(lines, value.end - 1);
  const found = firstEntry(root, [], isAround);
  return found && entryOfLine(document, lineAt(lines, found.start));
}

interface Entry {
  readonly path: Path;
  readonly start: number;
}

function firstEntry(node: Node, path: Path, isMeant: (entry: Pair | Item, isItem: boolean) => boolean): Entry | undefined {
  for (const [step, entry] of entriesOf(node)) {
    const inner = [...path, step];
    if (isMeant(entry, node.kind === 'seq')) return { path: inner, start: entry.start };
    const found = firstEntry(entry.value, inner, isMeant);
    if (found) return found;
  }
  return undefined;
}

/** The innermost entry that is meant, the last one of those that are equally deep. */
function lastEntry(node: Node, path: Path, isMeant: (entry: Pair | Item) => boolean): Path | undefined {
  let found: Path | undefined;
  for (const [step, entry] of entriesOf(node)) {
    const inner = [...path, step];
    found = lastEntry(entry.value, inner, isMeant) ?? (isMeant(entry) ? inner : found);
  }
  return found;
}

/** The comment behind the value at `path`, on the same line. */
export function trailingComment(document: YamlDocument, path: Path): string | undefined {
  const line = lineOfPath(document, path) - 1;
  return commentsOf(document).find((comment) => comment.line === line && !comment.isOwnLine)?.text;
}
