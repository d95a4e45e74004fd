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
  const at = new Map<string, Place<Note>>();
  /** By each place above it, the first entry that lies beneath. */
  const beneath = new Map<string, Entry<Note>>();
  const same = (change: Change) => at.get(keyOf(change.path))?.byAsk.get(askOf(change));
  return {
    entries,
    same,
    clash(change) {
      const place = at.get(keyOf(change.path));
      if (place?.byAsk.has(askOf(change))) return undefined;
      const here = change.op === 'append' ? place?.firstOther : place?.first;
      if (here) return here;
      // What is appended to lies beside what is there already, above and below.
      const below = change.op === 'append' ? undefined : beneath.get(keyOf(change.path));
      return below ?? entryAbove(at, change.path);
    },
    add(change, note) {
      const entry = { change, note };
      entries.push(entry);
      const key = keyOf(change.path);
      const place = at.get(key) ?? { first: entry, firstOther: undefined, byAsk: new Map() };
      at.set(key, place);
      if (change.op !== 'append') place.firstOther ??= entry;
      const ask = askOf(change);
      if (!place.byAsk.has(ask)) place.byAsk.set(ask, entry);
      for (const above of keysAbove(change.path)) if (!beneath.has(above)) beneath.set(above, entry);
      return entry;
    },
  };
}

/** The entries at one path. */
interface Place<Note> {
  readonly first: Entry<Note>;
  /** The first that is no `append`. */
  firstOther: Entry<Note> | undefined;
  /** By what they ask for, the first that does. */
  readonly byAsk: Map<string, Entry<Note>>;
}

function entryAbove<Note>(at: ReadonlyMap<string, Place<Note>>, path: Path): Entry<Note> | undefined {
  for (const key of keysAbove(path)) {
    const found = at.get(key)?.firstOther;
    if (found) return found;
  }
  return undefined;
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

/** Numbers and the texts of numbers are different steps. */
function keyOf(path: Path): string {
  return path.map((step) => (typeof step === 'number' ? `#${step}` : `.${step}`)).join('\0');
}

function keysAbove(path: Path): string[] {
  return path.map((_, length) => keyOf(path.slice(0, length)));
}
