import { isList, isObject, type Json, type JsonObject, valueAt } from '../../core/json.js';
import type { Place } from '../repo-facts.js';
import type { Places } from './places.js';

/** Services that send to a port below 1024, by what they select. */
export interface Services {
  add(object: JsonObject, place: Place): void;
  /** The lowest such port that pods with these labels are sent to. */
  lowPortOf(at: Place, labels: JsonObject): number | undefined;
}

interface Target extends Place {
  readonly selector: readonly (readonly [key: string, value: string])[];
  readonly port: number;
}

export function createServices(places: Places): Services {
  const targets: Target[] = [];
  return {
    add(object, place) {
      const selector = valueAt(object, ['spec', 'selector']);
      const ports = valueAt(object, ['spec', 'ports']);
      if (!isObject(selector) || !isList(ports)) return;
      const pairs = Object.entries(selector).filter((pair): pair is [string, string] => typeof pair[1] === 'string');
      const low = ports.map(readTarget).filter((port) => port !== undefined);
      if (pairs.length > 0 && low.length > 0) targets.push({ ...place, selector: pairs, port: Math.min(...low) });
    },
    lowPortOf(at, labels) {
      const meant = targets.filter(({ selector, ...place }) => {
        const nearness = selector.every(([key, value]) => labels[key] === value) ? places.nearness(place, at) : 'no';
        return nearness === 'sure' || nearness === 'likely';
      });
      return meant.length === 0 ? undefined : Math.min(...meant.map(({ port }) => port));
    },
  };
}

/** A name means a port that the container declares; there it is seen. */
function readTarget(item: Json): number | undefined {
  const target = valueAt(item, ['targetPort']) ?? valueAt(item, ['port']);
  return typeof target === 'number' && target > 0 && target < 1024 ? target : undefined;
}
