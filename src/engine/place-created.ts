import type { Change } from '../core/change.js';
import type { CreatedPlace, Finding, ObjectRef } from '../core/finding.js';
import { isEqual, isObject, type Json, type JsonObject, valueAt } from '../core/json.js';
import { folderOf, resolvePath } from '../core/relative-path.js';
import { type Listing, newFileNames } from '../kube/facts/listings.js';
import { isWithinFolder } from '../kube/facts/names.js';
import { groupOf } from '../kube/kinds/table.js';
import { kubernetesPlacement } from '../kube/placement.js';
import type { GrowingRepoIndex } from '../kube/repo-index.js';
import { locate } from '../yaml/edit.js';
import { lineBefore, writeFile } from '../yaml/insert-document.js';
import { endsInOpenScalar } from '../yaml/line-breaks.js';
import { readAgain } from '../yaml/prove.js';
import type { YamlDocument } from '../yaml/tree.js';
import type { Reason } from './admit.js';
import { checkCreated, type Identity, identify, keyOfIdentity, nameIdentity } from './check-created.js';
import type { Claims } from './claims.js';
import { listFile } from './list-file.js';
import { type Neighbours, readNeighbours } from './neighbours.js';
import type { EngineOptions, NewFile } from './types.js';

/** A new object and where it goes. */
export interface Creation {
  readonly object: JsonObject;
  /** What makes it one object wherever it is asked for. */
  readonly id: string;
  readonly place: CreatedPlace;
  /** Of a new item: the change of the document. */
  readonly change?: Change;
  /** Of a new file, or one that is to be listed. */
  readonly newFile?: Omit<NewFile, 'for'>;
}

/** Where a finding stands that asks for new objects. */
interface Asking {
  readonly document: YamlDocument;
  /** Of the document. */
  readonly value: Json;
  readonly ref: ObjectRef;
  readonly finding: Finding;
}

/** Says where new objects go that findings of one file ask for. */
export interface Placer {
  /** A place for each of them, or why one of them has none. Decides nothing: asked again about a document, it says the same. */
  place(asking: Asking): readonly Creation[] | Reason;
  /** Keeps what was decided of a document, for those behind it. */
  keep(creations: readonly Creation[]): void;
  /** The other documents of the file. */
  besides(document: YamlDocument): readonly YamlDocument[];
  /** Keeps what was decided of the file, for other files. */
  close(): void;
}

interface Source {
  readonly file: string;
  readonly text: string;
  readonly index: GrowingRepoIndex;
  readonly options: EngineOptions;
  readonly claims: Claims;
  /** Whether somebody is asked about each finding. */
  readonly isAsked: boolean;
}

/** What the policy goes by, of one file. */
interface Known extends Source {
  readonly neighbours: () => Neighbours;
  readonly listings: () => readonly Listing[];
  /** By `id`, of documents before. */
  readonly kept: ReadonlyMap<string, Creation>;
}

export function createPlacer(source: Source): Placer {
  const { file, text, index, options, claims, isAsked } = source;
  const kept = new Map<string, Creation>();
  let read: Neighbours | undefined;
  const neighbours = () => {
    read ??= readNeighbours(text);
    return read;
  };
  const known: Known = { ...source, neighbours, listings: () => index.listingsOf(file), kept };
  /** One folder, or all that one kustomization lists, is one place. */
  const scope = () => {
    const [listing, ...others] = known.listings();
    return listing && others.length === 0 ? listing.folder : folderOf(resolvePath(options.base ?? '', file));
  };
  claims.renew(file, isAsked);
  return {
    place(asking) {
      const creations: Creation[] = [];
      for (const object of asking.finding.creates ?? []) {
        const refused = checkCreated(object, options.kinds);
        if (refused) return refused;
        const identity = identify(object) as Identity;
        const id = `${scope()}\0${keyOfIdentity(identity)}`;
        const placed = shareOf(known, object, id) ?? placeNew(known, asking, { object, identity, id }, creations);
        if ('code' in placed) return placed;
        creations.push(placed);
      }
      return creations;
    },
    keep(creations) {
      for (const creation of creations) if (!creation.place.isShared) kept.set(creation.id, creation);
    },
    besides: (document) => neighbours().documents.filter(({ start }) => start !== document.start),
    close() {
      for (const { id, object, place } of kept.values()) claims.add(id, { file, object, place }, isAsked);
    },
  };
}

function unplaceable(text: string): Reason {
  return { code: 'UNPLACEABLE', text };
}

/** What another finding has asked for already. */
function shareOf({ kept, claims, file }: Known, object: JsonObject, id: string): Creation | Reason | undefined {
  const claim = kept.get(id) ?? claims.of(file, id);
  if (claim === undefined) return undefined;
  const { place } = claim;
  if (isEqual(claim.object, object)) return { object, id, place: { ...place, isShared: true } };
  return unplaceable(`another ${nameIdentity(place)} is to be created in ${place.file}; apply that, and look again`);
}

interface Wanted {
  readonly object: JsonObject;
  readonly identity: Identity;
  readonly id: string;
}

function placeNew(known: Known, asking: Asking, wanted: Wanted, beside: readonly Creation[]): Creation | Reason {
  const { object, identity, id } = wanted;
  const there = existing(known, identity);
  if (there !== undefined)
    return unplaceable(`${nameIdentity(identity)} is there already, ${there}; mend that one, or rename it`);
  const { document, value, ref, finding } = asking;
  const list = valueAt(value, ref.root.slice(0, -2));
  if (ref.root.length > 0 && isObject(list) && list.kind === 'List') {
    const change: Change = { op: 'append', path: ref.root.slice(0, -1), value: object };
    const problem = locate(document, change);
    if (problem) return { code: problem.code, text: problem.text };
    return { object, id, change, place: { ...identity, file: known.file, where: 'item' } };
  }
  const isFile = document.isJson && known.neighbours().count === 1;
  const listing = listingOf(known);
  if (isFile || (listing && known.neighbours().count === 1 && finding.changes.length === 0)) {
    if (isFile && finding.changes.length > 0)
      return unplaceable(
        'a JSON file has room for one object, and the changes of this finding go with a new one; make both by hand',
      );
    if (isFile && !listing && known.listings().length > 0) {
      const [first] = known.listings();
      return unplaceable(
        `${first?.kustomization} lists this file and cannot be changed here; create ${nameIdentity(identity)} and list it there`,
      );
    }
    return placeFile(known, document, wanted, listing, beside);
  }
  if (endsInOpenScalar(document)) {
    return unplaceable('the block scalar that ends the file has no line break behind it, and would gain one; end its last line');
  }
  return { object, id, place: { ...identity, file: known.file, where: 'document', line: lineBefore(document) + 1 } };
}

/** Where the object is already, by the index and by the file. */
function existing({ index, file, neighbours }: Known, { apiVersion, kind, name, namespace }: Identity): string | undefined {
  const near = index
    .objectsNear({ file, namespace }, { group: groupOf(apiVersion), kind })
    .find((object) => object.name === name && object.nearness !== 'possible');
  return near?.where ?? neighbours().has({ apiVersion, kind, name, ...(namespace !== undefined && { namespace }) });
}

/** The kustomization that lists the file, where it is the only one, above it, and can list another one. */
function listingOf({ listings, options, file }: Known): Listing | undefined {
  const [listing, ...others] = listings();
  if (!listing || others.length > 0) return undefined;
  const folder = folderOf(resolvePath(options.base ?? '', file));
  if (!isWithinFolder(folder, listing.folder)) return undefined;
  const found = options.lookAt?.(listing.kustomization);
  const isFit = typeof found === 'object' && listFile(found.text, 'x.yaml') !== undefined;
  return isFit ? listing : undefined;
}

function placeFile(
  { file, options, claims, kept }: Known,
  document: YamlDocument,
  { object, identity, id }: Wanted,
  listing: Listing | undefined,
  beside: readonly Creation[],
): Creation | Reason {
  const folder = file.slice(0, file.lastIndexOf('/') + 1);
  const extension = file.slice(file.lastIndexOf('.'));
  const paths = newFileNames(identity, extension).map((name) => folder + name);
  const isOurs = (path: string) => [...kept.values(), ...beside].some(({ newFile }) => newFile?.path === path);
  const found = paths.map((path) => ({
    path,
    there: claims.isTaken(file, path) || isOurs(path) ? 'taken' : options.lookAt ? options.lookAt(path) : 'taken',
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
