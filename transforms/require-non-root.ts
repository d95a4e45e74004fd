import type { Finding, Risk } from '../src/core/finding.js';
import { highest } from '../src/core/finding.js';
import { canRunAsNonRoot } from '../src/kube/decisions/user.js';
import { finding } from '../src/kube/finding.js';
import { MAYBE_WINDOWS, needsContainerLevel, REACHES_SUPPRESSED } from '../src/kube/levels.js';
import { type ContainerView, defineTransform, type TransformContext, type View } from '../src/kube/types.js';

/**
 * With `runAsNonRoot` the kubelet refuses to start a container as root, whatever its image says.
 *
 * ## Risk
 * Low where a numeric `runAsUser` is in force, medium where the image is known to start as a numeric user, else high: the kubelet
 * does not start an image without such a user. No change is offered where it is known to refuse: root by the manifest or by the
 * image, and users that the image names instead of numbering.
 *
 * ## References
 * - [Pod Security Standards: running as non-root](https://kubernetes.io/docs/concepts/security/pod-security-standards/#restricted)
 * - [Configure a security context](https://kubernetes.io/docs/tasks/configure-pod-container/security-context/)
 */
export const requireNonRoot = defineTransform({
  id: 'require-non-root',
  title: 'Set runAsNonRoot: true',
  risk: 'high',
  controls: {
    pss: 'restricted',
    nsa: 'pod-security',
    cis: '5.2.7',
    kubescape: 'C-0013',
    checkov: 'CKV_K8S_23',
    trivy: 'KSV012',
  },
  // What those conclude from a user must not rest on a guess of this one.
  after: ['drop-capabilities', 'disallow-privilege-escalation'],
  *check(context) {
    const { pod, containers, isSuppressed } = context;
    const ofPod = pod.get(FIELD);
    const open = containers.filter(leavesItToThePod);
    // One that says otherwise is its own matter, whatever the pod says.
    for (const container of containers) {
      const isWrong = !open.includes(container) && !container.securityContext.runAsNonRoot.is(true);
      if (isWrong) yield propose(context, container, [container]);
    }
    if (ofPod.is(true) || (ofPod.state === 'absent' && open.length === 0)) return;
    // The pod's value would also reach a container of which nothing can be read.
    const isSeen =
      !pod.hidesContainers && containers.every(({ securityContext }) => securityContext.runAsNonRoot.state !== 'opaque');
    const isForAll = open.every((container) => canRunAsNonRoot(container).answer.isPossible);
    if (isSeen && isForAll && !needsContainerLevel(context)) {
      yield propose(context, pod, open);
      return;
    }
    for (const container of open) yield propose(context, container, [container]);
    if (ofPod.state === 'absent') return;
    const rest = containers.filter(leavesItToThePod);
    yield propose(context, pod, rest, rest.some(isSuppressed) ? REACHES_SUPPRESSED : undefined);
  },
});

const FIELD = 'securityContext.runAsNonRoot';

function leavesItToThePod(container: ContainerView): boolean {
  return container.securityContext.runAsNonRoot.state === 'absent';
}

/** A finding about the pod or a container, for the containers that it concerns. */
function propose({ pod }: TransformContext, view: View, concerned: readonly ContainerView[], obstacle?: string): Finding {
  const written = view.get(FIELD);
  const decisions = pod.os === 'windows' ? [] : concerned.map(canRunAsNonRoot);
  const refusal = obstacle ?? decisions.find(({ answer }) => !answer.isPossible)?.answer.refusal;
  const evidence = decisions.map((decision) => decision.evidence);
  // What the pod says is overruled for this container.
  if (pod.get(FIELD).state === 'set' && written.state === 'absent') evidence.unshift('the pod says otherwise');
  if (written.state === 'set') evidence.unshift('someone wrote it');
  if (pod.os === 'windows') evidence.push('whether it runs as ContainerAdministrator is not known');
  const isDecided = pod.os === 'windows' || written.state === 'set' || pod.get(FIELD).state === 'set';
  return finding(view, written.state === 'set' ? `runAsNonRoot: ${written.value}` : 'may run as root', {
    changes: refusal === undefined ? [view.set(FIELD, true)] : [],
    risk: isDecided ? 'high' : riskOf(decisions),
    evidence: [...new Set(evidence)].filter((text) => text !== undefined).join('; '),
    unless: pod.os === 'maybe-windows' ? MAYBE_WINDOWS : refusal,
  });
}

function riskOf(decisions: readonly { readonly risk: Risk }[]): Risk {
  // Without a container there is nothing to judge by.
  return decisions.length === 0 ? 'high' : highest(decisions.map(({ risk }) => risk));
}
