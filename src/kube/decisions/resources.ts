import { type Json, valueAt } from '../../core/json.js';
import type { MemoryClass } from '../images/types.js';
import { parseQuantity } from '../quantity.js';
import type { ContainerView } from '../types.js';
import type { Decision } from './decision.js';
import { knowImage } from './image.js';

export type Resource = 'cpu' | 'memory';
export type Bound = 'requests' | 'limits';

/** The usual request where nothing is known: a tenth of a core, and what a small server needs. */
const DEFAULT_REQUEST: Readonly<Record<Resource, string>> = { cpu: '100m', memory: '128Mi' };

/** A request for each class of the catalogue: half of its upper bound, which then is the limit; where it has none, its lower bound. */
const MEMORY_REQUEST: Readonly<Record<MemoryClass, string>> = {
  tiny: '32Mi',
  small: '128Mi',
  medium: '512Mi',
  large: '1Gi',
  jvm: '1Gi',
};

/** A limit as a multiple of the request: memory is what a process keeps, cpu what it takes for a moment. */
const HEADROOM: Readonly<Record<Resource, number>> = { memory: 2, cpu: 5 };

/** A container of the pod, and the resources that were written for it before anything here was proposed: a guess is no evidence. */
export interface Sibling {
  readonly container: ContainerView;
  readonly written: Json | undefined;
}

/** The containers of a pod, as they are written now. */
export function readSiblings(containers: readonly ContainerView[]): readonly Sibling[] {
  return containers.map((container) => ({ container, written: container.get('resources').value }));
}

/** A request for a container that states none, and no limit, which would be taken for the request. */
export function chooseRequest(container: ContainerView, siblings: readonly Sibling[], resource: Resource): Decision<Json> {
  const sibling = findSibling(container, siblings, 'requests', resource);
  if (sibling !== undefined) return { ...sibling, risk: 'medium' };
  const known = resource === 'memory' ? knowImage(container) : undefined;
  const memory = known?.facts.memory ?? null;
  if (known !== undefined && memory !== null) {
    return { answer: MEMORY_REQUEST[memory], risk: 'medium', evidence: `${known.cited} is ${memory} in memory` };
  }
  return { answer: DEFAULT_REQUEST[resource], risk: 'medium', evidence: 'usual requests, not measured' };
}

/**
 * A limit for a container that states none: a sibling's, else a multiple of the request. `undefined` where the request cannot be
 * read, so that no limit is sure to be above it.
 */
export function chooseLimit(
  container: ContainerView,
  siblings: readonly Sibling[],
  resource: Resource,
): Decision<Json | undefined> {
  const stated = container.get(['resources', 'requests', resource]);
  const request = stated.state === 'absent' ? chooseRequest(container, siblings, resource).answer : stated.value;
  const amount = request === undefined ? undefined : parseQuantity(request);
  if (amount === undefined) return { answer: undefined, risk: 'high', evidence: `the ${resource} request cannot be read here` };
  const sibling = findSibling(container, siblings, 'limits', resource);
  if (sibling !== undefined && (parseQuantity(sibling.answer) ?? 0) >= amount) {
    return { ...sibling, risk: resource === 'memory' ? 'medium' : 'high' };
  }
  const factor = HEADROOM[resource];
  // A request of nothing says nothing of the need, and a limit of nothing is none.
  const base = amount > 0 ? amount : (parseQuantity(DEFAULT_REQUEST[resource]) ?? 0);
  const answer = resource === 'cpu' ? formatCores(base * factor) : formatBytes(base * factor, request ?? '');
  return { answer, risk: 'high', evidence: `${factor} times the request, not measured` };
}

/** What another container of the pod states that runs the same image. */
function findSibling(
  container: ContainerView,
  siblings: readonly Sibling[],
  bound: Bound,
  resource: Resource,
): { readonly answer: Json; readonly evidence: string } | undefined {
  if (container.image === undefined) return undefined;
  for (const { container: sibling, written } of siblings) {
    if (sibling === container || sibling.image !== container.image) continue;
    const value = valueAt(written, [bound, resource]);
    if (value !== undefined && (parseQuantity(value) ?? 0) > 0) {
      return { answer: value, evidence: `same image as ${sibling.subject}` };
    }
  }
  return undefined;
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
