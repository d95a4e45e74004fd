import { describe, expect, it } from 'vitest';
import { ALLOWED_VOLUME_TYPES } from '../../src/kube/pod-security/pod.js';
import { disallowHostPath } from '../../transforms/disallow-host-path.js';
import { restrictVolumeTypes } from '../../transforms/restrict-volume-types.js';
import { deployment, evaluate, podOf } from './evaluate.js';
import { container, itFixes, itLeaves, pod } from './harness.js';

itFixes(restrictVolumeTypes, [
  {
    name: 'the only volume, which nothing mounts',
    risk: 'medium',
    before: container`
      ports: [{containerPort: 80}] # http
    `.concat('      volumes:\n        - name: share\n          nfs: {server: nas, path: /}\n'),
    after: container`
      ports: [{containerPort: 80}] # http
    `,
  },
  {
    name: 'those that nothing mounts, in a run for the level',
    risk: 'medium',
    level: 'restricted',
    before: pod`
      containers:
        - name: web
          image: ghcr.io/acme/web:1
          volumeMounts:
            - {name: tmp, mountPath: /tmp}
      volumes:
        - name: code
          gitRepo:
            repository: https://git.example.com/web.git
        - name: tmp
        - name: share
          nfs: {server: $NAS, path: /}
    `,
    after: pod`
      containers:
        - name: web
          image: ghcr.io/acme/web:1
          volumeMounts:
            - {name: tmp, mountPath: /tmp}
      volumes:
        - name: tmp
    `,
  },
  {
    name: 'several that are all, one of which a variable describes',
    risk: 'medium',
    before: pod`
      containers:
        - name: web
          image: ghcr.io/acme/web:1
      volumes:
        - {name: a, nfs: $NFS}
        - {name: b, iscsi: {targetPortal: x, iqn: y, lun: 0}}
    `,
    after: pod`
      containers:
        - name: web
          image: ghcr.io/acme/web:1
    `,
  },
]);

const MOUNTED = pod`
  containers:
    - name: web
      image: ghcr.io/acme/web:1
      volumeMounts:
        - {name: share, mountPath: /share, readOnly: true}
  volumes:
    - {name: share, nfs: {server: nas, path: /}}
`;

itLeaves(restrictVolumeTypes, [
  { name: 'a pod without volumes', manifest: container`` },
  { name: 'an empty list', manifest: container``.concat('      volumes: []\n') },
  { name: 'a list that is a variable', manifest: container``.concat('      volumes: $VOLUMES\n') },
  {
    name: 'each type that is allowed',
    manifest: container``.concat(
      '      volumes:\n',
      ...ALLOWED_VOLUME_TYPES.map((type) => `        - name: ${type.toLowerCase()}\n          ${type}: {}\n`),
    ),
  },
  {
    name: 'a volume without a type, and one of a type that no API server knows',
    manifest: container``.concat('      volumes:\n        - name: a\n        - name: b\n          ramDisk: {}\n'),
  },
  {
    name: 'a volume with an allowed type among several',
    manifest: container``.concat('      volumes:\n        - {name: a, nfs: {server: x, path: /}, emptyDir: {}}\n'),
  },
  {
    name: 'hostPath, which is the matter of another transform',
    manifest: container``.concat('      volumes:\n        - {name: a, hostPath: {path: /a}}\n'),
  },
  { name: 'a pod that is asked for no more than baseline', level: 'baseline', manifest: MOUNTED },
  {
    name: 'one that is mounted',
    manifest: MOUNTED,
    reason: /^container web mounts it: claim the same storage through a PersistentVolume and a persistentVolumeClaim instead$/,
  },
  {
    name: 'one that is mounted, in a run for the level',
    level: 'restricted',
    manifest: MOUNTED,
    reason: /^container web mounts it/,
  },
  {
    name: 'a repository that is mounted',
    manifest: MOUNTED.replace('nfs: {server: nas, path: /}', 'gitRepo: {repository: x}'),
    reason: /^container web mounts it: clone into an emptyDir in an init container instead$/,
  },
  {
    name: 'one that is used as a device',
    manifest: pod`
      containers:
        - name: web
          image: ghcr.io/acme/web:1
          volumeDevices:
            - {name: disk, devicePath: /dev/xvda}
      volumes:
        - {name: disk, fc: {wwids: [x]}}
    `,
    reason: /^container web mounts it/,
  },
  {
    name: 'one beside mounts for which a variable stands',
    manifest: MOUNTED.replace('{name: share, mountPath: /share, readOnly: true}', '$MOUNT'),
    reason: /^container web may mount it: a variable stands there/,
  },
  {
    name: 'one that an ephemeral container mounts',
    manifest: pod`
      containers:
        - name: web
          image: ghcr.io/acme/web:1
      ephemeralContainers:
        - name: debug
          image: busybox:1
          volumeMounts: [{name: share, mountPath: /share}]
      volumes:
        - {name: share, nfs: {server: nas, path: /}}
    `,
    reason: /^ephemeral container debug mounts it/,
  },
  {
    name: 'one in which more keys may appear',
    manifest: pod`
      containers:
        - name: web
          image: ghcr.io/acme/web:1
      volumes:
        - {name: share, nfs: {server: nas, path: /}, $MORE: x}
    `,
    reason: /filled in by another tool/,
  },
]);

describe('restrict-volume-types', () => {
  it('leaves an empty list where the rest went before, since the key cannot go as well', () => {
    const volumes = [
      { name: 'a', hostPath: { path: '/a' } },
      { name: 'b', nfs: { server: 'nas', path: '/' } },
    ];
    const { findings, value } = evaluate([disallowHostPath, restrictVolumeTypes], deployment({}, { volumes }));
    expect(findings.map(({ subject }) => subject)).toEqual(['volume a', 'volume b']);
    expect(podOf(value).volumes).toEqual([]);
  });

  it('names all that go with the key', () => {
    const volumes = [
      { name: 'a', rbd: {} },
      { name: 'b', nfs: {} },
    ];
    const { findings } = evaluate([restrictVolumeTypes], deployment({}, { volumes }));
    expect(findings.map(({ subject, message }) => `${subject}: ${message}`)).toEqual([
      'pod: volume a (rbd, a type that restricted forbids), volume b (nfs, a type that restricted forbids)',
    ]);
  });
});
