import type { Resource } from '../decisions/resources.js';
import type { WorkloadFacts } from '../facts/workloads.js';
import { parseQuantity } from '../quantity.js';
import type { LimitRangeFacts } from '../repo-facts.js';
import { countPods, formatAmount, QUOTA_KEYS, type QuotaKey, sumUp } from './limits.js';

/** What a quota holds, as it is set. */
export type Quota = readonly (readonly [key: QuotaKey | 'pods', value: string])[];

/** @param settings `requests-cpu` and the like, and `pods` */
export function readQuota(
  settings: Readonly<Record<'requests-cpu' | 'requests-memory' | 'limits-cpu' | 'limits-memory', string | undefined>> & {
    readonly pods: number | undefined;
  },
): Quota {
  const amounts = QUOTA_KEYS.flatMap((key) => {
    const value = settings[key.replace('.', '-') as keyof typeof settings];
    return value === undefined ? [] : [[key, String(value)] as const];
  });
  return settings.pods === undefined ? amounts : [...amounts, ['pods', String(settings.pods)]];
}

/** What the workloads add up to, for people. */
export function hintAtQuota(workloads: readonly WorkloadFacts[], ranges: readonly LimitRangeFacts[]): string {
  if (workloads.length === 0) return 'no workload of it is in the files';
  const sums = QUOTA_KEYS.flatMap((key) => {
    const { amount } = sumUp(workloads, key, filledIn(ranges, key));
    return amount === 0 ? [] : [`${key} ${formatAmount(amount, resourceOf(key))}`];
  });
  const pods = countPods(workloads);
  return `its workloads add up to at least ${[...sums, `${pods} ${pods === 1 ? 'pod' : 'pods'}`].join(', ')}`;
}

/**
 * Why pods of these workloads would be refused; `undefined` where none surely would.
 * @param ranges the LimitRanges that surely hold: what they fill in is counted as well
 */
export function findQuotaObstacle(
  workloads: readonly WorkloadFacts[],
  quota: Quota,
  ranges: readonly LimitRangeFacts[],
): string | undefined {
  for (const [key, value] of quota) {
    const hard = parseQuantity(value) ?? 0;
    if (key === 'pods') {
      const pods = countPods(workloads);
      if (pods > hard) return `the workloads in the files are ${pods} pods at one time, with those that a rollout adds; set more`;
      continue;
    }
    const { amount, missing } = sumUp(workloads, key, filledIn(ranges, key));
    const [by] = ranges.filter(({ amounts }) => amounts.has(key));
    const filled = by === undefined ? '' : `, with what ${by.where} fills in`;
    if (amount > hard)
      return `the workloads in the files add up to ${key} ${formatAmount(amount, resourceOf(key))}${filled}; set more`;
    const [first] = missing;
    if (first !== undefined && by === undefined) {
      return `${first} states no ${key}, so its pods would be refused; set-resources or add-limit-range first`;
    }
  }
  return undefined;
}

/** Of several the highest, since each may be the one that counts. */
function filledIn(ranges: readonly LimitRangeFacts[], key: QuotaKey): number | undefined {
  const amounts = ranges.flatMap(({ amounts }) => amounts.get(key) ?? []);
  return amounts.length === 0 ? undefined : Math.max(...amounts);
}

function resourceOf(key: QuotaKey): Resource {
  return key.endsWith('cpu') ? 'cpu' : 'memory';
}
