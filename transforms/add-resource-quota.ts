import type { Finding } from '../src/core/finding.js';
import type { JsonObject } from '../src/core/json.js';
import { finding } from '../src/kube/finding.js';
import { type KindName, workloadKinds } from '../src/kube/kinds.js';
import { findHome, HOMES, mayBeThere, NAMESPACE, objectsOf } from '../src/kube/network/home.js';
import { findQuotaObstacle, hintAtQuota, type Quota, readQuota } from '../src/kube/network/quota.js';
import { amount, integer, objectName } from '../src/kube/settings.js';
import { defineTransform } from '../src/kube/types.js';

/**
 * Without a ResourceQuota one namespace may take all that the cluster has. How much it should have is a decision of people: what the
 * files state leaves out autoscalers, nodes of a DaemonSet and what operators start, and a quota that is too small stops the next
 * rollout. So one is written of what is set, such as `--set add-resource-quota.requests-memory=8Gi`, beside the Namespace or the first
 * workload; else the finding says what the workloads of the namespace add up to.
 *
 * ## Risk
 * High: pods above the quota are refused. No change is offered where the workloads state more already, their rollouts included; where
 * one states nothing of what is counted, since its pods would be refused, unless a LimitRange fills that in (`set-resources` and
 * `add-limit-range` first); in `default`, and where nothing says which namespace it is. A quota that is there is left alone.
 *
 * ## References
 * - [Resource quotas](https://kubernetes.io/docs/concepts/policy/resource-quotas/)
 */
export const addResourceQuota = defineTransform({
  id: 'add-resource-quota',
  title: 'Add a ResourceQuota of what is set',
  risk: 'high',
  settings: {
    'requests-cpu': amount('what all pods of a namespace may request of cpu'),
    'requests-memory': amount('what all pods of a namespace may request of memory'),
    'limits-cpu': amount('what the cpu limits of all pods of a namespace may add up to'),
    'limits-memory': amount('what the memory limits of all pods of a namespace may add up to'),
    pods: integer('how many pods a namespace may have', { min: 1, max: 1_000_000 }),
    name: objectName('what the ResourceQuota is called', 'compute-resources'),
  },
  asksFor: [NAMESPACE, { group: '', kind: 'ResourceQuota' }, ...workloadKinds],
  after: ['set-resources', 'add-limit-range'],
  objects: {
    kinds: HOMES,
    *check(context, settings): Iterable<Finding> {
      const home = findHome(context);
      if (home === undefined) return;
      const { index, object } = context;
      const { there, maybe } = objectsOf(index, home.place, RESOURCE_QUOTA);
      if (there.length > 0) return;
      const quota = readQuota(settings);
      const workloads = index.workloadsOf(home.place);
      const covered = index.limitRanges(home.place).filter(({ isCertain }) => isCertain);
      const { namespace } = home;
      yield finding(object, `no ResourceQuota${namespace === undefined ? '' : ` in ${namespace}`}`, {
        creates: [quotaOf(settings.name, namespace ?? '', quota)],
        risk: 'high',
        evidence: ['pods above the quota are refused', hintAtQuota(workloads, covered)],
        unless:
          home.unless ??
          mayBeThere(maybe) ??
          (quota.length === 0
            ? `how much the namespace may take is not in the files; ${hintAtQuota(workloads, covered)}; set add-resource-quota.requests-memory and the like`
            : findQuotaObstacle(workloads, quota, covered)),
      });
    },
  },
});

const RESOURCE_QUOTA: KindName = { group: '', kind: 'ResourceQuota' };

function quotaOf(name: string, namespace: string, quota: Quota): JsonObject {
  return {
    apiVersion: 'v1',
    kind: 'ResourceQuota',
    metadata: { name, namespace },
    spec: { hard: Object.fromEntries(quota) },
  };
}
