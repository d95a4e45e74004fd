import { type Change, conflicts, isSameChange } from '../../src/core/change.js';
import { isList, isObject, type Json, type JsonObject, type Path, valueAt } from '../../src/core/json.js';
import type { Tape } from './tape.js';

const VALUES: readonly Json[] = [
  true,
  'x',
  5,
  ['ALL'],
  { a: 1, b: { c: [1, 2] } },
  'multi\nline',
  'yes',
  '0644',
  null,
  [{ name: 'n', v: [1] }, { name: 'm' }],
  {},
  [],
  'a: b',
  "it's",
  '64Mi',
  ['a', 'b, c', '#d'],
  { drop: ['ALL'] },
  [[1], []],
  { type: 'RuntimeDefault' },
  '',
];

/** Changes that do not conflict. Where text is shared, all who share it ask for the same most of the time. */
export function generateChanges(tape: Tape, value: Json): Change[] {
  const changes: Change[] = [];
  const count = 1 + (tape.chance(55) ? tape.below(6) : 0);
  for (let at = 0; at < count; at++) {
    const change = generateChange(tape, value, []);
    if (!change || change.path.length === 0 || isLastKey(value, change)) continue;
    const together = tape.chance(90) ? everywhere(value, change) : [change];
    if (together.every((one) => !changes.some((other) => conflicts(one, other) || isSameChange(one, other))))
      changes.push(...together);
  }
  return changes;
}

/** An object that loses all its keys has no place in its file: always held, and nothing to learn from. */
function isLastKey(root: Json, { op, path }: Change): boolean {
  return op === 'remove' && path.length === 1 && Object.keys(root as JsonObject).length === 1;
}

function generateChange(tape: Tape, value: Json, path: Path): Change | undefined {
  if (isObject(value)) {
    const keys = Object.keys(value);
    if (keys.length > 0 && !tape.chance(25)) {
      const key = tape.pick(keys);
      return generateChange(tape, value[key] as Json, [...path, key]);
    }
    const deeper = tape.chance(30) ? ['deep', 'er'] : [];
    if (path.length > 0 && tape.chance(20)) return setOrRemove(tape, path);
    return { op: 'set', path: [...path, `zz${tape.below(5)}`, ...deeper], value: tape.pick(VALUES) };
  }
  if (isList(value)) {
    if (value.length > 0 && !tape.chance(30)) {
      const at = tape.below(value.length);
      return generateChange(tape, value[at] as Json, [...path, at]);
    }
    if (tape.chance(20)) return setOrRemove(tape, path);
    return { op: 'append', path, value: tape.pick(VALUES) };
  }
  return setOrRemove(tape, path);
}

function setOrRemove(tape: Tape, path: Path): Change {
  if (tape.chance(40)) return { op: 'remove', path };
  return { op: 'set', path, value: tape.pick(VALUES) };
}

/** The same change at every place that holds the same text as the one it is made in. */
function everywhere(root: Json, change: Change): Change[] {
  const { path } = change;
  const last = change.op === 'append' ? path.length : path.length - 1;
  let places: Path[] = [[]];
  let value: Json | undefined = root;
  let depth = 0;
  for (; depth < last && (isObject(value) || isList(value)); depth++) {
    const step = path[depth] as string | number;
    value = valueAt(value, [step]);
    places = places.map((place) => [...place, step]);
    if (isObject(value) || isList(value)) places = unique([...places, ...placesOf(root, value)]);
  }
  return places.map((place) => ({ ...change, path: [...place, ...path.slice(depth)] }));
}

function unique(paths: readonly Path[]): Path[] {
  return [...new Map(paths.map((path) => [JSON.stringify(path), path])).values()];
}

function placesOf(root: Json, wanted: Json, path: Path = []): Path[] {
  if (root === wanted && path.length > 0) return [path];
  if (isList(root)) return root.flatMap((item, at) => placesOf(item, wanted, [...path, at]));
  if (!isObject(root)) return [];
  return Object.keys(root).flatMap((key) => placesOf(root[key] as Json, wanted, [...path, key]));
}
