import type { Path } from '../src/core/json.js';
import { finding } from '../src/kube/finding.js';
import { isPartOf } from '../src/kube/pod-security/evaluate.js';
import { type ContainerView, defineTransform, type Field } from '../src/kube/types.js';

/**
 * The kubelet makes the request of a probe or of a lifecycle handler. With a `host`, it makes it to any address that the node
 * reaches, its own loopback included: whoever writes a pod can then scan and call what only the node is meant to.
 *
 * The Pod Security Standards forbid every `host` since Kubernetes 1.34, `127.0.0.1` too, so nothing is found in manifests for
 * older versions only.
 *
 * ## Risk
 * High: someone wrote it. The request goes to the address of the pod then. A program that listens on `127.0.0.1` only does not
 * answer there: let it listen on all addresses, or use an `exec` probe. One that chooses a site by its name needs the header
 * `Host` among `httpHeaders`. What is to call another machine, to register there for instance, calls the pod instead: let an
 * `exec` handler do it.
 *
 * ## References
 * - [Pod Security Standards: host probes](https://kubernetes.io/docs/concepts/security/pod-security-standards/#baseline)
 * - [Configure probes](https://kubernetes.io/docs/tasks/configure-pod-container/configure-liveness-readiness-startup-probes/)
 */
export const disallowHostProbes = defineTransform({
  id: 'disallow-host-probes',
  title: 'Remove host from probes and lifecycle handlers',
  risk: 'high',
  checks: ['hostProbesAndHostLifecycle'],
  words: ['host'],
  *check({ containers, versions }) {
    if (!isPartOf('hostProbesAndHostLifecycle', 'baseline', versions)) return;
    for (const container of containers) {
      const hosts = [...findHosts(container)];
      if (hosts.length === 0) continue;
      yield finding(container, hosts.map(describe).join(', '), {
        changes: hosts.map(({ action }) => container.remove([...action, 'host'])),
        risk: 'high',
        evidence: "someone wrote it; without it the pod's IP is asked, where what listens on 127.0.0.1 only does not answer",
      });
    }
  },
});

const HANDLERS: readonly Path[] = [
  ['livenessProbe'],
  ['readinessProbe'],
  ['startupProbe'],
  ['lifecycle', 'postStart'],
  ['lifecycle', 'preStop'],
];

interface Host {
  readonly handler: Path;
  readonly action: Path;
  readonly host: Field;
}

function* findHosts(container: ContainerView): Iterable<Host> {
  for (const handler of HANDLERS) {
    for (const key of ['httpGet', 'tcpSocket']) {
      const action = [...handler, key];
      const host = container.get([...action, 'host']);
      const isNamed = typeof host.value === 'string' && host.value !== '';
      // A variable for the whole action says nothing of a host.
      const isVariable = host.state === 'opaque' && container.get(action).state === 'set';
      if (isNamed || isVariable) yield { handler, action, host };
    }
  }
}

/** `livenessProbe asks 127.0.0.1` */
function describe({ handler, host }: Host): string {
  return `${handler.at(-1)} ${host.state === 'set' ? `asks ${host.value}` : 'may ask another host'}`;
}
