import type { JsonObject } from '../core/json.js';
import { parseQuantity } from './quantity.js';

/** A value of a setting. Lists come as `a,b` from a command line. */
export type SettingValue = string | number | readonly string[] | readonly number[];

/** One thing that a transform can be told. */
export interface Setting<Value extends SettingValue | undefined = SettingValue | undefined> {
  /** What it does, in one sentence. */
  readonly about: string;
  /** What it takes, in words that follow `takes`: `an integer from 1 to 2147483647`, `always or never`. */
  readonly takes: string;
  /** What it takes as JSON Schema, for the schema of the configuration. */
  readonly schema: JsonObject;
  /** What holds where nobody says anything; `undefined` for nothing. */
  readonly default: Value;
  /** The value that is meant, typed in or given by a caller; `undefined` where it is none that the setting takes. */
  read(given: unknown): SettingValue | undefined;
}

export type Settings = Readonly<Record<string, Setting>>;

/** What the settings of one transform are set to; those that are not there have their default. */
export type SettingValues = Readonly<Record<string, SettingValue>>;

/** What `check` is handed: every setting, with its default where nothing else was said. */
export type ValuesOf<Declared extends Settings> = { readonly [Key in keyof Declared]: Declared[Key]['default'] };

/** From one number to another, both included. */
interface Bounds {
  readonly min: number;
  readonly max: number;
}

/** An integer without a default. */
export function integer(about: string, bounds: Bounds): Setting<number | undefined> {
  return {
    about,
    takes: `an integer from ${bounds.min} to ${bounds.max}`,
    schema: integerSchema(bounds),
    default: undefined,
    read: (given) => readInteger(given, bounds),
  };
}

/** A list of integers, without a default: `undefined` means that nobody said anything, an empty list that none is meant. */
export function integers(about: string, bounds: Bounds): Setting<readonly number[] | undefined> {
  return {
    about,
    takes: `integers from ${bounds.min} to ${bounds.max}, separated by commas`,
    schema: { type: 'array', items: integerSchema(bounds) },
    default: undefined,
    read(given) {
      const items: unknown = typeof given === 'string' ? splitList(given) : typeof given === 'number' ? [given] : given;
      if (!Array.isArray(items)) return undefined;
      const read = items.map((item: unknown) => readInteger(item, bounds));
      return read.every((item) => item !== undefined) ? [...new Set(read)] : undefined;
    },
  };
}

function integerSchema({ min, max }: Bounds): JsonObject {
  return { type: 'integer', minimum: min, maximum: max };
}

function readInteger(given: unknown, { min, max }: Bounds): number | undefined {
  const value = typeof given === 'string' && /^\d{1,15}$/.test(given) ? Number(given) : given;
  return typeof value === 'number' && Number.isInteger(value) && value >= min && value <= max ? value : undefined;
}

/** One of several words, the first of which is the default. */
export function choice<const Word extends string>(about: string, words: readonly [Word, ...Word[]]): Setting<Word> {
  return {
    about,
    takes: words.length < 2 ? words.join('') : `${words.slice(0, -1).join(', ')} or ${words.at(-1)}`,
    schema: { enum: words },
    default: words[0],
    read: (given) => words.find((word) => word === given),
  };
}

/** A quantity of Kubernetes, above 0: `100m`, `128Mi`. */
export function quantity(about: string, byDefault: string): Setting<string> {
  return { ...amount(about), default: byDefault };
}

/** The same without a default. */
export function amount(about: string): Setting<string | undefined> {
  return {
    about,
    takes: 'a quantity above 0, such as 100m or 128Mi',
    schema: { type: ['string', 'number'], pattern: '^\\+?[0-9.]+([eE][-+]?[0-9]+|[numkMGTPE]|[KMGTPE]i)?$', exclusiveMinimum: 0 },
    default: undefined,
    read(given) {
      const text = typeof given === 'number' ? String(given) : given;
      return typeof text === 'string' && text.length <= 32 && (parseQuantity(text) ?? 0) > 0 ? text : undefined;
    },
  };
}

/** The version of the Pod Security Standards that a label names: Kubernetes takes no other form. */
export function policyVersion(about: string): Setting<string> {
  return {
    about,
    takes: 'latest or a version such as v1.31',
    schema: { type: 'string', pattern: '^(latest|v1\\.(0|[1-9][0-9]{0,2}))$' },
    default: 'latest',
    read: (given) => (typeof given === 'string' && /^(?:latest|v1\.(?:0|[1-9]\d{0,2}))$/.test(given) ? given : undefined),
  };
}

/** A name as objects of Kubernetes have it: a DNS subdomain. */
export function objectName(about: string): Setting<string | undefined>;
export function objectName(about: string, byDefault: string): Setting<string>;
export function objectName(about: string, byDefault?: string): Setting<string | undefined> {
  const pattern = '^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$';
  const expression = new RegExp(pattern);
  return {
    about,
    takes: 'a name in lower case, such as my-name',
    schema: { type: 'string', maxLength: LONGEST_NAME, pattern },
    default: byDefault,
    read: (given) => (typeof given === 'string' && given.length <= LONGEST_NAME && expression.test(given) ? given : undefined),
  };
}

/** Characters of a DNS subdomain. */
const LONGEST_NAME = 253;

/**
 * A list of names, without a default: `undefined` means that nobody said anything, an empty list that none is meant.
 * @param spell how a name is spelled; `undefined` where it is none
 */
export function names(
  about: string,
  what: string,
  spell: (name: string) => string | undefined,
): Setting<readonly string[] | undefined> {
  return {
    about,
    takes: `${what}, separated by commas`,
    schema: { type: 'array', items: { type: 'string' } },
    default: undefined,
    read(given) {
      const items: unknown = typeof given === 'string' ? splitList(given) : given;
      if (!Array.isArray(items)) return undefined;
      const spelled = items.map((item: unknown) => (typeof item === 'string' ? spell(item.trim()) : undefined));
      return spelled.every((item) => item !== undefined) ? [...new Set(spelled)] : undefined;
    },
  };
}

/** The items of `a, b`. */
function splitList(text: string): readonly string[] {
  const items = text.split(',').map((item) => item.trim());
  return items.filter((item) => item !== '');
}

/** All settings with the values that were given, the rest with their defaults. */
export function withDefaults(declared: Settings, given: SettingValues): Readonly<Record<string, SettingValue | undefined>> {
  return Object.fromEntries(Object.entries(declared).map(([key, setting]) => [key, given[key] ?? setting.default]));
}
