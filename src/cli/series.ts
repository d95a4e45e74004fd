import { highest, type Risk } from '../core/finding.js';
import type { FileResult } from '../engine/types.js';
import type { Colors } from '../report/colors.js';
import { patchBetween } from '../report/patch.js';
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

export function createSeries(colors: Colors): Series {
  const parts = new Map<string, Part>();
  /** The orders in which transforms changed files, each kept once. */
  const orders = new Map<string, readonly string[]>();
  return {
    add({ file, series }, before) {
      if (series.length === 0) return;
      const order = series.map(({ transform }) => transform);
      orders.set(order.join(), order);
      let text = before;
      for (const { transform, risk, changes, text: after } of series) {
        const part = parts.get(transform) ?? { risk, changes: 0, patches: [] };
        part.risk = highest([part.risk, risk]);
        part.changes += changes;
        // As bytes: a string would keep the whole text that its pieces were cut from.
        part.patches.push(Buffer.from(patchBetween(file, text, after, colors)));
        parts.set(transform, part);
        text = after;
      }
    },
    print(emit) {
      for (const transform of merge([...orders.values()])) {
        const { risk, changes, patches } = parts.get(transform) as Part;
        emit(`${colors.strong(`# ${transform} · ${risk} · ${count(changes, 'change')}`)}\n${Buffer.concat(patches)}`);
      }
    },
  };
}

/** One order that all the given ones are part of. They come from one, so there is always an id that none has something before. */
function merge(orders: readonly (readonly string[])[]): string[] {
  const merged: string[] = [];
  let rest = orders;
  while (rest.length > 0) {
    const first = rest.map(([head]) => head as string).find((id) => rest.every((order) => order.indexOf(id) <= 0));
    if (first === undefined) throw new Error('files were changed by the same transforms in different orders');
    merged.push(first);
    rest = rest.map((order) => order.filter((id) => id !== first)).filter((order) => order.length > 0);
  }
  return merged;
}
