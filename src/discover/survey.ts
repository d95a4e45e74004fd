import { ManifestError } from '../core/errors.js';
import { detach, isObject, type JsonObject } from '../core/json.js';
import {
  type Kustomization,
  type NamedPatch,
  type PatchTarget,
  readKustomization,
  readPatchTransformer,
} from '../core/kustomization.js';
import { createMultiMap } from '../core/multi-map.js';
import { folderOf, joinPath, resolvePath } from '../core/relative-path.js';
import { withoutSecrets } from '../core/remotes.js';
import { splitDocuments } from '../yaml/documents.js';
import { parseDocument } from '../yaml/parse.js';
import { indexLines } from '../yaml/tree.js';
import { documentValue } from '../yaml/value.js';
import { baseName, isKustomization, type KeptCode, type Left, leftByChart, leftByPath } from './classify.js';

/** What the files say about each other: which is a patch of a kustomization, which a base, which belongs to a chart. */
export interface Survey {
  /**
   * Keeps what a file says about others. To be called for all files before the first question.
   * @returns the documents of a kustomization, where all of them could be read
   * @throws {ManifestError} when it names patches, or files that are no manifests, and cannot be read
   */
  add(path: string, text: string): readonly JsonObject[] | undefined;
  /** Says that a file is not vendored, or not generated, whatever its folder is called or its header says. */
  keep(path: string, codes: readonly KeptCode[]): void;
  isKept(path: string, code: KeptCode): boolean;
  /** Why a file is left alone, as far as its path says. */
  left(path: string): Left | undefined;
  /** Kustomizations that take a file in by another kustomization, sorted: those for which it is a base. */
  overlaysOf(path: string): readonly string[];
  /** What a kustomization says; `undefined` for other files. */
  kustomization(path: string): Pick<Kustomization, 'isComponent' | 'remotes'> | undefined;
  /** What the kustomizations that apply a patch say it is for; empty for a file that is none. */
  targetsOf(path: string): readonly (PatchTarget | undefined)[];
}

/** What is kept of a kustomization. */
interface Known extends Pick<Kustomization, 'isComponent' | 'remotes'> {
  readonly path: string;
}

/** A file that is named, by whom and what for. */
interface Named {
  readonly owner: string;
  readonly as: string;
}

/** A patch and the kustomizations that apply it. */
interface KnownPatch {
  readonly owner: string;
  readonly targets: (PatchTarget | undefined)[];
}

/** Texts without one of these name no file that is none to harden: where they cannot be read, nothing is lost. */
const NAMES_OTHERS = /patch|transformers|generators|configurations|replacements|crds|openapi|Generator|helmCharts/i;
const PATCH_TRANSFORMER = /\bkind:\s*["']?Patch(?:StrategicMerge|Json6902)?Transformer\b/;

/**
 * Paths are compared as text: all must be relative to one folder, with `/`.
 *
 * @param base where that folder is; needed where paths lead out of it with `..`
 */
export function createSurvey(base = ''): Survey {
  /** Folders with a `Chart.yaml`, and how they are called in the paths given. */
  const charts = new Map<string, string>();
  const patches = new Map<string, KnownPatch>();
  const inputs = new Map<string, Named>();
  /** By folder. */
  const kustomizations = new Map<string, Known>();
  /** By file or folder, the folders of the kustomizations that take it in. */
  const takers = createMultiMap();
  const kept = new Map<string, readonly KeptCode[]>();
  const isKept = (path: string, code: KeptCode) => kept.get(path)?.includes(code) ?? false;
  const resolve = (path: string) => resolvePath(base, path);

  function addPatches(folder: string, owner: string, named: readonly NamedPatch[]): void {
    for (const { file, target } of named) {
      if (file === undefined) continue;
      const at = joinPath(folder, file);
      const known = patches.get(at);
      if (known) known.targets.push(target);
      else patches.set(at, { owner, targets: [target] });
    }
  }

  function addKustomization(path: string, value: JsonObject): void {
    const folder = folderOf(resolve(path));
    const { isComponent, remotes, resources, patches: named, inputs: read, inline } = readKustomization(value);
    kustomizations.set(folder, { path, isComponent, remotes });
    for (const resource of resources) {
      takers.add(joinPath(folder, resource), folder);
    }
    addPatches(folder, path, named);
    for (const { file, as } of read) inputs.set(joinPath(folder, file), { owner: path, as });
    for (const { text } of inline) {
      if (!PATCH_TRANSFORMER.test(text)) continue;
      for (const transformer of objectsOf(text)) addPatches(folder, path, readPatchTransformer(transformer));
    }
  }

  function leftByKustomization(resolved: string): Left | undefined {
    // A folder that is named as a patch stands for the files in it.
    const patch = patches.get(resolved) ?? patches.get(folderOf(resolved));
    if (patch) return { code: 'PATCH', text: `patch of ${patch.owner}: partial on purpose` };
    const input = takers.has(resolved) ? undefined : inputs.get(resolved);
    return input && { code: 'KUSTOMIZE_INPUT', text: `${input.as} that ${input.owner} reads: no object of its own` };
  }

  function leftByCharts(resolved: string): Left | undefined {
    for (let folder = resolved; folder !== ''; ) {
      folder = folderOf(folder);
      const named = charts.get(folder);
      if (named !== undefined) return leftByChart(folder === '' ? resolved : resolved.slice(folder.length + 1), named);
    }
    return undefined;
  }

  return {
    add(path, text) {
      if (baseName(path) === 'Chart.yaml') charts.set(folderOf(resolve(path)), folderOf(path));
      const isOwn = isKustomization(path);
      const isTransformer = PATCH_TRANSFORMER.test(text);
      if (!isOwn && !isTransformer) return undefined;
      const read: JsonObject[] = [];
      try {
        for (const value of objectsOf(text)) {
          if (isOwn) addKustomization(path, value);
          if (isTransformer) addPatches(folderOf(resolve(path)), path, readPatchTransformer(value));
          read.push(value);
        }
        return isOwn ? read : undefined;
      } catch (error) {
        if (!(error instanceof ManifestError) || NAMES_OTHERS.test(text)) throw error;
        return undefined;
      }
    },
    keep: (path, codes) => void kept.set(path, codes),
    isKept,
    left(path) {
      const byPath = leftByPath(path);
      if (byPath?.code === 'KUSTOMIZATION') return describeKustomization(byPath, kustomizations.get(folderOf(resolve(path))));
      if (byPath && !isKept(path, byPath.code as KeptCode)) return byPath;
      if (patches.size + charts.size + inputs.size === 0) return undefined;
      const resolved = resolve(path);
      return leftByKustomization(resolved) ?? (charts.size === 0 ? undefined : leftByCharts(resolved));
    },
    overlaysOf(path) {
      const direct = takers.get(resolve(path));
      if (direct.length === 0) return [];
      const found = new Set<string>();
      const pending = [...direct];
      for (const folder of pending) {
        for (const taker of takers.get(folder)) {
          if (found.has(taker)) continue;
          found.add(taker);
          pending.push(taker);
        }
      }
      // Taken in by two, it is a base of both.
      if (direct.length > 1) for (const folder of direct) found.add(folder);
      return [...found].flatMap((folder) => kustomizations.get(folder)?.path ?? []).sort();
    },
    kustomization: (path) => (isKustomization(path) ? kustomizations.get(folderOf(resolve(path))) : undefined),
    targetsOf(path) {
      const resolved = resolve(path);
      return (patches.get(resolved) ?? patches.get(folderOf(resolved)))?.targets ?? [];
    },
  };
}

/** What is of other repositories is named and not fetched. */
function describeKustomization(left: Left, known: Known | undefined): Left {
  const what = known?.isComponent === true ? left.text.replace('a kustomization', 'a component') : left.text;
  const remotes = known?.remotes.map(withoutSecrets) ?? [];
  return { ...left, text: remotes.length === 0 ? what : `${what}; not fetched: ${remotes.join(', ')}` };
}

function* objectsOf(text: string): Iterable<JsonObject> {
  const lines = indexLines(text);
  for (const slice of splitDocuments(text)) {
    const document = parseDocument(lines, slice);
    const value = document && documentValue(document);
    if (isObject(value)) yield detach(value);
  }
}
