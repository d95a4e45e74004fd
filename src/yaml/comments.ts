import { columnAt, lineAt, lineEnd, lineStart, type Node, type YamlDocument } from './tree.js';

/** A comment, from its `#` to the end of its line. */
export interface Comment {
  readonly start: number;
  readonly end: number;
  readonly text: string;
  /** From 0. */
  readonly line: number;
  readonly column: number;
  /** Whether nothing else stands on its line. */
  readonly isOwnLine: boolean;
}

const cache = new WeakMap<YamlDocument, readonly Comment[]>();

/** The comments of a document in the order of the text: every ` #` that no scalar contains. */
export function commentsOf(document: YamlDocument): readonly Comment[] {
  let comments = cache.get(document);
  if (!comments) {
    comments = findComments(document);
    cache.set(document, comments);
  }
  return comments;
}

/** The comments that start in `[from, to)`, in the order of the text. */
export function commentsBetween(document: YamlDocument, from: number, to: number): readonly Comment[] {
  const comments = commentsOf(document);
  const first = firstFrom(comments, from);
  return comments.slice(first, firstFrom(comments, to));
}

/** The index of the first comment that starts at `offset` or behind it. */
function firstFrom(comments: readonly Comment[], offset: number): number {
  let low = 0;
  let high = comments.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((comments[middle] as Comment).start < offset) low = middle + 1;
    else high = middle;
  }
  return low;
}

function findComments({ text, lines, start, end, root }: YamlDocument): Comment[] {
  const comments: Comment[] = [];
  // Within the document: a file may hold thousands of them.
  const own = text.slice(start, end);
  const find = (from: number) => {
    const found = own.indexOf('#', from - start);
    return found < 0 ? -1 : start + found;
  };
  let at = find(start);
  if (at < 0) return comments;
  const scalars = [...scalarRanges(root, text)];
  let next = 0;
  while (at >= 0) {
    while (next < scalars.length && (scalars[next] as Range)[1] <= at) next++;
    const scalar = scalars[next];
    if (scalar && scalar[0] <= at) {
      at = find(scalar[1]);
      continue;
    }
    const before = at === start ? '\n' : (text[at - 1] as string);
    if (!/[\s\ufeff]/.test(before)) {
      at = find(at + 1);
      continue;
    }
    const stop = lineEnd(lines, at);
    const isOwnLine = text.slice(lineStart(lines, at), at).trim() === '';
    comments.push({
      start: at,
      end: stop,
      text: text.slice(at, stop),
      line: lineAt(lines, at),
      column: columnAt(lines, at),
      isOwnLine,
    });
    at = find(stop);
  }
  return comments;
}

type Range = readonly [number, number];

/** In the order of the text. The header line of a block scalar may end in a comment and is left out. */
function* scalarRanges(node: Node, text: string): Iterable<Range> {
  if (node.kind === 'map') {
    for (const pair of node.pairs) {
      yield [pair.keyNode.start, pair.keyNode.end];
      yield* scalarRanges(pair.value, text);
    }
  } else if (node.kind === 'seq') {
    for (const item of node.items) yield* scalarRanges(item.value, text);
  } else if (node.kind === 'scalar' && (node.style === 'literal' || node.style === 'folded')) {
    const feed = text.indexOf('\n', node.start);
    if (feed >= 0 && feed < node.end) yield [feed, node.end];
  } else if (node.start < node.end) yield [node.start, node.end];
}
