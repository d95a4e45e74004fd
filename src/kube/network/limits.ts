import type { JsonObject } from '../../core/json.js';
import { RESOURCES, type Resource } from '../decisions/resources.js';
import type { ContainerNeeds, PodFacts, WorkloadFacts } from '../facts/workloads.js';
import { parseQuantity } from '../quantity.js';

/** What a container gets that states nothing, by what the settings say. */
export type DefaultQuantities = Readonly<Record<`${Resource}-${'request' | 'limit'}`, string>>;

export interface Limits {
  /** The item of the LimitRange. */
  readonly item: JsonObject;
  /** Where more than the settings is needed, and who needs it. */
  readonly evidence: readonly string[];
  /** Why none can be written that all workloads go on being valid under. */
  readonly unless: string | undefined;
}

/**
 * Defaults for containers under which everything stays valid that is: a default limit is no lower than any request that has none, and
 * no lower than the default request. There is no maximum and no minimum, so no number that someone wrote is refused.
 *
 * Where a container states neither, `set-resources` may give it the request of another one; so the highest of all counts then.
 */
export function chooseLimits(workloads: readonly WorkloadFacts[], settings: DefaultQuantities): Limits {
  const chosen = RESOURCES.map((resource) => ({ resource, ...chooseLimit(workloads, resource, settings) }));
  const of = (read: (each: (typeof chosen)[number]) => string) =>
    Object.fromEntries(chosen.map((each) => [each.resource, read(each)] as const));
  return {
    item: { type: 'Container', default: of(({ limit }) => limit), defaultRequest: of(({ request }) => request) },
    evidence: chosen.flatMap(({ evidence }) => evidence ?? []),
    unless: findObstacle(workloads),
  };
}

function chooseLimit(workloads: readonly WorkloadFacts[], resource: Resource, settings: DefaultQuantities) {
  const request = settings[`${resource}-request`];
  let limit = settings[`${resource}-limit`];
  let evidence: string | undefined;
  const raise = (text: string, why: string) => {
    if ((parseQuantity(text) ?? 0) <= (parseQuantity(limit) ?? 0)) return;
    limit = text;
    evidence = `the ${resource} limit is ${text}, ${why}`;
  };
  raise(request, 'as much as the default request');
  const containers = workloads.flatMap(({ where, pods }) =>
    pods.flatMap((pod) => pod.containers.map((each) => ({ where, each }))),
  );
  const mayTakeAny = containers.some(({ each }) => each.requests[resource] === undefined && each.limits[resource] === undefined);
  for (const { where, each } of containers) {
    const stated = each.requests[resource];
    if (stated?.amount !== undefined && (mayTakeAny || each.limits[resource] === undefined)) {
      raise(stated.text, `as much as ${where} requests`);
    }
  }
  return { request, limit, evidence };
}

function findObstacle(workloads: readonly WorkloadFacts[]): string | undefined {
  for (const { where, pods } of workloads) {
    if (pods.some(({ hasPodResources }) => hasPodResources)) {
      return `${where} states resources for the pod as a whole, which a default of its containers may exceed`;
    }
    if (pods.some(({ containers }) => containers.some(isUnread))) {
      return `the requests of ${where} are filled in by another tool, and may be above a default limit`;
    }
  }
  return undefined;
}

function isUnread({ requests, limits }: ContainerNeeds): boolean {
  return RESOURCES.some((resource) => {
    const stated = requests[resource];
    return stated !== undefined && stated.amount === undefined && limits[resource] === undefined;
  });
}

/** What a quota counts: `requests.cpu`. */
export type QuotaKey = `${'requests' | 'limits'}.${Resource}`;

export const QUOTA_KEYS: readonly QuotaKey[] = ['requests.cpu', 'requests.memory', 'limits.cpu', 'limits.memory'];

/** What all workloads add up to, as far as it is written. */
export interface Sum {
  readonly amount: number;
  /** Who has containers that state nothing readable of it. */
  readonly missing: readonly string[];
}

/** @param filledIn what a LimitRange gives to containers that state nothing of it */
export function sumUp(workloads: readonly WorkloadFacts[], key: QuotaKey, filledIn?: number): Sum {
  const [bound, resource] = key.split('.') as ['requests' | 'limits', Resource];
  const needOf: NeedOf = (stated) => {
    // The API server takes a limit for the request that is missing.
    const own = stated[bound][resource] ?? (bound === 'requests' ? stated.limits[resource] : undefined);
    return own?.amount;
  };
  const ofContainer: NeedOf = (container) => needOf(container) ?? filledIn;
  const isMissing = (pod: PodFacts) => !pod.hasPodResources && pod.containers.some((each) => ofContainer(each) === undefined);
  const missing = workloads.filter(({ pods }) => pods.some(isMissing));
  const pods = workloads.flatMap((workload) => workload.pods);
  const amount = pods.reduce((sum, pod) => sum + pod.count * (needOf(pod.whole) ?? ofPod(pod, ofContainer)), 0);
  // Thousandths of a core are no binary fractions; what is beyond the twelfth digit is noise.
  return { amount: Number(amount.toPrecision(12)), missing: missing.map(({ where }) => where) };
}

type NeedOf = (stated: PodFacts['whole']) => number | undefined;

/**
 * What runs at one time: all containers, or one that ends before them and the sidecars that started before it.
 * https://kubernetes.io/docs/concepts/workloads/pods/sidecar-containers/#resource-sharing-within-containers
 */
function ofPod({ containers }: PodFacts, needOf: NeedOf): number {
  let together = 0;
  let most = 0;
  for (const container of containers) {
    const need = needOf(container) ?? 0;
    if (container.isEarly) most = Math.max(most, together + need);
    else together += need;
  }
  return Math.max(together, most);
}

/** The number of pods at one time, as far as that is written. */
export function countPods(workloads: readonly WorkloadFacts[]): number {
  return workloads.flatMap(({ pods }) => pods).reduce((sum, { count }) => sum + count, 0);
}

/** For people: `1500m`, `2.5Gi`. */
export function formatAmount(amount: number, resource: Resource): string {
  if (resource === 'cpu') return amount % 1 === 0 ? String(amount) : `${Math.ceil(Number((amount * 1000).toPrecision(12)))}m`;
  const units: readonly (readonly [string, number])[] = [
    ['Gi', 2 ** 30],
    ['Mi', 2 ** 20],
    ['Ki', 2 ** 10],
  ];
  const [unit, size] = units.find(([, bytes]) => amount >= bytes) ?? ['', 1];
  return `${Math.ceil((amount / size) * 10) / 10}${unit}`;
}
