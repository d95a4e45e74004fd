import { folderOf } from '../../core/relative-path.js';
import { judgePods } from '../pod-security/evaluate.js';
import type { PodFacts } from '../pod-security/pod.js';
import type { Place, WorkloadLevel } from '../repo-facts.js';
import type { VersionRange } from '../versions/types.js';
import { readName } from './names.js';
import type { Places } from './places.js';

/** Something that makes pods, or may. */
export interface Weighed extends Place {
  /** `Deployment web in web.yaml:3` */
  readonly where: string;
  /** What the checks of the Pod Security Standards look at in its pods. */
  readonly pods: readonly PodFacts[];
  /** Why nobody can say what its pods are. */
  readonly unknown?: string;
  /** Whether it may be in any namespace, wherever its file is. */
  readonly isAnywhere?: boolean;
}

/** What the pods of a namespace are, as far as somebody waits to know: kept once files are weighed. */
export interface Levels {
  /** Says that what is in the namespace of a place is to be weighed. */
  await(namespace: Place): void;
  /** Whether what is at a place is, or likely is, in a namespace that somebody waits for. */
  isAwaited(at: Place): boolean;
  add(weighed: Weighed): void;
  /** `undefined` where nothing was awaited. */
  near(namespace: Place, versions: VersionRange): readonly WorkloadLevel[] | undefined;
}

export function createLevels(places: Places): Levels {
  const awaited = new Map<string, Place>();
  const isNear = new Map<string, boolean>();
  /** Those of one folder and one namespace are near, or not, together. */
  const groups = new Map<string, { readonly at: Weighed; readonly weighed: Weighed[] }>();

  function isIn(namespace: Place, at: Place): boolean {
    // What names no namespace goes where kubectl goes unasked.
    if (readName(namespace.namespace) === 'default' && readName(at.namespace) === undefined) return true;
    const nearness = places.nearness(namespace, at);
    // What only may be in it counts as well, or a level would be claimed that is not reached.
    return nearness === 'sure' || (nearness === 'likely' && places.belongs(at, namespace) !== 'no');
  }

  return {
    await: (namespace) => void awaited.set(keyOf(namespace), namespace),
    isAwaited(at) {
      const key = keyOf(at);
      let known = isNear.get(key);
      if (known === undefined) {
        known = [...awaited.values()].some((namespace) => isIn(namespace, at));
        isNear.set(key, known);
      }
      return known;
    },
    add(weighed) {
      const key = weighed.isAnywhere ? '' : keyOf(weighed);
      const group = groups.get(key);
      if (group) group.weighed.push(weighed);
      else groups.set(key, { at: weighed, weighed: [weighed] });
    },
    near(namespace, versions) {
      if (!awaited.has(keyOf(namespace))) return undefined;
      return [...groups.values()].flatMap(({ at, weighed }) =>
        at.isAnywhere || isIn(namespace, at) ? weighed.map((each) => levelOf(each, versions)) : [],
      );
    },
  };
}

function keyOf({ file, namespace }: Place): string {
  return JSON.stringify([folderOf(file), readName(namespace)]);
}

function levelOf({ where, pods, unknown }: Weighed, versions: VersionRange): WorkloadLevel {
  if (unknown !== undefined) return { where, level: undefined, why: unknown };
  const { level, failed } = judgePods(pods, versions);
  // Details name what someone wrote there; the reason says enough.
  return { where, level, ...(failed && { why: failed.reason }) };
}
