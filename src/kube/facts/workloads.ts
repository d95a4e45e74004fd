import { isList, isObject, type Json, type JsonObject, type Path, valueAt } from '../../core/json.js';
import { folderOf } from '../../core/relative-path.js';
import { findPodTemplates, isPartial, type Kinds, type ObjectType, readPlacedPod } from '../kinds.js';
import { isOpaque } from '../opaque.js';
import { parseQuantity } from '../quantity.js';
import type { Place } from '../repo-facts.js';
import { readAsked, readOutside, type ServiceName } from './hosts.js';
import { readName } from './names.js';
import type { Places } from './places.js';

/** What is known of an object that makes pods, and of its namespace's needs by it. */
export interface WorkloadFacts extends Place {
  /** `Deployment web`, with `in web.yaml:3` behind it. */
  readonly where: string;
  /** `Deployment web` */
  readonly label: string;
  /** The line on which its document starts, from 1. */
  readonly line: number;
  /** Where it is in its document. */
  readonly root: Path;
  readonly pods: readonly PodFacts[];
}

export interface PodFacts {
  readonly usesHostNetwork: boolean;
  readonly automount: boolean | undefined;
  /** The account that it runs as; `default` where none is named. */
  readonly account: string;
  /** Services that its variables and arguments name with their namespace. */
  readonly asked: readonly ServiceName[];
  /** Names of variables whose value is an address outside of the cluster. */
  readonly outside: readonly string[];
  /** Whether it states resources for all containers together. */
  readonly hasPodResources: boolean;
  /** What it states for all of them together. */
  readonly whole: Stated;
  /** How many of it there are at one time, as far as that is written, with those that a rollout adds. */
  readonly count: number;
  /** In the order in which they start. */
  readonly containers: readonly ContainerNeeds[];
}

/** What a container states; `isEarly` for one that ends before the others start. */
export interface ContainerNeeds extends Stated {
  readonly isEarly: boolean;
}

interface Stated {
  readonly requests: Needs;
  readonly limits: Needs;
}

type Needs = Readonly<Record<'cpu' | 'memory', Need | undefined>>;

/** A quantity; `amount` is `undefined` where it cannot be read, as a variable. */
interface Need {
  readonly text: string;
  readonly amount: number | undefined;
}

/** What an object says of where it is, for those who look for the first. */
type Found = Pick<WorkloadFacts, 'where' | 'line' | 'root'>;

export interface Workloads {
  add(object: JsonObject, type: ObjectType, place: Place, found: Found): void;
  /** By file and line; without a namespace, or for `default`, the first of the place's folder that is no more certain. */
  first(at: Place): WorkloadFacts | undefined;
  /** Those that are in the namespace of the place, or probably are. */
  of(home: Place): readonly WorkloadFacts[];
  /** Those of elsewhere that name Services of the namespace of the place. */
  clientsOf(home: Place): readonly WorkloadFacts[];
}

export function createWorkloads(places: Places, kinds: Kinds): Workloads {
  const all: WorkloadFacts[] = [];
  const firsts = new Map<string, WorkloadFacts>();
  return {
    add(object, type, place, found) {
      const templates = findPodTemplates(object, type, kinds);
      if (templates.length === 0 || isPartial(object, type, kinds) !== undefined) return;
      const label = `${type.kind} ${readName(valueAt(object, ['metadata', 'name'])) ?? '(no name)'}`;
      const pods = templates.map((template) => readPod(readPlacedPod(object, template)?.spec ?? {}, countPods(object, type)));
      const workload = { ...place, ...found, label, pods };
      all.push(workload);
      const key = keyOf(place);
      const first = firsts.get(key);
      if (first === undefined || isBefore(workload, first)) firsts.set(key, workload);
    },
    first: (at) => firsts.get(keyOf(at)),
    of: (home) => all.filter((workload) => places.belongs(workload, home) === 'yes'),
    clientsOf: (home) =>
      all.filter((workload) => {
        const asks = workload.pods.some(({ asked }) => asked.some(({ namespace }) => namespace === home.namespace));
        return asks && places.belongs(workload, home) !== 'yes';
      }),
  };
}

/** Who says no namespace, or the one that all share, has none of its own. */
function keyOf({ namespace, file }: Place): string {
  const named = readName(namespace);
  return named === undefined || named === 'default' ? `folder ${folderOf(file)}` : `namespace ${named}`;
}

function isBefore(a: WorkloadFacts, b: WorkloadFacts): boolean {
  return a.file === b.file ? a.line < b.line : a.file < b.file;
}

/** Ephemeral containers are in no template, and have no resources. */
const STARTED = ['initContainers', 'containers'] as const;

function readPod(podSpec: JsonObject, count: number): PodFacts {
  const containers = STARTED.flatMap((list) =>
    itemsOf(podSpec[list]).map((value) => ({ value, isEarly: list !== 'containers' && value.restartPolicy !== 'Always' })),
  );
  return {
    usesHostNetwork: podSpec.hostNetwork === true,
    automount: typeof podSpec.automountServiceAccountToken === 'boolean' ? podSpec.automountServiceAccountToken : undefined,
    account: readName(podSpec.serviceAccountName ?? podSpec.serviceAccount) ?? 'default',
    asked: uniqueBy(
      containers.flatMap(({ value }) => readAsked(value)),
      ({ name, namespace }) => `${name}.${namespace}`,
    ),
    outside: [...new Set(containers.flatMap(({ value }) => readOutside(value)))],
    hasPodResources: podSpec.resources !== undefined && podSpec.resources !== null,
    whole: readStated(podSpec.resources),
    count,
    containers: containers.map(({ value, isEarly }) => ({ isEarly, ...readStated(value.resources) })),
  };
}

function readStated(resources: Json | undefined): Stated {
  return { requests: readNeeds(valueAt(resources, ['requests'])), limits: readNeeds(valueAt(resources, ['limits'])) };
}

function readNeeds(value: Json | undefined): Needs {
  if (isOpaque(value)) return { cpu: UNREAD, memory: UNREAD };
  return { cpu: readNeed(valueAt(value, ['cpu'])), memory: readNeed(valueAt(value, ['memory'])) };
}

const UNREAD: Need = { text: '', amount: undefined };

function readNeed(value: Json | undefined): Need | undefined {
  if (value === undefined || value === null) return undefined;
  const isText = typeof value === 'string' || typeof value === 'number';
  return isText ? { text: String(value), amount: parseQuantity(value) } : UNREAD;
}

/** Pods at one time: `replicas`, or `parallelism`, and what a rolling update of a Deployment adds, a quarter where nothing is said. */
function countPods(object: JsonObject, { kind }: ObjectType): number {
  const spec = valueAt(object, kind === 'CronJob' ? ['spec', 'jobTemplate', 'spec'] : ['spec']);
  const written = valueAt(spec, [kind === 'Job' || kind === 'CronJob' ? 'parallelism' : 'replicas']);
  const replicas = typeof written === 'number' && Number.isInteger(written) && written >= 0 ? written : 1;
  if (kind !== 'Deployment' || valueAt(spec, ['strategy', 'type']) === 'Recreate') return replicas;
  return replicas + readSurge(valueAt(spec, ['strategy', 'rollingUpdate', 'maxSurge']) ?? '25%', replicas);
}

function readSurge(value: Json, replicas: number): number {
  if (typeof value === 'number') return Number.isInteger(value) && value >= 0 ? value : 0;
  const [, percent] = typeof value === 'string' ? (/^(\d{1,3})%$/.exec(value) ?? []) : [];
  return percent === undefined ? 0 : Math.ceil((replicas * Number(percent)) / 100);
}

function itemsOf(value: Json | undefined): readonly JsonObject[] {
  return isList(value) ? value.filter(isObject) : [];
}

function uniqueBy<Item>(items: readonly Item[], keyOf: (item: Item) => string): readonly Item[] {
  return [...new Map(items.map((item) => [keyOf(item), item])).values()];
}
