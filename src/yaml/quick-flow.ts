import type { Item, MapNode, Node, Pair, ScalarNode, SeqNode } from './tree.js';

/** Where a flow collection is read. */
interface Cursor {
  readonly text: string;
  readonly end: number;
  /** The column of the block collection around: lines that belong to the flow collection are deeper. */
  readonly indent: number;
  at: number;
  depth: number;
}

const MAX_DEPTH = 20;

/**
 * A flow collection that starts at `start` and ends before `end`, of scalars that need no second look; `undefined` for any other. A
 * line may end before an entry, or before the end of the collection.
 */
export function readFlow(text: string, start: number, end: number, indent: number): Node | undefined {
  return readCollection({ text, end, indent, at: start, depth: 0 });
}

function readCollection(cursor: Cursor): MapNode | SeqNode | undefined {
  if (++cursor.depth > MAX_DEPTH) return undefined;
  const node = cursor.text[cursor.at] === '{' ? readMap(cursor) : readList(cursor);
  cursor.depth--;
  return node;
}

function readList(cursor: Cursor): SeqNode | undefined {
  const { text } = cursor;
  const start = cursor.at++;
  const items: Item[] = [];
  for (;;) {
    if (!skipLines(cursor)) return undefined;
    if (text[cursor.at] === ']') break;
    const at = cursor.at;
    const value = readNode(cursor);
    if (!value || !skipLines(cursor)) return undefined;
    const comma = readComma(cursor, ']');
    if (comma === undefined) return undefined;
    items.push({ start: at, value, comma, isOdd: false });
  }
  return { kind: 'seq', isFlow: true, items, start, end: ++cursor.at };
}

const KEY = /(?:[A-Za-z_][A-Za-z0-9_./-]*(?=: )|"[^"\\\n]*"(?=:)|'[^'\n]*'(?=:))/y;
/** Words of YAML 1.1 that are no strings, and all else of two letters and less. */
const ODD_KEY = /^(?:.{1,2}|yes|YES|Yes|off|OFF|Off|true|TRUE|True|false|FALSE|False|null|NULL|Null)$/;

function readMap(cursor: Cursor): MapNode | undefined {
  const { text } = cursor;
  const start = cursor.at++;
  const pairs: Pair[] = [];
  for (;;) {
    if (!skipLines(cursor)) return undefined;
    if (text[cursor.at] === '}') break;
    const keyNode = readKey(cursor);
    if (!keyNode || pairs.some((pair) => pair.key === keyNode.text)) return undefined;
    const afterColon = ++cursor.at;
    skipSpaces(cursor);
    const value = readNode(cursor);
    if (!value || !skipLines(cursor)) return undefined;
    const comma = readComma(cursor, '}');
    if (comma === undefined) return undefined;
    pairs.push({ key: keyNode.text, keyNode, start: keyNode.start, afterColon, value, isMerge: false, isOdd: false, comma });
  }
  return { kind: 'map', isFlow: true, pairs, start, end: ++cursor.at };
}

function readKey(cursor: Cursor): ScalarNode | undefined {
  KEY.lastIndex = cursor.at;
  const written = KEY.exec(cursor.text)?.[0];
  if (written === undefined) return undefined;
  const start = cursor.at;
  cursor.at += written.length;
  const quote = written[0];
  if (quote === '"' || quote === "'") {
    return { kind: 'scalar', style: quote === '"' ? 'double' : 'single', text: written.slice(1, -1), start, end: cursor.at };
  }
  return ODD_KEY.test(written) ? undefined : { kind: 'scalar', style: 'plain', text: written, start, end: cursor.at };
}

const PLAIN = /[A-Za-z0-9_./$+-][^,[\]{}#:'"\n]*/y;
const QUOTED = /"[^"\\\n]*"|'[^'\n]*'(?!')/y;

function readNode(cursor: Cursor): Node | undefined {
  const { text, at: start } = cursor;
  const first = text[start];
  if (first === '{' || first === '[') return readCollection(cursor);
  const pattern = first === '"' || first === "'" ? QUOTED : PLAIN;
  pattern.lastIndex = start;
  const match = pattern.exec(text)?.[0];
  if (match === undefined) return undefined;
  if (pattern === QUOTED) {
    cursor.at += match.length;
    return { kind: 'scalar', style: first === '"' ? 'double' : 'single', text: match.slice(1, -1), start, end: cursor.at };
  }
  const written = match.trimEnd();
  if (/^-(?: |$)/.test(written)) return undefined;
  cursor.at += written.length;
  return { kind: 'scalar', style: 'plain', text: written, start, end: cursor.at };
}

/** The comma behind an entry; -1 where the collection ends instead. */
function readComma(cursor: Cursor, close: string): number | undefined {
  const char = cursor.text[cursor.at];
  if (char === ',') return cursor.at++;
  return char === close && cursor.at < cursor.end ? -1 : undefined;
}

function skipSpaces(cursor: Cursor): void {
  while (cursor.text.charCodeAt(cursor.at) === 0x20) cursor.at++;
}

/** Goes on to the next sign; whether that belongs to the collection. */
function skipLines(cursor: Cursor): boolean {
  const { text, end, indent } = cursor;
  skipSpaces(cursor);
  while (text.charCodeAt(cursor.at) === 0x0a) {
    const line = ++cursor.at;
    skipSpaces(cursor);
    const isBlank = text.charCodeAt(cursor.at) === 0x0a;
    if (cursor.at >= end || (!isBlank && cursor.at - line <= indent)) return false;
  }
  return true;
}
