import { highest, type Risk } from '../core/finding.js';
import type { FileResult } from '../engine/types.js';
import type { Colors } from '../report/colors.js';
import { patchBetween, patchOfNew } from '../report/patch.js';
import { count } from '../report/summary.js';

/** Collects what each transform does to each file: `--each`. */
export interface Series {
  add(result: FileResult, before: string): void;
  /** One patch for each transform, headed by its name; all of them applied in order give the whole. */
  print(emit: (text: string) => void): void;
}

interface Part {
  risk: Risk;
  changes: number;
  readonly patches: Buffer[];
}

/** @param transforms ids in the order in which they change files */
export function createSeries(transforms: readonly string[], colors: Colors): Series {
  const parts = new Map<string, Part>();
  const patchFor = (file: string) => (text: string, after: string) => patchBetween(file, text, after, colors);
  return {
    add({ file, status, series }, before) {
      let text = before;
      const patch = status === 'created' ? (_: string, after: string) => patchOfNew(file, after, colors) : patchFor(file);
      for (const { transform, risk, changes, text: after } of series) {
        const part = parts.get(transform) ?? { risk, changes: 0, patches: [] };
        part.risk = highest([part.risk, risk]);
        part.changes += changes;
        // As bytes: a string would keep the whole text that its pieces were cut from.
        part.patches.push(Buffer.from(patch(text, after)));
        parts.set(transform, part);
        text = after;
      }
    },
    print(emit) {
      for (const transform of transforms) {
        const part = parts.get(transform);
        if (!part) continue;
        const { risk, changes, patches } = part;
        emit(`${colors.strong(`# ${transform} · ${risk} · ${count(changes, 'change')}`)}\n${Buffer.concat(patches)}`);
      }
    },
  };
}
