import type { Change } from '../core/change.js';
import type { Finding, ObjectRef, Risk } from '../core/finding.js';
import type { Json, JsonObject, Path } from '../core/json.js';
import { controlsOf } from './frameworks/controls.js';
import type { FoundImage } from './images/catalogue.js';
import type { KindName } from './kinds/types.js';
import type { RepoIndex, SiblingFacts } from './repo-facts.js';
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
  /** The digest that is recorded for the image; `undefined` where none is. */
  readonly digest: string | undefined;
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
  /** Whether it is written as a pod spec; else its kind has fields of its own, and only some of a pod's. */
  readonly isPodSpec: boolean;
  /** Whether its kind does not take a field of a container's security context. */
  lacks(field: 'appArmorProfile' | 'capabilities.add'): boolean;
  /** The names of claims that take the place of volumes of these names. */
  readonly claims: readonly string[];
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

/** What a transform sees of an object of a kind that it names, whether it makes pods or not. */
export interface ObjectContext extends Pick<Demands, 'versions' | 'level'> {
  readonly object: View;
  readonly ref: ObjectRef;
  readonly index: RepoIndex;
  /** Whether someone said no to this transform at that place, so that it must not be mended from above either. */
  isSuppressed(view: View): boolean;
}

/** What one run looks for. Shared by every transform; data only. */
export interface TransformContext extends Demands, ObjectContext {
  readonly pod: PodView;
  /** Main, init and sidecar containers, in the order of the text. Ephemeral ones are left alone. */
  readonly containers: readonly ContainerView[];
}

/**
 * The id of a rule in other catalogues; several are separated by `, `. What the catalogues ask for, and who of us does it, is data
 * (`frameworks/`); this is the other way round, made of it by `npm run docs`.
 */
export interface Controls {
  readonly pss?: 'baseline' | 'restricted' | 'baseline, restricted';
  readonly nsa?: string;
  readonly cis?: string;
  readonly kubescape?: string;
  readonly checkov?: string;
  readonly trivy?: string;
  readonly kubeLinter?: string;
  readonly kubeScore?: string;
  readonly polaris?: string;
}

/** What all transforms have, whatever their settings. */
interface TransformFacts {
  /** Kebab-case, starts with a verb, never reused once released. */
  readonly id: string;
  readonly title: string;
  /** The usual risk of its changes, for lists. Evidence moves it. `report` where it offers none: all it finds is left to a person. */
  readonly risk: Risk | 'report';
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
  /** Kinds of the core and other groups whose objects it asks the index about, see `RepoIndex.objectsNear`. */
  readonly asksFor?: readonly KindName[];
  /** Whether it also looks at objects of `kube-system` and the like, without being asked to: what it is about is there alone. */
  readonly seesSystem?: boolean;
}

/** What a transform looks at that is no pod. */
interface ObjectCheck<Told extends unknown[]> {
  readonly kinds: readonly KindName[];
  check(context: ObjectContext, ...settings: Told): Iterable<Finding>;
  /** Whether `check` asks the index which levels the workloads of a namespace reach, for an object as it is. */
  awaitsLevels?(object: JsonObject, ...settings: Told): boolean;
}

/** A transform looks at one object and proposes. It never sees text, and it is pure. */
export interface Transform extends TransformFacts {
  /** What it can be told, by key. */
  readonly settings: Settings;
  /**
   * Looks at one pod of an object, with its containers; finds nothing where it looks at objects alone.
   * @param settings what it is told; the rest has its default
   */
  check(context: TransformContext, settings?: SettingValues): Iterable<Finding>;
  /** The objects that it looks at as wholes. */
  readonly objects?: ObjectCheck<[settings?: SettingValues]>;
}

/** A transform as it is written: checks are handed all its settings, with their types. */
interface TransformDefinition<Declared extends Settings> extends Omit<TransformFacts, 'controls'> {
  /** Those that the frameworks name, where absent: what is written here is for transforms that they do not know. */
  readonly controls?: Controls;
  readonly settings?: Declared;
  check?(context: TransformContext, settings: ValuesOf<Declared>): Iterable<Finding>;
  readonly objects?: ObjectCheck<[settings: ValuesOf<Declared>]>;
}

export function defineTransform<const Declared extends Settings = Record<never, never>>(
  definition: TransformDefinition<Declared>,
): Transform {
  const settings: Settings = definition.settings ?? {};
  const defaults = withDefaults(settings, {}) as ValuesOf<Declared>;
  const valuesOf = (given: SettingValues | undefined) =>
    given ? (withDefaults(settings, given) as ValuesOf<Declared>) : defaults;
  const { check = findNothing, objects, controls = controlsOf(definition.id), ...facts } = definition;
  return {
    // In a patch it finds nothing, whatever is written there.
    ...(definition.check === undefined && { writtenWords: [] }),
    ...facts,
    controls,
    settings,
    check: (context, given) => check(context, valuesOf(given)),
    ...(objects && { objects: handOver(objects, valuesOf) }),
  };
}

function* findNothing(): Iterable<Finding> {}

/** The transform, told something. */
export function tellTransform(transform: Transform, settings: SettingValues): Transform {
  const { words: _, writtenWords: __, objects, ...told } = transform;
  return {
    ...told,
    check: (context) => transform.check(context, settings),
    ...(objects && { objects: handOver(objects, () => settings) }),
  };
}

/** The check, with the settings that it is handed. */
function handOver<Told extends unknown[], Given>(
  { kinds, check, awaitsLevels }: ObjectCheck<Told>,
  valuesOf: (given: Given | undefined) => Told[0],
): ObjectCheck<[given?: Given]> {
  const told = (given: Given | undefined) => [valuesOf(given)] as unknown as Told;
  return {
    kinds,
    check: (context, given) => check(context, ...told(given)),
    ...(awaitsLevels && { awaitsLevels: (object, given) => awaitsLevels(object, ...told(given)) }),
  };
}
