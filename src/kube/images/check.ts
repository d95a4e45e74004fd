import { UsageError } from '../../core/errors.js';
import { parseReference } from './reference.js';
import { compileTags } from './tags.js';
import type { ImageEntry } from './types.js';

/** Says what is wrong with a value, in words that follow its name; `undefined` for nothing. */
type Rule = (value: unknown) => string | undefined;

/**
 * Entries as a caller gives them, by the rules of `catalogue.schema.json`.
 * @throws {UsageError} naming the entry and the key
 */
export function checkEntries(given: unknown): readonly ImageEntry[] {
  if (!Array.isArray(given)) throw new UsageError('images must be a list of entries');
  for (const [position, entry] of given.entries()) {
    const problem = findEntryProblem(entry);
    if (problem === undefined) continue;
    throw new UsageError(`${nameOf(entry, position)}${problem.isOfKey ? ': ' : ' '}${problem.text}`);
  }
  return given as readonly ImageEntry[];
}

function nameOf(entry: unknown, position: number): string {
  const image = isRecord(entry) ? entry.image : undefined;
  return typeof image === 'string' ? `images[${position}] ("${image}")` : `images[${position}]`;
}

/** What is wrong with an entry. */
interface EntryProblem {
  readonly key?: string;
  /** Whether it is the value of the key that is wrong: the text begins with its name. */
  readonly isOfKey: boolean;
  readonly text: string;
}

/** The first thing that is wrong with an entry. */
export function findEntryProblem(entry: unknown): EntryProblem | undefined {
  if (!isRecord(entry)) return { isOfKey: false, text: 'must be an object' };
  for (const key of REQUIRED) if (entry[key] === undefined) return { isOfKey: false, text: `has no "${key}"` };
  for (const [key, value] of Object.entries(entry)) {
    if (value === undefined) continue;
    const rule = Object.hasOwn(RULES, key) ? RULES[key] : undefined;
    if (rule === undefined) {
      return { key, isOfKey: false, text: `has the unknown key "${key}"; there are ${Object.keys(RULES).join(', ')}` };
    }
    const problem = rule(value);
    if (problem !== undefined) return { key, isOfKey: true, text: `"${key}" ${problem}` };
  }
  const text = findBareClaim(entry);
  return text === undefined ? undefined : { key: 'sources', isOfKey: true, text };
}

/** What is claimed to have been read, or documented, has to be named. */
function findBareClaim({ sources, confidence }: Readonly<Record<string, unknown>>): string | undefined {
  const first: unknown = Array.isArray(sources) ? sources[0] : undefined;
  if (confidence === 'known' || typeof first !== 'string' || !BARE.test(first)) return undefined;
  return `"sources" must begin with what was read, or "confidence" be known: ${JSON.stringify(first)} names nothing`;
}

/** The source of what nobody read. */
export const GENERAL_KNOWLEDGE = 'general knowledge';

const BARE = /^\s*general knowledge/i;

const REQUIRED = ['image', 'sources', 'confidence'];

const text: Rule = (value) => (typeof value === 'string' && value.trim() !== '' ? undefined : 'must be a text');

const truth: Rule = (value) => (typeof value === 'boolean' ? undefined : 'must be true or false');

/** A repository without tag and digest, or the beginning of several. */
const repository: Rule = (value) => {
  if (typeof value !== 'string') return 'must be a text';
  if (value.length > 255) return 'must have 255 characters at most';
  const name = value.endsWith('*') ? value.slice(0, -1).replace(/[/._-]+$/, '') : value;
  const parsed = parseReference(name);
  if (parsed === undefined || !name.includes('/')) return 'must be a registry and a path, with a closing * for a family';
  return parsed.tag === undefined && parsed.digest === undefined
    ? undefined
    : 'must have no tag and no digest: that is for "tags"';
};

const tags: Rule = (value) => {
  if (typeof value !== 'string') return 'must be a text';
  try {
    compileTags(value);
  } catch (error) {
    if (error instanceof UsageError) return `cannot be read: ${error.message}`;
    throw error;
  }
  return undefined;
};

function integer(min: number, max: number): Rule {
  return (value) =>
    typeof value === 'number' && Number.isInteger(value) && value >= min && value <= max
      ? undefined
      : `must be an integer from ${min} to ${max}`;
}

function oneOf(...choices: readonly (string | boolean | null)[]): Rule {
  return (value) => (choices.includes(value as string) ? undefined : `must be one of ${choices.join(', ')}`);
}

function like(pattern: RegExp, what: string): Rule {
  return (value) => (typeof value === 'string' && pattern.test(value) ? undefined : `must be ${what}`);
}

/** A list of different items that all follow the rule. */
function listOf(rule: Rule, min = 0): Rule {
  return (value) => {
    if (!Array.isArray(value) || value.length < min) return min > 0 ? 'must be a list with something in it' : 'must be a list';
    if (new Set(value).size < value.length) return 'must not say anything twice';
    for (const item of value) {
      const problem = rule(item);
      if (problem !== undefined) return `holds ${JSON.stringify(item) ?? 'nothing'}, which ${problem}`;
    }
    return undefined;
  };
}

/** An object with these keys and no others. */
function record(rules: Readonly<Record<string, Rule>>, required: readonly string[]): Rule {
  return (value) => {
    if (!isRecord(value)) return 'must be an object';
    for (const key of required) if (value[key] === undefined) return `has no "${key}"`;
    for (const [key, inner] of Object.entries(value)) {
      const rule = Object.hasOwn(rules, key) ? rules[key] : undefined;
      if (rule === undefined) return `has the unknown key "${key}"`;
      const problem = inner === undefined ? undefined : rule(inner);
      if (problem !== undefined) return `has "${key}", which ${problem}`;
    }
    return undefined;
  };
}

const ID = integer(0, 2 ** 31 - 1);
const OWN_ID = integer(1, 2 ** 31 - 1);

const NAMED_USER = record({ name: like(/^[\w.-]+$/, 'the name of a user'), uid: (id) => (id === null ? undefined : ID(id)) }, [
  'name',
  'uid',
]);

const NON_ROOT = record({ possible: truth, uid: OWN_ID, gid: ID, anyUid: truth, condition: text }, ['possible']);

const CAPABILITY = /^(?!CAP_|ALL$)[A-Z][A-Z_]+$/;
const PATH = like(/^\/(?:\S*[^\s/])?$/, 'an absolute path without a closing slash');
const HOST = ['hostNetwork', 'hostPID', 'hostIPC', 'hostPath', 'privileged'];

const RULES: Readonly<Record<string, Rule>> = {
  image: repository,
  aliases: listOf(repository),
  alike: listOf(repository),
  tags,
  user: (value) => (value === null ? undefined : typeof value === 'number' ? ID(value) : NAMED_USER(value)),
  entrypoint: text,
  nonRoot: NON_ROOT,
  capabilities: listOf(like(CAPABILITY, 'the name of a capability, in capitals and without CAP_')),
  gains: listOf(oneOf('file-capabilities', 'set-uid')),
  shell: truth,
  ports: listOf(integer(1, 65535)),
  writes: listOf(PATH),
  populated: listOf(PATH),
  writesBy: listOf(like(/^[A-Za-z_]\w*$/, 'the name of a variable')),
  api: oneOf(true, false, null),
  host: listOf(oneOf(...HOST)),
  sometimes: listOf((item) =>
    HOST.includes(item as string) || (typeof item === 'string' && CAPABILITY.test(item))
      ? undefined
      : 'must be a host access or the name of a capability',
  ),
  memory: oneOf('tiny', 'small', 'medium', 'large', 'jvm', null),
  sources: listOf(text, 1),
  confidence: oneOf('read', 'documented', 'known'),
};

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
