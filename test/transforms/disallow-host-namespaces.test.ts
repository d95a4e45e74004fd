import { describe, expect, it } from 'vitest';
import { disallowHostNamespaces } from '../../transforms/disallow-host-namespaces.js';
import { disallowHostProcess } from '../../transforms/disallow-host-process.js';
import { deployment, evaluate, podOf } from './evaluate.js';
import { container, itFixes, itLeaves, manifest, pod } from './harness.js';

itFixes(disallowHostNamespaces, [
  {
    name: 'all three; the comments stay',
    risk: 'high',
    before: pod`
      # Someone debugged here.
      hostNetwork: true
      hostPID: true
      hostIPC: true
      # No environment variables of Services.
      enableServiceLinks: false
      containers:
        - name: web
          image: nginx:1.27
          ports: [{containerPort: 8080}]
    `,
    after: pod`
      # Someone debugged here.
      # No environment variables of Services.
      enableServiceLinks: false
      containers:
        - name: web
          image: nginx:1.27
          ports: [{containerPort: 8080}]
    `,
  },
  {
    name: 'a DNS policy that is for the network of the host',
    risk: 'high',
    before: pod`
      dnsPolicy: ClusterFirstWithHostNet
      hostNetwork: true
      hostPID: false
      containers:
        - name: web
          image: nginx:1.27
    `,
    after: pod`
      hostPID: false
      containers:
        - name: web
          image: nginx:1.27
    `,
  },
  {
    name: 'another DNS policy stays, and so do ports of the host',
    risk: 'high',
    before: pod`
      dnsPolicy: Default
      hostNetwork: true
      containers:
        - name: web
          image: nginx:1.27
          ports: [{containerPort: 8080, hostPort: 8080}]
    `,
    after: pod`
      dnsPolicy: Default
      containers:
        - name: web
          image: nginx:1.27
          ports: [{containerPort: 8080, hostPort: 8080}]
    `,
  },
  {
    name: 'what was refused beside it: a sysctl, a user namespace',
    risk: 'high',
    before: pod`
      hostNetwork: true
      hostUsers: false
      securityContext:
        sysctls: [{name: net.ipv4.tcp_syncookies, value: '1'}]
      containers:
        - name: web
          image: nginx:1.27
    `,
    after: pod`
      hostUsers: false
      securityContext:
        sysctls: [{name: net.ipv4.tcp_syncookies, value: '1'}]
      containers:
        - name: web
          image: nginx:1.27
    `,
  },
  {
    name: 'a Windows pod whose containers are no processes of the host',
    risk: 'high',
    before: pod`
      os: {name: windows}
      hostNetwork: true
      securityContext: {windowsOptions: {hostProcess: false}}
      containers:
        - name: web
          image: nginx:1.27
    `,
    after: pod`
      os: {name: windows}
      securityContext: {windowsOptions: {hostProcess: false}}
      containers:
        - name: web
          image: nginx:1.27
    `,
  },
  {
    name: 'a pod that may run on Windows: nothing is written',
    risk: 'high',
    before: pod`
      hostNetwork: true
      nodeSelector: {kubernetes.io/os: windows}
      containers:
        - name: web
          image: nginx:1.27
    `,
    after: pod`
      nodeSelector: {kubernetes.io/os: windows}
      containers:
        - name: web
          image: nginx:1.27
    `,
  },
  {
    name: 'a namespace that an image is not known to need, in a run for baseline',
    risk: 'high',
    level: 'baseline',
    before: pod`
      hostNetwork: true
      hostIPC: true
      containers:
        - name: node-exporter
          image: quay.io/prometheus/node-exporter:v1.8.2
    `,
    after: pod`
      hostNetwork: true
      containers:
        - name: node-exporter
          image: quay.io/prometheus/node-exporter:v1.8.2
    `,
  },
  {
    name: 'an image of which nothing is known, in a run for baseline',
    risk: 'high',
    level: 'baseline',
    before: pod`
      hostPID: true
      containers: [{name: web, image: 'ghcr.io/acme/web:1'}]
    `,
    after: pod`
      containers: [{name: web, image: 'ghcr.io/acme/web:1'}]
    `,
  },
  {
    name: 'a Pod, to whose ports the API server gives host ports',
    risk: 'high',
    level: 'baseline',
    before: manifest`
      apiVersion: v1
      kind: Pod
      metadata:
        name: web
      spec:
        hostNetwork: true
        containers:
          - name: web
            image: nginx:1.27
            ports:
              - containerPort: 8080
    `,
    after: manifest`
      apiVersion: v1
      kind: Pod
      metadata:
        name: web
      spec:
        containers:
          - name: web
            image: nginx:1.27
            ports:
              - containerPort: 8080
    `,
  },
]);

itLeaves(disallowHostNamespaces, [
  { name: 'a pod that does not say', manifest: container`` },
  {
    name: 'one that says false',
    manifest: pod`
      hostNetwork: false
      hostPID: false
      hostIPC: false
      containers: [{name: web, image: 'nginx:1.27'}]
    `,
  },
  {
    name: 'a DNS policy that does not matter, without hostNetwork',
    manifest: pod`
      dnsPolicy: ClusterFirstWithHostNet
      containers: [{name: web, image: 'nginx:1.27'}]
    `,
  },
  {
    name: 'strings, which the API server does not decode',
    manifest: pod`
      hostNetwork: 'true'
      containers: [{name: web, image: 'nginx:1.27'}]
    `,
  },
  {
    name: 'a variable',
    manifest: pod`
      hostNetwork: $HOST_NETWORK
      containers: [{name: web, image: 'nginx:1.27'}]
    `,
    reason: /hostNetwork is filled in by another tool/,
  },
  {
    name: 'a variable, in a run for baseline',
    level: 'baseline',
    manifest: pod`
      hostPID: $HOST_PID
      containers: [{name: web, image: 'nginx:1.27'}]
    `,
    reason: /hostPID is filled in by another tool/,
  },
  {
    name: 'an image that works on the network of the host',
    manifest: pod`
      hostNetwork: true
      containers: [{name: kube-flannel, image: 'ghcr.io/flannel-io/flannel:v0.28.9'}]
    `,
    reason: /^flannel:v0.28.9 .*works on the host by nature \(hostNetwork, hostPath\)/,
  },
  {
    name: 'an image that looks at the processes of the host',
    manifest: pod`
      hostPID: true
      containers: [{name: node-exporter, image: 'quay.io/prometheus/node-exporter:v1.8.2'}]
    `,
    reason: /^node-exporter:v1.8.2 .*works on the host by nature/,
  },
  {
    name: 'an image of which nothing is known',
    manifest: pod`
      hostNetwork: true
      containers: [{name: web, image: 'ghcr.io/acme/web:1'}]
    `,
    reason: /^what ghcr.io\/acme\/web:1 does on the node is not known; --profile pss-baseline removes it all the same$/,
  },
  {
    name: 'a known image with a program of its own',
    manifest: pod`
      hostIPC: true
      containers: [{name: web, image: 'nginx:1.27', command: [sh, -c, ./measure]}]
    `,
    reason: /^it may work on its node: hostIPC: true; --profile pss-baseline/,
  },
  {
    name: 'a known image beside one that is not',
    manifest: pod`
      hostNetwork: true
      containers: [{name: web, image: 'nginx:1.27'}, {name: log, image: 'ghcr.io/acme/log:1'}]
    `,
    reason: /log:1 does on the node is not known/,
  },
  {
    name: 'a known image that may write to the folders of the host',
    manifest: pod`
      hostNetwork: true
      containers:
        - name: web
          image: 'nginx:1.27'
          command: [nginx-agent]
          volumeMounts: [{name: run, mountPath: /run}]
      volumes: [{name: run, hostPath: {path: /run}}]
    `,
    reason: /^it may work on its node: it may write to \/run of the host/,
  },
  {
    name: 'a controller, which may be there for the API server',
    manifest: pod`
      hostNetwork: true
      containers: [{name: web, image: 'registry.k8s.io/autoscaling/cluster-autoscaler:v1.32.1'}]
    `,
    reason: /^what registry.k8s.io\/autoscaling\/cluster-autoscaler:v1.32.1 does on the node is not known/,
  },
  {
    name: 'containers that cannot be read',
    manifest: pod`
      hostPID: true
      containers: [$SIDECAR, {name: web, image: 'nginx:1.27'}]
    `,
    reason: /^not all of its containers can be read here/,
  },
  {
    name: 'a HostProcess pod, which needs the network of the host',
    manifest: pod`
      os: {name: windows}
      hostNetwork: true
      securityContext: {windowsOptions: {hostProcess: true}}
      containers: [{name: web, image: 'nginx:1.27'}]
    `,
    reason: /^hostProcess needs it; fix that first$/,
  },
  {
    name: 'a container that may be a HostProcess',
    manifest: pod`
      hostNetwork: true
      containers:
        - name: web
          image: nginx:1.27
          securityContext: {windowsOptions: {hostProcess: $HOST_PROCESS}}
    `,
    reason: /^hostProcess needs it; fix that first$/,
  },
  {
    name: 'a pod for which someone said no',
    manifest: manifest`
      apiVersion: v1
      kind: Pod
      metadata:
        name: web
        annotations:
          kubemend.dev/ignore: 'disallow-host-namespaces: it measures the node'
      spec:
        hostPID: true
        containers: [{name: web, image: 'nginx:1.27'}]
    `,
    reason: /it measures the node/,
  },
  {
    name: 'in a run for baseline, a pod that passes',
    level: 'baseline',
    manifest: pod`
      hostNetwork: false
      dnsPolicy: ClusterFirstWithHostNet
      containers: [{name: web, image: 'nginx:1.27', ports: [{containerPort: 80, hostPort: 80}]}]
    `,
  },
]);

describe('disallow-host-namespaces', () => {
  it('has a finding for each field, and one for the field with the DNS policy', () => {
    const object = deployment(
      { image: 'nginx:1.27' },
      { hostNetwork: true, hostPID: true, dnsPolicy: 'ClusterFirstWithHostNet' },
    );
    const { findings, value } = evaluate([disallowHostNamespaces], object);
    expect(findings.map(({ message, changes, evidence }) => [message, changes.length, evidence])).toEqual([
      ['hostNetwork: true', 2, 'someone wrote it, and dnsPolicy: ClusterFirstWithHostNet, which means ClusterFirst without it'],
      ['hostPID: true', 1, 'someone wrote it'],
    ]);
    expect(Object.keys(podOf(value))).toEqual(['containers']);
  });

  it('says what stands in the way in a code', () => {
    const object = deployment({ image: 'ghcr.io/flannel-io/flannel:v0.28.9' }, { hostNetwork: true, hostIPC: true });
    const { findings } = evaluate([disallowHostNamespaces], object);
    expect(findings.map(({ message, obstacle }) => [message, obstacle])).toEqual([
      ['hostNetwork: true', 'NEEDED'],
      ['hostIPC: true', 'NEEDED'],
    ]);
  });

  it('goes on where the processes of the host are mended', () => {
    const object = deployment(
      { image: 'nginx:1.27' },
      { hostNetwork: true, securityContext: { windowsOptions: { hostProcess: true } } },
    );
    const { value } = evaluate([disallowHostProcess, disallowHostNamespaces], object, { level: 'baseline' });
    expect(podOf(value)).not.toHaveProperty('hostNetwork');
    const held = evaluate([disallowHostProcess, disallowHostNamespaces], object, { maxRisk: 'medium', level: 'baseline' });
    expect(held.findings.map(({ unless }) => unless)).toEqual([undefined, 'hostProcess needs it; fix that first']);
  });

  it('does not reach a container for which someone said no', () => {
    const object = deployment({ image: 'nginx:1.27' }, { hostPID: true });
    const suppressed = [['spec', 'template', 'spec', 'containers', 0]];
    const { findings, value } = evaluate([disallowHostNamespaces], object, { suppressed });
    expect(findings[0]?.unless).toMatch(/someone said no/);
    expect(value).toEqual(object);
  });
});
