import { describe, expect, it } from 'vitest';
import { enableUserNamespace } from '../../transforms/enable-user-namespace.js';
import { deployment, deploymentOf, evaluate } from './evaluate.js';
import { itFixes, itLeaves, itReports, manifest, pod } from './harness.js';

const plain = pod`
  containers:
    - name: web
      image: ghcr.io/acme/web:1
`;

itFixes(enableUserNamespace, [
  {
    name: 'a pod that says nothing',
    risk: 'high',
    before: plain,
    after: pod`
      hostUsers: false
      containers:
        - name: web
          image: ghcr.io/acme/web:1
    `,
  },
  {
    name: 'what someone wrote, where it stands',
    risk: 'high',
    before: pod`
      containers:
        - name: web
          image: ghcr.io/acme/web:1
      hostUsers: true # as ever
    `,
    after: pod`
      containers:
        - name: web
          image: ghcr.io/acme/web:1
      hostUsers: false # as ever
    `,
  },
  {
    name: 'ids of a user namespace, capabilities that count in it, claims and empty volumes',
    risk: 'high',
    kubernetes: '1.33-1.35',
    before: pod`
      securityContext: {runAsUser: 65535, fsGroup: 10001}
      containers:
        - name: web
          image: ghcr.io/acme/web:1
          securityContext: {capabilities: {add: [NET_ADMIN, CHOWN]}}
      volumes: [{name: data, persistentVolumeClaim: {claimName: data}}, {name: tmp, emptyDir: {}}]
    `,
    after: pod`
      hostUsers: false
      securityContext: {runAsUser: 65535, fsGroup: 10001}
      containers:
        - name: web
          image: ghcr.io/acme/web:1
          securityContext: {capabilities: {add: [NET_ADMIN, CHOWN]}}
      volumes: [{name: data, persistentVolumeClaim: {claimName: data}}, {name: tmp, emptyDir: {}}]
    `,
  },
]);

const one = '{name: web, image: "web:1"}';

itLeaves(enableUserNamespace, [
  { name: 'a user namespace', manifest: pod`{hostUsers: false, containers: [${one}]}` },
  {
    name: 'a value that only a tool can say',
    manifest: pod`{hostUsers: "$(USERS)", containers: [${one}]}`,
    reason: /is filled in by another tool/,
  },
  ...['hostNetwork', 'hostPID', 'hostIPC'].map((field) => ({
    name: field,
    manifest: pod`{${field}: true, containers: [${one}]}`,
    reason: new RegExp(`^the API server refuses it beside ${field}: true$`),
  })),
  {
    name: 'raw block devices',
    manifest: pod`
      containers: [{name: web, image: "web:1", volumeDevices: [{name: disk, devicePath: /dev/xvda}]}]
      volumes: [{name: disk, persistentVolumeClaim: {claimName: disk}}]
    `,
    reason: /^the API server refuses it beside the volumeDevices of container web$/,
  },
  {
    name: 'privilege, which would not reach the node',
    manifest: pod`{containers: [{name: web, image: "web:1", securityContext: {privileged: true}}]}`,
    reason: /^privileged: true of container web would no longer reach the node$/,
  },
  {
    name: 'a capability of the node, however it is spelled',
    manifest: pod`{containers: [{name: web, image: "web:1", securityContext: {capabilities: {add: [cap_sys_time]}}}]}`,
    reason: /^capability SYS_TIME of container web has no effect in a user namespace$/,
  },
  ...['IPC_LOCK', 'LEASE', 'SYS_TTY_CONFIG'].map((name) => ({
    name: `a capability that the kernel asks for on the node: ${name}`,
    manifest: pod`{containers: [{name: web, image: "web:1", securityContext: {capabilities: {add: [${name}]}}}]}`,
    reason: new RegExp(`^capability ${name} of container web has no effect in a user namespace$`),
  })),
  ...['nfs: {server: a, path: /}', 'azureFile: {secretName: a, shareName: b}', 'cephfs: {monitors: [a]}'].map((volume) => ({
    name: `a volume without idmapped mounts: ${volume}`,
    manifest: pod`{containers: [${one}], volumes: [{name: data, ${volume}}]}`,
    reason: /^volume "data" is of (nfs|azureFile|cephfs), which may not support idmapped mounts$/,
  })),
  {
    name: 'a folder of the host',
    manifest: pod`{containers: [${one}], volumes: [{name: data, hostPath: {path: /srv/data}}]}`,
    reason: /^volume "data" is of the host/,
  },
  {
    name: 'an id that is not mapped',
    manifest: pod`{securityContext: {supplementalGroups: [1, 65536]}, containers: [${one}]}`,
    reason: /^supplementalGroups 65536 of pod is none of the ids of a user namespace, 0 to 65535$/,
  },
  {
    name: 'versions behind whose feature gate it is',
    kubernetes: '1.32-1.35',
    manifest: plain,
    reason: /^Kubernetes 1\.32 drops hostUsers unless its feature gate is open$/,
  },
  {
    name: 'versions that do not have it',
    kubernetes: '1.24',
    manifest: plain,
    reason: /^Kubernetes 1\.24 does not have hostUsers$/,
  },
  {
    name: 'a DeploymentConfig, whose user OpenShift gives',
    manifest: manifest`
      apiVersion: apps.openshift.io/v1
      kind: DeploymentConfig
      metadata: {name: web}
      spec:
        template:
          spec:
            containers: [${one}]
    `,
    reason: /^OpenShift may give it a user above 65535/,
  },
  {
    name: 'a task of Tekton, which has no such field',
    manifest: manifest`
      apiVersion: tekton.dev/v1
      kind: Task
      metadata: {name: build}
      spec:
        steps: [{name: build, image: "golang:1.25"}]
    `,
    reason: /^its kind has no hostUsers for its pods/,
  },
]);

itReports(enableUserNamespace, [
  {
    name: 'a pod of Windows, which the API server refuses it on',
    manifest: pod`
      os: {name: windows}
      containers: [${one}]
    `,
    found: [{ line: 13, message: /^root in it is root on its node/, reason: /^the API server refuses the field on Windows$/ }],
  },
]);

describe('what the nodes must have', () => {
  it('is said with each change, with the claims of which nobody knows the file system', () => {
    const volumes = [{ name: 'data', persistentVolumeClaim: { claimName: 'shared' } }];
    const { findings } = evaluate([enableUserNamespace], deployment({}, { volumes }));
    expect(findings.map(({ evidence }) => evidence)).toEqual([
      'its nodes need Linux 6.3, containerd 2.0 or CRI-O 1.25, and runc 1.2 or crun 1.9: else the pods do not start; ' +
        'the volume of claim "shared" must support idmapped mounts, which NFS does not',
    ]);
  });

  it('is never low, and says of what someone wrote that it is so', () => {
    const { findings } = evaluate([enableUserNamespace], deploymentOf({ hostUsers: true, containers: [{ name: 'web' }] }));
    expect(findings.map(({ message, risk }) => [message, risk])).toEqual([['hostUsers: true', 'high']]);
    expect(findings[0]?.evidence).toMatch(/^someone wrote it; /);
  });

  it('is not asked for where someone said no for a container', () => {
    const { findings } = evaluate([enableUserNamespace], deployment(), {
      suppressed: [['spec', 'template', 'spec', 'containers', 0]],
    });
    expect(findings.map(({ unless }) => unless)).toEqual(['it would reach a container for which someone said no']);
  });
});
