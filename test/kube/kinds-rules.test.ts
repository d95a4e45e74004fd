import { load } from 'js-yaml';
import { expect, it } from 'vitest';
import { type Json, valueAt } from '../../src/core/json.js';
import { createSession, type SessionOptions } from '../../src/session.js';

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

const SAFE = { allowPrivilegeEscalation: false, capabilities: { drop: ['ALL'] } };

function spec(text: string, options: SessionOptions): Json | undefined {
  const session = createSession(options);
  session.survey('ray.yaml', text);
  return valueAt(load(session.fix('ray.yaml', text).text) as Json, ['spec']);
}

it('hardens the autoscaler, which KubeRay adds to the pod of the head, where its options are', () => {
  const options = { transforms: ['disallow-privilege-escalation', 'drop-capabilities'], maxRisk: 'high' } as const;
  expect(spec(cluster('true'), options)).toMatchObject({
    autoscalerOptions: { securityContext: SAFE },
    headGroupSpec: { template: { spec: { containers: [{ name: 'ray-head', securityContext: SAFE }] } } },
  });
  expect(spec(cluster('false'), options)).not.toHaveProperty('autoscalerOptions');
});

it('says nothing of the resources of the autoscaler, which KubeRay gives, nor takes them for a measure', () => {
  const written = cluster('true').replace(
    'headGroupSpec',
    'autoscalerOptions: {resources: {requests: {memory: 1Mi}}}\n  headGroupSpec',
  );
  for (const text of [cluster('true'), written]) {
    const session = createSession({ transforms: ['set-resources'], maxRisk: 'high' });
    session.survey('ray.yaml', text);
    const { findings } = session.fix('ray.yaml', text);
    expect(findings.filter(({ subject }) => subject.includes('autoscaler'))).toEqual([]);
    expect(findings.filter(({ evidence }) => evidence?.includes('same image'))).toEqual([]);
  }
});

it('counts the autoscaler where it says whether a level is reached', () => {
  const session = createSession({ transforms: ['disallow-privilege-escalation'], maxRisk: 'high' });
  const failed = session.judge('ray.yaml', cluster('true'), 'restricted').objects[0]?.failed ?? [];
  const { paths } = failed.find(({ id }) => id === 'allowPrivilegeEscalation') ?? {};
  expect(paths).toContainEqual(['spec', 'autoscalerOptions']);
});

it('leaves the autoscaler to a person in an old version, which has no security context for it', () => {
  const text = cluster('true').replace('ray.io/v1', 'ray.io/v1alpha1');
  const session = createSession({ transforms: ['disallow-privilege-escalation'], maxRisk: 'high' });
  session.survey('ray.yaml', text);
  const fate = session.fix('ray.yaml', text).findings.find(({ subject }) => subject === 'headGroupSpec: container autoscaler');
  expect(fate?.reason?.text).toBe('its version may have no security context for the autoscaler; move it to ray.io/v1 first');
});
