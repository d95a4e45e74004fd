import { type Json, valueAt } from '../../core/json.js';
import type { MemoryClass } from '../images/types.js';
import { parseQuantity } from '../quantity.js';
import type { SiblingFacts } from '../repo-facts.js';
import type { ContainerView } from '../types.js';
import type { Decision } from './decision.js';
import { knowImage } from './image.js';

export type Resource = 'cpu' | 'memory';
export type Bound = 'requests' | 'limits';

export const RESOURCES: readonly Resource[] = ['cpu', 'memory'];
export const BOUNDS: readonly Bound[] = ['requests', 'limits'];

/** What is requested where no container of the same image states it: by resource, and by the memory class of the catalogue. */
export type UsualRequests = Readonly<Record<`${Resource}-request` | `memory-${MemoryClass}`, string>>;

/**
 * A tenth of a core, and what a small server needs. For a class of the catalogue half of its upper bound, which then is the limit;
 * where it has none, its lower bound.
 */
export const USUAL_REQUESTS: UsualRequests = {
  'cpu-request': '100m',
  'memory-request': '128Mi',
  'memory-tiny': '32Mi',
  'memory-small': '128Mi',
  'memory-medium': '512Mi',
  'memory-large': '1Gi',
  'memory-jvm': '1Gi',
};

/** A limit as a multiple of the request: memory is what a process keeps, cpu what it takes for a moment. */
const HEADROOM: Readonly<Record<Resource, number>> = { memory: 2, cpu: 5 };

/** What a container states, of those that run an image. */
interface Stated {
  readonly container: ContainerView;
  readonly value: Json;
}

/**
 * What the containers of a pod state, by image, bound and resource, as it was written before anything here was proposed: a guess is no
 * evidence. Of each, two are enough: one of them is another container than the one that asks.
 */
export type Siblings = ReadonlyMap<string, readonly Stated[]>;

/** The containers of a pod, as they are written now. */
export function readSiblings(containers: readonly ContainerView[]): Siblings {
  const siblings = new Map<string, Stated[]>();
  for (const container of containers) {
    const { image } = container;
    const written = container.get('resources').value;
    if (image === undefined || written === undefined) continue;
    for (const bound of BOUNDS) {
      for (const resource of RESOURCES) {
        const value = valueAt(written, [bound, resource]);
        if (value === undefined || (parseQuantity(value) ?? 0) <= 0) continue;
        const key = keyOf(image, bound, resource);
        const stated = siblings.get(key);
        if (stated === undefined) siblings.set(key, [{ container, value }]);
        else if (stated.length < 2) stated.push({ container, value });
      }
    }
  }
  return siblings;
}

function keyOf(image: string, bound: Bound, resource: Resource): string {
  return `${bound}.${resource} ${image}`;
}

/** A request for a container that states none, and no limit, which would be taken for the request. */
export function chooseRequest(
  container: ContainerView,
  siblings: Siblings,
  resource: Resource,
  usual: UsualRequests,
): Decision<Json> {
  const sibling = findSibling(container, siblings, 'requests', resource, usual);
  if (sibling !== undefined) return { ...sibling, risk: 'medium' };
  const known = resource === 'memory' ? knowImage(container) : undefined;
  const memory = known?.facts.memory ?? null;
  if (known !== undefined && memory !== null) {
    const answer = usual[`memory-${memory}`];
    const evidence = `${known.cited} is ${memory} in memory`;
    const isUsual = answer === USUAL_REQUESTS[`memory-${memory}`];
    return { answer, risk: 'medium', evidence: [isUsual ? evidence : `${evidence}, for which the settings say ${answer}`] };
  }
  const answer = usual[`${resource}-request`];
  const evidence =
    answer === USUAL_REQUESTS[`${resource}-request`] ? 'usual requests' : `the ${resource} request of the settings`;
  return { answer, risk: 'medium', evidence: [`${evidence}, not measured`] };
}

/**
 * A limit for a container that states none: a sibling's, else a multiple of the request. `undefined` where the request cannot be
 * read, so that no limit is sure to be above it.
 * @param isProposed whether the request is one that kubemend proposes, rather than somebody's
 */
export function chooseLimit(
  container: ContainerView,
  siblings: Siblings,
  resource: Resource,
  usual: UsualRequests,
  isProposed: boolean,
): Decision<Json | undefined> {
  const stated = container.get(['resources', 'requests', resource]);
  const request = stated.state === 'absent' ? chooseRequest(container, siblings, resource, usual).answer : stated.value;
  const amount = request === undefined ? undefined : parseQuantity(request);
  if (amount === undefined) return { answer: undefined, risk: 'high', evidence: [`the ${resource} request cannot be read here`] };
  const sibling = findSibling(container, siblings, 'limits', resource, usual);
  const risk = resource === 'memory' ? 'medium' : 'high';
  if (sibling !== undefined && (parseQuantity(sibling.answer) ?? 0) >= amount) return { ...sibling, risk };
  const factor = HEADROOM[resource];
  const most = chooseMost(amount, resource, usual);
  const answer = resource === 'cpu' ? formatCores(most) : formatBytes(most, request ?? '');
  const like = container.siblings.find((other) => !other.isOwn && isMultiple(other, resource, usual));
  const times = `${factor} times the request${isProposed ? ' that kubemend proposes' : ''}`;
  if (like !== undefined) return { answer, risk, evidence: [`${times}, as in ${like.where}`] };
  return { answer, risk: 'high', evidence: [`${times}, not measured`] };
}

/** The multiple of a request that becomes the limit. A request of nothing says nothing of the need, and a limit of nothing is none. */
function chooseMost(request: number, resource: Resource, usual: UsualRequests): number {
  return HEADROOM[resource] * (request > 0 ? request : (parseQuantity(usual[`${resource}-request`]) ?? 0));
}

/** Whether what is stated elsewhere is that multiple of a request of its own: perhaps kubemend wrote it, for that request alone. */
function isMultiple({ requests, limits }: SiblingFacts, resource: Resource, usual: UsualRequests): boolean {
  const request = requests[resource] === undefined ? undefined : parseQuantity(requests[resource]);
  const limit = limits[resource] === undefined ? undefined : parseQuantity(limits[resource]);
  if (request === undefined || limit === undefined) return false;
  const rounding = resource === 'cpu' ? 0.001 : 1;
  return Math.abs(limit - chooseMost(request, resource, usual)) < rounding;
}

/** What another container of the pod states that runs the same image. */
function findSibling(
  container: ContainerView,
  siblings: Siblings,
  bound: Bound,
  resource: Resource,
  usual: UsualRequests,
): Pick<Decision<Json>, 'answer' | 'evidence'> | undefined {
  if (container.image === undefined) return undefined;
  const stated = siblings.get(keyOf(container.image, bound, resource));
  const sibling = stated?.find((each) => each.container !== container);
  if (sibling !== undefined) return { answer: sibling.value, evidence: [`same image as ${sibling.container.subject}`] };
  return findElsewhere(container, bound, resource, usual);
}

/** The most that other workloads of the repository state for the image. */
function findElsewhere(
  container: ContainerView,
  bound: Bound,
  resource: Resource,
  usual: UsualRequests,
): Pick<Decision<Json>, 'answer' | 'evidence'> | undefined {
  let most: { readonly answer: Json; readonly amount: number; readonly where: string } | undefined;
  for (const sibling of container.siblings) {
    if (sibling.isOwn || (bound === 'limits' && isMultiple(sibling, resource, usual))) continue;
    const { where, [bound]: stated } = sibling;
    const answer = stated[resource];
    const amount = answer === undefined ? 0 : (parseQuantity(answer) ?? 0);
    if (answer !== undefined && amount > (most?.amount ?? 0)) most = { answer, amount, where };
  }
  return most && { answer: most.answer, evidence: [`same image as in ${most.where}`] };
}

const BINARY: readonly (readonly [string, number])[] = [
  ['Ti', 2 ** 40],
  ['Gi', 2 ** 30],
  ['Mi', 2 ** 20],
  ['Ki', 2 ** 10],
];
const DECIMAL: readonly (readonly [string, number])[] = [
  ['T', 1e12],
  ['G', 1e9],
  ['M', 1e6],
  ['k', 1e3],
];

/** Cores, rounded up to thousandths. */
function formatCores(cores: number): string {
  // Thousandths are no binary fractions; what is beyond the twelfth digit is noise.
  const millis = Math.ceil(Number((cores * 1000).toPrecision(12)));
  return millis % 1000 === 0 ? String(millis / 1000) : `${millis}m`;
}

/** Bytes in the largest unit that divides them, of the sort in which the request is written. */
function formatBytes(amount: number, request: Json): string {
  const bytes = Math.ceil(amount);
  const units = typeof request === 'string' && /[kMGT]$/.test(request) ? DECIMAL : BINARY;
  const [unit, size] = units.find(([, size]) => bytes % size === 0) ?? ['', 1];
  return `${bytes / size}${unit}`;
}
