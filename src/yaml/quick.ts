import type { DocumentSlice } from './documents.js';
import { readFlow } from './quick-flow.js';
import type { Item, LineIndex, MapNode, Node, Pair, ScalarNode, SeqNode, YamlDocument } from './tree.js';

/**
 * Reads the plain block subset of YAML in which most manifests are written, several times as fast as a full parser: block maps and
 * lists, scalars on one line, flow collections, plain block scalars, comments. `undefined` for whatever is not surely of that
 * subset, errors included: the full parser then says what it is.
 *
 * Where this reads a document, its tree is the full parser's tree. A test compares the two, and a mistake here could not reach a
 * file: the edit would not be proved.
 * @param onTemplate told where a template marker (`{{ … }}`) stands in place of a value or a key: no parser then reads the document,
 * since that is a map as the key of another
 */
export function readQuickly(lines: LineIndex, slice: DocumentSlice, onTemplate?: (at: number) => void): YamlDocument | undefined {
  const { text } = lines;
  const { start, end } = slice;
  if (UNUSUAL.test(start === 0 && end === text.length ? text : text.slice(start, end))) return undefined;
  const reader: Reader = { text, end, at: start, lineEnd: start, indent: 0, content: start, depth: 0, onTemplate };
  if (text.startsWith('---', start) && !skipMarker(reader)) return undefined;
  if (!toContent(reader) || text[reader.content] === '[') return undefined;
  const root = readMap(reader, reader.indent);
  if (!root || reader.content < end) return undefined;
  return { text, lines, start, end, index: slice.index, root, hasAliases: false, isJson: false };
}

/** Tabs, carriage returns and unprintable characters; directives and document ends. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what it is about
const UNUSUAL = /[\0-\x09\x0b-\x1f\x7f-\x9f\u2028\u2029\ufeff\ufffe\uffff]|^(?:%|\.\.\.)/m;

/** Deeper documents are left to the full parser, which knows what is too deep. */
const MAX_DEPTH = 60;

/** The line that is next to be read. */
interface Reader {
  readonly text: string;
  readonly end: number;
  /** Where the line starts. */
  at: number;
  /** Where it ends, before its line break. */
  lineEnd: number;
  /** Its column of content, and where that is; `content` is `end` when nothing is left. */
  indent: number;
  content: number;
  depth: number;
  readonly onTemplate: ((at: number) => void) | undefined;
}

const TEMPLATE = /\{\{[^{}]*\}\}/y;

/** Gives up on the document, at a place where a node begins. */
function giveUp({ text, onTemplate }: Reader, at: number): undefined {
  if (onTemplate && text.charCodeAt(at) === 0x7b && exec(TEMPLATE, text, at) !== undefined) onTemplate(at);
  return undefined;
}

function skipMarker(reader: Reader): boolean {
  const { text } = reader;
  reader.lineEnd = endOfLine(reader, reader.at);
  if (!isBlankOrComment(text, reader.at + 3, reader.lineEnd)) return false;
  reader.at = reader.lineEnd + 1;
  return true;
}

function endOfLine({ text, end }: Reader, from: number): number {
  const feed = text.indexOf('\n', from);
  return feed < 0 || feed > end ? end : feed;
}

/** Goes on to the next line with content, from the line at `at`. False when there is none. */
function toContent(reader: Reader): boolean {
  const { text, end } = reader;
  while (reader.at < end) {
    let content = reader.at;
    while (text.charCodeAt(content) === 0x20) content++;
    const first = text.charCodeAt(content);
    const lineEnd = endOfLine(reader, content);
    if (content < lineEnd && first !== 0x23) {
      reader.indent = content - reader.at;
      reader.content = content;
      reader.lineEnd = lineEnd;
      return true;
    }
    reader.at = lineEnd + 1;
  }
  reader.indent = -1;
  reader.content = end;
  reader.lineEnd = end;
  return false;
}

function nextLine(reader: Reader): void {
  reader.at = reader.lineEnd + 1;
  toContent(reader);
}

function isBlankOrComment(text: string, from: number, lineEnd: number): boolean {
  let at = from;
  while (text.charCodeAt(at) === 0x20) at++;
  return at >= lineEnd || (at > from && text.charCodeAt(at) === 0x23);
}

const KEY = /(?:[A-Za-z0-9_./$][A-Za-z0-9_./$-]*|"[^"\\\n]*"|'[^'\n]*')(?=:(?: |$))/my;

/** A map whose first key stands at the reader's content, in the column `indent`. */
function readMap(reader: Reader, indent: number): MapNode | undefined {
  if (++reader.depth > MAX_DEPTH) return undefined;
  const pairs: Pair[] = [];
  const keys = new Set<string>();
  const start = reader.content;
  while (reader.indent === indent && !isDash(reader)) {
    const pair = readPair(reader, indent);
    if (!pair || keys.has(pair.key)) return undefined;
    keys.add(pair.key);
    pairs.push(pair);
  }
  if (reader.indent > indent || pairs.length === 0) return undefined;
  reader.depth--;
  const last = pairs[pairs.length - 1] as Pair;
  return { kind: 'map', isFlow: false, pairs, start, end: Math.max(last.value.end, last.afterColon) };
}

/** A bare key that YAML 1.1 may read as something other than a string. */
const ODD_KEY = /^(?:[0-9.].*|[yYnN]|[yY]es|YES|[nN]o|NO|[oO]n|ON|[oO]ff|OFF|[tT]rue|TRUE|[fF]alse|FALSE|[nN]ull|NULL)$/;

function readPair(reader: Reader, indent: number): Pair | undefined {
  const { text, content: start } = reader;
  KEY.lastIndex = start;
  const match = KEY.exec(text);
  if (!match) return giveUp(reader, start);
  const written = match[0];
  const keyEnd = start + written.length;
  const quote = written.charCodeAt(0);
  const isQuoted = quote === 0x22 || quote === 0x27;
  const key = isQuoted ? written.slice(1, -1) : written;
  if (!isQuoted && ODD_KEY.test(key)) return undefined;
  const keyNode: ScalarNode = {
    kind: 'scalar',
    style: quote === 0x22 ? 'double' : quote === 0x27 ? 'single' : 'plain',
    text: key,
    start,
    end: keyEnd,
  };
  const afterColon = keyEnd + 1;
  const value = readValue(reader, afterColon, indent, true);
  return value && { key, keyNode, start, afterColon, value, isMerge: false, isOdd: false, comma: -1 };
}

function isDash({ text, content }: Reader): boolean {
  if (text.charCodeAt(content) !== 0x2d) return false;
  const next = text.charCodeAt(content + 1);
  return next === 0x20 || next === 0x0a || Number.isNaN(next);
}

function readList(reader: Reader, indent: number): SeqNode | undefined {
  if (++reader.depth > MAX_DEPTH) return undefined;
  const items: Item[] = [];
  const start = reader.content;
  while (reader.indent === indent && isDash(reader)) {
    const dash = reader.content;
    const value = readItem(reader, dash, indent);
    if (!value) return undefined;
    items.push({ start: dash, value, comma: -1, isOdd: false });
  }
  if (reader.indent > indent) return undefined;
  reader.depth--;
  const last = items[items.length - 1] as Item;
  return { kind: 'seq', isFlow: false, items, start, end: Math.max(last.value.end, last.start + 1) };
}

function readItem(reader: Reader, dash: number, indent: number): Node | undefined {
  const { text } = reader;
  let content = dash + 1;
  while (text.charCodeAt(content) === 0x20) content++;
  if (content < reader.lineEnd) {
    KEY.lastIndex = content;
    if (KEY.test(text)) {
      reader.indent = content - reader.at;
      reader.content = content;
      return readMap(reader, reader.indent);
    }
  }
  return readValue(reader, dash + 1, indent, false);
}

/** The value behind a colon or a dash at `from`, of a collection in the column `indent`. */
function readValue(reader: Reader, from: number, indent: number, isInMap: boolean): Node | undefined {
  const { text, lineEnd } = reader;
  let start = from;
  while (text.charCodeAt(start) === 0x20) start++;
  if (start >= lineEnd || (start > from && text.charCodeAt(start) === 0x23)) return readBelow(reader, from, indent, isInMap);
  const value = readInline(reader, start, indent);
  // Anything deeper would go on with the scalar.
  return value && reader.indent <= indent ? value : undefined;
}

/** A value on the lines below, or none. */
function readBelow(reader: Reader, from: number, indent: number, isInMap: boolean): Node | undefined {
  nextLine(reader);
  if (reader.indent > indent) return isDash(reader) ? readList(reader, reader.indent) : readMap(reader, reader.indent);
  if (!isInMap) return undefined;
  if (reader.indent === indent && isDash(reader)) return readList(reader, indent);
  return { kind: 'scalar', style: 'empty', text: '', start: from, end: from };
}

const SINGLE = /'(?:[^'\n]|'')*'/y;
const DOUBLE = /"[^"\\\n]*"/y;
/** Up to a comment or the end of the line, white space before it left out. */
const PLAIN = /[^\s,[\]{}#&*!|>'"%@`](?:[^\n]*?[^\s])??(?=\s+#| *$)/my;

/** A scalar or a flow collection that starts on this line. Goes on to the next line with content. */
function readInline(reader: Reader, start: number, indent: number): Node | undefined {
  const { text } = reader;
  const first = text.charCodeAt(start);
  let node: Node | undefined;
  if (first === 0x7c || first === 0x3e) return readBlockScalar(reader, start, indent);
  if (first === 0x5b || first === 0x7b) {
    node = readFlow(text, start, reader.end, indent);
    if (!node) return giveUp(reader, start);
    if (node.end > reader.lineEnd) reader.lineEnd = endOfLine(reader, node.end);
  } else if (first === 0x27) {
    const written = exec(SINGLE, text, start);
    if (written !== undefined) node = scalar('single', written.slice(1, -1).replaceAll("''", "'"), start, written.length);
  } else if (first === 0x22) {
    const written = exec(DOUBLE, text, start);
    if (written !== undefined) node = scalar('double', written.slice(1, -1), start, written.length);
  } else {
    const written = exec(PLAIN, text, start);
    if (written !== undefined && isPlain(written)) node = scalar('plain', written, start, written.length);
  }
  if (!node || !isBlankOrComment(text, node.end, reader.lineEnd)) return undefined;
  nextLine(reader);
  return node;
}

function exec(pattern: RegExp, text: string, at: number): string | undefined {
  pattern.lastIndex = at;
  return pattern.exec(text)?.[0];
}

function scalar(style: Exclude<ScalarNode['style'], 'empty'>, text: string, start: number, length: number): ScalarNode {
  return { kind: 'scalar', style, text, start, end: start + length };
}

function isPlain(written: string): boolean {
  if (/^[-?:](?: |$)/.test(written)) return false;
  return !written.endsWith(':') && !written.includes(': ') && !written.includes(' #') && !written.startsWith('---');
}

const BLOCK_HEADER = /[|>](-?)(?= *$| +#)/my;

/** A block scalar with content, whose indent its first line shows; a folded one only where all of its lines have that indent. */
function readBlockScalar(reader: Reader, start: number, indent: number): ScalarNode | undefined {
  const { text, end } = reader;
  const header = exec(BLOCK_HEADER, text, start);
  if (header === undefined) return undefined;
  const isFolded = header.startsWith('>');
  let at = reader.lineEnd + 1;
  let column = -1;
  let value = '';
  let blank = 0;
  let last = at;
  while (at < end) {
    const lineEnd = endOfLine(reader, at);
    let content = at;
    while (content < lineEnd && text.charCodeAt(content) === 0x20) content++;
    if (content === lineEnd) {
      // White space deeper than the content is content: not the plain case.
      if (column < 0 ? content > at : content - at > column) return undefined;
      blank++;
    } else {
      const isFirst = column < 0;
      if (isFirst) column = content - at;
      if (content - at < column) break;
      if (lineEnd === text.length || (isFolded && content - at > column)) return undefined;
      value += breaks(blank, isFirst, isFolded) + text.slice(at + column, lineEnd);
      blank = 0;
      last = lineEnd;
    }
    at = lineEnd + 1;
  }
  if (column <= indent || value === '') return undefined;
  reader.at = at;
  toContent(reader);
  return scalar(isFolded ? 'folded' : 'literal', value + (header.endsWith('-') ? '' : '\n'), start, last - start);
}

/** What stands in the value between two of its lines; before the first, only blank lines count. */
function breaks(blank: number, isFirst: boolean, isFolded: boolean): string {
  if (blank === 0 && isFolded) return isFirst ? '' : ' ';
  return '\n'.repeat(isFirst || isFolded ? blank : blank + 1);
}
