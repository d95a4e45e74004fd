import { expect, it } from 'vitest';
import { isStaticPod } from '../../src/kube/static-pods.js';

const tier = { tier: 'control-plane' };

it.each([
  [true, 'kube-apiserver.yaml', 'Pod', { namespace: 'kube-system', labels: tier }],
  [true, 'roles/etc/kubernetes/manifests/proxy.yaml', 'Pod', {}],
  [false, 'web.yaml', 'Pod', { namespace: 'kube-system' }],
  [false, 'web.yaml', 'Pod', { namespace: 'shop', labels: tier }],
  [false, 'etc/kubernetes/manifests/old/web.yaml', 'Pod', {}],
  [false, 'etc/kubernetes/manifests/job.yaml', 'Job', { namespace: 'kube-system', labels: tier }],
])('%s: %s, %s with %j', (is, file, kind, metadata) => {
  const apiVersion = kind === 'Pod' ? 'v1' : 'batch/v1';
  expect(isStaticPod(file, { root: [], apiVersion, kind, value: { apiVersion, kind, metadata } })).toBe(is);
});
