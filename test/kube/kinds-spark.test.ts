import { load } from 'js-yaml';
import { expect, it } from 'vitest';
import type { JsonObject } from '../../src/core/json.js';
import { findPodTemplates, readPlacedPod } from '../../src/kube/kinds.js';
import { createSession } from '../../src/session.js';

interface Parts {
  readonly driver?: string;
  readonly conf?: string;
  readonly version?: string;
}

const application = ({
  driver = '{}',
  conf = '{}',
  version = 'v1beta2',
}: Parts = {}) => `apiVersion: sparkoperator.k8s.io/${version}
kind: SparkApplication
metadata: {name: etl}
spec:
  image: ghcr.io/acme/etl:1
  sparkConf: ${conf}
  driver: ${driver}
  executor: {}
`;

function run(text: string, id: string, level: 'low' | 'high' = 'high') {
  const session = createSession({ transforms: [id], maxRisk: level });
  session.survey('etl.yaml', text);
  return session.fix('etl.yaml', text);
}

function fates(text: string, id: string): readonly string[] {
  return run(text, id).findings.map(({ subject, status, reason }) => `${subject}: ${reason?.text ?? status}`);
}

/** The driver as a pod. */
function driverOf(parts: Parts): JsonObject {
  const object = load(application(parts)) as JsonObject;
  const [driver] = findPodTemplates(object);
  if (driver === undefined) throw new Error('no driver');
  return readPlacedPod(object, driver)?.spec ?? {};
}

it('writes pod and container where the operator takes them from', () => {
  const specOf = (id: string) => (load(run(application(), id).text) as JsonObject).spec;
  const podSecurityContext = { seccompProfile: { type: 'RuntimeDefault' } };
  expect(specOf('set-seccomp-profile')).toMatchObject({ driver: { podSecurityContext }, executor: { podSecurityContext } });
  const securityContext = { allowPrivilegeEscalation: false };
  expect(specOf('disallow-privilege-escalation')).toMatchObject({ driver: { securityContext }, executor: { securityContext } });
});

it('changes nothing at low risk, since a change runs the application anew', () => {
  expect(run(application(), 'set-seccomp-profile', 'low').text).toBe(application());
});

it.each([
  [
    'a template',
    { driver: '{template: {spec: {containers: []}}}' },
    'spec.driver.template describes the pod as well; write it there',
  ],
  [
    'the file of one',
    { conf: '{spark.kubernetes.driver.podTemplateFile: /t.yaml}' },
    'the file of spark.kubernetes.driver.podTemp',
  ],
  ['an old version', { version: 'v1beta1' }, 'its version has another securityContext'],
])('leaves a pod to a person with %s', (_, parts, reason) => {
  expect(fates(application(parts), 'disallow-privilege-escalation')[0]).toContain(`driver: container main: ${reason}`);
});

it('keeps the token of the driver, and has no field for that of an executor', () => {
  const [driver] = fates(application({ driver: '{template: {spec: {}}}' }), 'disable-token-automount');
  expect(driver).toContain('kept: the driver makes its executors');
  expect(fates(application(), 'disable-token-automount')).toEqual([
    'driver: pod: kept: the driver makes its executors through the API with it',
    'executor: pod: an executor has no field for it; set it on a service account of its own',
  ]);
});

it.each([
  [{}, '1Gi', 1],
  [{ driver: '{memory: 512m, cores: 2}' }, '512Mi', 2],
  [{ driver: '{memory: "2048", coreRequest: 500m, cores: 2}' }, '2048Mi', '500m'],
  [{ driver: '{memory: 4GB}' }, '4Gi', 1],
  [{ driver: '{memory: 1024b}' }, '1024', 1],
  [{ conf: '{spark.driver.memory: 3g, spark.driver.cores: "3"}' }, '3Gi', '3'],
  [{ driver: '{memory: "$(MEMORY)"}' }, '$(MEMORY)', 1],
])('reads what Spark asks for: %j', (parts, memory, cpu) => {
  expect(driverOf(parts)).toMatchObject({
    containers: [{ resources: { requests: { cpu, memory }, limits: { memory } } }],
  });
});

it('takes the image of the driver, of the application, or of the configuration', () => {
  expect(driverOf({ driver: '{image: own}' })).toMatchObject({ containers: [{ image: 'own' }] });
  expect(driverOf({})).toMatchObject({ containers: [{ image: 'ghcr.io/acme/etl:1' }] });
  const conf = '{spark.kubernetes.container.image: all, spark.kubernetes.driver.container.image: driver}';
  const bare = load(application({ conf }).replace(/ {2}image: .*\n/, '')) as JsonObject;
  const images = findPodTemplates(bare).map((template) => readPlacedPod(bare, template)?.spec);
  expect(images).toMatchObject([{ containers: [{ image: 'driver' }] }, { containers: [{ image: 'all' }] }]);
});

it('reads a template beneath what the driver says', () => {
  const template = `{spec: {hostPID: true, serviceAccountName: old, securityContext: {runAsUser: 1}, containers: [
    {name: logs, image: logs, securityContext: {privileged: true}}, {name: own, workingDir: /app, securityContext: {runAsUser: 2}}]}}`;
  const driver = `{serviceAccount: new, securityContext: {runAsUser: 3}, template: ${template}}`;
  const parts = { driver, conf: '{spark.kubernetes.driver.podTemplateContainerName: own}' };
  expect(driverOf(parts)).toMatchObject({
    hostPID: true,
    serviceAccountName: 'new',
    securityContext: { runAsUser: 1 },
    containers: [{ name: 'own', workingDir: '/app', securityContext: { runAsUser: 3 } }, { name: 'logs' }],
  });
  const onlyPrivileged = application({ ...parts, driver: driver.replace('hostPID: true, ', '') });
  expect(fates(onlyPrivileged, 'disallow-privileged')).toEqual([
    'driver: container logs: spec.driver.template describes the pod as well; write it there',
  ]);
});

it('takes only the volumes that the Spark container mounts', () => {
  const text = application({ driver: '{volumeMounts: [{name: data, mountPath: /data}]}' });
  const volumes = '  volumes: [{name: data, emptyDir: {}}, {name: other, hostPath: {path: /}}]\n';
  const object = load(text + volumes) as JsonObject;
  const pods = findPodTemplates(object).map((template) => readPlacedPod(object, template)?.spec.volumes);
  expect(pods).toEqual([[{ name: 'data', emptyDir: {} }], undefined]);
});
