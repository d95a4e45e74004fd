/** A JSON value: what a manifest holds once anchors, merges and tags are resolved. */
export type Json = null | boolean | number | string | readonly Json[] | JsonObject;
export interface JsonObject {
  readonly [key: string]: Json;
}

/**
 * A place in the *resolved* value (aliases expanded, merges applied), from the root of the object.
 *
 * A string is the key of a map. A number is an item of a list by its position in the text **as it was read**: it goes on meaning
 * that item whatever is removed or appended, so it is an identity and no live index.
 */
export type Path = readonly (string | number)[];

/** Whether `value` is a map, as opposed to a list, a scalar or nothing. */
export function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Whether `value` is a list. (`Array.isArray` does not narrow readonly arrays.) */
export function isList(value: unknown): value is readonly Json[] {
  return Array.isArray(value);
}

/** Whether two values are the same, maps regardless of the order of their keys. NaN equals NaN. */
export function isEqual(a: unknown, b: unknown): boolean {
  if (Object.is(a, b) || a === b) return true;
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return false;
  if (Array.isArray(a)) {
    return Array.isArray(b) && a.length === b.length && a.every((item, index) => isEqual(item, b[index]));
  }
  if (Array.isArray(b)) return false;
  const left = a as Record<string, unknown>;
  const right = b as Record<string, unknown>;
  const keys = Object.keys(left);
  if (keys.length !== Object.keys(right).length) return false;
  for (const key of keys) if (!Object.hasOwn(right, key) || !isEqual(left[key], right[key])) return false;
  return true;
}

/** The value at `path`, or `undefined` where there is none. */
export function valueAt(root: Json | undefined, path: Path): Json | undefined {
  let value = root;
  for (const step of path) {
    value = childOf(value, step);
    if (value === undefined) return undefined;
  }
  return value;
}

/** What a map has at a key, or a list at a position; `undefined` where there is none. */
export function childOf(value: Json | undefined, step: string | number): Json | undefined {
  if (typeof step === 'number') return isList(value) ? value[step] : undefined;
  return isObject(value) && Object.hasOwn(value, step) ? value[step] : undefined;
}

/** Sets a key that may be called `__proto__`. */
export function put(target: Record<string, Json>, key: string, value: Json): void {
  if (key === '__proto__') Object.defineProperty(target, key, { value, enumerable: true, configurable: true, writable: true });
  else target[key] = value;
}

/** A copy that shares no text: what is cut out of a file's text would keep all of it in memory. */
export function detach<Value extends Json>(value: Value): Value {
  return JSON.parse(JSON.stringify(value)) as Value;
}

/** Whether `path` is `ancestor` itself or lies beneath it. */
export function isAtOrBeneath(path: Path, ancestor: Path): boolean {
  return path.length >= ancestor.length && ancestor.every((step, index) => step === path[index]);
}

/** A path as people write it: `spec.containers[0].image`; keys that need it are quoted. */
export function formatPath(path: Path): string {
  let text = '';
  for (const step of path) {
    if (typeof step === 'number') text += `[${step}]`;
    else if (/^[A-Za-z_][\w-]*$/.test(step)) text += text === '' ? step : `.${step}`;
    else text += `[${JSON.stringify(step)}]`;
  }
  return text === '' ? '(root)' : text;
}
