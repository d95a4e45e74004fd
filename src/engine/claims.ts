import type { CreatedPlace } from '../core/finding.js';
import type { JsonObject } from '../core/json.js';

/** A new object that a finding has asked for. */
interface Claim {
  /** The file of the finding. */
  readonly file: string;
  readonly object: JsonObject;
  readonly place: CreatedPlace;
}

/**
 * The new objects of a run, so that none is made twice: what two files of one folder or one kustomization ask for is one object. What
 * was decided without asking anybody stays with the file for which it was decided first, in whatever order files are looked at again.
 */
export interface Claims {
  /** Forgets what was claimed for a file when it was looked at before, unless others go by it. */
  renew(file: string, isAsked: boolean): void;
  /** The object of that identity, where another file has claimed it. */
  of(file: string, id: string): Claim | undefined;
  /** Whether another file has claimed a path for anything. */
  isTaken(file: string, path: string): boolean;
  add(id: string, claim: Claim, isAsked: boolean): void;
}

export function createClaims(): Claims {
  const claims = new Map<string, Claim & { readonly isFirm: boolean }>();
  return {
    renew(file, isAsked) {
      for (const [id, claim] of claims) if (claim.file === file && !(isAsked && claim.isFirm)) claims.delete(id);
    },
    of(file, id) {
      const claim = claims.get(id);
      return claim?.file === file ? undefined : claim;
    },
    isTaken: (file, path) => [...claims.values()].some((claim) => claim.file !== file && claim.place.file === path),
    add(id, claim, isAsked) {
      if (!claims.has(id)) claims.set(id, { ...claim, isFirm: !isAsked });
    },
  };
}
