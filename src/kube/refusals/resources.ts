import { isObject, type Json, type JsonObject, type Path } from '../../core/json.js';
import { parseQuantity } from '../quantity.js';
import { isSet, type PlacedContainer, type Pod, type Report } from './pod.js';

type Amounts = ReadonlyMap<string, number>;

interface Requirements {
  readonly limits: Amounts;
  /** A resource with a limit and no request asks for its limit, as the server fills in for Pods. */
  readonly requests: Amounts;
}

const NONE: Amounts = new Map();
const HUGE_PAGES = 'hugepages-';
const OF_CONTAINERS: ReadonlySet<string> = new Set(['cpu', 'memory', 'ephemeral-storage']);
const OF_PODS: ReadonlySet<string> = new Set(['cpu', 'memory']);

/** Requests and limits of containers, and of the pod as a whole (from 1.34). Quantities that cannot be read are passed over. */
export function checkResources(pod: Pod, report: Report): void {
  const ofPod = pod.spec.resources;
  const all: [PlacedContainer, Requirements][] = [];
  for (const container of pod.containers) {
    const { resources } = container.value;
    if (!isObject(resources)) continue;
    const requirements = read(resources);
    const path = [...container.path, 'resources'];
    checkRequirements(requirements, path, container.subject, isResourceOfContainer, report);
    all.push([container, requirements]);
  }
  if (isObject(ofPod) && pod.os !== 'windows') checkPod(ofPod, all, [...pod.specPath, 'resources'], report);
}

function read(resources: JsonObject): Requirements {
  const limits = amountsOf(resources.limits);
  const requests = amountsOf(resources.requests);
  return { limits, requests: limits.size === 0 ? requests : new Map([...limits, ...requests]) };
}

function amountsOf(quantities: Json | undefined): Amounts {
  if (!isObject(quantities)) return NONE;
  const amounts = new Map<string, number>();
  for (const name of Object.keys(quantities)) {
    const amount = parseQuantity(quantities[name] ?? null);
    if (amount !== undefined) amounts.set(name, toMilli(amount));
  }
  return amounts;
}

/** The server rounds up to thousandths before it looks. Twelve decimals take away what the multiplication added. */
function toMilli(amount: number): number {
  return Math.abs(amount) > 2 ** 40 ? amount : Math.ceil(Number((amount * 1000).toFixed(9))) / 1000;
}

function checkRequirements(
  { limits, requests }: Requirements,
  path: Path,
  subject: string,
  isKnown: (name: string) => boolean,
  report: Report,
): void {
  let hasHugePages = false;
  let hasBase = false;
  for (const [name, request] of requests) {
    const limit = limits.get(name);
    const here = () => [...path, limits.has(name) ? 'limits' : 'requests', name];
    if (!isKnown(name)) report('resource-name', here(), `${subject}: there is no resource ${name} here`);
    if (isExtended(name) && !(Number.isInteger(request) && Number.isInteger(limit ?? request))) {
      report('whole-resource', here(), `${subject}: ${name} must be a whole number`);
    }
    if (limit === undefined) {
      if (!isOvercommitAllowed(name)) report('resource-without-limit', here(), `${subject}: ${name} needs a limit`);
    } else if (!isOvercommitAllowed(name) && request !== limit) {
      report('request-not-limit', here(), `${subject}: request and limit of ${name} must be equal`);
    } else if (request > limit) {
      report('request-above-limit', here(), `${subject}: the request of ${name} is above its limit`);
    }
    if (name.startsWith(HUGE_PAGES)) {
      hasHugePages = true;
      if (!isMultiple(limit ?? request, name) || !isMultiple(request, name)) {
        report('huge-pages', here(), `${subject}: ${name} must be a multiple of the page size`);
      }
    }
    if (name === 'cpu' || name === 'memory') hasBase = true;
  }
  if (hasHugePages && !hasBase) report('huge-pages', path, `${subject}: huge pages need cpu or memory beside them`);
}

function checkPod(resources: JsonObject, all: readonly [PlacedContainer, Requirements][], path: Path, report: Report): void {
  if (isSet(resources.claims)) report('pod-resources', [...path, 'claims'], 'pod: resources takes no claims');
  const limits = amountsOf(resources.limits);
  const own = amountsOf(resources.requests);
  const total = totalOf(all, 'requests');
  for (const [name, request] of own) {
    if ((total.get(name) ?? 0) > request) {
      report('pod-resources', [...path, 'requests', name], `pod: the containers request more ${name} than the pod`);
    }
  }
  for (const [container, requirements] of all) {
    for (const [name, limit] of requirements.limits) {
      // Of init containers only huge pages are compared, in the sum.
      if (!container.isInit && limit > (limits.get(name) ?? Number.POSITIVE_INFINITY)) {
        report(
          'pod-resources',
          [...container.path, 'resources', 'limits', name],
          `${container.subject}: the limit of ${name} is above the pod's`,
        );
      }
    }
  }
  for (const [name, limit] of totalOf(all, 'limits')) {
    if (name.startsWith(HUGE_PAGES) && limit > (limits.get(name) ?? Number.POSITIVE_INFINITY)) {
      report('pod-resources', [...path, 'limits', name], `pod: the limits of the containers for ${name} are above the pod's`);
    }
  }
  checkRequirements({ limits, requests: defaulted(own, limits, total) }, path, 'pod', isResourceOfPod, report);
}

/** What the server fills in: beside limits, the sum of the containers, else the limit. */
function defaulted(own: Amounts, limits: Amounts, total: Amounts): Amounts {
  if (limits.size === 0) return own;
  const requests = new Map(own);
  for (const [name, amount] of total) if (!requests.has(name) && OF_PODS.has(name)) requests.set(name, amount);
  for (const [name, amount] of limits) if (!requests.has(name)) requests.set(name, amount);
  return requests;
}

/**
 * What the scheduler counts: all containers and sidecars together, or the init container, with the sidecars started before it, that needs
 * more. As `AggregateContainerRequests` of k8s.io/component-helpers.
 */
function totalOf(all: readonly [PlacedContainer, Requirements][], kind: keyof Requirements): Amounts {
  const running = new Map<string, number>();
  const sidecars = new Map<string, number>();
  const starting = new Map<string, number>();
  for (const [container, requirements] of all) {
    const amounts = requirements[kind];
    if (!container.isInit || container.isSidecar) for (const [name, amount] of amounts) add(running, name, amount);
    if (!container.isInit) continue;
    if (container.isSidecar) for (const [name, amount] of amounts) add(sidecars, name, amount);
    // What it does not ask for itself was counted when the last sidecar asked for it.
    for (const [name, amount] of amounts) {
      const needed = (sidecars.get(name) ?? 0) + (container.isSidecar ? 0 : amount);
      starting.set(name, Math.max(starting.get(name) ?? 0, needed));
    }
  }
  for (const [name, amount] of starting) running.set(name, Math.max(running.get(name) ?? 0, amount));
  return running;
}

/** Sums in thousandths: 0.1 and 0.2 cores are 0.3, and no more. */
function add(amounts: Map<string, number>, name: string, amount: number): void {
  amounts.set(name, toMilli((amounts.get(name) ?? 0) + amount));
}

function isMultiple(amount: number, name: string): boolean {
  const size = parseQuantity(name.slice(HUGE_PAGES.length));
  return size !== undefined && size > 0 && Number.isInteger(size) && amount % size === 0;
}

function isNative(name: string): boolean {
  return !name.includes('/') || name.includes('kubernetes.io/');
}

function isExtended(name: string): boolean {
  return !isNative(name) && !name.startsWith('requests.');
}

function isOvercommitAllowed(name: string): boolean {
  return isNative(name) && !name.startsWith(HUGE_PAGES);
}

function isResourceOfContainer(name: string): boolean {
  if (name.includes('/')) return isNative(name) || isExtended(name);
  return OF_CONTAINERS.has(name) || name.startsWith(HUGE_PAGES);
}

function isResourceOfPod(name: string): boolean {
  return OF_PODS.has(name) || name.startsWith(HUGE_PAGES);
}
