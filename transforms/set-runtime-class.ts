import { readNodeWork } from '../src/kube/decisions/node-work.js';
import { findOwnFields, findWindows, needed, type Obstacle } from '../src/kube/decisions/obstacle.js';
import { finding } from '../src/kube/finding.js';
import { REACHES_SUPPRESSED } from '../src/kube/levels.js';
import { objectName } from '../src/kube/settings.js';
import { defineTransform, type TransformContext } from '../src/kube/types.js';

const RUNTIME_CLASS = { group: 'node.k8s.io', kind: 'RuntimeClass' };

/**
 * A container shares the kernel of its node with all others. A runtime such as gVisor or Kata Containers puts a kernel of its own
 * between them; a pod asks for it by the name of a `RuntimeClass`. Which one there is, you say: `name`. Without it nothing is looked
 * for. A pod that names one keeps it.
 *
 * No change is offered for what a sandbox keeps from its work: pods in a namespace of the host, privileged containers, and what works
 * on its node.
 *
 * ## Risk
 * High: the API server refuses the pod where there is no such `RuntimeClass`, the nodes need the runtime, and a sandbox does not have
 * every system call, device or speed of the node's kernel.
 *
 * ## References
 * - [Runtime class](https://kubernetes.io/docs/concepts/containers/runtime-class/)
 * - [gVisor: Kubernetes](https://gvisor.dev/docs/user_guide/quick_start/kubernetes/)
 */
export const setRuntimeClass = defineTransform({
  id: 'set-runtime-class',
  title: 'Set the runtimeClassName of a sandbox that you name',
  risk: 'high',
  // What is written stays, so that a patch weakens nothing of it.
  writtenWords: [],
  settings: { name: objectName('the RuntimeClass of pods that name none') },
  asksFor: [RUNTIME_CLASS],
  // What they take away does not go with it.
  after: ['disallow-host-namespaces', 'disallow-privileged'],
  *check(context, { name }) {
    const { pod, containers, isSuppressed } = context;
    if (name === undefined || pod.get('runtimeClassName').state !== 'absent') return;
    yield finding(pod, 'shares the kernel of its node (no runtimeClassName)', {
      changes: [pod.set('runtimeClassName', name)],
      risk: 'high',
      evidence: describeClass(context, name),
      ...(findNeed(context) ?? { unless: containers.some(isSuppressed) && REACHES_SUPPRESSED }),
    });
  },
});

function describeClass({ index, ref }: TransformContext, name: string): string {
  const found = index.objectsNear(ref, RUNTIME_CLASS).find((object) => object.name === name);
  if (found === undefined)
    return `no RuntimeClass "${name}" is in these files: the API server refuses the pods where there is none`;
  return `${found.where}; its nodes need the runtime`;
}

function findNeed(context: TransformContext): Obstacle | undefined {
  const { pod, containers } = context;
  const shared = ['hostNetwork', 'hostPID', 'hostIPC'].find((field) => ['set', 'opaque'].includes(stateOf(context, field)));
  if (shared !== undefined) return needed(`${shared}: a sandbox has namespaces of its own`);
  const privileged = containers.find(({ securityContext }) => {
    const field = securityContext.privileged;
    return field.is(true) || field.state === 'opaque';
  });
  if (privileged !== undefined) return needed(`privileged: true of ${privileged.subject} would not reach the node`);
  const work = readNodeWork(context);
  const need = containers.map(work.findNeed).find((found) => found !== undefined);
  return need ?? findWindows(pod.os) ?? findOwnFields(pod, 'runtimeClassName');
}

/** `absent` for an explicit `false`, too. */
function stateOf({ pod }: TransformContext, field: string): string {
  return pod.get(field).is(false) ? 'absent' : pod.get(field).state;
}
