import { ManifestError } from '../core/errors.js';
import type { DecidedFinding } from '../core/finding.js';
import { mayHoldGitopsPatches, readGitopsPatches } from '../core/gitops.js';
import { isEqual, isObject, type Json, type JsonObject, type Path } from '../core/json.js';
import { type NamedPatch, type PatchTarget, readKustomization, readPatchTransformer } from '../core/kustomization.js';
import { isPartial, type Kinds, objectsIn } from '../kube/kinds.js';
import { isOperations } from '../kube/patches/json-patch.js';
import type { RepoIndex } from '../kube/repo-facts.js';
import type { Transform } from '../kube/types.js';
import { headerStart, splitDocuments } from '../yaml/documents.js';
import { parseDocument } from '../yaml/parse.js';
import { lineOfPath, lineOfText } from '../yaml/places.js';
import { indexLines, type YamlDocument } from '../yaml/tree.js';
import { documentValue } from '../yaml/value.js';
import { extentOf } from './extents.js';
import { ownerOf } from './owned.js';
import { partsOf, type WrittenPatch } from './patch-parts.js';
import { testWords, type WordTest } from './scan.js';
import type { Suppression } from './suppress.js';
import { noteSuppressions } from './suppress-notes.js';
import { findCommentSuppressions, findFileSuppressions, mentionsSuppression } from './suppress-text.js';
import { findTargets } from './targets.js';
import type { EngineOptions, FileResult, ObjectResult } from './types.js';
import { weaken } from './weaken.js';

type Searched = Pick<FileResult, 'findings' | 'objects' | 'suppressions'>;

/** A patch that is written somewhere, and what surrounds it. */
interface Place {
  readonly file: string;
  /** What is written: a text of its own, or YAML among that around it. */
  readonly patch: string | Json;
  readonly targets: readonly (PatchTarget | undefined)[];
  /** Of the patch's first line, from 1; each line of the patch is one of the file where `isExact`, else all are that one. */
  readonly line: number;
  readonly isExact: boolean;
  /** Where it is written in a kustomization, or in another object. */
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
  return search(options, index, { file, patch: text, targets, line: 1, isExact: true });
}

/** The same for the patches that are written in a kustomization, or in a transformer in it. */
export function searchKustomization(options: EngineOptions, index: RepoIndex, file: string, text: string): Searched {
  if (!/patch/i.test(text)) return NOTHING;
  const fileWide = findFileSuppressions(text);
  const found = searchDocuments(options, index, file, text, fileWide, (value) => (isObject(value) ? readAnyPatches(value) : []));
  return { ...found, suppressions: [...noteAround(options, file, fileWide), ...found.suppressions] };
}

/**
 * The same for patches in a file of which no kustomization says anything: what is visibly one, and those that are written in objects of
 * Flux and Argo CD. Anything else may stand beside them.
 * @param fileWide suppressions that speak of all of the file
 * @param hasParts whether there may be parts of objects
 */
export function searchManifest(
  options: EngineOptions,
  index: RepoIndex,
  file: string,
  text: string,
  fileWide: readonly Suppression[],
  hasParts: boolean,
): Searched {
  if (!(hasParts || mayHoldGitopsPatches(text) || OPERATION.test(text)) || ownerOf(text)) return NOTHING;
  return searchDocuments(options, index, file, text, fileWide, (document) => readVisiblePatches(document, options.kinds));
}

/** An operation of a JSON 6902 patch that may weaken. */
const OPERATION = /\bop["']?[ \t]*:[ \t]*["']?(?:add|replace|remove)\b/;

function readVisiblePatches(document: Json, kinds: Kinds | undefined): readonly NamedPatch[] {
  if (isOperations(document)) return [{ value: document, at: [] }];
  return objectsIn(document).flatMap((object): readonly NamedPatch[] => {
    const { root, value } = object;
    if (isPartial(value, object, kinds) !== undefined) return [{ value, at: root }];
    return readGitopsPatches(value).map((patch) => ({ ...patch, at: [...root, ...patch.at] }));
  });
}

function searchDocuments(
  options: EngineOptions,
  index: RepoIndex,
  file: string,
  text: string,
  fileWide: readonly Suppression[],
  read: (document: Json) => readonly NamedPatch[],
): Searched {
  if (!isWorthReading(options, text)) return NOTHING;
  const found: Searched[] = [];
  for (const [document, value, gapStart] of documentsOf(text)) {
    const patches = read(value);
    const own = findCommentSuppressions(document, gapStart);
    for (const patch of patches) {
      const place = placeOf(file, document, patch, [...fileWide, ...own]);
      if (place) found.push(search(options, index, place));
    }
    // Beside objects with pods they are theirs, too, and noted with those.
    const isAlone = patches.length > 0 && findTargets(options, file, document, value).length === 0;
    if (isAlone) found.push({ ...NOTHING, suppressions: noteAround(options, file, own) });
  }
  return {
    findings: found.flatMap(({ findings }) => findings),
    objects: found.flatMap(({ objects }) => objects),
    suppressions: found.flatMap(({ suppressions }) => suppressions),
  };
}

/** What there is to say of suppressions around patches: once all of these were looked at. */
function noteAround(options: EngineOptions, file: string, around: readonly Suppression[]): Searched['suppressions'] {
  return options.touched ? [] : noteSuppressions(file, around, options, []);
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

function readAnyPatches(value: JsonObject): readonly NamedPatch[] {
  const isTransformer = typeof value.kind === 'string' && /^Patch(?:StrategicMerge|Json6902)?Transformer$/.test(value.kind);
  return isTransformer ? readPatchTransformer(value) : readKustomization(value).patches;
}

function placeOf(
  file: string,
  document: YamlDocument,
  { text, value, at, target }: NamedPatch,
  suppressions: readonly Suppression[],
): Place | undefined {
  const within = { document, at, suppressions };
  if (value !== undefined) return { file, patch: value, targets: [target], line: 1, isExact: true, within };
  if (text === undefined) return undefined;
  const first = lineOfText(document, at);
  const line = first ?? lineOfPath(document, at);
  return { file, patch: text, targets: [target], line, isExact: first !== undefined, within };
}

function search(options: EngineOptions, index: RepoIndex, place: Place): Searched {
  const { file, targets, within } = place;
  const findings: DecidedFinding[] = [];
  const objects: ObjectResult[] = [];
  const notes: Searched['suppressions'][number][] = [];
  const lineIn = (line: number) => (place.isExact ? place.line + line - 1 : place.line);
  const fileWide = within || typeof place.patch !== 'string' ? [] : findFileSuppressions(place.patch);
  for (const { suppressions: written, ...patch } of patchesIn(place)) {
    const { document } = patch;
    const suppressions = written.map((each) => ({ ...each, line: lineIn(each.line) }));
    const { from, to } = extentOf(document, patch.root);
    if (options.touched && !options.touched(file, lineIn(from), lineIn(to))) continue;
    const parts = partsOf(file, patch, targets, options.kinds);
    const mentions = testWords(document.text.slice(document.start, document.end));
    const transforms = options.transforms.filter((transform) => mayFind(transform, mentions));
    for (const part of parts) {
      const root = within?.at ?? part.ref.root;
      const ref = { ...part.ref, root, line: lineIn(part.ref.line), document: within?.document.index ?? document.index };
      // In a text all of it is one value to who looks from outside.
      const at = (path: Path) => (document === within?.document ? part.toDocument(path) : root);
      const around = within && { suppressions: within.suppressions, at };
      const asked = { part, ref, suppressions: [...fileWide, ...suppressions], ...(around && { around }) };
      const own = weaken({ ...options, transforms }, index, asked).map((finding) => ({ ...finding, line: lineIn(finding.line) }));
      if (own.length === 0) continue;
      findings.push(...own);
      // What a patch writes and what it takes away are two parts of one object, one after the other.
      if (isEqual(objects.at(-1)?.ref, ref)) continue;
      objects.push({ ref, isWorkload: false, isImmutable: false, isChanged: false });
    }
    const looked = parts.map(({ ref }) => ({ ref }));
    notes.push(...noteSuppressions(file, suppressions, options, looked));
  }
  notes.push(...noteAround(options, file, fileWide));
  return { findings, objects, suppressions: notes };
}

/** The patches of a text, one to a document, with the suppressions in it; or the one that is no text. */
function* patchesIn({ patch, within }: Place): Iterable<WrittenPatch & { readonly suppressions: readonly Suppression[] }> {
  if (typeof patch !== 'string') {
    if (within) yield { document: within.document, root: within.at, value: patch, suppressions: [] };
    return;
  }
  for (const [document, value, gapStart] of documentsOf(patch))
    yield { document, root: [], value, suppressions: findCommentSuppressions(document, gapStart) };
}

/** The documents that can be read; what cannot is nothing that a kustomization could apply. */
export function* documentsOf(text: string): Iterable<readonly [document: YamlDocument, value: Json, gapStart: number]> {
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
