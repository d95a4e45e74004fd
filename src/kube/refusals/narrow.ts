import { applyChange } from '../../core/apply.js';
import { isEqual, isList, isObject, type Json, type JsonObject, type Path, valueAt } from '../../core/json.js';
import { CONTAINER_LISTS, findPodTemplates, type Kinds, type ObjectType } from '../kinds.js';
import { isSet } from './pod.js';

type Pair<Value> = readonly [before: Value, after: Value];

const WINDOWS_OPTIONS = ['securityContext', 'windowsOptions'];

/**
 * Both objects without the containers and volumes that are the very same in both, so that one change among thousands of containers
 * is judged by looking at one. `undefined` where the others matter too: a field of the pod is another, or one of a container by which
 * it is compared with others.
 *
 * Whatever is refused after and was not before shows in what is left. Something more may show: what was refused before, in the same
 * words, of something that is left out.
 */
export function narrow(before: JsonObject, after: JsonObject, type?: ObjectType, kinds?: Kinds): Pair<JsonObject> | undefined {
  const [template, ...others] = findPodTemplates(before, type, kinds);
  // Where there are several, each is looked at in full.
  if (template === undefined || others.length > 0 || template.kind.shape) return undefined;
  if (
    !isEqual(
      [template.podSpec],
      findPodTemplates(after, type, kinds).map(({ podSpec }) => podSpec),
    )
  )
    return undefined;
  const { podSpec, metadata, kind } = template;
  const old = valueAt(before, podSpec);
  const next = valueAt(after, podSpec);
  if (!isObject(old) || !isObject(next) || !haveSameFrame(old, next)) return undefined;
  if (before.kind !== after.kind || hasOther(kind.claims, before, after)) return undefined;
  const annotations = [...metadata, 'annotations'];
  if (!isPartOf(valueAt(after, annotations), valueAt(before, annotations))) return undefined;
  const changed: Json[] = [];
  const narrowed: Record<string, Pair<Json>> = {};
  for (const key of CONTAINER_LISTS) {
    const lists = narrowContainers(old[key], next[key], next);
    if (lists === undefined) return undefined;
    changed.push(...lists.flat());
    narrowed[key] = lists;
  }
  const { volumes } = next;
  if (isList(volumes)) narrowed.volumes = narrowVolumes(isList(old.volumes) ? old.volumes : [], volumes, changed);
  return [withFields(before, podSpec, narrowed, 0), withFields(after, podSpec, narrowed, 1)];
}

function hasOther(claims: Path | undefined, before: JsonObject, after: JsonObject): boolean {
  return claims !== undefined && valueAt(before, claims) !== valueAt(after, claims);
}

/** What is left out leaves `null` behind, as what is removed does. */
function narrowContainers(old: Json | undefined, next: Json | undefined, pod: JsonObject): Pair<readonly Json[]> | undefined {
  if (old === undefined && next === undefined) return [[], []];
  if (!isList(old) || !isList(next) || old.length !== next.length) return undefined;
  if (!next.every((container, at) => container === old[at] || standsAlone(old[at], container, pod))) return undefined;
  return [old.map((each, at) => (each === next[at] ? null : each)), next.map((each, at) => (each === old[at] ? null : each))];
}

/** Volumes stay that are new, that share a name with one that is, or that a container uses which is left. */
function narrowVolumes(old: readonly Json[], next: readonly Json[], containers: readonly Json[]): Pair<readonly Json[]> {
  const names = new Set<Json | undefined>(next.slice(old.length).map((volume) => valueAt(volume, ['name'])));
  for (const container of containers) {
    for (const list of ['volumeMounts', 'volumeDevices']) {
      const uses = valueAt(container, [list]);
      if (isList(uses)) for (const use of uses) names.add(valueAt(use, ['name']));
    }
  }
  const narrowed = next.map((volume, at) => (at >= old.length || names.has(valueAt(volume, ['name'])) ? volume : null));
  return [narrowed.slice(0, old.length), narrowed];
}

function withFields(object: JsonObject, podSpec: Path, fields: Readonly<Record<string, Pair<Json>>>, side: 0 | 1): JsonObject {
  const spec = valueAt(object, podSpec) as JsonObject;
  const value: Record<string, Json> = { ...spec };
  for (const [key, pair] of Object.entries(fields)) if (Object.hasOwn(spec, key)) value[key] = pair[side];
  return applyChange(object, { op: 'set', path: podSpec, value }) as JsonObject;
}

/** Whether all of the pod but its containers is the same, or has volumes beside those that it had. */
function haveSameFrame(before: JsonObject, after: JsonObject): boolean {
  for (const key of new Set([...Object.keys(before), ...Object.keys(after)])) {
    if (before[key] === after[key] || CONTAINER_LISTS.includes(key)) continue;
    if (key !== 'volumes' || !isContinued(before[key] ?? [], after[key])) return false;
  }
  return true;
}

function isContinued(before: Json, after: Json | undefined): boolean {
  return isList(before) && isList(after) && before.every((item, at) => item === after[at]);
}

/** Whether annotations are the same, but for some that are gone: nothing is refused for one that is not there. */
function isPartOf(after: Json | undefined, before: Json | undefined): boolean {
  if (after === before || !isSet(after)) return true;
  if (!isObject(after) || !isObject(before)) return false;
  return Object.keys(after).every((key) => after[key] === before[key]);
}

/** Whether what became of a container is nothing to the others: it has the name, the ports and the share of resources that it had. */
function standsAlone(before: Json | undefined, after: Json, pod: JsonObject): boolean {
  if (!isObject(before) || !isObject(after)) return false;
  if (before.name !== after.name || before.restartPolicy !== after.restartPolicy) return false;
  if (isObject(pod.resources) && before.resources !== after.resources) return false;
  if (valueAt(before, WINDOWS_OPTIONS) !== valueAt(after, WINDOWS_OPTIONS)) return false;
  return before.ports === after.ports || (pod.hostNetwork !== true && takesNoMorePorts(before.ports, after.ports));
}

/** Whether the ports of the host are the same, but for some that are gone. */
function takesNoMorePorts(before: Json | undefined, after: Json | undefined): boolean {
  if (!isList(after)) return !isSet(after);
  return after.every((port, at) => !isObject(port) || !isSet(port.hostPort) || (isList(before) && port === before[at]));
}
