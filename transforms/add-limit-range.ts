import type { Finding } from '../src/core/finding.js';
import { isList, isObject, valueAt } from '../src/core/json.js';
import { USUAL_REQUESTS } from '../src/kube/decisions/resources.js';
import { finding } from '../src/kube/finding.js';
import { type KindName, workloadKinds } from '../src/kube/kinds.js';
import { findHome, HOMES, mayBeThere, NAMESPACE, objectsOf } from '../src/kube/network/home.js';
import { chooseLimits } from '../src/kube/network/limits.js';
import type { NearObject } from '../src/kube/repo-facts.js';
import { objectName, quantity } from '../src/kube/settings.js';
import { defineTransform } from '../src/kube/types.js';

/**
 * Whatever is created in a namespace without requests and limits may take a whole node. A LimitRange gives defaults to containers that
 * state none, those of tools and of people at a terminal included. It is written beside the Namespace, or beside the first workload.
 *
 * The numbers are those of `set-resources`: requests of 100m and 128Mi, limits of five times the cpu and twice the memory. A default
 * limit is raised to the highest request in the namespace that has no limit of its own, since a pod is refused whose request is above
 * its limit. There is no maximum and no minimum: no number that someone wrote is refused.
 *
 * ## Risk
 * High: what states no limit today gets one, with the next pod, and is throttled or killed above it. No change is offered where a
 * workload states resources for the pod as a whole, where a variable stands for a request, in `default`, and where nothing says which
 * namespace it is. A LimitRange that is there is left alone.
 *
 * ## References
 * - [Limit ranges](https://kubernetes.io/docs/concepts/policy/limit-range/)
 */
export const addLimitRange = defineTransform({
  id: 'add-limit-range',
  title: 'Add a LimitRange with defaults for containers',
  risk: 'high',
  settings: {
    'cpu-request': quantity('default cpu request', USUAL_REQUESTS['cpu-request']),
    'memory-request': quantity('default memory request', USUAL_REQUESTS['memory-request']),
    'cpu-limit': quantity('default cpu limit', '500m'),
    'memory-limit': quantity('default memory limit', '256Mi'),
    name: objectName('what the LimitRange is called', 'container-defaults'),
  },
  asksFor: [NAMESPACE, { group: '', kind: 'LimitRange' }, ...workloadKinds],
  after: ['set-resources'],
  objects: {
    kinds: HOMES,
    *check(context, settings): Iterable<Finding> {
      const home = findHome(context);
      if (home === undefined) return;
      const { index, object } = context;
      const { there, maybe } = objectsOf(index, home.place, LIMIT_RANGE);
      if (there.some(hasDefaults)) return;
      const [other] = there;
      const { item, evidence, unless } = chooseLimits(index.workloadsOf(home.place), settings);
      const { namespace } = home;
      const of = namespace === undefined ? '' : ` in ${namespace}`;
      yield finding(object, `no LimitRange gives defaults to containers${of}`, {
        creates: [
          {
            apiVersion: 'v1',
            kind: 'LimitRange',
            metadata: { name: settings.name, namespace: namespace ?? '' },
            spec: { limits: [item] },
          },
        ],
        risk: 'high',
        evidence: [CAPPED, ...evidence, REFUSED],
        unless: home.unless ?? (other && `${other.where} is there without them; add them to it`) ?? mayBeThere(maybe) ?? unless,
      });
    },
  },
});

const CAPPED = 'what states no limit gets one with its next pod, and is throttled or killed above it';
const REFUSED = 'pods made elsewhere that request more and state no limit are refused';

const LIMIT_RANGE: KindName = { group: '', kind: 'LimitRange' };

/** Whether it says anything of containers; what it says is someone's decision. */
function hasDefaults({ value }: NearObject): boolean {
  const limits = valueAt(value, ['spec', 'limits']);
  return !isList(limits) || limits.some((item) => !isObject(item) || item.type === 'Container');
}
