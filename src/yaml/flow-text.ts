import type { Json, Path } from '../core/json.js';
import { indentBefore, startsLine } from './extent.js';
import type { Rendering } from './render.js';
import { resolvePlain, writeDouble } from './scalar.js';
import type { Style } from './style.js';
import { lineBreak, type MapNode, type Node, type SeqNode, type YamlDocument } from './tree.js';
import { type JsonLayout, writeFlow, writeJson, writeKey } from './write.js';

/** A value as it is written inside a flow collection. */
export function flowText(rendering: Rendering, collection: MapNode | SeqNode, value: Json, path: Path): string {
  const { style, placement } = rendering;
  if (!isJsonStyle(rendering, collection)) return writeFlow(value, { style, placement }, path);
  return writeJson(value, jsonLayout(rendering, collection), path, placement);
}

/** `key: value` as it is written inside a flow map. */
export function flowPair(rendering: Rendering, map: MapNode, key: string, value: Json, path: Path): string {
  const text = flowText(rendering, map, value, [...path, key]);
  if (!isJsonStyle(rendering, map)) return `${writeKey(key, rendering.style.quote)}: ${text}`;
  return `${writeDouble(key)}:${jsonLayout(rendering, map).afterColon}${text}`;
}

/** Whether a collection is written as JSON: all of the document, or one like `{"a": "b"}` in the midst of YAML. */
function isJsonStyle({ document }: Rendering, collection: MapNode | SeqNode): boolean {
  return document.isJson || (isJsonNode(collection) && holdsQuotes(collection));
}

function isJsonNode(node: Node): boolean {
  if (node.kind === 'map')
    return node.isFlow && node.pairs.every(({ keyNode, value }) => keyNode.style === 'double' && isJsonNode(value));
  if (node.kind === 'seq') return node.isFlow && node.items.every(({ value }) => isJsonNode(value));
  return (
    node.kind === 'scalar' && (node.style === 'double' || (node.style === 'plain' && typeof resolvePlain(node.text) !== 'string'))
  );
}

function holdsQuotes(node: Node): boolean {
  if (node.kind === 'map') return node.pairs.length > 0;
  if (node.kind === 'seq') return node.items.some(({ value }) => holdsQuotes(value));
  return node.kind === 'scalar' && node.style === 'double';
}

/** How the entries of a JSON collection are laid out, read off the collection itself. */
function jsonLayout(rendering: Rendering, collection: MapNode | SeqNode): JsonLayout {
  const { document, style } = rendering;
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
    hasInlineLists: style.hasInlineLists,
  };
}

/** How a JSON file beside `document`, which is JSON, is laid out. */
export function fileLayout(document: YamlDocument, { hasInlineLists }: Style): JsonLayout {
  const { root, lines } = document;
  const first = root.kind === 'map' ? root.pairs[0] : undefined;
  return {
    indent: first && startsLine(document, first.start) ? '' : undefined,
    step: jsonStep({ document }),
    lineBreak: lineBreak(lines, root.start),
    ...jsonSpacing({ document }),
    hasInlineLists,
  };
}

/** The indent of one level: that of the root's keys. */
function jsonStep({ document }: Pick<Rendering, 'document'>): string {
  const { root } = document;
  const first = root.kind === 'map' ? root.pairs[0] : undefined;
  if (!first || !startsLine(document, first.start)) return '  ';
  const own = indentBefore(document, root.start);
  return indentBefore(document, first.start).slice(own.length) || '  ';
}

function jsonSpacing({ document }: Pick<Rendering, 'document'>): { afterColon: string; afterComma: string } {
  const { root, text } = document;
  const pairs = root.kind === 'map' ? root.pairs : [];
  const first = pairs[0];
  const afterColon = first && text[first.afterColon] !== ' ' ? '' : ' ';
  const comma = pairs.find((pair) => pair.comma >= 0)?.comma;
  const afterComma = comma !== undefined && /\S/.test(text[comma + 1] ?? ' ') ? '' : ' ';
  return { afterColon, afterComma };
}

/** What stands behind a comma on one line. */
export function gapBehind(rendering: Rendering, comma: number): string {
  const { text, isJson } = rendering.document;
  if (!isJson) return ' ';
  if (comma >= 0) return /\S/.test(text[comma + 1] ?? ' ') ? '' : ' ';
  return jsonSpacing(rendering).afterComma;
}
