import type { JsonObject } from '../../core/json.js';
import type { Direction } from './policies.js';

/** Where names are looked up: which pods are asked, at which port, and which addresses of nodes. */
interface Resolver {
  readonly about: string;
  readonly namespace: string;
  readonly labels: JsonObject;
  readonly port: number;
  readonly addresses: readonly string[];
}

/** Where NodeLocal DNSCache listens on each node, unless it was told otherwise. */
const NODE_CACHE = '169.254.20.10/32';

/**
 * - `kubernetes`: the pods of CoreDNS and kube-dns are called `kube-dns` everywhere, and are asked by way of a Service; a policy judges
 *   what it makes of the port, which is 53 there, too. A cache on the node is no pod that a policy can select.
 * - `gke`: what is asked on Autopilot, and with Cloud DNS, is the node's metadata server.
 * - `openshift`: pods of its own namespace, which listen at 5353.
 */
const RESOLVERS = {
  kubernetes: {
    about: 'kube-dns in kube-system',
    namespace: 'kube-system',
    labels: { 'k8s-app': 'kube-dns' },
    port: 53,
    addresses: [NODE_CACHE],
  },
  gke: {
    about: 'kube-dns in kube-system, or Cloud DNS',
    namespace: 'kube-system',
    labels: { 'k8s-app': 'kube-dns' },
    port: 53,
    addresses: [NODE_CACHE, '169.254.169.254/32'],
  },
  openshift: {
    about: 'openshift-dns',
    namespace: 'openshift-dns',
    labels: { 'dns.operator.openshift.io/daemonset-dns': 'default' },
    port: 5353,
    addresses: [],
  },
} as const satisfies Readonly<Record<string, Resolver>>;

export type ResolverName = keyof typeof RESOLVERS;

/** What is meant to be reached, in words. */
export function aboutResolver(name: ResolverName): string {
  return RESOLVERS[name].about;
}

/** No pod of the namespace is reached, or reaches, by way of this policy. */
export function denyAll(name: string, namespace: string, directions: readonly Direction[]): JsonObject {
  return policyOf(name, namespace, directions, {});
}

/** Every pod may look up names. */
export function allowDns(name: string, namespace: string, resolver: ResolverName): JsonObject {
  const { namespace: of, labels, port, addresses }: Resolver = RESOLVERS[resolver];
  const pods = {
    namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': of } },
    // Kustomize writes its `commonLabels` into each `matchLabels` of a policy, that of pods elsewhere too, and would cut them off.
    podSelector: { matchExpressions: Object.entries(labels).map(([key, value]) => ({ key, operator: 'In', values: [value] })) },
  };
  const to = [pods, ...addresses.map((cidr) => ({ ipBlock: { cidr } }))];
  const ports = ['UDP', 'TCP'].map((protocol) => ({ protocol, port }));
  return policyOf(name, namespace, ['Egress'], { egress: [{ to, ports }] });
}

/** Every pod may reach, and be reached by, the pods of the namespace. */
export function allowSameNamespace(name: string, namespace: string, directions: readonly Direction[]): JsonObject {
  const own = [{ podSelector: {} }];
  return policyOf(name, namespace, directions, {
    ...(directions.includes('Ingress') && { ingress: [{ from: own }] }),
    ...(directions.includes('Egress') && { egress: [{ to: own }] }),
  });
}

function policyOf(name: string, namespace: string, policyTypes: readonly Direction[], rules: JsonObject): JsonObject {
  return {
    apiVersion: 'networking.k8s.io/v1',
    kind: 'NetworkPolicy',
    metadata: { name, namespace },
    spec: { podSelector: {}, policyTypes: [...policyTypes], ...rules },
  };
}
