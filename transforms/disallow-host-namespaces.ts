import type { Change } from '../src/core/change.js';
import { findHostNeed } from '../src/kube/decisions/host.js';
import { mayBeHostProcess } from '../src/kube/decisions/host-processes.js';
import { knowImage } from '../src/kube/decisions/image.js';
import { readNodeWork } from '../src/kube/decisions/node-work.js';
import { needed, type Obstacle } from '../src/kube/decisions/obstacle.js';
import { finding } from '../src/kube/finding.js';
import { REACHES_SUPPRESSED } from '../src/kube/levels.js';
import { defineTransform, type PodView, type TransformContext } from '../src/kube/types.js';

/**
 * A pod in the namespaces of its node is not kept apart from it: with `hostNetwork` it reaches what listens on the node's
 * loopback, and most network plugins hold it to no NetworkPolicy; with `hostPID` it sees every process of the node, and may
 * reach their files and memory; with `hostIPC` it shares their memory segments and queues.
 *
 * ## Risk
 * High: someone wrote it, and the pod may need it. Without `hostNetwork` the pod has an address of its own, and its ports are no
 * longer those of the node: others find it through a Service. `dnsPolicy: ClusterFirstWithHostNet` means `ClusterFirst` then,
 * and goes in the same change. Where `hostPID` served the containers of one pod to see each other, `shareProcessNamespace: true`
 * does.
 *
 * So they go only where all images of the pod are known to do no work on the node, and nothing else in the pod does; in a run for a
 * level of the Pod Security Standards, which asks for it, also where that is not known.
 *
 * No change is offered for images that are known to need the namespace, and none for `hostNetwork` while a container is a
 * Windows HostProcess, which the API server takes on the host's network only. An explicit `false` stays.
 *
 * ## References
 * - [Pod Security Standards: host namespaces](https://kubernetes.io/docs/concepts/security/pod-security-standards/#baseline)
 * - [DNS policy of a pod](https://kubernetes.io/docs/concepts/services-networking/dns-pod-service/#pod-s-dns-policy)
 */
export const disallowHostNamespaces = defineTransform({
  id: 'disallow-host-namespaces',
  title: 'Remove hostNetwork, hostPID and hostIPC',
  risk: 'high',
  checks: ['hostNamespaces'],
  words: ['hostNetwork', 'hostPID', 'hostIPC'],
  // It needs hostNetwork.
  after: ['disallow-host-process'],
  *check(context) {
    const { pod, containers, isSuppressed } = context;
    const work = readNodeWork(context);
    for (const [field, namespace] of Object.entries(NAMESPACES)) {
      const isShared = pod.get(field).is(true);
      if (!isShared && pod.get(field).state !== 'opaque') continue;
      const changes = [pod.remove(field), ...(field === 'hostNetwork' ? removeDnsPolicy(pod) : [])];
      yield finding(pod, isShared ? `${field}: true` : `may share the host's ${namespace} namespace`, {
        changes,
        risk: 'high',
        evidence:
          changes.length > 1 ? `someone wrote it, and ${HOST_NET}, which means ClusterFirst without it` : 'someone wrote it',
        ...(findNeed(context, field) ??
          findHostNeed(context, work) ?? { unless: containers.some(isSuppressed) && REACHES_SUPPRESSED }),
      });
    }
  },
});

const NAMESPACES = { hostNetwork: 'network', hostPID: 'PID', hostIPC: 'IPC' };

const HOST_NET = 'dnsPolicy: ClusterFirstWithHostNet';

function removeDnsPolicy(pod: PodView): readonly Change[] {
  return pod.get('dnsPolicy').is('ClusterFirstWithHostNet') ? [pod.remove('dnsPolicy')] : [];
}

function findNeed({ pod, containers }: TransformContext, field: string): Obstacle | undefined {
  if (field === 'hostNetwork' && [pod, ...containers].some((view) => mayBeHostProcess(pod, view))) {
    return needed('hostProcess needs it; fix that first');
  }
  for (const container of containers) {
    const known = knowImage(container);
    if (known?.facts.host.some((access) => access === field)) {
      return needed(`${known.cited} works on the host by nature (${known.facts.host.join(', ')})`);
    }
  }
  return undefined;
}
