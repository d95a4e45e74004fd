import type { Json } from '../core/json.js';

const NAMED: ReadonlyMap<string, Json> = new Map<string, Json>([
  ...['y', 'Y', 'yes', 'Yes', 'YES', 'true', 'True', 'TRUE', 'on', 'On', 'ON'].map((word) => [word, true] as const),
  ...['n', 'N', 'no', 'No', 'NO', 'false', 'False', 'FALSE', 'off', 'Off', 'OFF'].map((word) => [word, false] as const),
  ...['', '~', 'null', 'Null', 'NULL'].map((word) => [word, null] as const),
  ...['.nan', '.NaN', '.NAN'].map((word) => [word, Number.NaN] as const),
  ...['.inf', '.Inf', '.INF', '+.inf', '+.Inf', '+.INF'].map((word) => [word, Number.POSITIVE_INFINITY] as const),
  ...['-.inf', '-.Inf', '-.INF'].map((word) => [word, Number.NEGATIVE_INFINITY] as const),
]);

const MAY_BE_SPECIAL = /^[yYnNtTfFoO~+\-.0-9]|^$/;
const FLOAT = /^[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?$/;
/** Go allows a `_` between digits here, and nowhere else. */
const FLOAT_FROM_POINT = /^\.[0-9]+(_[0-9]+)*([eE][-+]?[0-9]+(_[0-9]+)*)?$/;
const DECIMAL = /^[-+]?(0|[1-9][0-9]*)$/;
const BASED = /^([-+]?)(0[xX][0-9a-fA-F]+|0[bB][01]+|0[oO]?[0-7]+)$/;
/** Read by hand in Go when nothing else fits, with the sign where the digits are. */
const SIGNED_BINARY = /^0b([-+][01]+)$/;

/**
 * A plain scalar as Kubernetes reads it: YAML 1.1 booleans, `0644` as octal, `1_000` as a number, no base 60, no dates.
 *
 * Source: `resolve` of go.yaml.in/yaml/v2, which sigs.k8s.io/yaml uses.
 */
export function resolvePlain(text: string): Json {
  if (!MAY_BE_SPECIAL.test(text)) return text;
  const named = NAMED.get(text);
  if (named !== undefined) return named;
  const first = text.charCodeAt(0);
  if (first === 0x2e) return FLOAT_FROM_POINT.test(text) ? readFloat(text.replaceAll('_', ''), text) : text;
  if (!(first === 0x2b || first === 0x2d || (first >= 0x30 && first <= 0x39))) return text;
  const digits = text.includes('_') ? text.replaceAll('_', '') : text;
  if (DECIMAL.test(digits)) return readFloat(digits, text);
  return readBased(digits) ?? (FLOAT.test(digits) ? readFloat(digits, text) : text);
}

/** What is too large for a float is a string. */
function readFloat(digits: string, text: string): number | string {
  const value = Number(digits);
  return Number.isFinite(value) ? value : text;
}

/** An integer with a prefix; `undefined` for none, and for one that 64 bits cannot hold. */
function readBased(digits: string): number | undefined {
  const signedBinary = SIGNED_BINARY.exec(digits);
  if (signedBinary) return Number.parseInt(signedBinary[1] as string, 2);
  const based = BASED.exec(digits);
  if (!based) return undefined;
  const body = (based[2] as string).replace(/^0[oO]?(?=[0-7])/, '0o');
  const size = Number(body);
  // Beyond 2 ** 53 a number is no longer exact enough to be held against a limit.
  if (size <= Number.MAX_SAFE_INTEGER) return based[1] === '-' ? -size : size;
  const exact = BigInt(body);
  if (based[1] === '-') return exact <= 2n ** 63n ? -size : undefined;
  return exact < (based[1] === '+' ? 2n ** 63n : 2n ** 64n) ? size : undefined;
}

const TAG_PREFIX = 'tag:yaml.org,2002:';

/** A scalar with an explicit tag, written short (`!!int`), long (`tag:…`) or verbatim (`!<tag:…>`). An unknown tag makes a string, as in Kubernetes. */
export function resolveTagged(tag: string, text: string): Json {
  const long = tag.startsWith('!<') ? tag.slice(2, -1) : tag;
  const name = long.startsWith(TAG_PREFIX) ? `!!${long.slice(TAG_PREFIX.length)}` : tag;
  if (name === '!!int' || name === '!!float' || name === '!!bool' || name === '!!null') return resolvePlain(text);
  return text;
}

export type Quote = 'plain' | 'single' | 'double';

const PLAIN_WORD = /^(?:\.{1,2}\/)?[A-Za-z_/][A-Za-z0-9_/.-]*$/;
/** The `yaml` package takes these for numbers in its YAML 1.1 mode. */
const EXPONENT = /^[eE][0-9]+$/;
const PLAIN_QUANTITY = /^[0-9]+(\.[0-9]+)?(m|k|M|G|T|Ki|Mi|Gi|Ti)$/;
/** A flag of a command line. */
const PLAIN_FLAG = /^--[A-Za-z][A-Za-z0-9-]*(?:=[A-Za-z0-9_/.-]*)?$/;
/** Words with commas between them, alone or as the value of a flag. A comma ends a word in flow style only. */
const PLAIN_LIST = /^(?:--[A-Za-z][A-Za-z0-9-]*=)?[A-Za-z_/][A-Za-z0-9_/.-]*(?:,[A-Za-z_/][A-Za-z0-9_/.-]*)+$/;
/** An image with its digest: a bare word to every reader, whatever is before it, and in flow style, too. */
const PINNED_IMAGE = /^[A-Za-z0-9][A-Za-z0-9_/.-]*(?::[A-Za-z0-9_][A-Za-z0-9_/.-]*)*@sha256:[0-9a-f]{64}$/;
// What readers call unprintable, or a line break that JSON does not escape.
const UNPRINTABLE = /[\u007f-\u009f\u2028\u2029\ufeff\ufffe\uffff]/g;

/** Whether YAML 1.1 and 1.2 both read the bare word as this string, in block and in flow style. */
export function isPlainSafe(text: string): boolean {
  if (PLAIN_QUANTITY.test(text) || PLAIN_FLAG.test(text)) return true;
  return PLAIN_WORD.test(text) && !EXPONENT.test(text) && resolvePlain(text) === text;
}

/**
 * A string as YAML, such that YAML 1.1 and 1.2 read it alike. `quote` is what the file prefers where there is a choice.
 * @param isInBlock whether it stands behind a key or a dash, and in no brackets
 */
export function writeString(text: string, quote: Quote, isInBlock = false): string {
  if (quote === 'plain' && (isPlainSafe(text) || PINNED_IMAGE.test(text) || (isInBlock && PLAIN_LIST.test(text)))) return text;
  if (quote === 'single' && /^[\x20-\x7e]*$/.test(text)) return `'${text.replaceAll("'", "''")}'`;
  return writeDouble(text);
}

/** A string in double quotes, as JSON and YAML read it alike. */
export function writeDouble(text: string): string {
  return JSON.stringify(text).replace(UNPRINTABLE, (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`);
}

/** A number, a boolean or nothing, as both YAML and JSON write it. */
export function writeAtom(value: number | boolean | null): string {
  return String(value);
}
