import type { Json } from '../core/json.js';

/** What a suffix multiplies by: a power of ten or of two. */
type Scale = { readonly base: 10 | 2; readonly exponent: number };

const SUFFIXES: ReadonlyMap<string, Scale> = new Map([
  ['', { base: 10, exponent: 0 }],
  ['n', { base: 10, exponent: -9 }],
  ['u', { base: 10, exponent: -6 }],
  ['m', { base: 10, exponent: -3 }],
  ['k', { base: 10, exponent: 3 }],
  ['M', { base: 10, exponent: 6 }],
  ['G', { base: 10, exponent: 9 }],
  ['T', { base: 10, exponent: 12 }],
  ['P', { base: 10, exponent: 15 }],
  ['E', { base: 10, exponent: 18 }],
  ['Ki', { base: 2, exponent: 10 }],
  ['Mi', { base: 2, exponent: 20 }],
  ['Gi', { base: 2, exponent: 30 }],
  ['Ti', { base: 2, exponent: 40 }],
  ['Pi', { base: 2, exponent: 50 }],
  ['Ei', { base: 2, exponent: 60 }],
]);

/**
 * Sign, digits before and after the point, suffix. Digits may be missing altogether: Kubernetes reads `m` and `.` as 0. A suffix starts
 * with a letter, so that no digit can be read in two ways, which would take quadratic time.
 */
const QUANTITY = /^([+-]?)([0-9]*)(?:\.([0-9]*))?((?:[eEinumkKMGTP]+[+-]?[0-9]*)?)$/;
const EXPONENT = /^[eE]([+-]?[0-9]+)$/;

/** `resource.Quantity` counts in billionths, and caps binary amounts at the largest int64. */
const NANO_DIGITS = 9;
const MAX_BINARY = 2 ** 63;

/**
 * A quantity in base units (cores, bytes, pieces), as `k8s.io/apimachinery/pkg/api/resource` reads it from JSON; `undefined`
 * where the API server would refuse it.
 *
 * Blanks around a string are dropped, more than nine decimals are rounded away from zero, and `null` is 0, since an explicit `null` in
 * `limits` or `requests` counts as a quantity of nothing. The number is the double nearest to the exact value: two ways to write
 * one amount (`0.1`, `100m`) give the same number.
 */
export function parseQuantity(value: Json): number | undefined {
  if (value === null) return 0;
  if (typeof value !== 'string' && typeof value !== 'number') return undefined;
  const text = trimBlanks(String(value));
  const match = text === '' ? null : QUANTITY.exec(text);
  if (match === null) return undefined;
  const [, sign = '', whole = '', fraction = '', suffix = ''] = match;
  const scale = parseSuffix(suffix);
  if (scale === undefined) return undefined;
  const amount = magnitude(whole || '0', fraction, scale);
  return sign === '-' && amount !== 0 ? -amount : amount;
}

/**
 * Less than, equal to or greater than 0 as `a` is less than, equal to or greater than `b`; `undefined` where one of them is no
 * quantity.
 */
export function compareQuantities(a: Json, b: Json): number | undefined {
  const left = parseQuantity(a);
  const right = parseQuantity(b);
  if (left === undefined || right === undefined) return undefined;
  return left === right ? 0 : left < right ? -1 : 1;
}

function parseSuffix(suffix: string): Scale | undefined {
  const scale = SUFFIXES.get(suffix);
  if (scale !== undefined) return scale;
  const exponent = EXPONENT.exec(suffix)?.[1];
  // Kubernetes reads it into 64 bits.
  return exponent === undefined || Math.abs(Number(exponent)) >= 2 ** 63 ? undefined : { base: 10, exponent: Number(exponent) };
}

function magnitude(whole: string, fraction: string, { base, exponent }: Scale): number {
  // Parsed as one decimal literal, the result is rounded once; a product of two rounded numbers might not equal its twin.
  // Multiplying by a power of two does not round.
  const decimals = fraction.length - (base === 10 ? exponent : 0);
  const at = (power: number) => Number(`${whole}.${fraction || '0'}e${base === 10 ? exponent + power : power}`);
  const factor = base === 2 ? 2 ** exponent : 1;
  const amount = decimals > NANO_DIGITS ? Math.ceil(at(NANO_DIGITS) * factor) / 10 ** NANO_DIGITS : at(0) * factor;
  return base === 2 ? Math.min(amount, MAX_BINARY) : amount;
}

/** Kubernetes trims the JSON text, in which tabs and line breaks are escapes; so only spaces are blank. */
function trimBlanks(text: string): string {
  let start = 0;
  let end = text.length;
  while (start < end && text[start] === ' ') start++;
  while (end > start && text[end - 1] === ' ') end--;
  return text.slice(start, end);
}
