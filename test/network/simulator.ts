import { BlockList, isIPv6 } from 'node:net';

/**
 * What NetworkPolicies let through, as the API says: https://kubernetes.io/docs/concepts/services-networking/network-policies/ and
 * https://kubernetes.io/docs/reference/kubernetes-api/policy-resources/network-policy-v1/. Written for tests, and by nothing but those
 * pages: it shares no code with what writes policies.
 */
export interface Cluster {
  /** Labels by name of the namespace; `kubernetes.io/metadata.name` is added. */
  readonly namespaces: Readonly<Record<string, Labels>>;
  readonly policies: readonly Policy[];
}

export type Labels = Readonly<Record<string, string>>;

/** One end of a connection: a pod, or what is outside. */
export type End = Pod | Outside;

export interface Pod {
  readonly namespace: string;
  readonly labels: Labels;
  readonly ip: string;
  /** The address of the node that it runs on. */
  readonly node: string;
  readonly ports?: readonly { readonly name: string; readonly containerPort: number; readonly protocol?: Protocol }[];
  /** Whether its address is that of the node; then no policy is about it. */
  readonly hostNetwork?: boolean;
}

interface Outside {
  readonly ip: string;
}

export type Protocol = 'TCP' | 'UDP' | 'SCTP';
export type PolicyType = 'Ingress' | 'Egress';

export interface Policy {
  readonly metadata: { readonly name: string; readonly namespace: string };
  readonly spec: {
    readonly podSelector?: Selector;
    readonly policyTypes?: readonly PolicyType[];
    readonly ingress?: readonly { readonly from?: readonly Peer[]; readonly ports?: readonly Port[] }[];
    readonly egress?: readonly { readonly to?: readonly Peer[]; readonly ports?: readonly Port[] }[];
  };
}

export interface Selector {
  readonly matchLabels?: Labels;
  readonly matchExpressions?: readonly {
    readonly key: string;
    readonly operator: 'In' | 'NotIn' | 'Exists' | 'DoesNotExist';
    readonly values?: readonly string[];
  }[];
}

export interface Peer {
  readonly podSelector?: Selector;
  readonly namespaceSelector?: Selector;
  readonly ipBlock?: { readonly cidr: string; readonly except?: readonly string[] };
}

interface Port {
  readonly protocol?: Protocol;
  readonly port?: number | string;
  readonly endPort?: number;
}

export interface Connection {
  readonly from: End;
  readonly to: End;
  readonly port: number;
  readonly protocol: Protocol;
}

/** For a connection to be made, both the egress of the one and the ingress of the other must let it through. */
export function isReachable(cluster: Cluster, connection: Connection): boolean {
  const { from, to } = connection;
  if (from === to) return true; // a pod cannot block access to itself
  if (isPod(from) && from.node === to.ip) return true; // nor the node that it runs on
  if (isPod(to) && to.node === from.ip) return true;
  return passes(cluster, 'Egress', from, to, connection) && passes(cluster, 'Ingress', to, from, connection);
}

/** Whether a pod is isolated in a direction: some policy selects it, and is of that direction. */
export function isIsolated(cluster: Cluster, pod: Pod, type: PolicyType): boolean {
  return policiesOf(cluster, pod, type).length > 0;
}

function isPod(end: End): end is Pod {
  return 'labels' in end;
}

/** A pod that is not isolated lets all through; else what the rules of all policies that apply to it let through together. */
function passes(cluster: Cluster, type: PolicyType, own: End, peer: End, connection: Connection): boolean {
  if (!isPod(own) || own.hostNetwork) return true;
  const policies = policiesOf(cluster, own, type);
  if (policies.length === 0) return true;
  return policies.some((policy) =>
    rulesOf(policy, type).some(
      ({ peers, ports }) => matchesPeers(cluster, policy.metadata.namespace, peers, peer) && matchesPorts(ports, connection),
    ),
  );
}

function policiesOf({ policies }: Cluster, pod: Pod, type: PolicyType): readonly Policy[] {
  return policies.filter(
    ({ metadata, spec }) =>
      metadata.namespace === pod.namespace && typesOf(spec).includes(type) && matches(spec.podSelector ?? {}, pod.labels),
  );
}

/** Without `policyTypes` ingress is always meant, and egress where there are rules for it. */
function typesOf({ policyTypes, egress }: Policy['spec']): readonly PolicyType[] {
  if (policyTypes !== undefined && policyTypes.length > 0) return policyTypes;
  return egress !== undefined && egress.length > 0 ? ['Ingress', 'Egress'] : ['Ingress'];
}

function rulesOf({ spec }: Policy, type: PolicyType) {
  return type === 'Ingress'
    ? (spec.ingress ?? []).map(({ from, ports }) => ({ peers: from, ports }))
    : (spec.egress ?? []).map(({ to, ports }) => ({ peers: to, ports }));
}

/** An empty or missing list means all peers; items are alternatives. */
function matchesPeers({ namespaces }: Cluster, own: string, peers: readonly Peer[] | undefined, end: End): boolean {
  if (peers === undefined || peers.length === 0) return true;
  return peers.some(({ ipBlock, podSelector, namespaceSelector }) => {
    if (ipBlock) return isWithin(end.ip, ipBlock.cidr) && !(ipBlock.except ?? []).some((cidr) => isWithin(end.ip, cidr));
    if (!isPod(end) || end.hostNetwork) return false;
    const labels = { ...namespaces[end.namespace], 'kubernetes.io/metadata.name': end.namespace };
    const isInNamespace = namespaceSelector ? matches(namespaceSelector, labels) : end.namespace === own;
    return isInNamespace && matches(podSelector ?? {}, end.labels);
  });
}

/** An empty or missing list means all ports. A name is that of a port of the pod that is connected to. */
function matchesPorts(ports: readonly Port[] | undefined, { to, port: asked, protocol: spoken }: Connection): boolean {
  if (ports === undefined || ports.length === 0) return true;
  return ports.some(({ port, endPort, protocol = 'TCP' }) => {
    if (protocol !== spoken) return false;
    if (port === undefined) return true;
    if (typeof port === 'number') return endPort === undefined ? asked === port : asked >= port && asked <= endPort;
    const named = (isPod(to) && to.ports) || [];
    return named.some((each) => each.name === port && each.containerPort === asked && (each.protocol ?? 'TCP') === protocol);
  });
}

/** All requirements must hold; none selects everything. `NotIn` also holds where the label is missing. */
export function matches({ matchLabels = {}, matchExpressions = [] }: Selector, labels: Labels): boolean {
  return (
    Object.entries(matchLabels).every(([key, value]) => labels[key] === value) &&
    matchExpressions.every(({ key, operator, values = [] }) => {
      const value = labels[key];
      if (operator === 'Exists') return value !== undefined;
      if (operator === 'DoesNotExist') return value === undefined;
      return operator === 'In' ? value !== undefined && values.includes(value) : value === undefined || !values.includes(value);
    })
  );
}

const lists = new Map<string, BlockList>();

function isWithin(ip: string, cidr: string): boolean {
  let list = lists.get(cidr);
  if (list === undefined) {
    const [address = '', length] = cidr.split('/');
    list = new BlockList();
    list.addSubnet(address, Number(length), isIPv6(address) ? 'ipv6' : 'ipv4');
    lists.set(cidr, list);
  }
  return list.check(ip, isIPv6(ip) ? 'ipv6' : 'ipv4');
}
