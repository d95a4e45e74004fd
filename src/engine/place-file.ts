import { isEqual, type JsonObject } from '../core/json.js';
import { folderOf, resolvePath } from '../core/relative-path.js';
import { type Listing, newFileNames } from '../kube/facts/listings.js';
import { isWithinFolder } from '../kube/facts/names.js';
import { kubernetesPlacement } from '../kube/placement.js';
import { writeFile } from '../yaml/insert-document.js';
import { readAgain } from '../yaml/prove.js';
import type { YamlDocument } from '../yaml/tree.js';
import type { Reason } from './admit.js';
import { nameIdentity } from './check-created.js';
import { type Creation, type Known, unplaceable, type Wanted } from './creation.js';
import { listFile } from './list-file.js';

/** The kustomization that lists the file, where it is the only one, above it, and can list another one. */
export function listingOf({ listings, options, file, reservations }: Known): Listing | undefined {
  const [listing, ...others] = listings();
  if (!listing || others.length > 0) return undefined;
  const folder = folderOf(resolvePath(options.base ?? '', file));
  if (!isWithinFolder(folder, listing.folder)) return undefined;
  const found = options.lookAt?.(listing.kustomization);
  if (typeof found !== 'object') return undefined;
  const canList = reservations.canList(listing.kustomization, found.text, (text) => listFile(text, 'x.yaml') !== undefined);
  return canList ? listing : undefined;
}

/**
 * A new file beside that of the finding, listed where that is listed. One that is there with that very object is only listed: it was
 * made by a run that was stopped. Where its name is taken, its namespace is put behind it.
 */
export function placeFile(
  known: Known,
  document: YamlDocument,
  { object, identity, id }: Wanted,
  listing: Listing | undefined,
  beside: readonly Creation[],
): Creation | Reason {
  const { file, options, reservations, kept } = known;
  const folder = file.slice(0, file.lastIndexOf('/') + 1);
  const extension = file.slice(file.lastIndexOf('.'));
  const paths = newFileNames(identity, extension).map((name) => folder + name);
  const isOurs = (path: string) => [...kept.values(), ...beside].some(({ newFile }) => newFile?.path === path);
  const found = paths.map((path) => ({
    path,
    there: reservations.isTaken(known, path) || isOurs(path) ? 'taken' : options.lookAt ? options.lookAt(path) : 'taken',
  }));
  const healed = listing && found.find(({ there }) => typeof there === 'object' && holds(there.text, object));
  const free = healed ?? found.find(({ there }) => there === undefined);
  if (!free) {
    const [path] = paths;
    return unplaceable(
      options.lookAt?.(path ?? '') === undefined || !options.lookAt
        ? `no file can be made beside ${file}; create ${nameIdentity(identity)} by hand`
        : `${path} is there and is another file; move it, or create ${nameIdentity(identity)} by hand`,
    );
  }
  const { path } = free;
  const entry = listing && resolvePath(options.base ?? '', path).slice(listing.folder === '' ? 0 : listing.folder.length + 1);
  return {
    object,
    id,
    place: {
      ...identity,
      file: path,
      where: healed ? 'listing' : 'file',
      ...(listing && { listedIn: listing.kustomization }),
    },
    newFile: {
      path,
      text: writeFile(document, object, kubernetesPlacement),
      isThere: healed !== undefined,
      ...(listing && entry !== undefined && { listing: { kustomization: listing.kustomization, entry } }),
    },
  };
}

/** Whether a text is that of the object and nothing else. */
function holds(text: string, object: JsonObject): boolean {
  const reading = readAgain(text);
  return 'value' in reading && isEqual(reading.value, object);
}
