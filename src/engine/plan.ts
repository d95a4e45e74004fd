import { withoutRemoved } from '../core/apply.js';
import type { Change } from '../core/change.js';
import { createChangeSet } from '../core/change-set.js';
import { EngineError } from '../core/errors.js';
import type { ObjectRef } from '../core/finding.js';
import { formatPath, type Json, type JsonObject } from '../core/json.js';
import { kubernetesPlacement } from '../kube/placement.js';
import { newRefusals } from '../kube/refusals.js';
import type { RepoIndex } from '../kube/types.js';
import { type RenderedChanges, renderChanges } from '../yaml/render.js';
import type { YamlDocument } from '../yaml/tree.js';
import { evaluateObject, type PlannedFinding, type Reason } from './evaluate.js';
import type { Suppression } from './suppress.js';
import type { Target } from './targets.js';
import type { EngineOptions } from './types.js';

/** What decides about the findings of a document. */
export interface Plan {
  readonly options: EngineOptions;
  readonly index: RepoIndex;
  readonly document: YamlDocument;
  readonly value: Json;
  readonly targets: readonly Target[];
  readonly suppressions: readonly Suppression[];
}

export interface Decided {
  readonly findings: readonly PlannedFinding[];
  /** The objects that change, as they will be. */
  readonly values: ReadonlyMap<ObjectRef, JsonObject>;
  readonly changes: readonly KeyedChange[];
  readonly rendered: RenderedChanges;
}

/** More rounds than findings could ever be held back one by one in a real document. */
const MAX_ROUNDS = 50;

/** Findings that can all be made together, with the splices that make the ready ones. */
export function decideAll(plan: Plan): Decided {
  const heldBack = new Map<string, Reason>();
  let isGuarded = false;
  for (let round = 0; round < MAX_ROUNDS; round++) {
    const { findings, values, isRefused } = evaluateAll(plan, heldBack, isGuarded);
    if (isRefused && !isGuarded) {
      isGuarded = true;
      continue;
    }
    const changes = changesOf(findings);
    const rendered = renderChanges(
      plan.document,
      changes.map(({ change }) => change),
      kubernetesPlacement,
    );
    if (rendered.problems.length === 0) return { findings, values, changes, rendered };
    for (const { changes: indices, code, text } of rendered.problems) {
      for (const at of indices) for (const key of changes[at]?.keys ?? []) heldBack.set(key, { code, text });
    }
  }
  throw new EngineError('UNPROVEN', `no stable set of changes after ${MAX_ROUNDS} rounds`);
}

/** The objects that would change, as they would be, where nobody asks how that is written. */
export function foreseeValues(plan: Plan): Decided['values'] {
  // What shared text does not allow shows only when it is written.
  if (plan.document.hasAliases) return decideAll(plan).values;
  const nothing = new Map<string, Reason>();
  const { values, isRefused } = evaluateAll(plan, nothing, false);
  return isRefused ? evaluateAll(plan, nothing, true).values : values;
}

function evaluateAll(
  { options, index, document, targets, suppressions }: Plan,
  heldBack: ReadonlyMap<string, Reason>,
  isGuarded: boolean,
): { findings: PlannedFinding[]; values: Map<ObjectRef, JsonObject>; isRefused: boolean } {
  const findings: PlannedFinding[] = [];
  const values = new Map<ObjectRef, JsonObject>();
  let isRefused = false;
  for (const { ref, at, left } of targets) {
    if (left !== undefined) continue;
    const veto = isGuarded ? (before: JsonObject, after: JsonObject) => objection(before, after, ref) : undefined;
    const result = evaluateObject({ options, index, document, ref, value: at.value, suppressions, heldBack, veto });
    findings.push(...result.findings);
    const changes = result.findings.flatMap((finding) => (finding.status === 'ready' ? finding.changes : []));
    if (changes.length > 0) {
      const after = withoutRemoved(result.value, changes) as JsonObject;
      values.set(ref, after);
      isRefused ||= objection(at.value, after, ref) !== undefined;
    }
  }
  return { findings, values, isRefused };
}

/** Why the API server would refuse what it does not refuse now. */
function objection(before: JsonObject, after: JsonObject, ref: ObjectRef): string | undefined {
  const [first] = newRefusals(before, after, ref);
  return first && `the API server would refuse it: ${first.message} (${formatPath(first.path)})`;
}

export interface KeyedChange {
  readonly change: Change;
  /** Of the findings that ask for it. */
  readonly keys: readonly string[];
}

/** The changes of all ready findings, each once. */
export function changesOf(findings: readonly PlannedFinding[]): KeyedChange[] {
  const changes = createChangeSet<string[]>();
  for (const finding of findings) {
    if (finding.status !== 'ready') continue;
    for (const change of finding.documentChanges) {
      const same = changes.same(change);
      if (same) same.note.push(finding.key);
      else changes.add(change, [finding.key]);
    }
  }
  return changes.entries.map(({ change, note }) => ({ change, keys: note }));
}
