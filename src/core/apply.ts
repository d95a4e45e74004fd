import type { Change } from './change.js';
import { isList, isObject, type Json, type JsonObject, type Path, put } from './json.js';

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
  return applyAt(root, change, 0, NOTHING_OWNED);
}

/** The value after all of the changes, one after another, as {@link applyChange} makes each; no map or list is copied twice. */
export function applyChanges(root: Json | undefined, changes: readonly Change[]): Json | undefined {
  const draft = createDraft(root);
  for (const change of changes) draft.apply(change);
  return draft.value;
}

/** A value on which changes are made one after another. Making one costs no more where many were made before. */
export interface Draft<Value extends Json | undefined = Json | undefined> {
  /** As it stands. What is handed out stays as it is: the next change copies what it touches of it. */
  readonly value: Value;
  /** The same for a look that is over before the next change is made: that may change what it has seen. */
  peek(): Value;
  /**
   * The same for who asks anew after each change. A list that was seen may then hold, in place of an item, one that differs two steps
   * beneath it or more (`[0].securityContext.runAsUser`); all else stays as it is.
   */
  look(): Value;
  /**
   * Makes the change, or throws and makes nothing of it.
   * @throws {WrongType}
   */
  apply(change: Change): void;
}

/** A draft that begins with `root`, which stays as it is. */
export function createDraft<Value extends Json | undefined>(root: Value): Draft<Value> {
  let current: Json | undefined = root;
  const owned: Owned = { all: new Set(), lists: new Set() };
  let isHandedOut = false;
  let isSeen = false;
  return {
    get value() {
      isHandedOut = true;
      return current as Value;
    },
    peek: () => current as Value,
    look() {
      isSeen = true;
      return current as Value;
    },
    apply(change) {
      if (isHandedOut || isSeen) owned.all = new Set();
      if (isHandedOut) owned.lists = new Set();
      isHandedOut = false;
      isSeen = false;
      current = applyAt(current, change, 0, owned);
    },
  };
}

/** The maps and lists that can be changed in place. */
interface Owned {
  /** Those that nobody else has seen. */
  all: Collections;
  /** Lists that were seen since they were copied, which can get another item: a change to one of thousands is no copy of all. */
  lists: Collections;
}

interface Collections {
  has(collection: object): boolean;
  add(collection: object): unknown;
}

const NOBODYS: Collections = { has: () => false, add: () => undefined };

const NOTHING_OWNED: Owned = { all: NOBODYS, lists: NOBODYS };

/** Whatever may throw comes before the first thing that is changed in place. */
function applyAt(value: Json | undefined, change: Change, depth: number, owned: Owned): Json | undefined {
  const { path } = change;
  if (depth === path.length) return applyHere(value, change, owned);
  const step = path[depth] as string | number;
  if (typeof step === 'number') {
    if (!isList(value) || step >= value.length) throw new WrongType(path.slice(0, depth + 1));
    const item = applyAt(value[step], change, depth + 1, owned) ?? null;
    const list = path.length - depth > 2 && owned.lists.has(value) ? (value as Json[]) : ownList(value, owned);
    list[step] = item;
    return list;
  }
  if (value !== undefined && value !== null && !isObject(value)) throw new WrongType(path.slice(0, depth));
  if (change.op === 'remove' && (!isObject(value) || !Object.hasOwn(value, step))) return value;
  const child = isObject(value) && Object.hasOwn(value, step) ? value[step] : undefined;
  const changed = applyAt(child, change, depth + 1, owned);
  const map = ownMap(value, owned);
  if (changed === undefined) delete map[step];
  else put(map, step, changed);
  return map;
}

function applyHere(value: Json | undefined, change: Change, owned: Owned): Json | undefined {
  if (change.op === 'set') return change.value;
  if (change.op === 'remove') return undefined;
  if (value !== undefined && value !== null && !isList(value)) throw new WrongType(change.path);
  const list = ownList(value ?? [], owned);
  list.push(change.value);
  return list;
}

function ownList(list: readonly Json[], owned: Owned): Json[] {
  if (owned.all.has(list)) return list as Json[];
  const copy = [...list];
  owned.all.add(copy);
  owned.lists.add(copy);
  return copy;
}

function ownMap(map: JsonObject | null | undefined, owned: Owned): Record<string, Json> {
  if (map && owned.all.has(map)) return map as Record<string, Json>;
  const copy: Record<string, Json> = { ...map };
  owned.all.add(copy);
  return copy;
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
