import type { Finding } from '../src/core/finding.js';
import { report } from '../src/kube/finding.js';
import { defineTransform, type ObjectContext } from '../src/kube/types.js';

/**
 * What nobody gave a place ends up in the namespace `default`, so its workloads share roles, quotas, network policies and secrets with
 * whatever else does. A namespace for each application keeps them apart.
 *
 * A workload is reported where `namespace: default` is written, or where a kustomization of the repository puts it there. Where none is
 * written and none is given, whoever applies it may give one, and nothing is said.
 *
 * ## Risk
 * Nothing is changed: in another namespace an object is a new one. It loses its volumes, and the names by which others find it.
 *
 * ## References
 * - [Namespaces: for production clusters, consider not using the default one](https://kubernetes.io/docs/concepts/overview/working-with-objects/namespaces/#initial-namespaces)
 * - [Kustomize: namespace](https://kubectl.docs.kubernetes.io/references/kustomize/kustomization/namespace/)
 */
export const disallowDefaultNamespace = defineTransform({
  id: 'disallow-default-namespace',
  title: 'Report workloads in the namespace default',
  risk: 'report',
  objects: {
    kinds: [
      { group: '', kind: 'Pod' },
      { group: '', kind: 'ReplicationController' },
      ...['Deployment', 'StatefulSet', 'DaemonSet', 'ReplicaSet'].map((kind) => ({ group: 'apps', kind })),
      ...['Job', 'CronJob'].map((kind) => ({ group: 'batch', kind })),
    ],
    *check(context) {
      const found = findDefault(context);
      if (found) yield found;
    },
  },
});

const ADVICE =
  'give the application a namespace of its own; what is there now has to be moved, since it is made anew in another one';

function findDefault({ object, ref, index }: ObjectContext): Finding | undefined {
  const field = object.get('metadata.namespace');
  if (field.state === 'opaque') return undefined;
  const overlays = index.overlaysOf(ref.file);
  // The outermost that gives one has the last word.
  const given = overlays.flatMap(({ where, steps }) => {
    const isInner = overlays.some(
      (other) => other.steps.length > steps.length && steps.every((step, at) => other.steps[at] === step),
    );
    return isInner ? [] : [{ where, namespace: steps.findLast(({ namespace }) => namespace !== undefined)?.namespace }];
  });
  const culprit = given.find(({ namespace }) => namespace === 'default');
  if (culprit) return report(object, `in the namespace default by ${culprit.where}`, ADVICE, field.path);
  const isMoved = given.some(({ namespace }) => namespace !== undefined);
  return field.is('default') && !isMoved ? report(object, 'in the namespace default', ADVICE, field.path) : undefined;
}
