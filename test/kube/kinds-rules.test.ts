import { expect, it } from 'vitest';
import { createSession } from '../../src/session.js';

const cluster = (autoscaling: string) => `apiVersion: ray.io/v1
kind: RayCluster
metadata: {name: own}
spec:
  enableInTreeAutoscaling: ${autoscaling}
  headGroupSpec:
    template:
      spec:
        containers: [{name: ray-head, image: ghcr.io/acme/train:1}]
  workerGroupSpecs:
  - groupName: small
    template:
      spec:
        containers: [{name: ray-worker, image: ghcr.io/acme/train:1}]
`;

function fates(text: string): readonly string[] {
  const session = createSession({ transforms: ['disable-token-automount'] });
  session.survey('ray.yaml', text);
  return session.fix('ray.yaml', text).findings.map(({ subject, status, reason }) => `${subject}: ${reason?.text ?? status}`);
}

it('keeps the token of the head for the autoscaler of KubeRay, and no other', () => {
  const kept = 'kept: the autoscaler, which KubeRay adds to the pod of the head, calls the Kubernetes API';
  expect(fates(cluster('true'))).toEqual([`headGroupSpec: pod: ${kept}`, 'workerGroupSpec small: pod: ready']);
  expect(fates(cluster('$(AUTOSCALE)'))[0]).toContain(kept);
  expect(fates(cluster('false'))).toEqual(['headGroupSpec: pod: ready', 'workerGroupSpec small: pod: ready']);
});
