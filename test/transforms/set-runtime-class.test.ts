import { describe, expect, it } from 'vitest';
import { createSession } from '../../src/session.js';
import { setRuntimeClass } from '../../transforms/set-runtime-class.js';
import { itFixes, itLeaves, manifest, pod } from './harness.js';

const settings = { name: 'gvisor' };
const plain = pod`
  securityContext:
    runAsNonRoot: true
  containers:
    - name: web
      image: ghcr.io/acme/web:1
`;

itFixes(setRuntimeClass, [
  {
    name: 'the name that was set, ahead of the containers',
    risk: 'high',
    settings,
    before: plain,
    after: pod`
      runtimeClassName: gvisor
      securityContext:
        runAsNonRoot: true
      containers:
        - name: web
          image: ghcr.io/acme/web:1
    `,
  },
  {
    name: 'a CronJob in flow style; hostNetwork: false is no obstacle',
    risk: 'high',
    settings,
    before: manifest`
      apiVersion: batch/v1
      kind: CronJob
      metadata: {name: web}
      spec:
        schedule: "@daily"
        jobTemplate:
          spec:
            template:
              spec: {hostNetwork: false, restartPolicy: Never, containers: [{name: web, image: "web:1"}]}
    `,
    after: manifest`
      apiVersion: batch/v1
      kind: CronJob
      metadata: {name: web}
      spec:
        schedule: "@daily"
        jobTemplate:
          spec:
            template:
              spec: {hostNetwork: false, restartPolicy: Never, runtimeClassName: gvisor, containers: [{name: web, image: "web:1"}]}
    `,
  },
]);

itLeaves(setRuntimeClass, [
  { name: 'everything where no name was set', manifest: plain },
  { name: 'another name', settings, manifest: pod`{runtimeClassName: kata, containers: [{name: web, image: "web:1"}]}` },
  {
    name: 'a name that only a tool can say',
    settings,
    manifest: pod`{runtimeClassName: "$(CLASS)", containers: [{name: web, image: "web:1"}]}`,
  },
  {
    name: 'the network of the host',
    settings,
    manifest: pod`{hostNetwork: true, containers: [{name: web, image: "web:1"}]}`,
    reason: /^hostNetwork: a sandbox has namespaces of its own$/,
  },
  {
    name: 'a privileged container',
    settings,
    manifest: pod`{containers: [{name: web, image: "web:1", securityContext: {privileged: true}}]}`,
    reason: /^privileged: true of container web would not reach the node$/,
  },
  {
    name: 'an agent of the node',
    settings,
    manifest: pod`
      volumes: [{name: run, hostPath: {path: /var/run}}]
      containers: [{name: web, image: "web:1", volumeMounts: [{name: run, mountPath: /run}]}]
    `,
    reason: /^it may work on its node: /,
  },
  {
    name: 'a pod of Windows',
    settings,
    manifest: pod`{os: {name: windows}, containers: [{name: web, image: "web:1"}]}`,
    reason: /Windows/,
  },
  {
    name: 'a task of Tekton, which has no such field',
    settings,
    manifest: manifest`
      apiVersion: tekton.dev/v1
      kind: Task
      metadata: {name: build}
      spec:
        steps: [{name: build, image: "golang:1.25"}]
    `,
    reason: /^its kind has no runtimeClassName for its pods/,
  },
  {
    name: 'Knative, of which it is not known',
    settings,
    manifest: manifest`
      apiVersion: serving.knative.dev/v1
      kind: Service
      metadata: {name: web}
      spec:
        template:
          spec:
            containers: [{image: "web:1"}]
    `,
    reason: /^whether its kind takes runtimeClassName is not known/,
  },
]);

describe('the RuntimeClass of that name', () => {
  const evidenceBeside = (other: string) => {
    const session = createSession({
      profile: 'all',
      transforms: ['set-runtime-class'],
      settings: { 'set-runtime-class': settings },
    });
    const files = { 'app/web.yaml': plain, 'app/class.yaml': other };
    for (const [file, text] of Object.entries(files)) session.survey(file, text);
    return session.fix('app/web.yaml', plain).findings.map(({ evidence }) => evidence);
  };

  it('is named where it is', () => {
    const runtimeClass = 'apiVersion: node.k8s.io/v1\nkind: RuntimeClass\nmetadata: {name: gvisor}\nhandler: runsc\n';
    expect(evidenceBeside(runtimeClass)).toEqual(['RuntimeClass gvisor in app/class.yaml:1; its nodes need the runtime']);
  });

  it('is said not to be there, beside one of another name', () => {
    const runtimeClass = 'apiVersion: node.k8s.io/v1\nkind: RuntimeClass\nmetadata: {name: kata}\nhandler: kata\n';
    expect(evidenceBeside(runtimeClass)).toEqual([
      'no RuntimeClass "gvisor" is in these files: the API server refuses the pods where there is none',
    ]);
  });

  it('is a name that an object may have', () => {
    const read = (name: string) => setRuntimeClass.settings.name?.read(name);
    expect(['gvisor', 'kata.v2', 'a'.repeat(253)].map(read)).not.toContain(undefined);
    expect(['', 'gVisor', '-a', 'a..b', 'a'.repeat(254), 'a b'].map(read)).toEqual(Array(6).fill(undefined));
  });
});
