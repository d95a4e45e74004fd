import { ManifestError } from '../core/errors.js';
import type { DecidedFinding, Finding, ObjectRef } from '../core/finding.js';
import { isObject, type Json, type JsonObject, type Path } from '../core/json.js';
import { type NamedPatch, type PatchTarget, readKustomization, readPatchTransformer } from '../core/kustomization.js';
import type { RepoIndex, Transform } from '../kube/types.js';
import { type ViewedPod, viewPods } from '../kube/views.js';
import { splitDocuments } from '../yaml/documents.js';
import { parseDocument } from '../yaml/parse.js';
import { lineOfPath, lineOfText } from '../yaml/places.js';
import { indexLines, type YamlDocument } from '../yaml/tree.js';
import { documentValue } from '../yaml/value.js';
import { demandsOf } from './evaluate.js';
import { extentOf } from './extents.js';
import { isWrittenAt, type PatchPart, partsOf } from './patch-parts.js';
import { testWords, type WordTest } from './scan.js';
import { describeSuppression, type Suppression, suppressionOf } from './suppress.js';
import { findConfigured } from './suppress-configured.js';
import { noteSuppressions } from './suppress-notes.js';
import { findCommentSuppressions, findFileSuppressions, headerStart, mentionsSuppression } from './suppress-text.js';
import type { EngineOptions, FileResult, ObjectResult } from './types.js';

type Searched = Pick<FileResult, 'findings' | 'objects' | 'suppressions'>;

/** A patch that is written somewhere, and what surrounds it. */
interface Place {
  readonly file: string;
  readonly text: string;
  readonly targets: readonly (PatchTarget | undefined)[];
  /** Of the patch's first line, from 1; each line of the patch is one of the file where `isExact`, else all are that one. */
  readonly line: number;
  readonly isExact: boolean;
  /** Where it is written in a kustomization. */
  readonly within?: { readonly document: YamlDocument; readonly at: Path; readonly suppressions: readonly Suppression[] };
}

/**
 * What a patch file writes that weakens what it is applied to: by the transforms that mend what someone wrote, without a change.
 * @param targets what the kustomizations that apply it say it is for
 */
export function searchPatch(
  options: EngineOptions,
  index: RepoIndex,
  file: string,
  text: string,
  targets: readonly (PatchTarget | undefined)[],
): Searched {
  if (!isWorthReading(options, text)) return NOTHING;
  return search(options, index, { file, text, targets, line: 1, isExact: true });
}

/** The same for the patches that are written in a kustomization, or in a transformer in it. */
export function searchKustomization(options: EngineOptions, index: RepoIndex, file: string, text: string): Searched {
  if (!/patch/i.test(text) || !isWorthReading(options, text)) return NOTHING;
  const found: Searched[] = [];
  for (const [document, value, gapStart] of documentsOf(text)) {
    const suppressions = findCommentSuppressions(document, gapStart);
    for (const patch of isObject(value) ? readPatches(value) : []) {
      const place = placeOf(file, document, patch, suppressions);
      if (place) found.push(search(options, index, place));
    }
  }
  return {
    findings: found.flatMap(({ findings }) => findings),
    objects: found.flatMap(({ objects }) => objects),
    suppressions: found.flatMap(({ suppressions }) => suppressions),
  };
}

const NOTHING: Searched = { findings: [], objects: [], suppressions: [] };

/** Whether something weak may be written in a text, or someone said no to it. */
function isWorthReading({ transforms, suppressions }: EngineOptions, text: string): boolean {
  if (suppressions !== undefined || mentionsSuppression(text)) return true;
  const mentions = testWords(text);
  return transforms.some((transform) => mayFind(transform, mentions));
}

function mayFind({ words, writtenWords }: Transform, mentions: WordTest): boolean {
  const needed = words ?? writtenWords;
  return needed === undefined || mentions(needed);
}

function readPatches(value: JsonObject): readonly NamedPatch[] {
  const isTransformer = typeof value.kind === 'string' && /^Patch(?:StrategicMerge|Json6902)?Transformer$/.test(value.kind);
  return isTransformer ? readPatchTransformer(value) : readKustomization(value).patches;
}

function placeOf(
  file: string,
  document: YamlDocument,
  { text, at, target }: NamedPatch,
  suppressions: readonly Suppression[],
): Place | undefined {
  if (text === undefined) return undefined;
  const first = lineOfText(document, at);
  const line = first ?? lineOfPath(document, at);
  return { file, text, targets: [target], line, isExact: first !== undefined, within: { document, at, suppressions } };
}

function search(options: EngineOptions, index: RepoIndex, place: Place): Searched {
  const findings: DecidedFinding[] = [];
  const objects: ObjectResult[] = [];
  const notes: Searched['suppressions'][number][] = [];
  const fileWide = place.within ? [] : findFileSuppressions(place.text);
  const lineIn = (line: number) => (place.isExact ? place.line + line - 1 : place.line);
  for (const [document, value, gapStart] of documentsOf(place.text)) {
    const suppressions = findCommentSuppressions(document, gapStart).map((each) => ({ ...each, line: lineIn(each.line) }));
    const { from, to } = extentOf(document, []);
    if (options.touched && !options.touched(place.file, lineIn(from), lineIn(to))) continue;
    const parts = partsOf(place.file, document, value, place.targets, options.kinds);
    const mentions = testWords(document.text.slice(document.start, document.end));
    const transforms = options.transforms.filter((transform) => mayFind(transform, mentions));
    for (const part of parts) {
      const root = place.within?.at ?? part.ref.root;
      const ref = { ...part.ref, root, line: lineIn(part.ref.line), document: place.within?.document.index ?? document.index };
      const asked = { part, ref, suppressions: [...fileWide, ...suppressions], within: place.within };
      const own = weaken({ ...options, transforms }, index, asked).map((finding) => ({ ...finding, line: lineIn(finding.line) }));
      if (own.length === 0) continue;
      findings.push(...own);
      objects.push({ ref, isWorkload: false, isImmutable: false, isChanged: false });
    }
    const looked = parts.map(({ ref }) => ({ ref }));
    notes.push(...noteSuppressions(place.file, suppressions, options, looked));
  }
  return { findings, objects, suppressions: notes };
}

/** The documents that can be read; what cannot is nothing that a kustomization could apply. */
function* documentsOf(text: string): Iterable<readonly [document: YamlDocument, value: Json, gapStart: number]> {
  const lines = indexLines(text);
  const slices = splitDocuments(text);
  for (const [at, slice] of slices.entries()) {
    try {
      const before = slices[at - 1];
      const document = parseDocument(lines, slice);
      if (document) yield [document, documentValue(document), before ? headerStart(text, before) : 0];
    } catch (error) {
      if (!(error instanceof ManifestError)) throw error;
    }
  }
}

function* findingsOf(
  options: EngineOptions,
  pods: readonly ViewedPod[],
  part: PatchPart,
  turn: (transform: Transform) => void,
): Iterable<readonly [Transform, Finding]> {
  for (const transform of options.transforms) {
    turn(transform);
    for (const { context } of pods) {
      if (transform.checks && !transform.checks.some(context.asks)) continue;
      for (const finding of transform.check(context)) {
        const path = writtenPath(part, transform, finding);
        if (path) yield [transform, { ...finding, path }];
      }
    }
  }
}

/** What a transform says of a value is `field: value`; of what is missing it speaks otherwise. */
const ABOUT_A_VALUE = /^[A-Za-z]\w*: /;

/** Where the weak value stands that a finding is about; `undefined` where it is about what the patch does not say. */
function writtenPath({ value }: PatchPart, { words }: Transform, { changes, path, message, risk }: Finding): Path | undefined {
  if (words !== undefined) return changes[0] && isWrittenAt(value, changes[0].path) ? changes[0].path : path;
  // To change what someone wrote is high; less is a matter of spelling.
  if (risk !== 'high') return undefined;
  const [first] = changes;
  if (first && first.op !== 'append' && isWrittenAt(value, first.path)) return first.path;
  return changes.length === 0 && ABOUT_A_VALUE.test(message) ? path : undefined;
}

/** Whose finding it is, and who may have said no. */
interface Asked {
  readonly part: PatchPart;
  readonly ref: ObjectRef;
  readonly suppressions: readonly Suppression[];
  readonly within: Place['within'];
}

function weaken(options: EngineOptions, index: RepoIndex, { part, ref, suppressions, within }: Asked): DecidedFinding[] {
  let id = '';
  let configured: readonly Suppression[] = [];
  const suppressed = (path: Path) =>
    suppressionOf(suppressions, options.today, id, [part.toDocument(path)]) ??
    (within && suppressionOf(within.suppressions, options.today, id, [within.at])) ??
    suppressionOf(configured, options.today, id, [path]);
  const pods = viewPods(
    { ref: part.seen, value: part.value },
    {
      index,
      isSuppressed: (path) => suppressed(path) !== undefined,
      demands: (template) => demandsOf({ options, value: part.value, ref: part.seen }, template),
      images: options.images,
      kinds: options.kinds,
    },
  );
  const containers = pods.flatMap(({ context }) => context.containers);
  configured = findConfigured(options.suppressions ?? [], { ...ref, root: [] }, part.value, containers);
  const found: DecidedFinding[] = [];
  const turn = (transform: Transform) => {
    id = transform.id;
  };
  for (const [transform, finding] of findingsOf(options, pods, part, turn)) {
    const { evidence: _, unless: __, obstacle: ___, ...fault } = finding;
    found.push({
      ...fault,
      changes: [],
      transform: transform.id,
      alsoBy: [],
      object: ref,
      line: part.lineOf(finding.path),
      key: [transform.id, ref.document, ...ref.root, ref.line, ...finding.path, finding.message].join('\0'),
      lostComments: [],
      ...decide(options, finding, transform.id, ref, suppressed(finding.path)),
    });
  }
  return found;
}

function decide(
  { known }: EngineOptions,
  { subject, message }: Finding,
  transform: string,
  object: ObjectRef,
  no: Suppression | undefined,
): Pick<DecidedFinding, 'status' | 'reason'> {
  if (no) return { status: 'suppressed', reason: { code: 'SUPPRESSED', text: describeSuppression(no) } };
  if (known?.({ transform, object, subject, message })) {
    return { status: 'known', reason: { code: 'BASELINE', text: 'recorded in the baseline' } };
  }
  return { status: 'manual', reason: { code: 'PATCH', text: IN_A_PATCH } };
}

const IN_A_PATCH = 'in a patch, which is never changed: take it out there, or suppress it';
