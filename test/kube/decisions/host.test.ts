import { expect, it } from 'vitest';
import { findHostWork } from '../../../src/kube/decisions/host.js';
import { createRepoIndex } from '../../../src/kube/repo-index.js';
import { SUPPORTED_RANGE } from '../../../src/kube/versions/versions.js';
import { viewObject } from '../view-object.js';

function workOf(image: string): string | undefined {
  const ref = { file: 'x', document: 0, root: [], line: 1, apiVersion: 'v1', kind: 'Pod' };
  const value = { apiVersion: 'v1', kind: 'Pod', spec: { containers: [{ name: 'web', image }] } };
  const demands = { versions: SUPPORTED_RANGE, level: undefined, asks: () => true };
  const [container] = viewObject({ ref, value }, createRepoIndex(), () => false, demands)?.containers ?? [];
  return container && findHostWork(container);
}

it('names what an image needs of the host, with its source', () => {
  expect(workOf('ghcr.io/flannel-io/flannel:v0.28.9')).toMatch(
    /^flannel:v0.28.9 .*works on the host by nature \(hostNetwork, hostPath\)$/,
  );
});

it('says nothing of images that need nothing of it, or that are not known', () => {
  expect(workOf('nginx:1.27')).toBeUndefined();
  expect(workOf('ghcr.io/acme/web:1')).toBeUndefined();
  expect(workOf('$IMAGE')).toBeUndefined();
});
