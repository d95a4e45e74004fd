import { UsageError } from '../../core/errors.js';
import { createKinds, knownKinds, makeKind, type NamedKind } from './table.js';
import type { Kinds, PodKind } from './types.js';

/** A kind of someone's own that makes pods. */
export interface CustomKind {
  /** `example.com`, of `apiVersion: example.com/v1`. */
  readonly group: string;
  readonly kind: string;
  /**
   * From the object's root to what holds the `metadata` and the `spec` of its pods: `spec.template`. A `*` stands for every item of a
   * list, or every value of a map: `spec.tasks.*.template`.
   */
  readonly podTemplate: string;
  /** Whether it cannot be changed in place once it is created. */
  readonly immutable?: boolean;
  /** Whether its pods take no security context of the pod, so that all is written on containers. */
  readonly containerLevelOnly?: boolean;
}

/**
 * The kinds of a run: those that kubemend knows, and those of a caller, which win.
 * @throws {UsageError} naming the entry and the key
 */
export function readKinds(given: unknown): Kinds {
  if (!Array.isArray(given)) throw new UsageError('kinds must be a list of entries');
  const own: NamedKind[] = [];
  for (const [position, entry] of given.entries()) {
    const problem = findKindProblem(entry);
    if (problem !== undefined) throw new UsageError(`kinds[${position}]${problem}`);
    const kind = entry as CustomKind;
    const same = own.findIndex(({ group, name }) => group === kind.group && name === kind.kind);
    if (same >= 0) throw new UsageError(`kinds[${position}] is the same kind as kinds[${same}]; name each once`);
    own.push({ group: kind.group, name: kind.kind, kind: makeKind([kind.podTemplate], podsOf(kind)) });
  }
  return createKinds(own);
}

function podsOf({ kind, immutable = false, containerLevelOnly = false }: CustomKind): Partial<PodKind> {
  return {
    immutable,
    ...(containerLevelOnly && { containerLevelOnly: `${kind} takes no security context of the pod, by your configuration` }),
  };
}

/** Says what is wrong with a value, in words that follow its name; `undefined` for nothing. */
type Rule = (value: unknown) => string | undefined;

const truth: Rule = (value) => (typeof value === 'boolean' ? undefined : 'must be true or false');

const group: Rule = (value) =>
  isText(value, /^[a-z0-9](?:[a-z0-9.-]{0,251}[a-z0-9])?$/)
    ? undefined
    : 'must be what stands before the slash of its apiVersion, such as "example.com"';

const kind: Rule = (value) =>
  isText(value, /^[A-Za-z][A-Za-z0-9-]{0,62}$/) ? undefined : 'must be the name of a kind, such as "Machine"';

const podTemplate: Rule = (value) => {
  if (!isText(value, /^[A-Za-z][\w-]*(?:\.(?:[A-Za-z][\w-]*|\*))*$/)) {
    return 'must be a path such as "spec.template", with * for every item of a list: "spec.tasks.*.template"';
  }
  return /(?:^|\.)template\.spec$/.test(value)
    ? 'must lead to the pod template, not to its spec: leave the last ".spec" out'
    : undefined;
};

function isText(value: unknown, pattern: RegExp): value is string {
  return typeof value === 'string' && pattern.test(value);
}

const RULES: Readonly<Record<string, Rule>> = { group, kind, podTemplate, immutable: truth, containerLevelOnly: truth };
const REQUIRED = ['group', 'kind', 'podTemplate'];

/** What is wrong with an entry, in words that follow its name: `.group is missing`; `undefined` for nothing. */
export function findKindProblem(entry: unknown): string | undefined {
  if (typeof entry !== 'object' || entry === null || Array.isArray(entry)) return ' must be an object';
  const given = new Map<string, unknown>(Object.entries(entry));
  for (const key of given.keys()) {
    if (!Object.hasOwn(RULES, key)) return ` has the unknown key "${key}"; there are ${Object.keys(RULES).join(', ')}`;
  }
  for (const [key, rule] of Object.entries(RULES)) {
    const value = given.get(key);
    if (value === undefined && !REQUIRED.includes(key)) continue;
    const problem = value === undefined ? 'is missing' : rule(value);
    if (problem !== undefined) return `.${key} ${problem}`;
  }
  const type = { apiVersion: `${given.get('group')}/v1`, kind: String(given.get('kind')) };
  return knownKinds.find(type)?.isBuiltIn
    ? ` is Kubernetes' own ${type.kind}, whose pods are where they are; remove it`
    : undefined;
}
