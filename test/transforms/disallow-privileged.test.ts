import { describe, expect, it } from 'vitest';
import type { JsonObject } from '../../src/core/json.js';
import { disallowPrivileged } from '../../transforms/disallow-privileged.js';
import { containerOf as containerAt, deployment, evaluate } from './evaluate.js';
import { container, containerOf, itFixes, itLeaves, pod } from './harness.js';

itFixes(disallowPrivileged, [
  {
    name: 'a privileged container, whose comment stays',
    risk: 'high',
    before: container`
      securityContext:
        privileged: true # for the old driver
        runAsUser: 0
    `,
    after: container`
      securityContext:
        privileged: false # for the old driver
        runAsUser: 0
    `,
  },
  {
    name: 'a Windows container, on which the field is refused',
    risk: 'high',
    before: pod`
      os:
        name: windows
      containers:
        - name: web
          image: ghcr.io/acme/web:1
          securityContext:
            privileged: true
            windowsOptions:
              runAsUserName: ContainerUser
    `,
    after: pod`
      os:
        name: windows
      containers:
        - name: web
          image: ghcr.io/acme/web:1
          securityContext:
            windowsOptions:
              runAsUserName: ContainerUser
    `,
  },
  {
    name: 'a value that Windows does not take',
    risk: 'high',
    before: pod`
      os:
        name: windows
      containers:
        - name: web
          image: ghcr.io/acme/web:1
          securityContext:
            privileged: false
            runAsNonRoot: true
    `,
    after: pod`
      os:
        name: windows
      containers:
        - name: web
          image: ghcr.io/acme/web:1
          securityContext:
            runAsNonRoot: true
    `,
  },
  {
    name: 'for a level, what is absent in a pod that may run on Windows',
    risk: 'high',
    level: 'baseline',
    before: pod`
      nodeSelector:
        kubernetes.io/os: windows
      containers:
        - name: web
          image: ghcr.io/acme/web:1
          securityContext:
            privileged: true
            runAsNonRoot: true
    `,
    after: pod`
      nodeSelector:
        kubernetes.io/os: windows
      containers:
        - name: web
          image: ghcr.io/acme/web:1
          securityContext:
            runAsNonRoot: true
    `,
  },
]);

itLeaves(disallowPrivileged, [
  { name: 'a container that does not say', manifest: container`` },
  {
    name: 'one that says false',
    manifest: container`
      securityContext: {privileged: false}
    `,
  },
  {
    name: 'a mount that only a privileged container may have',
    manifest: container`
      securityContext:
        privileged: true
      volumeMounts:
        - {name: pods, mountPath: /var/lib/kubelet/pods, mountPropagation: Bidirectional}
    `,
    reason: /mount "pods" is Bidirectional/,
  },
  {
    name: 'an image that works on the host',
    manifest: containerOf('ghcr.io/flannel-io/flannel:v0.28.9')`
      securityContext:
        privileged: true
    `,
    reason: /^flannel:v0.28.9 .*works on the host by nature \(hostNetwork, hostPath\)/,
  },
  {
    name: 'a pod that may run on Windows',
    manifest: pod`
      nodeSelector:
        kubernetes.io/os: windows
      containers:
        - name: web
          image: ghcr.io/acme/web:1
          securityContext:
            privileged: true
    `,
    reason: /may run on Windows/,
  },
  {
    name: 'a variable',
    manifest: container`
      securityContext:
        privileged: $PRIVILEGED
    `,
    reason: /filled in by another tool/,
  },
  {
    name: 'for a level, a pod that it allows',
    level: 'restricted',
    manifest: container`
      securityContext: {privileged: false}
    `,
  },
  {
    name: 'for a level, what Windows does not take and the level allows',
    level: 'baseline',
    manifest: pod`
      os: {name: windows}
      containers:
        - {name: web, image: ghcr.io/acme/web:1, securityContext: {privileged: false}}
    `,
  },
  {
    name: 'for a level, an image that works on the host',
    level: 'baseline',
    manifest: containerOf('ghcr.io/flannel-io/flannel:v0.28.9')`
      securityContext: {privileged: true}
    `,
    reason: /works on the host by nature/,
  },
]);

describe('disallow-privileged', () => {
  it('takes init containers and sidecars too', () => {
    const init = [
      { name: 'migrate', image: 'a', securityContext: { privileged: true } },
      { name: 'proxy', image: 'b', restartPolicy: 'Always', securityContext: { privileged: true } },
    ];
    const { findings } = evaluate([disallowPrivileged], deployment({}, { initContainers: init }));
    expect(findings.map(({ subject, message }) => `${subject}: ${message}`)).toEqual([
      'init container migrate: privileged: true',
      'sidecar proxy: privileged: true',
    ]);
  });

  it('does not take a string for true', () => {
    const { findings, value } = evaluate([disallowPrivileged], deployment({ securityContext: { privileged: 'true' } }));
    expect(findings).toEqual([]);
    expect(containerAt(value).securityContext).toEqual({ privileged: 'true' });
  });
});

describe('why disallow-privileged makes no change', () => {
  it.each<[string, JsonObject, JsonObject, string]>([
    ['an image that needs it', { image: 'ghcr.io/flannel-io/flannel:v0.28.9' }, {}, 'NEEDED'],
    ['a mount that needs it', { volumeMounts: [{ name: 'x', mountPropagation: 'Bidirectional' }] }, {}, 'NEEDED'],
    ['a pod that may run on Windows', {}, { nodeSelector: { 'kubernetes.io/os': 'windows' } }, 'WINDOWS'],
  ])('%s', (_, more, spec, obstacle) => {
    const object = deployment({ ...more, securityContext: { privileged: true } }, spec);
    expect(evaluate([disallowPrivileged], object).findings).toMatchObject([{ obstacle }]);
  });
});
