import type { Change } from './change.js';
import { isList, isObject, type Json, type Path } from './json.js';

/** Changes with something to remember of each, found by their place and not one by one: a list of objects has thousands. */
export interface ChangeSet<Note> {
  /** The entry that asks for the same. */
  same(change: Change): Entry<Note> | undefined;
  /** An entry that cannot be made together with the change; see `conflicts`. */
  clash(change: Change): Entry<Note> | undefined;
  add(change: Change, note: Note): Entry<Note>;
  /** In the order in which they were added. */
  readonly entries: readonly Entry<Note>[];
}

interface Entry<Note> {
  readonly change: Change;
  readonly note: Note;
}

export function createChangeSet<Note>(): ChangeSet<Note> {
  const entries: Entry<Note>[] = [];
  const root = createPlace<Note>();
  return {
    entries,
    same(change) {
      return find(root, change.path)?.byAsk?.get(askOf(change));
    },
    clash(change) {
      const { op, path } = change;
      let above: Entry<Note> | undefined;
      let place: Place<Note> | undefined = root;
      for (const step of path) {
        above ??= place.firstOther;
        place = place.inner?.get(step);
        if (place === undefined) return above;
      }
      if (place.byAsk?.has(askOf(change))) return undefined;
      // What is appended to lies beside what is there already, above and below.
      const here = op === 'append' ? place.firstOther : (place.first ?? place.firstBeneath);
      return here ?? above;
    },
    add(change, note) {
      const entry = { change, note };
      entries.push(entry);
      let place = root;
      for (const step of change.path) {
        place.firstBeneath ??= entry;
        place = innerPlace(place, step);
      }
      place.first ??= entry;
      if (change.op !== 'append') place.firstOther ??= entry;
      const ask = askOf(change);
      place.byAsk ??= new Map();
      if (!place.byAsk.has(ask)) place.byAsk.set(ask, entry);
      return entry;
    },
  };
}

/** A path at which, or beneath which, there are entries. */
interface Place<Note> {
  first: Entry<Note> | undefined;
  /** The first that is no `append`. */
  firstOther: Entry<Note> | undefined;
  firstBeneath: Entry<Note> | undefined;
  /** By what they ask for, the first that does. */
  byAsk: Map<string, Entry<Note>> | undefined;
  inner: Map<string | number, Place<Note>> | undefined;
}

function createPlace<Note>(): Place<Note> {
  return { first: undefined, firstOther: undefined, firstBeneath: undefined, byAsk: undefined, inner: undefined };
}

function innerPlace<Note>(place: Place<Note>, step: string | number): Place<Note> {
  place.inner ??= new Map();
  let inner = place.inner.get(step);
  if (inner === undefined) {
    inner = createPlace();
    place.inner.set(step, inner);
  }
  return inner;
}

function find<Note>(root: Place<Note>, path: Path): Place<Note> | undefined {
  let place: Place<Note> | undefined = root;
  for (const step of path) {
    place = place?.inner?.get(step);
    if (place === undefined) return undefined;
  }
  return place;
}

/** The same text for the same thing at the same path, and only for that. */
function askOf(change: Change): string {
  return change.op === 'remove' ? change.op : `${change.op} ${textOf(change.value)}`;
}

/** A value as text, maps by the order of their keys' names. JSON has no NaN and no infinity, which YAML has. */
function textOf(value: Json): string {
  if (isList(value)) return `[${value.map(textOf).join(',')}]`;
  if (typeof value === 'number') return String(value);
  if (!isObject(value)) return JSON.stringify(value);
  const keys = Object.keys(value).sort();
  return `{${keys.map((key) => `${JSON.stringify(key)}:${textOf(value[key] as Json)}`).join(',')}}`;
}
