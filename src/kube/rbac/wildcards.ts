import type { RbacRule } from './types.js';

/** Rules with a `*`. Only the first of them is said of a rule. */
export const wildcardRules = {
  'all-rights': {
    id: 'all-rights',
    controls: { cis: '5.1.1, 5.1.3', kubescape: 'C-0035, C-0187', checkov: 'CKV_K8S_49', trivy: 'KSV-0044, KSV-0046, KSV-0112' },
    does: 'every verb on every resource',
    gives: 'an intruder owns what it holds for, the nodes included where pods may be privileged',
    next: 'list the verbs and the resources that are used; the audit log has them',
  },
  'wildcard-resources': {
    id: 'wildcard-resources',
    controls: { cis: '5.1.3', kubescape: 'C-0187', checkov: 'CKV_K8S_49', trivy: 'KSV-0046, KSV-0112' },
    does: 'every resource',
    gives: 'an intruder has that on all these groups hold, on what is added to them later, and on subresources',
    next: 'list the resources that are used',
  },
  'wildcard-verbs': {
    id: 'wildcard-verbs',
    controls: { cis: '5.1.3', kubescape: 'C-0187', checkov: 'CKV_K8S_49', trivy: 'KSV-0045' },
    does: 'every verb',
    gives: 'an intruder deletes and overwrites them, too',
    next: 'list the verbs that are used',
  },
  'wildcard-groups': {
    id: 'wildcard-groups',
    controls: { cis: '5.1.3', kubescape: 'C-0187', checkov: 'CKV_K8S_49' },
    does: 'every API group',
    gives: 'resources of these names count in groups that are installed later, too',
    next: 'name the groups of the resources',
  },
  'wildcard-urls': {
    id: 'wildcard-urls',
    controls: { cis: '5.1.3', kubescape: 'C-0187', checkov: 'CKV_K8S_49' },
    does: 'every URL of the API server that is no resource',
    gives: 'an intruder reads its metrics, its logs and its profiles',
    next: 'list the URLs that are used, such as /metrics',
  },
} as const satisfies Readonly<Record<string, RbacRule>>;
