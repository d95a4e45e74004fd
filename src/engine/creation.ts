import type { Change } from '../core/change.js';
import type { CreatedPlace, Finding, ObjectRef } from '../core/finding.js';
import type { Json, JsonObject } from '../core/json.js';
import type { Listing } from '../kube/facts/listings.js';
import type { GrowingRepoIndex } from '../kube/repo-index.js';
import type { YamlDocument } from '../yaml/tree.js';
import type { Reason } from './admit.js';
import type { Identity } from './check-created.js';
import type { Neighbours } from './neighbours.js';
import type { Reservations } from './reservations.js';
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
export interface Asking {
  readonly document: YamlDocument;
  /** Of the document. */
  readonly value: Json;
  readonly ref: ObjectRef;
  readonly finding: Finding;
}

/** The file that new objects are asked for in, and what the run knows. */
export interface Source {
  readonly file: string;
  readonly text: string;
  readonly index: GrowingRepoIndex;
  readonly options: EngineOptions;
  readonly reservations: Reservations;
  /** Whether somebody is asked about each finding. */
  readonly isAsked: boolean;
}

/** What the policy goes by, of one file. */
export interface Known extends Source {
  readonly neighbours: () => Neighbours;
  readonly listings: () => readonly Listing[];
  /** By `id`, of documents before. */
  readonly kept: ReadonlyMap<string, Kept>;
}

/** With the document of the finding. */
export interface Kept extends Creation {
  readonly document: number;
}

/** An object that has no place yet. */
export interface Wanted {
  readonly object: JsonObject;
  readonly identity: Identity;
  readonly id: string;
}

export function unplaceable(text: string): Reason {
  return { code: 'UNPLACEABLE', text };
}
