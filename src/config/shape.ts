import { formatPath, type JsonObject, type Path } from '../core/json.js';
import { nearest } from '../discover/nearest.js';
import { dereference, type MapNode, type Node } from '../yaml/tree.js';
import { scalarValue } from '../yaml/value.js';

/** What a value of the configuration must look like: reads it from the text, and says the same as JSON Schema. */
export interface Shape<Value> {
  /** In words that follow `takes`. */
  readonly takes: string;
  readonly schema: JsonObject;
  /** `undefined` where it is something else, which is reported. Parts that are wrong are reported and left out. */
  read(reader: Reader, node: Node, path: Path): Value | undefined;
}

/** Takes what is found while a file is read. Offsets are those of its text. */
export interface Reader {
  report(offset: number, text: string): void;
  /** Keeps where a key or a list item stands. */
  keep(path: Path, offset: number): void;
  /** Whether a map has a key, whatever its value is. */
  has(node: Node, key: string): boolean;
  /** Whether one more value may be read: aliases of aliases come to an end. */
  mayRead(): boolean;
}

/** A key of a map. */
export interface Field<Value> {
  readonly title: string;
  readonly about: string;
  readonly shape: Shape<Value>;
  readonly default?: string | boolean;
}

export type Fields<Value> = { readonly [Key in keyof Value]-?: Field<Exclude<Value[Key], undefined>> };

interface RecordOptions<Value> {
  readonly required?: readonly (keyof Value & string)[];
  /** What a key is called in messages. */
  readonly what?: string;
  /** For keys that people try: what to write instead. */
  readonly instead?: Readonly<Record<string, string>>;
}

/** A map with these keys and no others. */
export function record<Value extends object>(fields: Fields<Value>, options: RecordOptions<Value> = {}): Shape<Value> {
  const { required = [], what = 'key', instead = {} } = options;
  const entries = Object.entries(fields) as [string, Field<unknown>][];
  const byKey = new Map(entries);
  const takes = 'a map';
  return {
    takes,
    schema: {
      type: 'object',
      properties: Object.fromEntries(entries.map(([key, field]) => [key, schemaOf(field)])),
      ...(required.length > 0 && { required }),
      additionalProperties: false,
    },
    read(reader, node, path) {
      const map = mapOf(reader, node, path, takes);
      if (!map) return undefined;
      const result: Record<string, unknown> = {};
      for (const [key, { value, start }] of pairsOf(reader, map)) {
        const shape = byKey.get(key)?.shape;
        if (!shape) reader.report(start, unknownKey(what, key, [...byKey.keys()], instead));
        else if (!(key in result)) put(reader, result, key, shape, value, [...path, key], start);
      }
      for (const key of required) {
        if (!map.pairs.some((pair) => pair.key === key)) reader.report(map.start, `${nameOf(path)} has no "${key}"`);
      }
      return result as Value;
    },
  };
}

function schemaOf({ title, about, shape, default: byDefault }: Field<unknown>): JsonObject {
  return { title, description: about, ...(byDefault !== undefined && { default: byDefault }), ...shape.schema };
}

function unknownKey(what: string, key: string, known: readonly string[], instead: Readonly<Record<string, string>>): string {
  const better = Object.hasOwn(instead, key) ? instead[key] : undefined;
  if (better !== undefined) return `unknown ${what} "${cut(key)}": ${better}`;
  const near = nearest(key, known);
  if (near !== undefined) return `unknown ${what} "${cut(key)}"; did you mean "${near}"?`;
  return `unknown ${what} "${cut(key)}"; there ${known.length === 0 ? 'is none here' : `are ${known.join(', ')}`}`;
}

/** The shape, whose schema stands among the definitions and is referred to. */
export function defined<Value>(name: string, shape: Shape<Value>): Shape<Value> {
  return { ...shape, schema: { $ref: `#/$defs/${name}` } };
}

/** A map with keys of one's own. */
export function dictionary<Value>(
  shape: Shape<Value>,
  key: { readonly pattern: string; readonly takes: string },
): Shape<Readonly<Record<string, Value>>> {
  const pattern = new RegExp(key.pattern);
  const takes = 'a map';
  return {
    takes,
    schema: { type: 'object', propertyNames: { pattern: key.pattern }, additionalProperties: shape.schema },
    read(reader, node, path) {
      const map = mapOf(reader, node, path, takes);
      if (!map) return undefined;
      const result: Record<string, unknown> = {};
      for (const [name, { value, start }] of pairsOf(reader, map)) {
        if (name.length > MAX_TEXT || !pattern.test(name))
          reader.report(start, `${nameOf(path)}: a name is ${key.takes}, not "${cut(name)}"`);
        else put(reader, result, name, shape, value, [...path, name], start);
      }
      return result as Readonly<Record<string, Value>>;
    },
  };
}

function put(
  reader: Reader,
  result: Record<string, unknown>,
  key: string,
  shape: Shape<unknown>,
  node: Node,
  path: Path,
  start: number,
): void {
  reader.keep(path, start);
  const read = shape.read(reader, node, path);
  if (read !== undefined)
    Object.defineProperty(result, key, { value: read, enumerable: true, configurable: true, writable: true });
}

/** A list of values alike. */
export function list<Value>(shape: Shape<Value>, what: string, { min = 0 } = {}): Shape<readonly Value[]> {
  const takes = `a list of ${what}`;
  return {
    takes,
    schema: { type: 'array', items: shape.schema, ...(min > 0 && { minItems: min }) },
    read(reader, node, path) {
      if (!reader.mayRead()) return undefined;
      const found = dereference(node);
      if (found.kind !== 'seq' || found.items.length < min) return wrong(reader, node, path, takes);
      return found.items.flatMap(({ value, start }, index) => {
        reader.keep([...path, index], start);
        const read = shape.read(reader, value, [...path, index]);
        return read === undefined ? [] : [read];
      });
    },
  };
}

/** A value alone, or a list of such. */
export function oneOrMore<Value>(shape: Shape<Value>, what: string): Shape<readonly Value[]> {
  const several = list(shape, what, { min: 1 });
  return {
    takes: `${shape.takes}, or ${several.takes}`,
    schema: { anyOf: [shape.schema, several.schema] },
    read(reader, node, path) {
      if (dereference(node).kind === 'seq') return several.read(reader, node, path);
      const only = shape.read(reader, node, path);
      return only === undefined ? undefined : [only];
    },
  };
}

/** `true` or `false`, or a map. */
export function truthOr<Value>(shape: Shape<Value>): Shape<Value | boolean> {
  const takes = `true, false or ${shape.takes}`;
  return {
    takes,
    schema: { anyOf: [{ type: 'boolean' }, shape.schema] },
    read(reader, node, path): Value | boolean | undefined {
      const found = dereference(node);
      if (found.kind === 'map') return shape.read(reader, node, path);
      const value = found.kind === 'scalar' ? scalarValue(found) : undefined;
      return typeof value === 'boolean' && reader.mayRead() ? value : wrong(reader, node, path, takes);
    },
  };
}

function mapOf(reader: Reader, node: Node, path: Path, takes: string): MapNode | undefined {
  if (!reader.mayRead()) return undefined;
  const found = dereference(node);
  return found.kind === 'map' ? found : wrong(reader, node, path, takes);
}

function* pairsOf(reader: Reader, map: MapNode): Iterable<[string, MapNode['pairs'][number]]> {
  for (const pair of map.pairs) {
    if (pair.isMerge) reader.report(pair.start, '"<<" is not read here; "extends" takes over another file');
    else yield [pair.key, pair];
  }
}

/** Says what a value should be instead of what it is. */
export function wrong(reader: Reader, node: Node, path: Path, takes: string, near?: string): undefined {
  const hint = near === undefined ? '' : `; did you mean "${near}"?`;
  reader.report(node.start, `${nameOf(path)} takes ${takes}, not ${describe(node)}${hint}`);
}

export function nameOf(path: Path): string {
  return path.length === 0 ? 'the configuration' : formatPath(path);
}

function describe(node: Node): string {
  const found = dereference(node);
  if (found.kind === 'map') return 'a map';
  if (found.kind === 'seq') return found.items.length === 0 ? 'an empty list' : 'a list';
  if (found.style === 'empty') return 'nothing';
  // A number in quotes looks like one.
  return `${found.style === 'plain' ? '' : 'the text '}${JSON.stringify(cut(found.text))}`;
}

/** Longer texts are none that anybody means. */
export const MAX_TEXT = 512;

function cut(written: string): string {
  return written.length > 60 ? `${written.slice(0, 60)}…` : written;
}
