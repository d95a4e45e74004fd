import {
  CST,
  type Document,
  isAlias,
  isMap,
  isScalar,
  isSeq,
  type Node as ParsedNode,
  type Pair as ParsedPair,
  type ParsedNode as TypedNode,
  type YAMLMap,
  type YAMLSeq,
} from 'yaml';
import { ManifestError, type RefusalCode } from '../core/errors.js';
import { positionOf } from './position.js';
import { resolvePlain, resolveTagged } from './scalar.js';
import type { Item, LineIndex, MapNode, Node, Pair, Property, ScalarNode, ScalarStyle } from './tree.js';

/** Deeper than any manifest; the second parser has the same limit. */
const MAX_DEPTH = 96;

interface Reader {
  readonly lines: LineIndex;
  /** Added to the parser's offsets. */
  readonly base: number;
  readonly source: string;
  readonly anchors: Map<string, Node>;
  hasAliases: boolean;
  depth: number;
}

/**
 * Our tree of what the `yaml` package made of one document.
 *
 * @param base of `source` in the file
 * @throws {ManifestError}
 */
export function readTree(
  document: Document.Parsed,
  contents: TypedNode,
  lines: LineIndex,
  base: number,
  source: string,
): { root: Node; hasAliases: boolean } {
  const reader: Reader = { lines, base, source, anchors: new Map(), hasAliases: false, depth: 0 };
  const root = readNode(reader, contents, rootProperties(reader, document));
  return { root, hasAliases: reader.hasAliases };
}

function fail(reader: Reader, code: RefusalCode, message: string, offset: number): never {
  throw new ManifestError(code, message, positionOf(reader.lines, offset));
}

type Tokens = readonly CST.SourceToken[] | undefined;

interface Properties {
  anchor?: Property;
  tag?: Property;
}

/** The anchor and the tag among the tokens in front of a value. */
function properties(reader: Reader, tokens: Tokens): Properties {
  const found: Properties = {};
  if (!tokens) return found;
  for (const { type, source, offset } of tokens) {
    if (type !== 'anchor' && type !== 'tag') continue;
    const start = reader.base + offset;
    found[type] = { text: source, start, end: start + source.length };
  }
  return found;
}

function rootProperties(reader: Reader, document: Document.Parsed): Properties {
  const node = document.contents;
  if (!node?.anchor && !node?.tag) return {};
  const from = document.range?.[0] ?? 0;
  const before = reader.source.slice(from, node.range[0]);
  const found: Properties = {};
  for (const match of before.matchAll(/(?:^|\s)([&!]\S*)/g)) {
    const text = match[1] as string;
    const start = reader.base + from + match.index + match[0].length - text.length;
    found[text.startsWith('&') ? 'anchor' : 'tag'] = { text, start, end: start + text.length };
  }
  return found;
}

function readNode(reader: Reader, node: ParsedNode | TypedNode | null | undefined, props: Properties, emptyAt = 0): Node {
  if (isAlias(node)) return readAlias(reader, node.source, reader.base + (node.range?.[0] ?? 0));
  let result: Node;
  if (isMap(node)) result = readMap(reader, node, props);
  else if (isSeq(node)) result = readSeq(reader, node, props);
  else if (isScalar(node) && node.srcToken && CST.isScalar(node.srcToken)) {
    result = readScalar(reader, node.srcToken, String(node.source ?? ''), node, props);
  } else {
    const at = props.tag || props.anchor ? Math.max(props.tag?.end ?? 0, props.anchor?.end ?? 0) : emptyAt;
    result = { kind: 'scalar', style: 'empty', text: '', start: at, end: at, ...props };
  }
  if (props.anchor) reader.anchors.set(props.anchor.text.slice(1), result);
  return result;
}

function readAlias(reader: Reader, name: string, start: number): Node {
  const target = reader.anchors.get(name);
  // Unquoted, a password that begins with a star is an alias: the name is not repeated.
  if (!target) fail(reader, 'UNKNOWN_ANCHOR', 'an alias without an anchor before it; quote a value that begins with "*"', start);
  reader.hasAliases = true;
  return { kind: 'alias', name, target, start, end: start + name.length + 1 };
}

const STYLES: Readonly<Record<string, ScalarStyle>> = {
  scalar: 'plain',
  'single-quoted-scalar': 'single',
  'double-quoted-scalar': 'double',
};

function readScalar(
  reader: Reader,
  token: CST.FlowScalar | CST.BlockScalar,
  text: string,
  node: { range?: readonly [number, number, number] | null | undefined },
  props: Properties,
): ScalarNode {
  if (token.type === 'block-scalar') {
    const header = (token.props as CST.SourceToken[]).find((prop) => prop.type === 'block-scalar-header');
    const start = reader.base + (header?.offset ?? token.offset);
    const style = header?.source.startsWith('>') ? 'folded' : 'literal';
    return { kind: 'scalar', style, text, start, end: blockScalarEnd(reader, token, header?.source ?? '', start), ...props };
  }
  const style = STYLES[token.type] ?? 'plain';
  const [from, to] = node.range ?? [0, 0];
  if (style === 'plain' && from === to) {
    const at = reader.base + from;
    return { kind: 'scalar', style: 'empty', text: '', start: at, end: at, ...props };
  }
  return { kind: 'scalar', style, text, start: reader.base + from, end: reader.base + to, ...props };
}

/** The end of the last line that counts for the value: with `+` blank lines count, else they only follow it. */
function blockScalarEnd(reader: Reader, token: CST.BlockScalar, header: string, start: number): number {
  const length = token.source.length;
  let end = blockSourceStart(reader, token) + length;
  const { text } = reader.lines;
  const stop = Math.max(start + header.length, headerLineEnd(text, start));
  if (header.includes('+')) {
    if (end > stop && text[end - 1] === '\n') end--;
    if (end > stop && text[end - 1] === '\r') end--;
    return Math.max(end, start + header.length);
  }
  while (end > stop && /[\s]/.test(text[end - 1] as string)) end--;
  return end <= stop ? start + header.length : lineEndWithin(text, end);
}

function blockSourceStart(reader: Reader, token: CST.BlockScalar): number {
  const last = (token.props as CST.SourceToken[]).at(-1);
  return reader.base + (last ? last.offset + last.source.length : token.offset);
}

function headerLineEnd(text: string, start: number): number {
  const feed = text.indexOf('\n', start);
  return feed < 0 ? text.length : feed + 1;
}

/** Trailing spaces of the last content line belong to the value. */
function lineEndWithin(text: string, offset: number): number {
  const feed = text.indexOf('\n', offset);
  if (feed < 0) return text.length;
  return text[feed - 1] === '\r' ? feed - 1 : feed;
}

function descend(reader: Reader, offset: number): void {
  if (++reader.depth > MAX_DEPTH) fail(reader, 'TOO_DEEP', `nested more than ${MAX_DEPTH} levels deep`, offset);
}

function readMap(reader: Reader, map: YAMLMap, props: Properties): MapNode {
  const token = map.srcToken;
  const isFlow = token?.type === 'flow-collection';
  const offset = reader.base + (map.range?.[0] ?? 0);
  descend(reader, offset);
  const pairs: Pair[] = [];
  for (const pair of map.items) pairs.push(readPair(reader, pair as ParsedPair<TypedNode, TypedNode | null>, isFlow));
  checkKeys(reader, pairs);
  reader.depth--;
  if (token?.type === 'flow-collection') {
    const commas = commasOf(token, reader.base);
    return {
      kind: 'map',
      isFlow,
      pairs: pairs.map((pair, at) => withComma(pair, commas[at])),
      start: offset,
      end: flowEnd(reader, token),
      ...props,
    };
  }
  const first = pairs[0];
  const last = pairs.at(-1);
  const end = last ? Math.max(last.value.end, last.afterColon) : offset;
  return { kind: 'map', isFlow, pairs, start: first?.start ?? offset, end, ...props };
}

function readPair(reader: Reader, pair: ParsedPair<TypedNode, TypedNode | null>, isFlow: boolean): Pair {
  const source = pair.srcToken;
  const keyProps = properties(reader, source?.start);
  if (pair.key && !isScalar(pair.key)) {
    const at = reader.base + (pair.key.range?.[0] ?? 0);
    if (!isAlias(pair.key)) fail(reader, 'COMPLEX_KEY', 'a map or list stands as a key, which no Kubernetes object has', at);
  }
  const keyEnd = reader.base + (pair.key?.range?.[1] ?? source?.start.at(-1)?.offset ?? 0);
  const key = readNode(reader, pair.key, keyProps, keyEnd);
  const keyNode = key.kind === 'alias' ? key.target : key;
  if (keyNode.kind !== 'scalar')
    fail(reader, 'COMPLEX_KEY', 'a map or list stands as a key, which no Kubernetes object has', key.start);
  const colon = source?.sep?.find((token) => token.type === 'map-value-ind');
  const afterColon = colon ? reader.base + colon.offset + 1 : key.end;
  const value = readNode(reader, pair.value, properties(reader, source?.sep), afterColon);
  const explicit = source?.start.find((token) => token.type === 'explicit-key-ind');
  const start = Math.min(key.start, keyProps.anchor?.start ?? key.start, keyProps.tag?.start ?? key.start);
  const isMerge = keyNode.style === 'plain' && keyNode.text === '<<' && !keyNode.tag;
  return {
    key: String(scalarKey(keyNode)),
    keyNode,
    start: explicit ? reader.base + explicit.offset : start,
    afterColon,
    value,
    isMerge,
    isOdd: explicit !== undefined || key.kind === 'alias' || colon === undefined || (isFlow && source === undefined),
    comma: -1,
  };
}

function scalarKey(key: ScalarNode): unknown {
  if (key.tag) return resolveTagged(key.tag.text, key.text);
  return key.style === 'plain' || key.style === 'empty' ? resolvePlain(key.text) : key.text;
}

function checkKeys(reader: Reader, pairs: readonly Pair[]): void {
  const seen = new Map<string, Pair>();
  for (const pair of pairs) {
    if (pair.isMerge) continue;
    const first = seen.get(pair.key);
    if (first) {
      const { line } = positionOf(reader.lines, first.start);
      fail(reader, 'DUPLICATE_KEY', `duplicate key "${pair.key}" (first on line ${line})`, pair.keyNode.start);
    }
    seen.set(pair.key, pair);
  }
}

function readSeq(reader: Reader, seq: YAMLSeq, props: Properties): Node {
  const token = seq.srcToken;
  const offset = reader.base + (seq.range?.[0] ?? 0);
  descend(reader, offset);
  const isFlow = token?.type === 'flow-collection';
  const commas = token?.type === 'flow-collection' ? commasOf(token, reader.base) : [];
  const items: Item[] = seq.items.map((item, at) =>
    readItem(
      reader,
      item as TypedNode,
      (token as CST.BlockSequence | CST.FlowCollection | undefined)?.items[at],
      isFlow,
      commas[at] ?? -1,
    ),
  );
  reader.depth--;
  if (token?.type === 'flow-collection') {
    return { kind: 'seq', isFlow, items, start: offset, end: flowEnd(reader, token), ...props };
  }
  const last = items.at(-1);
  const start = items[0]?.start ?? offset;
  return { kind: 'seq', isFlow, items, start, end: last ? Math.max(last.value.end, last.start + 1) : offset, ...props };
}

function readItem(reader: Reader, node: TypedNode, token: CST.CollectionItem | undefined, isFlow: boolean, comma: number): Item {
  const dash = token?.start.find((part) => part.type === 'seq-item-ind');
  const dashAt = dash ? reader.base + dash.offset : undefined;
  // A pair inside a flow list (`[a: b]`) is a map of its own, whose properties are the pair's.
  const isPair = isFlow && token?.sep !== undefined;
  const value = readNode(reader, node, isPair ? {} : properties(reader, token?.start), (dashAt ?? 0) + 1);
  const start = dashAt ?? Math.min(value.start, value.anchor?.start ?? value.start, value.tag?.start ?? value.start);
  return { start, value, comma, isOdd: isPair };
}

/** For each item of a flow collection, where the comma behind it stands, or -1. */
function commasOf(token: CST.FlowCollection, base: number): number[] {
  const commas: number[] = [];
  token.items.forEach((item, at) => {
    const comma = item.start.find((part) => part.type === 'comma');
    if (comma && at > 0) commas[at - 1] = base + comma.offset;
  });
  return commas.length > 0 || token.items.length > 0 ? Array.from(token.items, (_, at) => commas[at] ?? -1) : commas;
}

function withComma(pair: Pair, comma: number | undefined): Pair {
  return comma === undefined || comma < 0 ? pair : { ...pair, comma };
}

function flowEnd(reader: Reader, token: CST.FlowCollection): number {
  const close = token.end.find((part) => part.type === 'flow-map-end' || part.type === 'flow-seq-end');
  return reader.base + (close ? close.offset + 1 : token.offset);
}
