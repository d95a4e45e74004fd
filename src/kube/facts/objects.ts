import type { ObjectRef } from '../../core/finding.js';
import { isObject, type JsonObject, type Path, valueAt } from '../../core/json.js';
import { groupOf } from '../kinds/table.js';
import type { KindName, ObjectType } from '../kinds/types.js';
import type { NearObject, Place } from '../repo-facts.js';
import { readName } from './names.js';
import type { Nearness, Places } from './places.js';

/** Objects of the kinds that transforms ask for, one by one. */
export interface Objects {
  add(object: JsonObject, type: ObjectType, place: Place, where: string): void;
  near(at: Place | ObjectRef, kind: KindName): readonly NearObject[];
  all(kind: KindName): readonly Known[];
  named(at: Place, kind: KindName, name: string, path?: Path): readonly NearObject[];
}

type Known = Omit<NearObject, 'nearness'>;

const OWN_NAME: Path = ['metadata', 'name'];

/** What nobody needs to know of an object to know that it is there. */
const HELD = ['data', 'stringData', 'binaryData'];

const ORDER: readonly Nearness[] = ['sure', 'likely', 'possible'];

export function createObjects(places: Places): Objects {
  const objects = new Map<string, Known[]>();
  /** By kind and place of the name, then by name. Made when first asked for: nothing is added any more then, as a rule. */
  const namings = new Map<string, Map<string, Known[]>>();

  function namingOf(kind: string, path: Path): ReadonlyMap<string, readonly Known[]> {
    const key = JSON.stringify([kind, path]);
    const known = namings.get(key);
    if (known !== undefined) return known;
    const naming = new Map<string, Known[]>();
    for (const object of objects.get(kind) ?? []) {
      const name = readName(valueAt(object.value, path));
      if (name === undefined) continue;
      const namesakes = naming.get(name);
      if (namesakes) namesakes.push(object);
      else naming.set(name, [object]);
    }
    namings.set(key, naming);
    return naming;
  }

  function sortNear(found: readonly Known[], at: Place): readonly NearObject[] {
    const near = found.flatMap((object): NearObject[] => {
      const nearness = places.nearness(object, at);
      return nearness === 'no' ? [] : [{ ...object, nearness }];
    });
    return near.sort((a, b) => ORDER.indexOf(a.nearness) - ORDER.indexOf(b.nearness));
  }

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
      namings.clear();
    },
    all: (kind) => objects.get(keyOf(kind)) ?? [],
    near: (from, kind) => sortNear(objects.get(keyOf(kind)) ?? [], placeOf(from)),
    named(at, kind, name, path = OWN_NAME) {
      const naming = namingOf(keyOf(kind), path);
      const found = places
        .writtenAs(at, name)
        .flatMap((other) => (naming.get(other) ?? []).filter((object) => places.mayBeCalledAlike(at, name, object, other)));
      return sortNear(found, at);
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
