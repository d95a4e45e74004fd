import { isList, isObject, type Json, type JsonObject, type Path, valueAt } from '../../core/json.js';
import { findPodTemplate } from '../kinds.js';

/** What an object is read as. An item of a typed list (`DeploymentList`) need not say it itself. */
export interface ObjectType {
  readonly apiVersion: string;
  readonly kind: string;
}

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
  readonly spec: JsonObject;
  readonly specPath: Path;
  /** Empty where there are none. */
  readonly annotations: JsonObject;
  readonly annotationsPath: Path;
  readonly os: 'linux' | 'windows' | undefined;
  readonly securityContext: JsonObject;
  readonly containers: readonly PlacedContainer[];
  readonly volumes: readonly Placed[];
  /** Names of `volumeClaimTemplates`, which are volumes of the pod too. */
  readonly claims: ReadonlySet<string>;
}

const NOTHING: JsonObject = Object.freeze({});
const NO_CLAIMS: ReadonlySet<string> = new Set();

/** The pod of an object; `undefined` where it has none. */
export function readPod(object: JsonObject, type?: ObjectType): Pod | undefined {
  const template = findPodTemplate(object, type);
  const spec = template === undefined ? undefined : valueAt(object, template.podSpec);
  if (template === undefined || !isObject(spec)) return undefined;
  const specPath = template.podSpec;
  const annotationsPath = [...template.metadata, 'annotations'];
  const os = isObject(spec.os) ? spec.os.name : undefined;
  return {
    isPod: specPath.length === 1,
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
    claims: (type ?? object).kind === 'StatefulSet' ? claimsOf(object) : NO_CLAIMS,
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

function claimsOf(object: JsonObject): ReadonlySet<string> {
  const templates = mapOf(object.spec).volumeClaimTemplates;
  if (!isList(templates)) return NO_CLAIMS;
  const names = new Set<string>();
  for (const template of templates) {
    const name = mapOf(mapOf(template).metadata).name;
    if (typeof name === 'string') names.add(name);
  }
  return names;
}
