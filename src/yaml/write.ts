import { isList, isObject, type Json, type JsonObject, type Path } from '../core/json.js';
import type { Placement } from '../core/placement.js';
import { type Quote, writeAtom, writeDouble, writeString } from './scalar.js';
import type { Style } from './style.js';

/** How values are written at one place. */
export interface Writer {
  readonly style: Style;
  readonly placement: Placement;
}

/** The keys of a new map in the order in which they are written. */
function orderedKeys(value: JsonObject, path: Path, placement: Placement): string[] {
  return rankKeys(Object.keys(value), path, placement);
}

export function rankKeys(keys: readonly string[], path: Path, placement: Placement): string[] {
  return [...keys].sort((a, b) => placement.rank(path, a) - placement.rank(path, b));
}

/**
 * The lines of `key: value` in block style, without line breaks; the first starts at `column`.
 *
 * @param path of the map that the key belongs to
 */
export function blockPair(writer: Writer, path: Path, key: string, value: Json, column: number): string[] {
  const head = `${' '.repeat(column)}${writeKey(key, writer.style.quote)}:`;
  const inline = inlineValue(writer, [...path, key], value);
  if (inline !== undefined) return [`${head} ${inline}`];
  return [head, ...blockLines(writer, [...path, key], value, column)];
}

/** The lines of a collection that is the value of a key at `column`. */
export function blockLines(writer: Writer, path: Path, value: Json, column: number, step = writer.style.step): string[] {
  if (isList(value)) {
    const dash = column + writer.style.listOffset;
    return value.flatMap((item, at) => blockItem(writer, [...path, at], item, dash));
  }
  const map = value as JsonObject;
  return orderedKeys(map, path, writer.placement).flatMap((key) => blockPair(writer, path, key, map[key] as Json, column + step));
}

/** The lines of `- value`, its dash at `column` and the value `dashGap` columns behind it. */
export function blockItem(writer: Writer, path: Path, value: Json, column: number, dashGap = writer.style.dashGap): string[] {
  const head = `${' '.repeat(column)}-${' '.repeat(dashGap - 1)}`;
  const inline = isList(value) ? writeFlow(value, writer, path) : inlineValue(writer, path, value);
  if (inline !== undefined) return [head + inline];
  const map = value as JsonObject;
  const inner = column + dashGap;
  const lines = orderedKeys(map, path, writer.placement).flatMap((key) => blockPair(writer, path, key, map[key] as Json, inner));
  const first = lines[0] as string;
  return [head + first.slice(inner), ...lines.slice(1)];
}

/** The value as it stands behind `key: ` on one line; `undefined` for a collection that takes lines of its own. */
export function inlineValue(writer: Writer, path: Path, value: Json): string | undefined {
  const { style } = writer;
  if (isList(value)) {
    const isFlow = value.length === 0 || (style.hasFlowLists && value.every((item) => !isList(item) && !isObject(item)));
    return isFlow ? writeFlow(value, writer, path) : undefined;
  }
  if (!isObject(value)) return writeScalar(value, style.quote, true);
  const keys = Object.keys(value);
  const isFlow = keys.length === 0 || (style.hasFlowMaps && keys.every((key) => !isList(value[key]) && !isObject(value[key])));
  return isFlow ? writeFlow(value, writer, path) : undefined;
}

/** A value in YAML's flow style, on one line. */
export function writeFlow(value: Json, writer: Writer, path: Path = []): string {
  if (isList(value)) return `[${value.map((item, at) => writeFlow(item, writer, [...path, at])).join(', ')}]`;
  if (!isObject(value)) return writeScalar(value, writer.style.quote);
  const pairs = orderedKeys(value, path, writer.placement).map(
    (key) => `${writeKey(key, writer.style.quote)}: ${writeFlow(value[key] as Json, writer, [...path, key])}`,
  );
  const pad = writer.style.hasPaddedMaps && pairs.length > 0 ? ' ' : '';
  return `{${pad}${pairs.join(', ')}${pad}}`;
}

function writeScalar(value: null | boolean | number | string, quote: Quote, isInBlock = false): string {
  return typeof value === 'string' ? writeString(value, quote, isInBlock) : writeAtom(value);
}

/** Keys are bare wherever they can be: files that quote values seldom quote keys. */
export function writeKey(key: string, quote: Quote): string {
  const bare = writeString(key, 'plain');
  return bare === key ? bare : writeString(key, quote === 'single' ? 'single' : 'double');
}

/** How a JSON text is laid out around one collection. */
export interface JsonLayout {
  /** Before each entry, on a line of its own; `undefined` where all is on one line. */
  readonly indent: string | undefined;
  readonly step: string;
  readonly lineBreak: string;
  readonly afterColon: string;
  readonly afterComma: string;
  /** Whether lists of scalars stay on one line. */
  readonly hasInlineLists: boolean;
}

/** A value as JSON, its closing bracket at `layout.indent`. */
export function writeJson(value: Json, layout: JsonLayout, path: Path, placement: Placement): string {
  if (!isList(value) && !isObject(value)) return typeof value === 'string' ? writeDouble(value) : writeAtom(value);
  const isScalarList = isList(value) && value.every((item) => !isList(item) && !isObject(item));
  const inner: JsonLayout = layout.indent === undefined ? layout : { ...layout, indent: layout.indent + layout.step };
  const entries = isList(value)
    ? value.map((item, at) => writeJson(item, inner, [...path, at], placement))
    : orderedKeys(value, path, placement).map(
        (key) => `${writeDouble(key)}:${layout.afterColon}${writeJson(value[key] as Json, inner, [...path, key], placement)}`,
      );
  const [open, close] = isList(value) ? '[]' : '{}';
  if (entries.length === 0) return `${open}${close}`;
  if (layout.indent === undefined || (isScalarList && layout.hasInlineLists))
    return `${open}${entries.join(`,${layout.afterComma}`)}${close}`;
  const lead = layout.lineBreak + inner.indent;
  return `${open}${lead}${entries.join(`,${lead}`)}${layout.lineBreak}${layout.indent}${close}`;
}
