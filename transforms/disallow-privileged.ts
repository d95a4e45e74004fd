import { isList, isObject } from '../src/core/json.js';
import { knowImage } from '../src/kube/decisions/image.js';
import { readNodeWork } from '../src/kube/decisions/node-work.js';
import { findWindows, needed, type Obstacle } from '../src/kube/decisions/obstacle.js';
import { finding } from '../src/kube/finding.js';
import { type ContainerView, defineTransform } from '../src/kube/types.js';

/**
 * A privileged container has every capability and every device of its node: whoever breaks into it owns the node.
 *
 * ## Risk
 * High: someone wrote it, and the container may need it. Nothing is changed where it is known to: beside a `Bidirectional` mount,
 * which the API server takes from privileged containers only, on images that work on the host by nature, and on containers that show
 * signs of work on their node, unless the run is for a level of the Pod Security Standards. On Windows the field itself is refused,
 * whatever it says, so it is removed.
 *
 * ## References
 * - [Pod Security Standards: privileged containers](https://kubernetes.io/docs/concepts/security/pod-security-standards/#baseline)
 * - [Linux kernel security constraints](https://kubernetes.io/docs/concepts/security/linux-kernel-security-constraints/#privileged-containers)
 */
export const disallowPrivileged = defineTransform({
  id: 'disallow-privileged',
  title: 'Set privileged: false on every container',
  risk: 'high',
  checks: ['privileged'],
  words: ['privileged'],
  *check(context) {
    const { containers, level } = context;
    const { os } = context.pod;
    const work = readNodeWork(context);
    const isWindows = os === 'windows';
    for (const container of containers) {
      const { privileged } = container.securityContext;
      const isRefused = isWindows && level === undefined && privileged.is(false);
      if (!privileged.is(true) && privileged.state !== 'opaque' && !isRefused) continue;
      // What is absent is false, on Windows too.
      const removes = isWindows || (os === 'maybe-windows' && level !== undefined);
      yield finding(container, privileged.state === 'set' ? `privileged: ${privileged.value}` : 'may be privileged', {
        changes: [removes ? container.remove('securityContext.privileged') : container.set('securityContext.privileged', false)],
        risk: 'high',
        evidence: isWindows ? 'refused on Windows' : 'someone wrote it',
        ...((removes ? undefined : findWindows(os)) ?? findNeed(container) ?? work.findNeed(container)),
      });
    }
  },
});

function findNeed(container: ContainerView): Obstacle | undefined {
  const mounts = container.get('volumeMounts').value;
  const shared = isList(mounts) && mounts.find((mount) => isObject(mount) && mount.mountPropagation === 'Bidirectional');
  if (isObject(shared)) {
    return needed(`mount "${shared.name}" is Bidirectional, which only a privileged container may have`);
  }
  const known = knowImage(container);
  if (known === undefined || known.facts.host.length === 0) return undefined;
  return needed(`${known.cited} works on the host by nature (${known.facts.host.join(', ')})`);
}
