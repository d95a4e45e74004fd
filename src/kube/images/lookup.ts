import { mergeFacts } from './merge.js';
import { normaliseRepository, parseReference } from './reference.js';
import { compileTags, readTag, type TagMatcher } from './tags.js';
import type { ImageEntry, ImageFacts } from './types.js';

/** Facts for the tags that the matcher takes. */
interface Row {
  readonly matches: TagMatcher;
  readonly facts: ImageFacts;
}

/** An entry, and whether it is one for another image, which is taken to work alike. */
interface Listed {
  readonly entry: ImageEntry;
  readonly isAlike: boolean;
}

/** Entries by repository, and by prefix for families, the longest first. */
export interface Index {
  readonly images: ReadonlyMap<string, readonly Listed[]>;
  readonly families: readonly (readonly [prefix: string, listed: readonly Listed[]])[];
}

/** Makes entries ready for {@link lookupIn}. An image's own entry wins over an alias that another one claims. */
export function indexCatalogue(entries: readonly ImageEntry[]): Index {
  const images = new Map<string, Listed[]>();
  for (const entry of entries) list(images, entry.image, { entry, isAlike: false });
  const own = new Set(images.keys());
  for (const entry of entries) {
    for (const name of entry.aliases ?? []) if (!own.has(name)) list(images, name, { entry, isAlike: false });
  }
  const named = new Set(images.keys());
  for (const entry of entries) {
    for (const name of entry.alike ?? []) if (!named.has(name)) list(images, name, { entry, isAlike: true });
  }
  const families = [...images]
    .filter(([name]) => name.endsWith('*'))
    .map(([name, listed]) => [name.slice(0, -1), listed] as const);
  return { images, families: families.sort(([a], [b]) => b.length - a.length) };
}

function list(images: Map<string, Listed[]>, name: string, listed: Listed): void {
  const others = images.get(name);
  if (others === undefined) images.set(name, [listed]);
  else others.push(listed);
}

/**
 * What the first of several catalogues that knows it says of the image that `reference` names, however its registry is spelled;
 * `undefined` where none knows anything.
 *
 * An entry for the image wins over its family in whichever catalogue, the longest family over shorter ones, and among entries the
 * narrowest pattern of tags. Where several are equally narrow, and for a digest without a tag, which may be any version, the entries are
 * merged to what is safe for all of them ({@link mergeFacts}). With a tag *and* a digest the tag is believed.
 */
export function lookupIn(indexes: readonly Index[], reference: string): ImageFacts | undefined {
  const parsed = parseReference(reference);
  if (parsed === undefined) return undefined;
  const { repository, tag, digest } = parsed;
  const isAnyTag = tag === undefined && digest !== undefined;
  for (const find of [findImage, findFamily]) {
    let isListed = false;
    for (const index of indexes) {
      const candidates = find(index, repository)?.map(rowOf) ?? [];
      const facts = mergeAll(isAnyTag ? candidates : narrowest(candidates, tag));
      if (facts !== undefined) return facts;
      isListed ||= candidates.length > 0;
    }
    // What holds for a family does not hold for a version of an image that has an entry for others.
    if (isListed) return undefined;
  }
  return undefined;
}

function findImage({ images }: Index, repository: string): readonly Listed[] | undefined {
  return images.get(repository);
}

function findFamily({ families }: Index, repository: string): readonly Listed[] | undefined {
  return families.find(([prefix]) => repository.startsWith(prefix))?.[1];
}

const rows = new WeakMap<Listed, Row>();

/** Read when it is first asked for: a run asks for a few images of many. */
function rowOf(listed: Listed): Row {
  const known = rows.get(listed);
  if (known !== undefined) return known;
  const facts = readEntry(listed.entry);
  const row: Row = { matches: compileTags(facts.tags), facts: listed.isAlike ? { ...facts, confidence: 'known' } : facts };
  rows.set(listed, row);
  return row;
}

/** What an entry says, with what it leaves out. */
export function readEntry({ aliases: _, alike: __, ...facts }: ImageEntry): ImageFacts {
  return { tags: '*', user: null, ports: [], api: null, host: [], memory: null, ...facts };
}

/** An entry with its names as {@link lookupIn} looks for them. */
export function normaliseEntry(entry: ImageEntry): ImageEntry {
  const { image, aliases, alike } = entry;
  return {
    ...entry,
    image: normaliseRepository(image),
    ...(aliases && { aliases: aliases.map(normaliseRepository) }),
    ...(alike && { alike: alike.map(normaliseRepository) }),
  };
}

function narrowest(candidates: readonly Row[], text: string | undefined): readonly Row[] {
  const tag = readTag(text);
  if (tag === undefined) return [];
  let best: Row[] = [];
  let highest = -1;
  for (const row of candidates) {
    const narrowness = row.matches(tag);
    if (narrowness === undefined || narrowness < highest) continue;
    if (narrowness > highest) best = [];
    highest = narrowness;
    best.push(row);
  }
  return best;
}

function mergeAll(matching: readonly Row[]): ImageFacts | undefined {
  let result: ImageFacts | undefined;
  for (const { facts } of matching) result = result === undefined ? facts : mergeFacts(result, facts);
  return result;
}
