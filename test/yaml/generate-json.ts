import { isList, isObject, type Json } from '../../src/core/json.js';
import type { Tape } from './tape.js';

/** How a JSON text is laid out. */
interface Layout {
  /** One level; `undefined` for all on one line. */
  readonly step: string | undefined;
  readonly colon: string;
  readonly comma: string;
  readonly hasInlineLists: boolean;
}

const LAYOUTS: readonly Layout[] = [
  { step: '  ', colon: ': ', comma: ', ', hasInlineLists: false },
  { step: '    ', colon: ': ', comma: ', ', hasInlineLists: false },
  { step: '\t', colon: ': ', comma: ', ', hasInlineLists: false },
  { step: undefined, colon: ':', comma: ',', hasInlineLists: false },
  { step: undefined, colon: ': ', comma: ', ', hasInlineLists: false },
  { step: '  ', colon: ': ', comma: ', ', hasInlineLists: true },
];

const KEYS = ['kind', 'spec', 'name', 'image', 'a', 'b', 'c', 'a b', '80', 'größe', '__proto__', 'q"uote', 'true'];
const SCALARS: readonly Json[] = [
  'x',
  true,
  0,
  null,
  '',
  '0644',
  'a "b"',
  'a\nb',
  'é🚀',
  1.5,
  -3,
  false,
  '# c',
  '\\',
  '\u2028',
  '/',
];

/** One JSON object, without a line break at its end. */
export function generateJson(tape: Tape): { text: string; value: Json } {
  const value = { kind: 'Pod', ...(jsonMap(tape, 4) as Record<string, Json>) };
  return { text: print(value, tape.pick(LAYOUTS), ''), value };
}

function jsonMap(tape: Tape, depth: number): Json {
  const entries = Array.from({ length: tape.below(4) }, () => [tape.pick(KEYS), jsonValue(tape, depth - 1)] as const);
  return Object.fromEntries(entries);
}

function jsonValue(tape: Tape, depth: number): Json {
  const kind = depth <= 0 ? 0 : tape.below(5);
  if (kind === 1 || kind === 3) return jsonMap(tape, depth);
  if (kind === 2) return Array.from({ length: tape.below(4) }, () => jsonValue(tape, depth - 1));
  return tape.pick(SCALARS);
}

function print(value: Json, layout: Layout, indent: string): string {
  if (!isList(value) && !isObject(value)) return JSON.stringify(value);
  const inner = indent + (layout.step ?? '');
  const entries = isList(value)
    ? value.map((item) => print(item, layout, inner))
    : Object.entries(value).map(([key, item]) => JSON.stringify(key) + layout.colon + print(item, layout, inner));
  const [open, close] = isList(value) ? '[]' : '{}';
  if (entries.length === 0) return `${open}${close}`;
  const isInline = layout.hasInlineLists && isList(value) && !value.some((item) => isList(item) || isObject(item));
  if (layout.step === undefined || isInline) return `${open}${entries.join(layout.comma)}${close}`;
  return `${open}\n${inner}${entries.join(`,\n${inner}`)}\n${indent}${close}`;
}
