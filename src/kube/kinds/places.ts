import { isList, isObject, type Json, type JsonObject, type Path, valueAt } from '../../core/json.js';
import type { KnownKind, PodKind, PodPlace, PodTemplate, ReadPod } from './types.js';

/** The places of the pods that an object of a kind has, in the order of the table and of the text. */
export function expand({ places, pods, only }: KnownKind, object: JsonObject): readonly PodTemplate[] {
  if (only !== undefined) return isObject(valueAt(object, only.podSpec)) ? [only] : [];
  const found: PodTemplate[] = [];
  for (const place of places) {
    for (const { path, label } of match(object, place.podSpec)) {
      const value = valueAt(object, path);
      if (!isObject(value) || pods.shape?.isPod(value) === false) continue;
      found.push({ podSpec: path, metadata: metadataOf(place, path), label, kind: pods });
    }
  }
  return found;
}

/** The template of a kind that has one, at one place. */
export function templateAt(place: PodPlace, kind: PodKind): PodTemplate {
  return { podSpec: place.podSpec, metadata: place.metadata, label: '', kind };
}

/** The metadata is beside what the stars stand for. */
function metadataOf({ podSpec, metadata }: PodPlace, path: Path): Path {
  return metadata.map((key, at) => (key === '*' && podSpec[at] === '*' ? (path[at] as string | number) : key));
}

interface Match {
  readonly path: Path;
  readonly label: string;
}

function match(object: JsonObject, pattern: readonly string[]): readonly Match[] {
  let found: Match[] = [{ path: [], label: '' }];
  for (const [at, key] of pattern.entries()) {
    if (key === '*') found = found.flatMap((each) => matchItems(valueAt(object, each.path), each, pattern[at - 1] ?? ''));
    else found = found.map(({ path, label }) => ({ path: [...path, key], label }));
  }
  return pattern.includes('*') ? found : found.map(({ path }) => ({ path, label: labelOf(pattern) }));
}

function matchItems(value: Json | undefined, { path, label }: Match, list: string): Match[] {
  const named = (step: string | number, name: string): Match => {
    // An item of what is an item itself has no list with a name.
    const own = list === '*' ? name : `${singular(list)} ${name}`;
    return { path: [...path, step], label: label === '' ? own : `${label}, ${own}` };
  };
  if (isList(value)) return value.map((item, at) => named(at, nameOf(item) ?? `#${at + 1}`));
  return isObject(value) ? Object.keys(value).map((key) => named(key, key)) : [];
}

/** `tasks` has a `task` in it. */
function singular(list: string): string {
  return list.replace(/s$/, '');
}

function nameOf(item: Json): string | undefined {
  for (const key of ['name', 'groupName']) {
    const name = valueAt(item, [key]);
    if (typeof name === 'string' && name !== '') return name;
  }
  return undefined;
}

/** `headGroupSpec` of `spec.headGroupSpec.template.spec`: what tells one place of an object from another. */
function labelOf(pattern: readonly string[]): string {
  const telling = pattern.filter((key) => key !== 'spec' && key !== 'template');
  return telling.at(-1) ?? '';
}

/** A pod as it is, and where things of it are in the object. */
export interface PlacedPod {
  readonly spec: JsonObject;
  /** @param path from the root of the pod spec */
  place(path: Path): Path;
}

/** The pod of a template, read as a pod spec; `undefined` where there is none. */
export function readPlacedPod(object: JsonObject, { podSpec, kind }: PodTemplate): PlacedPod | undefined {
  const value = valueAt(object, podSpec);
  if (!isObject(value)) return undefined;
  if (kind.shape === undefined) return { spec: value, place: (path) => [...podSpec, ...path] };
  const read = kind.shape.read(object, podSpec);
  return { spec: read.spec, place: (path) => placeIn(read, podSpec, path) };
}

function placeIn({ items, fields }: ReadPod, podSpec: Path, path: Path): Path {
  const [field, position, ...rest] = path;
  if (typeof field !== 'string') return podSpec;
  const item = typeof position === 'number' && Object.hasOwn(items, field) ? items[field]?.[position] : undefined;
  if (item !== undefined) return [...item, ...rest];
  const own: Path = (Object.hasOwn(fields, field) ? fields[field] : undefined) ?? [...podSpec, field];
  return [...own, ...path.slice(1)];
}
