import { describe, expect, it } from 'vitest';
import type { JsonObject } from '../../../src/core/json.js';
import { suggestsApiUse } from '../../../src/kube/decisions/api-use.js';
import { needsToken } from '../../../src/kube/decisions/token.js';
import { createRepoIndex } from '../../../src/kube/repo-index.js';
import { contextOf } from './container.js';

const hintOf = (container: JsonObject) => suggestsApiUse(contextOf(container).containers[0] as never);

describe('suggestsApiUse', () => {
  it.each<[string, JsonObject]>([
    ['kubeconfig', { args: ['--kubeconfig=/x'] }],
    ['leader-elect', { args: ['--leader-elect'] }],
    ['in-cluster', { args: ['--in-cluster'] }],
    ['health-probe-bind-address', { args: ['--health-probe-bind-address=:8081'] }],
    ['apiserver', { args: ['--apiserver=x'] }],
    ['KUBERNETES', { env: [{ name: 'KUBERNETES_SERVICE_HOST', value: 'x' }] }],
    ['WATCH_NAMESPACE', { env: [{ name: 'WATCH_NAMESPACE', value: '' }] }],
    ['K8S_', { env: [{ name: 'MY', value: 'x' }, { name: 'K8S_NAMESPACE' }] }],
    ['LEADER_ELECT', { env: [{ name: 'POD_NAMESPACE' }, { name: 'LEADER_ELECTION' }] }],
  ])('sees %s', (word, container) => {
    expect(hintOf(container)).toContain(`has "${word}" in`);
  });

  it.each([
    'quay.io/acme/redis-operator:v1',
    'acme/controller:1',
    'ghcr.io/acme/controller/app@sha256:1',
    'acme/kube-thing',
    'acme/node_provisioner:2',
  ])('takes %s for a program of the API', (image) => {
    expect(hintOf({ image })).toBe(`the name of the image, ${image}, speaks of the API`);
  });

  it.each(['acme/web:operator', 'kubeacme/shop:1', 'acme/controllerless', 'acme/kube-ui:1', 'k8s.example.org:5000/team/app:1'])(
    'bears %s',
    (image) => {
      expect(hintOf({ image })).toBeUndefined();
    },
  );

  // Quadratic, it would outlast the time that a test may take.
  it('reads a very long image once', () => {
    expect(hintOf({ image: `${'-mirror'.repeat(150_000)}/acme/operator` })).toContain('speaks of the API');
  });

  it.each([['--leader-elect=false'], ['--label=app.kubernetes.io/name'], ['--leading']])('bears %s', (argument) => {
    expect(hintOf({ args: [argument] })).toBeUndefined();
  });
});

describe('needsToken', () => {
  it('doubts an account that has no manifest here', () => {
    expect(needsToken(contextOf({}, { serviceAccountName: 'web' }))).toMatchObject({
      risk: 'high',
      evidence: ['account "web", no binding to it in these files, but the account itself is not in them either'],
    });
    const index = createRepoIndex();
    index.add('apps/web/account.yaml', 1, { apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name: 'web' } });
    expect(needsToken(contextOf({}, { serviceAccountName: 'web' }, { index })).risk).toBe('medium');
  });

  it('doubts where a sidecar is injected that may use it', () => {
    const metadata = { labels: { 'sidecar.istio.io/inject': 'true' } };
    expect(needsToken(contextOf({}, {}, { metadata })).risk).toBe('high');
    expect(needsToken(contextOf({}, {}, { metadata: { labels: { 'sidecar.istio.io/inject': 'false' } } })).risk).toBe('medium');
  });

  it('doubts where a binding of the same account may be for another namespace', () => {
    const index = createRepoIndex();
    index.add('debug/rbac.yaml', 3, {
      apiVersion: 'rbac.authorization.k8s.io/v1',
      kind: 'ClusterRoleBinding',
      metadata: { name: 'debug' },
      subjects: [{ kind: 'ServiceAccount', name: 'default', namespace: 'default' }],
    });
    expect(needsToken(contextOf({}, {}, { index }))).toMatchObject({
      answer: {},
      risk: 'high',
      evidence: [expect.stringContaining('but ClusterRoleBinding debug in debug/rbac.yaml:3 may mean it')],
    });
  });

  it('believes the catalogue before the name of an image', () => {
    expect(needsToken(contextOf({ image: 'redis:7' })).risk).toBe('low');
  });
});
