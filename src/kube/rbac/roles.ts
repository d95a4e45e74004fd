import type { View } from '../types.js';
import { grantRules } from './grants.js';
import { judgeResourceWildcards, judgeUrlWildcards } from './judge-wildcards.js';
import { findGranted, type Granted, type PolicyRule, readPolicyRules, type Word } from './policy-rules.js';
import type { GrantRule, RbacProblem, Reach, Right } from './types.js';
import { wildcardRules } from './wildcards.js';
import { listed, narrowed, reasonOf } from './wording.js';

/** What is found in each of the rules of a Role or ClusterRole, in the order of the text. */
export function judgeRole(role: View, reach: Reach): readonly { readonly at: PolicyRule; readonly problems: RbacProblem[] }[] {
  return readPolicyRules(role).map((at) => ({ at, problems: [...judgeUrlWildcards(at, reach), ...judgeResources(at, reach)] }));
}

function judgeResources(policy: PolicyRule, reach: Reach): RbacProblem[] {
  if (policy.verbs.length === 0 || policy.resources.length === 0) return [];
  const found = grantRules.flatMap((rule) => findAll(policy, rule, reach) ?? []);
  const wildcard = judgeResourceWildcards(
    policy,
    reach,
    found.map(({ rule }) => rule.does),
  );
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
  const words = new Set<Word>(granted.flatMap(({ verbs, resources }) => [...verbs, ...resources]));
  return {
    rule,
    verbs: policy.verbs.filter((word) => words.has(word)),
    resources: policy.resources.filter((word) => words.has(word)),
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

function describeGrant(policy: PolicyRule, { rule, verbs, resources, isNamespaced }: Found, reach: Reach): RbacProblem {
  const [first] = rule.pointsTo === 'verbs' ? verbs : resources;
  const what = `${listed(verbs)} on ${listed(resources)}${narrowed(policy)}`;
  return {
    rule,
    path: first?.path ?? policy.path,
    message: `${rule.does}${isNamespaced ? whereOf(reach) : ''}: ${what}`,
    reason: reasonOf(rule, policy.names),
  };
}

/** Where rights in namespaces hold. */
function whereOf(reach: Reach): string {
  if (!reach.isOfCluster) return ' in its namespace';
  return reach.boundIn ? ' in the namespaces of its RoleBindings' : ' in every namespace';
}
