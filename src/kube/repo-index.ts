import { isList, isObject, type Json, type JsonObject, valueAt } from '../core/json.js';
import { objectsIn } from './kinds.js';
import { isOpaque } from './opaque.js';
import type { AccountFacts, LimitRangeFacts, RepoIndex } from './types.js';

/** The index while the first pass fills it. */
export interface GrowingRepoIndex extends RepoIndex {
  /** Keeps the small facts of a document's value; `line` is where the document starts. Nothing of the value is held. */
  add(file: string, line: number, value: Json): void;
}

/** A namespace as written; `undefined` where there is none, or none that can be read: then it may be any. */
type Namespace = string | undefined;

interface Binding {
  readonly where: string;
  readonly namespace: Namespace;
  /** Whether it counts only where both namespaces are written, and equal. */
  readonly isLoose: boolean;
}

interface Facts {
  /** By account; those of every account under `undefined`. */
  readonly bindings: Map<string | undefined, Binding[]>;
  readonly accounts: Map<string, { readonly namespace: Namespace; readonly facts: AccountFacts }[]>;
  readonly limitRanges: { readonly namespace: Namespace; readonly where: string; readonly defaults: readonly string[] }[];
}

export function createRepoIndex(): GrowingRepoIndex {
  const facts: Facts = { bindings: new Map(), accounts: new Map(), limitRanges: [] };
  return {
    add(file, line, value) {
      for (const { kind, value: object } of objectsIn(value)) addObject(facts, kind, object, `${file}:${line}`);
    },
    bindingsOf(namespace, account) {
      const found = new Set<string>();
      for (const binding of [...(facts.bindings.get(account) ?? []), ...(facts.bindings.get(undefined) ?? [])]) {
        const isMeant = binding.isLoose
          ? binding.namespace !== undefined && binding.namespace === namespace
          : mayBeSame(binding.namespace, text(namespace));
        if (isMeant) found.add(binding.where);
      }
      return [...found];
    },
    account(namespace, name) {
      const candidates = facts.accounts.get(name)?.filter((account) => mayBeSame(account.namespace, text(namespace)));
      return candidates === undefined || candidates.length === 0 ? undefined : merge(candidates.map(({ facts }) => facts));
    },
    limitRanges(namespace) {
      return facts.limitRanges
        .filter((range) => mayBeSame(range.namespace, text(namespace)))
        .map((range): LimitRangeFacts => {
          const { where, defaults } = range;
          return { where, defaults, isCertain: range.namespace !== undefined && range.namespace === namespace };
        });
    },
  };
}

function mayBeSame(a: Namespace, b: Namespace): boolean {
  return a === undefined || b === undefined || a === b;
}

/** What is true of all accounts that may be meant: no token only if none of them mounts it, an identity if one of them has one. */
function merge(accounts: readonly AccountFacts[]): AccountFacts {
  const [first] = accounts;
  const isSame = accounts.every(({ automount }) => automount === first?.automount);
  const explicit = accounts.some(({ automount }) => automount === true) ? true : undefined;
  return {
    where: accounts.map(({ where }) => where).join(', '),
    automount: isSame ? first?.automount : explicit,
    identity: accounts.find(({ identity }) => identity !== undefined)?.identity,
  };
}

function addObject(facts: Facts, kind: string, object: JsonObject, place: string): void {
  const name = text(valueAt(object, ['metadata', 'name']));
  // Joined, since a template string would keep its parts beside the whole.
  const where = [kind, ' ', name ?? '(no name)', ' in ', place].join('');
  const namespace = text(valueAt(object, ['metadata', 'namespace']));
  if (kind === 'ServiceAccount' && name !== undefined) {
    const accounts = facts.accounts.get(name) ?? [];
    accounts.push({ namespace, facts: readAccount(object, where) });
    facts.accounts.set(name, accounts);
  } else if (kind === 'RoleBinding' || kind === 'ClusterRoleBinding') {
    const { subjects } = object;
    if (!isList(subjects)) return;
    for (const subject of subjects) {
      const meant = readSubject(subject, namespace);
      if (meant === undefined) continue;
      const bindings = facts.bindings.get(meant.account) ?? [];
      bindings.push({ where, namespace: meant.namespace, isLoose: meant.isLoose ?? false });
      facts.bindings.set(meant.account, bindings);
    }
  } else if (kind === 'LimitRange') {
    const defaults = readDefaults(object);
    if (defaults !== undefined) facts.limitRanges.push({ namespace, where, defaults });
  }
}

/** A name that can be read: neither absent, empty, nor a variable. */
function text(value: Json | undefined): string | undefined {
  return typeof value === 'string' && value !== '' && !isOpaque(value) ? value : undefined;
}

/** Annotations that give an account an identity outside the cluster: EKS, GKE, Azure, Alibaba Cloud. */
const IDENTITIES = [
  'eks.amazonaws.com/role-arn',
  'iam.gke.io/gcp-service-account',
  'azure.workload.identity/client-id',
  'pod-identity.alibabacloud.com/role-name',
];

function readAccount(object: JsonObject, where: string): AccountFacts {
  const { automountServiceAccountToken: automount } = object;
  const annotations = valueAt(object, ['metadata', 'annotations']);
  return {
    where,
    automount: typeof automount === 'boolean' ? automount : undefined,
    identity: IDENTITIES.find((key) => valueAt(annotations, [key]) !== undefined),
  };
}

const USER = /^system:serviceaccount:([^:]+):([^:]+)$/;
const GROUP = /^system:serviceaccounts:([^:]+)$/;

interface Subject {
  readonly namespace: Namespace;
  /** `undefined`: every account of the namespace. */
  readonly account: string | undefined;
  readonly isLoose?: boolean;
}

/**
 * Which accounts a subject of a binding means; `undefined` where it means a person, or nodes.
 *
 * `system:authenticated` is everybody, people included, and every cluster binds it to a few harmless roles: it says that an account
 * is meant only where a RoleBinding is in the account's own namespace for certain.
 * @param bound the namespace of the binding, which is where its rights hold.
 */
function readSubject(subject: Json, bound: Namespace): Subject | undefined {
  if (!isObject(subject) || typeof subject.name !== 'string') return undefined;
  const { kind, name } = subject;
  // A variable may become any account.
  if (kind === 'ServiceAccount') return { namespace: text(subject.namespace), account: text(name) };
  if (kind === 'User') {
    const [, namespace, account] = USER.exec(name) ?? [];
    return account === undefined ? undefined : { namespace: text(namespace), account: text(account) };
  }
  if (kind !== 'Group') return undefined;
  if (name === 'system:serviceaccounts') return { namespace: bound, account: undefined };
  if (name === 'system:authenticated') return { namespace: bound, account: undefined, isLoose: true };
  const [, namespace] = GROUP.exec(name) ?? [];
  return namespace === undefined ? undefined : { namespace: text(namespace), account: undefined };
}

/** What the container items of a LimitRange fill in, as `limits.cpu`; `undefined` where it has no such items. */
function readDefaults(object: JsonObject): readonly string[] | undefined {
  const items = valueAt(object, ['spec', 'limits']);
  if (!isList(items)) return undefined;
  const containers = items.filter((item) => isObject(item) && item.type === 'Container');
  if (containers.length === 0) return undefined;
  const defaults = new Set<string>();
  for (const item of containers) {
    // The API server takes `max` for a missing default limit, that for a missing default request, and `min` after it.
    const limits = [...keysOf(item, 'default'), ...keysOf(item, 'max')];
    const requests = [...keysOf(item, 'defaultRequest'), ...limits, ...keysOf(item, 'min')];
    for (const resource of limits) defaults.add(`limits.${resource}`);
    for (const resource of requests) defaults.add(`requests.${resource}`);
  }
  return [...defaults];
}

function keysOf(item: Json, key: string): readonly string[] {
  const value = valueAt(item, [key]);
  return isObject(value) ? Object.keys(value) : [];
}
