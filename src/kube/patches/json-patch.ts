import { isList, isObject, type Json } from '../../core/json.js';

/** Whether a value is a JSON 6902 patch: a list of operations. */
export function isOperations(value: Json): value is readonly Json[] {
  return isList(value) && value.length > 0 && value.every((item) => isObject(item) && typeof item.op === 'string');
}

/** The steps of a JSON pointer, as they are written. */
export function readPointer(pointer: string): readonly string[] {
  return pointer
    .split('/')
    .slice(1)
    .map((step) => step.replaceAll('~1', '/').replaceAll('~0', '~'));
}

/** A value with the operations `add`, `replace` and `remove` applied; one that finds no place, or of another sort, is passed over. */
export function applyJsonPatch(value: Json, operations: readonly Json[]): Json {
  let result = value;
  for (const operation of operations) {
    if (!isObject(operation) || typeof operation.path !== 'string') continue;
    const { op, path, value: written } = operation;
    if (op === 'remove') result = applyAt(result, readPointer(path), op, null) ?? result;
    else if ((op === 'add' || op === 'replace') && written !== undefined)
      result = applyAt(result, readPointer(path), op, written) ?? result;
  }
  return result;
}

type Operation = 'add' | 'replace' | 'remove';

/** `undefined` where there is no such place. */
function applyAt(value: Json, [step, ...rest]: readonly string[], op: Operation, written: Json): Json | undefined {
  if (step === undefined) return op === 'remove' ? undefined : written;
  if (isList(value)) return applyInList(value, step, rest, op, written);
  if (!isObject(value)) return undefined;
  const entries = new Map<string, Json>(Object.entries(value));
  const inner = entries.get(step);
  if (rest.length > 0) {
    const changed = inner === undefined ? undefined : applyAt(inner, rest, op, written);
    if (changed === undefined) return undefined;
    entries.set(step, changed);
  } else if (op === 'remove') entries.delete(step);
  else entries.set(step, written);
  return Object.fromEntries(entries);
}

function applyInList(
  list: readonly Json[],
  step: string,
  rest: readonly string[],
  op: Operation,
  written: Json,
): Json | undefined {
  const at = step === '-' ? list.length : Number(step);
  if (!Number.isInteger(at) || at < 0 || at > list.length) return undefined;
  if (rest.length > 0) {
    const inner = list[at];
    const changed = inner === undefined ? undefined : applyAt(inner, rest, op, written);
    return changed === undefined ? undefined : list.with(at, changed);
  }
  if (op === 'add') return list.toSpliced(at, 0, written);
  if (at === list.length) return undefined;
  return op === 'remove' ? list.toSpliced(at, 1) : list.with(at, written);
}
