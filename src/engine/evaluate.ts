import type { Change } from '../core/change.js';
import type { DecidedFinding, Finding } from '../core/finding.js';
import { formatPath, isAtOrBeneath, type JsonObject, type Path, valueAt } from '../core/json.js';
import { makeView } from '../kube/fields.js';
import type { PodTemplate } from '../kube/kinds.js';
import { evaluatePod, isPartOf } from '../kube/pod-security/evaluate.js';
import type { Demands, LiveObject, Transform, View } from '../kube/types.js';
import { type ViewedPod, viewPods } from '../kube/views.js';
import { lineOfPath, trailingComment } from '../yaml/places.js';
import type { YamlDocument } from '../yaml/tree.js';
import {
  admit,
  changesInDocument,
  createState,
  creationsFor,
  type Evaluation,
  inDocument,
  keyOf,
  type State,
  suppressionAt,
} from './admit.js';
import type { Creation } from './creation.js';
import { testWords, type WordTest } from './scan.js';
import { findConfigured } from './suppress-configured.js';
import { looksAt } from './targets.js';
import { createVariants } from './variants.js';

/** A finding on its way through the plan. */
export interface PlannedFinding extends DecidedFinding {
  /** Changes from the root of the document, not of the object. */
  readonly documentChanges: readonly Change[];
  /** Of one that is `ready`. */
  readonly creations: readonly Creation[];
}

/** Where an evaluation stood when a transform began to find something. */
export interface Turn {
  readonly transform: Transform;
  /** The object with what was admitted before. */
  readonly value: JsonObject;
  /** How many findings there were. */
  readonly findings: number;
}

export interface EvaluatedObject {
  readonly findings: readonly PlannedFinding[];
  /** One for each transform that found something, in order. */
  readonly turns: readonly Turn[];
  /** With all admitted changes; a list item that was removed is `null`. */
  readonly value: JsonObject;
}

/**
 * Runs all transforms over one object. Each finding is admitted or held the moment it is yielded, and what is admitted is at once
 * part of what the transforms see; so one pass is a fixed point.
 * @throws {EngineError} `CONFLICT` when two transforms want different things at one place.
 */
export function evaluateObject(evaluation: Evaluation): EvaluatedObject {
  const state = createState(evaluation, evaluation.value);
  const findings: PlannedFinding[] = [];
  const turns: Turn[] = [];
  run(state, state.options.transforms, (transform, yielded) => {
    if (turns.at(-1)?.transform !== transform) turns.push({ transform, value: state.draft.value, findings: findings.length });
    findings.push(plan(state, transform, withComment(state, yielded)));
  });
  return { findings, turns, value: state.draft.value };
}

/**
 * What the object would become if an evaluation had gone on otherwise from one of its turns, with all changes from the root of the
 * object; a list item that was removed is `null`. Says the same of that as {@link evaluateObject}, and nothing else.
 * @param admitted what had been admitted before that turn
 * @param transforms those that have their turn then
 */
export function resumeObject(
  evaluation: Evaluation,
  { value }: Pick<Turn, 'value'>,
  admitted: readonly PlannedFinding[],
  transforms: readonly Transform[],
): { readonly value: JsonObject; readonly changes: readonly Change[] } {
  const state = createState(evaluation, value);
  for (const { changes, transform } of admitted) for (const change of changes) state.admitted.add(change, transform);
  run(state, transforms, (transform, finding) => void admit(state, transform, finding));
  return { value: state.draft.value, changes: state.admitted.entries.map(({ change }) => change) };
}

function run(state: State, transforms: readonly Transform[], take: (transform: Transform, finding: Finding) => void): void {
  const live: LiveObject = {
    ref: state.ref,
    get value() {
      return state.draft.look();
    },
  };
  let current: Transform | undefined;
  const isSuppressed = (path: Path) => current !== undefined && suppressionAt(state, current, [path]) !== undefined;
  // Views read through to the live object, so all transforms can share them.
  const { images, digestOf, kinds } = state.options;
  const demands = (template: PodTemplate) => demandsOf(state, template);
  const pods = viewPods(live, { index: state.index, isSuppressed, demands, images, digestOf, kinds });
  if (state.options.suppressions) {
    const containers = pods.flatMap(({ context }) => context.containers);
    const configured = findConfigured(state.options.suppressions, state.ref, state.value, containers);
    state.suppressions = [...state.suppressions, ...configured];
  }
  const { options, index, ref } = state;
  const variants = createVariants({ options, index, ref, isSuppressed, demands, value: () => state.draft.value });
  const mentions = wordTestOf(state.document);
  const whole = { object: makeView(live, [], ref.kind), ref, index, isSuppressed: (view: View) => isSuppressed(view.path) };
  for (const transform of transforms) {
    if (transform.words && !mentions(transform.words)) continue;
    current = transform;
    if (looksAt(transform, ref)) {
      const { versions, level } = options;
      for (const finding of transform.objects?.check({ ...whole, versions, level }) ?? [])
        take(transform, variants?.keep(finding) ?? finding);
    }
    for (const { template, context } of pods) {
      if (transform.checks && !transform.checks.some(context.asks)) continue;
      const findings = transform.check(context);
      for (const finding of variants?.worsen(transform, template, findings) ?? findings) {
        if (!isAboutObject(state, finding, template)) continue;
        take(transform, withKindRules(state, withObjectRisk(state, finding, template), template, pods));
      }
    }
  }
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

/** What the run asks of a pod: all of it, or what it lacks for a level. */
export function demandsOf(
  { options: { versions, level }, value, ref }: Pick<Evaluation, 'options' | 'value' | 'ref'>,
  template: PodTemplate,
): Demands {
  if (level === undefined) return { versions, level, asks: ALWAYS };
  const failed = evaluatePod(value, template, level, versions, ref).filter(({ allowed }) => !allowed);
  const ids = new Set<string>(failed.map(({ id }) => id));
  // A value that no API server decodes may be a variable, which may stand for anything.
  return { versions, level, asks: ids.has('decoding') ? (check) => isPartOf(check, level, versions) : (check) => ids.has(check) };
}

/** Whether the object stays as it is, and another one comes. */
function isBeside({ changes, creates }: Finding): boolean {
  return changes.length === 0 && creates !== undefined && creates.length > 0;
}

/** What has to be deleted and made anew, or loses its work by a change, a person should know before. */
function withObjectRisk(state: State, finding: Finding, { kind }: PodTemplate): Finding {
  const reason = kind.immutable ? `a ${state.ref.kind} is not changed in place but made anew` : (kind.interrupts ?? kind.unseen);
  if (finding.risk !== 'low' || reason === undefined || isBeside(finding)) return finding;
  return { ...finding, risk: 'medium', evidence: finding.evidence === undefined ? reason : `${finding.evidence}; ${reason}` };
}

/** What is not written in an object, but made by who reads it, may be as it should be. */
function isAboutObject({ draft }: State, { changes }: Finding, { kind }: PodTemplate): boolean {
  return kind.holds === undefined || changes.length === 0 || changes.some(({ path }) => kind.holds?.(draft.peek(), path));
}

/** What is right for a pod may not be for the kind that makes it, or not for the other pods that it makes. */
function withKindRules(state: State, finding: Finding, template: PodTemplate, pods: readonly ViewedPod[]): Finding {
  const { kind, podSpec, metadata } = template;
  if (finding.unless !== undefined || (kind.objection === undefined && kind.shape === undefined)) return finding;
  for (const change of finding.changes) {
    const objection = kind.objection?.(state.draft.peek(), template, change);
    if (objection !== undefined) return { ...finding, unless: objection };
    const isBeneath = [podSpec, metadata].some((path) => isAtOrBeneath(change.path, path));
    const isOwn = isBeneath || kind.shape?.owns?.(change.path, podSpec) === true;
    if (!isOwn && pods.length > 1) return { ...finding, unless: `${formatPath(change.path)} is for all templates of the object` };
  }
  return finding;
}

/** Who wrote a value may have said why, right beside it. */
function withComment(state: State, finding: Finding): Finding {
  const written = writtenPlace(state, finding);
  const comment = written && trailingComment(state.document, inDocument(state, written));
  if (comment === undefined) return finding;
  const quote = `beside it stands ${JSON.stringify(comment)}`;
  return { ...finding, evidence: finding.evidence === undefined ? quote : `${finding.evidence}; ${quote}` };
}

/** The value that a single change replaces or removes. */
function writtenPlace({ value }: State, { changes }: Finding): Path | undefined {
  const [change] = changes;
  if (!change || changes.length > 1 || change.op === 'append') return undefined;
  return valueAt(value, change.path) === undefined ? undefined : change.path;
}

/** Decides about a finding, and says where it is: at what it replaces or removes, else at the pod or the container. */
function plan(state: State, transform: Transform, finding: Finding): PlannedFinding {
  const decision = admit(state, transform, finding);
  const placed = decision.status === 'ready' ? creationsFor(state, finding) : [];
  const creations = 'code' in placed ? [] : placed;
  return {
    ...finding,
    transform: transform.id,
    alsoBy: decision.status === 'ready' ? otherTransforms(state, transform, finding.changes) : [],
    object: state.ref,
    line: lineOfPath(state.document, inDocument(state, writtenPlace(state, finding) ?? finding.path)),
    lostComments: [],
    documentChanges: [...changesInDocument(state, finding), ...creations.flatMap(({ change }) => change ?? [])],
    creations,
    ...(creations.length > 0 && { created: creations.map(({ place }) => place) }),
    key: keyOf(state, transform, finding),
    ...decision,
  };
}

function otherTransforms(state: State, transform: Transform, changes: readonly Change[]): string[] {
  const others = changes.flatMap((change) => state.admitted.same(change)?.note ?? []);
  return [...new Set(others)].filter((id) => id !== transform.id);
}
