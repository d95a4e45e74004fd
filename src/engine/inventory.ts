import { ManifestError } from '../core/errors.js';
import type { ObjectRef } from '../core/finding.js';
import { readGitopsPatches } from '../core/gitops.js';
import { isList, isObject, type Json } from '../core/json.js';
import { findPodTemplate, isListKind, isPartial, knownKinds, objectsIn } from '../kube/kinds.js';
import { isOperations } from '../kube/patches/json-patch.js';
import { type DocumentSlice, splitDocuments } from '../yaml/documents.js';
import { parseDocument } from '../yaml/parse.js';
import { indexLines, type LineIndex, type YamlDocument } from '../yaml/tree.js';
import { documentValue } from '../yaml/value.js';
import { ownerOf } from './owned.js';
import { failure, type Outcome } from './read.js';
import { mayHoldPods } from './scan.js';
import { findTargets, refOf } from './targets.js';
import type { EngineOptions } from './types.js';

/** An object of a file, whatever its kind. */
export interface ListedObject {
  readonly ref: ObjectRef;
  /** Whether it is one that transforms look at, and nothing says to leave it alone. */
  readonly isHardened: boolean;
  /** Whether it has a pod template. */
  readonly hasPod: boolean;
  /** Why it is left alone, where there is more to say than that its kind has no pod. */
  readonly left?: string;
  /** Whether it is visibly a part of an object, meant to be merged into one. */
  readonly isPart: boolean;
  /** Whether patches for what it deploys are written in it. */
  readonly hasPatches: boolean;
}

/** Who looks at objects, and at which. */
export type ListOptions = Pick<EngineOptions, 'transforms' | 'includeSystem' | 'systemNamespaces' | 'kinds'>;

/** What is in a file. */
export interface Inventory {
  readonly objects: readonly ListedObject[];
  /** Whether objects are items of a `List`. */
  readonly hasList: boolean;
  /** Whether it is a list of operations of a JSON 6902 patch. */
  readonly isJsonPatch: boolean;
  /** Of a document that cannot be read, and holds nothing that would be looked at. */
  readonly fault: ManifestError | undefined;
}

/**
 * Lists the objects of a file. A document that cannot be read, and holds nothing that kubemend would look at, counts as empty.
 * Never throws for what is in the file.
 */
export function takeInventory(options: ListOptions, file: string, text: string): Inventory | Outcome {
  const left = ownerOf(text);
  if (left) return { status: 'left', left };
  const lines = indexLines(text);
  const objects: ListedObject[] = [];
  let hasList = false;
  let isJsonPatch = false;
  let fault: ManifestError | undefined;
  for (const slice of splitDocuments(text)) {
    const read = readValue(lines, slice);
    if (read instanceof Error) {
      if (!(read instanceof ManifestError) || mayHoldPods(text, slice, options.kinds ?? knownKinds)) return failure(text, read);
      fault ??= read;
      continue;
    }
    if (read === undefined) continue;
    objects.push(...listObjects(options, file, read.document, read.value));
    hasList ||= isListOfObjects(read.value);
    isJsonPatch ||= isOperations(read.value);
  }
  return { objects, hasList, isJsonPatch, fault };
}

function readValue(lines: LineIndex, slice: DocumentSlice): { document: YamlDocument; value: Json } | undefined | Error {
  try {
    const document = parseDocument(lines, slice);
    return document && { document, value: documentValue(document) };
  } catch (error) {
    return error instanceof Error ? error : new Error(String(error));
  }
}

function listObjects(options: ListOptions, file: string, document: YamlDocument, value: Json): ListedObject[] {
  const targets = new Map(findTargets(options, file, document, value).map((target) => [target.ref.root.join('/'), target]));
  return objectsIn(value).flatMap((at): ListedObject[] => {
    if (at.kind === '' || at.apiVersion === '') return [];
    const target = targets.get(at.root.join('/'));
    const left = target?.seenBy ? undefined : target?.left;
    const isPart = isPartial(at.value, at, options.kinds) !== undefined;
    const hasPod = findPodTemplate(at.value, at, options.kinds) !== undefined;
    const isHardened = target !== undefined && left === undefined;
    const hasPatches = readGitopsPatches(at.value).some(({ file: named }) => named === undefined);
    return [{ ref: refOf(file, document, at), isHardened, hasPod, isPart, hasPatches, ...(left !== undefined && { left }) }];
  });
}

function isListOfObjects(value: Json): boolean {
  if (!isObject(value) || typeof value.apiVersion !== 'string' || typeof value.kind !== 'string') return false;
  return isListKind(value.apiVersion, value.kind) && isList(value.items);
}
