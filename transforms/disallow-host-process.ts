import type { Change } from '../src/core/change.js';
import { BY_LEVEL } from '../src/kube/decisions/host.js';
import { HOST_PROCESS, mayBeHostProcess, WINDOWS_OPTIONS } from '../src/kube/decisions/host-processes.js';
import { finding } from '../src/kube/finding.js';
import { REACHES_SUPPRESSED } from '../src/kube/levels.js';
import { defineTransform, type PodView, type View } from '../src/kube/types.js';

/**
 * A Windows container with `hostProcess: true` is a process of its node: it sees the node's files, devices and network, and may
 * be `NT AUTHORITY\SYSTEM` there.
 *
 * All containers of a pod are such processes or none is, so the field is removed from the pod and from all its containers at
 * once.
 *
 * ## Risk
 * High: someone wrote it, and only a run for a level of the Pod Security Standards removes it. As a container, the program no longer
 * sees the node's files but those of its image and its volumes, and can no longer manage the node. Agents that set up networks,
 * storage or drivers on the node need the field: suppress the finding there.
 *
 * `runAsUserName` stays as it is; its accounts are those of the container then. `hostNetwork: true`, without which the API
 * server refuses the field, is the business of `disallow-host-namespaces`.
 *
 * ## References
 * - [Pod Security Standards: HostProcess](https://kubernetes.io/docs/concepts/security/pod-security-standards/#baseline)
 * - [Create a Windows HostProcess pod](https://kubernetes.io/docs/tasks/configure-pod-container/create-hostprocess-pod/)
 */
export const disallowHostProcess = defineTransform({
  id: 'disallow-host-process',
  title: 'Remove hostProcess: true from Windows containers',
  risk: 'high',
  checks: ['windowsHostProcess'],
  words: ['hostProcess'],
  *check({ pod, containers, level, isSuppressed }) {
    const concerned = [pod, ...containers].filter((view) => mayBeHostProcess(pod, view));
    if (concerned.length === 0) return;
    const isSaid = concerned.some((view) => view.get(HOST_PROCESS).is(true));
    const names = concerned.filter((view) => view !== pod).map(({ subject }) => subject);
    yield finding(pod, isSaid ? 'hostProcess: true' : 'may be a process of the host', {
      changes: concerned.map((view) => removeHostProcess(pod, view)),
      risk: 'high',
      evidence: names.length === 0 ? 'someone wrote it' : `someone wrote it on ${names.join(', ')}`,
      unless: pod.hidesContainers
        ? HIDDEN
        : containers.some(isSuppressed)
          ? REACHES_SUPPRESSED
          : level === undefined && isSaid && WORK,
    });
  },
});

/** Nobody becomes a process of the node by mistake. */
const WORK = `such processes are there to work on the node; ${BY_LEVEL}`;

const HIDDEN = 'it holds for all containers or none, and some of them cannot be read here';

/**
 * The options go with their only key, but where nothing else tells that the pod is for Windows: those of the pod, else those of its
 * containers stay, empty. The security context stays, since others may write into it.
 */
function removeHostProcess(pod: PodView, view: View): Change {
  const isOnlyKey = view.get(WINDOWS_OPTIONS).is({ hostProcess: true });
  const isHint = pod.os === 'maybe-windows' && (view === pod || pod.get(WINDOWS_OPTIONS).state !== 'set');
  return view.remove(isOnlyKey && !isHint ? WINDOWS_OPTIONS : HOST_PROCESS);
}
