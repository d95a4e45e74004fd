import { createDraft, type Draft, WrongType } from '../core/apply.js';
import type { Change } from '../core/change.js';
import { type ChangeSet, createChangeSet } from '../core/change-set.js';
import { EngineError } from '../core/errors.js';
import { type DecidedFinding, type Finding, isWithin, type ObjectRef, type ReasonCode } from '../core/finding.js';
import { formatPath, isObject, type Json, type JsonObject, type Path, valueAt } from '../core/json.js';
import { findPodTemplate } from '../kube/kinds.js';
import { isOpaque } from '../kube/opaque.js';
import { evaluateObject as evaluateObjectSecurity, isPartOf } from '../kube/pod-security/evaluate.js';
import type { Demands, LiveObject, RepoIndex, Transform, TransformContext } from '../kube/types.js';
import { viewObject } from '../kube/views.js';
import { locate } from '../yaml/edit.js';
import { lineOfPath, trailingComment } from '../yaml/places.js';
import type { YamlDocument } from '../yaml/tree.js';
import { testWords, type WordTest } from './scan.js';
import { describeSuppression, type Suppression, suppressionOf } from './suppress.js';
import type { EngineOptions } from './types.js';

/** A finding on its way through the plan. */
export interface PlannedFinding extends DecidedFinding {
  /** Changes from the root of the document, not of the object. */
  readonly documentChanges: readonly Change[];
  /** The same finding of a second evaluation has the same key. */
  readonly key: string;
}

export interface Reason {
  readonly code: ReasonCode;
  readonly text: string;
}

/** What one object is evaluated with. */
export interface Evaluation {
  readonly options: EngineOptions;
  readonly index: RepoIndex;
  readonly document: YamlDocument;
  readonly ref: ObjectRef;
  readonly value: JsonObject;
  readonly suppressions: readonly Suppression[];
  /** Findings that an earlier evaluation showed to be impossible. */
  readonly heldBack: ReadonlyMap<string, Reason>;
  /** Looked at before a finding is admitted; says why the object must not become this. */
  readonly veto: ((before: JsonObject, after: JsonObject) => string | undefined) | undefined;
}

export interface EvaluatedObject {
  readonly findings: readonly PlannedFinding[];
  /** With all admitted changes; a list item that was removed is `null`. */
  readonly value: JsonObject;
}

/**
 * Runs all transforms over one object. Each finding is admitted or held the moment it is yielded, and what is admitted is at once
 * part of what the transforms see; so one pass is a fixed point.
 * @throws {EngineError} `CONFLICT` when two transforms want different things at one place.
 */
export function evaluateObject(evaluation: Evaluation): EvaluatedObject {
  const state: State = {
    ...evaluation,
    draft: createDraft(evaluation.value),
    admitted: createChangeSet(),
    findings: [],
    hasSetters: hasSetters(evaluation.document),
    clear: new WeakSet(),
  };
  const live: LiveObject = {
    ref: evaluation.ref,
    get value() {
      return state.draft.value;
    },
  };
  let current: Transform | undefined;
  const isSuppressed = (path: Path) => current !== undefined && suppression(state, current, [path]) !== undefined;
  // Views read through to the live object, so all transforms can share them.
  const demands = demandsOf(evaluation);
  const context = viewObject(live, evaluation.index, isSuppressed, demands, evaluation.options.images);
  const mentions = wordTestOf(evaluation.document);
  for (const transform of context ? evaluation.options.transforms : []) {
    if (transform.words && !mentions(transform.words)) continue;
    if (transform.checks && !transform.checks.some(demands.asks)) continue;
    current = transform;
    for (const finding of transform.check(context as TransformContext)) decide(state, transform, finding);
  }
  return { findings: state.findings, value: state.draft.value };
}

const wordTests = new WeakMap<YamlDocument, WordTest>();

function wordTestOf(document: YamlDocument): WordTest {
  let test = wordTests.get(document);
  if (test === undefined) {
    test = testWords(document.text.slice(document.start, document.end));
    wordTests.set(document, test);
  }
  return test;
}

const ALWAYS = () => true;

/** What the run asks of the object: all of it, or what the object lacks for a level. */
function demandsOf({ options: { versions, level }, value, ref }: Evaluation): Demands {
  if (level === undefined) return { versions, level, asks: ALWAYS };
  const failed = (evaluateObjectSecurity(value, level, versions, ref) ?? []).filter(({ allowed }) => !allowed);
  const ids = new Set<string>(failed.map(({ id }) => id));
  // A value that no API server decodes may be a variable, which may stand for anything.
  return { versions, level, asks: ids.has('decoding') ? (check) => isPartOf(check, level, versions) : (check) => ids.has(check) };
}

interface State extends Evaluation {
  /** The object with all that is admitted so far. */
  draft: Draft<JsonObject>;
  /** With the transform that asked for each. */
  readonly admitted: ChangeSet<string>;
  readonly findings: PlannedFinding[];
  /** Whether there is a setter at all: most files have none, and looking is not free. */
  readonly hasSetters: boolean;
  /** Maps of the draft that are known not to be opaque. */
  clear: WeakSet<object>;
}

function suppression(state: State, transform: Transform, paths: readonly Path[]): Suppression | undefined {
  const inDocument = paths.map((path) => [...state.ref.root, ...path]);
  return suppressionOf(state.suppressions, state.options.today, transform.id, inDocument);
}

/** What cannot be changed in place has to be deleted and made anew, and a person should know before. */
function withObjectRisk(state: State, finding: Finding): Finding {
  if (finding.risk !== 'low' || !findPodTemplate(state.value, state.ref)?.immutable) return finding;
  const reason = `a ${state.ref.kind} is not changed in place but made anew`;
  return { ...finding, risk: 'medium', evidence: finding.evidence === undefined ? reason : `${finding.evidence}; ${reason}` };
}

/** Who wrote a value may have said why, right beside it. */
function withComment(state: State, finding: Finding): Finding {
  const [change, ...others] = finding.changes;
  if (!change || others.length > 0 || change.op === 'append' || valueAt(state.value, change.path) === undefined) return finding;
  const comment = trailingComment(state.document, [...state.ref.root, ...change.path]);
  if (comment === undefined) return finding;
  const quote = `beside it stands ${JSON.stringify(comment)}`;
  return { ...finding, evidence: finding.evidence === undefined ? quote : `${finding.evidence}; ${quote}` };
}

function decide(state: State, transform: Transform, yielded: Finding): void {
  const finding = withComment(state, withObjectRisk(state, yielded));
  const key = `${transform.id}\0${formatPath([...state.ref.root, ...finding.path])}\0${finding.message}`;
  const documentChanges = finding.changes.map((change) => ({ ...change, path: [...state.ref.root, ...change.path] }));
  const decision = admit(state, transform, finding, documentChanges, key);
  state.findings.push({
    ...finding,
    transform: transform.id,
    alsoBy: decision.status === 'ready' ? otherTransforms(state, transform, finding.changes) : [],
    object: state.ref,
    line: lineOfPath(state.document, [...state.ref.root, ...(finding.changes[0] ? deepest(state, finding) : finding.path)]),
    lostComments: [],
    documentChanges,
    key,
    ...decision,
  });
  if (decision.status === 'ready') for (const change of finding.changes) state.admitted.add(change, transform.id);
}

/** What the finding is about: the value that a single change replaces or removes, else the pod or the container. */
function deepest(state: State, finding: Finding): Path {
  const [change, ...others] = finding.changes;
  const isWritten = change && change.op !== 'append' && valueAt(state.value, change.path) !== undefined;
  return isWritten && others.length === 0 ? change.path : finding.path;
}

type Decision = { readonly status: 'ready' } | { readonly status: 'held' | 'suppressed' | 'manual'; readonly reason: Reason };

function admit(state: State, transform: Transform, finding: Finding, documentChanges: readonly Change[], key: string): Decision {
  const no = suppression(state, transform, [finding.path, ...finding.changes.map((change) => change.path)]);
  if (no) return { status: 'suppressed', reason: { code: 'SUPPRESSED', text: describeSuppression(no) } };
  if (finding.unless !== undefined) return manual(finding.obstacle ?? 'ADVICE', finding.unless);
  if (finding.changes.length === 0) return manual('ADVICE', 'no repair is certain; a person has to decide');
  for (const change of finding.changes) {
    const obstacle = findObstacle(state, change);
    if (obstacle) return { status: 'manual', reason: obstacle };
  }
  for (const change of documentChanges) {
    const problem = locate(state.document, change);
    if (problem) return manual(problem.code, problem.text);
  }
  const heldBack = state.heldBack.get(key);
  if (heldBack) return { status: 'manual', reason: heldBack };
  if (!isWithin(finding.risk, state.options.maxRisk)) {
    return { status: 'held', reason: { code: 'RISK', text: finding.evidence ?? `${finding.risk} risk` } };
  }
  return apply(state, transform, finding);
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
    if (change.path.some(isOpaque)) state.clear = new WeakSet();
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

function otherTransforms(state: State, transform: Transform, changes: readonly Change[]): string[] {
  const others = changes.flatMap((change) => state.admitted.same(change)?.note ?? []);
  return [...new Set(others)].filter((id) => id !== transform.id);
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
function findObstacle(state: State, change: Change): Reason | undefined {
  for (let length = 1; length <= change.path.length; length++) {
    const path = change.path.slice(0, length);
    const value = valueAt(state.draft.peek(), path);
    if (value === undefined) return undefined;
    if (isOpaqueIn(state, value))
      return { code: 'OPAQUE', text: `${formatPath(path)} is filled in by another tool (${describe(value)})` };
  }
  const setter = state.hasSetters && trailingComment(state.document, [...state.ref.root, ...change.path]);
  if (setter && SETTER.test(setter))
    return { code: 'OPAQUE', text: `${formatPath(change.path)} is set by another tool (${setter})` };
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
