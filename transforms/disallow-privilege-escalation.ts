import { isList, valueAt } from '../src/core/json.js';
import { readNodeWork } from '../src/kube/decisions/node-work.js';
import { findUnknown, findWindows, needed, type Obstacle } from '../src/kube/decisions/obstacle.js';
import { needsEscalation } from '../src/kube/decisions/privilege-escalation.js';
import { finding } from '../src/kube/finding.js';
import { isOpaque } from '../src/kube/opaque.js';
import { type ContainerView, defineTransform } from '../src/kube/types.js';

/**
 * A process may gain more privileges than its parent unless `allowPrivilegeEscalation` is `false`.
 *
 * ## Risk
 * Medium: a program that relies on a set-uid binary (`sudo`, `ping`) or on file capabilities stops working; `gosu` and `su-exec` go
 * on. High where the image is known to rely on them, where its command or its added capabilities hint at it, and where someone wrote
 * `true`. No change is offered where the container needs privilege, since the API server refuses the two together, nor, unless the run
 * is for a level of the Pod Security Standards, where it shows signs of work on its node.
 *
 * ## References
 * - [Pod Security Standards: privilege escalation](https://kubernetes.io/docs/concepts/security/pod-security-standards/#restricted)
 * - [Configure a security context](https://kubernetes.io/docs/tasks/configure-pod-container/security-context/)
 */
export const disallowPrivilegeEscalation = defineTransform({
  id: 'disallow-privilege-escalation',
  title: 'Set allowPrivilegeEscalation: false on every container',
  risk: 'medium',
  writtenWords: ['securityContext'],
  checks: ['allowPrivilegeEscalation'],
  after: ['disallow-privileged', 'drop-capabilities'],
  *check(context) {
    const { pod, containers, level, versions } = context;
    const { os } = pod;
    if (os === 'windows' && level === undefined) return;
    const work = readNodeWork(context);
    const obstacle = findWindows(os) ?? findUnknown('allowPrivilegeEscalation', versions);
    for (const container of containers) {
      const { allowPrivilegeEscalation } = container.securityContext;
      if (allowPrivilegeEscalation.is(false)) continue; // set, absent or opaque: the engine holds what is opaque
      const isWritten = allowPrivilegeEscalation.state === 'set';
      const { risk, evidence } = needsEscalation(container, pod);
      yield finding(container, isWritten ? `allowPrivilegeEscalation: ${allowPrivilegeEscalation.value}` : UNSAID, {
        changes: [container.set('securityContext.allowPrivilegeEscalation', false)],
        risk: isWritten ? 'high' : risk,
        evidence: isWritten ? ['someone wrote it', ...evidence] : evidence,
        ...(obstacle ?? findContradiction(container) ?? work.findNeed(container)),
      });
    }
  },
});

const UNSAID = 'may gain more privileges than its parent';

/** What the API server refuses together with `false`. */
function findContradiction(container: ContainerView): Obstacle | undefined {
  const { privileged, capabilities } = container.securityContext;
  if (privileged.is(true)) return needed('privileged: true stands beside it; fix that first');
  if (privileged.state === 'opaque') return { unless: 'what stands beside it in privileged is a variable' };
  const add = container.get('securityContext.capabilities.add');
  // In just this spelling: SYS_ADMIN passes.
  if (isList(add.value) && add.value.includes('CAP_SYS_ADMIN')) return needed('CAP_SYS_ADMIN is added beside it; fix that first');
  const isUnread = isOpaque(valueAt(capabilities.value, ['add'])) || (isList(add.value) && add.value.some(isOpaque));
  return isUnread ? { unless: 'what stands beside it in capabilities.add is a variable' } : undefined;
}
