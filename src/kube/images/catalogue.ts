import dockerHub from './catalogue/docker-hub.json' with { type: 'json' };
import ghcr from './catalogue/ghcr.json' with { type: 'json' };
import kubernetes from './catalogue/kubernetes.json' with { type: 'json' };
import library from './catalogue/library.json' with { type: 'json' };
import others from './catalogue/others.json' with { type: 'json' };
import quay from './catalogue/quay.json' with { type: 'json' };
import { type Index, indexCatalogue, lookupIn, normaliseEntry } from './lookup.js';
import { isMirrorByName } from './reference.js';
import type { ImageEntry, ImageFacts } from './types.js';

/** The entries that kubemend comes with, by registry. */
export function listEntries(): readonly ImageEntry[] {
  return [library, dockerHub, quay, ghcr, kubernetes, others].flat() as readonly ImageEntry[];
}

/** What is known of the image that a manifest names. */
export interface FoundImage {
  readonly facts: ImageFacts;
  /** `nginx:1.27 (docker-nginx, Dockerfile)`: the image as the manifest names it, and the first source. */
  readonly cited: string;
  /** Whether it is taken for an image of Docker Hub by its path alone, so that it may be another. */
  readonly isByName: boolean;
}

/** What a run knows of images. */
export interface ImageCatalogue {
  /** `undefined` where nothing is known of it, or the text is no reference. */
  find(reference: string): FoundImage | undefined;
}

let own: Index | undefined;

/** A catalogue: `entries`, which win for their repositories, and those that kubemend comes with. */
export function createCatalogue(entries: readonly ImageEntry[] = []): ImageCatalogue {
  const named = new Set(entries.flatMap(({ image, aliases = [] }) => [image, ...aliases]));
  const given = entries.length === 0 ? undefined : indexCatalogue(entries.map(normaliseEntry));
  // Every transform asks for the same few images, one after the other; what is kept of them must not grow with the run.
  const recent = new Map<string, FoundImage | undefined>();
  return {
    find(reference) {
      if (recent.has(reference)) return recent.get(reference);
      own ??= indexCatalogue(listEntries());
      const facts = lookupIn(given === undefined ? [own] : [given, own], reference);
      const isByName = facts !== undefined && isMirrorByName(reference) && !named.has(repositoryOf(reference));
      const cited = facts && `${shortName(reference)}${cite(facts)}${isByName ? ', by its name,' : ''}`;
      const found = facts && cited !== undefined ? { facts, cited, isByName } : undefined;
      if (recent.size >= MOST) recent.clear();
      recent.set(reference, found);
      return found;
    },
  };
}

const MOST = 64;

/** The entries that kubemend comes with, and no others. */
export const publicImages: ImageCatalogue = createCatalogue();

/** Without tag and digest, as it is written. */
function repositoryOf(image: string): string {
  const [name = image] = image.split('@');
  return name.replace(/:[^:/]*$/, '');
}

/** An image as people say it: without its registry, and without a digest behind a tag. */
function shortName(image: string): string {
  const [name = image] = image.split('@');
  return name.slice(name.lastIndexOf('/') + 1);
}

/** ` (docker-nginx, Dockerfile)` for `nginx/docker-nginx@0d7f438 stable/debian/Dockerfile`. */
function cite({ sources: [source] }: ImageFacts): string {
  const [, repository, file] = /^[^/\s]+\/([^@\s]+)@\w+\s+(?:\S*\/)?([^/\s,]+)/.exec(source ?? '') ?? [];
  if (repository !== undefined && file !== undefined) return ` (${repository}, ${file})`;
  return source === undefined ? '' : ` (${source})`;
}
