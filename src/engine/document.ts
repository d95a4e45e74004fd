import { applyChanges, withoutRemoved } from '../core/apply.js';
import { EngineError } from '../core/errors.js';
import type { ObjectRef } from '../core/finding.js';
import { formatPath, isAtOrBeneath, type Json, type JsonObject } from '../core/json.js';
import { findPodTemplates } from '../kube/kinds.js';
import type { RepoIndex } from '../kube/repo-facts.js';
import { isStaticPod } from '../kube/static-pods.js';
import { commentsOf } from '../yaml/comments.js';
import { disprove } from '../yaml/prove.js';
import { applySplices, type Splice } from '../yaml/splice.js';
import type { YamlDocument } from '../yaml/tree.js';
import { documentValue } from '../yaml/value.js';
import type { Accept } from './admit.js';
import type { PlannedFinding } from './evaluate.js';
import { foresee } from './outlook.js';
import type { Placer } from './place-created.js';
import { type CreatedFor, type Decided, decideAll, type KeyedChange, type Plan } from './plan.js';
import type { Suppression } from './suppress.js';
import { findAnnotationMarkers, findCommentMarkers } from './suppress-markers.js';
import { noteSuppressions } from './suppress-notes.js';
import { findAnnotationSuppressions, findCommentSuppressions } from './suppress-text.js';
import { findTargets, type Target, UNTOUCHED } from './targets.js';
import type { EngineOptions, ObjectResult, SuppressionNote } from './types.js';

/** A document once everything about it is decided. */
export interface DocumentResult {
  readonly document: YamlDocument;
  readonly value: Json;
  readonly findings: readonly PlannedFinding[];
  readonly objects: readonly ObjectResult[];
  readonly suppressions: readonly SuppressionNote[];
  readonly splices: readonly Splice[];
  /** With all changes. */
  readonly wanted: Json;
  readonly created: readonly CreatedFor[];
  /** The objects that change, as they become. */
  readonly after: ReadonlyMap<ObjectRef, JsonObject>;
}

/** A document where it stands. */
export interface DocumentInFile {
  readonly document: YamlDocument;
  /** Where the comments before its `---` begin that belong to it. */
  readonly gapStart: number;
  /** What speaks of all documents of the file. */
  readonly fileWide: readonly Suppression[];
  /** Says where new objects go; without it, none are made. */
  readonly placer?: Placer;
}

/** The suppressions in a document, by comments and annotations. */
export function findSuppressions(document: YamlDocument, gapStart: number, targets: readonly Target[]): Suppression[] {
  const found = findCommentSuppressions(document, gapStart);
  for (const { at } of targets) found.push(...findAnnotationSuppressions(document, at.root, at.value));
  return found;
}

/** The markers of other tools in a document that speak of what a transform does. */
function findMarkers(
  document: YamlDocument,
  gapStart: number,
  targets: readonly Target[],
  options: EngineOptions,
): Suppression[] {
  const found = findCommentMarkers(document, gapStart, options.transforms);
  for (const target of targets) found.push(...findAnnotationMarkers(document, target, options));
  return found;
}

/**
 * Decides all findings of one document and renders and proves the admitted ones. A finding that turns out to be impossible (text
 * shared with a place that does not want the change, an object that the API server would refuse) is held back and the document
 * evaluated anew, so that no other finding rests on it.
 */
export function fixDocument(
  options: EngineOptions,
  index: RepoIndex,
  file: string,
  { document, gapStart, fileWide, placer }: DocumentInFile,
  accept?: Accept,
): DocumentResult {
  const value = documentValue(document);
  const targets = findTargets(options, file, document, value);
  const own = findSuppressions(document, gapStart, targets);
  const markers = findMarkers(document, gapStart, targets, options);
  const suppressions = [...own, ...fileWide, ...markers];
  const plan = { options, index, document, value, targets, suppressions, accept, ...(placer && { placer }) };
  const decided = decideAll(plan);
  const { findings, changes, rendered, created } = decided;
  prove(document, value, changes, rendered);
  placer?.keep(
    document,
    created.map(({ creation }) => creation),
  );
  const described = withLostComments(findings, changes, rendered.lostComments);
  return {
    document,
    value,
    findings: described,
    objects: describeObjects(plan, decided),
    // Without an object, what they speak of may be a patch, and is no concern of this.
    suppressions: targets.length === 0 ? [] : noteSuppressions(file, own.filter(isAsked(targets)), options, targets),
    splices: rendered.splices,
    wanted: wantedValue(value, changes),
    created,
    after: decided.values,
  };
}

/** The value with the changes. */
export function wantedValue(value: Json, changes: readonly KeyedChange[]): Json {
  if (changes.length === 0) return value;
  const made = changes.map(({ change }) => change);
  return withoutRemoved(applyChanges(value, made) as Json, made);
}

/** Whether a suppression speaks of an object that is looked at: what was not touched, it could not be needed for. */
function isAsked(targets: readonly Target[]): (suppression: Suppression) => boolean {
  const untouched = targets.filter(({ left }) => left === UNTOUCHED);
  if (untouched.length === 0) return () => true;
  const touched = targets.filter((target) => !untouched.includes(target));
  return ({ path }) =>
    path !== undefined && touched.some(({ at }) => isAtOrBeneath(path, at.root) || isAtOrBeneath(at.root, path));
}

/**
 * Proves an edit before anyone sees it: the new text, read by a second parser, holds the old values plus the changes and nothing
 * else, and every comment is either there or inside what a change removes.
 * @throws {EngineError} `UNPROVEN`
 */
export function prove(
  document: YamlDocument,
  value: Json,
  changes: readonly KeyedChange[],
  rendered: { readonly splices: readonly Splice[]; readonly lostComments: ReadonlyMap<number, readonly string[]> },
): void {
  if (rendered.splices.length === 0 && changes.length === 0) return;
  const { start, end } = document;
  const before = document.text.slice(start, end);
  const shifted = rendered.splices.map((splice) => ({ ...splice, start: splice.start - start, end: splice.end - start }));
  const fault = disprove(before, applySplices(before, shifted), wantedValue(value, changes)) ?? lostComment(document, rendered);
  if (fault === undefined) return;
  const listed = changes.map(({ change }) =>
    `${change.op} ${formatPath(change.path)} ${'value' in change ? JSON.stringify(change.value) : ''}`.trim(),
  );
  // Behind the first line the second parser quotes the text, and the manifest's values are nobody's business.
  const [what] = fault.split('\n', 1);
  throw new EngineError('UNPROVEN', `document ${document.index}: ${what}. Changes: ${listed.join('; ')}`);
}

function lostComment(document: YamlDocument, { splices, lostComments }: Parameters<typeof prove>[3]): string | undefined {
  const cuts = splices.filter((splice) => splice.end > splice.start);
  if (cuts.length === 0) return undefined;
  const listed = [...lostComments.values()].flat();
  for (const comment of commentsOf(document)) {
    const isCut = cuts.some((cut) => cut.start < comment.end && cut.end > comment.start);
    if (isCut && !listed.includes(comment.text)) return `the comment on line ${comment.line + 1} would be lost`;
  }
  return undefined;
}

function withLostComments(
  findings: readonly PlannedFinding[],
  changes: readonly KeyedChange[],
  lost: ReadonlyMap<number, readonly string[]>,
): readonly PlannedFinding[] {
  if (lost.size === 0) return findings;
  const byKey = new Map<string, string[]>();
  for (const [at, comments] of lost) {
    for (const key of changes[at]?.keys ?? []) byKey.set(key, [...(byKey.get(key) ?? []), ...comments]);
  }
  return findings.map((finding) => {
    const lostComments = finding.status === 'ready' ? byKey.get(finding.key) : undefined;
    return lostComments ? { ...finding, lostComments } : finding;
  });
}

/** Whether a finding changes its object, as opposed to what comes beside it. */
function isChange({ status, changes }: PlannedFinding): boolean {
  return status === 'ready' && changes.length > 0;
}

function describeObjects(plan: Plan, decided: Decided): ObjectResult[] {
  const changed = new Set(decided.findings.filter(isChange).map(({ object }) => object));
  const outlooks = foresee(plan, decided);
  return plan.targets.map(({ ref, at, left: why, seenBy }) => {
    const left = seenBy && decided.findings.some(({ object }) => object === ref) ? undefined : why;
    const templates = findPodTemplates(at.value, at, plan.options.kinds);
    const podSecurity = outlooks.get(ref);
    return {
      ref,
      isWorkload: templates.length > 0,
      isImmutable: templates.some(({ kind }) => kind.immutable) && !isStaticPod(ref.file, at),
      isChanged: changed.has(ref),
      ...(left === undefined ? {} : { left }),
      ...(podSecurity && { podSecurity }),
    };
  });
}
