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
}

export function createReservations(): Reservations {
  const reservations = new Map<string, Reservation & { readonly isFirm: boolean }>();
  return {
    renew({ file, isAsked }) {
      for (const [id, { file: owner, isFirm }] of reservations)
        if (owner === file && !(isAsked && isFirm)) reservations.delete(id);
    },
    of({ file, isAsked }, document, id) {
      const found = reservations.get(id);
      const isOwn = found?.file === file && !(isAsked && found.isFirm && found.document !== document);
      return isOwn ? undefined : found;
    },
    isTaken: ({ file }, path) => [...reservations.values()].some((each) => each.file !== file && each.place.file === path),
    add({ file, isAsked }, id, reservation) {
      if (!reservations.has(id)) reservations.set(id, { ...reservation, file, isFirm: !isAsked });
    },
  };
}
