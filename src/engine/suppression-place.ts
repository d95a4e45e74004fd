import { isAtOrBeneath, type Json, type Path } from '../core/json.js';
import { type Kinds, type ObjectType, objectsIn } from '../kube/kinds.js';
import { entryOfLine, entryOfText, lineOfPath } from '../yaml/places.js';
import { type LineIndex, lineAt, lineStart, type YamlDocument } from '../yaml/tree.js';
import { documentValue } from '../yaml/value.js';
import { findSuppressions } from './document.js';
import { type Outcome, readDocuments } from './read.js';
import type { Suppression } from './suppress.js';
import { findCommentSuppressions } from './suppress-text.js';
import { findTargets, refOf, type Target } from './targets.js';
import { documentsOf } from './weakening.js';

/** What starts on a line, and what is around it. */
export interface Place {
  readonly document: YamlDocument;
  readonly value: Json;
  readonly path: Path;
  readonly start: number;
  /** The object that it is of, or the first one of several that are beneath; a patch is of none. */
  readonly target: Target | undefined;
  readonly suppressions: readonly Suppression[];
  /** What says no in the same document of another text; `undefined` where that cannot be read. */
  again(text: string): SaidThere | undefined;
}

export type PlaceOrTrouble = Place | { readonly trouble: string };

/** What is looked at. */
export interface Sight {
  readonly kinds: Kinds;
  /** Objects are looked at as wholes, pods or not, that are of the type of one of these. */
  readonly looked: readonly ObjectType[];
}

/** What starts on a line (from 1), or why nothing can be written about it. */
export function findPlace(text: string, lines: LineIndex, line: number, sight: Sight): PlaceOrTrouble {
  const offset = lineStart(lines, lines.starts[line - 1] as number);
  const read = readDocuments(
    text,
    (document, gapStart) =>
      document.start <= offset && offset < document.end ? placeIn(document, gapStart, line, sight) : undefined,
    sight.kinds,
    namesIn(sight),
  );
  if (!('results' in read)) return { trouble: describeOutcome(read) };
  return read.results.find((place) => place !== undefined) ?? { trouble: `line ${line} holds no object that kubemend looks at` };
}

function placeIn(document: YamlDocument, gapStart: number, line: number, sight: Sight): PlaceOrTrouble {
  const entry = entryOfLine(document, line - 1);
  if (!entry)
    return { trouble: `no key and no list item starts on line ${line}; name the line of an object, a container or a field` };
  const value = documentValue(document);
  const targets = targetsIn(document, value, sight);
  const target =
    targets.find(({ ref }) => isAtOrBeneath(entry.path, ref.root)) ??
    targets.find(({ ref }) => isAtOrBeneath(ref.root, entry.path));
  if (!target) return { trouble: `line ${line} holds no object that kubemend looks at` };
  if (target.left !== undefined)
    return { trouble: `line ${line} is of ${target.ref.kind} ${target.ref.name ?? ''}, left alone: ${target.left}` };
  const suppressions = findSuppressions(document, gapStart, targets);
  return { document, value, ...entry, target, suppressions, again: (text) => findSaid(text, document.index, sight) };
}

function namesIn({ looked }: Sight): ReadonlySet<string> {
  return new Set(looked.map(({ kind }) => kind));
}

/** The objects with pods, and those that are looked at as wholes. */
function targetsIn(document: YamlDocument, value: Json, { kinds, looked }: Sight): readonly Target[] {
  const withPods = findTargets({ includeSystem: true, kinds }, '', document, value);
  const known = new Set(withPods.map(({ at }) => at.root.join('/')));
  const wholes = objectsIn(value).filter(
    (at) => !known.has(at.root.join('/')) && looked.some((type) => type.kind === at.kind && type.apiVersion === at.apiVersion),
  );
  return [...withPods, ...wholes.map((at) => ({ ref: refOf('', document, at), at, left: undefined }))];
}

/** The same in a patch, or in what patches are written in; of a patch that is a text, the entry that holds it. */
export function findPatchPlace(text: string, line: number): PlaceOrTrouble {
  for (const [document, value, gapStart] of documentsOf(text)) {
    if (line - 1 < lineAt(document.lines, document.root.start) || line - 1 > lineAt(document.lines, document.end - 1)) continue;
    if (isJson(document))
      return {
        trouble: 'JSON has no comments, and an annotation in a patch would go to what it patches; say it in kubemend.yaml',
      };
    const entry = entryOfLine(document, line - 1) ?? entryOfText(document, line - 1);
    if (!entry) break;
    const suppressions = findCommentSuppressions(document, gapStart);
    return { document, value, ...entry, target: undefined, suppressions, again: (after) => findPatchSaid(after, document.index) };
  }
  return { trouble: `no key and no list item starts on line ${line}; name the line of a field or of an entry` };
}

/** Also a list, as JSON 6902 patches are. */
function isJson({ isJson, root, text }: YamlDocument): boolean {
  return isJson || (root.kind === 'seq' && root.isFlow && isJsonText(text.slice(root.start, root.end)));
}

function isJsonText(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

function findPatchSaid(text: string, index: number): SaidThere | undefined {
  for (const [document, , gapStart] of documentsOf(text)) {
    if (document.index !== index) continue;
    return { suppressions: findCommentSuppressions(document, gapStart), line: (path) => lineOfPath(document, path) };
  }
  return undefined;
}

function describeOutcome({ left, error, bug }: Outcome): string {
  if (error) return `line ${error.position.line}, column ${error.position.column}: ${error.message}; mend that first`;
  return left ? `the file is left alone: ${left.text}` : (bug?.text ?? 'the file cannot be read');
}

interface SaidThere {
  readonly suppressions: readonly Suppression[];
  readonly line: (path: Path) => number;
}

/** What says no in a document of a text, and the line of what is at a path of it; `undefined` where it cannot be read. */
function findSaid(text: string, index: number, sight: Sight): SaidThere | undefined {
  const read = readDocuments(
    text,
    (document, gapStart) => {
      if (document.index !== index) return undefined;
      const targets = targetsIn(document, documentValue(document), sight);
      return { suppressions: findSuppressions(document, gapStart, targets), line: (path: Path) => lineOfPath(document, path) };
    },
    sight.kinds,
    namesIn(sight),
  );
  return 'results' in read ? read.results.find((found) => found !== undefined) : undefined;
}
