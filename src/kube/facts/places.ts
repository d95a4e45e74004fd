import type { Kustomization } from '../../core/kustomization.js';
import { folderOf, joinPath } from '../../core/relative-path.js';
import type { Place } from '../repo-facts.js';
import { createKustomized } from './kustomized.js';
import { isWithinFolder, readName } from './names.js';

/**
 * Whether two objects are in one namespace:
 *
 * - `sure`: both say so, or neither says and one kustomization or one folder holds both;
 * - `likely`: what is not said is left open by objects of one application, or a kustomization gives one the namespace of the other;
 * - `possible`: only that nothing is said;
 * - `no`: both say, and not the same.
 */
export type Nearness = 'sure' | 'likely' | 'possible' | 'no';

/** Which folders belong together, by kustomizations and by how folders are called. */
export interface Places {
  /** Keeps what a kustomization applies together, and the namespace that it gives it. */
  addKustomization(file: string, kustomization: Kustomization): void;
  nearness(a: Place, b: Place): Nearness;
  /** Whether a kustomization applies what is in the folder. */
  applies(folder: string): boolean;
  /**
   * Whether an object may be about all that is in the namespace of another one: not where it lies in a folder of its own, as an
   * example does, or is of another namespace than kustomizations give. Else a single one would govern the whole repository.
   */
  mayGovern(object: Place, at: Place): boolean;
  /**
   * Whether an object is in the namespace of a home, a place that stands for one: `yes` where it says so, or where the home may govern
   * it and nothing speaks against it; `maybe` where only nothing is said.
   */
  belongs(object: Place, home: Place): 'yes' | 'maybe' | 'no';
  /** Whether one may be called what the other one is called, by the prefixes and suffixes of kustomizations. */
  mayBeCalledAlike(a: Place, nameOfA: string, b: Place, nameOfB: string): boolean;
  /** Names, its own first, that other objects may be written with which are called like this one in the end. */
  writtenAs(at: Place, name: string): readonly string[];
}

/** Folders that hold a part of an application, and not an application each. */
const PARTS = new Set(
  (
    'base bases overlay overlays component components common config configs crd crds default deploy deployment deployments dev ' +
    'development env environments install k8s kubernetes kustomize manager manifest manifests namespace namespaces prod production ' +
    'rbac resources service services serviceaccount serviceaccounts staging stage templates webhook workload workloads yaml'
  ).split(' '),
);

export function createPlaces(): Places {
  const kustomized = createKustomized();
  /** By folder, another one that is applied together with it; the last of a chain stands for all. */
  const unions = new Map<string, string>();
  /** By folder, the namespaces that kustomizations give to what is in it. */
  const given = new Map<string, Set<string>>();

  function groupOf(folder: string): string {
    let at = folder;
    for (let next = unions.get(at); next !== undefined; next = unions.get(at)) {
      const beyond = unions.get(next);
      if (beyond !== undefined) unions.set(at, beyond);
      at = next;
    }
    return at;
  }

  function unite(a: string, b: string): void {
    const [first, second] = [groupOf(a), groupOf(b)];
    if (first === second) return;
    unions.set(second, first);
    for (const namespace of given.get(second) ?? []) give(first, namespace);
  }

  function give(group: string, namespace: string): void {
    const namespaces = given.get(group);
    if (namespaces) namespaces.add(namespace);
    else given.set(group, new Set([namespace]));
  }

  function areOfOneApplication(a: string, b: string): boolean {
    const [first, second] = [applicationOf(a), applicationOf(b)];
    return isWithinFolder(first, second) || isWithinFolder(second, first);
  }

  const places: Places = {
    addKustomization(file, kustomization) {
      const folder = folderOf(file);
      const applied = kustomization.resources.flatMap((path) => {
        if (readName(path) === undefined) return [];
        const joined = joinPath(folder, path);
        return /\.(?:ya?ml|json)$/i.test(joined) ? folderOf(joined) : joined;
      });
      for (const target of applied) unite(folder, target);
      kustomized.add(file, kustomization, applied);
      const namespace = readName(kustomization.namespace);
      if (namespace !== undefined) give(groupOf(folder), namespace);
    },
    applies: kustomized.applies,
    nearness(a, b) {
      const [first, second] = [readName(a.namespace), readName(b.namespace)];
      if (first !== undefined && second !== undefined) {
        if (first === second) return 'sure';
        return kustomized.gives(a, second) || kustomized.gives(b, first) ? 'likely' : 'no';
      }
      const [here, there] = [folderOf(a.file), folderOf(b.file)];
      const isOne = here === there || groupOf(here) === groupOf(there);
      if (isOne) return first === second ? 'sure' : 'likely';
      const [open, named] = first === undefined ? [here, second] : [there, first];
      if (named !== undefined && given.get(groupOf(open))?.has(named)) return 'likely';
      return areOfOneApplication(here, there) ? 'likely' : 'possible';
    },
    mayGovern(object, at) {
      const [here, there] = [folderOf(object.file), folderOf(at.file)];
      const [named, own] = [readName(object.namespace), readName(at.namespace)];
      if (here === there || groupOf(here) === groupOf(there) || (named !== undefined && own !== undefined)) return true;
      const namespaces = named === undefined ? undefined : given.get(groupOf(there));
      if (named !== undefined && namespaces !== undefined) return namespaces.has(named);
      const isAbove = isWithinFolder(applicationOf(there), applicationOf(here));
      return isAbove || (there !== '' && isWithinFolder(here, there));
    },
    belongs(object, home) {
      const near = places.nearness(object, home);
      if (near === 'sure' || near === 'no') return near === 'sure' ? 'yes' : 'no';
      const [named, own] = [readName(object.namespace), readName(home.namespace)];
      if (named !== undefined && own !== undefined) return 'yes';
      const namespaces = named === undefined ? given.get(groupOf(folderOf(object.file))) : undefined;
      if (own !== undefined && namespaces !== undefined && !namespaces.has(own)) return 'no';
      return near === 'likely' && places.mayGovern(home, object) ? 'yes' : 'maybe';
    },
    mayBeCalledAlike(a, nameOfA, b, nameOfB) {
      if (nameOfA === nameOfB) return true;
      const names = kustomized.namesOf(a, nameOfA);
      return [...kustomized.namesOf(b, nameOfB)].some((name) => names.has(name));
    },
    writtenAs: (at, name) => [...kustomized.originsOf(kustomized.namesOf(at, name))],
  };
  return places;
}

/** The folder of an application: without the folders at its end that only hold a part of one. */
export function applicationOf(folder: string): string {
  const parts = folder.split('/');
  // What an overlay is called is anybody's choice.
  const overlays = parts.findIndex((part) => /^(?:overlays?|environments|components)$/.test(part));
  const kept = overlays < 0 ? parts : parts.slice(0, overlays);
  while (kept.length > 0 && PARTS.has((kept.at(-1) ?? '').toLowerCase())) kept.pop();
  return kept.join('/');
}
