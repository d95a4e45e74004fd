import { describe, expect, it } from 'vitest';
import { setSelinuxOptions } from '../../transforms/set-selinux-options.js';
import { containerOf as containerAt, deployment, evaluate, podOf } from './evaluate.js';
import { container, containerOf, itFixes, itLeaves, pod } from './harness.js';

itFixes(setSelinuxOptions, [
  {
    name: 'a type that is not confined, with all options',
    risk: 'high',
    level: 'baseline',
    before: container`
      securityContext:
        seLinuxOptions:
          type: spc_t
        runAsUser: 1000 # as built
    `,
    after: container`
      securityContext:
        runAsUser: 1000 # as built
    `,
  },
  {
    name: 'user and role of the pod, whose level stays',
    risk: 'high',
    before: pod`
      securityContext:
        seLinuxOptions:
          user: system_u
          role: system_r
          type: container_t
          level: s0:c123,c456 # shared with the importer
      containers:
        - name: web
          image: ghcr.io/acme/web:1
    `,
    after: pod`
      securityContext:
        seLinuxOptions:
          type: container_t
          level: s0:c123,c456 # shared with the importer
      containers:
        - name: web
          image: ghcr.io/acme/web:1
    `,
  },
  {
    name: 'a type that an older version of the range does not allow',
    risk: 'high',
    kubernetes: '1.30-1.33',
    before: container`
      securityContext:
        seLinuxOptions:
          level: s0
          type: container_engine_t
    `,
    after: container`
      securityContext:
        seLinuxOptions:
          level: s0
    `,
  },
  {
    name: 'what is left says nothing',
    risk: 'high',
    level: 'restricted',
    before: pod`
      containers:
        - name: web
          image: ghcr.io/acme/web:1
          securityContext:
            seLinuxOptions: {type: super_t, user: '', level: null}
            privileged: false
    `,
    after: pod`
      containers:
        - name: web
          image: ghcr.io/acme/web:1
          securityContext:
            privileged: false
    `,
  },
  {
    name: 'a pod that may run on Windows, from which it may go',
    risk: 'high',
    before: pod`
      nodeSelector:
        kubernetes.io/os: windows
      securityContext:
        seLinuxOptions:
          role: object_r
          level: s0
      containers:
        - name: web
          image: ghcr.io/acme/web:1
    `,
    after: pod`
      nodeSelector:
        kubernetes.io/os: windows
      securityContext:
        seLinuxOptions:
          level: s0
      containers:
        - name: web
          image: ghcr.io/acme/web:1
    `,
  },
]);

itLeaves(setSelinuxOptions, [
  { name: 'a container that does not say', manifest: container`` },
  {
    name: 'a level alone',
    manifest: container`
      securityContext:
        seLinuxOptions:
          level: s0:c1,c2
    `,
  },
  {
    name: 'each type that is allowed on all versions',
    manifest: pod`
      securityContext:
        seLinuxOptions: {type: container_t}
      initContainers:
        - name: a
          image: ghcr.io/acme/web:1
          securityContext: {seLinuxOptions: {type: container_init_t}}
        - name: b
          image: ghcr.io/acme/web:1
          securityContext: {seLinuxOptions: {type: container_kvm_t}}
      containers:
        - name: c
          image: ghcr.io/acme/web:1
          securityContext: {seLinuxOptions: {type: container_engine_t}}
    `,
  },
  {
    name: 'empty texts, an empty map and null',
    manifest: pod`
      securityContext:
        seLinuxOptions: {type: '', user: '', role: ''}
      containers:
        - name: a
          image: ghcr.io/acme/web:1
          securityContext: {seLinuxOptions: {}}
        - name: b
          image: ghcr.io/acme/web:1
          securityContext: {seLinuxOptions: null}
        - name: c
          image: ghcr.io/acme/web:1
          securityContext: {seLinuxOptions: {user: null}}
    `,
  },
  {
    name: 'values that no API server decodes',
    manifest: container`
      securityContext:
        seLinuxOptions: {type: 5, user: [a]}
    `,
  },
  {
    name: 'a pod of Windows that passes',
    level: 'baseline',
    manifest: pod`
      os: {name: windows}
      securityContext:
        windowsOptions: {runAsUserName: ContainerUser}
      containers:
        - name: web
          image: ghcr.io/acme/web:1
    `,
  },
  {
    name: 'a variable for the options',
    manifest: container`
      securityContext:
        seLinuxOptions: $SELINUX
    `,
    reason: /filled in by another tool/,
  },
  {
    name: 'a variable for the type, in a run for a level',
    level: 'baseline',
    manifest: container`
      securityContext:
        seLinuxOptions:
          type: $SELINUX_TYPE
          user: system_u
    `,
    reason: /type is filled in by another tool/,
  },
  {
    name: "a container that would get the pod's options instead, which must stay",
    manifest: pod`
      securityContext:
        seLinuxOptions: {type: spc_t}
      containers:
        - name: log
          image: docker.io/fluent/fluent-bit:4.0
        - name: web
          image: ghcr.io/acme/web:1
          securityContext:
            seLinuxOptions: {role: r}
    `,
    reason: /^the pod's options would hold instead, and are no better; fix those first$/,
  },
  {
    name: 'an image that works on the host',
    manifest: containerOf('docker.io/fluent/fluent-bit:4.0')`
      securityContext:
        seLinuxOptions:
          type: spc_t
    `,
    reason: /^fluent-bit:4.0 .*works on the host by nature/,
  },
]);

describe('set-selinux-options', () => {
  const options = { seLinuxOptions: { type: 'spc_t' } };

  it("says that the pod's options hold where a container's go", () => {
    const object = deployment(
      { securityContext: options },
      { securityContext: { seLinuxOptions: { type: 'container_t', level: 's0' } } },
    );
    const { findings, value } = evaluate([setSelinuxOptions], object);
    expect(findings.map(({ subject, message, evidence }) => ({ subject, message, evidence }))).toEqual([
      {
        subject: 'container web',
        message: 'SELinux type spc_t',
        evidence: "someone wrote it; the pod's options hold without it",
      },
    ]);
    expect(containerAt(value).securityContext).toEqual({});
  });

  it('has one finding for the pod and one for each container', () => {
    const object = deployment({ securityContext: { seLinuxOptions: { user: 'u', role: 'r' } } }, { securityContext: options });
    const { findings } = evaluate([setSelinuxOptions], object);
    expect(findings.map(({ subject, message }) => `${subject}: ${message}`)).toEqual([
      'pod: SELinux type spc_t',
      'container web: SELinux user u, role r',
    ]);
  });

  it('leaves the pod where it would reach a container for which someone said no', () => {
    const suppressed = [['spec', 'template', 'spec', 'containers', 0]];
    const { value } = evaluate([setSelinuxOptions], deployment({}, { securityContext: options }), { suppressed });
    expect(podOf(value).securityContext).toEqual(options);
    const own = deployment({ securityContext: { seLinuxOptions: { level: 's0' } } }, { securityContext: options });
    expect(podOf(evaluate([setSelinuxOptions], own, { suppressed }).value).securityContext).toEqual({});
  });
});
