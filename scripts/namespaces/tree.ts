import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { loadAll } from 'js-yaml';
import { readCorpus } from '../corpus/files.js';
import { asFields, type Fields } from '../kustomize/build.js';
import { isKustomizationFile, readUses } from '../roles/uses.js';

/** An object of a file, as a parser that is not kubemend's reads it. */
export interface TreeObject {
  readonly file: string;
  /** As the oracle counts. */
  readonly doc: number;
  readonly item: number;
  readonly value: Fields;
}

export interface Tree {
  readonly objects: readonly TreeObject[];
  /** Files that are applied together: by one kustomization, or since they are one. */
  readonly together: (a: string, b: string) => boolean;
}

/** All objects below a folder; what is a patch or belongs to a chart is none, and what cannot be read is left out. */
export function readTree(root: string): Tree {
  const files = readCorpus(root);
  const charts = files.filter(({ path }) => /(?:^|\/)Chart\.yaml$/.test(path)).map(({ path }) => dirname(path));
  const kustomizations = files.map(({ path }) => path).filter(isKustomizationFile);
  const uses = readUses(root, kustomizations);
  const isObject = (path: string) => {
    const used = uses.get(path);
    const isPart = used !== undefined && !used.has('resource');
    return !isPart && !isKustomizationFile(path) && !charts.some((folder) => folder === '.' || path.startsWith(`${folder}/`));
  };
  const groups = kustomizations.map((path) => new Set(resourcesOf(root, path)));
  return {
    objects: files.filter(({ path }) => isObject(path)).flatMap(({ path, text }) => objectsIn(path, text)),
    together: (a, b) => a === b || groups.some((group) => group.has(a) && group.has(b)),
  };
}

function resourcesOf(root: string, path: string): readonly string[] {
  const [first] = loadAll(readFileSync(join(root, path), 'utf8'));
  const { resources } = asFields(first);
  const named = Array.isArray(resources) ? resources : [];
  return named.filter((name): name is string => typeof name === 'string').map((name) => join(dirname(path), name));
}

function objectsIn(file: string, text: string): TreeObject[] {
  let documents: readonly unknown[];
  try {
    documents = loadAll(text);
  } catch {
    // Kubernetes reads it otherwise, or a template fills it in.
    return [];
  }
  return documents.flatMap((document, doc) => {
    const items = itemsOf(document);
    if (items === undefined) return [{ file, doc, item: -1, value: asFields(document) }];
    return items.map((value, item) => ({ file, doc, item, value: asFields(value) }));
  });
}

/** The items of a list, nested ones flattened. */
function itemsOf(value: unknown): readonly unknown[] | undefined {
  const { kind, items } = asFields(value);
  if (typeof kind !== 'string' || !kind.endsWith('List') || !Array.isArray(items)) return undefined;
  return items.flatMap((item: unknown) => itemsOf(item) ?? [item]);
}

/** `metadata.name` or `metadata.namespace`, where it is a text. */
export function metadataOf({ metadata }: Fields, key: 'name' | 'namespace'): string | undefined {
  const text = asFields(metadata)[key];
  return typeof text === 'string' && text !== '' ? text : undefined;
}

export function labelsOf({ metadata }: Fields): Fields {
  return asFields(asFields(metadata).labels);
}

export function isNamespace({ apiVersion, kind }: Fields): boolean {
  return apiVersion === 'v1' && kind === 'Namespace';
}
