import { isWithin, type ObjectRef, type Risk } from '../core/finding.js';
import { reachedLevel } from '../kube/pod-security/evaluate.js';
import { dependsOn, foreseeValues } from './foresee.js';
import type { Decided, Plan } from './plan.js';
import type { PodSecurityOutlook } from './types.js';

/**
 * Which level of the Pod Security Standards each object of a document reaches now, with what was decided, and at other risks. What
 * another risk would give is decided anew, over the same parse, where it can make a difference.
 */
export function foresee(plan: Plan, decided: Decided): ReadonlyMap<ObjectRef, PodSecurityOutlook> {
  const outlooks = new Map<ObjectRef, PodSecurityOutlook>();
  const { versions, forecast, kinds } = plan.options;
  for (const { ref, at, left } of plan.targets) {
    const now = left === undefined ? reachedLevel(at.value, versions, at, kinds) : undefined;
    if (now === undefined) continue;
    const value = decided.values.get(ref);
    const after = value === undefined || now === 'restricted' ? now : (reachedLevel(value, versions, at, kinds) ?? now);
    outlooks.set(ref, { now, after, at: Object.fromEntries(forecast.map((risk) => [risk, after])) });
  }
  for (const risk of forecast) revise(plan, decided, risk, outlooks);
  return outlooks;
}

/** Decides anew for the objects for which the risk makes a difference. */
function revise(plan: Plan, decided: Decided, risk: Risk, outlooks: Map<ObjectRef, PodSecurityOutlook>): void {
  const { maxRisk, risks = {}, versions, kinds } = plan.options;
  const limits = [maxRisk, ...Object.values(risks)];
  const takesMore = limits.every((limit) => isWithin(limit, risk));
  const takesLess = limits.every((limit) => isWithin(risk, limit));
  if (takesMore && takesLess) return;
  // The others change nothing that the standards look at.
  const transforms = plan.options.transforms.filter(({ checks }) => checks !== undefined);
  const mending = new Set(transforms.map(({ id }) => id));
  const differs = new Set<ObjectRef>();
  for (const finding of decided.findings) {
    if (mending.has(finding.transform) && dependsOn(risk, finding)) differs.add(finding.object);
  }
  const targets = plan.targets.filter(({ ref }) => {
    const outlook = outlooks.get(ref);
    // More risk never takes a level away, nor does less give one.
    const isSettled = (takesMore && outlook?.after === 'restricted') || (takesLess && outlook?.after === outlook?.now);
    return differs.has(ref) && outlook !== undefined && !isSettled;
  });
  if (targets.length === 0) return;
  const values = foreseeValues(plan, decided, { risk, targets, transforms });
  for (const { ref, at } of targets) {
    const outlook = outlooks.get(ref) as PodSecurityOutlook;
    const level = reachedLevel(values.get(ref) ?? at.value, versions, at, kinds) ?? outlook.now;
    outlooks.set(ref, { ...outlook, at: { ...outlook.at, [risk]: level } });
  }
}
