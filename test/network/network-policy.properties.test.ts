import { describe, expect, it } from 'vitest';
import { addNetworkPolicy } from '../../transforms/add-network-policy.js';
import { fc } from '../fc.js';
import { createdFrom, findIn } from './created.js';
import { type Connection, type End, isReachable, type Labels, type Peer, type Pod, type Policy } from './simulator.js';

const NAMESPACES: Readonly<Record<string, Labels>> = { shop: { team: 'shop' }, data: { team: 'data' }, 'kube-system': {} };
const DNS: Labels = { 'k8s-app': 'kube-dns' };
const PORTS = [53, 80, 5432];

const labels = fc.record({ app: fc.constantFrom('web', 'db', 'job') }, { requiredKeys: [] }) as fc.Arbitrary<Labels>;
const selector = fc.oneof(
  fc.constant({}),
  labels.map((matchLabels) => ({ matchLabels })),
  fc
    .constantFrom('In' as const, 'NotIn' as const)
    .map((operator) => ({ matchExpressions: [{ key: 'app', operator, values: ['web'] }] })),
);
const namespaceSelector = fc.constantFrom(
  {},
  { matchLabels: { team: 'data' } },
  { matchLabels: { 'kubernetes.io/metadata.name': 'shop' } },
);
const peer: fc.Arbitrary<Peer> = fc.oneof(
  selector.map((podSelector) => ({ podSelector })),
  namespaceSelector.map((each) => ({ namespaceSelector: each })),
  fc.record({ namespaceSelector, podSelector: selector }),
  fc.constantFrom('198.51.100.0/24', '0.0.0.0/0', '10.1.0.0/16').map((cidr) => ({ ipBlock: { cidr } })),
);
const port = fc
  .record(
    {
      protocol: fc.constantFrom('TCP' as const, 'UDP' as const),
      port: fc.constantFrom<(string | number)[]>(53, 80, 'http'),
      endPort: fc.constant(90),
    },
    { requiredKeys: [] },
  )
  .map(({ port: at, endPort, ...rest }) => ({
    ...rest,
    ...(at !== undefined && { port: at }),
    ...(typeof at === 'number' && endPort !== undefined && { endPort }),
  }));
const peers = fc.array(peer, { maxLength: 2 });
const ports = fc.array(port, { maxLength: 2 });
const spec = fc.record(
  {
    podSelector: fc.oneof({ weight: 2, arbitrary: fc.constant({}) }, { weight: 3, arbitrary: selector }),
    policyTypes: fc.constantFrom<('Ingress' | 'Egress')[][]>([], ['Ingress'], ['Egress'], ['Ingress', 'Egress']),
    ingress: fc.array(fc.record({ from: peers, ports }, { requiredKeys: [] }), { maxLength: 2 }),
    egress: fc.array(fc.record({ to: peers, ports }, { requiredKeys: [] }), { maxLength: 2 }),
  },
  { requiredKeys: ['podSelector'] },
) as fc.Arbitrary<Policy['spec']>;

/** Pods of two namespaces, with policies of both; the resolver and what is outside. */
const clusters = fc
  .record({
    pods: fc.array(fc.record({ namespace: fc.constantFrom('shop', 'data'), labels, hostNetwork: fc.boolean() }), {
      minLength: 2,
      maxLength: 5,
    }),
    specs: fc.array(fc.record({ namespace: fc.constantFrom('shop', 'data'), spec }), { maxLength: 2 }),
  })
  .map(({ pods, specs }) => {
    const made = pods.map(({ hostNetwork, ...each }, at): Pod => {
      const node = `192.0.2.${at}`;
      return {
        ...each,
        node,
        hostNetwork,
        ip: hostNetwork ? node : `10.1.0.${at}`,
        ports: [{ name: 'http', containerPort: 80 }],
      };
    });
    const dns: Pod = { namespace: 'kube-system', labels: DNS, ip: '10.1.1.1', node: '192.0.2.100' };
    const system: Pod = { namespace: 'kube-system', labels: {}, ip: '10.1.1.2', node: '192.0.2.101' };
    const policies = specs.map(
      (each, at): Policy => ({ metadata: { name: `p${at}`, namespace: each.namespace }, spec: each.spec }),
    );
    return { pods: made, dns, system, policies };
  });
type Generated = typeof clusters extends fc.Arbitrary<infer Value> ? Value : never;

/** What lies in the repository: a Namespace, what runs in it with its Services, and its policies; nothing of other namespaces. */
function objectsOf({ pods, policies }: Generated): readonly object[] {
  const all = [
    { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'shop', labels: NAMESPACES.shop } },
    ...pods.flatMap(({ namespace, labels: of, hostNetwork }, at) => [
      {
        apiVersion: 'v1',
        kind: 'Pod',
        metadata: { name: `pod-${at}`, namespace, labels: of },
        spec: {
          hostNetwork,
          containers: [{ name: 'main', image: 'ghcr.io/acme/web:1', ports: [{ name: 'http', containerPort: 80 }] }],
        },
      },
      {
        apiVersion: 'v1',
        kind: 'Service',
        metadata: { name: `s-${at}`, namespace },
        spec: { selector: of, ports: [{ port: 80 }] },
      },
    ]),
    ...policies.map((policy) => ({ apiVersion: 'networking.k8s.io/v1', kind: 'NetworkPolicy', ...policy })),
  ];
  return all.filter(({ kind, metadata }) => kind === 'Namespace' || ('namespace' in metadata && metadata.namespace === 'shop'));
}

function* connections({ pods, dns, system }: Generated): Iterable<Connection> {
  const ends: readonly End[] = [...pods, dns, system, { ip: '198.51.100.7' }, { ip: '169.254.20.10' }];
  for (const from of ends) {
    for (const to of ends) {
      for (const at of PORTS) for (const protocol of ['TCP', 'UDP'] as const) yield { from, to, port: at, protocol };
    }
  }
}

const isOf = (end: End, namespace: string) => 'namespace' in end && end.namespace === namespace && !end.hostNetwork;
const isNode = ({ from, to }: Connection) =>
  from === to || ('node' in from && from.node === to.ip) || ('node' in to && to.node === from.ip);

const settings = fc.record({ 'same-namespace': fc.constantFrom('allow', 'deny') });

/** Whether the policies are meant to let it through. */
function isMeant({ dns }: Generated, { from, to, port: at }: Connection, same: string): boolean {
  if (isOf(from, 'shop') && isOf(to, 'shop')) return same === 'allow';
  return isOf(from, 'shop') && at === 53 && (to === dns || to.ip === '169.254.20.10');
}

/** Every property tries the same clusters. */
const known = new Map<string, readonly Policy[]>();

function added(cluster: Generated, told: { readonly 'same-namespace': string }): readonly Policy[] {
  const key = JSON.stringify([cluster, told]);
  const policies = known.get(key) ?? (createdFrom(addNetworkPolicy, objectsOf(cluster), told) as unknown as readonly Policy[]);
  known.set(key, policies);
  return policies;
}

interface Compared extends Connection {
  readonly before: boolean;
  readonly after: boolean;
}

function compare(cluster: Generated, created: readonly Policy[]): readonly Compared[] {
  const before = { namespaces: NAMESPACES, policies: cluster.policies };
  const after = { namespaces: NAMESPACES, policies: [...cluster.policies, ...created] };
  return [...connections(cluster)].map((connection) => ({
    ...connection,
    before: isReachable(before, connection),
    after: isReachable(after, connection),
  }));
}

/** Holds for every cluster: none of the connections is wrong. */
function neverIsAny(isWrong: (compared: Compared, cluster: Generated, same: string) => boolean): void {
  fc.assert(
    fc.property(clusters, settings, (cluster, told) => {
      const compared = compare(cluster, added(cluster, told));
      expect(compared.filter((each) => isWrong(each, cluster, told['same-namespace']))).toEqual([]);
    }),
  );
}

describe('what is written for a namespace', () => {
  it('opens nothing that was closed', () => {
    neverIsAny(({ before, after }) => after && !before);
  });

  it('keeps DNS, and the namespace where that is allowed', () => {
    neverIsAny((each, cluster, same) => each.before && !each.after && isMeant(cluster, each, same));
  });

  it('closes all else that nobody allowed', () => {
    let closed = 0;
    fc.assert(
      fc.property(clusters, settings, (cluster, told) => {
        const alone = { ...cluster, policies: cluster.policies.filter(({ metadata }) => metadata.namespace !== 'shop') };
        const created = added(alone, told);
        expect(created).not.toEqual([]);
        const others = compare(alone, created).filter((each) => {
          const isOurs = isOf(each.from, 'shop') || isOf(each.to, 'shop');
          return isOurs && !isNode(each) && !isMeant(alone, each, told['same-namespace']);
        });
        expect(others.filter(({ after }) => after)).toEqual([]);
        closed += others.length;
      }),
    );
    expect(closed).toBeGreaterThan(1000);
  });

  it('is of no concern to other namespaces', () => {
    neverIsAny(({ from, to, before, after }) => before !== after && !isOf(from, 'shop') && !isOf(to, 'shop'));
  });

  it('is written once', () => {
    fc.assert(
      fc.property(clusters, settings, (cluster, told) => {
        const created = added(cluster, told);
        fc.pre(created.length > 0);
        expect(findIn(addNetworkPolicy, [...objectsOf(cluster), ...created], told)).toEqual([]);
      }),
    );
  });

  it('is often written beside policies that are there', () => {
    const beside = fc
      .sample(clusters, 200)
      .filter(({ policies }) => policies.some(({ metadata }) => metadata.namespace === 'shop'));
    const written = beside.filter((cluster) => added(cluster, { 'same-namespace': 'allow' }).length > 0);
    const partly = beside.filter((cluster) => added(cluster, { 'same-namespace': 'deny' }).length > 0);
    expect(written.length).toBeGreaterThan(5);
    expect(partly.length).toBeGreaterThan(written.length);
  });
});
