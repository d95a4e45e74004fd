import type { Json } from '../../core/json.js';
import type { Kustomization, PatchTarget } from '../../core/kustomization.js';
import { createMultiMap } from '../../core/multi-map.js';
import { folderOf, joinPath } from '../../core/relative-path.js';

/** What a kustomization does to the objects that it takes in. */
export interface OverlayStep extends Pick<Kustomization, 'namespace' | 'namePrefix' | 'nameSuffix' | 'images'> {
  readonly patches: readonly { readonly target: PatchTarget | undefined; readonly values: readonly Json[] }[];
}

/** What becomes of a file by a kustomization and those that it takes the file from, the innermost first. */
export interface Overlay {
  /** The outermost of them. */
  readonly where: string;
  readonly steps: readonly OverlayStep[];
}

export interface Overlays {
  /** @param readText the documents of a patch that is written in place; none where it cannot be read */
  addKustomization(file: string, kustomization: Kustomization, readText: (text: string) => readonly Json[]): void;
  /** Whether a kustomization names the file as a patch. */
  isPatch(file: string): boolean;
  addPatch(file: string, value: Json): void;
  /** What the kustomizations that take a file in do to its objects; those that do nothing left out. */
  of(file: string): readonly Overlay[];
}

interface Known {
  readonly file: string;
  readonly own: Omit<OverlayStep, 'patches'>;
  readonly patches: readonly {
    readonly target: PatchTarget | undefined;
    readonly file?: string;
    readonly values: readonly Json[];
  }[];
  /** Folders of the components that it applies to what it takes in. */
  readonly components: readonly string[];
}

interface Budget {
  left: number;
}

/** A file that more kustomizations take in, by more ways, is looked at as the first of them have it. */
const MOST = 256;

/** @param base the folder that paths are relative to */
export function createOverlays(base: string): Overlays {
  /** By folder. */
  const known = new Map<string, Known>();
  /** By file or folder, the folders of the kustomizations that take it in. */
  const takers = createMultiMap();
  /** By file, for files that are named as patches. */
  const patches = new Map<string, Json[]>();
  const resolve = (file: string) => joinPath(base, file);

  function stepsOf(folder: string, budget: Budget = { left: MOST }): OverlayStep[] {
    const found = known.get(folder);
    // A ring of components ends with the budget, too.
    if (found === undefined || --budget.left < 0) return [];
    const { own, patches: named, components } = found;
    const step: OverlayStep = {
      ...own,
      patches: named.map(({ target, file, values }) => ({
        target,
        values: file === undefined ? values : (patches.get(file) ?? []),
      })),
    };
    // Components come before what the kustomization does itself.
    return [...components.flatMap((component) => stepsOf(component, budget)), step];
  }

  /** All ways out of a file or folder, each taker with what it does behind what those below it do. */
  function climb(at: string, steps: readonly OverlayStep[], seen: readonly string[], found: Overlay[], budget: Budget): void {
    for (const folder of takers.get(at)) {
      const { file } = known.get(folder) ?? {};
      if (--budget.left < 0 || file === undefined || seen.includes(folder)) continue;
      const all = [...steps, ...stepsOf(folder)];
      if (all.some(doesSomething)) found.push({ where: file, steps: all });
      climb(folder, all, [...seen, folder], found, budget);
    }
  }

  return {
    addKustomization(file, kustomization, readText) {
      const folder = folderOf(resolve(file));
      const { namespace, namePrefix, nameSuffix, images, patches: named, resources, components } = kustomization;
      for (const resource of resources) {
        takers.add(joinPath(folder, resource), folder);
      }
      known.set(folder, {
        file,
        own: { namespace, namePrefix, nameSuffix, images },
        components: components.map((component) => joinPath(folder, component)),
        patches: named.map(({ file: patch, text, target }) => {
          if (patch === undefined) return { target, values: text === undefined ? [] : readText(text) };
          const at = joinPath(folder, patch);
          if (!patches.has(at)) patches.set(at, []);
          return { target, file: at, values: [] };
        }),
      });
    },
    isPatch: (file) => patches.size > 0 && patches.has(resolve(file)),
    addPatch: (file, value) => void patches.get(resolve(file))?.push(value),
    of(file) {
      const found: Overlay[] = [];
      const at = resolve(file);
      if (takers.has(at)) climb(at, [], [], found, { left: MOST });
      return found;
    },
  };
}

function doesSomething({ namespace, images, patches }: OverlayStep): boolean {
  return namespace !== undefined || images.length > 0 || patches.some(({ values }) => values.length > 0);
}
