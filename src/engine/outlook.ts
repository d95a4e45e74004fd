import { isWithin, type ObjectRef, type Risk } from '../core/finding.js';
import { reachedLevel } from '../kube/pod-security/evaluate.js';
import type { ReachedLevel } from '../kube/pod-security/types.js';
import { type Decided, decideAll, type Plan } from './plan.js';
import type { Target } from './targets.js';
import type { PodSecurityOutlook } from './types.js';

/**
 * Which level of the Pod Security Standards each object of a document reaches now, with what was decided, and at other risks. What
 * another risk would give is decided anew, over the same parse, where it can make a difference.
 */
export function foresee(plan: Plan, decided: Decided): ReadonlyMap<ObjectRef, PodSecurityOutlook> {
  const outlooks = new Map<ObjectRef, PodSecurityOutlook>();
  const { versions, forecast } = plan.options;
  const looked = plan.targets.filter(({ left }) => left === undefined);
  const levelOf = ({ ref, at }: Target, { values }: Pick<Decided, 'values'>) =>
    reachedLevel(values.get(ref) ?? at.value, versions, at);
  const others = new Map(forecast.map((risk) => [risk, decideAt(plan, decided, looked, risk)]));
  for (const target of looked) {
    const { ref, at } = target;
    const now = reachedLevel(at.value, versions, at);
    if (now === undefined) continue;
    const after = decided.values.has(ref) ? (levelOf(target, decided) ?? now) : now;
    const levels: Partial<Record<Risk, ReachedLevel>> = {};
    for (const [risk, other] of others) levels[risk] = other.has(ref) ? (levelOf(target, { values: other }) ?? now) : after;
    outlooks.set(ref, { now, after, at: levels });
  }
  return outlooks;
}

/** What the risk makes of the objects for which it makes a difference. */
function decideAt(plan: Plan, { findings }: Decided, looked: readonly Target[], risk: Risk): Decided['values'] {
  const { maxRisk } = plan.options;
  const differs = new Set<ObjectRef>();
  for (const finding of findings) {
    const isReady = finding.status === 'ready' && !isWithin(finding.risk, risk);
    if (isReady || (finding.status === 'held' && isWithin(finding.risk, risk))) differs.add(finding.object);
  }
  if (risk === maxRisk || differs.size === 0) return new Map();
  const targets = looked.filter(({ ref }) => differs.has(ref));
  const values = new Map(decideAll({ ...plan, targets, options: { ...plan.options, maxRisk: risk } }).values);
  for (const { ref, at } of targets) if (!values.has(ref)) values.set(ref, at.value);
  return values;
}
