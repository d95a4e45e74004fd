import type { Change } from '../core/change.js';
import type { Finding, ObjectRef, Risk } from '../core/finding.js';
import type { Json, JsonObject, Path } from '../core/json.js';
import type { Overlay } from './facts/overlays.js';
import type { FoundImage } from './images/catalogue.js';
import { type Settings, type SettingValues, type ValuesOf, withDefaults } from './settings.js';
import type { CheckId, PodSecurityLevel, VersionRange } from './versions/types.js';

/**
 * An object as it stands, the admitted changes of earlier findings included. The engine replaces `value` when it admits a
 * change; views read through it and so are always current. What was read before may show, deep in an item of a list, what was changed
 * since.
 */
export interface LiveObject {
  readonly ref: ObjectRef;
  readonly value: JsonObject;
}

/**
 * One value of an object, as a transform sees it.
 *
 * `opaque` means that something stands there which only another tool can read: a Go template, `${VAR}`. A transform may
 * propose a change on it all the same: the engine holds it.
 */
export interface Field {
  /** From the object's root. */
  readonly path: Path;
  readonly state: 'set' | 'absent' | 'opaque';
  /** `undefined` unless `set`. An explicit `null` is `absent`, as the API server has it. */
  readonly value: Json | undefined;
  /** Whether the value is set and equal to `value`. */
  is(value: Json): boolean;
}

/** A part of an object that transforms look into. Keys may be dotted: `get('securityContext.runAsUser')`. */
export interface View {
  /** From the object's root. */
  readonly path: Path;
  /** As a message names it: `pod`, `container web`. */
  readonly subject: string;
  /** Where a field is, from the object's root. */
  at(field: string | Path): Path;
  get(field: string | Path): Field;
  set(field: string | Path, value: Json): Change;
  remove(field: string | Path): Change;
  append(field: string | Path, value: Json): Change;
}

export type ContainerSort = 'container' | 'init' | 'sidecar';

export interface ContainerView extends View {
  /** `container`, `init`, or `sidecar` (an init container with `restartPolicy: Always`). */
  readonly sort: ContainerSort;
  /** As written; `''` where absent. */
  readonly name: string;
  /** As written; `undefined` where absent or opaque. */
  readonly image: string | undefined;
  /** What is known of the image, by its Dockerfile or the catalogue of the run; `undefined` where nothing is. */
  readonly found: FoundImage | undefined;
  /** What other workloads of the repository state of the same image. */
  readonly siblings: readonly SiblingFacts[];
  /** The container's own security context, field by field. */
  readonly securityContext: SecurityContextFields;
  /** The value that is in force: the container's own, else the pod's. For fields that exist on both. */
  effective(field: 'runAsUser' | 'runAsGroup' | 'runAsNonRoot' | 'seccompProfile' | 'appArmorProfile' | 'seLinuxOptions'): Field;
}

export interface SecurityContextFields {
  readonly allowPrivilegeEscalation: Field;
  readonly capabilities: Field;
  readonly privileged: Field;
  readonly procMount: Field;
  readonly readOnlyRootFilesystem: Field;
  readonly runAsGroup: Field;
  readonly runAsNonRoot: Field;
  readonly runAsUser: Field;
  readonly seccompProfile: Field;
}

export interface PodView extends View {
  /** What goes before the subject of whatever is in it: `template build: `; `''` where the object makes one sort of pod. */
  readonly prefix: string;
  /** Where the pod's metadata is: the object's own for a Pod, else the template's. Annotations live there. */
  readonly metadata: View;
  /** `windows` only by `spec.os.name`; `maybe-windows` by a node selector, where the fields would not work but are not refused. */
  readonly os: 'linux' | 'windows' | 'maybe-windows';
  /** The account the pod runs as; `default` where none is named, `undefined` where it is opaque. */
  readonly serviceAccountName: string | undefined;
  /** Whether there are, or may be, containers that cannot be read here: a variable stands for them, or something of another type. */
  readonly hidesContainers: boolean;
  /** A port below 1024 that a Service sends to. */
  readonly servedPort: number | undefined;
  /** Why fields that exist on pod and container must be written on containers; `undefined` where the pod takes them. */
  readonly containerLevelOnly: string | undefined;
  /** Whether its kind does not take a field of a container's security context. */
  lacks(field: 'appArmorProfile' | 'capabilities.add'): boolean;
  /** The names of claims that take the place of volumes of these names. */
  readonly claims: readonly string[];
}

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
  /** Whether it surely covers the container; else it only may. */
  readonly isCertain: boolean;
}

/** What a run asks of every object. */
export interface Demands {
  /** The versions of Kubernetes on all of which the object must be valid, and allowed. No field is written that one of them lacks. */
  readonly versions: VersionRange;
  /**
   * The level of the Pod Security Standards that the run is for, and nothing but that level; `undefined` where it is for what the
   * hardening guides ask for.
   */
  readonly level: PodSecurityLevel | undefined;
  /**
   * Whether the run asks for what the check demands. In a run for a level: whether the object fails the check, as it was read, on one
   * of the versions. In any other run: always.
   */
  asks(check: CheckId): boolean;
}

/** What one run looks for. Shared by every transform; data only. */
export interface TransformContext extends Demands {
  readonly object: View;
  readonly ref: ObjectRef;
  readonly pod: PodView;
  /** Main, init and sidecar containers, in the order of the text. Ephemeral ones are left alone. */
  readonly containers: readonly ContainerView[];
  readonly index: RepoIndex;
  /** Whether someone said no to this transform at that place, so that it must not be mended from above either. */
  isSuppressed(view: View): boolean;
}

/** The id of a rule in other catalogues; several are separated by `, `. */
export interface Controls {
  readonly pss?: 'baseline' | 'restricted' | 'baseline, restricted';
  readonly nsa?: string;
  readonly cis?: string;
  readonly kubescape?: string;
  readonly checkov?: string;
  readonly trivy?: string;
  readonly kubeLinter?: string;
  readonly polaris?: string;
}

/** What all transforms have, whatever their settings. */
interface TransformFacts {
  /** Kebab-case, starts with a verb, never reused once released. */
  readonly id: string;
  readonly title: string;
  /** The usual risk of its changes, for lists. Evidence moves it. */
  readonly risk: Risk;
  readonly controls: Controls;
  /** The checks of the Pod Security Standards that it mends. In a run for a level it looks at objects that fail one of them. */
  readonly checks?: readonly CheckId[];
  /**
   * Words of which one stands in every document that holds something for it, variables aside: another document is not looked at. For
   * those that mend what someone wrote. They count as long as the transform is told nothing.
   */
  readonly words?: readonly string[];
  /**
   * The same for those that also mend what nobody wrote: one stands in every document in which someone wrote what they change. A patch
   * without one weakens nothing of theirs.
   */
  readonly writtenWords?: readonly string[];
  /** Ids of transforms whose admitted changes this one must see. */
  readonly after?: readonly string[];
}

/** A transform looks at one object and proposes. It never sees text, and it is pure. */
export interface Transform extends TransformFacts {
  /** What it can be told, by key. */
  readonly settings: Settings;
  /** @param settings what it is told; the rest has its default */
  check(context: TransformContext, settings?: SettingValues): Iterable<Finding>;
}

/** A transform as it is written: `check` is handed all its settings, with their types. */
interface TransformDefinition<Declared extends Settings> extends TransformFacts {
  readonly settings?: Declared;
  check(context: TransformContext, settings: ValuesOf<Declared>): Iterable<Finding>;
}

export function defineTransform<const Declared extends Settings = Record<never, never>>(
  definition: TransformDefinition<Declared>,
): Transform {
  const settings: Settings = definition.settings ?? {};
  const defaults = withDefaults(settings, {}) as ValuesOf<Declared>;
  return {
    ...definition,
    settings,
    check: (context, given) =>
      definition.check(context, given ? (withDefaults(settings, given) as ValuesOf<Declared>) : defaults),
  };
}

/** The transform, told something. */
export function tellTransform(transform: Transform, settings: SettingValues): Transform {
  const { words: _, writtenWords: __, ...told } = transform;
  return { ...told, check: (context) => transform.check(context, settings) };
}
