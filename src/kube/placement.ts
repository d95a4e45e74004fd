import type { Path } from '../core/json.js';
import type { Placement } from '../core/placement.js';

type Place = ReturnType<Placement['place']>;

const LAST: Place = { last: true };

/** Pod and container level alike; a key that exists on one only does no harm in the order of the other. */
const SECURITY_CONTEXT = [
  'runAsNonRoot',
  'runAsUser',
  'runAsGroup',
  'fsGroup',
  'privileged',
  'allowPrivilegeEscalation',
  'readOnlyRootFilesystem',
  'capabilities',
  'seccompProfile',
  'appArmorProfile',
];

/** Maps whose keys have a conventional order, by the key that holds them. */
const ORDERS: Readonly<Record<string, readonly string[]>> = {
  securityContext: SECURITY_CONTEXT,
  capabilities: ['drop', 'add'],
  metadata: ['name', 'generateName', 'namespace', 'labels', 'annotations'],
  labels: ['audit', 'enforce', 'warn'].flatMap((mode) => [
    `pod-security.kubernetes.io/${mode}`,
    `pod-security.kubernetes.io/${mode}-version`,
  ]),
  seccompProfile: ['type', 'localhostProfile'],
  resources: ['requests', 'limits'],
  requests: ['cpu', 'memory', 'ephemeral-storage'],
  limits: ['cpu', 'memory', 'ephemeral-storage'],
};

/** The same for items of a list. */
const ITEM_ORDERS: Readonly<Record<string, readonly string[]>> = {
  volumeMounts: ['name', 'mountPath'],
  volumes: ['name', 'emptyDir'],
};

/** Only for new keys that meet at one spot: what stands there already keeps its order. */
const POD_SPEC = [
  'runtimeClassName',
  'hostUsers',
  'automountServiceAccountToken',
  'securityContext',
  'initContainers',
  'containers',
  'volumes',
];
const CONTAINER = ['name', 'image', 'imagePullPolicy', 'env', 'envFrom', 'ports', 'securityContext', 'resources', 'volumeMounts'];

/** The table of Kubernetes' objects, by convention of its documentation and of what people write. */
export const kubernetesPlacement: Placement = {
  place(mapPath, key, present) {
    const order = orderOf(mapPath);
    if (order !== undefined) return placeByOrder(order, key, present);
    if (isContainer(mapPath)) return placeInContainer(key, present);
    return placeInPodSpec(key, present);
  },
  rank(mapPath, key) {
    const order = orderOf(mapPath) ?? (isContainer(mapPath) ? CONTAINER : POD_SPEC);
    const rank = order.indexOf(key);
    return rank < 0 ? order.length : rank;
  },
};

function isContainer(path: Path): boolean {
  const [list, last] = path.slice(-2);
  if (typeof last === 'number')
    return list === 'containers' || list === 'initContainers' || list === 'sidecars' || list === 'steps';
  // Templates of Argo Workflows have one container.
  return (last === 'container' || last === 'script') && typeof list === 'number' && path.at(-3) === 'templates';
}

function orderOf(path: Path): readonly string[] | undefined {
  const last = path.at(-1);
  const [orders, key] = typeof last === 'number' ? [ITEM_ORDERS, path.at(-2)] : [ORDERS, last];
  return typeof key === 'string' && Object.hasOwn(orders, key) ? orders[key] : undefined;
}

/** After the nearest key that goes before it, else before the nearest one that goes behind it. */
function placeByOrder(order: readonly string[], key: string, present: readonly string[]): Place {
  const rank = order.indexOf(key);
  if (rank < 0) return LAST;
  const earlier = order
    .slice(0, rank)
    .reverse()
    .find((other) => present.includes(other));
  if (earlier !== undefined) return { after: earlier };
  const later = order.slice(rank + 1).find((other) => present.includes(other));
  return later === undefined ? LAST : { before: later };
}

function placeInContainer(key: string, present: readonly string[]): Place {
  if (key === 'imagePullPolicy') return afterFirst(['image'], present) ?? LAST;
  if (key === 'securityContext') return afterFirst(['imagePullPolicy', 'image', 'name'], present) ?? LAST;
  if (key === 'resources') {
    const lists = present.filter((other) => other === 'env' || other === 'envFrom' || other === 'ports');
    const place = afterFirst([...lists.slice(-1), 'securityContext'], present);
    return place ?? (present.includes('volumeMounts') ? { before: 'volumeMounts' } : LAST);
  }
  if (key === 'volumeMounts') return afterFirst(['resources'], present) ?? LAST;
  return LAST;
}

function afterFirst(wanted: readonly string[], present: readonly string[]): Place | undefined {
  const found = wanted.find((key) => present.includes(key));
  return found === undefined ? undefined : { after: found };
}

/** What is said of a pod before its containers. */
const AHEAD: ReadonlySet<string> = new Set(POD_SPEC.slice(0, POD_SPEC.indexOf('initContainers')));

/** A map is a pod spec when it has containers. In any other map new keys go last. */
function placeInPodSpec(key: string, present: readonly string[]): Place {
  if (!AHEAD.has(key)) return LAST;
  const first = present.find((other) => other === 'initContainers' || other === 'containers');
  if (first === undefined) return LAST;
  // One that was there before keeps its place, and the new one its order.
  const at = present.indexOf(first);
  const isBeside = key !== 'securityContext' && at > 0 && present[at - 1] === 'securityContext';
  return { before: isBeside ? 'securityContext' : first };
}
