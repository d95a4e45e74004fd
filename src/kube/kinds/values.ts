import { isList, isObject, type Json, type JsonObject, type Path, valueAt } from '../../core/json.js';

/** An explicit `null` says nothing. */
export function isSet(value: Json | undefined): value is Exclude<Json, null> {
  return value !== undefined && value !== null;
}

export function asMap(value: Json | undefined): JsonObject {
  return isObject(value) ? value : {};
}

export function asList(value: Json | undefined): readonly Json[] {
  return isList(value) ? value : [];
}

/** The places of a list's items; `map` is at `root`. */
export function itemsAt(map: JsonObject, root: Path, list: readonly string[]): readonly Path[] {
  return asList(valueAt(map, list)).map((_, at) => [...root, ...list, at]);
}
