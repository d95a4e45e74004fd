import type { RbacRule } from './types.js';

/** What is found in RoleBindings and ClusterRoleBindings. */
export const bindingRules = {
  'bind-cluster-admin': {
    id: 'bind-cluster-admin',
    controls: {
      cis: '5.1.1',
      kubescape: 'C-0035, C-0185',
      trivy: 'KSV-0111',
      kubeLinter: 'cluster-admin-role-binding',
    },
    does: 'binds cluster-admin',
    gives: 'an intruder in the place of a subject owns what the binding holds for',
    next: 'bind a role with the rights that are used; for people, one that a few may impersonate',
  },
  'bind-admin': {
    id: 'bind-admin',
    controls: { trivy: 'KSV-0111' },
    does: 'binds a role of namespaces in all of them',
    gives:
      'an intruder in the place of a subject reads every Secret and makes pods as any account, those of kube-system included',
    next: 'bind it by a RoleBinding in the namespaces that are meant',
  },
  'bind-anonymous': {
    id: 'bind-anonymous',
    controls: { kubescape: 'C-0262', trivy: 'KSV-0122' },
    does: 'gives rights to whoever reaches the API server, without a login',
    gives: 'no break-in is needed',
    next: 'take the subject out, and give the right to an account',
  },
  'bind-everyone': {
    id: 'bind-everyone',
    controls: { kubescape: 'C-0265', trivy: 'KSV-01011' },
    does: 'gives rights to everyone in a group that nobody chooses the members of',
    gives: 'an intruder in any pod or with any login has them; on GKE any Google account is one',
    next: 'name the accounts that need it',
  },
  'bind-masters': {
    id: 'bind-masters',
    controls: { cis: '5.1.7', kubescape: 'C-0246', trivy: 'KSV-0123' },
    does: 'names system:masters',
    gives: 'its members may do everything whatever roles say, and nothing but a new certificate authority ends that',
    next: 'take the subject out, and use a group of your own',
  },
  'bind-default-account': {
    id: 'bind-default-account',
    controls: { cis: '5.1.5', kubescape: 'C-0189', checkov: 'CKV_K8S_41, CKV_K8S_42' },
    does: 'gives rights to the account of every pod that names none',
    gives: 'an intruder in any such pod of the namespace has them',
    next: 'make an account for the pods that need it, name it in serviceAccountName, and bind that',
  },
  'missing-account': {
    id: 'missing-account',
    controls: {},
    does: 'gives rights to an account that is not in this tree',
    gives: 'whoever may make an account of that name has them',
    next: 'correct its name or namespace, or take the subject out, unless a chart, an operator or another repository makes the account',
  },
  'missing-role': {
    id: 'missing-role',
    controls: {},
    does: 'binds a role that is not in this tree',
    gives: 'whatever is called so later is given to the subjects, unseen',
    next: 'correct the name, or take the binding out, unless a chart, an operator or another repository makes the role',
  },
} as const satisfies Readonly<Record<string, RbacRule>>;
