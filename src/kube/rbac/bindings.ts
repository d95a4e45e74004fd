import { isList, isObject, type JsonObject, type Path } from '../../core/json.js';
import { readName } from '../facts/names.js';
import { isSystemNamespace } from '../namespaces.js';
import { isOpaque } from '../opaque.js';
import type { View } from '../types.js';
import { bindingRules } from './binding-rules.js';
import type { RbacProblem, RbacRule } from './types.js';
import { isForAccounts, isOfKubernetes, isPublicRole } from './well-known.js';
import { reasonOf } from './wording.js';

/** What a binding is asked about the other objects of the tree. */
export interface Tree {
  hasAccount(namespace: string | undefined, name: string): boolean;
  hasRole(kind: string, name: string): boolean;
}

/** A problem, and what it is about: the subject or the role. */
export interface BindingProblem extends RbacProblem {
  readonly subject: string;
}

interface Role {
  readonly kind: string;
  readonly name: string;
  readonly path: Path;
}

/** A subject by its fields; `name` is one that can be read. */
interface Subject {
  readonly kind: string;
  readonly name: string;
  readonly namespace: string | undefined;
  readonly path: Path;
}

/** What is found in a RoleBinding or ClusterRoleBinding: of the role first, then of each subject. */
export function judgeBinding(binding: View, isOfCluster: boolean, tree: Tree): readonly BindingProblem[] {
  const role = readRole(binding);
  const subjects = readSubjects(binding);
  if (subjects.length === 0) return [];
  const reach = isOfCluster ? 'the whole cluster' : 'its namespace';
  return [
    ...(role ? judgeRoleRef(role, isOfCluster, tree, reach) : []),
    ...subjects.flatMap((subject) => judgeSubject(subject, role, tree, reach)),
  ];
}

function readRole(binding: View): Role | undefined {
  const { path, value } = binding.get('roleRef');
  if (!isObject(value) || isOpaque(value)) return undefined;
  const [kind, name] = [readName(value.kind), readName(value.name)];
  return kind === undefined || name === undefined ? undefined : { kind, name, path: [...path, 'name'] };
}

function readSubjects(binding: View): readonly Subject[] {
  const { path, value } = binding.get('subjects');
  if (!isList(value)) return [];
  return value.flatMap((subject, index) =>
    isObject(subject) && !isOpaque(subject) ? readSubject(subject, [...path, index]) : [],
  );
}

/** The name by which accounts are users. */
const ACCOUNT = /^system:serviceaccount:([^:]+):([^:]+)$/;

function readSubject({ kind, name, namespace }: JsonObject, path: Path): readonly Subject[] {
  const [kindName, own] = [readName(kind), readName(name)];
  if (kindName === undefined || own === undefined) return [];
  const at = [...path, 'name'];
  const [, ofAccount, account] = (kindName === 'User' && ACCOUNT.exec(own)) || [];
  if (account !== undefined) return [{ kind: 'ServiceAccount', name: account, namespace: ofAccount, path: at }];
  const isUnreadable = kindName === 'ServiceAccount' && namespace !== undefined && readName(namespace) === undefined;
  return isUnreadable ? [] : [{ kind: kindName, name: own, namespace: readName(namespace), path: at }];
}

/** Roles that Kubernetes makes for the people of a namespace, who read its Secrets and make its pods. */
const OF_NAMESPACES: ReadonlySet<string> = new Set(['admin', 'edit']);

function judgeRoleRef(role: Role, isOfCluster: boolean, tree: Tree, reach: string): readonly BindingProblem[] {
  const { kind, name, path } = role;
  const say = (rule: RbacRule, detail: string) => [describe(rule, path, `${kind} ${name}`, detail)];
  if (kind === 'ClusterRole' && name === 'cluster-admin') {
    return say(bindingRules['bind-cluster-admin'], `every right in ${reach}`);
  }
  if (kind === 'ClusterRole' && isOfCluster && OF_NAMESPACES.has(name)) return say(bindingRules['bind-admin'], name);
  if (isOfKubernetes(role) || tree.hasRole(kind, name)) return [];
  return say(bindingRules['missing-role'], `no ${kind} ${name} is in the files that were read`);
}

function judgeSubject(subject: Subject, role: Role | undefined, tree: Tree, reach: string): readonly BindingProblem[] {
  const { kind, name, namespace, path } = subject;
  const rights = role ? `${role.kind} ${role.name} in ${reach}` : `a role in ${reach}`;
  const of = namespace === undefined ? '' : ` of namespace ${namespace}`;
  const say = (rule: RbacRule, detail = rights) => [describe(rule, path, `${kind} ${name}`, detail)];
  if (kind === 'ServiceAccount') {
    if (name === 'default') return say(bindingRules['bind-default-account'], `${rights}, to pods${of}`);
    // What the cluster brings along is in no tree.
    if (isSystemNamespace(namespace) || tree.hasAccount(namespace, name)) return [];
    return say(
      bindingRules['missing-account'],
      `no ServiceAccount ${name}${of} is in the files that were read; it would get ${rights}`,
    );
  }
  if (kind === 'Group' && name === 'system:masters') return say(bindingRules['bind-masters']);
  if (role && isPublicRole(role)) return [];
  if (isAnonymous(subject)) return say(bindingRules['bind-anonymous']);
  if (role && isForAccounts(role) && OF_NAMESPACE.test(name)) return [];
  return kind === 'Group' && EVERYONE.test(name) ? say(bindingRules['bind-everyone']) : [];
}

function isAnonymous({ kind, name }: Subject): boolean {
  return (kind === 'User' && name === 'system:anonymous') || (kind === 'Group' && name === 'system:unauthenticated');
}

/** All logins; all accounts, or those of a namespace. */
const EVERYONE = /^system:(?:authenticated|serviceaccounts(?::.+)?)$/;

/** All accounts of one namespace. */
const OF_NAMESPACE = /^system:serviceaccounts:.+$/;

function describe(rule: RbacRule, path: Path, subject: string, detail: string): BindingProblem {
  return { rule, path, subject, message: `${rule.does}: ${detail}`, reason: reasonOf(rule) };
}
