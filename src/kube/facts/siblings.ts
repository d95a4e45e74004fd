import type { ObjectRef } from '../../core/finding.js';
import { isList, isObject, type Json, type JsonObject, valueAt } from '../../core/json.js';
import { findPodTemplate, isPartial } from '../kinds.js';
import type { Place, SiblingFacts } from '../types.js';
import { folderOf, readName } from './names.js';
import type { Nearness, Places } from './places.js';

export interface Siblings {
  add(object: JsonObject, type: { readonly apiVersion: string; readonly kind: string }, place: Place, where: string): void;
  of(self: ObjectRef, image: string): readonly SiblingFacts[];
}

interface Statement {
  readonly owner: string;
  readonly facts: Omit<SiblingFacts, 'isNear'>;
  /** Where it is stated: folders, as files in them, each once. */
  readonly places: Place[];
}

/** Of an image about which more is said, whoever looks would find nothing in common. */
const MOST = 16;

export function createSiblings({ nearness }: Places): Siblings {
  /** By image, as it is written; each statement once. */
  const statements = new Map<string, Map<string, Statement>>();
  return {
    add(object, type, place, where) {
      const { file } = place;
      const template = findPodTemplate(object, type);
      if (template === undefined || isPartial(object, type) !== undefined) return;
      const podSpec = valueAt(object, template.podSpec);
      const owner = ownerOf(file, type.kind, readName(valueAt(object, ['metadata', 'name'])));
      for (const list of ['containers', 'initContainers']) {
        for (const container of itemsOf(valueAt(podSpec, [list]))) {
          const image = readName(valueAt(container, ['image']));
          if (image === undefined || !isObject(container) || !isObject(podSpec)) continue;
          const facts = readStatement(podSpec, container);
          const known = statements.get(image) ?? new Map<string, Statement>();
          const key = JSON.stringify(facts);
          const same = known.get(key);
          if (same === undefined) known.set(key, { owner, facts: { where, ...facts }, places: [place] });
          else if (same.places.length < MOST && !same.places.some((other) => isSamePlace(other, place))) same.places.push(place);
          statements.set(image, known);
        }
      }
    },
    of(self, image) {
      const { file, kind, name } = self;
      const known = statements.get(image);
      if (known === undefined || known.size > MOST) return [];
      const owner = ownerOf(file, kind, name);
      const others = [...known.values()].filter((statement) => statement.owner !== owner);
      return others.map(({ facts, places }) => ({ ...facts, isNear: places.some((place) => isNear(nearness(place, self))) }));
    },
  };
}

function isNear(nearness: Nearness): boolean {
  return nearness === 'sure' || nearness === 'likely';
}

function isSamePlace(a: Place, b: Place): boolean {
  return a.namespace === b.namespace && folderOf(a.file) === folderOf(b.file);
}

function ownerOf(file: string, kind: string, name: string | undefined): string {
  return [file, kind, name ?? ''].join(' ');
}

function readStatement(podSpec: JsonObject, container: JsonObject): Omit<SiblingFacts, 'where' | 'isNear'> {
  const own = valueAt(container, ['securityContext']);
  const effective = (key: string) => valueAt(own, [key]) ?? valueAt(podSpec, ['securityContext', key]);
  const user = effective('runAsUser');
  return {
    start: readStart(valueAt(container, ['command']), valueAt(container, ['args'])),
    user: typeof user === 'number' ? user : undefined,
    nonRoot: asBoolean(effective('runAsNonRoot')),
    isPrivileged: valueAt(own, ['privileged']) === true,
    escalates: asBoolean(valueAt(own, ['allowPrivilegeEscalation'])),
    isReadOnly: asBoolean(valueAt(own, ['readOnlyRootFilesystem'])),
    drop: namesOf(valueAt(own, ['capabilities', 'drop'])),
    add: namesOf(valueAt(own, ['capabilities', 'add'])),
    writable: readWritable(podSpec, container),
    automount: asBoolean(podSpec.automountServiceAccountToken),
    requests: readQuantities(valueAt(container, ['resources', 'requests'])),
    limits: readQuantities(valueAt(container, ['resources', 'limits'])),
  };
}

/** How a container starts, so that two can be compared: the command, and the program that the arguments name, if they name one. */
export function readStart(command: Json | undefined, args: Json | undefined): string {
  const [first] = isList(args) ? args : [];
  const program = typeof first === 'string' && !first.startsWith('-') ? first : null;
  // A number, since what stands in a command may be a secret, and long.
  return hash(JSON.stringify([command ?? null, program]));
}

function hash(text: string): string {
  let value = 5381;
  for (let at = 0; at < text.length; at++) value = (value * 33 + text.charCodeAt(at)) % 2 ** 48;
  return value.toString(36);
}

/** Where the container may write by its volumes, and whether each is an empty one. */
function readWritable(podSpec: JsonObject, container: JsonObject): SiblingFacts['writable'] {
  const volumes = new Map(itemsOf(podSpec.volumes).map((volume) => [valueAt(volume, ['name']), volume]));
  return itemsOf(container.volumeMounts).flatMap((mount) => {
    const path = readName(valueAt(mount, ['mountPath']));
    if (path === undefined || valueAt(mount, ['readOnly']) === true) return [];
    const volume = volumes.get(valueAt(mount, ['name']));
    if (isObject(volume) && READ_ONLY.some((source) => volume[source] !== undefined)) return [];
    const isEmpty = isObject(volume) && isObject(volume.emptyDir) && valueAt(mount, ['subPath']) === undefined;
    return [{ path, isEmpty }];
  });
}

const READ_ONLY = ['configMap', 'secret', 'projected', 'downwardAPI', 'image'];

function readQuantities(value: Json | undefined): SiblingFacts['requests'] {
  return { cpu: readQuantity(valueAt(value, ['cpu'])), memory: readQuantity(valueAt(value, ['memory'])) };
}

function readQuantity(value: Json | undefined): string | number | undefined {
  return typeof value === 'string' || typeof value === 'number' ? value : undefined;
}

function asBoolean(value: Json | undefined): boolean | undefined {
  return typeof value === 'boolean' ? value : undefined;
}

function namesOf(value: Json | undefined): readonly string[] {
  return itemsOf(value).filter((item) => typeof item === 'string');
}

function itemsOf(value: Json | undefined): readonly Json[] {
  return isList(value) ? value : [];
}
