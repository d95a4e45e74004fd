import type { CreatedPlace } from '../core/finding.js';
import type { JsonObject } from '../core/json.js';

/** A new object that a finding has asked for. */
interface Reservation {
  /** The file of the finding, and the document. */
  readonly file: string;
  readonly document: number;
  readonly object: JsonObject;
  readonly place: CreatedPlace;
}

/** Who asks. */
interface Asker {
  readonly file: string;
  /** Whether somebody is asked about each finding: then each may be looked at alone, and again. */
  readonly isAsked: boolean;
}

/**
 * The new objects of a run, so that none is made twice: what two files of one folder or one kustomization ask for is one object. What
 * was decided without asking anybody stays with whom it was decided for first, whatever is looked at again, alone and in whichever
 * order: else two groups of findings would bring one object each.
 */
export interface Reservations {
  /** Forgets what was reserved for a file when it was looked at before, unless others go by it. */
  renew(asker: Asker): void;
  /** The object of that identity, where another file has reserved it, or for good another document. */
  of(asker: Asker, document: number, id: string): Reservation | undefined;
  /** Whether another file has reserved a path for anything. */
  isTaken(asker: Asker, path: string): boolean;
  add(asker: Asker, id: string, reservation: Omit<Reservation, 'file'>): void;
  /** Whether a kustomization can list one more file; tested once for each text of it. */
  canList(kustomization: string, text: string, test: (text: string) => boolean): boolean;
}

export function createReservations(): Reservations {
  const reservations = new Map<string, Reservation & { readonly isFirm: boolean }>();
  /** Ids by the file that they are reserved for: a run asks for every file, and may have thousands of both. */
  const idsOf = new Map<string, Set<string>>();
  /** By path of what is made, the files that it is made for. */
  const owners = new Map<string, Set<string>>();
  /** What was found out of kustomizations, each of which may list thousands of files. */
  const tested = new Map<string, { readonly text: string; readonly can: boolean }>();
  const isOfPath = (id: string, path: string) => reservations.get(id)?.place.file === path;

  function forget(file: string, id: string): void {
    const path = reservations.get(id)?.place.file ?? '';
    const ids = idsOf.get(file);
    reservations.delete(id);
    ids?.delete(id);
    if (![...(ids ?? [])].some((other) => isOfPath(other, path))) owners.get(path)?.delete(file);
  }

  return {
    renew({ file, isAsked }) {
      for (const id of [...(idsOf.get(file) ?? [])]) if (!(isAsked && reservations.get(id)?.isFirm)) forget(file, id);
    },
    of({ file, isAsked }, document, id) {
      const found = reservations.get(id);
      const isOwn = found?.file === file && !(isAsked && found.isFirm && found.document !== document);
      return isOwn ? undefined : found;
    },
    isTaken: ({ file }, path) => [...(owners.get(path) ?? [])].some((owner) => owner !== file),
    add({ file, isAsked }, id, reservation) {
      if (reservations.has(id)) return;
      reservations.set(id, { ...reservation, file, isFirm: !isAsked });
      put(idsOf, file, id);
      put(owners, reservation.place.file, file);
    },
    canList(kustomization, text, test) {
      const known = tested.get(kustomization);
      if (known?.text === text) return known.can;
      const can = test(text);
      tested.set(kustomization, { text, can });
      return can;
    },
  };
}

function put(sets: Map<string, Set<string>>, key: string, value: string): void {
  const known = sets.get(key);
  if (known) known.add(value);
  else sets.set(key, new Set([value]));
}
