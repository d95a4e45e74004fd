import { withoutRemoved } from '../core/apply.js';
import type { Change } from '../core/change.js';
import { createChangeSet } from '../core/change-set.js';
import { EngineError } from '../core/errors.js';
import type { ObjectRef } from '../core/finding.js';
import { formatPath, isEqual, type Json, type JsonObject } from '../core/json.js';
import type { Kinds } from '../kube/kinds.js';
import { kubernetesPlacement } from '../kube/placement.js';
import { newRefusals } from '../kube/refusals.js';
import type { RepoIndex } from '../kube/repo-facts.js';
import { type RenderedChanges, renderChanges } from '../yaml/render.js';
import type { YamlDocument } from '../yaml/tree.js';
import type { Accept, Reason } from './admit.js';
import type { Creation } from './creation.js';
import { type EvaluatedObject, evaluateObject, type PlannedFinding } from './evaluate.js';
import type { Placer } from './place-created.js';
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
  readonly placer?: Placer;
  /** Asked about what can be made, but not about what could be at another risk. */
  readonly accept?: Accept | undefined;
}

export interface Decided {
  readonly findings: readonly PlannedFinding[];
  /** The objects that change, as they will be. */
  readonly values: ReadonlyMap<ObjectRef, JsonObject>;
  /** The objects one by one; `undefined` where not every finding was decided about as it came. */
  readonly evaluated: ReadonlyMap<ObjectRef, EvaluatedObject> | undefined;
  readonly changes: readonly KeyedChange[];
  readonly rendered: RenderedChanges;
  readonly created: readonly CreatedFor[];
}

/** More rounds than findings could ever be held back one by one in a real document. */
const MAX_ROUNDS = 50;

/** Findings that can all be made together, with the splices that make the ready ones. */
export function decideAll(plan: Plan): Decided {
  const heldBack = new Map<string, Reason>();
  let isGuarded = false;
  for (let round = 0; round < MAX_ROUNDS; round++) {
    const { findings, values, evaluated, isRefused } = evaluateAll(plan, heldBack, isGuarded);
    if (isRefused && !isGuarded) {
      isGuarded = true;
      continue;
    }
    const { created, clashes } = createdBy(findings);
    for (const [key, reason] of clashes) heldBack.set(key, reason);
    if (clashes.size > 0) continue;
    const changes = changesOf(findings);
    const rendered = renderChanges(
      plan.document,
      changes.map(({ change }) => change),
      kubernetesPlacement,
    );
    if (rendered.problems.length === 0) {
      const isPlain = !isGuarded && heldBack.size === 0;
      return { findings, values, evaluated: isPlain ? evaluated : undefined, changes, rendered, created };
    }
    for (const { changes: indices, code, text } of rendered.problems) {
      for (const at of indices) for (const key of changes[at]?.keys ?? []) heldBack.set(key, { code, text });
    }
  }
  throw new EngineError('UNPROVEN', `no stable set of changes after ${MAX_ROUNDS} rounds`);
}

interface EvaluatedAll extends Pick<Decided, 'findings' | 'values'> {
  readonly evaluated: ReadonlyMap<ObjectRef, EvaluatedObject>;
  /** Whether the API server would refuse one of the objects. */
  readonly isRefused: boolean;
}

/** @param isGuarded whether findings are held that would make an object one that the API server refuses */
export function evaluateAll(
  { options, index, document, value, targets, suppressions, placer, accept }: Plan,
  heldBack: ReadonlyMap<string, Reason>,
  isGuarded: boolean,
): EvaluatedAll {
  const findings: PlannedFinding[] = [];
  const values = new Map<ObjectRef, JsonObject>();
  const evaluated = new Map<ObjectRef, EvaluatedObject>();
  let isRefused = false;
  for (const { ref, at, left, seenBy } of targets) {
    if (left !== undefined && seenBy === undefined) continue;
    const veto = isGuarded ? (before: JsonObject, after: JsonObject) => objection(before, after, ref, options.kinds) : undefined;
    const asked = seenBy ? { ...options, transforms: seenBy } : options;
    const result = evaluateObject({
      options: asked,
      index,
      document,
      ref,
      value: at.value,
      suppressions,
      heldBack,
      place: placer && ((finding) => placer.place({ document, value, ref, finding })),
      accept,
      veto,
    });
    findings.push(...result.findings);
    evaluated.set(ref, result);
    const changes = result.findings.flatMap((finding) => (finding.status === 'ready' ? finding.changes : []));
    if (changes.length > 0) {
      const after = withoutRemoved(result.value, changes) as JsonObject;
      values.set(ref, after);
      isRefused ||= objection(at.value, after, ref, options.kinds) !== undefined;
    }
  }
  return { findings, values, evaluated, isRefused };
}

/** Why the API server would refuse what it does not refuse now. */
export function objection(before: JsonObject, after: JsonObject, ref: ObjectRef, kinds?: Kinds): string | undefined {
  const [first] = newRefusals(before, after, ref, kinds);
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

/** A new object, and the finding that brings it. */
export interface CreatedFor {
  readonly creation: Creation;
  readonly finding: PlannedFinding;
}

/** The new objects of all ready findings, each once; and findings that want another object of the same name, or another file of it. */
function createdBy(findings: readonly PlannedFinding[]): {
  readonly created: readonly CreatedFor[];
  readonly clashes: ReadonlyMap<string, Reason>;
} {
  const created: CreatedFor[] = [];
  const clashes = new Map<string, Reason>();
  for (const finding of findings) {
    for (const creation of finding.status === 'ready' ? finding.creations : []) {
      if (creation.place.isShared) continue;
      const { id, object, newFile } = creation;
      const same = created.find((other) => other.creation.id === id);
      const isTaken = newFile && created.some((other) => other.creation.newFile?.path === newFile.path);
      if (same ? !isEqual(same.creation.object, object) : isTaken) clashes.set(finding.key, clashWith(creation));
      else if (!same) created.push({ creation, finding });
    }
  }
  return { created, clashes };
}

function clashWith({ place: { kind, name, file } }: Creation): Reason {
  return { code: 'UNPLACEABLE', text: `another ${kind} ${name} is to be created in ${file}; apply that, and look again` };
}
