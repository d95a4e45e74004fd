import type { ObjectRef } from '../../core/finding.js';
import { isObject, type JsonObject } from '../../core/json.js';
import { groupOf } from '../kinds/table.js';
import type { KindName, ObjectType } from '../kinds/types.js';
import type { NearObject, Place } from '../repo-facts.js';
import { readName } from './names.js';
import type { Nearness, Places } from './places.js';

/** Objects of the kinds that transforms ask for, one by one. */
export interface Objects {
  add(object: JsonObject, type: ObjectType, place: Place, where: string): void;
  near(at: Place | ObjectRef, kind: KindName): readonly NearObject[];
  all(kind: KindName): readonly Omit<NearObject, 'nearness'>[];
}

/** What nobody needs to know of an object to know that it is there. */
const HELD = ['data', 'stringData', 'binaryData'];

const ORDER: readonly Nearness[] = ['sure', 'likely', 'possible'];

export function createObjects(places: Places): Objects {
  const objects = new Map<string, Omit<NearObject, 'nearness'>[]>();
  return {
    add(object, { apiVersion, kind }, place, where) {
      const key = keyOf({ group: groupOf(apiVersion), kind });
      const name = readName(isObject(object.metadata) ? object.metadata.name : undefined);
      const value = Object.fromEntries(Object.entries(object).filter(([field]) => !HELD.includes(field)));
      // A Namespace is what its name says.
      const namespace = kind === 'Namespace' ? name : place.namespace;
      const known = objects.get(key) ?? [];
      known.push({ ...place, namespace, name, where, value });
      objects.set(key, known);
    },
    all: (kind) => objects.get(keyOf(kind)) ?? [],
    near(from, kind) {
      const at = placeOf(from);
      const found = (objects.get(keyOf(kind)) ?? []).flatMap((object): NearObject[] => {
        const nearness = places.nearness(object, at);
        return nearness === 'no' ? [] : [{ ...object, nearness }];
      });
      return found.sort((a, b) => ORDER.indexOf(a.nearness) - ORDER.indexOf(b.nearness));
    },
  };
}

/** A Namespace is in the namespace of its name. */
function placeOf(at: Place | ObjectRef): Place {
  return 'kind' in at && at.kind === 'Namespace' ? { file: at.file, namespace: at.name } : at;
}

function keyOf({ group, kind }: KindName): string {
  return `${group}/${kind}`;
}
