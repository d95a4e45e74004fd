import type { ObjectRef } from '../core/finding.js';
import type { JsonObject, Path } from '../core/json.js';
import type { Overlay } from './facts/overlays.js';
import type { WorkloadFacts } from './facts/workloads.js';
import type { KindName } from './kinds/types.js';
import type { ReachedLevel } from './pod-security/types.js';
import type { VersionRange } from './versions/types.js';

/** Where an object is. */
export interface Place {
  /** As written; absent where none is, which may then be any. */
  readonly namespace?: string | undefined;
  readonly file: string;
}

/**
 * What transforms know of the other files: small facts only. Which of them concern an object is told by its namespace, and where that
 * is not written, by the folders of the two.
 */
export interface RepoIndex {
  /** Roles bound to the account, the likely ones first; empty where none is known. */
  bindingsOf(at: Place, account: string): readonly BindingFacts[];
  /** What the account's own manifest says; `undefined` where there is none. */
  account(at: Place, name: string): AccountFacts | undefined;
  /** LimitRanges with an item of `type: Container` that cover the place, or may. */
  limitRanges(at: Place): readonly LimitRangeFacts[];
  /** A port below 1024 that a Service sends to in pods with these labels. */
  lowPortOf(at: Place, labels: JsonObject): number | undefined;
  /**
   * What containers state of an image, as it is written.
   * @param pod which of the object's pods asks, from its root
   */
  siblingsOf(self: ObjectRef, image: string, pod: Path): readonly SiblingFacts[];
  /** What kustomizations make of the objects of a file that they take in. */
  overlaysOf(file: string): readonly Overlay[];
  /** The Dockerfile of the repository that an image is built from, where that is sure. */
  buildOf(at: Place, image: string): BuiltFrom | undefined;
  /** The repositories of the images that kustomizations put in the place of one. */
  replacementsOf(at: Place, image: string): readonly string[];
  /**
   * Objects of a kind that are, or may be, in the namespace of a place; for a kind without namespaces, those that belong to it. Those
   * that surely do come first. Only of kinds that a transform of the run has in `asksFor`.
   */
  objectsNear(at: Place | ObjectRef, kind: KindName): readonly NearObject[];
  /**
   * The levels of the Pod Security Standards that the workloads reach which are, or likely are, in a namespace, on all of the versions;
   * `undefined` where nobody weighed them.
   * @param namespace the place of the Namespace, and its name
   */
  levelsIn(namespace: Place, versions: VersionRange): readonly WorkloadLevel[] | undefined;
  /**
   * Those objects that are called so in the end, by the prefixes and suffixes of kustomizations, too. Only of kinds that a transform of
   * the run has in `asksFor`.
   * @param path where they have the name; their own by default, but it may be one by which they refer to another object
   */
  objectsNamed(at: Place, kind: KindName, name: string, path?: Path): readonly NearObject[];
  /**
   * The first workload of a namespace, by file and line; where none is written, or it is `default`, the first such of the folder. As
   * `objectsNear`, it knows kinds that are asked for.
   */
  firstWorkload(at: Place): WorkloadFacts | undefined;
  /** The workloads in the namespace that a place stands for, of the same kinds. */
  workloadsOf(home: Place): readonly WorkloadFacts[];
  /** The workloads elsewhere that name Services of that namespace. */
  clientsOf(home: Place): readonly WorkloadFacts[];
  /** Whether an object is in the namespace that a place stands for; `maybe` where nothing says. */
  belongs(object: Place, home: Place): 'yes' | 'maybe' | 'no';
}

/** What a workload reaches once the run has mended it. */
export interface WorkloadLevel {
  /** `Deployment web in web.yaml:3` */
  readonly where: string;
  /** `undefined` where nobody can say. */
  readonly level: ReachedLevel | undefined;
  /** What keeps it from the next level, or why nobody can say; absent at the highest. */
  readonly why?: string;
}

/** An object of another kind, as far as transforms ask for such. */
export interface NearObject extends Place {
  /** As written; absent where there is none, or a variable. */
  readonly name?: string | undefined;
  /** `NetworkPolicy default-deny in policies.yaml:3` */
  readonly where: string;
  readonly nearness: 'sure' | 'likely' | 'possible';
  /** All of it but what Secrets and ConfigMaps hold (`data`, `stringData`, `binaryData`). */
  readonly value: JsonObject;
}

export interface BindingFacts {
  /** `ClusterRoleBinding x in rbac.yaml:3` */
  readonly where: string;
  /** Whether it surely or probably means the account; else it may, since neither says otherwise. */
  readonly isLikely: boolean;
}

/** What a Dockerfile makes of the image that it starts from, by its last stage. */
export interface DockerfileFacts {
  /** The image that it starts from, as it is written; `scratch` for none, `undefined` where a variable without a value stands there. */
  readonly base: string | undefined;
  /** What the last `USER` says; `inherited` where there is none, `unknown` where a variable without a value stands there. */
  readonly user: number | { readonly name: string; readonly uid: number | null } | 'inherited' | 'unknown';
  readonly ports: readonly number[];
  /** Folders that are declared as volumes. */
  readonly volumes: readonly string[];
  /** Whether it starts something else than its base does, or something that it may have changed. */
  readonly isOwnProgram: boolean;
  /** Where it puts files. */
  readonly copies: readonly string[];
  /** How it gives a program rights at exec. */
  readonly gains: 'file-capabilities' | 'set-uid' | undefined;
}

/** `undefined` where the text is none that can be understood to its end. */
export type DockerfileReader = (text: string) => DockerfileFacts | undefined;

export interface BuiltFrom {
  readonly file: string;
  readonly facts: DockerfileFacts;
  /** Whether nothing but the name of its folder says so. */
  readonly isGuess: boolean;
}

/** What a container states of what it needs, the pod's word included. */
export interface SiblingFacts {
  /** `Deployment web in web.yaml:3` */
  readonly where: string;
  /** Whether it is of the same namespace or application. */
  readonly isNear: boolean;
  /** Whether it is of the same pod, perhaps the container that asks. */
  readonly isOwn: boolean;
  /** How it starts; equal for containers that start the same program. */
  readonly start: string;
  /** Equal for containers that start the same program with the same arguments. */
  readonly words: string;
  /** A port below 1024 among those that it names. */
  readonly lowPort: number | undefined;
  /** Whether such a port is named, or a Service sends to one. */
  readonly listensLow: boolean;
  /** `runAsUser` in force, if it is a number. */
  readonly user: number | undefined;
  /** The nearest `runAsUser` that is not root: what would be in force without the zeros. */
  readonly otherUser: number | undefined;
  readonly nonRoot: boolean | undefined;
  readonly isPrivileged: boolean;
  /** `allowPrivilegeEscalation` */
  readonly escalates: boolean | undefined;
  /** `readOnlyRootFilesystem` */
  readonly isReadOnly: boolean | undefined;
  readonly drop: readonly string[];
  readonly add: readonly string[];
  /** Where volumes are mounted that it may write to, and whether each is an `emptyDir`. */
  readonly writable: readonly { readonly path: string; readonly isEmpty: boolean }[];
  readonly automount: boolean | undefined;
  readonly requests: StatedResources;
  readonly limits: StatedResources;
}

type StatedResources = Readonly<Record<'cpu' | 'memory', string | number | undefined>>;

export interface AccountFacts {
  readonly where: string;
  readonly automount: boolean | undefined;
  /** IRSA, GKE or Azure workload identity: the annotation's key. */
  readonly identity: string | undefined;
}

export interface LimitRangeFacts {
  readonly where: string;
  /** What it fills in where a container says nothing: `limits.cpu`, `requests.memory`. */
  readonly defaults: readonly string[];
  /** How much of it, in cores and bytes; `undefined` where that cannot be read. */
  readonly amounts: ReadonlyMap<string, number | undefined>;
  /** Whether it surely covers the container; else it only may. */
  readonly isCertain: boolean;
}
