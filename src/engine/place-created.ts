import type { Change } from '../core/change.js';
import { isEqual, isObject, type JsonObject, valueAt } from '../core/json.js';
import { folderOf, resolvePath } from '../core/relative-path.js';
import { groupOf } from '../kube/kinds/table.js';
import { locate } from '../yaml/edit.js';
import { lineBefore } from '../yaml/insert-document.js';
import { endsInOpenScalar } from '../yaml/line-breaks.js';
import type { YamlDocument } from '../yaml/tree.js';
import type { Reason } from './admit.js';
import { checkCreated, type Identity, identify, keyOfIdentity, nameIdentity } from './check-created.js';
import { type Asking, type Creation, type Kept, type Known, type Source, unplaceable, type Wanted } from './creation.js';
import { type Neighbours, readNeighbours } from './neighbours.js';
import { listingOf, placeFile } from './place-file.js';

/** Says where new objects go that findings of one file ask for. */
export interface Placer {
  /** A place for each of them, or why one of them has none. Decides nothing: asked again about a document, it says the same. */
  place(asking: Asking): readonly Creation[] | Reason;
  /** Keeps what was decided of a document, for those behind it. */
  keep(document: YamlDocument, creations: readonly Creation[]): void;
  /** The other documents of the file. */
  besides(document: YamlDocument): readonly YamlDocument[];
  /** Keeps what was decided of the file, for other files. */
  close(): void;
}

export function createPlacer(source: Source): Placer {
  const { file, text, index, options, reservations } = source;
  const kept = new Map<string, Kept>();
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
  reservations.renew(known);
  return {
    place(asking) {
      const creations: Creation[] = [];
      for (const object of asking.finding.creates ?? []) {
        const refused = checkCreated(object, options.kinds);
        if (refused) return refused;
        const identity = identify(object) as Identity;
        const id = `${scope()}\0${keyOfIdentity(identity)}`;
        const placed = shareOf(known, asking, object, id) ?? placeNew(known, asking, { object, identity, id }, creations);
        if ('code' in placed) return placed;
        creations.push(placed);
      }
      return creations;
    },
    keep({ index: document }, creations) {
      for (const creation of creations) kept.set(creation.id, { ...creation, document });
    },
    besides: (document) => neighbours().documents.filter(({ start }) => start !== document.start),
    close() {
      for (const { id, document, object, place } of kept.values()) reservations.add(known, id, { document, object, place });
    },
  };
}

/** What another finding has asked for already. */
function shareOf(known: Known, { document }: Asking, object: JsonObject, id: string): Creation | Reason | undefined {
  const reservation = known.kept.get(id) ?? known.reservations.of(known, document.index, id);
  if (reservation === undefined) return undefined;
  const { place } = reservation;
  if (isEqual(reservation.object, object)) return { object, id, place: { ...place, isShared: true } };
  return unplaceable(`another ${nameIdentity(place)} is to be created in ${place.file}; apply that, and look again`);
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
    .find((object) => object.name === name && index.belongs(object, { file, namespace }) === 'yes');
  return near?.where ?? neighbours().has({ apiVersion, kind, name, ...(namespace !== undefined && { namespace }) });
}
