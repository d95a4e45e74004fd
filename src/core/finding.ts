import type { Change } from './change.js';
import type { JsonObject, Path } from './json.js';

/**
 * What may go wrong when a change is made.
 *
 * - `low`: cannot change what a working container does, by named evidence;
 * - `medium`: rarely breaks, a reviewer should look;
 * - `high`: breaks images that were not built for it, or changes what someone wrote.
 */
export type Risk = 'low' | 'medium' | 'high';

export const RISKS: readonly Risk[] = ['low', 'medium', 'high'];

/** Whether `risk` is no higher than `limit`. */
export function isWithin(risk: Risk, limit: Risk): boolean {
  return RISKS.indexOf(risk) <= RISKS.indexOf(limit);
}

/** The higher of the risks; `low` for none. */
export function highest(risks: Iterable<Risk>): Risk {
  let result: Risk = 'low';
  for (const risk of risks) if (!isWithin(risk, result)) result = risk;
  return result;
}

/** What a transform says about one object: a fault, and how to mend it where that is certain. All changes are made, or none. */
export interface Finding {
  /** What it is about, from the object's root: the pod spec, a container, a field. */
  readonly path: Path;
  /** The same in words: `pod`, `container web`, `init container migrate`. */
  readonly subject: string;
  /** Which of the things that its transform looks for, where those have ids of their own. */
  readonly rule?: string;
  /** What is wrong, in a few words, without the subject. */
  readonly message: string;
  readonly risk: Risk;
  /** What the risk rests on, in one line. */
  readonly evidence?: string;
  /** Paths from the object's root. Empty where a person has to decide, or where new objects are the repair. */
  readonly changes: readonly Change[];
  /**
   * Whole objects that are missing, with `apiVersion`, `kind` and `metadata.name`. They are written beside the object of the finding, by
   * the engine's choice. Who yields them has made sure that there is none of the kind and the scope yet.
   */
  readonly creates?: readonly JsonObject[];
  /** Why the changes must not be made although they are wanted, or why there are none. */
  readonly unless?: string;
  /** Of which sort `unless` is, where it is one that people ask for; else it is `ADVICE`. */
  readonly obstacle?: ObstacleCode;
}

/** An object of a manifest. */
export interface ObjectRef {
  readonly file: string;
  /** Which document of the file, from 0. */
  readonly document: number;
  /** Where the object is in the document: empty, or `['items', 3]` in a `List`. */
  readonly root: Path;
  /** The line on which it starts, from 1. */
  readonly line: number;
  readonly apiVersion: string;
  readonly kind: string;
  /** Absent where the manifest names none. */
  readonly namespace?: string;
  /** `metadata.name`, or `metadata.generateName`; absent where there is neither. */
  readonly name?: string;
}

/**
 * What became of a finding.
 *
 * - `ready`: part of the diff;
 * - `held`: its risk is above what was allowed;
 * - `declined`: who was asked said no, for this run;
 * - `suppressed`: someone said no, with a reason;
 * - `known`: recorded before, and not for now;
 * - `manual`: left to a person, since no certain repair exists or none can be placed.
 */
export type Status = 'ready' | 'held' | 'declined' | 'suppressed' | 'known' | 'manual';

/** What keeps a transform from offering a change. The list is closed. */
export type ObstacleCode =
  | 'IN_USE' // something of the manifest uses it: a mount of the volume
  | 'NEEDED' // the image, or something beside it, is known to need it
  | 'VERSION' // a version of Kubernetes that was asked for does not have the field
  | 'WINDOWS'; // the pod may run on Windows, or does, and nothing can be written there

/** Why a finding is not `ready`. The list is closed. */
export type ReasonCode =
  | ObstacleCode
  | 'RISK' // above --max-risk
  | 'SUPPRESSED'
  | 'DECLINED' // who was asked said no, for this run
  | 'BASELINE' // recorded before, as one of those that are not for now
  | 'ADVICE' // the transform offers no change, or says why not
  | 'PATCH' // stands in a patch, which is never changed
  | 'REFUSED_BY_API' // the API server would refuse the object
  | 'OPAQUE' // a variable or a template stands there
  | 'WRONG_TYPE' // the value there is not what Kubernetes expects
  | 'ALIAS_SHARED' // the text serves other places that do not want the change
  | 'ANCHOR_IN_USE' // the text to be removed is the anchor of an alias elsewhere
  | 'MERGE_AMBIGUOUS' // YAML and Kubernetes read the merge key differently
  | 'UNPLACEABLE'; // written in a way that cannot be edited losslessly

/** Where a new object goes. */
export interface CreatedPlace {
  readonly apiVersion: string;
  readonly kind: string;
  readonly namespace?: string;
  readonly name: string;
  readonly file: string;
  /**
   * - `document`: a new document of the file of the finding;
   * - `item`: a new item of the list that holds the object of the finding;
   * - `file`: a new file;
   * - `listing`: the file is there, and its kustomization does not list it yet.
   */
  readonly where: 'document' | 'item' | 'file' | 'listing';
  /** Of a document: the line behind which it comes, from 1. */
  readonly line?: number;
  /** Of a file: the kustomization that gets to list it. */
  readonly listedIn?: string;
  /** Whether another finding brings it, which asks for the same object. */
  readonly isShared?: true;
}

/** A finding and what was decided about it. */
export interface DecidedFinding extends Finding {
  /** The same finding of another run over the file has the same key, as long as the objects before it stay. */
  readonly key: string;
  /** The transform that reported it, and others that ask for the same changes. */
  readonly transform: string;
  readonly alsoBy: readonly string[];
  readonly object: ObjectRef;
  /** The line that it is about, from 1. */
  readonly line: number;
  readonly status: Status;
  /** Present unless `ready`. */
  readonly reason?: { readonly code: ReasonCode; readonly text: string };
  /** Comments inside what is removed, verbatim. */
  readonly lostComments: readonly string[];
  /** Of one that is `ready`: where each of `creates` goes. */
  readonly created?: readonly CreatedPlace[];
}
