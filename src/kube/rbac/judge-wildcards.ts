import { ALL, type PolicyRule } from './policy-rules.js';
import type { RbacProblem, Reach } from './types.js';
import { wildcardRules } from './wildcards.js';
import { listed, narrowed, reasonOf } from './wording.js';

/** In a Role they are refused. */
export function judgeUrlWildcards({ urls, verbs }: PolicyRule, { isOfCluster }: Reach): RbacProblem[] {
  const all = urls.find(({ text }) => text === ALL || text === '/*');
  if (all === undefined || !isOfCluster || verbs.length === 0) return [];
  const rule = wildcardRules['wildcard-urls'];
  return [{ rule, path: all.path, message: `${listed(verbs)} on ${rule.does}`, reason: reasonOf(rule) }];
}

/** The groups in which a rule with every verb on every resource gives all: with the core group comes `impersonate`. */
const DECISIVE: readonly string[] = ['', ALL];

/**
 * What a rule gives by a `*`, as one problem: that of the resources before that of the verbs, and of the groups last.
 * @param does what is found in the rule beside it
 */
export function judgeResourceWildcards(policy: PolicyRule, reach: Reach, does: readonly string[]): RbacProblem | undefined {
  const [verb, resource, group] = [policy.verbs, policy.resources, policy.groups].map((words) =>
    words.find(({ text }) => text === ALL),
  );
  const describe = (id: keyof typeof wildcardRules, word: typeof verb, message: string): RbacProblem | undefined => {
    const rule = wildcardRules[id];
    return word && { rule, path: word.path, message, reason: reasonOf(rule, policy.names) };
  };
  const groups = describeGroups(policy);
  const tail = `${narrowed(policy)}${does.length === 0 ? '' : `: among others ${listed(does.map((text) => ({ text })))}`}`;
  if (verb && resource) {
    const isAll = policy.names === undefined && policy.groups.some(({ text }) => DECISIVE.includes(text));
    if (!isAll) return describe('wildcard-resources', resource, `every verb on every resource${groups}${tail}`);
    const whose = reach.isOfCluster ? 'cluster-admin' : 'the administrator of its namespace';
    return describe('all-rights', resource, `every verb on every resource${group ? '' : groups}: ${whose} in all but name`);
  }
  if (resource) return describe('wildcard-resources', resource, `${listed(policy.verbs)} on every resource${groups}${tail}`);
  if (verb) return describe('wildcard-verbs', verb, `every verb on ${listed(policy.resources)}${tail}`);
  return describe('wildcard-groups', group, `${listed(policy.verbs)} on ${listed(policy.resources)} of every API group`);
}

function describeGroups({ groups }: PolicyRule): string {
  if (groups.length === 0) return '';
  if (groups.some(({ text }) => text === ALL)) return ' of all API groups';
  return ` of ${listed(groups.map(({ text }) => ({ text: text === '' ? 'the core group' : text })))}`;
}
