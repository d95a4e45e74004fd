import type { ObjectRef } from '../../core/finding.js';
import { isList, isObject, valueAt } from '../../core/json.js';
import { readName } from '../facts/names.js';
import type { KindName } from '../kinds/types.js';
import type { NearObject, RepoIndex } from '../repo-facts.js';
import type { View } from '../types.js';
import type { Reach } from './types.js';
import { listed } from './wording.js';

const kindOf = (kind: string): KindName => ({ group: 'rbac.authorization.k8s.io', kind });

/** The kinds of which roles and bindings are made. */
export const RBAC_KINDS = ['Role', 'ClusterRole', 'RoleBinding', 'ClusterRoleBinding'].map(kindOf);

export const ACCOUNT_KIND: KindName = { group: '', kind: 'ServiceAccount' };

interface Use {
  readonly binding: NearObject;
  readonly isOfCluster: boolean;
}

/** Who binds a role, as far as the files say. */
export interface Uses {
  readonly reach: Reach;
  /** In a few words, and in one line with the places; absent where it cannot be told. */
  readonly told?: { readonly short: string; readonly long: string };
}

const NOBODY = 'bound nowhere in the files that were read';

export function readUses(role: View, ref: ObjectRef, index: RepoIndex): Uses {
  const isOfCluster = ref.kind === 'ClusterRole';
  const uses = findUses(ref, index);
  const wholes = readAggregation(role).map((name) => `part of ${name} by its label`);
  const isNarrow = isOfCluster && wholes.length === 0 && uses.length > 0 && uses.every((use) => !use.isOfCluster);
  const boundIn = isNarrow ? uses.map(({ binding }) => binding.namespace) : undefined;
  const reach: Reach = { isOfCluster, namespace: ref.namespace, ...(boundIn && { boundIn }) };
  const long = [...wholes, ...describeUses(uses)].join('; ');
  const subjects = uses.flatMap(({ binding }) => subjectsOf(binding));
  const short = [...wholes, ...(subjects.length === 0 ? [] : [`bound to ${listed(subjects)}`])].join('; ');
  if (long !== '') return { reach, told: { short: short === '' ? 'bound to nobody that can be told' : short, long } };
  return readName(ref.name) === undefined ? { reach } : { reach, told: { short: NOBODY, long: NOBODY } };
}

function findUses({ kind, name, namespace, file }: ObjectRef, index: RepoIndex): readonly Use[] {
  if (readName(name) === undefined || name === undefined) return [];
  // RoleBindings of any namespace may name a ClusterRole.
  const at = kind === 'ClusterRole' ? { file } : { file, namespace };
  return ['ClusterRoleBinding', 'RoleBinding'].flatMap((binding) =>
    index
      .objectsNamed(at, kindOf(binding), name, ['roleRef', 'name'])
      .filter(({ value }) => valueAt(value, ['roleRef', 'kind']) === kind)
      .map((found) => ({ binding: found, isOfCluster: binding === 'ClusterRoleBinding' })),
  );
}

/** A longer list makes a message no clearer. */
const MOST_NAMED = 2;

function describeUses(uses: readonly Use[]): string[] {
  const named = uses.slice(0, MOST_NAMED).map(({ binding }) => `bound by ${binding.where}${describeSubjects(binding)}`);
  return uses.length > named.length ? [...named, `and by ${uses.length - named.length} more`] : named;
}

function describeSubjects(binding: NearObject): string {
  const subjects = subjectsOf(binding);
  return subjects.length === 0 ? '' : ` to ${listed(subjects)}`;
}

function subjectsOf({ value: { subjects } }: NearObject): readonly { readonly text: string }[] {
  if (!isList(subjects)) return [];
  return subjects.flatMap((subject) => {
    if (!isObject(subject)) return [];
    const [kind, name] = [readName(subject.kind), readName(subject.name)];
    return kind === undefined || name === undefined ? [] : [{ text: `${kind} ${name}` }];
  });
}

/** `rbac.authorization.k8s.io/aggregate-to-edit` */
const AGGREGATES = /\/aggregate-to-([\w.-]+)$/;

/** The ClusterRoles that take the rules in, by the labels that Kubernetes and most controllers use. */
function readAggregation(role: View): readonly string[] {
  const { value } = role.get('metadata.labels');
  if (!isObject(value)) return [];
  return Object.entries(value).flatMap(([label, on]) => (on === 'true' ? (AGGREGATES.exec(label)?.[1] ?? []) : []));
}
