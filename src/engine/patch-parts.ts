import type { ObjectRef } from '../core/finding.js';
import { isList, isObject, type Json, type JsonObject, type Path, put, valueAt } from '../core/json.js';
import type { PatchTarget } from '../core/kustomization.js';
import { findPodTemplate, type Kinds, knownKinds, type ObjectType, objectsIn } from '../kube/kinds.js';
import { isOperations, readPointer } from '../kube/patches/json-patch.js';
import { lineOfPath } from '../yaml/places.js';
import type { YamlDocument } from '../yaml/tree.js';
import { isRemoval, removedIn, withContainer } from './patch-removals.js';
import { refOf } from './targets.js';

/** What a patch writes, or takes away, as a part of an object that can be looked at like a whole one. */
export interface PatchPart {
  readonly value: JsonObject;
  /** What it is looked at as. */
  readonly seen: ObjectRef;
  /** What reports call it: the object that is patched. */
  readonly ref: ObjectRef;
  /** Where it is looked at for what it lacks: what the patch takes away there. */
  readonly removed?: readonly Path[];
  /** Where something in `value` stands in the document. */
  toDocument(path: Path): Path;
  /** The line of the document, from 1, on which it stands. */
  lineOf(path: Path): number;
}

/** A patch, and where it stands: at the root of a document of its own, or further down. */
export interface WrittenPatch {
  readonly document: YamlDocument;
  readonly root: Path;
  readonly value: Json;
}

/** The parts of a patch that write something into a pod, or take something from it. */
export function partsOf(
  file: string,
  { document, root, value }: WrittenPatch,
  targets: readonly (PatchTarget | undefined)[],
  kinds?: Kinds,
): PatchPart[] {
  const target = targets.find((each) => each !== undefined);
  if (isOperations(value)) {
    return value.flatMap((operation, index) => partOfOperation(file, document, operation, [...root, index], target, kinds));
  }
  return objectsIn(value).flatMap((object): PatchPart[] => {
    const at = { ...object, root: [...root, ...object.root] };
    const type = typeOf(at.value, at, target, kinds);
    if (type === undefined) return [];
    const ref = named({ ...refOf(file, document, at), ...(at.kind === '' && type) }, target);
    const seen = { ...ref, apiVersion: type.apiVersion, kind: type.kind };
    const toDocument = (path: Path) => [...at.root, ...path];
    const lineOf = (path: Path) => lineOfPath(document, toDocument(path));
    const part: PatchPart = { value: withoutDirectives(at.value) as JsonObject, seen, ref, toDocument, lineOf };
    const removed = removedIn(at.value);
    return removed.length === 0 ? [part] : [part, { ...part, value: withContainer(part.value, seen, kinds), removed }];
  });
}

/** What a directive such as `$patch` does, no transform knows; its sign would be taken for a variable's. */
function withoutDirectives(value: Json): Json {
  if (isList(value)) return value.map(withoutDirectives);
  if (!isObject(value)) return value;
  const kept: Record<string, Json> = {};
  for (const [key, inner] of Object.entries(value)) if (!/^\$[a-z]/i.test(key)) put(kept, key, withoutDirectives(inner));
  return kept;
}

/** What the object is called, as far as a target says so: what a patch with a target calls itself, kustomize does not ask for. */
function named(ref: ObjectRef, target: PatchTarget = {}): ObjectRef {
  const { kind, name, namespace } = target;
  return {
    ...ref,
    ...(isPlain(kind) && { kind }),
    ...(isPlain(name) && { name }),
    ...(isPlain(namespace) && { namespace }),
  };
}

/** Whether a part of a target is no pattern. */
function isPlain(text: string | undefined): text is string {
  return text !== undefined && /^[\w.-]+$/.test(text);
}

/** What a part is looked at as: what its target is, else what it calls itself, else what it looks like. */
function typeOf(
  value: JsonObject,
  written: ObjectType,
  target: PatchTarget | undefined,
  kinds: Kinds = knownKinds,
): ObjectType | undefined {
  const found = [...typesMeant(target, kinds), written].find((type) => findPodTemplate(value, type, kinds));
  if (found) return found;
  if (written.kind === '') return shapeOf(value, SHAPES);
  // Whatever it calls itself, a pod template is one; a spec may be that of anything.
  return target && shapeOf(value, TEMPLATES);
}

/** The types that a target is for, where it names a kind. */
function typesMeant({ group, kind }: PatchTarget = {}, kinds: Kinds): readonly ObjectType[] {
  if (!isPlain(kind)) return [];
  const groups = isPlain(group) ? [group] : (kinds.groupsOf.get(kind) ?? []);
  return [...groups.map((each) => ({ apiVersion: `${each}/v1`, kind })), ...SHAPES.filter((shape) => shape.kind === kind)];
}

/** Which of Kubernetes' own kinds keeps its pod where this part has one. */
function shapeOf(value: JsonObject, shapes: readonly ObjectType[]): ObjectType | undefined {
  return shapes.find((type) => findPodTemplate(value, type) !== undefined);
}

const TEMPLATES: readonly ObjectType[] = [
  { apiVersion: 'batch/v1', kind: 'CronJob' },
  { apiVersion: 'apps/v1', kind: 'Deployment' },
];
const SHAPES: readonly ObjectType[] = [...TEMPLATES, { apiVersion: 'v1', kind: 'Pod' }];

/** An operation says nothing of what it is a part of. */
const NONE: ObjectType = { apiVersion: '', kind: '' };

/** What an operation of a JSON 6902 patch writes or takes away. */
function partOfOperation(
  file: string,
  document: YamlDocument,
  operation: Json,
  at: Path,
  target: PatchTarget | undefined,
  kinds?: Kinds,
): PatchPart[] {
  if (!isObject(operation)) return [];
  const { op, path: pointer, value } = operation;
  if (typeof pointer !== 'string' || !pointer.startsWith('/')) return [];
  const path = readPath(pointer);
  const isTaken = isRemoval(op, path, value);
  if (!isTaken && ((op !== 'add' && op !== 'replace') || value === undefined)) return [];
  const part = nest(path, isTaken ? null : (value ?? null));
  const type = isObject(part) ? typeOf(part, NONE, target, kinds) : undefined;
  if (type === undefined || !isObject(part)) return [];
  const { apiVersion, kind } = type;
  const ref = named({ file, document: document.index, root: at, line: lineOfPath(document, at), apiVersion, kind }, target);
  // What is above the operation's own place is what it writes.
  const toDocument = (inner: Path): Path => (isTaken ? [...at, 'path'] : [...at, 'value', ...inner.slice(path.length)]);
  const lineOf = (inner: Path) => lineOfPath(document, toDocument(inner));
  const seen = { ...ref, apiVersion, kind };
  if (!isTaken) return [{ value: part, seen, ref, toDocument, lineOf }];
  return [{ value: withContainer(part, type, kinds), seen, ref, removed: [path], toDocument, lineOf }];
}

/** More items than any pod has containers or volumes: one further on is looked at as if it were the first. */
const MOST_ITEMS = 64;

/** `-` and numbers are items of lists. */
function readPath(pointer: string): Path {
  return readPointer(pointer).map((step) => {
    if (step === '-') return 0;
    if (!/^\d+$/.test(step)) return step;
    return Number(step) < MOST_ITEMS ? Number(step) : 0;
  });
}

/** A value that holds nothing but `value`, at `path`. */
function nest(path: Path, value: Json): Json {
  let nested = value;
  for (const step of path.toReversed()) {
    if (typeof step === 'number') {
      nested = [...Array.from({ length: step }, () => ({})), nested];
      continue;
    }
    const outer: Record<string, Json> = {};
    put(outer, step, nested);
    nested = outer;
  }
  return nested;
}

/** Whether there is a value that someone wrote at a path. */
export function isWrittenAt(value: JsonObject, path: Path): boolean {
  const found = valueAt(value, path);
  return found !== undefined && found !== null && !(isList(found) && found.length === 0);
}
