import { describe, expect, it } from 'vitest';
import { disallowHostProcess } from '../../transforms/disallow-host-process.js';
import { containerOf as containerAt, deployment, evaluate, podOf } from './evaluate.js';
import { container, itFixes, itLeaves, manifest, pod } from './harness.js';

itFixes(disallowHostProcess, [
  {
    name: 'a pod that says so, whose user stays',
    risk: 'high',
    level: 'baseline',
    before: pod`
      os:
        name: windows
      hostNetwork: true
      securityContext:
        windowsOptions:
          hostProcess: true
          runAsUserName: NT AUTHORITY\SYSTEM # of the node
      containers:
        - name: web
          image: ghcr.io/acme/web:1
    `,
    after: pod`
      os:
        name: windows
      hostNetwork: true
      securityContext:
        windowsOptions:
          runAsUserName: NT AUTHORITY\SYSTEM # of the node
      containers:
        - name: web
          image: ghcr.io/acme/web:1
    `,
  },
  {
    name: 'pod and containers at once, and options that hold nothing else',
    risk: 'high',
    level: 'baseline',
    before: pod`
      os: {name: windows}
      hostNetwork: true
      securityContext:
        runAsNonRoot: true
        windowsOptions: {hostProcess: true}
      initContainers:
        - name: setup
          image: ghcr.io/acme/setup:1
          securityContext:
            windowsOptions:
              hostProcess: true
      containers:
        - name: web
          image: ghcr.io/acme/web:1
          securityContext:
            runAsNonRoot: true
            windowsOptions:
              hostProcess: true
    `,
    after: pod`
      os: {name: windows}
      hostNetwork: true
      securityContext:
        runAsNonRoot: true
      initContainers:
        - name: setup
          image: ghcr.io/acme/setup:1
          securityContext: {}
      containers:
        - name: web
          image: ghcr.io/acme/web:1
          securityContext:
            runAsNonRoot: true
    `,
  },
  {
    name: 'a pod that nothing else tells to be for Windows',
    risk: 'high',
    level: 'baseline',
    before: pod`
      hostNetwork: true
      securityContext:
        windowsOptions:
          hostProcess: true
      containers:
        - name: web
          image: ghcr.io/acme/web:1
    `,
    after: pod`
      hostNetwork: true
      securityContext:
        windowsOptions: {}
      containers:
        - name: web
          image: ghcr.io/acme/web:1
    `,
  },
  {
    name: 'a container that nothing else tells to be for Windows',
    risk: 'high',
    level: 'baseline',
    before: pod`
      hostNetwork: true
      containers:
        - name: web
          image: ghcr.io/acme/web:1
          securityContext:
            windowsOptions:
              hostProcess: true
    `,
    after: pod`
      hostNetwork: true
      containers:
        - name: web
          image: ghcr.io/acme/web:1
          securityContext:
            windowsOptions: {}
    `,
  },
  {
    name: 'in a run for baseline, one of two containers that the API server would refuse together',
    risk: 'high',
    level: 'baseline',
    before: pod`
      nodeSelector: {kubernetes.io/os: windows}
      containers:
        - name: web
          image: ghcr.io/acme/web:1
          securityContext: {windowsOptions: {hostProcess: true, runAsUserName: app}}
        - name: log
          image: ghcr.io/acme/log:1
          securityContext: {windowsOptions: {hostProcess: false}}
    `,
    after: pod`
      nodeSelector: {kubernetes.io/os: windows}
      containers:
        - name: web
          image: ghcr.io/acme/web:1
          securityContext: {windowsOptions: {runAsUserName: app}}
        - name: log
          image: ghcr.io/acme/log:1
          securityContext: {windowsOptions: {hostProcess: false}}
    `,
  },
]);

itLeaves(disallowHostProcess, [
  { name: 'a container that does not say', manifest: container`` },
  {
    name: 'one that says false',
    manifest: container`
      securityContext: {windowsOptions: {hostProcess: false}}
    `,
  },
  {
    name: 'a Windows pod with another user',
    manifest: pod`
      os: {name: windows}
      securityContext: {windowsOptions: {runAsUserName: ContainerUser}}
      containers:
        - name: web
          image: ghcr.io/acme/web:1
          securityContext: {windowsOptions: {}}
    `,
  },
  {
    name: 'a string, which the API server does not decode',
    manifest: container`
      securityContext: {windowsOptions: {hostProcess: 'true'}}
    `,
  },
  {
    name: 'processes that are there to work on the node, in a run that is for no level',
    manifest: pod`
      os: {name: windows}
      hostNetwork: true
      securityContext: {windowsOptions: {hostProcess: true}}
      containers:
        - name: web
          image: ghcr.io/acme/web:1
    `,
    reason: /there to work on the node; --profile pss-baseline removes it/,
  },
  {
    name: 'a variable',
    manifest: container`
      securityContext:
        windowsOptions:
          hostProcess: $HOST_PROCESS
    `,
    reason: /hostProcess is filled in by another tool/,
  },
  {
    name: 'a variable beside a value: all of them, or none',
    level: 'baseline',
    manifest: pod`
      os: {name: windows}
      hostNetwork: true
      containers:
        - name: web
          image: ghcr.io/acme/web:1
          securityContext: {windowsOptions: {hostProcess: true}}
        - name: log
          image: ghcr.io/acme/log:1
          securityContext: {windowsOptions: {hostProcess: $HOST_PROCESS}}
    `,
    reason: /hostProcess is filled in by another tool/,
  },
  {
    name: 'a variable for a whole security context on Linux, of which nothing says that it is about Windows',
    manifest: pod`
      securityContext: $SECURITY_CONTEXT
      containers:
        - name: web
          image: ghcr.io/acme/web:1
    `,
  },
  {
    name: 'a variable for a whole security context on Windows',
    manifest: pod`
      os: {name: windows}
      securityContext: $SECURITY_CONTEXT
      containers:
        - name: web
          image: ghcr.io/acme/web:1
    `,
    reason: /securityContext is filled in by another tool/,
  },
  {
    name: 'a pod with a container that cannot be read',
    manifest: pod`
      os: {name: windows}
      hostNetwork: true
      securityContext: {windowsOptions: {hostProcess: true}}
      containers:
        - $SIDECAR
        - name: web
          image: ghcr.io/acme/web:1
    `,
    reason: /all containers or none, and some of them cannot be read/,
  },
  {
    name: 'a container for which someone said no',
    manifest: manifest`
      apiVersion: v1
      kind: Pod
      metadata:
        name: web
        annotations:
          kubemend.dev/ignore: 'disallow-host-process: installs the CNI'
      spec:
        hostNetwork: true
        securityContext: {windowsOptions: {hostProcess: true}}
        containers: [{name: web, image: 'ghcr.io/acme/web:1'}]
    `,
    reason: /installs the CNI/,
  },
  {
    name: 'in a run for baseline, a pod that passes',
    level: 'baseline',
    manifest: pod`
      os: {name: windows}
      hostNetwork: true
      securityContext: {windowsOptions: {hostProcess: false}}
      containers:
        - name: web
          image: ghcr.io/acme/web:1
    `,
  },
]);

describe('disallow-host-process', () => {
  const windows = { windowsOptions: { hostProcess: true } };

  it('is one finding on the pod, which says who wrote it', () => {
    const init = [{ name: 'setup', image: 'a', securityContext: windows }];
    const object = deployment(
      { securityContext: windows },
      { hostNetwork: true, securityContext: windows, initContainers: init },
    );
    const { findings, value } = evaluate([disallowHostProcess], object, { level: 'baseline' });
    expect(findings).toHaveLength(1);
    expect(findings[0]).toMatchObject({
      subject: 'pod',
      message: 'hostProcess: true',
      evidence: 'someone wrote it on container web, init container setup',
    });
    expect(podOf(value).securityContext).toEqual({ windowsOptions: {} });
    expect(containerAt(value).securityContext).toEqual({});
  });

  it('does not reach a container for which someone said no', () => {
    const object = deployment({}, { os: { name: 'windows' }, hostNetwork: true, securityContext: windows });
    const suppressed = [['spec', 'template', 'spec', 'containers', 0]];
    const { findings, value } = evaluate([disallowHostProcess], object, { suppressed });
    expect(findings[0]?.unless).toMatch(/someone said no/);
    expect(value).toEqual(object);
  });
});
