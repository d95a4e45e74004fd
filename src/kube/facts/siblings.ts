import type { ObjectRef } from '../../core/finding.js';
import { isList, isObject, type Json, type JsonObject, type Path, valueAt } from '../../core/json.js';
import { folderOf } from '../../core/relative-path.js';
import { CONTAINER_LISTS, findPodTemplates, isPartial, type Kinds, readPlacedPod } from '../kinds.js';
import type { Place, SiblingFacts } from '../repo-facts.js';
import { readName } from './names.js';
import type { Nearness, Places } from './places.js';
import type { Services } from './services.js';

export interface Siblings {
  add(object: JsonObject, type: { readonly apiVersion: string; readonly kind: string }, place: Place, where: string): void;
  of(self: ObjectRef, image: string, pod: Path): readonly SiblingFacts[];
}

/** What depends on who asks, and on what else is known by then. */
type Here = 'isNear' | 'isOwn' | 'listensLow';

interface Statement {
  readonly owner: string;
  readonly facts: Omit<SiblingFacts, Here>;
  /** Where it is stated: folders, as files in them, each once. */
  readonly places: Place[];
  /** Of the pod, where a Service may tell of a port. */
  readonly labels: JsonObject | undefined;
}

/** What is stated of an image. */
interface Known {
  /** How many containers run it, whatever they state: a number that no edit changes. */
  count: number;
  /** Each statement once. */
  readonly statements: Map<string, Statement>;
}

/** An image that more containers run is a tool for many ends; whoever looks would find nothing in common. */
const MOST = 48;

export function createSiblings({ nearness }: Places, { lowPortOf }: Services, kinds: Kinds): Siblings {
  /** By image, as it is written. */
  const images = new Map<string, Known>();
  return {
    add(object, type, place, where) {
      const { file } = place;
      const templates = findPodTemplates(object, type, kinds);
      if (templates.length === 0 || isPartial(object, type, kinds) !== undefined) return;
      for (const template of templates) {
        const owner = ownerOf(file, type.kind, readName(valueAt(object, ['metadata', 'name'])), template.podSpec);
        const podSpec = readPlacedPod(object, template)?.spec ?? {};
        for (const container of CONTAINER_LISTS.flatMap((list) => itemsOf(podSpec[list]))) {
          const image = readName(valueAt(container, ['image']));
          if (image === undefined || !isObject(container)) continue;
          const facts = readStatement(podSpec, container);
          const isOpen = facts.lowPort === undefined && facts.add.includes('NET_BIND_SERVICE');
          const labels = isOpen ? asObject(valueAt(object, [...template.metadata, 'labels'])) : undefined;
          const known = images.get(image) ?? { count: 0, statements: new Map<string, Statement>() };
          images.set(image, known);
          if (++known.count > MOST) known.statements.clear();
          else addStatement(known.statements, { owner, facts: { where, ...facts }, places: [place], labels });
        }
      }
    },
    of(at, image, pod) {
      const { file, kind, name } = at;
      const known = images.get(image);
      if (known === undefined) return [];
      const self = ownerOf(file, kind, name, pod);
      return [...known.statements.values()].map(({ facts, places, labels, owner }) => ({
        ...facts,
        isOwn: owner === self,
        isNear: places.some((place) => isNear(nearness(place, at))),
        listensLow:
          facts.lowPort !== undefined || (labels !== undefined && places.some((place) => lowPortOf(place, labels) !== undefined)),
      }));
    },
  };
}

function addStatement(statements: Map<string, Statement>, statement: Statement): void {
  const key = JSON.stringify({ ...statement.facts, where: '', labels: statement.labels });
  const same = statements.get(key);
  const [place] = statement.places;
  if (same === undefined) statements.set(key, statement);
  else if (place !== undefined && !same.places.some((other) => isSamePlace(other, place))) same.places.push(place);
}

function isNear(nearness: Nearness): boolean {
  return nearness === 'sure' || nearness === 'likely';
}

function isSamePlace(a: Place, b: Place): boolean {
  return a.namespace === b.namespace && folderOf(a.file) === folderOf(b.file);
}

function ownerOf(file: string, kind: string, name: string | undefined, pod: Path): string {
  return [file, kind, name ?? '', ...pod].join(' ');
}

function readStatement(podSpec: JsonObject, container: JsonObject): Omit<SiblingFacts, 'where' | Here> {
  const own = valueAt(container, ['securityContext']);
  const effective = (key: string) => valueAt(own, [key]) ?? valueAt(podSpec, ['securityContext', key]);
  const user = effective('runAsUser');
  return {
    start: readStart(valueAt(container, ['command']), valueAt(container, ['args'])),
    words: readWords(valueAt(container, ['command']), valueAt(container, ['args'])),
    lowPort: readLowPort(itemsOf(valueAt(container, ['ports']))),
    user: asNumber(user),
    otherUser: asNumber(valueAt(own, ['runAsUser'])) || asNumber(valueAt(podSpec, ['securityContext', 'runAsUser'])) || undefined,
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

/** Command and arguments, so that two can be compared. */
export function readWords(command: Json | undefined, args: Json | undefined): string {
  return hash(JSON.stringify([command ?? null, args ?? null]));
}

/** The first port below 1024. */
export function readLowPort(ports: readonly Json[]): number | undefined {
  for (const item of ports) {
    const port = valueAt(item, ['containerPort']);
    if (typeof port === 'number' && port > 0 && port < 1024) return port;
  }
  return undefined;
}

function hash(text: string): string {
  let value = 5381;
  for (let at = 0; at < text.length; at++) value = (value * 33 + text.charCodeAt(at)) % 2 ** 48;
  return value.toString(36);
}

/** Where the container may write by its volumes, and whether each is an empty one. What its own `TMPDIR` asks for, no other needs. */
function readWritable(podSpec: JsonObject, container: JsonObject): SiblingFacts['writable'] {
  const volumes = new Map(itemsOf(podSpec.volumes).map((volume) => [valueAt(volume, ['name']), volume]));
  const temporary = valueAt(
    itemsOf(container.env).find((item) => valueAt(item, ['name']) === 'TMPDIR'),
    ['value'],
  );
  return itemsOf(container.volumeMounts).flatMap((mount) => {
    const path = readName(valueAt(mount, ['mountPath']));
    if (path === undefined || path === temporary || valueAt(mount, ['readOnly']) === true) return [];
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

function asObject(value: Json | undefined): JsonObject | undefined {
  return isObject(value) ? value : undefined;
}

function asNumber(value: Json | undefined): number | undefined {
  return typeof value === 'number' ? value : undefined;
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
