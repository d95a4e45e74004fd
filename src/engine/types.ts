import type { ManifestError, RefusalCode } from '../core/errors.js';
import type { DecidedFinding, Finding, ObjectRef, Risk } from '../core/finding.js';
import type { Json } from '../core/json.js';
import type { PatchTarget } from '../core/kustomization.js';
import type { ImageCatalogue } from '../kube/images/catalogue.js';
import type { DigestOf } from '../kube/images/full-name.js';
import type { KindName, Kinds } from '../kube/kinds.js';
import type { FailedCheck, ReachedLevel } from '../kube/pod-security/types.js';
import type { DockerfileReader } from '../kube/repo-facts.js';
import type { GrowingRepoIndex } from '../kube/repo-index.js';
import type { Transform } from '../kube/types.js';
import type { PodSecurityLevel, VersionRange } from '../kube/versions/types.js';
import type { Splice } from '../yaml/splice.js';
import type { Accept } from './admit.js';
import type { ConfiguredRule } from './suppress-configured.js';

/**
 * Whether an object is looked at, by the lines of its file that it takes, from 1, both included: with the comments right above it
 * and those that are part of it.
 */
export type Touched = (file: string, fromLine: number, toLine: number) => boolean;

/** What a finding is known by, whatever line it is on. */
export type FindingIdentity = Pick<DecidedFinding, 'transform' | 'object'> & Pick<Finding, 'subject' | 'message'>;

/** Whether a finding was recorded before: it is reported, and nothing is changed for it. */
export type Known = (finding: FindingIdentity) => boolean;

export interface EngineOptions {
  readonly transforms: readonly Transform[];
  readonly maxRisk: Risk;
  /** By id: the limit of single transforms, in place of `maxRisk`. */
  readonly risks?: Readonly<Record<string, Risk>>;
  /** Also mend objects of `kube-system` and other system namespaces. */
  readonly includeSystem: boolean;
  /** Names of namespaces that count as system namespaces, too; each may hold `*`. */
  readonly systemNamespaces?: readonly string[];
  /** `YYYY-MM-DD`; decides which suppressions have expired. */
  readonly today: string;
  /** Also give the text after each transform (`FileResult.series`). */
  readonly series: boolean;
  /** The versions of Kubernetes on all of which objects must be valid, and by which they are judged. */
  readonly versions: VersionRange;
  /** The level of the Pod Security Standards that the run is for: an object that passes a check is not looked at for its sake. */
  readonly level?: PodSecurityLevel;
  /** What is known of images; without it, what kubemend comes with. */
  readonly images?: ImageCatalogue;
  /** The digests that are recorded; without it, none. */
  readonly digestOf?: DigestOf;
  /** The kinds that make pods; without it, those that kubemend knows. */
  readonly kinds?: Kinds;
  /** The kinds that transforms may ask the index about; without it, those that `transforms` do. */
  readonly asksFor?: readonly KindName[];
  /** What reads Dockerfiles; without it, they say nothing. */
  readonly readDockerfile?: DockerfileReader;
  /** The risks for which to say which level a workload would reach (`ObjectResult.podSecurity`). */
  readonly forecast: readonly Risk[];
  /** Objects for which it says no are left alone. Without it, all are looked at. */
  readonly touched?: Touched;
  /** Asked for every finding, more than once; without it, none is known. */
  readonly known?: Known;
  /** The folder that paths are relative to; needed where some lead out of it. */
  readonly base?: string;
  /** Ids of all transforms there are, where `transforms` is a selection: what a suppression may name. */
  readonly knownIds?: readonly string[];
  /** The known id that a mistyped one is near to. */
  readonly nearestId?: (id: string) => string | undefined;
  /** What the configuration says no to. */
  readonly suppressions?: readonly ConfiguredRule[];
  /** Asked where new files may go; without it, none are made. */
  readonly lookAt?: LookAt;
}

/**
 * What is at a path, which is one for a new file or that of a kustomization which is to list one: the text of a file that the run may
 * change; `'taken'` for anything else that is there, and for where nothing may be written; `undefined` where there is nothing.
 */
export type LookAt = (path: string) => { readonly text: string } | 'taken' | undefined;

/** A file that a finding asks for. */
export interface NewFile {
  readonly path: string;
  readonly text: string;
  /** Whether it is there, with that very object, and not listed. */
  readonly isThere: boolean;
  /** The kustomization that is to list it, and by which path. */
  readonly listing?: { readonly kustomization: string; readonly entry: string };
  /** The finding. */
  readonly for: { readonly file: string; readonly transform: string; readonly risk: Risk };
}

/** An object that some transform looked at, or that was left alone with a reason. */
export interface ObjectResult {
  readonly ref: ObjectRef;
  /** Whether it has a pod template, so that a change rolls its pods. */
  readonly isWorkload: boolean;
  /** Whether it cannot be changed in place once created: a bare Pod, a Job's template. A kubelet starts a static pod anew. */
  readonly isImmutable: boolean;
  /** Whether this run changes it. */
  readonly isChanged: boolean;
  /** Why nothing was looked for: a system namespace, a partial object. */
  readonly left?: string;
  /** Absent where it has no pod, or was left alone. */
  readonly podSecurity?: PodSecurityOutlook;
}

/** The levels of the Pod Security Standards that a workload reaches on all of the versions. */
export interface PodSecurityOutlook {
  /** As it was read. */
  readonly now: ReachedLevel;
  /** With the changes of this run. */
  readonly after: ReachedLevel;
  /** With the changes of a run that takes this risk, for those of `EngineOptions.forecast`. */
  readonly at: Readonly<Partial<Record<Risk, ReachedLevel>>>;
}

/** A suppression that said no to nothing, or whose day has passed. */
export interface SuppressionNote {
  readonly file: string;
  readonly line: number;
  readonly kind: 'stale' | 'expired' | 'malformed';
  readonly text: string;
}

export interface FileResult {
  readonly file: string;
  /**
   * - `changed`: `text` differs;
   * - `created`: a new file, of `text`;
   * - `unchanged`: nothing is ready;
   * - `left`: not ours to touch (`left` says why);
   * - `refused`: cannot be read (`error`), stays as it was;
   * - `failed`: a bug of ours (`bug`), stays as it was.
   */
  readonly status: 'changed' | 'created' | 'unchanged' | 'left' | 'refused' | 'failed';
  /** The text after all ready findings; the text before unless `changed`. */
  readonly text: string;
  readonly splices: readonly Splice[];
  readonly findings: readonly DecidedFinding[];
  readonly objects: readonly ObjectResult[];
  readonly suppressions: readonly SuppressionNote[];
  /** With `EngineOptions.series`: the transforms that changed the file, in order, and the text after each. The last is `text`. */
  readonly series: readonly {
    readonly transform: string;
    readonly risk: Risk;
    readonly changes: number;
    readonly text: string;
  }[];
  /** Files that ready findings ask for beside this one: `complete` makes them. */
  readonly newFiles?: readonly NewFile[];
  /** Of a file that is `created`, and of a kustomization that gets to list such: the findings that it is for. */
  readonly for?: readonly NewFile['for'][];
  readonly left?: { readonly code: LeftCode; readonly text: string };
  readonly error?: ManifestError & { readonly code: RefusalCode };
  /** What to put into a bug report: no values of the manifest but those of the changes. */
  readonly bug?: { readonly code: string; readonly text: string };
}

/** A workload and the checks of a level that it fails. */
export interface ObjectVerdict {
  readonly ref: ObjectRef;
  /** Why it was not judged. */
  readonly left?: string;
  /** Empty where it passes, with the line of the first place that each is about. */
  readonly failed: readonly (FailedCheck & { readonly line: number })[];
}

/** What a level of the Pod Security Standards says of a file as it is. */
export interface FileVerdict extends Pick<FileResult, 'file' | 'left' | 'error' | 'bug'> {
  readonly status: 'judged' | Exclude<FileResult['status'], 'changed' | 'created' | 'unchanged'>;
  readonly objects: readonly ObjectVerdict[];
}

/** Why a file is not ours to touch. The list is closed. */
export type LeftCode =
  | 'NO_OBJECTS' // no object of a kind that any transform cares about
  | 'SOPS' // carries a MAC over its values
  | 'YTT' // its comments are code
  | 'TEMPLATE' // Go template markers where values stand
  | 'CHART' // a file of a Helm chart
  | 'PATCH' // a patch of a kustomization: partial on purpose
  | 'KUSTOMIZATION'
  | 'KUSTOMIZE_INPUT' // a transformer, a configuration, the content of a ConfigMap: what a kustomization reads, and no object
  | 'VENDORED'
  | 'GENERATED'
  | 'UNTOUCHED' // not part of what changed, of which alone the run is
  | 'IGNORED' // by --exclude, .kubemendignore or .gitignore
  | 'OUTSIDE'; // a link that leads out of the root

/** What a file is. The list is closed. */
export type Role =
  | 'manifest' // objects, one after the other
  | 'list' // objects as items of a `List`
  | 'base' // objects that overlays take in through another kustomization
  | 'crd' // custom resource definitions
  | 'kustomization'
  | 'component' // a kustomization of kind Component
  | 'patch' // strategic merge
  | 'json-patch' // JSON 6902
  | 'kustomize-input' // what a kustomization reads beside objects and patches
  | 'chart' // any file of a Helm chart
  | 'template' // of another program: ytt, Go
  | 'encrypted' // by SOPS
  | 'generated'
  | 'vendored'
  | 'ignored' // by --exclude, .kubemendignore or .gitignore; a link that leads out
  | 'unreadable' // refused, with the reason
  | 'not-kubernetes';

/**
 * What is done with a file:
 *
 * - `harden`: findings, and changes;
 * - `report`: what weakens is a finding, nothing is changed;
 * - `leave`: nothing;
 * - `refuse`: it should be looked at, and cannot be read.
 */
export type Deed = 'harden' | 'report' | 'leave' | 'refuse';

/** What a file is and what becomes of it. */
export interface FileRole {
  readonly path: string;
  readonly role: Role;
  readonly does: Deed;
  /** In one line. */
  readonly why: string;
  /** Empty for what was not read. */
  readonly objects: readonly ObjectRef[];
}

/** What a file that is no manifest says about images: how one is built, which ones are, whose the repository is. */
export type EvidenceKind = 'dockerfile' | 'build-file' | 'workflow' | 'makefile' | 'origin';

export interface Engine {
  readonly index: GrowingRepoIndex;
  /**
   * First pass: keeps the small facts of a file. Nothing of the text is kept.
   * @param read the documents of a kustomization, where they are at hand
   * @throws {ManifestError} when a document that may hold some cannot be read; those of the others are kept all the same
   */
  addFacts(file: string, text: string, read?: readonly Json[]): void;
  /** First pass: keeps what a file says that is no manifest. */
  addEvidence(kind: EvidenceKind, file: string, text: string): void;
  /** Second pass: what a patch of a kustomization weakens; it is not changed. */
  searchPatch(
    file: string,
    text: string,
    targets: readonly (PatchTarget | undefined)[],
  ): Pick<FileResult, 'findings' | 'objects' | 'suppressions'>;
  /** The same for the patches that are written in a kustomization. */
  searchKustomization(file: string, text: string): Pick<FileResult, 'findings' | 'objects' | 'suppressions'>;
  /**
   * Second pass: the findings of a file and its new text. Never throws for what is in the file.
   * @param accept asked about each finding that can be made; without it, all are
   */
  fix(file: string, text: string, accept?: Accept): FileResult;
  /**
   * Between the two: keeps in the index which levels of the Pod Security Standards the workloads of a file reach that are, or likely
   * are, in a namespace that somebody waits for (`index.levels`). Never throws for what is in the file.
   * @param stays whether the file stays as it is; else its workloads count as `fix` will make them
   */
  weigh(file: string, text: string, stays: boolean): void;
  /** An engine that is told otherwise, over the same facts. */
  told(options: EngineOptions): Engine;
}
