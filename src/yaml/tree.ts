/**
 * The read-only tree that the rest of the program sees. Offsets are UTF-16 units of the *file's* text, ends are exclusive.
 *
 * The `yaml` package feeds it (`parse.ts`); nothing here knows that package.
 */
export type Node = ScalarNode | MapNode | SeqNode | AliasNode;

interface NodeBase {
  /** Where the value starts, after its anchor and tag. */
  readonly start: number;
  /** Where the last character of the value ends: no line break, no comment, no blank line behind it. */
  readonly end: number;
  readonly anchor?: Property;
  readonly tag?: Property;
}

/** An anchor (`&name`) or a tag (`!!str`), with its sign. */
export interface Property {
  readonly text: string;
  readonly start: number;
  readonly end: number;
}

export type ScalarStyle = 'plain' | 'single' | 'double' | 'literal' | 'folded' | 'empty';

export interface ScalarNode extends NodeBase {
  readonly kind: 'scalar';
  readonly style: ScalarStyle;
  /** Decoded: without quotes, escapes and indents. `''` for an empty value, whose `start` is where one would be written. */
  readonly text: string;
}

export interface AliasNode extends NodeBase {
  readonly kind: 'alias';
  readonly name: string;
  readonly target: Node;
}

export interface MapNode extends NodeBase {
  readonly kind: 'map';
  readonly isFlow: boolean;
  readonly pairs: readonly Pair[];
}

export interface SeqNode extends NodeBase {
  readonly kind: 'seq';
  readonly isFlow: boolean;
  readonly items: readonly Item[];
}

export interface Pair {
  /** As Kubernetes reads it: a number or a boolean becomes its text. */
  readonly key: string;
  readonly keyNode: ScalarNode;
  /** Of the key, or of the key's anchor or tag, or of `?`. */
  readonly start: number;
  /** After the `:`; after the key where there is none (`{a}`). */
  readonly afterColon: number;
  readonly value: Node;
  /** `<<`, written plain. */
  readonly isMerge: boolean;
  /** Written with `?`, as `{a}`, or inside `[a: b]`: read, never edited. */
  readonly isOdd: boolean;
  /** Of the comma behind it in a flow collection; -1 where there is none. */
  readonly comma: number;
}

export interface Item {
  /** Of the dash in a block list; of the value, its anchor or its tag in a flow list. */
  readonly start: number;
  readonly value: Node;
  readonly comma: number;
  readonly isOdd: boolean;
}

/** One YAML document of a file. */
export interface YamlDocument {
  /** The whole file. */
  readonly text: string;
  readonly lines: LineIndex;
  /** The part of the text that is this document, its `---` and the comments before the next one included. */
  readonly start: number;
  readonly end: number;
  /** Which document of the file, from 0, empty ones counted. */
  readonly index: number;
  readonly root: Node;
  /** Whether places share text: an alias stands somewhere in it. */
  readonly hasAliases: boolean;
  /** Whether it is JSON, or YAML written as JSON: flow throughout, all keys in double quotes. */
  readonly isJson: boolean;
}

/** Line starts of a text; lines count from 0 here and from 1 in everything that a user sees. */
export interface LineIndex {
  readonly starts: readonly number[];
  readonly text: string;
}

export function indexLines(text: string): LineIndex {
  const starts = [0];
  for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) starts.push(at + 1);
  return { starts, text };
}

/** The line that holds `offset`, from 0. */
export function lineAt({ starts }: LineIndex, offset: number): number {
  let low = 0;
  let high = starts.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if ((starts[middle] as number) <= offset) low = middle;
    else high = middle - 1;
  }
  return low;
}

/** Where the line that holds `offset` starts. A byte order mark belongs to no line's indent. */
export function lineStart(lines: LineIndex, offset: number): number {
  const start = lines.starts[lineAt(lines, offset)] as number;
  return start === 0 && lines.text.charCodeAt(0) === 0xfeff ? 1 : start;
}

/** Where the line that holds `offset` ends, before its line break. */
export function lineEnd({ text }: LineIndex, offset: number): number {
  const feed = text.indexOf('\n', offset);
  if (feed < 0) return text.length;
  return feed > offset && text[feed - 1] === '\r' ? feed - 1 : feed;
}

/** The line break that ends the line of `offset`, else the one before it, else `\n`. */
export function lineBreak({ text }: LineIndex, offset: number): string {
  let feed = text.indexOf('\n', offset);
  if (feed < 0) feed = text.lastIndexOf('\n', offset);
  if (feed < 0) return '\n';
  return feed > 0 && text[feed - 1] === '\r' ? '\r\n' : '\n';
}

/** Columns from the start of the line, from 0. */
export function columnAt(lines: LineIndex, offset: number): number {
  return offset - lineStart(lines, offset);
}

/** The node that an alias stands for; the node itself where it is none. */
export function dereference(node: Node): Exclude<Node, AliasNode> {
  let target: Node = node;
  while (target.kind === 'alias') target = target.target;
  return target;
}

/** Where a node starts, its anchor and tag included. */
export function outerStart(node: Node): number {
  return Math.min(node.start, node.anchor?.start ?? node.start, node.tag?.start ?? node.start);
}

/** What is asked of a map again and again. */
interface Keys {
  readonly own: ReadonlyMap<string, Pair>;
  readonly merges: readonly Pair[];
}

const keysOf = new WeakMap<MapNode, Keys>();

/** In smaller maps a look at each pair costs less. */
const FEW_PAIRS = 16;

function indexKeys(map: MapNode): Keys {
  let keys = keysOf.get(map);
  if (keys === undefined) {
    const own = map.pairs.filter((pair) => !pair.isMerge);
    // Of two the first counts, so it is put in last.
    keys = { own: new Map(own.reverse().map((pair) => [pair.key, pair])), merges: map.pairs.filter((pair) => pair.isMerge) };
    keysOf.set(map, keys);
  }
  return keys;
}

/** The own pair of `key`, merges aside. */
export function findPair(map: MapNode, key: string): Pair | undefined {
  if (map.pairs.length > FEW_PAIRS) return indexKeys(map).own.get(key);
  return map.pairs.find((pair) => pair.key === key && !pair.isMerge);
}

/** The pairs whose key is `<<`. */
export function mergesOf(map: MapNode): readonly Pair[] {
  return map.pairs.length > FEW_PAIRS ? indexKeys(map).merges : map.pairs.filter((pair) => pair.isMerge);
}
