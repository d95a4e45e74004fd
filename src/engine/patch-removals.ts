import { isList, isObject, type Json, type JsonObject, type Path, valueAt } from '../core/json.js';
import { findPodTemplate, type Kinds, type ObjectType } from '../kube/kinds.js';
import { applyJsonPatch } from '../kube/patches/json-patch.js';

/**
 * Where a strategic-merge patch takes something away that may harden: by `null`, by `$patch: delete` in a map, or by a replacement with
 * nothing.
 * Whole containers and volumes that it takes away are none of these.
 */
export function removedIn(value: Json, path: Path = []): Path[] {
  if (isList(value)) return value.flatMap((item, index) => removedIn(item, [...path, index]));
  const isTaken = isObject(value) ? value.$patch === 'delete' || isReplacedByNothing(value) : value === null;
  if (isTaken) return mayHarden(path) ? [path] : [];
  return isObject(value) ? Object.entries(value).flatMap(([key, inner]) => removedIn(inner, [...path, key])) : [];
}

function isReplacedByNothing(value: JsonObject): boolean {
  return value.$patch === 'replace' && Object.keys(value).length === 1;
}

/** Whether an operation of a JSON 6902 patch takes away what may harden. To `add` an empty map is how others begin to write into it. */
export function isRemoval(op: Json | undefined, path: Path, value: Json | undefined): boolean {
  const isNothing = value === null || (isObject(value) && Object.keys(value).length === 0);
  return (op === 'remove' || (op === 'replace' && isNothing)) && mayHarden(path);
}

/** Whether what stands at a path may be what a transform writes to harden; the findings say whether it is. */
function mayHarden(path: Path): boolean {
  return path.includes('securityContext') || path.at(-1) === 'automountServiceAccountToken';
}

/** A part of an object with a container in it, where it says nothing of containers: without one nothing runs. */
export function withContainer(value: JsonObject, type: ObjectType, kinds?: Kinds): JsonObject {
  const podSpec = findPodTemplate(value, type, kinds)?.podSpec;
  if (podSpec === undefined || valueAt(value, [...podSpec, 'containers']) !== undefined) return value;
  const path = ['', ...podSpec, 'containers'].join('/');
  return applyJsonPatch(value, [{ op: 'add', path, value: [{}] }]) as JsonObject;
}
