import type { Path } from '../core/json.js';
import type { Placement } from '../core/placement.js';
import type { Pair } from './tree.js';
import { rankKeys } from './write.js';

/** New keys that go to one spot: behind a pair that is there, or before all of them. */
export interface Spot {
  readonly after: Pair | undefined;
  readonly keys: string[];
}

/**
 * Where new keys go among the pairs that stay. A map of three or more keys that is sorted stays sorted; a key never goes before a
 * merge (`<<`), which Kubernetes would let win over it.
 */
export function arrangeKeys(pairs: readonly Pair[], keys: readonly string[], path: Path, placement: Placement): Spot[] {
  const order: (Pair | string)[] = [...pairs];
  const isSorted = pairs.length >= 3 && pairs.every((pair, at) => at === 0 || (pairs[at - 1] as Pair).key < pair.key);
  const floor = pairs.findLastIndex((pair) => pair.isMerge) + 1;
  for (const key of rankKeys(keys, path, placement)) {
    const wanted = isSorted ? sortedPosition(order, key) : placedPosition(order, key, path, placement);
    order.splice(Math.max(wanted, floor), 0, key);
  }
  const spots: Spot[] = [];
  let after: Pair | undefined;
  let open: Spot | undefined;
  for (const entry of order) {
    if (typeof entry !== 'string') {
      after = entry;
      open = undefined;
      continue;
    }
    if (!open) {
      open = { after, keys: [] };
      spots.push(open);
    }
    open.keys.push(entry);
  }
  return spots;
}

function sortedPosition(order: readonly (Pair | string)[], key: string): number {
  const next = order.findIndex((entry) => nameOf(entry) > key);
  return next < 0 ? order.length : next;
}

function placedPosition(order: readonly (Pair | string)[], key: string, path: Path, placement: Placement): number {
  const names = order.map(nameOf);
  const place = placement.place(path, key, names);
  if ('after' in place) {
    const at = names.indexOf(place.after);
    return at < 0 ? order.length : at + 1;
  }
  if ('before' in place) {
    const at = names.indexOf(place.before);
    return at < 0 ? order.length : at;
  }
  return order.length;
}

function nameOf(entry: Pair | string): string {
  return typeof entry === 'string' ? entry : entry.key;
}
