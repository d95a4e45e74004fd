import { applyChange, withoutRemoved } from '../core/apply.js';
import type { Change } from '../core/change.js';
import { createChangeSet } from '../core/change-set.js';
import { EngineError } from '../core/errors.js';
import type { ObjectRef } from '../core/finding.js';
import { formatPath, isObject, type Json, type JsonObject } from '../core/json.js';
import { findPodTemplate, isPartial, type ObjectAt, objectsIn } from '../kube/kinds.js';
import { isSystemNamespace } from '../kube/namespaces.js';
import { kubernetesPlacement } from '../kube/placement.js';
import { newRefusals } from '../kube/refusals.js';
import type { RepoIndex } from '../kube/types.js';
import { commentsOf } from '../yaml/comments.js';
import { lineOfPath } from '../yaml/places.js';
import { disprove } from '../yaml/prove.js';
import { renderChanges } from '../yaml/render.js';
import { applySplices, type Splice } from '../yaml/splice.js';
import type { YamlDocument } from '../yaml/tree.js';
import { documentValue } from '../yaml/value.js';
import { evaluateObject, type PlannedFinding, type Reason } from './evaluate.js';
import { findAnnotationSuppressions, findCommentSuppressions, noteSuppressions, type Suppression } from './suppress.js';
import type { EngineOptions, ObjectResult, SuppressionNote } from './types.js';

/** A document once everything about it is decided. */
export interface DocumentResult {
  readonly document: YamlDocument;
  readonly value: Json;
  readonly findings: readonly PlannedFinding[];
  readonly objects: readonly ObjectResult[];
  readonly suppressions: readonly SuppressionNote[];
  readonly splices: readonly Splice[];
}

interface Target {
  readonly ref: ObjectRef;
  readonly at: ObjectAt;
  readonly left: string | undefined;
}

/** More rounds than findings could ever be held back one by one in a real document. */
const MAX_ROUNDS = 50;

/**
 * Decides all findings of one document and renders and proves the admitted ones. A finding that turns out to be impossible (text
 * shared with a place that does not want the change, an object that the API server would refuse) is held back and the document
 * evaluated anew, so that no other finding rests on it.
 */
export function fixDocument(
  options: EngineOptions,
  index: RepoIndex,
  file: string,
  document: YamlDocument,
  gapStart: number,
): DocumentResult {
  const value = documentValue(document);
  const targets = findTargets(options, file, document, value);
  const suppressions = findCommentSuppressions(document, gapStart);
  for (const { at } of targets) suppressions.push(...findAnnotationSuppressions(document, at.root, at.value));
  const heldBack = new Map<string, Reason>();
  let isGuarded = false;
  for (let round = 0; round < MAX_ROUNDS; round++) {
    const { findings, isRefused } = evaluateAll(options, index, document, targets, suppressions, heldBack, isGuarded);
    if (isRefused && !isGuarded) {
      isGuarded = true;
      continue;
    }
    const changes = changesOf(findings);
    const rendered = renderChanges(
      document,
      changes.map(({ change }) => change),
      kubernetesPlacement,
    );
    if (rendered.problems.length > 0) {
      for (const { changes: indices, code, text } of rendered.problems) {
        for (const at of indices) for (const key of changes[at]?.keys ?? []) heldBack.set(key, { code, text });
      }
      continue;
    }
    prove(document, value, changes, rendered);
    const described = withLostComments(findings, changes, rendered.lostComments);
    return {
      document,
      value,
      findings: described,
      objects: describeObjects(targets, described),
      suppressions: noteSuppressions(file, suppressions, options),
      splices: rendered.splices,
    };
  }
  throw new EngineError('UNPROVEN', `no stable set of changes after ${MAX_ROUNDS} rounds`);
}

function findTargets(options: EngineOptions, file: string, document: YamlDocument, value: Json): Target[] {
  return objectsIn(value).flatMap((at): Target[] => {
    if (!findPodTemplate(at.value, at) && isPartial(at.value, at) === undefined) return [];
    const metadata = isObject(at.value.metadata) ? at.value.metadata : {};
    const name = text(metadata.name) ?? text(metadata.generateName);
    const namespace = text(metadata.namespace);
    const ref: ObjectRef = {
      file,
      document: document.index,
      root: at.root,
      line: lineOfPath(document, at.root),
      apiVersion: at.apiVersion,
      kind: at.kind,
      ...(namespace === undefined ? {} : { namespace }),
      ...(name === undefined ? {} : { name }),
    };
    const system =
      !options.includeSystem && isSystemNamespace(namespace) ? `system namespace ${namespace} (--include-system)` : undefined;
    return [{ ref, at, left: isPartial(at.value, at) ?? system }];
  });
}

function text(value: Json | undefined): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}

function evaluateAll(
  options: EngineOptions,
  index: RepoIndex,
  document: YamlDocument,
  targets: readonly Target[],
  suppressions: readonly Suppression[],
  heldBack: ReadonlyMap<string, Reason>,
  isGuarded: boolean,
): { findings: PlannedFinding[]; isRefused: boolean } {
  const findings: PlannedFinding[] = [];
  let isRefused = false;
  for (const { ref, at, left } of targets) {
    if (left !== undefined) continue;
    const veto = isGuarded ? (before: JsonObject, after: JsonObject) => objection(before, after, ref) : undefined;
    const result = evaluateObject({ options, index, document, ref, value: at.value, suppressions, heldBack, veto });
    findings.push(...result.findings);
    const changes = result.findings.flatMap((finding) => (finding.status === 'ready' ? finding.changes : []));
    if (changes.length > 0) {
      const after = withoutRemoved(result.value, changes) as JsonObject;
      isRefused ||= objection(at.value, after, ref) !== undefined;
    }
  }
  return { findings, isRefused };
}

/** Why the API server would refuse what it does not refuse now. */
function objection(before: JsonObject, after: JsonObject, ref: ObjectRef): string | undefined {
  const [first] = newRefusals(before, after, ref);
  return first && `the API server would refuse it: ${first.message} (${formatPath(first.path)})`;
}

interface KeyedChange {
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
  let expected: Json | undefined = value;
  for (const { change } of changes) expected = applyChange(expected, change);
  const wanted = withoutRemoved(
    expected as Json,
    changes.map(({ change }) => change),
  );
  const fault = disprove(before, applySplices(before, shifted), wanted) ?? lostComment(document, rendered);
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

function describeObjects(targets: readonly Target[], findings: readonly PlannedFinding[]): ObjectResult[] {
  const changed = new Set(findings.filter(({ status }) => status === 'ready').map(({ object }) => object));
  return targets.map(({ ref, at, left }) => {
    const template = findPodTemplate(at.value, at);
    return {
      ref,
      isWorkload: template !== undefined,
      isImmutable: template?.immutable ?? false,
      isChanged: changed.has(ref),
      ...(left === undefined ? {} : { left }),
    };
  });
}
