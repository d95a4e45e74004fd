import { isList, isObject, type Json, type JsonObject, valueAt } from '../../core/json.js';
import type { KindName } from '../kinds.js';
import { isOpaque } from '../opaque.js';
import type { NearObject, Place, RepoIndex } from '../repo-facts.js';
import { mayBeThere, objectsOf } from './home.js';

export const NETWORK_POLICY: KindName = { group: 'networking.k8s.io', kind: 'NetworkPolicy' };

/** Policies of network plugins and of the network policy working group, which say what holds as well, by rules of their own. */
export const OTHER_POLICIES: readonly KindName[] = [
  { group: 'cilium.io', kind: 'CiliumNetworkPolicy' },
  { group: 'cilium.io', kind: 'CiliumClusterwideNetworkPolicy' },
  ...['projectcalico.org', 'crd.projectcalico.org'].flatMap((group) => [
    { group, kind: 'NetworkPolicy' },
    { group, kind: 'GlobalNetworkPolicy' },
  ]),
  { group: 'policy.networking.k8s.io', kind: 'AdminNetworkPolicy' },
  { group: 'policy.networking.k8s.io', kind: 'BaselineAdminNetworkPolicy' },
  { group: 'policy.networking.k8s.io', kind: 'ClusterNetworkPolicy' },
  { group: 'crd.antrea.io', kind: 'NetworkPolicy' },
  { group: 'crd.antrea.io', kind: 'ClusterNetworkPolicy' },
];

const OF_CLUSTER = /^(?:Cilium)?(?:Cluster|Global|Admin|BaselineAdmin)/;

export type Direction = 'Ingress' | 'Egress';

export const DIRECTIONS: readonly Direction[] = ['Ingress', 'Egress'];

/** What the policies of a namespace already do. */
export interface Existing {
  /** The directions in which no policy isolates all pods. */
  readonly open: readonly Direction[];
  /** Why no default should be written beside them. */
  readonly unless: string | undefined;
  /**
   * For each open direction, one that isolates some of the pods: policies add up, so what lets all pods through in that direction would
   * let these through as well.
   */
  readonly partial: Readonly<Partial<Record<Direction, NearObject>>>;
  /** Those that have a name. */
  readonly named: readonly NearObject[];
}

/** What there is in a namespace, as far as it is written. What only may be there keeps anything else from being written. */
export function readExisting(index: RepoIndex, at: Place): Existing {
  const { there: policies, maybe } = objectsOf(index, at, NETWORK_POLICY);
  const general = policies.filter(({ value }) => selectsAll(valueAt(value, ['spec', 'podSelector'])));
  const open = DIRECTIONS.filter(
    (direction) => !general.some(({ value }) => isOf(value, direction) && !letsAll(value, direction)),
  );
  const [other] = OTHER_POLICIES.flatMap((kind) => {
    // What is for the whole cluster is in no namespace.
    if (OF_CLUSTER.test(kind.kind)) return index.objectsNear(at, kind);
    const { there, maybe } = objectsOf(index, at, kind);
    return [...there, ...maybe];
  });
  const unread = policies.find(({ value }) => isUnread(valueAt(value, ['spec'])));
  const wide = general.find(({ value }) => open.some((direction) => isOf(value, direction) && letsAll(value, direction)));
  const partial = Object.fromEntries(
    open.flatMap((direction) => {
      const some = policies.find((policy) => !general.includes(policy) && isOf(policy.value, direction));
      return some === undefined ? [] : [[direction, some] as const];
    }),
  );
  return { open, partial, named: policies, unless: objectTo(other, unread, wide) ?? mayBeThere(maybe) };
}

function objectTo(other?: NearObject, unread?: NearObject, wide?: NearObject): string | undefined {
  if (other) return `someone else's policy is there (${other.where}), which works by other rules; write the default there`;
  if (unread) return `${unread.where} is filled in by another tool, and may be the default already`;
  return (
    wide && `${wide.where} lets all traffic through to all pods, so a default beside it changes nothing; take that away first`
  );
}

/** Whether a selector means every pod: `{}`, `null`, and what says nothing. */
function selectsAll(selector: Json | undefined): boolean {
  if (selector === undefined || selector === null) return true;
  if (!isObject(selector)) return false;
  // What is no map, or no list, is a variable.
  return isNone(selector.matchLabels) && isNone(selector.matchExpressions);
}

/**
 * Whether a policy isolates the pods that it selects in a direction. As the API server fills in `policyTypes`: always ingress, and egress
 * where it has rules.
 */
function isOf({ spec }: JsonObject, direction: Direction): boolean {
  const types = valueAt(spec, ['policyTypes']);
  if (isList(types) && types.length > 0) return types.includes(direction);
  const egress = valueAt(spec, ['egress']);
  return direction === 'Ingress' || (isList(egress) && egress.length > 0);
}

/** Whether a rule names neither peers nor ports, so that nothing is kept out. */
function letsAll({ spec }: JsonObject, direction: Direction): boolean {
  const rules = valueAt(spec, [direction === 'Ingress' ? 'ingress' : 'egress']);
  const peers = direction === 'Ingress' ? 'from' : 'to';
  return isList(rules) && rules.some((rule) => isNone(valueAt(rule, [peers])) && isNone(valueAt(rule, ['ports'])));
}

/** Whether nothing is there: no value, an empty list or an empty map. */
function isNone(value: Json | undefined): boolean {
  if (value === undefined || value === null) return true;
  return isList(value) ? value.length === 0 : isObject(value) && Object.keys(value).length === 0;
}

/** Whether a variable stands where it says whom it is for, or which way. */
function isUnread(spec: Json | undefined): boolean {
  const selector = valueAt(spec, ['podSelector']);
  const types = valueAt(spec, ['policyTypes']);
  return [spec, selector, valueAt(selector, ['matchLabels']), types, ...(isList(types) ? types : [])].some(isOpaque);
}
