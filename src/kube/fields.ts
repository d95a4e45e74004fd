import type { Change } from '../core/change.js';
import { childOf, isEqual, type Json, type Path } from '../core/json.js';
import type { PlacedPod } from './kinds/places.js';
import { isOpaque } from './opaque.js';
import type { Field, LiveObject, View } from './types.js';

/**
 * A part of an object: its reads see the object as it stands at that moment.
 * @param placed what is read, and where it is in the object, where that is not simply what stands at `path`
 */
export function makeView(live: LiveObject, path: Path, subject: string, placed?: () => PlacedPod): View {
  const at = (field: string | Path): Path => (placed ? placed().place(stepsOf(field)) : [...path, ...stepsOf(field)]);
  let root: Json | undefined;
  let part: Reading = ABSENT;
  const readPart = (): Reading => {
    // Nothing changes within a value that was seen.
    if (root !== live.value) {
      root = live.value;
      part = readAt({ value: root, isOpaque: false }, path);
    }
    return part;
  };
  return {
    path,
    subject,
    at,
    get(field) {
      const steps = stepsOf(field);
      if (placed) {
        const { spec, place } = placed();
        return new ReadField([], place(steps), readAt({ value: spec, isOpaque: false }, steps));
      }
      return new ReadField(path, steps, readAt(readPart(), steps));
    },
    set: (field, value): Change => ({ op: 'set', path: at(field), value }),
    remove: (field): Change => ({ op: 'remove', path: at(field) }),
    append: (field, value): Change => ({ op: 'append', path: at(field), value }),
  };
}

const steps = new Map<string, Path>();

/** `securityContext.runAsUser` in steps. The texts are those of the transforms, so there are few of them. */
function stepsOf(field: string | Path): Path {
  if (typeof field !== 'string') return field;
  let path = steps.get(field);
  if (path === undefined) {
    path = field.split('.');
    steps.set(field, path);
  }
  return path;
}

/** What stands somewhere, before it is said how that counts. */
interface Reading {
  readonly value: Json | undefined;
  /** Whether there is no value since something above it is opaque. */
  readonly isOpaque: boolean;
}

const ABSENT: Reading = { value: undefined, isOpaque: false };
const OPAQUE: Reading = { value: undefined, isOpaque: true };

/** What stands beneath; whatever has no room for it (a string where a map is expected) has nothing. */
function readAt(from: Reading, path: Path): Reading {
  let { value } = from;
  if (value === undefined) return from;
  for (const step of path) {
    const inner = childOf(value, step);
    if (inner === undefined) return isOpaque(value) ? OPAQUE : ABSENT;
    value = inner;
  }
  return { value, isOpaque: false };
}

/** A class, since every question makes one: a field is opaque when its value is, or something above it; `null` is absent. */
class ReadField implements Field {
  readonly state: Field['state'];
  readonly value: Json | undefined;
  constructor(
    private readonly base: Path,
    private readonly steps: Path,
    { value, isOpaque: isHidden }: Reading,
  ) {
    const isAbsent = value === undefined || value === null;
    this.state = isHidden || (!isAbsent && isOpaque(value)) ? 'opaque' : isAbsent ? 'absent' : 'set';
    this.value = this.state === 'set' ? value : undefined;
  }
  get path(): Path {
    return [...this.base, ...this.steps];
  }
  is(other: Json): boolean {
    return this.state === 'set' && isEqual(this.value, other);
  }
}
