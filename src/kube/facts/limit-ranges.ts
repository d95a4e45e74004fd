import { isList, isObject, type Json, type JsonObject, valueAt } from '../../core/json.js';
import type { LimitRangeFacts, Place } from '../repo-facts.js';
import type { Places } from './places.js';

export interface LimitRanges {
  add(object: JsonObject, place: Place, where: string): void;
  covering(at: Place): readonly LimitRangeFacts[];
}

interface LimitRange extends Place {
  readonly where: string;
  readonly defaults: readonly string[];
}

export function createLimitRanges(places: Places): LimitRanges {
  const ranges: LimitRange[] = [];
  return {
    add(object, place, where) {
      const defaults = readDefaults(object);
      if (defaults !== undefined) ranges.push({ ...place, where, defaults });
    },
    covering(at) {
      return ranges.flatMap(({ where, defaults, ...place }) => {
        const nearness = places.mayGovern(place, at) ? places.nearness(place, at) : 'no';
        return nearness === 'sure' || nearness === 'likely' ? [{ where, defaults, isCertain: nearness === 'sure' }] : [];
      });
    },
  };
}

/** What the container items of a LimitRange fill in, as `limits.cpu`; `undefined` where it has no such items. */
function readDefaults(object: JsonObject): readonly string[] | undefined {
  const items = valueAt(object, ['spec', 'limits']);
  if (!isList(items)) return undefined;
  const containers = items.filter((item) => isObject(item) && item.type === 'Container');
  if (containers.length === 0) return undefined;
  const defaults = new Set<string>();
  for (const item of containers) {
    // The API server takes `max` for a missing default limit, that for a missing default request, and `min` after it.
    const limits = [...keysOf(item, 'default'), ...keysOf(item, 'max')];
    const requests = [...keysOf(item, 'defaultRequest'), ...limits, ...keysOf(item, 'min')];
    for (const resource of limits) defaults.add(`limits.${resource}`);
    for (const resource of requests) defaults.add(`requests.${resource}`);
  }
  return [...defaults];
}

function keysOf(item: Json, key: string): readonly string[] {
  const value = valueAt(item, [key]);
  return isObject(value) ? Object.keys(value) : [];
}
