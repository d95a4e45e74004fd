import { isList, isObject, type Json, type Path } from '../../core/json.js';
import { isOpaque } from '../opaque.js';
import type { View } from '../types.js';
import type { Right } from './types.js';

/** A verb, a resource, a group or a URL of a rule, and where it stands. */
export interface Word {
  readonly text: string;
  readonly path: Path;
}

/** One of the `rules` of a Role or ClusterRole. What another tool fills in is left out of the lists. */
export interface PolicyRule {
  readonly path: Path;
  readonly verbs: readonly Word[];
  readonly groups: readonly Word[];
  readonly resources: readonly Word[];
  /** `nonResourceURLs` */
  readonly urls: readonly Word[];
  /** `resourceNames`; absent where all names are meant. Names that another tool fills in are among them. */
  readonly names?: readonly string[];
}

/** What of a rule gives a right, word by word. */
export interface Granted {
  readonly verbs: readonly Word[];
  readonly resources: readonly Word[];
}

export const ALL = '*';

export function readPolicyRules(role: View): readonly PolicyRule[] {
  const { path, value } = role.get('rules');
  if (!isList(value)) return [];
  return value.flatMap((rule, index): PolicyRule[] => {
    if (!isObject(rule) || isOpaque(rule)) return [];
    const at = [...path, index];
    const wordsOf = (key: string) => readWords(rule[key], [...at, key]);
    const names = namesOf(rule.resourceNames);
    return [
      {
        path: at,
        verbs: wordsOf('verbs'),
        groups: wordsOf('apiGroups'),
        resources: wordsOf('resources'),
        urls: wordsOf('nonResourceURLs'),
        ...(names && { names }),
      },
    ];
  });
}

function readWords(value: Json | undefined, path: Path): Word[] {
  if (!isList(value)) return [];
  return value.flatMap((text, index) => (typeof text === 'string' && !isOpaque(text) ? [{ text, path: [...path, index] }] : []));
}

/** An empty list means all names. */
function namesOf(value: Json | undefined): readonly string[] | undefined {
  if (typeof value === 'string') return [value];
  if (!isList(value) || value.length === 0) return undefined;
  return value.flatMap((name) => (typeof name === 'string' ? [name] : []));
}

/** A request for one of these has no name yet, or no single one; so a rule with `resourceNames` does not give it. */
const NAMELESS: ReadonlySet<string> = new Set(['create', 'deletecollection']);

/**
 * What of a rule gives a right, as the authorizer reads rules: `*` is everything, a `*` before a slash every resource with that
 * subresource; a resource is none of its subresources.
 * @see https://github.com/kubernetes/kubernetes/blob/master/pkg/apis/rbac/v1/evaluation_helpers.go
 */
export function findGranted(rule: PolicyRule, right: Right): Granted | undefined {
  if (!rule.groups.some(({ text }) => text === ALL || right.groups.includes(text))) return undefined;
  const verbs = new Set<Word>();
  const resources = new Set<Word>();
  for (const resource of right.resources) {
    const wanted = rule.names && !resource.includes('/') ? right.verbs.filter((verb) => !NAMELESS.has(verb)) : right.verbs;
    const given = rule.verbs.filter(({ text }) => (text === ALL ? wanted.length > 0 : wanted.includes(text)));
    const meant = rule.resources.filter(({ text }) => isMeant(text, resource));
    if (given.length === 0 || meant.length === 0) continue;
    for (const word of given) verbs.add(word);
    for (const word of meant) resources.add(word);
  }
  if (verbs.size === 0) return undefined;
  return { verbs: inOrder(rule.verbs, verbs), resources: inOrder(rule.resources, resources) };
}

function isMeant(word: string, resource: string): boolean {
  if (word === ALL || word === resource) return true;
  const slash = resource.indexOf('/');
  return slash >= 0 && word === `*${resource.slice(slash)}`;
}

function inOrder(words: readonly Word[], found: ReadonlySet<Word>): readonly Word[] {
  return words.filter((word) => found.has(word));
}
