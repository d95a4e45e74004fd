import type { Finding, Risk } from '../src/core/finding.js';
import { highest } from '../src/core/finding.js';
import type { Decision } from '../src/kube/decisions/decision.js';
import { readNodeWork } from '../src/kube/decisions/node-work.js';
import { findWindows, needed, type Obstacle } from '../src/kube/decisions/obstacle.js';
import { listHostVolumes } from '../src/kube/decisions/root-work.js';
import { canRunAsNonRoot, keepRoot, type NonRootAnswer } from '../src/kube/decisions/user.js';
import { finding } from '../src/kube/finding.js';
import { needsContainerLevel, REACHES_SUPPRESSED } from '../src/kube/levels.js';
import { choice } from '../src/kube/settings.js';
import { type ContainerView, defineTransform, type PodView, type View } from '../src/kube/types.js';

/**
 * With `runAsNonRoot` the kubelet refuses to start a container as root, whatever its image says.
 *
 * ## Risk
 * Low where a numeric `runAsUser` is in force, medium where the image is known to start as a numeric user, else high: the kubelet
 * does not start an image without such a user. No change is offered where it is known to refuse: root by the manifest or by the
 * image, and users that the image names instead of numbering. The setting `root-images` asks for it on such images all the same; they
 * start again once the image, or `runAsUser`, is changed.
 *
 * Where the user is not known, nothing is offered to containers that show signs of work on their node, mount folders of it, or share a
 * volume with one that does, unless the run is for a level of the Pod Security Standards.
 *
 * ## References
 * - [Pod Security Standards: running as non-root](https://kubernetes.io/docs/concepts/security/pod-security-standards/#restricted)
 * - [Configure a security context](https://kubernetes.io/docs/tasks/configure-pod-container/security-context/)
 */
export const requireNonRoot = defineTransform({
  id: 'require-non-root',
  title: 'Set runAsNonRoot: true',
  risk: 'high',
  writtenWords: ['securityContext'],
  checks: ['runAsNonRoot'],
  // What those conclude from a user must not rest on a guess of this one.
  after: ['set-user-group', 'drop-capabilities', 'disallow-privilege-escalation'],
  settings: {
    'root-images': choice('what becomes of images known to start as root, or to name their user', ['leave', 'require']),
  },
  *check(context, settings) {
    const { pod, containers, isSuppressed } = context;
    const { os } = pod;
    const hostVolumes = listHostVolumes(pod);
    const work = readNodeWork(context);
    const decide = (container: ContainerView) =>
      keepRoot(container, work) ?? canRunAsNonRoot(container, hostVolumes, settings['root-images']);
    const propose = (view: View, concerned: readonly ContainerView[], obstacle?: Obstacle) =>
      describe(pod, view, os, nameEach(concerned, concerned.map(decide)), obstacle);
    const ofPod = pod.get(FIELD);
    const open = containers.filter(leavesItToThePod);
    // One that says otherwise is its own matter, whatever the pod says.
    for (const container of containers) {
      const isWrong = !leavesItToThePod(container) && !container.securityContext.runAsNonRoot.is(true);
      if (isWrong) yield propose(container, [container]);
    }
    if (ofPod.is(true) || (ofPod.state === 'absent' && open.length === 0)) return;
    // The pod's value would also reach a container of which nothing can be read.
    const isSeen =
      !pod.hidesContainers && containers.every(({ securityContext }) => securityContext.runAsNonRoot.state !== 'opaque');
    const isForAll = open.every((container) => decide(container).answer.isPossible);
    if (isSeen && isForAll && !needsContainerLevel(context)) {
      yield propose(pod, open);
      return;
    }
    for (const container of open) yield propose(container, [container]);
    if (ofPod.state === 'absent') return;
    const rest = containers.filter(leavesItToThePod);
    yield propose(pod, rest, rest.some(isSuppressed) ? { unless: REACHES_SUPPRESSED } : undefined);
  },
});

const FIELD = 'securityContext.runAsNonRoot';

function leavesItToThePod(container: ContainerView): boolean {
  return container.securityContext.runAsNonRoot.state === 'absent';
}

/** Where containers differ, whose evidence it is. */
function nameEach(
  containers: readonly ContainerView[],
  decisions: readonly Decision<NonRootAnswer>[],
): readonly Decision<NonRootAnswer>[] {
  const evidence = new Set(decisions.flatMap((decision) => decision.evidence));
  if (evidence.size < 2) return decisions;
  return decisions.map((decision, index) => ({
    ...decision,
    evidence: decision.evidence.map((text) => `${containers[index]?.subject}: ${text}`),
  }));
}

/** A finding about the pod or a container, for the containers that were decided about. */
function describe(
  pod: PodView,
  view: View,
  os: PodView['os'],
  all: readonly Decision<NonRootAnswer>[],
  obstacle: Obstacle | undefined,
): Finding {
  const isWindows = os === 'windows';
  // Of Windows images nothing is known.
  const decisions = isWindows ? [] : all;
  const written = view.get(FIELD);
  const refusal = decisions.find(({ answer }) => !answer.isPossible)?.answer.refusal;
  const refused = obstacle ?? (refusal === undefined ? undefined : needed(refusal));
  const evidence = decisions.flatMap((decision) => decision.evidence);
  // What the pod says is overruled for this container.
  if (pod.get(FIELD).state === 'set' && written.state === 'absent') evidence.unshift('the pod says otherwise');
  if (written.state === 'set') evidence.unshift('someone wrote it');
  if (isWindows) evidence.push('whether it runs as ContainerAdministrator is not known');
  const isDecided = isWindows || written.state === 'set' || pod.get(FIELD).state === 'set';
  return finding(view, written.state === 'set' ? `runAsNonRoot: ${written.value}` : 'may run as root', {
    changes: refused === undefined ? [view.set(FIELD, true)] : [],
    risk: isDecided ? 'high' : riskOf(decisions),
    evidence: [...new Set(evidence)],
    // The field itself Windows does have.
    ...((isWindows ? undefined : findWindows(os)) ?? refused),
  });
}

function riskOf(decisions: readonly { readonly risk: Risk }[]): Risk {
  // Without a container there is nothing to judge by.
  return decisions.length === 0 ? 'high' : highest(decisions.map(({ risk }) => risk));
}
