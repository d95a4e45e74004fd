import {
  CORE_SCHEMA,
  defineMappingTag,
  defineScalarTag,
  defineSequenceTag,
  load,
  mapTag,
  mergeTag,
  NOT_RESOLVED,
  Schema,
  seqTag,
} from 'js-yaml';
import { isEqual, type Json } from '../core/json.js';
import { parseFully } from './parse.js';

import { resolvePlain, resolveTagged } from './scalar.js';
import { indexLines } from './tree.js';
import { documentValue } from './value.js';

/** Plain scalars as Kubernetes reads them; structure, quotes, folding and escapes are the second parser's own. */
const plain = defineScalarTag('!kubernetes-plain', {
  implicit: true,
  resolve: (source) => {
    const value = resolvePlain(source);
    return typeof value === 'string' ? NOT_RESOLVED : value;
  },
  identify: () => false,
});

const tagged = ['!!int', '!!float', '!!bool', '!!null', '!!str', '!!timestamp', '!!binary'].map((name) =>
  defineScalarTag(`tag:yaml.org,2002:${name.slice(2)}`, {
    resolve: (source) => resolveTagged(name, source),
    identify: () => false,
  }),
);

/** An unknown tag changes nothing, as in Kubernetes. */
const unknown = [
  defineScalarTag<string>('!', { matchByTagPrefix: true, resolve: (source) => source, identify: () => false }),
  defineSequenceTag<unknown[]>('!', { ...seqTag, matchByTagPrefix: true, identify: () => false, create: () => [] }),
  defineMappingTag<Record<string, unknown>>('!', { ...mapTag, matchByTagPrefix: true, identify: () => false }),
];

const basic = CORE_SCHEMA.tags.filter((tag) => tag.nodeKind !== 'scalar' || tag.tagName === 'tag:yaml.org,2002:str');

const SCHEMA = new Schema([...basic, plain, mergeTag, ...tagged, ...unknown]);

/** What the second parser says of a text: its value, or why it cannot tell. */
export type SecondReading = { readonly value: Json } | { readonly unreadable: string };

/** Reads one document with the second parser: `JSON.parse` for JSON, js-yaml for YAML. */
export function readAgain(text: string): SecondReading {
  const body = text.trimStart();
  if (body.startsWith('{')) {
    try {
      return { value: JSON.parse(body) as Json };
    } catch {
      // YAML that begins with a flow map.
    }
  }
  try {
    return { value: load(text, { schema: SCHEMA, maxTotalMergeKeys: -1 }) as Json };
  } catch (error) {
    return { unreadable: error instanceof Error ? error.message : String(error) };
  }
}

/**
 * Proves that `after` holds `expected` and nothing else. `undefined` when it does, else what is wrong.
 *
 * Some documents that Kubernetes reads are not quite YAML 1.2, such as a flow list that closes at its parent's indent, and the
 * second parser refuses them before any edit. Only these are read by the first parser again.
 */
export function disprove(before: string, after: string, expected: Json): string | undefined {
  const reading = readAgain(after);
  if ('value' in reading)
    return isEqual(reading.value, expected) ? undefined : 'the values are not the old ones plus the changes';
  if ('value' in readAgain(before)) return `the edit cannot be read: ${reading.unreadable}`;
  try {
    const document = parseFully(indexLines(after), { start: 0, end: after.length, index: 0 });
    const value = document ? documentValue(document) : null;
    return isEqual(value, expected) ? undefined : 'the values are not the old ones plus the changes';
  } catch (error) {
    return `the edit cannot be read: ${error instanceof Error ? error.message : String(error)}`;
  }
}
