import { withoutRemoved } from '../core/apply.js';
import { isWithin, type ObjectRef, type Risk } from '../core/finding.js';
import type { JsonObject } from '../core/json.js';
import type { Transform } from '../kube/types.js';
import { type EvaluatedObject, type PlannedFinding, resumeObject } from './evaluate.js';
import { type Decided, decideAll, evaluateAll, objection, type Plan } from './plan.js';
import type { Target } from './targets.js';

/** Another risk than that of the run, and where it makes a difference. */
export interface Otherwise {
  readonly risk: Risk;
  /** The objects that are asked for. */
  readonly targets: readonly Target[];
  /** The transforms that are asked, of those of the run. */
  readonly transforms: readonly Transform[];
}

/** Whether another risk decides otherwise about the finding. */
export function dependsOn(risk: Risk, { status, risk: own }: PlannedFinding): boolean {
  return status === 'held' ? isWithin(own, risk) : status === 'ready' && !isWithin(own, risk);
}

/** The objects that would change at another risk, as they would be, where nobody asks how that is written. */
export function foreseeValues(plan: Plan, { evaluated }: Decided, { risk, targets, transforms }: Otherwise): Decided['values'] {
  // The other risk is for all of them.
  const { risks: _, ...options } = plan.options;
  const other = { ...plan, accept: undefined, targets, options: { ...options, maxRisk: risk, transforms } };
  // What shared text does not allow shows only when it is written.
  if (plan.document.hasAliases) return decideAll(other).values;
  const { values, isRefused } = evaluated ? resumeAll(other, evaluated) : evaluateAll(other, new Map(), false);
  return isRefused ? evaluateAll(other, new Map(), true).values : values;
}

function resumeAll(
  plan: Plan,
  evaluated: ReadonlyMap<ObjectRef, EvaluatedObject>,
): { readonly values: Decided['values']; readonly isRefused: boolean } {
  const values = new Map<ObjectRef, JsonObject>();
  let isRefused = false;
  for (const target of plan.targets) {
    const { ref, at } = target;
    const before = evaluated.get(ref);
    const result = before && resume(plan, target, before);
    if (result === undefined || result.changes.length === 0) continue;
    const after = withoutRemoved(result.value, result.changes) as JsonObject;
    values.set(ref, after);
    isRefused ||= objection(at.value, after, ref, plan.options.kinds) !== undefined;
  }
  return { values, isRefused };
}

/** Up to the first transform with a finding that is decided about otherwise, all is as it was. */
function resume(
  plan: Plan,
  { ref, at }: Target,
  { findings, turns }: EvaluatedObject,
): ReturnType<typeof resumeObject> | undefined {
  const { transforms, maxRisk } = plan.options;
  const asked = new Set(transforms.map(({ id }) => id));
  const first = findings.findIndex((finding) => asked.has(finding.transform) && dependsOn(maxRisk, finding));
  const turn = turns.findLast((each) => each.findings <= first);
  if (turn === undefined) return undefined;
  const admitted = findings.slice(0, turn.findings).filter(({ status }) => status === 'ready');
  const rest = transforms.slice(transforms.indexOf(turn.transform));
  return resumeObject({ ...plan, ref, value: at.value, heldBack: new Map(), veto: undefined }, turn, admitted, rest);
}
