import type { View } from '../types.js';
import { grantRules } from './grants.js';
import { ALL, findGranted, type Granted, type PolicyRule, readPolicyRules, type Word } from './policy-rules.js';
import type { GrantRule, RbacRule, Right } from './types.js';
import { wildcardRules } from './wildcards.js';
import { listed } from './wording.js';

/** How far the rights of a role reach, by its kind and what binds it. */
export interface Reach {
  readonly isOfCluster: boolean;
  /** The namespace of a Role; `undefined` where none is written. */
  readonly namespace: string | undefined;
  /** For a ClusterRole that only RoleBindings are known of: their namespaces. */
  readonly boundIn?: readonly (string | undefined)[];
}

/** A fault of a role or a binding. */
export interface RbacProblem {
  readonly rule: RbacRule;
  /** What is pointed to. */
  readonly path: Word['path'];
  readonly message: string;
  /** What it gives an intruder, and what a person may do. */
  readonly reason: string;
}

/** What is found in each of the rules of a Role or ClusterRole, in the order of the text. */
export function judgeRole(role: View, reach: Reach): readonly { readonly at: PolicyRule; readonly problems: RbacProblem[] }[] {
  return readPolicyRules(role).map((at) => ({ at, problems: [...judgeUrls(at, reach), ...judgeResources(at, reach)] }));
}

/** In a Role they are refused. */
function judgeUrls({ urls, verbs }: PolicyRule, { isOfCluster }: Reach): RbacProblem[] {
  const all = urls.find(({ text }) => text === ALL || text === '/*');
  if (all === undefined || !isOfCluster || verbs.length === 0) return [];
  const rule = wildcardRules['wildcard-urls'];
  return [{ rule, path: all.path, message: `${listed(verbs)} on ${rule.does}`, reason: reasonOf(rule) }];
}

function judgeResources(policy: PolicyRule, reach: Reach): RbacProblem[] {
  if (policy.verbs.length === 0 || policy.resources.length === 0) return [];
  const found = grantRules.flatMap((rule) => findAll(policy, rule, reach) ?? []);
  const wildcard = findWildcard(policy, reach, found);
  const ids = new Set(found.map(({ rule }) => rule.id));
  const isSaid = ({ unless = [] }: GrantRule) => !unless.some((id) => ids.has(id));
  // What a wildcard gives is said with it.
  if (wildcard && wildcard.rule !== wildcardRules['wildcard-groups']) return [wildcard];
  const grants = found.filter(({ rule }) => isSaid(rule)).map((each) => describeGrant(policy, each, reach));
  return wildcard ? [...grants, wildcard] : grants;
}

/** What of a rule gives one of the rights, and whether that is in namespaces. */
interface Found extends Granted {
  readonly rule: GrantRule;
  readonly isNamespaced: boolean;
}

function findAll(policy: PolicyRule, rule: GrantRule, reach: Reach): Found | undefined {
  const granted = rule.rights.flatMap((right) => {
    const words = reaches(policy, right, reach) ? findGranted(policy, right) : undefined;
    return words === undefined ? [] : [{ right, ...words }];
  });
  if (granted.length === 0) return undefined;
  const [verbs, resources] = [granted.flatMap((each) => each.verbs), granted.flatMap((each) => each.resources)];
  return {
    rule,
    verbs: policy.verbs.filter((word) => verbs.includes(word)),
    resources: policy.resources.filter((word) => resources.includes(word)),
    isNamespaced: granted.some(({ right: { isOfCluster, within } }) => !isOfCluster && within === undefined),
  };
}

/** Whether a right can hold there. */
function reaches({ names }: PolicyRule, { isOfCluster = false, within, isTamedByNames = false }: Right, reach: Reach): boolean {
  if (names && isTamedByNames) return false;
  if (isOfCluster) return reach.isOfCluster;
  if (within === undefined) return true;
  if (names && !names.some((name) => within.names.includes(name))) return false;
  if (!reach.isOfCluster) return reach.namespace === within.namespace;
  return reach.boundIn === undefined || reach.boundIn.includes(within.namespace);
}

/** The groups in which a rule with every verb on every resource gives all: with the core group comes `impersonate`. */
const DECISIVE: readonly string[] = ['', ALL];

function findWildcard(policy: PolicyRule, reach: Reach, found: readonly Found[]): RbacProblem | undefined {
  const [verb, resource, group] = [policy.verbs, policy.resources, policy.groups].map((words) =>
    words.find(({ text }) => text === ALL),
  );
  const groups = policy.groups.length === 0 ? '' : ` of ${describeGroups(policy)}`;
  const tail = `${narrowed(policy)}${among(found)}`;
  if (verb && resource) {
    const isAll = policy.names === undefined && policy.groups.some(({ text }) => DECISIVE.includes(text));
    if (!isAll) {
      const rule = wildcardRules['wildcard-resources'];
      return { rule, path: resource.path, message: `every verb on every resource${groups}${tail}`, reason: reasonOf(rule, policy) };
    }
    const rule = wildcardRules['all-rights'];
    const name = reach.isOfCluster ? 'cluster-admin' : 'the administrator of its namespace';
    const what = `every verb on every resource${group ? '' : groups}: ${name} in all but name`;
    return { rule, path: resource.path, message: what, reason: reasonOf(rule) };
  }
  if (resource) {
    const rule = wildcardRules['wildcard-resources'];
    const message = `${listed(policy.verbs)} on ${rule.does}${groups}${tail}`;
    return { rule, path: resource.path, message, reason: reasonOf(rule, policy) };
  }
  if (verb) {
    const rule = wildcardRules['wildcard-verbs'];
    const message = `${rule.does} on ${listed(policy.resources)}${tail}`;
    return { rule, path: verb.path, message, reason: reasonOf(rule, policy) };
  }
  if (group === undefined) return undefined;
  const rule = wildcardRules['wildcard-groups'];
  const message = `${listed(policy.verbs)} on ${listed(policy.resources)} of ${rule.does}`;
  return { rule, path: group.path, message, reason: reasonOf(rule, policy) };
}

function describeGroups({ groups }: PolicyRule): string {
  if (groups.some(({ text }) => text === ALL)) return 'all API groups';
  return listed(groups.map(({ text }) => ({ text: text === '' ? 'the core group' : text })));
}

/** `: reads Secrets, makes pods and 2 more` */
function among(found: readonly Found[]): string {
  if (found.length === 0) return '';
  return `: among others ${listed(found.map(({ rule }) => ({ text: rule.does })))}`;
}

function narrowed({ names }: PolicyRule): string {
  return names ? ', those in resourceNames' : '';
}

function describeGrant(policy: PolicyRule, { rule, verbs, resources, isNamespaced }: Found, reach: Reach): RbacProblem {
  const [first] = rule.pointsTo === 'verbs' ? verbs : resources;
  const what = `${listed(verbs)} on ${listed(resources)}${narrowed(policy)}`;
  return {
    rule,
    path: first?.path ?? policy.path,
    message: `${rule.does}${isNamespaced ? whereOf(reach) : ''}: ${what}`,
    reason: reasonOf(rule, policy),
  };
}

/** Where rights in namespaces hold. */
function whereOf(reach: Reach): string {
  if (!reach.isOfCluster) return ' in its namespace';
  return reach.boundIn ? ' where RoleBindings bind it' : ' in every namespace';
}

function reasonOf({ gives, next }: RbacRule, { names }: Partial<PolicyRule> = {}): string {
  return names ? `only for what resourceNames lists: ${gives}; see that each name is needed` : `${gives}; ${next}`;
}
