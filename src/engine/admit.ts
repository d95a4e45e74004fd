import { createDraft, type Draft, WrongType } from '../core/apply.js';
import type { Change } from '../core/change.js';
import { type ChangeSet, createChangeSet } from '../core/change-set.js';
import { EngineError } from '../core/errors.js';
import { type Finding, isWithin, type ObjectRef, type ReasonCode, type Risk, type Status } from '../core/finding.js';
import { childOf, formatPath, isObject, type Json, type JsonObject, type Path } from '../core/json.js';
import { isOpaque } from '../kube/opaque.js';
import type { RepoIndex } from '../kube/repo-facts.js';
import type { Transform } from '../kube/types.js';
import { locate } from '../yaml/edit.js';
import { trailingComment } from '../yaml/places.js';
import type { YamlDocument } from '../yaml/tree.js';
import type { Creation } from './creation.js';
import { describeSuppression, type Suppression, suppressionOf } from './suppress.js';
import type { EngineOptions } from './types.js';

export interface Reason {
  readonly code: ReasonCode;
  readonly text: string;
}

/** Whether a finding is wanted, by its key. Asked more than once about one, it must say the same. */
export type Accept = (key: string) => boolean;

/** What one object is evaluated with. */
export interface Evaluation {
  readonly options: EngineOptions;
  readonly index: RepoIndex;
  readonly document: YamlDocument;
  readonly ref: ObjectRef;
  readonly value: JsonObject;
  readonly suppressions: readonly Suppression[];
  /** Findings that an earlier evaluation showed to be impossible, by their keys. */
  readonly heldBack: ReadonlyMap<string, Reason>;
  /** Asked about each finding that can be made; who says no is heeded. */
  readonly accept?: Accept | undefined;
  /** Says where the new objects of a finding go, or why nowhere; without it, none are made. */
  readonly place?: ((finding: Finding) => readonly Creation[] | Reason) | undefined;
  /** Looked at before a finding is admitted; says why the object must not become this. */
  readonly veto: ((before: JsonObject, after: JsonObject) => string | undefined) | undefined;
}

/** An evaluation on its way. */
export interface State extends Evaluation {
  /** Those of the configuration included. */
  suppressions: readonly Suppression[];
  /** The object with all that is admitted so far. */
  draft: Draft<JsonObject>;
  /** With the transform that asked for each. */
  readonly admitted: ChangeSet<string>;
  /** Whether there is a setter at all: most files have none, and looking is not free. */
  readonly hasSetters: boolean;
  /** Maps of the draft that are known not to be opaque. */
  clear: Set<object>;
}

/** @param value what the evaluation begins with */
export function createState(evaluation: Evaluation, value: JsonObject): State {
  return {
    ...evaluation,
    draft: createDraft(value),
    admitted: createChangeSet(),
    hasSetters: hasSetters(evaluation.document),
    clear: new Set(),
  };
}

/** A path of the object, from the root of the document. */
export function inDocument({ ref: { root } }: Pick<Evaluation, 'ref'>, path: Path): Path {
  return root.length === 0 ? path : [...root, ...path];
}

/** The changes of a finding, from the root of the document. */
export function changesInDocument(evaluation: Evaluation, { changes }: Finding): readonly Change[] {
  if (evaluation.ref.root.length === 0) return changes;
  return changes.map((change) => ({ ...change, path: inDocument(evaluation, change.path) }));
}

/** The same finding of a second evaluation has the same key. */
export function keyOf(evaluation: Evaluation, { id }: Transform, { path, message }: Finding): string {
  return [id, evaluation.document.index, ...inDocument(evaluation, path), message].join('\0');
}

/** The first suppression that says no to a transform at one of the paths. */
export function suppressionAt(evaluation: Evaluation, transform: Transform, paths: readonly Path[]): Suppression | undefined {
  const { suppressions, options } = evaluation;
  if (suppressions.length === 0) return undefined;
  const written = paths.map((path) => inDocument(evaluation, path));
  return suppressionOf(suppressions, options.today, transform.id, written);
}

export type Decision = { readonly status: 'ready' } | { readonly status: Exclude<Status, 'ready'>; readonly reason: Reason };

/** Whether a finding becomes part of the change, and at once of the draft; or why not. */
export function admit(state: State, transform: Transform, finding: Finding): Decision {
  const decision = decide(state, transform, finding);
  if (decision === READY) for (const change of finding.changes) state.admitted.add(change, transform.id);
  return decision;
}

function decide(state: State, transform: Transform, finding: Finding): Decision {
  const no = suppressionAt(state, transform, [finding.path, ...finding.changes.map((change) => change.path)]);
  if (no) return { status: 'suppressed', reason: { code: 'SUPPRESSED', text: describeSuppression(no) } };
  if (isKnown(state, transform, finding))
    return { status: 'known', reason: { code: 'BASELINE', text: 'recorded in the baseline' } };
  if (finding.unless !== undefined) return manual(finding.obstacle ?? 'ADVICE', finding.unless);
  const isEmpty = finding.changes.length === 0 && !finding.creates?.length;
  if (isEmpty) return manual('ADVICE', 'no repair is certain; a person has to decide');
  for (const change of finding.changes) {
    const obstacle = findObstacle(state, change);
    if (obstacle) return { status: 'manual', reason: obstacle };
  }
  for (const change of changesInDocument(state, finding)) {
    const problem = locate(state.document, change);
    if (problem) return manual(problem.code, problem.text);
  }
  const created = creationsFor(state, finding);
  if ('code' in created) return { status: 'manual', reason: created };
  const heldBack = state.heldBack.size === 0 ? undefined : state.heldBack.get(keyOf(state, transform, finding));
  if (heldBack) return { status: 'manual', reason: heldBack };
  if (!isWithin(finding.risk, riskLimit(state.options, transform.id))) {
    return { status: 'held', reason: { code: 'RISK', text: finding.evidence ?? `${finding.risk} risk` } };
  }
  if (state.accept?.(keyOf(state, transform, finding)) === false) return DECLINED;
  return apply(state, transform, finding);
}

/** Where the new objects of a finding go, or why one has no place. */
export function creationsFor({ place }: State, finding: Finding): readonly Creation[] | Reason {
  if (!finding.creates?.length) return [];
  return place?.(finding) ?? { code: 'UNPLACEABLE', text: 'nothing new is written here' };
}

const DECLINED: Decision = { status: 'declined', reason: { code: 'DECLINED', text: 'declined' } };

function isKnown({ options, ref }: State, { id }: Transform, { subject, message }: Finding): boolean {
  return options.known?.({ transform: id, object: ref, subject, message }) ?? false;
}

/** The highest risk that a transform may take. */
function riskLimit({ maxRisk, risks }: EngineOptions, id: string): Risk {
  return (risks && Object.hasOwn(risks, id) && risks[id]) || maxRisk;
}

function manual(code: ReasonCode, text: string): Decision {
  return { status: 'manual', reason: { code, text } };
}

function apply(state: State, transform: Transform, finding: Finding): Decision {
  // A single change is made or not. Where more can go wrong, what was there before has to be kept.
  const before = state.veto || finding.changes.length > 1 ? state.draft.value : undefined;
  const decision = applyAll(state, transform, finding) ?? judge(state, before) ?? READY;
  if (decision !== READY && before) state.draft = createDraft(before);
  return decision;
}

const READY: Decision = { status: 'ready' };

/** Why one of the changes cannot be made. Those before it are made then. */
function applyAll(state: State, transform: Transform, finding: Finding): Decision | undefined {
  const { admitted, draft, ref } = state;
  for (const change of finding.changes) {
    const clash = admitted.clash(change);
    if (clash) {
      const place = formatPath(change.path);
      throw new EngineError('CONFLICT', `${clash.note} and ${transform.id} want different things at ${place} of ${ref.kind}`);
    }
    if (admitted.same(change)) continue;
    if (change.path.some(isOpaque)) state.clear = new Set();
    try {
      draft.apply(change);
    } catch (error) {
      if (error instanceof WrongType) return manual('WRONG_TYPE', wrongType(error.path));
      throw error;
    }
  }
  return undefined;
}

function judge({ veto, draft }: State, before: JsonObject | undefined): Decision | undefined {
  const objection = before && veto?.(before, draft.value);
  return objection === undefined ? undefined : manual('REFUSED_BY_API', objection);
}

function wrongType(path: Path): string {
  return `${formatPath(path)} is not what Kubernetes expects there`;
}

/** Markers of tools that write the value behind which they stand: kpt setters and Flux image policies. */
const SETTER = /kpt-set:|\{\s*"\$(?:imagepolicy|openapi)"/;

const settersIn = new WeakMap<YamlDocument, boolean>();

function hasSetters(document: YamlDocument): boolean {
  let known = settersIn.get(document);
  if (known === undefined) {
    known = SETTER.test(document.text.slice(document.start, document.end));
    settersIn.set(document, known);
  }
  return known;
}

/** What keeps a change from being made to the value, whatever the text looks like. */
function findObstacle(state: State, { path }: Change): Reason | undefined {
  let value: Json | undefined = state.draft.peek();
  for (const [depth, step] of path.entries()) {
    value = childOf(value, step);
    if (value === undefined) return undefined;
    if (!isOpaqueIn(state, value)) continue;
    const place = formatPath(path.slice(0, depth + 1));
    return { code: 'OPAQUE', text: `${place} is filled in by another tool (${describe(value)})` };
  }
  const setter = state.hasSetters && trailingComment(state.document, inDocument(state, path));
  if (setter && SETTER.test(setter)) return { code: 'OPAQUE', text: `${formatPath(path)} is set by another tool (${setter})` };
  return undefined;
}

/** A look at every key of a map is for once only. */
function isOpaqueIn({ clear }: State, value: Json): boolean {
  if (!isObject(value)) return isOpaque(value);
  if (clear.has(value)) return false;
  if (isOpaque(value)) return true;
  clear.add(value);
  return false;
}

function describe(value: unknown): string {
  return typeof value === 'string' && value.length <= 60 ? value : 'a template';
}
