import type { Json } from '../../core/json.js';
import { isList, isObject } from '../../core/json.js';
import { createMultiMap } from '../../core/multi-map.js';
import { folderOf, joinPath, resolvePath } from '../../core/relative-path.js';

/** A kustomization that names a file among its `resources`. */
export interface Listing {
  /** The kustomization, as paths are given. */
  readonly kustomization: string;
  /** Its folder, resolved. */
  readonly folder: string;
}

/** Which files there are, and which kustomizations list each of them by its own name. */
export interface Listings {
  addFile(file: string): void;
  hasFile(file: string): boolean;
  addKustomization(file: string, value: Json): void;
  of(file: string): readonly Listing[];
  /**
   * Whether nobody lists the file, although others of its folder are listed: what is in it is applied by none of the kustomizations
   * that apply these.
   */
  isForgotten(file: string): boolean;
}

/** @param base the folder that paths are relative to */
export function createListings(base: string): Listings {
  const files = new Set<string>();
  /** By file, the kustomizations. */
  const listed = createMultiMap();
  /** Folders of files that are listed. */
  const folders = new Set<string>();
  const resolve = (file: string) => resolvePath(base, file);
  return {
    addFile: (file) => void files.add(resolve(file)),
    hasFile: (file) => files.has(resolve(file)),
    addKustomization(file, value) {
      const named = isObject(value) && isList(value.resources) ? value.resources : [];
      for (const path of named) {
        if (typeof path !== 'string' || !/\.(?:ya?ml|json)$/i.test(path)) continue;
        const at = joinPath(folderOf(resolve(file)), path);
        listed.add(at, file);
        folders.add(folderOf(at));
      }
    },
    of(file) {
      return listed.get(resolve(file)).map((kustomization) => ({ kustomization, folder: folderOf(resolve(kustomization)) }));
    },
    isForgotten(file) {
      const at = resolve(file);
      return folders.has(folderOf(at)) && !listed.has(at);
    },
  };
}

/** `NetworkPolicy` as `network-policy` */
function toKebab(kind: string): string {
  return kind
    .replace(/([a-z0-9])([A-Z])/g, '$1-$2')
    .replace(/([A-Z])([A-Z][a-z])/g, '$1-$2')
    .toLowerCase();
}

/** What is part of a file's name wherever it stands. A namespace that another tool fills in may hold anything, `/../` too. */
const PLAIN = /^[a-z0-9](?:[a-z0-9.-]{0,251}[a-z0-9])?$/;

/** The names that a new file for an object may have, the first that is free counts. @param extension `.yaml` */
export function newFileNames(
  { kind, name, namespace }: { readonly kind: string; readonly name: string; readonly namespace?: string | undefined },
  extension: string,
): readonly string[] {
  const base = `${toKebab(kind)}-${name}`;
  return [base, ...(namespace !== undefined && PLAIN.test(namespace) ? [`${base}-${namespace}`] : [])].map(
    (each) => each + extension,
  );
}
