import { isList, isObject, type Json, type JsonObject, type Path } from '../../core/json.js';

/** A map that is being read, with its place. */
export interface Place {
  readonly map: JsonObject;
  readonly path: Path;
  /** Told of every value whose type the API server would not decode. */
  readonly report: (path: Path) => void;
}

/** A value with its place. */
export interface At<T> {
  readonly value: T;
  readonly path: Path;
}

const NOTHING: JsonObject = Object.freeze({});

/**
 * The functions below read a field as the API server decodes JSON into its types (`encoding/json`, case-sensitive): what is missing
 * or `null` is absent; a value of another type would fail the whole object, and is reported and taken for absent. An item that is
 * `null` is an item whose fields are all absent.
 */
function valueIn({ map }: Place, key: string): Json | undefined {
  return map[key] ?? undefined;
}

function isWrong({ path, report }: Place, key: string): undefined {
  report([...path, key]);
}

export function booleanIn(place: Place, key: string): boolean | undefined {
  const value = valueIn(place, key);
  return value === undefined || typeof value === 'boolean' ? value : isWrong(place, key);
}

export function stringIn(place: Place, key: string): string | undefined {
  const value = valueIn(place, key);
  return value === undefined || typeof value === 'string' ? value : isWrong(place, key);
}

/** Kubernetes writes `int32` for ports and `int64` for users. `1.0` is an integer, as it is once YAML has become JSON. */
export function integerIn(place: Place, key: string, bits: 32 | 64): number | undefined {
  const value = valueIn(place, key);
  if (value === undefined) return undefined;
  const limit = 2 ** (bits - 1);
  // 2^63 - 1 is not a number of JavaScript's: what stands for it here is 2^63.
  const isInRange = typeof value === 'number' && value >= -limit && (bits === 64 ? value <= limit : value < limit);
  return isInRange && Number.isInteger(value) ? value : isWrong(place, key);
}

/** A map beneath; `undefined` where there is none. */
export function mapIn(place: Place, key: string): Place | undefined {
  const value = valueIn(place, key);
  if (value === undefined) return undefined;
  return isObject(value) ? { map: value, path: [...place.path, key], report: place.report } : isWrong(place, key);
}

/** The maps of a list. */
export function mapsIn(place: Place, key: string): readonly Place[] {
  const { report } = place;
  const found: Place[] = [];
  for (const [index, value] of listIn(place, key).entries()) {
    const path = [...place.path, key, index];
    if (value === null) found.push({ map: NOTHING, path, report });
    else if (isObject(value)) found.push({ map: value, path, report });
    else report(path);
  }
  return found;
}

/** The strings of a list, each at its index; `null` is `''`. Items of another type are left out. */
export function stringsIn(place: Place, key: string): readonly At<string>[] {
  const found: { value: string; path: Path }[] = [];
  for (const [index, value] of listIn(place, key).entries()) {
    const path = [...place.path, key, index];
    if (value === null || typeof value === 'string') found.push({ value: value ?? '', path });
    else place.report(path);
  }
  return found;
}

/** The entries of a map from strings to strings; a `null` is `''`. */
export function entriesIn(place: Place, key: string): readonly (At<string> & { readonly key: string })[] {
  const map = mapIn(place, key);
  if (map === undefined) return [];
  const found: { key: string; value: string; path: Path }[] = [];
  for (const [name, value] of Object.entries(map.map)) {
    const path = [...map.path, name];
    if (value === null || typeof value === 'string') found.push({ key: name, value: value ?? '', path });
    else place.report(path);
  }
  return found;
}

function listIn(place: Place, key: string): readonly Json[] {
  const value = valueIn(place, key);
  if (value === undefined || isList(value)) return value ?? [];
  isWrong(place, key);
  return [];
}
