import type { RbacRule } from './types.js';

/** Rules with a `*`. Only the first of them is said of a rule. */
export const wildcardRules = {
  'all-rights': {
    id: 'all-rights',
    does: 'every verb on every resource',
    gives: 'an intruder owns what it holds for, the nodes included where pods may be privileged',
    next: 'list the verbs and the resources that are used; the audit log has them',
  },
  'wildcard-resources': {
    id: 'wildcard-resources',
    does: 'every resource',
    gives: 'an intruder has that on all these groups hold, on what is added to them later, and on subresources',
    next: 'list the resources that are used',
  },
  'wildcard-verbs': {
    id: 'wildcard-verbs',
    does: 'every verb',
    gives: 'an intruder deletes and overwrites them, too',
    next: 'list the verbs that are used',
  },
  'wildcard-groups': {
    id: 'wildcard-groups',
    does: 'every API group',
    gives: 'resources of these names count in groups that are installed later, too',
    next: 'name the groups of the resources',
  },
  'wildcard-urls': {
    id: 'wildcard-urls',
    does: 'every URL of the API server that is no resource',
    gives: 'an intruder reads its metrics, its logs and its profiles',
    next: 'list the URLs that are used, such as /metrics',
  },
} as const satisfies Readonly<Record<string, RbacRule>>;
