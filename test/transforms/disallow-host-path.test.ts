import { describe, expect, it } from 'vitest';
import { disallowHostPath } from '../../transforms/disallow-host-path.js';
import { readOnlyRootFilesystem } from '../../transforms/read-only-root-filesystem.js';
import { deployment, evaluate, podOf } from './evaluate.js';
import { container, containerOf, itFixes, itLeaves, manifest, pod } from './harness.js';

itFixes(disallowHostPath, [
  {
    name: 'the only volume, which nothing mounts',
    risk: 'medium',
    before: container`
      volumeMounts: []
    `.concat('      volumes:\n        - name: logs\n          hostPath: {path: /var/log}\n'),
    after: container`
      volumeMounts: []
    `,
  },
  {
    name: 'one of several, in a run for a level',
    risk: 'medium',
    level: 'baseline',
    before: pod`
      containers:
        - name: web
          image: ghcr.io/acme/web:1
          volumeMounts:
            - name: data
              mountPath: /data
      volumes:
        # scratch
        - name: data
          emptyDir: {}
        - name: docker
          hostPath:
            path: /var/run/docker.sock
    `,
    after: pod`
      containers:
        - name: web
          image: ghcr.io/acme/web:1
          volumeMounts:
            - name: data
              mountPath: /data
      volumes:
        # scratch
        - name: data
          emptyDir: {}
    `,
  },
  {
    name: 'all of several, whose key goes with them',
    risk: 'medium',
    level: 'restricted',
    before: pod`
      containers:
        - name: web
          image: ghcr.io/acme/web:1
      volumes:
        - {name: dev, hostPath: {path: /dev}}
        - {name: sys, hostPath: {path: $SYS}}
      restartPolicy: Always
    `,
    after: pod`
      containers:
        - name: web
          image: ghcr.io/acme/web:1
      restartPolicy: Always
    `,
  },
  {
    name: 'one on Windows',
    risk: 'medium',
    before: pod`
      os:
        name: windows
      containers:
        - name: web
          image: ghcr.io/acme/web:1
      volumes:
        - name: pipe
          hostPath: {path: '\\.\pipe\docker_engine'}
        - name: data
          emptyDir: {}
    `,
    after: pod`
      os:
        name: windows
      containers:
        - name: web
          image: ghcr.io/acme/web:1
      volumes:
        - name: data
          emptyDir: {}
    `,
  },
  {
    name: 'one in whose place a claim stands',
    risk: 'medium',
    before: manifest`
      apiVersion: apps/v1
      kind: StatefulSet
      metadata:
        name: db
      spec:
        selector:
          matchLabels: {app: db}
        serviceName: db
        template:
          metadata:
            labels: {app: db}
          spec:
            containers:
              - name: db
                image: ghcr.io/acme/db:1
                volumeMounts:
                  - {name: data, mountPath: /data}
            volumes:
              - name: data
                hostPath: {path: /srv/db}
        volumeClaimTemplates:
          - metadata:
              name: data
            spec:
              accessModes: [ReadWriteOnce]
              resources: {requests: {storage: 1Gi}}
    `,
    after: manifest`
      apiVersion: apps/v1
      kind: StatefulSet
      metadata:
        name: db
      spec:
        selector:
          matchLabels: {app: db}
        serviceName: db
        template:
          metadata:
            labels: {app: db}
          spec:
            containers:
              - name: db
                image: ghcr.io/acme/db:1
                volumeMounts:
                  - {name: data, mountPath: /data}
        volumeClaimTemplates:
          - metadata:
              name: data
            spec:
              accessModes: [ReadWriteOnce]
              resources: {requests: {storage: 1Gi}}
    `,
  },
  {
    name: 'mounts that may write, which become read-only in a run for no level',
    risk: 'high',
    before: pod`
      initContainers:
        - name: prepare
          image: ghcr.io/acme/prepare:1
          volumeMounts:
            - {name: logs, mountPath: /logs, readOnly: true}
      containers:
        - name: web
          image: ghcr.io/acme/web:1
          volumeMounts:
            - name: logs # rotated by the node
              mountPath: /logs
            - name: certs
              mountPath: /certs
              readOnly: false
              mountPropagation: HostToContainer
            - name: scratch
              mountPath: /scratch
      volumes:
        - {name: logs, hostPath: {path: /var/log}}
        - {name: certs, hostPath: {path: /etc/ssl, type: Directory}}
        - {name: scratch, emptyDir: {}}
    `,
    after: pod`
      initContainers:
        - name: prepare
          image: ghcr.io/acme/prepare:1
          volumeMounts:
            - {name: logs, mountPath: /logs, readOnly: true}
      containers:
        - name: web
          image: ghcr.io/acme/web:1
          volumeMounts:
            - name: logs # rotated by the node
              mountPath: /logs
              readOnly: true
            - name: certs
              mountPath: /certs
              readOnly: true
              mountPropagation: HostToContainer
            - name: scratch
              mountPath: /scratch
      volumes:
        - {name: logs, hostPath: {path: /var/log}}
        - {name: certs, hostPath: {path: /etc/ssl, type: Directory}}
        - {name: scratch, emptyDir: {}}
    `,
  },
]);

const SOCKET = pod`
  containers:
    - name: web
      image: ghcr.io/acme/web:1
      volumeMounts:
        - {name: docker, mountPath: /var/run/docker.sock}
  volumes:
    - {name: docker, hostPath: {path: /var/run/docker.sock}}
`;

const MOUNTED = pod`
  containers:
    - name: web
      image: ghcr.io/acme/web:1
      volumeMounts:
        - {name: logs, mountPath: /logs}
  volumes:
    - {name: logs, hostPath: {path: /var/log}}
`;

itLeaves(disallowHostPath, [
  { name: 'a pod without volumes', manifest: container`` },
  {
    name: 'volumes of other types, with a source or without',
    manifest: container``.concat(
      '      volumes:\n        - {name: a, emptyDir: {}}\n        - name: b\n        - {name: c, nfs: {server: x, path: /}}\n',
    ),
  },
  {
    name: 'a hostPath that is null',
    manifest: container``.concat('      volumes:\n        - name: a\n          hostPath: null\n'),
  },
  { name: 'an empty list', manifest: container``.concat('      volumes: []\n') },
  {
    name: 'a socket that is mounted, for which read-only is no help',
    manifest: SOCKET,
    reason: /^container web mounts it: a claim, .*\. A read-only mount does not help: sockets and devices/,
  },
  {
    name: 'a mounted one in a run for a level',
    level: 'baseline',
    manifest: MOUNTED,
    reason: /^container web mounts it: a claim/,
  },
  {
    name: 'a volume of several types that the restricted level allows for one of them, beside one that fails',
    level: 'restricted',
    manifest: pod`
      containers:
        - name: web
          image: ghcr.io/acme/web:1
      volumes:
        - {name: both, hostPath: {path: /a}, emptyDir: {}}
        - {name: share, nfs: {server: x, path: /}}
    `,
  },
  {
    name: 'one that an init container and a sidecar mount',
    level: 'baseline',
    manifest: pod`
      initContainers:
        - name: prepare
          image: ghcr.io/acme/prepare:1
          volumeMounts: [{name: logs, mountPath: /logs}]
        - name: ship
          image: ghcr.io/acme/ship:1
          restartPolicy: Always
          volumeMounts: [{name: logs, mountPath: /logs}]
      containers:
        - name: web
          image: ghcr.io/acme/web:1
      volumes:
        - {name: logs, hostPath: {path: /var/log}}
    `,
    reason: /^init container prepare and sidecar ship mount it/,
  },
  {
    name: 'one that is mounted by a variable, perhaps',
    manifest: pod`
      containers:
        - name: web
          image: ghcr.io/acme/web:1
          volumeMounts:
            - name: \${VOLUME}
              mountPath: /logs
      volumes:
        - {name: logs, hostPath: {path: /var/log}}
    `,
    reason: /^container web may mount it: a variable stands there/,
  },
  {
    name: 'one whose name is a variable',
    manifest: pod`
      containers:
        - name: web
          image: ghcr.io/acme/web:1
      volumes:
        - {name: $VOLUME, hostPath: {path: /var/log}}
    `,
    reason: /^its name is not known here/,
  },
  {
    name: 'one beside containers for which a variable stands',
    manifest: pod`
      containers:
        - name: web
          image: ghcr.io/acme/web:1
        - $SIDECAR
      volumes:
        - {name: logs, hostPath: {path: /var/log}}
    `,
    reason: /^containers that cannot be read here may mount it/,
  },
  {
    name: 'a mount whose readOnly is a variable',
    manifest: MOUNTED.replace('mountPath: /logs', 'mountPath: /logs, readOnly: $READ_ONLY'),
    reason: /readOnly is filled in by another tool/,
  },
  {
    name: 'a mount that is Bidirectional',
    manifest: MOUNTED.replace('mountPath: /logs', 'mountPath: /logs, mountPropagation: Bidirectional'),
    reason: /^mount "logs" is Bidirectional: what the container mounts there is meant to reach the host/,
  },
  {
    name: 'the mounts of an image that works on the host',
    manifest: containerOf('docker.io/fluent/fluent-bit:4.0')`
      volumeMounts:
        - {name: logs, mountPath: /var/log}
    `.concat('      volumes:\n        - name: logs\n          hostPath: {path: /var/log}\n'),
    reason: /^fluent-bit:4.0 .*works on the host by nature \(hostPath\)/,
  },
  {
    name: 'one of an object that says no',
    manifest: manifest`
      apiVersion: v1
      kind: Pod
      metadata:
        name: web
        annotations:
          kubemend.dev/ignore: 'disallow-host-path: a webhook mounts it'
      spec:
        containers:
          - name: web
            image: ghcr.io/acme/web:1
        volumes:
          - name: logs
            hostPath: {path: /var/log}
    `,
    reason: /^suppressed .*a webhook mounts it/,
  },
]);

describe('disallow-host-path', () => {
  it('offers read-only mounts in a run for no level only', () => {
    const volumes = [{ name: 'logs', hostPath: { path: '/var/log' } }];
    const object = deployment({ volumeMounts: [{ name: 'logs', mountPath: '/logs' }] }, { volumes });
    const { findings } = evaluate([disallowHostPath], object, { maxRisk: 'medium' });
    expect(findings.map(({ subject, message, obstacle }) => ({ subject, message, obstacle }))).toEqual([
      { subject: 'volume logs', message: 'hostPath /var/log', obstacle: 'IN_USE' },
      { subject: 'container web', message: 'may write to /var/log of the host', obstacle: undefined },
    ]);
  });

  it('keeps the key where read-only-root-filesystem has added a volume', () => {
    const object = deployment({}, { volumes: [{ name: 'logs', hostPath: { path: '/var/log' } }] });
    const { value } = evaluate([readOnlyRootFilesystem, disallowHostPath], object);
    expect(podOf(value).volumes).toEqual([{ name: 'tmp', emptyDir: {} }]);
  });

  it('leaves the mounts of a volume for which someone said no', () => {
    const mounts = { volumeMounts: [{ name: 'logs', mountPath: '/logs' }] };
    const object = deployment(mounts, { volumes: [{ name: 'logs', hostPath: { path: '/var/log' } }] });
    const suppressed = [['spec', 'template', 'spec', 'volumes', 0]];
    const { findings, value } = evaluate([disallowHostPath], object, { suppressed });
    expect(findings.map(({ subject }) => subject)).toEqual(['volume logs']);
    expect(value).toEqual(object);
  });

  it('removes one by one where someone said no for one of them', () => {
    const volumes = [
      { name: 'a', hostPath: { path: '/a' } },
      { name: 'b', hostPath: { path: '/b' } },
    ];
    const suppressed = [['spec', 'template', 'spec', 'volumes', 0]];
    const { value } = evaluate([disallowHostPath], deployment({}, { volumes }), { suppressed });
    expect(podOf(value).volumes).toEqual([volumes[0]]);
  });

  it.each(['/var/run/docker.sock', '/run/containerd/containerd.sock', '/dev/kvm', '/dev'])(
    'offers no read-only for %s',
    (path) => {
      const mounted = { volumeMounts: [{ name: 'x', mountPath: '/x' }] };
      const { findings } = evaluate([disallowHostPath], deployment(mounted, { volumes: [{ name: 'x', hostPath: { path } }] }));
      expect(findings.map(({ obstacle }) => obstacle)).toEqual(['IN_USE']);
    },
  );
});
