import type { Change } from '../../core/change.js';
import { isList, isObject, type Json, type Path, valueAt } from '../../core/json.js';
import { readPointer } from './json-patch.js';

/** A place that an operation of a JSON 6902 patch has to find. */
export interface PatchedPlace {
  /** As it is written. */
  readonly pointer: string;
  readonly op: string;
}

/** The places that an operation names: where it takes something from is one, too. */
export function placesOf(operation: Json): readonly PatchedPlace[] {
  if (!isObject(operation)) return [];
  const { op, path, from } = operation;
  if (typeof op !== 'string') return [];
  const named = typeof path === 'string' ? [{ pointer: path, op }] : [];
  return typeof from === 'string' ? [...named, { pointer: from, op: 'remove' }] : named;
}

/**
 * Whether a place is lost to an operation by a change, so that the patch cannot be applied any more, or to something else. To a map in
 * which a key is missing, one may be added, or be put in the place of it, but none be taken away.
 * @param value the object before the change
 */
export function losesPlace({ pointer, op }: PatchedPlace, change: Change, value: Json): boolean {
  const place = readPointer(pointer);
  const { path } = change;
  const isWithin = path.every((step, at) => place[at] === String(step));
  if (op === 'test' && (isWithin || place.every((step, at) => step === String(path[at])))) return true;
  if (change.op === 'append') return false;
  if (change.op === 'remove') {
    if (isItem(value, path)) return isBehind(place, path);
    return isWithin && (place.length > path.length || op === 'remove');
  }
  if (!isWithin || place.length === path.length || valueAt(value, path) === undefined) return false;
  return !hasPlace(change.value, place.slice(path.length), op);
}

function isItem(value: Json, path: Path): boolean {
  return typeof path.at(-1) === 'number' && isList(valueAt(value, path.slice(0, -1)));
}

/** Whether a place is in an item, or in one behind it that moves up. */
function isBehind(place: readonly string[], item: Path): boolean {
  const list = item.slice(0, -1);
  return list.every((step, at) => place[at] === String(step)) && Number(place[list.length]) >= Number(item.at(-1));
}

function hasPlace(value: Json, [step, ...rest]: readonly string[], op: string): boolean {
  if (step === undefined) return true;
  if (rest.length === 0 && op !== 'remove' && isObject(value)) return true;
  if (isList(value) && step === '-') return true;
  const inner = valueAt(value, [isList(value) ? Number(step) : step]);
  return inner !== undefined && hasPlace(inner, rest, op);
}
