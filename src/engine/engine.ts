import { EngineError } from '../core/errors.js';
import { type DecidedFinding, highest, type Risk } from '../core/finding.js';
import { isEqual } from '../core/json.js';
import { kubernetesPlacement } from '../kube/placement.js';
import { createRepoIndex, type GrowingRepoIndex } from '../kube/repo-index.js';
import type { Transform } from '../kube/types.js';
import { renderChanges } from '../yaml/render.js';
import { applySplices } from '../yaml/splice.js';
import type { Accept } from './admit.js';
import { type DocumentResult, fixDocument, prove, wantedValue } from './document.js';
import type { PlannedFinding } from './evaluate.js';
import { addEvidence, addFacts } from './facts.js';
import { type Changed, withInserted } from './insertions.js';
import { createPlacer, type Placer } from './place-created.js';
import { changesOf } from './plan.js';
import { failure, NO_OBJECTS, readDocuments } from './read.js';
import { createReservations, type Reservations } from './reservations.js';
import type { Suppression } from './suppress.js';
import { noteSuppressions } from './suppress-notes.js';
import { findFileSuppressions } from './suppress-text.js';
import type { Engine, EngineOptions, FileResult, NewFile, ObjectResult } from './types.js';
import { searchKustomization, searchManifest, searchPatch } from './weakening.js';
import { weighFile } from './weigh.js';

/** An engine for one run: facts of all files first (`addFacts`), then each file on its own (`fix`). */
export function createEngine(options: EngineOptions): Engine {
  const asked = options.asksFor ?? options.transforms.flatMap(({ asksFor = [] }) => asksFor);
  const index = createRepoIndex({ ...options, asked });
  return createEngineOver(index, createReservations(), options, new Set(asked.map(({ kind }) => kind)));
}

/** @param asked names of kinds that transforms ask the index about */
function createEngineOver(
  index: GrowingRepoIndex,
  reservations: Reservations,
  options: EngineOptions,
  asked: ReadonlySet<string>,
): Engine {
  const ordered = { ...options, transforms: orderTransforms(options.transforms) };
  return {
    index,
    addFacts: (file, text, read) => addFacts(index, file, text, { kinds: options.kinds, asked, read }),
    addEvidence: (kind, file, text) => addEvidence(index, kind, file, text),
    searchPatch: (file, text, targets) => searchPatch(ordered, index, file, text, targets),
    searchKustomization: (file, text) => searchKustomization(ordered, index, file, text),
    fix: (file, text, accept) => fixFile(ordered, index, reservations, { file, text, accept }),
    told: (otherwise) => createEngineOver(index, reservations, otherwise, asked),
    weigh: (file, text, stays) => weighFile(ordered, index, file, text, stays),
  };
}

/** The transforms such that each comes after those it names in `after`; otherwise as given. */
export function orderTransforms(transforms: readonly Transform[]): readonly Transform[] {
  const ordered: Transform[] = [];
  const byId = new Map(transforms.map((transform) => [transform.id, transform]));
  const open = new Set<string>();
  const visit = (transform: Transform): void => {
    if (ordered.includes(transform)) return;
    if (open.has(transform.id)) throw new EngineError('CONFLICT', `${transform.id} is declared to come after itself`);
    open.add(transform.id);
    for (const id of transform.after ?? []) {
      const earlier = byId.get(id);
      if (earlier) visit(earlier);
    }
    ordered.push(transform);
  };
  for (const transform of transforms) visit(transform);
  return ordered;
}

const UNTOUCHED = { splices: [], findings: [], objects: [], suppressions: [], series: [] };

/** What is fixed, and who is asked about it. */
interface ToFix {
  readonly file: string;
  readonly text: string;
  readonly accept: Accept | undefined;
}

function fixFile(
  options: EngineOptions,
  index: GrowingRepoIndex,
  reservations: Reservations,
  { file, text, accept }: ToFix,
): FileResult {
  const fileWide = findFileSuppressions(text);
  const placer = createPlacer({ file, text, index, options, reservations, isAsked: accept !== undefined });
  const read = readDocuments(
    text,
    (document, gapStart) => fixDocument(options, index, file, { document, gapStart, fileWide, placer }, accept),
    options.kinds,
    namesOf(options.transforms),
  );
  if (!('results' in read) && read.left?.code !== 'NO_OBJECTS') return { file, text, ...UNTOUCHED, ...read };
  try {
    const isLeft = ({ objects }: DocumentResult) => objects.some(({ left }) => left !== undefined);
    const hasParts = 'results' in read && read.results.some(isLeft);
    const searched = searchManifest(options, index, file, text, fileWide, hasParts);
    if (!('results' in read)) return { file, text, ...UNTOUCHED, ...read, ...searched };
    const result = addSearched(summarize(options, { file, text, placer, fileWide }, read.results), searched);
    placer.close();
    return result;
  } catch (error) {
    return { file, text, ...UNTOUCHED, ...failure(text, error) };
  }
}

const names = new WeakMap<readonly Transform[], ReadonlySet<string>>();

/** The kinds that transforms look at as wholes. */
function namesOf(transforms: readonly Transform[]): ReadonlySet<string> {
  let known = names.get(transforms);
  if (known === undefined) {
    known = new Set(transforms.flatMap(({ objects }) => (objects?.kinds ?? []).map(({ kind }) => kind)));
    names.set(transforms, known);
  }
  return known;
}

function addSearched(result: FileResult, { findings, objects, suppressions }: ReturnType<typeof searchManifest>): FileResult {
  if (findings.length + suppressions.length === 0) return result;
  const isSearched = ({ ref: { document, root } }: ObjectResult) =>
    objects.some(({ ref }) => ref.document === document && isEqual(ref.root, root));
  return {
    ...result,
    findings: [...result.findings, ...findings],
    // A part of an object is left alone, but for what it weakens.
    objects: [...result.objects.filter((object) => !isSearched(object)), ...objects],
    suppressions: [...result.suppressions, ...suppressions],
  };
}

/** A file with what speaks of all of it. */
interface Whole {
  readonly file: string;
  readonly text: string;
  readonly placer: Placer;
  readonly fileWide: readonly Suppression[];
}

function summarize(options: EngineOptions, whole: Whole, documents: readonly DocumentResult[]): FileResult {
  const { file, text, placer, fileWide } = whole;
  const findings = documents.flatMap((result) => result.findings.map(withoutPlan));
  const objects = documents.flatMap((result) => result.objects);
  const suppressions = [
    ...noteSuppressions(file, fileWide, options, objects),
    ...documents.flatMap((result) => result.suppressions),
  ];
  if (objects.length === 0) return { file, text, ...UNTOUCHED, ...NO_OBJECTS };
  const splices = withInserted(text, documents, placer);
  const after = splices.length === 0 ? text : applySplices(text, splices);
  const newFiles = documents.flatMap((result) => newFilesOf(result));
  return {
    file,
    status: after === text ? 'unchanged' : 'changed',
    text: after,
    splices,
    findings,
    objects,
    suppressions,
    series: options.series && splices.length > 0 ? renderSeries(options, whole, documents) : [],
    ...(newFiles.length > 0 && { newFiles }),
  };
}

function newFilesOf({ created }: DocumentResult): readonly NewFile[] {
  return created.flatMap(({ creation: { newFile }, finding: { object, transform, risk } }) =>
    newFile ? [{ ...newFile, for: { file: object.file, transform, risk } }] : [],
  );
}

function withoutPlan(finding: PlannedFinding): DecidedFinding {
  const { documentChanges: _, creations: __, ...decided } = finding;
  return decided;
}

/** The text after each transform that changes something, each with all before it. */
function renderSeries(
  options: EngineOptions,
  { text, placer }: Whole,
  documents: readonly DocumentResult[],
): FileResult['series'] {
  const series: { transform: string; risk: Risk; changes: number; text: string }[] = [];
  const done = new Set<string>();
  for (const { id } of options.transforms) {
    done.add(id);
    const own = documents.flatMap((result) => result.findings.filter((finding) => finding.transform === id && isInText(finding)));
    if (own.length === 0) continue;
    const parts = documents.map((result) => renderPart(result, done));
    series.push({
      transform: id,
      risk: highest(own.map(({ risk }) => risk)),
      changes: own.length,
      text: applySplices(text, withInserted(text, parts, placer)),
    });
  }
  return series;
}

/** Whether a finding changes the text of its file, as opposed to one that only asks for new files. */
function isInText({ status, documentChanges, creations }: PlannedFinding): boolean {
  return status === 'ready' && (documentChanges.length > 0 || creations.some(({ place }) => place.where === 'document'));
}

/** What of a document is made for some transforms. */
function renderPart(result: DocumentResult, transforms: ReadonlySet<string>): Changed {
  const { document, value } = result;
  const changes = changesOf(result.findings.filter((finding) => transforms.has(finding.transform)));
  const rendered = renderChanges(
    document,
    changes.map(({ change }) => change),
    kubernetesPlacement,
  );
  const [problem] = rendered.problems;
  if (problem) throw new EngineError('UNPROVEN', `a part of the changes cannot be made alone: ${problem.text}`);
  prove(document, value, changes, rendered);
  const created = result.created.filter(({ finding }) => transforms.has(finding.transform));
  return { document, splices: rendered.splices, wanted: wantedValue(value, changes), created };
}
