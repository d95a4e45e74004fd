import { describe, expect, it } from 'vitest';
import { type End, isIsolated, isReachable, type Labels, matches, type Pod, type Policy, type Protocol } from './simulator.js';

const pod = (ip: string, labels: Labels, more: Partial<Pod> = {}): Pod => ({
  namespace: 'default',
  node: '192.0.2.1',
  ip,
  labels,
  ...more,
});
const policy = (spec: Policy['spec'], namespace = 'default'): Policy => ({ metadata: { name: 'x', namespace }, spec });
const namespaces = { default: {}, other: { project: 'myproject' }, third: {} };

function reaches(policies: readonly Policy[], from: End, to: End, port = 80, protocol: Protocol = 'TCP'): boolean {
  return isReachable({ namespaces, policies }, { from, to, port, protocol });
}

const db = pod('10.1.0.1', { role: 'db' });
const frontend = pod('10.1.0.2', { role: 'frontend' });
const backend = pod('10.1.0.3', { role: 'backend' });
const ofProject = pod('10.1.0.4', { role: 'any' }, { namespace: 'other' });
const frontendElsewhere = pod('10.1.0.5', { role: 'frontend' }, { namespace: 'third' });

/** The examples of https://kubernetes.io/docs/concepts/services-networking/network-policies/ */
describe('the documented examples', () => {
  const testNetworkPolicy = policy({
    podSelector: { matchLabels: { role: 'db' } },
    policyTypes: ['Ingress', 'Egress'],
    ingress: [
      {
        from: [
          { ipBlock: { cidr: '172.17.0.0/16', except: ['172.17.1.0/24'] } },
          { namespaceSelector: { matchLabels: { project: 'myproject' } } },
          { podSelector: { matchLabels: { role: 'frontend' } } },
        ],
        ports: [{ protocol: 'TCP', port: 6379 }],
      },
    ],
    egress: [{ to: [{ ipBlock: { cidr: '10.0.0.0/24' } }], ports: [{ protocol: 'TCP', port: 5978 }] }],
  });

  it.each<[boolean, string, End, End, number, Protocol?]>([
    [true, 'a pod of the namespace with the label', frontend, db, 6379],
    [true, 'any pod of a namespace with the label', ofProject, db, 6379],
    [true, 'an address of the block', { ip: '172.17.0.9' }, db, 6379],
    [false, 'an address that is excepted', { ip: '172.17.1.9' }, db, 6379],
    [false, 'a pod of the namespace without the label', backend, db, 6379],
    [false, 'the label in another namespace', frontendElsewhere, db, 6379],
    [false, 'another port', frontend, db, 6380],
    [false, 'another protocol', frontend, db, 6379, 'UDP'],
    [true, 'egress to the block', db, { ip: '10.0.0.7' }, 5978],
    [false, 'egress to another port', db, { ip: '10.0.0.7' }, 5979],
    [false, 'egress elsewhere', db, frontend, 5978],
    [true, 'what is not selected', frontend, backend, 6379],
  ])('test-network-policy: %s, %s', (expected, _, from, to, port, protocol) => {
    expect(reaches([testNetworkPolicy], from, to, port, protocol)).toBe(expected);
  });

  it('one item with both selectors is another thing than two items', () => {
    const namespaceSelector = { matchLabels: { project: 'myproject' } };
    const podSelector = { matchLabels: { role: 'frontend' } };
    const both = policy({ ingress: [{ from: [{ namespaceSelector, podSelector }] }] });
    const either = policy({ ingress: [{ from: [{ namespaceSelector }, { podSelector }] }] });
    expect(reaches([both], ofProject, db)).toBe(false);
    expect(reaches([both], frontend, db)).toBe(false);
    expect(reaches([both], pod('10.1.0.6', { role: 'frontend' }, { namespace: 'other' }), db)).toBe(true);
    expect(reaches([either], ofProject, db)).toBe(true);
    expect(reaches([either], frontend, db)).toBe(true);
  });

  it('the defaults', () => {
    const denyIngress = policy({ podSelector: {}, policyTypes: ['Ingress'] });
    const denyEgress = policy({ podSelector: {}, policyTypes: ['Egress'] });
    expect(reaches([denyIngress], frontend, db)).toBe(false);
    expect(reaches([denyIngress], db, ofProject)).toBe(true);
    expect(reaches([denyEgress], db, ofProject)).toBe(false);
    expect(reaches([denyEgress], ofProject, db)).toBe(true);
    expect(reaches([policy({ podSelector: {}, policyTypes: ['Ingress', 'Egress'] })], db, { ip: '198.51.100.1' })).toBe(false);
    expect(reaches([denyIngress, policy({ podSelector: {}, policyTypes: ['Ingress'], ingress: [{}] })], frontend, db)).toBe(true);
    expect(reaches([denyEgress, policy({ podSelector: {}, policyTypes: ['Egress'], egress: [{}] })], db, frontend)).toBe(true);
  });

  it('a range of ports', () => {
    const ranged = policy({
      podSelector: { matchLabels: { role: 'db' } },
      policyTypes: ['Egress'],
      egress: [{ to: [{ ipBlock: { cidr: '10.0.0.0/24' } }], ports: [{ protocol: 'TCP', port: 32000, endPort: 32768 }] }],
    });
    const open = [31999, 32000, 32768, 32769].filter((port) => reaches([ranged], db, { ip: '10.0.0.1' }, port));
    expect(open).toEqual([32000, 32768]);
  });

  it('a namespace by its name', () => {
    const byName = {
      namespaceSelector: {
        matchExpressions: [{ key: 'kubernetes.io/metadata.name', operator: 'In' as const, values: ['third'] }],
      },
    };
    expect(reaches([policy({ ingress: [{ from: [byName] }] })], frontendElsewhere, db)).toBe(true);
    expect(reaches([policy({ ingress: [{ from: [byName] }] })], ofProject, db)).toBe(false);
  });
});

describe('the reference', () => {
  it('without policyTypes ingress is meant, and egress where there are rules', () => {
    const isolated = (spec: Policy['spec']) =>
      (['Ingress', 'Egress'] as const).filter((type) => isIsolated({ namespaces, policies: [policy(spec)] }, db, type));
    expect(isolated({})).toEqual(['Ingress']);
    expect(isolated({ egress: [] })).toEqual(['Ingress']);
    expect(isolated({ egress: [{}] })).toEqual(['Ingress', 'Egress']);
    expect(isolated({ policyTypes: ['Egress'], ingress: [{}] })).toEqual(['Egress']);
  });

  it('a policy is for its own namespace', () => {
    expect(reaches([policy({}, 'other')], frontend, db)).toBe(true);
    expect(reaches([policy({}, 'other')], frontend, ofProject)).toBe(false);
  });

  it('a port by its name is that of the pod that is asked', () => {
    const named = pod('10.1.0.7', { role: 'db' }, { ports: [{ name: 'http', containerPort: 8080 }] });
    const byName = policy({ ingress: [{ ports: [{ port: 'http' }] }] });
    expect(reaches([byName], frontend, named, 8080)).toBe(true);
    expect(reaches([byName], frontend, named, 80)).toBe(false);
    expect(reaches([byName], frontend, db, 8080)).toBe(false);
  });

  it('a pod reaches itself and its node, and a pod on the host is governed by nothing', () => {
    const closed = [policy({ policyTypes: ['Ingress', 'Egress'] })];
    expect(reaches(closed, db, db)).toBe(true);
    expect(reaches(closed, { ip: db.node }, db)).toBe(true);
    expect(reaches(closed, db, { ip: db.node })).toBe(true);
    const onHost = pod('192.0.2.1', { role: 'db' }, { hostNetwork: true });
    expect(reaches(closed, onHost, ofProject)).toBe(true);
    expect(
      reaches([policy({ ingress: [{ from: [{ podSelector: {} }] }] })], pod('192.0.2.2', {}, { hostNetwork: true }), db),
    ).toBe(false);
  });

  it('selectors', () => {
    const labels = { app: 'a' };
    const holds = (key: string, operator: 'In' | 'NotIn' | 'Exists' | 'DoesNotExist', values?: string[]) =>
      matches({ matchExpressions: [{ key, operator, ...(values && { values }) }] }, labels);
    expect([holds('app', 'In', ['a']), holds('app', 'NotIn', ['a']), holds('tier', 'NotIn', ['a'])]).toEqual([true, false, true]);
    expect([holds('app', 'Exists'), holds('tier', 'Exists'), holds('tier', 'DoesNotExist')]).toEqual([true, false, true]);
    expect(matches({}, labels)).toBe(true);
    expect(matches({ matchLabels: { app: 'a', tier: 'b' } }, labels)).toBe(false);
  });

  it('addresses of IPv6', () => {
    const six = policy({ ingress: [{ from: [{ ipBlock: { cidr: '2001:db8::/32' } }] }] });
    expect(reaches([six], { ip: '2001:db8::1' }, db)).toBe(true);
    expect(reaches([six], { ip: '2001:db9::1' }, db)).toBe(false);
  });
});
