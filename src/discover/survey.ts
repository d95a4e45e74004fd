import { isList, isObject, type Json, type JsonObject } from '../core/json.js';
import { splitDocuments } from '../yaml/documents.js';
import { parseDocument } from '../yaml/parse.js';
import { indexLines } from '../yaml/tree.js';
import { documentValue } from '../yaml/value.js';
import { baseName, folderOf, isKustomization, type Left, leftByChart, leftByPath } from './classify.js';

/** What the files say about each other: which is a patch of a kustomization, which belongs to a chart. */
export interface Survey {
  /**
   * Keeps what a file says about others. To be called for all files before the first `left`.
   * @throws {ManifestError} when it names patches, and cannot be read
   */
  add(path: string, text: string): void;
  /** Why a file is left alone, as far as its path says. */
  left(path: string): Left | undefined;
}

/** Texts without one of these name no patch; they are not parsed. */
const NAMES_PATCHES = /patch/i;
const PATCH_TRANSFORMER = /\bkind:\s*["']?Patch(?:StrategicMerge|Json6902)?Transformer\b/;

/**
 * Paths are compared as text: all must be relative to one folder, with `/`.
 *
 * @param base where that folder is; needed where paths lead out of it with `..`
 */
export function createSurvey(base = ''): Survey {
  /** Folders with a `Chart.yaml`, and how they are called in the paths given. */
  const charts = new Map<string, string>();
  /** By the path of the patch, the file that names it. */
  const patches = new Map<string, string>();
  return {
    add(path, text) {
      if (baseName(path) === 'Chart.yaml') charts.set(folderOf(resolve(base, path)), folderOf(path));
      if (!(isKustomization(path) && NAMES_PATCHES.test(text)) && !PATCH_TRANSFORMER.test(text)) return;
      const folder = folderOf(resolve(base, path));
      const lines = indexLines(text);
      for (const slice of splitDocuments(text)) {
        const document = parseDocument(lines, slice);
        const value = document && documentValue(document);
        if (isObject(value)) for (const named of patchesOf(value)) patches.set(resolve(folder, named), path);
      }
    },
    left(path) {
      const byPath = leftByPath(path);
      if (byPath) return byPath;
      if (patches.size + charts.size === 0) return undefined;
      const resolved = resolve(base, path);
      const owner = patches.get(resolved);
      if (owner !== undefined) return { code: 'PATCH', text: `patch of ${owner}: partial on purpose` };
      for (let folder = resolved; folder !== ''; ) {
        folder = folderOf(folder);
        const named = charts.get(folder);
        if (named !== undefined) return leftByChart(folder === '' ? resolved : resolved.slice(folder.length + 1), named);
      }
      return undefined;
    },
  };
}

/** The files that a kustomization or a patch transformer names as patches. Inline patches are no file. */
function patchesOf(object: JsonObject): string[] {
  const named = [object.path, ...listOf(object.paths), ...listOf(object.patchesStrategicMerge)];
  for (const key of ['patches', 'patchesJson6902']) {
    for (const entry of listOf(object[key])) if (isObject(entry)) named.push(entry.path);
  }
  return named.filter((value): value is string => typeof value === 'string' && !value.includes('\n'));
}

function listOf(value: Json | undefined): readonly Json[] {
  return isList(value) ? value : [];
}

/** `path` as seen from `folder`, without `.` and inner `..`. */
function resolve(folder: string, path: string): string {
  const parts: string[] = [];
  for (const part of [...folder.split('/'), ...path.split('/')]) {
    if (part === '' || part === '.') continue;
    if (part === '..' && parts.length > 0 && parts.at(-1) !== '..') parts.pop();
    else parts.push(part);
  }
  return parts.join('/');
}
