import { isList, isObject, type Path } from '../src/core/json.js';
import { BY_LEVEL } from '../src/kube/decisions/host.js';
import { readNodeWork } from '../src/kube/decisions/node-work.js';
import type { Obstacle } from '../src/kube/decisions/obstacle.js';
import { finding } from '../src/kube/finding.js';
import { type ContainerView, defineTransform, type PodView, type TransformContext } from '../src/kube/types.js';

/**
 * A `hostPort` opens a port of the node to whoever reaches the node, past any Service, and only one such pod fits on a node.
 *
 * `hostIP`, which says nothing without it, goes in the same change. The ports of the container stay.
 *
 * ## Risk
 * High: someone wrote it, and clients may use the address of the node. Give them a Service instead, of type `NodePort` or
 * `LoadBalancer` for those outside of the cluster.
 *
 * In a DaemonSet, and for what works on its node, it is left to a person, unless the run is for a level of the Pod Security Standards.
 *
 * No change is offered beside `hostNetwork: true`, with which every port is a port of the node, whether it says so or not: see
 * `disallow-host-namespaces`.
 *
 * ## References
 * - [Pod Security Standards: host ports](https://kubernetes.io/docs/concepts/security/pod-security-standards/#baseline)
 * - [Configuration good practices](https://kubernetes.io/docs/concepts/configuration/overview/#services)
 */
export const disallowHostPorts = defineTransform({
  id: 'disallow-host-ports',
  title: 'Remove hostPort from every port',
  risk: 'high',
  checks: ['hostPorts'],
  words: ['hostPort'],
  after: ['disallow-host-namespaces'],
  *check(context) {
    const { pod, containers } = context;
    const work = readNodeWork(context);
    for (const container of containers) {
      const ports = [...findHostPorts(container)];
      if (ports.length === 0) continue;
      const numbers = ports.map((port) => container.get([...port, 'hostPort']).value).filter((value) => value !== undefined);
      yield finding(container, numbers.length > 0 ? `hostPort ${numbers.join(', ')}` : 'may take a port of the host', {
        changes: ports.flatMap((port) => [
          container.remove([...port, 'hostPort']),
          ...(container.get([...port, 'hostIP']).state === 'absent' ? [] : [container.remove([...port, 'hostIP'])]),
        ]),
        risk: 'high',
        evidence: 'someone wrote it',
        ...(findAgent(context, work.findNeed(container)) ?? { unless: findHostNetwork(pod) }),
      });
    }
  },
});

/** What runs on each node is asked for there, unless the run is for a level, which forbids it. */
function findAgent({ ref, level }: TransformContext, need: Obstacle | undefined): Obstacle | undefined {
  if (level !== undefined) return undefined;
  if (need !== undefined) return { ...need, unless: `${need.unless}; ${BY_LEVEL}` };
  return ref.kind === 'DaemonSet' ? { unless: `what runs on every node may be asked for there; ${BY_LEVEL}` } : undefined;
}

/** The ports that are, or may be, ports of the host too. */
function* findHostPorts(container: ContainerView): Iterable<Path> {
  const { value } = container.get('ports');
  for (const [position, port] of isList(value) ? value.entries() : []) {
    const hostPort = container.get(['ports', position, 'hostPort']);
    const isNumber = typeof hostPort.value === 'number' && hostPort.value !== 0;
    if (isObject(port) && (isNumber || hostPort.state === 'opaque')) yield ['ports', position];
  }
}

/** The API server fills a port in that is missing. */
function findHostNetwork(pod: PodView): string | undefined {
  const { state } = pod.get('hostNetwork');
  if (pod.get('hostNetwork').is(true)) return 'hostNetwork: true gives every port one; fix that first';
  return state === 'opaque' ? 'hostNetwork may give every port one; fix that first' : undefined;
}
