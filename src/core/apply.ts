import type { Change } from './change.js';
import { isList, isObject, type Json, type Path } from './json.js';

/** What keeps a change from being made: something of another sort stands at `path`. */
export class WrongType extends Error {
  override readonly name = 'WrongType';
  constructor(readonly path: Path) {
    super('a value of another sort stands there');
  }
}

/**
 * The value after a change, sharing with the old one all that is the same.
 *
 * A list item that is removed leaves `null` behind, so that the places of the others go on meaning them; {@link withoutRemoved}
 * closes the gaps in the end.
 * @throws {WrongType}
 */
export function applyChange(root: Json | undefined, change: Change): Json | undefined {
  return applyAt(root, change, 0);
}

function applyAt(value: Json | undefined, change: Change, depth: number): Json | undefined {
  const { path } = change;
  if (depth === path.length) return applyHere(value, change);
  const step = path[depth] as string | number;
  if (typeof step === 'number') {
    if (!isList(value) || step >= value.length) throw new WrongType(path.slice(0, depth + 1));
    const copy = [...value];
    copy[step] = applyAt(value[step], change, depth + 1) ?? null;
    return copy;
  }
  if (value !== undefined && value !== null && !isObject(value)) throw new WrongType(path.slice(0, depth));
  if (change.op === 'remove' && (!isObject(value) || !Object.hasOwn(value, step))) return value;
  const copy: Record<string, Json> = { ...value };
  const child = isObject(value) && Object.hasOwn(value, step) ? value[step] : undefined;
  const changed = applyAt(child, change, depth + 1);
  if (changed === undefined) delete copy[step];
  else Object.defineProperty(copy, step, { value: changed, enumerable: true, configurable: true, writable: true });
  return copy;
}

function applyHere(value: Json | undefined, change: Change): Json | undefined {
  if (change.op === 'set') return change.value;
  if (change.op === 'remove') return undefined;
  if (value === undefined || value === null) return [change.value];
  if (!isList(value)) throw new WrongType(change.path);
  return [...value, change.value];
}

/** The value without the list items that `changes` removed. */
export function withoutRemoved(root: Json, changes: readonly Change[]): Json {
  const removed = changes.filter(({ op, path }) => op === 'remove' && typeof path.at(-1) === 'number').map(({ path }) => path);
  return removed.length === 0 ? root : closeGaps(root, removed, 0);
}

function closeGaps(value: Json, removed: readonly Path[], depth: number): Json {
  const here = new Set<string | number>();
  const beneath = new Map<string | number, Path[]>();
  for (const path of removed) {
    const step = path[depth] as string | number;
    if (path.length === depth + 1) here.add(step);
    else push(beneath, step, path);
  }
  const inner = (item: Json, step: string | number): Json => {
    const paths = beneath.get(step);
    return paths ? closeGaps(item, paths, depth + 1) : item;
  };
  if (isList(value)) return value.flatMap((item, at) => (here.has(at) ? [] : [inner(item, at)]));
  if (!isObject(value)) return value;
  const copy: Record<string, Json> = { ...value };
  for (const step of beneath.keys()) if (Object.hasOwn(copy, step)) copy[step] = inner(copy[step] as Json, step);
  return copy;
}

function push<Key, Value>(lists: Map<Key, Value[]>, key: Key, value: Value): void {
  const list = lists.get(key);
  if (list) list.push(value);
  else lists.set(key, [value]);
}
