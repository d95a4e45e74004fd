import { type Change, isSameChange } from './change.js';
import type { Path } from './json.js';

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
  const at = new Map<string, Entry<Note>[]>();
  /** By each place above it, the first entry that lies beneath. */
  const beneath = new Map<string, Entry<Note>>();
  const same = (change: Change) => at.get(keyOf(change.path))?.find((entry) => isSameChange(entry.change, change));
  return {
    entries,
    same,
    clash(change) {
      if (same(change)) return undefined;
      const here = at.get(keyOf(change.path))?.find((entry) => !(entry.change.op === 'append' && change.op === 'append'));
      if (here) return here;
      // What is appended to lies beside what is there already, above and below.
      const below = change.op === 'append' ? undefined : beneath.get(keyOf(change.path));
      return below ?? entryAbove(at, change.path);
    },
    add(change, note) {
      const entry = { change, note };
      entries.push(entry);
      const key = keyOf(change.path);
      at.set(key, [...(at.get(key) ?? []), entry]);
      for (const above of keysAbove(change.path)) if (!beneath.has(above)) beneath.set(above, entry);
      return entry;
    },
  };
}

function entryAbove<Note>(at: ReadonlyMap<string, readonly Entry<Note>[]>, path: Path): Entry<Note> | undefined {
  for (const key of keysAbove(path)) {
    const found = at.get(key)?.find((entry) => entry.change.op !== 'append');
    if (found) return found;
  }
  return undefined;
}

/** Numbers and the texts of numbers are different steps. */
function keyOf(path: Path): string {
  return path.map((step) => (typeof step === 'number' ? `#${step}` : `.${step}`)).join('\0');
}

function keysAbove(path: Path): string[] {
  return path.map((_, length) => keyOf(path.slice(0, length)));
}
