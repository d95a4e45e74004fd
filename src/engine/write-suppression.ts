import { applyChanges } from '../core/apply.js';
import { isDay } from '../core/day.js';
import { mayHoldGitopsPatches } from '../core/gitops.js';
import { isAtOrBeneath, isEqual, type Json, type Path } from '../core/json.js';
import { type Kinds, knownKinds, type ObjectType } from '../kube/kinds.js';
import { kubernetesPlacement } from '../kube/placement.js';
import { locate } from '../yaml/edit.js';
import { disprove } from '../yaml/prove.js';
import { renderChanges } from '../yaml/render.js';
import { applySplices, type Splice } from '../yaml/splice.js';
import { indexLines, type LineIndex, lineAt, lineBreak, lineStart } from '../yaml/tree.js';
import { describeSuppression, isExpired, type Suppression } from './suppress.js';
import { ANNOTATION, annotationsOf, findFileSuppressions, formatComment, formatSaid, reads, type Said } from './suppress-text.js';
import { findPatchPlace, findPlace, type Place, type PlaceOrTrouble, type Sight } from './suppression-place.js';
import type { Target } from './targets.js';

/** What is to be said no to, and why. */
export interface WantedSuppression {
  /** From 1: where the object, the container or the field starts. */
  readonly line: number;
  /** Ids of transforms, or `all`. */
  readonly ids: readonly string[];
  readonly reason: string;
  /** `YYYY-MM-DD`, the last day on which it holds. */
  readonly expires?: string;
  /** `YYYY-MM-DD`: what ended before it counts no longer. Without it nothing has ended. */
  readonly today?: string;
  /** Whether the file is a patch, or a kustomization: there no object is looked for. */
  readonly isInPatch?: boolean;
  /** Objects that are looked at; without them, those that make pods. */
  readonly looked?: readonly ObjectType[];
}

/** The text with the suppression in it, or why none was written. */
export type WrittenSuppression =
  | {
      readonly text: string;
      readonly splices: readonly Splice[];
      /** An annotation holds for all of its object, whatever the line: JSON has no comments. */
      readonly by: 'comment' | 'annotation';
      /** Where it stands now, from 1. */
      readonly line: number;
      /** What it covers, and in which document. */
      readonly path: Path;
      readonly document: number;
    }
  | { readonly trouble: string };

/**
 * Writes a suppression where a line starts something: as a comment above it, in JSON as an annotation of the object. Nothing else
 * changes: not a value, not a comment, not what another suppression covers.
 */
export function writeSuppression(text: string, wanted: WantedSuppression, kinds: Kinds = knownKinds): WrittenSuppression {
  const said = toSaid(wanted);
  const fault = faultOf(wanted, said);
  if (fault !== undefined) return { trouble: fault };
  const lines = indexLines(text);
  const last = lines.starts.length - (text.endsWith('\n') ? 1 : 0);
  if (!Number.isInteger(wanted.line) || wanted.line < 1 || wanted.line > last)
    return { trouble: `there is no line ${wanted.line}; the last one is ${last}` };
  const reading = findPlaceIn(text, lines, wanted, { kinds, looked: wanted.looked ?? [] });
  if ('trouble' in reading) return reading;
  const already = suppressedAlready(said, reading, findFileSuppressions(text), wanted.today ?? '');
  if (already !== undefined) return { trouble: already };
  const { target } = reading;
  return target && reading.document.isJson ? annotate(text, said, reading, target) : comment(text, said, reading);
}

function findPlaceIn(text: string, lines: LineIndex, { line, isInPatch }: WantedSuppression, sight: Sight): PlaceOrTrouble {
  if (isInPatch) return findPatchPlace(text, line);
  const place = findPlace(text, lines, line, sight);
  if (!('trouble' in place) || !mayHoldGitopsPatches(text)) return place;
  const inObject = findPatchPlace(text, line);
  return 'trouble' in inObject ? place : inObject;
}

function toSaid({ ids, reason, expires }: WantedSuppression): Said {
  const isForAll = ids.includes('all') || ids.includes('*');
  return { ids: new Set(isForAll ? [] : ids), reason: reason.trim(), ...(expires !== undefined && { expires }) };
}

/** What would end the line, steer a terminal, or cannot stand in YAML. */
const UNWRITABLE = /[\p{Cc}\p{Cs}\p{Zl}\p{Zp}\p{Bidi_Control}\ufeff\ufffe\uffff]/u;

function faultOf({ ids, reason, expires, today = '' }: WantedSuppression, said: Said): string | undefined {
  if (ids.length === 0) return 'no transform is named';
  const odd = [...said.ids].find((id) => !/^[a-z][a-z0-9-]*$/.test(id));
  if (odd !== undefined) return `${JSON.stringify(odd)} is no id of a transform`;
  if (said.reason === '') return 'the reason is missing: say why, in a few words';
  if (/[\r\n]/.test(reason.trim())) return 'the reason takes one line; this one has more';
  if (UNWRITABLE.test(said.reason))
    return 'the reason holds a character that cannot be seen, such as an escape or a tab; leave it out';
  if (expires !== undefined && !isDay(expires)) return `the end takes a day, such as 2027-01-31, not ${JSON.stringify(expires)}`;
  if (isExpired(said, today)) return `the end, ${expires}, has passed`;
  return reads(said) ? undefined : 'the reason would be read as an end: leave "(expires" out of it, and give the day as the end';
}

function suppressedAlready(
  { ids }: Said,
  { path, suppressions }: Place,
  fileWide: readonly Suppression[],
  today: string,
): string | undefined {
  const around = [...fileWide, ...suppressions].filter(
    (found) => found.path !== undefined && isAtOrBeneath(path, found.path) && !isExpired(found, today),
  );
  for (const id of ids.size === 0 ? [undefined] : ids) {
    const found = around.find((one) => one.ids.size === 0 || (id !== undefined && one.ids.has(id)));
    if (found) return `${id ?? 'everything'} is ${describeSuppression(found).replace('suppressed', 'suppressed there already,')}`;
  }
  return undefined;
}

function comment(text: string, said: Said, place: Place): WrittenSuppression {
  const { document, start, path, target } = place;
  const from = lineStart(document.lines, start);
  const line = lineAt(document.lines, start) + 1;
  const indent = text.slice(from, start);
  if (indent.trim() !== '')
    return { trouble: `something else stands before what starts on line ${line}, so no comment can stand above it` };
  const splices = [{ start: from, end: from, insert: `${indent}${formatComment(said)}${lineBreak(document.lines, from)}` }];
  const after = applySplices(text, splices);
  if (!isProved(place, after, place.value, { ...said, path })) {
    const instead = target ? `write the annotation ${ANNOTATION} on the object` : 'say it in kubemend.yaml';
    return { trouble: `a comment above line ${line} would not be read as meant; ${instead}` };
  }
  return { text: after, splices, by: 'comment', line, path, document: document.index };
}

function annotate(text: string, said: Said, place: Place, target: Target): WrittenSuppression {
  const { document, path } = place;
  const { root } = target.ref;
  if (!isAtOrBeneath(path, root))
    return { trouble: 'JSON has no comments, and the line is of several objects; name a line of one of them' };
  const before = annotationsOf(target.at.value)[ANNOTATION];
  if (before !== undefined && typeof before !== 'string') return { trouble: `the annotation ${ANNOTATION} is no text` };
  const entry = formatSaid(said);
  const value = before === undefined || before.trim() === '' ? entry : `${before.trimEnd()}\n${entry}`;
  const change = { op: 'set', path: [...root, 'metadata', 'annotations', ANNOTATION], value } as const;
  const rendered = renderChanges(document, [change], kubernetesPlacement);
  const problem = locate(document, change) ?? rendered.problems[0];
  if (problem) return { trouble: `the annotation ${ANNOTATION} cannot be written: ${problem.text}` };
  const after = applySplices(text, rendered.splices);
  const wanted = applyChanges(place.value, [change]) as Json;
  if (!isProved(place, after, wanted, { ...said, path: root }))
    return { trouble: `the annotation ${ANNOTATION} would not be read as meant` };
  const line = place.again(after)?.line(change.path) ?? target.ref.line;
  return { text: after, splices: rendered.splices, by: 'annotation', line, path: root, document: document.index };
}

/** Whether the new text holds these values, the suppressions that it held, where they were, and the new one. */
function isProved(
  { document, suppressions, again: readAgain }: Place,
  after: string,
  wanted: Json,
  added: Said & { readonly path: Path },
): boolean {
  const { text, start, end } = document;
  const grown = end + after.length - text.length;
  if (disprove(text.slice(start, end), after.slice(start, grown), wanted) !== undefined) return false;
  const again = readAgain(after);
  if (!again) return false;
  const left = again.suppressions.map(comparable);
  for (const one of [...suppressions, added].map(comparable)) {
    const at = left.findIndex((other) => isEqual(other, one));
    if (at < 0) return false;
    left.splice(at, 1);
  }
  return left.length === 0;
}

function comparable({ ids, path, reason, expires }: Said & Pick<Suppression, 'path'>): Json {
  return [[...ids].sort(), path ?? null, reason, expires ?? null];
}
