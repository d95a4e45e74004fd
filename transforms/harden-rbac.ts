import type { Finding } from '../src/core/finding.js';
import { formatPath } from '../src/core/json.js';
import { report } from '../src/kube/finding.js';
import { judgeBinding } from '../src/kube/rbac/bindings.js';
import { judgeRole } from '../src/kube/rbac/roles.js';
import { findInTree } from '../src/kube/rbac/tree.js';
import type { RbacProblem } from '../src/kube/rbac/types.js';
import { ACCOUNT_KIND, RBAC_KINDS, readUses } from '../src/kube/rbac/uses.js';
import { isDefault } from '../src/kube/rbac/well-known.js';
import { defineTransform, type ObjectContext, type View } from '../src/kube/types.js';

/**
 * A right that a role gives is a right of whoever breaks into a pod with that role. Reports, each at its line, with what it gives an
 * intruder and what to do: wildcards, rights by which one gets more rights or other people's data, and bindings to cluster-admin, to
 * the default account, to everybody, or to what is not in the tree. [Roles and bindings](../rbac.md) lists all of it, with the ids of
 * other tools, and what is left out.
 *
 * Nothing is changed: which rights a program uses, no manifest says. `resourceNames`, who binds a role, and where, are part of what is
 * reported. RBAC of `kube-system` is looked at unasked, since what is bound there reaches the whole cluster.
 *
 * ## Risk
 * High for whoever makes the change: a program without a right that it uses stops working, some only later. The audit log has the
 * verbs and resources that an account has used.
 *
 * ## References
 * - [Role Based Access Control Good Practices](https://kubernetes.io/docs/concepts/security/rbac-good-practices/)
 * - [Using RBAC Authorization](https://kubernetes.io/docs/reference/access-authn-authz/rbac/)
 * - [Auditing](https://kubernetes.io/docs/tasks/debug/debug-cluster/audit/)
 */
export const hardenRbac = defineTransform({
  id: 'harden-rbac',
  title: 'Report rights that give an intruder more than a program needs',
  risk: 'report',
  seesSystem: true,
  asksFor: [...RBAC_KINDS, ACCOUNT_KIND],
  objects: {
    kinds: RBAC_KINDS,
    check(context) {
      return context.ref.kind.endsWith('Binding') ? checkBinding(context) : checkRole(context);
    },
  },
});

function* checkRole({ object, ref, index }: ObjectContext): Iterable<Finding> {
  // Kubernetes writes the rules of those that take in others.
  if (isDefault(object) || object.get('aggregationRule').state !== 'absent') return;
  const { reach, told } = readUses(object, ref, index);
  for (const { at, problems } of judgeRole(object, reach)) {
    for (const problem of problems) {
      const finding = describe(object, problem, formatPath(at.path));
      yield told ? { ...finding, unless: `${problem.reason}; ${told.short}`, evidence: told.long } : finding;
    }
  }
}

function* checkBinding({ object, ref, index }: ObjectContext): Iterable<Finding> {
  if (isDefault(object)) return;
  const problems = judgeBinding(object, ref.kind === 'ClusterRoleBinding', findInTree(ref, index));
  for (const problem of problems) yield describe(object, problem, problem.subject);
}

function describe(object: View, { rule, path, message, reason }: RbacProblem, subject: string): Finding {
  return { ...report(object, message, reason, path), subject, rule: rule.id };
}
