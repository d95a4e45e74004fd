import catalogue from './catalogue.json' with { type: 'json' };
import { mergeFacts } from './merge.js';
import { parseReference } from './reference.js';
import { compileTags, readTag, type TagMatcher } from './tags.js';
import type { CatalogueEntry, ImageFacts } from './types.js';

/** Facts for the tags that the matcher takes. */
interface Row {
  readonly matches: TagMatcher;
  readonly facts: ImageFacts;
}

/** Rows by repository, and by prefix for families, the longest first. */
interface Index {
  readonly images: ReadonlyMap<string, readonly Row[]>;
  readonly families: readonly (readonly [prefix: string, rows: readonly Row[]])[];
}

let index: Index | undefined;

/**
 * What the catalogue knows of the image that `reference` names, however its registry is spelled; `undefined` where it knows nothing.
 *
 * An entry for the image wins over its family, the longest family over shorter ones, and among entries the narrowest pattern of tags.
 * Where several are equally narrow, and for a digest without a tag, which may be any version, the entries are merged to what is safe
 * for all of them ({@link mergeFacts}). With a tag *and* a digest the tag is believed.
 */
export function lookupImage(reference: string): ImageFacts | undefined {
  index ??= indexCatalogue(catalogue as readonly CatalogueEntry[]);
  return lookupIn(index, reference);
}

/** Makes a catalogue ready for {@link lookupIn}. An image's own entry wins over an alias that another one claims. */
export function indexCatalogue(entries: readonly CatalogueEntry[]): Index {
  const own = new Set(entries.map((entry) => entry.image));
  const rows = new Map<string, Row[]>();
  for (const { aliases, ...facts } of entries) {
    const row: Row = { matches: compileTags(facts.tags), facts };
    for (const name of [facts.image, ...aliases.filter((alias) => !own.has(alias))]) {
      const list = rows.get(name);
      if (list === undefined) rows.set(name, [row]);
      else list.push(row);
    }
  }
  const families = [...rows].filter(([name]) => name.endsWith('*')).map(([name, list]) => [name.slice(0, -1), list] as const);
  return { images: rows, families: families.sort(([a], [b]) => b.length - a.length) };
}

/** {@link lookupImage} in a catalogue of one's own. */
export function lookupIn(index: Index, reference: string): ImageFacts | undefined {
  const parsed = parseReference(reference);
  if (parsed === undefined) return undefined;
  const { repository, tag, digest } = parsed;
  const rows = index.images.get(repository) ?? index.families.find(([prefix]) => repository.startsWith(prefix))?.[1];
  if (rows === undefined) return undefined;
  return mergeAll(tag === undefined && digest !== undefined ? rows : narrowest(rows, tag));
}

function narrowest(rows: readonly Row[], text: string | undefined): readonly Row[] {
  const tag = readTag(text);
  if (tag === undefined) return [];
  let best: Row[] = [];
  let highest = -1;
  for (const row of rows) {
    const narrowness = row.matches(tag);
    if (narrowness === undefined || narrowness < highest) continue;
    if (narrowness > highest) best = [];
    highest = narrowness;
    best.push(row);
  }
  return best;
}

function mergeAll(rows: readonly Row[]): ImageFacts | undefined {
  let result: ImageFacts | undefined;
  for (const { facts } of rows) result = result === undefined ? facts : mergeFacts(result, facts);
  return result;
}
