import { isAtOrBeneath, isEqual, type Json, type Path } from './json.js';

/**
 * What shall be different, said without reference to text.
 *
 * - `set` creates a value or replaces it; parents that are missing, `null` or empty are made as needed;
 * - `remove` takes away one key or one list item; a block that is left empty becomes `{}` or `[]`;
 * - `append` adds one item to a list, which is made as needed.
 */
export type Change =
  | { readonly op: 'set'; readonly path: Path; readonly value: Json }
  | { readonly op: 'remove'; readonly path: Path }
  | { readonly op: 'append'; readonly path: Path; readonly value: Json };

/** Whether two changes ask for the same thing. */
export function isSameChange(a: Change, b: Change): boolean {
  if (a.op !== b.op || !isEqual(a.path, b.path)) return false;
  return a.op === 'remove' || b.op === 'remove' || isEqual(a.value, b.value);
}

/** Whether two different changes cannot both be made: one lies at, above or below the other. Appends to one list go together. */
export function conflicts(a: Change, b: Change): boolean {
  if (!isAtOrBeneath(a.path, b.path) && !isAtOrBeneath(b.path, a.path)) return false;
  if (isSameChange(a, b)) return false;
  if (a.op === 'append' && b.op === 'append' && a.path.length === b.path.length) return false;
  // An item that is already there may change or go while another one is added behind it.
  if (a.op === 'append' && b.path.length > a.path.length) return false;
  if (b.op === 'append' && a.path.length > b.path.length) return false;
  return true;
}
