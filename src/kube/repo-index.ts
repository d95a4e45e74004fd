import { isObject, type Json, valueAt } from '../core/json.js';
import { readKustomization } from '../core/kustomization.js';
import { createAccounts } from './facts/accounts.js';
import { createBindings } from './facts/bindings.js';
import { readBuildFile } from './facts/build-files.js';
import { createBuilds } from './facts/builds.js';
import { createLevels, type Levels } from './facts/levels.js';
import { createLimitRanges } from './facts/limit-ranges.js';
import { createListings, type Listing, newFileNames } from './facts/listings.js';
import { readMakefile } from './facts/makefiles.js';
import { readName } from './facts/names.js';
import { createObjects, type Objects } from './facts/objects.js';
import { createOverlays } from './facts/overlays.js';
import { createPlaces } from './facts/places.js';
import { createServices } from './facts/services.js';
import { createSiblings } from './facts/siblings.js';
import { readWorkflow } from './facts/workflows.js';
import { createWorkloads } from './facts/workloads.js';
import { isOfKind, type KindName, type Kinds, knownKinds, type ObjectAt, objectsIn } from './kinds.js';
import type { DockerfileReader, NearObject, Place, RepoIndex } from './repo-facts.js';

/** The index while the first pass fills it. */
export interface GrowingRepoIndex extends RepoIndex {
  /** Keeps the small facts of a document's value; `line` is where the document starts. Nothing of the value is held. */
  add(file: string, line: number, value: Json): void;
  /**
   * Keeps which folders a kustomization applies together, how it calls what is in them, and what it does to it.
   * @param readText the documents of a patch that is written in it; none where it cannot be read, or without it
   */
  addKustomization(file: string, value: Json, readText?: (text: string) => readonly Json[]): void;
  /** Whether a kustomization that was added names the file as a patch. */
  isPatch(file: string): boolean;
  /** Keeps a document of such a file. */
  addPatch(file: string, value: Json): void;
  /** Keeps what a Dockerfile says. */
  addDockerfile(file: string, text: string): void;
  /** Keeps which images a Skaffold or Compose file builds, and from what. */
  addBuildFile(file: string, value: Json): void;
  /** Keeps which images a workflow of GitHub Actions builds. */
  addWorkflow(file: string, value: Json): void;
  /** Keeps which images a Makefile builds. */
  addMakefile(file: string, text: string): void;
  /** Keeps whose the repository is, by git's configuration. */
  addOrigin(text: string): void;
  /** Keeps that there is a file. */
  addFile(file: string): void;
  hasFile(file: string): boolean;
  /** The kustomizations that list a file by its own name. */
  listingsOf(file: string): readonly Listing[];
  /** All objects of a kind that transforms ask for. */
  readonly objectsOf: Objects['all'];
  /** What is weighed between the two passes. */
  readonly levels: Levels;
}

interface IndexOptions {
  /** Without it, Dockerfiles say nothing. */
  readonly readDockerfile?: DockerfileReader | undefined;
  readonly kinds?: Kinds | undefined;
  /** The folder that paths are relative to; needed where some lead out of it. */
  readonly base?: string | undefined;
  /** Kinds whose objects are kept for `objectsNear`. */
  readonly asked?: readonly KindName[];
}

export function createRepoIndex({
  readDockerfile,
  kinds = knownKinds,
  base = '',
  asked = [],
}: IndexOptions = {}): GrowingRepoIndex {
  const places = createPlaces();
  const bindings = createBindings(places);
  const accounts = createAccounts(places);
  const limitRanges = createLimitRanges(places);

  const overlays = createOverlays(base);
  const builds = createBuilds(places);
  const services = createServices(places);
  const siblings = createSiblings(places, services, kinds);
  const objects = createObjects(places);
  const listings = createListings(base);
  const levels = createLevels(places);
  const workloads = createWorkloads(places, kinds);

  function addObject({ apiVersion, kind, value: object, root }: ObjectAt, file: string, line: number): void {
    const name = readName(valueAt(object, ['metadata', 'name']));
    // Joined, since a template string would keep its parts beside the whole.
    const where = [kind, ' ', name ?? '(no name)', ' in ', file, ':', line].join('');
    const place: Place = { file, namespace: readName(valueAt(object, ['metadata', 'namespace'])) };
    if (isOfKind({ apiVersion, kind }, asked)) {
      objects.add(object, { apiVersion, kind }, place, where);
      if (kinds.names.has(kind)) workloads.add(object, { apiVersion, kind }, place, { where, line, root });
    }
    if (kind === 'ServiceAccount') accounts.add(object, place, where);
    else if (kind === 'RoleBinding' || kind === 'ClusterRoleBinding')
      bindings.add(object, kind === 'ClusterRoleBinding', place, where);
    else if (kind === 'LimitRange') limitRanges.add(object, place, where);
    else if (kind === 'Service' && apiVersion === 'v1') services.add(object, place);
    else if (kinds.names.has(kind)) siblings.add(object, { apiVersion, kind }, place, where);
  }

  return {
    add(file, line, value) {
      for (const object of objectsIn(value)) addObject(object, file, line);
    },
    addKustomization(file, value, readText) {
      if (!isObject(value)) return;
      const kustomization = readKustomization(value);
      listings.addKustomization(file, value);
      places.addKustomization(file, kustomization);
      builds.addKustomization(file, kustomization);
      overlays.addKustomization(file, kustomization, readText ?? (() => []));
    },
    isPatch: overlays.isPatch,
    addPatch: overlays.addPatch,
    overlaysOf: overlays.of,
    addDockerfile: (file, text) => builds.addDockerfile(file, readDockerfile?.(text)),
    addBuildFile: (file, value) => builds.addArtifacts(readBuildFile(file, value)),
    addWorkflow: (file, value) => builds.addArtifacts(readWorkflow(file, value)),
    addMakefile: (file, text) => builds.addArtifacts(readMakefile(file, text)),
    addOrigin(text) {
      for (const [, owner = '', name = ''] of text.matchAll(ORIGIN)) builds.addOrigin(owner, name);
    },
    bindingsOf: (at, account) => bindings.of(at, account),
    account: (at, name) => accounts.find(at, name),
    limitRanges: (at) => limitRanges.covering(at),
    buildOf: (at, image) => builds.of(at, image),
    replacementsOf: (at, image) => builds.replacementsOf(at, image),
    lowPortOf: (at, labels) => services.lowPortOf(at, labels),
    // What a run wrote that was stopped before its kustomization lists it, nothing applies.
    objectsNear: (at, kind) =>
      objects.near(at, kind).filter((object) => !(listings.isForgotten(object.file) && isNewFile(object))),
    addFile: listings.addFile,
    hasFile: listings.hasFile,
    listingsOf: listings.of,
    objectsOf: objects.all,
    levels,
    levelsIn: levels.near,
    objectsNamed: objects.named,
    firstWorkload: workloads.first,
    workloadsOf: workloads.of,
    clientsOf: workloads.clientsOf,
    belongs: places.belongs,
    siblingsOf: (self, image, pod) => siblings.of(self, image, pod),
  };
}

/** Owner and name in `url = git@github.com:acme/shop.git`. */
const ORIGIN = /^\s*url\s*=\s*\S+[:/]([\w.-]+)\/([\w.-]+?)\/?\s*$/gm;

/** Whether the file of an object is called as one that was made for it. */
function isNewFile({ file, name, namespace, value: { kind } }: NearObject): boolean {
  if (name === undefined || typeof kind !== 'string') return false;
  const own = file.slice(file.lastIndexOf('/') + 1);
  return newFileNames({ kind, name, namespace }, own.slice(own.lastIndexOf('.'))).includes(own);
}
