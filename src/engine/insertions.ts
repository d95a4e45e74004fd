import { EngineError } from '../core/errors.js';
import type { Json, JsonObject } from '../core/json.js';
import { kubernetesPlacement } from '../kube/placement.js';
import { splitDocuments } from '../yaml/documents.js';
import { insertDocuments } from '../yaml/insert-document.js';
import { disprove } from '../yaml/prove.js';
import { applySplices, type Splice } from '../yaml/splice.js';
import type { DocumentResult } from './document.js';
import type { Placer } from './place-created.js';

/** A document with all that is decided about its text. */
export type Changed = Pick<DocumentResult, 'document' | 'splices' | 'wanted' | 'created'>;

/**
 * The splices of all documents, with those that put new documents between them.
 * @throws {EngineError} `UNPROVEN` where the new text does not hold just the old documents and the new ones
 */
export function withInserted(text: string, documents: readonly Changed[], placer: Placer): readonly Splice[] {
  const splices = documents.flatMap((result) => result.splices);
  const insertions = documents.flatMap((result) => {
    const objects = newDocuments(result);
    if (objects.length === 0) return [];
    const { document, splices: own } = result;
    return [
      { ...result, objects, splice: insertDocuments(document, objects, kubernetesPlacement, placer.besides(document), own) },
    ];
  });
  if (insertions.length === 0) return splices;
  const all = [...splices, ...insertions.map(({ splice }) => splice)];
  const own = new Map(documents.map((result) => [result.document.start, result.splices]));
  const fault = disproveInserted(text, applySplices(text, all), own, insertions);
  if (fault !== undefined) throw new EngineError('UNPROVEN', `new documents: ${fault}`);
  return all;
}

function newDocuments({ created }: Changed): readonly JsonObject[] {
  return created.flatMap(({ creation: { object, place } }) => (place.where === 'document' ? [object] : []));
}

interface Insertion extends Pick<Changed, 'document' | 'wanted'> {
  readonly objects: readonly JsonObject[];
}

/**
 * The new text falls into the old documents, in their order, with the new ones behind those that they come behind. Where nothing was
 * put behind it, an old one is, byte for byte, what its own splices make of it; where something was, it has its value.
 */
function disproveInserted(
  text: string,
  after: string,
  own: ReadonlyMap<number, readonly Splice[]>,
  insertions: readonly Insertion[],
): string | undefined {
  const byStart = new Map(insertions.map((insertion) => [insertion.document.start, insertion]));
  const made = splitDocuments(after).map(({ start, end }) => after.slice(start, end));
  let next = 0;
  for (const slice of splitDocuments(text)) {
    const before = text.slice(slice.start, slice.end);
    const written = made[next++];
    if (written === undefined) return 'a document is lost';
    const insertion = byStart.get(slice.start);
    if (!insertion) {
      if (written !== editOf(before, slice.start, own.get(slice.start) ?? []))
        return `document ${slice.index} is not what it was`;
      continue;
    }
    const fault = disprove(before, written, insertion.wanted) ?? disproveNew(made.slice(next), insertion.objects);
    if (fault !== undefined) return `behind document ${slice.index}: ${fault.split('\n', 1)[0]}`;
    next += insertion.objects.length;
  }
  return next === made.length ? undefined : 'there is a document too many';
}

function disproveNew(made: readonly string[], objects: readonly Json[]): string | undefined {
  for (const [at, object] of objects.entries()) {
    const fault = disprove('', made[at] ?? '', object);
    if (fault !== undefined) return fault;
  }
  return undefined;
}

/** A part of the text, from `start` on, with its splices. */
function editOf(part: string, start: number, splices: readonly Splice[]): string {
  return applySplices(
    part,
    splices.map((splice) => ({ ...splice, start: splice.start - start, end: splice.end - start })),
  );
}
