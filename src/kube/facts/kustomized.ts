import type { Kustomization } from '../../core/kustomization.js';
import { createMultiMap } from '../../core/multi-map.js';
import { folderOf } from '../../core/relative-path.js';
import type { Place } from '../repo-facts.js';
import { readName } from './names.js';

/** What kustomizations make of the names and namespaces of what they apply. */
export interface Kustomized {
  /** @param folders those that hold what the kustomization applies */
  add(file: string, kustomization: Kustomization, folders: readonly string[]): void;
  /** Whether a kustomization applies what is in the folder. */
  applies(folder: string): boolean;
  /** Whether a kustomization that applies what is there gives it the namespace. */
  gives(at: Place, namespace: string): boolean;
  /** What the name of an object there may become; its own among them. */
  namesOf(at: Place, name: string): ReadonlySet<string>;
  /** Names that may become one of these somewhere. */
  originsOf(names: ReadonlySet<string>): ReadonlySet<string>;
}

interface Affixes {
  readonly prefix: string;
  readonly suffix: string;
}

/** More names for one object, or more affixes in a repository, are not looked at: no one has them. */
const MOST = 64;

export function createKustomized(): Kustomized {
  /** By folder, those of the kustomizations that apply what is in it. */
  const appliedBy = createMultiMap();
  const namespaces = createMultiMap();
  let givesAny = false;
  /** By the folder of the kustomization. */
  const affixes = new Map<string, Affixes>();
  const allAffixes = new Map<string, Affixes>();

  /** The folder itself, and those of kustomizations that apply it, the nearest ones first. */
  function above(at: Place): ReadonlySet<string> {
    const found = new Set([folderOf(at.file)]);
    for (const folder of found) for (const next of appliedBy.get(folder)) found.add(next);
    return found;
  }

  return {
    add(file, kustomization, folders) {
      const own = folderOf(file);
      for (const folder of folders) appliedBy.add(folder, own);
      const namespace = readName(kustomization.namespace);
      if (namespace !== undefined) {
        namespaces.add(own, namespace);
        givesAny = true;
      }
      const read = { prefix: readName(kustomization.namePrefix) ?? '', suffix: readName(kustomization.nameSuffix) ?? '' };
      if (read.prefix + read.suffix === '') return;
      affixes.set(own, read);
      if (allAffixes.size < MOST) allAffixes.set(JSON.stringify(read), read);
    },
    applies: (folder) => appliedBy.has(folder),
    gives(at, namespace) {
      return givesAny && [...above(at)].some((folder) => namespaces.get(folder).includes(namespace));
    },
    namesOf(at, name) {
      const names = new Set([name]);
      if (affixes.size === 0) return names;
      for (const folder of above(at)) {
        const { prefix, suffix } = affixes.get(folder) ?? { prefix: '', suffix: '' };
        for (const known of [...names].slice(0, MOST)) names.add(`${prefix}${known}${suffix}`);
      }
      return names;
    },
    originsOf(names) {
      const origins = new Set(names);
      for (const name of origins) {
        for (const { prefix, suffix } of origins.size > MOST ? [] : allAffixes.values()) {
          const isMade = name.startsWith(prefix) && name.endsWith(suffix) && name.length > prefix.length + suffix.length;
          if (isMade) origins.add(name.slice(prefix.length, name.length - suffix.length));
        }
      }
      return origins;
    },
  };
}
