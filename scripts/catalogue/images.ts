import { loadAll } from 'js-yaml';
import { isList, isObject, type Json, type JsonObject, valueAt } from '../../src/core/json.js';
import { parseReference } from '../../src/kube/images/reference.js';
import { findPodTemplate } from '../../src/kube/kinds.js';
import type { CorpusFile } from '../corpus/files.js';

/** The image that a container names. */
export interface ContainerImage {
  readonly text: string;
  /**
   * `variable`: to be filled in; `private`: of a registry that is not open to all; `placeholder`: a bare name that is the project's own,
   * which a build or a kustomization replaces; else `public`.
   */
  readonly sort: 'variable' | 'private' | 'placeholder' | 'public';
  /** Normalised; the text where it is no reference. */
  readonly repository: string;
}

/** Registries from which anybody may take an image. */
const PUBLIC =
  /^(?:docker\.io|quay\.io|ghcr\.io|gcr\.io|[a-z.]+\.gcr\.io|registry\.k8s\.io|mcr\.microsoft\.com|nvcr\.io|public\.ecr\.aws|cgr\.dev|codeberg\.org|lscr\.io|cr\.[\w.-]+|docker\.[\w.-]+|[\w-]+-docker\.pkg\.dev|registry\.gitlab\.com|projects\.registry\.vmware\.com|registry\.(?:access\.)?redhat\.(?:io|com)|[\w.]+\.amazonaws\.com)\//;

/** The images of all containers in the manifests of the files. What cannot be read is left out. */
export function readImages(files: readonly CorpusFile[]): ContainerImage[] {
  const documents = files.flatMap(({ text }) => readAll(text));
  const containers = documents.flatMap(readObjects).flatMap(readContainers);
  return containers.flatMap((container) => (typeof container.image === 'string' ? sortImage(container.image) : []));
}

function readAll(text: string): Json[] {
  try {
    return loadAll(text) as Json[];
  } catch {
    return [];
  }
}

function readObjects(document: Json): JsonObject[] {
  if (!isObject(document)) return [];
  const items = String(document.kind).endsWith('List') ? document.items : undefined;
  return isList(items) ? items.flatMap(readObjects) : [document];
}

function readContainers(object: JsonObject): JsonObject[] {
  const { apiVersion, kind } = object;
  if (typeof apiVersion !== 'string' || typeof kind !== 'string') return [];
  const ref = { file: '', document: 0, root: [], line: 1, apiVersion, kind };
  const template = findPodTemplate(object, ref);
  const pod = template === undefined ? undefined : valueAt(object, template.podSpec);
  if (!isObject(pod)) return [];
  return ['containers', 'initContainers'].flatMap((list) => {
    const items = pod[list];
    return isList(items) ? items.filter(isObject) : [];
  });
}

function sortImage(text: string): ContainerImage {
  const parsed = parseReference(text);
  if (parsed === undefined) return { text, sort: 'variable', repository: text };
  const { repository } = parsed;
  if (!PUBLIC.test(repository)) return { text, sort: 'private', repository };
  return {
    text,
    sort: repository.startsWith('docker.io/library/') && !text.includes('/') ? 'placeholder' : 'public',
    repository,
  };
}
