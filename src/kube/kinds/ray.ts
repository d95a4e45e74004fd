import type { Change } from '../../core/change.js';
import { isAtOrBeneath, isList, isObject, type Json, type JsonObject, type Path, valueAt } from '../../core/json.js';
import type { PodKind, PodTemplate, ReadPod } from './types.js';
import { asMap, isSet } from './values.js';

/** Where the options of the autoscaler are that KubeRay adds to the pod of a head; `undefined` for other pods, and without it. */
function autoscalerAt(object: JsonObject, podSpec: Path): Path | undefined {
  const [group] = podSpec.slice(-3);
  const cluster = podSpec.slice(0, -3);
  const isOn = (valueAt(object, [...cluster, 'enableInTreeAutoscaling']) ?? false) !== false;
  return group === 'headGroupSpec' && isOn ? [...cluster, 'autoscalerOptions'] : undefined;
}

/**
 * The autoscaler is a container of the head's pod, of the image of the first container. The init container that KubeRay adds to workers
 * takes the security context of theirs.
 *
 * Source: `BuildAutoscalerContainer` and `mergeAutoscalerOverrides` in `ray-operator/controllers/ray/common/pod.go` of KubeRay.
 */
function read(object: JsonObject, podSpec: Path): ReadPod {
  const spec = asMap(valueAt(object, podSpec));
  const options = autoscalerAt(object, podSpec);
  const { containers } = spec;
  if (options === undefined || !isList(containers)) return { spec, items: {}, fields: {} };
  const own = containers.map((_, at): Path => [...podSpec, 'containers', at]);
  return {
    spec: { ...spec, containers: [...containers, asContainer(asMap(valueAt(object, options)), containers[0])] },
    items: { containers: [...own, options] },
    fields: {},
  };
}

/** Without resources: KubeRay gives them, and they are no measure for other containers of the image. */
function asContainer(options: JsonObject, first: Json | undefined): JsonObject {
  const { image = valueAt(first, ['image']), securityContext, env, envFrom, volumeMounts } = options;
  const fields = { image, securityContext, env, envFrom, volumeMounts };
  const given = Object.entries(fields).filter((entry): entry is [string, Json] => isSet(entry[1]));
  return { name: 'autoscaler', command: ['ray'], args: ['kuberay-autoscaler'], ...Object.fromEntries(given) };
}

function objection(object: JsonObject, { podSpec }: PodTemplate, { path }: Change): string | undefined {
  const options = autoscalerAt(object, podSpec);
  if (options === undefined) return undefined;
  if (path.at(-1) === 'automountServiceAccountToken') {
    return 'kept: the autoscaler, which KubeRay adds to the pod of the head, calls the Kubernetes API';
  }
  return isAtOrBeneath(path, options) && /\/v1alpha1$/.test(String(object.apiVersion))
    ? 'its version may have no security context for the autoscaler; move it to ray.io/v1 first'
    : undefined;
}

/** What is special about the pods of a Ray cluster. */
export const rayPods: Partial<PodKind> = {
  shape: {
    isPod: isObject,
    read,
    owns: (path, podSpec) => path.includes('autoscalerOptions') && podSpec.includes('headGroupSpec'),
    nameOf: (path) => (path.at(-1) === 'autoscalerOptions' ? 'autoscaler' : undefined),
  },
  holds: (_, path) => !(path.includes('autoscalerOptions') && path.includes('resources')),
  objection,
};
