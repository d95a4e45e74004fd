import { describe, expect, it } from 'vitest';
import { addNetworkPolicy } from '../../../transforms/add-network-policy.js';
import { findIn } from '../../network/created.js';

const namespace = { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'shop' } };
const object = (apiVersion: string, kind: string, name: string, spec: object, namespace = 'shop') => ({
  apiVersion,
  kind,
  metadata: { name, namespace },
  spec,
});
const pod = (name: string, spec: object = {}, env: object[] = [], namespace = 'shop') =>
  object(
    'v1',
    'Pod',
    name,
    { automountServiceAccountToken: false, ...spec, containers: [{ name: 'main', image: 'x', env }] },
    namespace,
  );
const denied = (type: string) =>
  object('networking.k8s.io/v1', 'NetworkPolicy', 'theirs', { podSelector: {}, policyTypes: [type] });

/** What is reported of a namespace beside what is written, of the policies in a namespace of its own. */
function reported(...objects: readonly object[]): readonly string[] {
  return findIn(addNetworkPolicy, [namespace, ...objects])
    .slice(1)
    .map(({ message }) => message);
}

describe('what a default cuts off', () => {
  it('is nothing where the files suggest nothing', () => {
    expect(
      reported(pod('web', {}, [{ name: 'DB', value: 'db.shop.svc' }]), object('v1', 'Service', 'web', { ports: [{ port: 80 }] })),
    ).toEqual([]);
  });

  it('who lets others in', () => {
    const service = { service: { name: 'hook', namespace: 'shop' } };
    const webhooks = [
      { name: 'a', clientConfig: { service: { name: 'hook', namespace: 'other' } } },
      { name: 'b', clientConfig: service },
    ];
    const [message, ...more] = reported(
      object('v1', 'Service', 'lb', {
        type: 'LoadBalancer',
        ports: [
          { port: 80, targetPort: 8080 },
          { port: 443, targetPort: 'tls' },
        ],
      }),
      object('v1', 'Service', 'node', { type: 'NodePort', ports: [{ port: 80 }] }),
      object('networking.k8s.io/v1', 'Ingress', 'web', {}),
      object('gateway.networking.k8s.io/v1', 'HTTPRoute', 'api', {}),
      object('monitoring.coreos.com/v1', 'ServiceMonitor', 'web', {}),
      object('networking.k8s.io/v1', 'Ingress', 'theirs', {}, 'data'),
      {
        apiVersion: 'admissionregistration.k8s.io/v1',
        kind: 'ValidatingWebhookConfiguration',
        metadata: { name: 'hook' },
        webhooks,
      },
      {
        apiVersion: 'apiregistration.k8s.io/v1',
        kind: 'APIService',
        metadata: { name: 'v1.x' },
        spec: { service: { namespace: 'other' } },
      },
    );
    expect(message).toBe(
      'pods are asked from outside of the namespace: Service lb (LoadBalancer, to port 8080, tls), Service node (NodePort, to port 80), ' +
        'Ingress web, HTTPRoute api, ServiceMonitor web (metrics), ValidatingWebhookConfiguration hook (the API server asks)',
    );
    expect(more).toEqual([]);
  });

  it('who elsewhere names a Service of the namespace, whatever holds for that one', () => {
    const env = [{ name: 'WEB', value: 'http://web.shop.svc:80' }];
    expect(reported(pod('client', {}, env, 'data'), pod('other', {}, [], 'data'))).toEqual([
      'pods are asked from outside of the namespace: Pod client in data (asks web)',
      'no NetworkPolicy denies ingress and egress by default in data',
      'pods ask other namespaces: web in shop (Pod client)',
    ]);
  });

  it.each([
    [{ labels: { 'istio-injection': 'enabled' } }, 'proxies of Istio ask istiod (the label istio-injection: enabled)'],
    [
      { labels: { 'istio.io/dataplane-mode': 'ambient' } },
      'probes of an ambient mesh come from 169.254.7.127 (the label istio.io/dataplane-mode: ambient)',
    ],
    [
      { annotations: { 'linkerd.io/inject': 'enabled' } },
      'proxies of Linkerd ask its control plane (the annotation linkerd.io/inject)',
    ],
  ])('what a mesh needs: %j', (more, message) => {
    const [first, ...rest] = findIn(addNetworkPolicy, [{ ...namespace, metadata: { name: 'shop', ...more } }]).slice(1);
    expect(first).toMatchObject({ message, unless: expect.stringMatching(/else no pod .*becomes ready/) });
    expect(rest).toEqual([]);
  });

  it('what a mesh needs, where its direction is open', () => {
    const own = { ...namespace, metadata: { name: 'shop', labels: { 'istio-injection': 'enabled' } } };
    expect(findIn(addNetworkPolicy, [own, denied('Egress')]).slice(1)).toEqual([]);
  });

  it('who has an identity of the cloud', () => {
    const account = {
      apiVersion: 'v1',
      kind: 'ServiceAccount',
      metadata: { name: 'robot', namespace: 'shop', annotations: { 'eks.amazonaws.com/role-arn': 'arn:x' } },
    };
    expect(reported(account, pod('web', { serviceAccountName: 'robot' }))).toEqual([
      'pods have an identity of the cloud: Pod web',
    ]);
  });

  it('who is asked elsewhere, by what the variables name and never by their values', () => {
    const env = [
      { name: 'DB', value: 'postgres://u:secret@db.data.svc:5432' },
      { name: 'PAY', value: 'https://secret@pay.example.com' },
    ];
    expect(
      reported(pod('web', {}, env), object('v1', 'Service', 'mail', { type: 'ExternalName', externalName: 'mail.example.com' })),
    ).toEqual([
      'pods ask other namespaces: db in data (Pod web)',
      'addresses outside of the cluster are named: env PAY (Pod web), Service mail',
    ]);
  });

  it('who keeps a token, by the pod and by its account', () => {
    const account = {
      apiVersion: 'v1',
      kind: 'ServiceAccount',
      metadata: { name: 'quiet', namespace: 'shop' },
      automountServiceAccountToken: false,
    };
    const silent = { automountServiceAccountToken: undefined };
    const found = reported(
      pod('a', silent),
      pod('b', { ...silent, serviceAccountName: 'quiet' }),
      pod('c', { automountServiceAccountToken: true }),
      account,
    );
    expect(found).toEqual(['pods keep a token of the API server: Pod a, Pod c']);
  });

  it('who is not governed at all', () => {
    expect(reported(pod('node', { hostNetwork: true, automountServiceAccountToken: true }))).toEqual([
      "pods on the host's network: Pod node",
    ]);
  });

  it('no more than a few by name', () => {
    const [message] = reported(...Array.from({ length: 9 }, (_, at) => object('networking.k8s.io/v1', 'Ingress', `i${at}`, {})));
    expect(message).toMatch(/: Ingress i0, .*, Ingress i5 and 3 more$/);
  });

  it('in the direction that is closed', () => {
    const both = [object('networking.k8s.io/v1', 'Ingress', 'web', {}), pod('web', {}, [{ name: 'DB', value: 'db.data.svc' }])];
    expect(reported(...both, denied('Ingress'))).toEqual(['pods ask other namespaces: db in data (Pod web)']);
    expect(reported(...both, denied('Egress'))).toEqual(['pods are asked from outside of the namespace: Ingress web']);
  });
});
