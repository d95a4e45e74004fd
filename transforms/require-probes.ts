import { report } from '../src/kube/finding.js';
import { isOfKind } from '../src/kube/kinds.js';
import { defineTransform, type TransformContext } from '../src/kube/types.js';

/**
 * Without a readiness probe a container counts as ready from its first moment, and gets requests that it cannot answer yet. Without a
 * liveness probe one that hangs is never started again. Both hide what an attack does to a program: it looks healthy until someone
 * looks.
 *
 * One finding for each container that lacks one or both, in pods that are meant to run on: of Deployments, StatefulSets, DaemonSets,
 * ReplicaSets, and of Pods that start their containers again. Not of jobs, init containers and sidecars, which have an end, or serve the
 * containers beside them.
 *
 * ## Risk
 * Nothing is changed: which request shows that a program works, and how long its start takes, is known to its authors alone. A liveness
 * probe that is wrong restarts containers that work.
 *
 * ## References
 * - [Liveness, readiness and startup probes](https://kubernetes.io/docs/concepts/configuration/liveness-readiness-startup-probes/)
 * - [Configure probes](https://kubernetes.io/docs/tasks/configure-pod-container/configure-liveness-readiness-startup-probes/)
 */
export const requireProbes = defineTransform({
  id: 'require-probes',
  title: 'Report containers without a readiness or liveness probe',
  risk: 'report',
  writtenWords: ['readinessProbe', 'livenessProbe'],
  *check(context) {
    if (!runsOn(context)) return;
    for (const container of context.containers) {
      if (container.sort !== 'container') continue;
      const missing = ['readiness', 'liveness'].filter((probe) => container.get(`${probe}Probe`).state === 'absent');
      if (missing.length > 0) yield report(container, `no ${missing.join(' and no ')} probe`, ADVICE);
    }
  },
});

const ADVICE = 'write what shows that the program works; a liveness probe that is wrong restarts one that does';

const RUN_ON = [
  { group: '', kind: 'ReplicationController' },
  { group: '', kind: 'DeploymentConfig' },
  ...['apps', 'extensions', 'apps.kruise.io'].flatMap((group) => {
    return ['Deployment', 'StatefulSet', 'DaemonSet', 'ReplicaSet'].map((kind) => ({ group, kind }));
  }),
  { group: 'apps.openshift.io', kind: 'DeploymentConfig' },
  { group: 'apps.kruise.io', kind: 'CloneSet' },
  { group: 'argoproj.io', kind: 'Rollout' },
];

function runsOn({ ref, pod }: TransformContext): boolean {
  if (isOfKind(ref, RUN_ON)) return true;
  const restarts = pod.get('restartPolicy');
  return isOfKind(ref, [{ group: '', kind: 'Pod' }]) && (restarts.state === 'absent' || restarts.is('Always'));
}
