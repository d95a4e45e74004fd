import { isList, isObject, type Json, type JsonObject, valueAt } from '../../core/json.js';
import { parseQuantity } from '../quantity.js';
import type { LimitRangeFacts, Place } from '../repo-facts.js';
import type { Places } from './places.js';

export interface LimitRanges {
  add(object: JsonObject, place: Place, where: string): void;
  covering(at: Place): readonly LimitRangeFacts[];
}

interface LimitRange extends Place {
  readonly where: string;
  readonly amounts: LimitRangeFacts['amounts'];
}

export function createLimitRanges(places: Places): LimitRanges {
  const ranges: LimitRange[] = [];
  return {
    add(object, place, where) {
      const amounts = readDefaults(object);
      if (amounts !== undefined) ranges.push({ ...place, where, amounts });
    },
    covering(at) {
      return ranges.flatMap(({ where, amounts, ...place }) => {
        const nearness = places.mayGovern(place, at) ? places.nearness(place, at) : 'no';
        return nearness === 'sure' || nearness === 'likely'
          ? [{ where, defaults: [...amounts.keys()], amounts, isCertain: nearness === 'sure' }]
          : [];
      });
    },
  };
}

/** What the container items of a LimitRange fill in, as `limits.cpu`; `undefined` where it has no such items. */
function readDefaults(object: JsonObject): LimitRangeFacts['amounts'] | undefined {
  const items = valueAt(object, ['spec', 'limits']);
  if (!isList(items)) return undefined;
  const containers = items.filter((item) => isObject(item) && item.type === 'Container');
  if (containers.length === 0) return undefined;
  const defaults = new Map<string, number | undefined>();
  for (const item of containers) {
    // The API server takes `max` for a missing default limit, that for a missing default request, and `min` after it.
    const limits = { ...mapOf(item, 'max'), ...mapOf(item, 'default') };
    const requests = { ...mapOf(item, 'min'), ...limits, ...mapOf(item, 'defaultRequest') };
    for (const [resource, value] of Object.entries(limits)) defaults.set(`limits.${resource}`, readAmount(value));
    for (const [resource, value] of Object.entries(requests)) defaults.set(`requests.${resource}`, readAmount(value));
  }
  return defaults;
}

function mapOf(item: Json, key: string): JsonObject {
  const value = valueAt(item, [key]);
  return isObject(value) ? value : {};
}

function readAmount(value: Json): number | undefined {
  return typeof value === 'string' || typeof value === 'number' ? parseQuantity(value) : undefined;
}
