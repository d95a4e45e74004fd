import { ManifestError } from '../core/errors.js';
import { isList, isObject, type Json } from '../core/json.js';
import { kubernetesPlacement } from '../kube/placement.js';
import { splitDocuments } from '../yaml/documents.js';
import { insertItem } from '../yaml/insert-item.js';
import { parseDocument } from '../yaml/parse.js';
import { disprove } from '../yaml/prove.js';
import { applySplices } from '../yaml/splice.js';
import { indexLines } from '../yaml/tree.js';
import { documentValue } from '../yaml/value.js';
import { ownerOf } from './owned.js';

/**
 * The text of a kustomization with one more entry of `resources`: in order where they are sorted, else the last. Written as the others
 * are, with `./` before it if they have that. The same text where it is listed already; `undefined` where it cannot be listed without
 * loss.
 */
export function listFile(text: string, entry: string): string | undefined {
  const slices = splitDocuments(text);
  const [slice] = slices;
  if (!slice || slices.length > 1 || ownerOf(text)) return undefined;
  try {
    const document = parseDocument(indexLines(text), slice);
    const value = document && documentValue(document);
    const listed = isObject(value) ? textsOf(value.resources) : undefined;
    if (!document || !isObject(value) || !listed) return undefined;
    if (listed.some((path) => withoutDot(path) === entry)) return text;
    const path = isDotted(listed) ? `./${entry}` : entry;
    const at = placeIn(listed, path);
    const splices = insertItem(document, ['resources'], at, path, kubernetesPlacement);
    if (splices === undefined) return undefined;
    const after = applySplices(text, splices);
    const places = [at, listed.length].map((place) => ({ ...value, resources: listed.toSpliced(place, 0, path) }));
    return places.some((wanted) => disprove(text, after, wanted) === undefined) ? after : undefined;
  } catch (error) {
    if (error instanceof ManifestError) return undefined;
    throw error;
  }
}

function textsOf(value: Json | undefined): readonly string[] | undefined {
  if (!isList(value) || value.length === 0) return undefined;
  return value.every((item): item is string => typeof item === 'string') ? value : undefined;
}

const withoutDot = (path: string) => path.replace(/^(?:\.\/)+/, '');

/** Whether files are named `./x` here. */
function isDotted(listed: readonly string[]): boolean {
  const own = listed.filter((path) => !path.startsWith('../') && !path.includes('://'));
  return own.length > 0 && own.filter((path) => path.startsWith('./')).length * 2 > own.length;
}

/** A list of two is sorted by chance as often as not, and it does no harm to go on with it. */
function placeIn(listed: readonly string[], path: string): number {
  const isSorted = listed.length > 1 && listed.every((item, at) => at === 0 || (listed[at - 1] as string) < item);
  const next = isSorted ? listed.findIndex((item) => item > path) : -1;
  return next < 0 ? listed.length : next;
}
