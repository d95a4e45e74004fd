import type { Change } from '../core/change.js';
import { isEqual, isList, isObject, type Json, type Path } from '../core/json.js';
import { isOpaque } from './opaque.js';
import type { Field, LiveObject, View } from './types.js';

/** A part of an object: its reads see the object as it stands at that moment. */
export function makeView(live: LiveObject, path: Path, subject: string): View {
  const at = (field: string | Path): Path => [...path, ...stepsOf(field)];
  return {
    path,
    subject,
    get: (field) => readField(live.value, at(field)),
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

/**
 * The field at `path`. It is opaque when the value is, or something above it; `null`, and whatever has no room for the field (a
 * string where a map is expected), is absent.
 */
function readField(root: Json, path: Path): Field {
  let value: Json | undefined = root;
  for (const step of path) {
    const inner: Json | undefined = stepInto(value, step);
    if (inner === undefined && isOpaque(value)) return makeField(path, 'opaque', undefined);
    value = inner;
    if (value === undefined) break;
  }
  if (value === undefined || value === null) return makeField(path, 'absent', undefined);
  return isOpaque(value) ? makeField(path, 'opaque', undefined) : makeField(path, 'set', value);
}

function stepInto(value: Json | undefined, step: string | number): Json | undefined {
  if (typeof step === 'number') return isList(value) ? value[step] : undefined;
  return isObject(value) && Object.hasOwn(value, step) ? value[step] : undefined;
}

function makeField(path: Path, state: Field['state'], value: Json | undefined): Field {
  return { path, state, value, is: (other) => state === 'set' && isEqual(value, other) };
}
