import { isAtOrBeneath, isList, isObject, type Json, type JsonObject, type Path, valueAt } from '../../core/json.js';
import { findPodTemplates, type Kinds, type ObjectType, type PodTemplate, readPlacedPod } from '../kinds.js';

/** Something that Kubernetes would not take. */
export interface Refusal {
  /** Kebab-case. With `kubelet:` or `controller:` before it the API server takes the object, and its pods fail later. */
  readonly rule: string;
  /** From the root of the object. */
  readonly path: Path;
  /** Names the container or volume, so that it means the same fault wherever that stands. */
  readonly message: string;
}

export type Report = (rule: string, path: Path, message: string) => void;

/** A map of a list of the pod, with its place. */
export interface Placed {
  readonly value: JsonObject;
  readonly path: Path;
}

/** A container. Ephemeral ones are none of these: they are not part of a manifest. */
export interface PlacedContainer extends Placed {
  /** As a message names it. */
  readonly subject: string;
  /** `undefined` where it is missing or no string. */
  readonly name: string | undefined;
  readonly isInit: boolean;
  /** An init container with `restartPolicy: Always`. */
  readonly isSidecar: boolean;
  /** Empty where there is none. */
  readonly securityContext: JsonObject;
}

/** The pod that an object is or makes. Whatever has the wrong type is left out; {@link Report | reported} elsewhere. */
export interface Pod {
  /** Whether the object is the pod itself; in a template some rules are stricter. */
  readonly isPod: boolean;
  /** Which of the object's pods it is; `''` where its kind makes one sort. */
  readonly label: string;
  /** Where a place of the pod is in the object, where `specPath` does not say so. */
  readonly place: ((path: Path) => Path) | undefined;
  readonly spec: JsonObject;
  readonly specPath: Path;
  /** Empty where there are none. */
  readonly annotations: JsonObject;
  readonly annotationsPath: Path;
  readonly os: 'linux' | 'windows' | undefined;
  readonly securityContext: JsonObject;
  readonly containers: readonly PlacedContainer[];
  readonly volumes: readonly Placed[];
  /** Names of claims that its kind makes, which are volumes of the pod too. */
  readonly claims: ReadonlySet<string>;
}

const NOTHING: JsonObject = Object.freeze({});
const NO_CLAIMS: ReadonlySet<string> = new Set();

/** The pods of an object. */
export function readPods(object: JsonObject, type?: ObjectType, kinds?: Kinds): readonly Pod[] {
  return findPodTemplates(object, type, kinds).flatMap((template) => readPod(object, template, type) ?? []);
}

function readPod(object: JsonObject, template: PodTemplate, type: ObjectType | undefined): Pod | undefined {
  const placed = readPlacedPod(object, template);
  if (placed === undefined) return undefined;
  const { spec } = placed;
  const { kind, label, podSpec } = template;
  // What is read as a pod spec is checked as one, and its places are found afterwards.
  const specPath = kind.shape ? [] : podSpec;
  const annotationsPath = [...template.metadata, 'annotations'];
  const os = isObject(spec.os) ? spec.os.name : undefined;
  return {
    isPod: (type ?? object).kind === 'Pod' && podSpec.length === 1,
    label,
    place: kind.shape && ((path) => (isAtOrBeneath(path, annotationsPath) ? path : placed.place(path))),
    spec,
    specPath,
    annotations: mapOf(valueAt(object, annotationsPath)),
    annotationsPath,
    os: os === 'linux' || os === 'windows' ? os : undefined,
    securityContext: mapOf(spec.securityContext),
    containers: [
      ...placedIn(spec.containers, [...specPath, 'containers']).map((placed) => container(placed, false)),
      ...placedIn(spec.initContainers, [...specPath, 'initContainers']).map((placed) => container(placed, true)),
    ],
    volumes: placedIn(spec.volumes, [...specPath, 'volumes']),
    claims: kind.claims === undefined ? NO_CLAIMS : claimsOf(object, kind.claims),
  };
}

/** The maps of a list. Items of another sort are passed over: a removed one leaves `null` behind. */
export function placedIn(list: Json | undefined, path: Path): readonly Placed[] {
  if (!isList(list)) return [];
  const found: Placed[] = [];
  for (const [index, value] of list.entries()) if (isObject(value)) found.push({ value, path: [...path, index] });
  return found;
}

/** The value if it is a map, else an empty one. */
function mapOf(value: Json | undefined): JsonObject {
  return isObject(value) ? value : NOTHING;
}

/** Whether the field is there. An explicit `null` is not, as the API server has it. */
export function isSet(value: Json | undefined): boolean {
  return value !== undefined && value !== null;
}

/** A name for messages: as written, else the place in the list. */
export function nameOf({ value, path }: Placed): string {
  return typeof value.name === 'string' && value.name !== '' ? value.name : `#${path.at(-1)}`;
}

function container(placed: Placed, isInit: boolean): PlacedContainer {
  const { name, restartPolicy, securityContext } = placed.value;
  return {
    ...placed,
    subject: `${isInit ? 'init container' : 'container'} ${nameOf(placed)}`,
    name: typeof name === 'string' ? name : undefined,
    isInit,
    isSidecar: isInit && restartPolicy === 'Always',
    securityContext: mapOf(securityContext),
  };
}

function claimsOf(object: JsonObject, claims: Path): ReadonlySet<string> {
  const templates = valueAt(object, claims);
  if (!isList(templates)) return NO_CLAIMS;
  const names = new Set<string>();
  for (const template of templates) {
    const name = mapOf(mapOf(template).metadata).name;
    if (typeof name === 'string') names.add(name);
  }
  return names;
}
