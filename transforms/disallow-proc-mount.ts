import { finding } from '../src/kube/finding.js';
import { defineTransform, type TransformContext } from '../src/kube/types.js';
import { policiesOf } from '../src/kube/versions/policy.js';

/**
 * Container runtimes mask parts of `/proc`, which tell of the node's kernel or change it. `procMount: Unmasked` takes the masks
 * off.
 *
 * The field is removed, which is the same as `Default`. Since Kubernetes 1.35 the baseline standard lets pods with a user
 * namespace (`hostUsers: false`) be unmasked: those stay, unless a version before it or the restricted standard is asked for.
 *
 * ## Risk
 * High: someone wrote it. Containers that build or run containers themselves (BuildKit, Buildah, Podman) need it to mount a
 * `/proc` of their own.
 *
 * ## References
 * - [Pod Security Standards: /proc mount type](https://kubernetes.io/docs/concepts/security/pod-security-standards/#baseline)
 * - [Access to the /proc filesystem](https://kubernetes.io/docs/tasks/configure-pod-container/security-context/#proc-access)
 */
export const disallowProcMount = defineTransform({
  id: 'disallow-proc-mount',
  title: 'Remove procMount: Unmasked from every container',
  risk: 'high',
  checks: ['procMount', 'procMount_restricted'],
  words: ['procMount'],
  *check(context) {
    if (isTolerated(context)) return;
    for (const container of context.containers) {
      const { procMount } = container.securityContext;
      if (procMount.state === 'absent' || procMount.is('Default')) continue;
      yield finding(container, procMount.state === 'set' ? `procMount: ${procMount.value}` : 'may be unmasked', {
        changes: [container.remove('securityContext.procMount')],
        risk: 'high',
        evidence: 'someone wrote it',
      });
    }
  },
});

/** Where the run is for a level, the level says so itself. */
function isTolerated({ level, pod, versions }: TransformContext): boolean {
  const isRelaxed = policiesOf(versions).every(({ relaxesUserNamespaces }) => relaxesUserNamespaces);
  return level === undefined && isRelaxed && pod.get('hostUsers').is(false);
}
