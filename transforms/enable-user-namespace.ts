import { describeNodes, findHostUser } from '../src/kube/decisions/user-namespace.js';
import { finding } from '../src/kube/finding.js';
import { REACHES_SUPPRESSED } from '../src/kube/levels.js';
import { defineTransform } from '../src/kube/types.js';

/**
 * With `hostUsers: false` the users of a pod are others on the node: root in the container is nobody there, so that what breaks out of
 * it can do little. Capabilities count only within the pod. API servers keep the field without a feature gate from Kubernetes 1.33 on;
 * for older versions nothing is written.
 *
 * No change is offered beside what does not go with it: a namespace of the host, raw block devices (`volumeDevices`), privilege and
 * capabilities that only count on the node, Windows, work on the node, ids above 65535, and volumes whose file systems may not support
 * idmapped mounts: NFS, SMB and folders of the host. What stands behind a claim is not known; the finding says so.
 *
 * From 1.35 on the Pod Security Standards allow root and `procMount: Unmasked` in such pods.
 *
 * ## Risk
 * High: a node whose kernel or container runtime does not support it does not start the pod (before containerd 2.0, the field was
 * ignored), and a volume without idmapped mounts shows its files as nobody's. An explicit `hostUsers: true` is changed as well, since
 * it is no more than the default.
 *
 * ## References
 * - [User namespaces](https://kubernetes.io/docs/concepts/workloads/pods/user-namespaces/)
 * - [Use a user namespace with a pod](https://kubernetes.io/docs/tasks/configure-pod-container/user-namespaces/)
 */
export const enableUserNamespace = defineTransform({
  id: 'enable-user-namespace',
  title: 'Set hostUsers: false, so that root in the pod is not root on the node',
  risk: 'high',
  writtenWords: ['hostUsers'],
  // What they take away does not go with it; what they ask of users holds with it or without.
  after: ['disallow-host-namespaces', 'disallow-privileged', 'set-user-group', 'require-non-root', 'disallow-proc-mount'],
  *check(context) {
    const { pod, containers, isSuppressed } = context;
    const field = pod.get('hostUsers');
    if (field.is(false)) return;
    const isWritten = field.state === 'set';
    yield finding(pod, isWritten ? `hostUsers: ${String(field.value)}` : 'root in it is root on its node (no hostUsers: false)', {
      changes: [pod.set('hostUsers', false)],
      risk: 'high',
      evidence: [...(isWritten ? ['someone wrote it'] : []), ...describeNodes(context)],
      ...(findHostUser(context) ?? { unless: containers.some(isSuppressed) && REACHES_SUPPRESSED }),
    });
  },
});
