import { isList, isObject, type Json, type JsonObject } from '../../core/json.js';
import type { BindingFacts, Place } from '../repo-facts.js';
import { readName } from './names.js';
import type { Places } from './places.js';

interface Binding extends Place {
  readonly where: string;
  /** The account; `undefined` for every account of the namespace. */
  readonly account: string | undefined;
  /** Whether it means accounts of all namespaces. */
  readonly isEverywhere: boolean;
  /** Whether it counts only where both namespaces are written, and equal. */
  readonly isLoose: boolean;
}

export interface Bindings {
  add(object: JsonObject, isOfCluster: boolean, place: Place, where: string): void;
  of(at: Place, account: string): readonly BindingFacts[];
}

export function createBindings(places: Places): Bindings {
  /** By account; those of every account under `undefined`. */
  const bindings = new Map<string | undefined, Binding[]>();
  /** Those of its name, or of one that a kustomization turns into the same. */
  function bindingsTo(account: string, at: Place): readonly Binding[] {
    const names = account === 'default' ? [account] : places.writtenAs(at, account);
    return names.flatMap((name) =>
      (bindings.get(name) ?? []).filter((binding) => places.mayBeCalledAlike(at, account, binding, name)),
    );
  }

  return {
    add(object, isOfCluster, place, where) {
      const { subjects } = object;
      if (!isList(subjects)) return;
      for (const subject of subjects) {
        const meant = readSubject(subject, place.namespace);
        if (meant === undefined) continue;
        const known = bindings.get(meant.account) ?? [];
        const { account, namespace, isLoose = false, isOfBinding = false } = meant;
        known.push({ where, file: place.file, namespace, account, isLoose, isEverywhere: isOfBinding && isOfCluster });
        bindings.set(account, known);
      }
    },
    of(at, account) {
      const found = new Map<string, BindingFacts>();
      for (const binding of [...bindingsTo(account, at), ...(bindings.get(undefined) ?? [])]) {
        const match = matchOf(places, binding, at, account);
        if (match === undefined || found.get(binding.where)?.isLikely) continue;
        found.set(binding.where, { where: binding.where, isLikely: match === 'likely' });
      }
      return [...found.values()].sort((a, b) => Number(b.isLikely) - Number(a.isLikely));
    },
  };
}

/**
 * Whether a binding means the account. That it has the account's own name says enough, wherever it stands, but every namespace has an
 * account `default`: there the two must have something to do with each other.
 */
function matchOf(places: Places, binding: Binding, at: Place, account: string): 'likely' | 'doubtful' | undefined {
  if (binding.isEverywhere && !binding.isLoose) return 'likely';
  const nearness = places.nearness(binding, at);
  if (nearness === 'no') return undefined;
  const namespace = readName(at.namespace);
  if (binding.isLoose) return binding.namespace !== undefined && binding.namespace === namespace ? 'likely' : undefined;
  const isByName = binding.account !== undefined && account !== 'default';
  if (isByName || nearness !== 'possible') return 'likely';
  // What says no namespace is applied to this one, unless somebody says otherwise.
  return (binding.namespace ?? 'default') === 'default' && (namespace ?? 'default') === 'default' ? 'doubtful' : undefined;
}

const USER = /^system:serviceaccount:([^:]+):([^:]+)$/;
const GROUP = /^system:serviceaccounts:([^:]+)$/;

interface Subject {
  readonly namespace: string | undefined;
  /** `undefined`: every account of the namespace. */
  readonly account: string | undefined;
  readonly isLoose?: boolean;
  /** Whether it is the binding that says of which namespace. */
  readonly isOfBinding?: boolean;
}

/**
 * Which accounts a subject of a binding means; `undefined` where it means a person, or nodes.
 *
 * `system:authenticated` is everybody, people included, and every cluster binds it to a few harmless roles: it says that an account
 * is meant only where a RoleBinding is in the account's own namespace for certain.
 * @param bound the namespace of the binding, which is where its rights hold.
 */
function readSubject(subject: Json, bound: string | undefined): Subject | undefined {
  if (!isObject(subject) || typeof subject.name !== 'string') return undefined;
  const { kind, name } = subject;
  // A variable may become any account.
  if (kind === 'ServiceAccount') return { namespace: readName(subject.namespace), account: readName(name) };
  if (kind === 'User') {
    const [, namespace, account] = USER.exec(name) ?? [];
    return account === undefined ? undefined : { namespace: readName(namespace), account: readName(account) };
  }
  if (kind !== 'Group') return undefined;
  if (name === 'system:serviceaccounts') return { namespace: bound, account: undefined, isOfBinding: true };
  if (name === 'system:authenticated') return { namespace: bound, account: undefined, isLoose: true };
  const [, namespace] = GROUP.exec(name) ?? [];
  return namespace === undefined ? undefined : { namespace: readName(namespace), account: undefined };
}
