import type { Change } from '../../core/change.js';
import type { JsonObject, Path } from '../../core/json.js';

/** A kind of object, in whatever version; `group` is `''` for the core. */
export interface KindName {
  readonly group: string;
  readonly kind: string;
}

/** Where an object keeps one of the pods that it makes. */
export interface PodTemplate {
  readonly podSpec: Path;
  /** The metadata that the pods get: annotations that concern pods live here. */
  readonly metadata: Path;
  /** Which of the object's pods it is: `template build`. `''` for kinds that make one sort of pod. */
  readonly label: string;
  readonly kind: PodKind;
}

/** What is special about the pods of a kind. */
export interface PodKind {
  /** Whether it cannot be changed in place once it is created. */
  readonly immutable: boolean;
  /** What a change in place does beyond a rolling update, so that none is low: `a change ends a run`. */
  readonly interrupts?: string;
  /** Why fields that exist on pod and container must be written on containers; `undefined` where the pod takes them. */
  readonly containerLevelOnly?: string;
  /** Fields of a container's security context that the kind does not take, or not everywhere. */
  readonly lacks?: readonly string[];
  /** Where claims are whose name takes the place of a volume of that name. */
  readonly claims?: Path;
  /** That not all of its pods is in the object: then no change is low, and nothing says that a level is reached. */
  readonly unseen?: string;
  /** How its pods are read that are written as something else than a pod spec. */
  readonly shape?: PodShape;
  /** Whether the object itself decides about a place; without it, about all of its pods. Of other places nothing is said. */
  holds?(object: JsonObject, path: Path): boolean;
  /** Why a change that is right for a pod is not made in an object of this kind. */
  objection?(object: JsonObject, template: PodTemplate, change: Change): string | undefined;
}

/** A pod that is written as something else than a pod spec. All places are from the object's root. */
interface PodShape {
  /** Whether there is a pod at the place. */
  isPod(value: JsonObject): boolean;
  read(object: JsonObject, podSpec: Path): ReadPod;
  /** Whether a place outside of the pod's own is of this pod alone. */
  owns?(path: Path, podSpec: Path): boolean;
  /** What a container is called that has no name of its own; without it, `main`. */
  nameOf?(path: Path): string | undefined;
}

export interface ReadPod {
  /** The pod spec that the controller makes of it, as far as it is written. */
  readonly spec: JsonObject;
  /** Where the items of its lists are: of `containers`, `initContainers`, `volumes`. */
  readonly items: Readonly<Record<string, readonly Path[]>>;
  /** Where the fields are that do not stand beneath the pod's own place. */
  readonly fields: Readonly<Record<string, Path>>;
}

/** What the kinds of a run are asked. */
export interface Kinds {
  /** Names of the kinds that make pods, in any group. */
  readonly names: ReadonlySet<string>;
  /** The groups that have a kind of that name, where none of them is Kubernetes' own. */
  readonly groupsOf: ReadonlyMap<string, readonly string[]>;
  /** Where objects of a type keep their pods. */
  find(type: ObjectType): KnownKind | undefined;
  /** Why objects of a type are left alone, although they make pods; `undefined` for all others. */
  leftOf(type: ObjectType): string | undefined;
}

/** What an object is read as, where it does not say so itself: an item of a typed list. */
export interface ObjectType {
  readonly apiVersion: string;
  readonly kind: string;
}

/** A kind that makes pods. */
export interface KnownKind {
  /** Places of pod templates from the object's root; `*` stands for every item of a list, or every value of a map. */
  readonly places: readonly PodPlace[];
  readonly pods: PodKind;
  /** Whether the API server itself validates it. */
  readonly isBuiltIn: boolean;
  /** Why objects are left alone in which no pod is written. */
  readonly left?: string;
  /** The pod template, where all its objects have one, at one place. */
  readonly only?: PodTemplate;
}

export interface PodPlace {
  readonly podSpec: readonly string[];
  readonly metadata: readonly string[];
}
