import { describe, expect, it } from 'vitest';
import { disallowHostProbes } from '../../transforms/disallow-host-probes.js';
import { deployment, evaluate } from './evaluate.js';
import { container, itFixes, itLeaves, manifest, pod } from './harness.js';

itFixes(disallowHostProbes, [
  {
    name: 'the host of every probe and handler of a container',
    risk: 'high',
    before: container`
      livenessProbe:
        httpGet:
          # Not from outside.
          host: 127.0.0.1
          path: /healthz # without a session
          port: 8080
      readinessProbe:
        tcpSocket: {host: localhost, port: 8080}
        periodSeconds: 5
      startupProbe:
        tcpSocket:
          port: 8080
          host: "::1"
      lifecycle:
        postStart:
          httpGet: {path: /register, port: 80, host: registry.example.com}
        preStop:
          tcpSocket:
            port: 8080
            host: 10.0.0.1
    `,
    after: container`
      livenessProbe:
        httpGet:
          # Not from outside.
          path: /healthz # without a session
          port: 8080
      readinessProbe:
        tcpSocket: {port: 8080}
        periodSeconds: 5
      startupProbe:
        tcpSocket:
          port: 8080
      lifecycle:
        postStart:
          httpGet: {path: /register, port: 80}
        preStop:
          tcpSocket:
            port: 8080
    `,
  },
  {
    name: 'sidecars, too, in a run for baseline',
    risk: 'high',
    level: 'baseline',
    kubernetes: '1.33-1.34',
    before: pod`
      initContainers:
        - name: proxy
          image: ghcr.io/acme/proxy:1
          restartPolicy: Always
          readinessProbe: {httpGet: {host: 127.0.0.1, port: 15021}}
      containers:
        - name: web
          image: ghcr.io/acme/web:1
    `,
    after: pod`
      initContainers:
        - name: proxy
          image: ghcr.io/acme/proxy:1
          restartPolicy: Always
          readinessProbe: {httpGet: {port: 15021}}
      containers:
        - name: web
          image: ghcr.io/acme/web:1
    `,
  },
  {
    name: 'on Windows and on the network of the host',
    risk: 'high',
    kubernetes: '1.34',
    before: pod`
      os: {name: windows}
      hostNetwork: true
      containers:
        - name: web
          image: ghcr.io/acme/web:1
          livenessProbe: {tcpSocket: {host: 127.0.0.1, port: 80}}
    `,
    after: pod`
      os: {name: windows}
      hostNetwork: true
      containers:
        - name: web
          image: ghcr.io/acme/web:1
          livenessProbe: {tcpSocket: {port: 80}}
    `,
  },
]);

itLeaves(disallowHostProbes, [
  { name: 'a container without probes', manifest: container`` },
  {
    name: 'probes and handlers that name no host',
    manifest: container`
      livenessProbe: {httpGet: {path: /, port: 80, host: ''}}
      readinessProbe: {tcpSocket: {port: 80, host: null}}
      startupProbe: {grpc: {port: 80}}
      lifecycle: {preStop: {sleep: {seconds: 5}}, postStart: {exec: {command: ['true']}}}
    `,
  },
  {
    name: 'the header of that name, and names elsewhere',
    manifest: container`
      livenessProbe: {httpGet: {path: /, port: 80, httpHeaders: [{name: Host, value: example.com}]}}
      readinessProbe: {exec: {command: [curl, 'http://127.0.0.1'], host: 127.0.0.1}}
    `,
  },
  {
    name: 'a host before the check was there',
    kubernetes: '1.30-1.33',
    manifest: container`
      livenessProbe: {httpGet: {host: 127.0.0.1, port: 80}}
    `,
  },
  {
    name: 'the same in a run for baseline',
    kubernetes: '1.33',
    level: 'baseline',
    manifest: container`
      livenessProbe: {httpGet: {host: 127.0.0.1, port: 80}}
    `,
  },
  {
    name: 'a number, which the API server does not decode',
    manifest: container`
      livenessProbe: {httpGet: {host: 127, port: 80}}
    `,
  },
  {
    name: 'a variable',
    manifest: container`
      livenessProbe:
        httpGet:
          host: $PROBE_HOST
          port: 80
    `,
    reason: /host is filled in by another tool/,
  },
  {
    name: 'a variable for more than a host, which says nothing of one',
    manifest: container`
      livenessProbe: $LIVENESS
      readinessProbe: {httpGet: $READINESS}
    `,
  },
  {
    name: 'a variable beside a host that can be read: all of a container, or nothing',
    manifest: container`
      livenessProbe: {httpGet: {host: 127.0.0.1, port: 80}}
      readinessProbe: {httpGet: {host: $PROBE_HOST, port: 80}}
    `,
    reason: /host is filled in by another tool/,
  },
  {
    name: 'a Pod for which someone said no',
    manifest: manifest`
      apiVersion: v1
      kind: Pod
      metadata:
        name: web
        annotations:
          kubemend.dev/ignore: 'disallow-host-probes: listens on the loopback until 2.0'
      spec:
        hostNetwork: true
        containers:
          - name: web
            image: ghcr.io/acme/web:1
            livenessProbe: {tcpSocket: {host: 127.0.0.1, port: 80}}
    `,
    reason: /listens on the loopback/,
  },
  {
    name: 'in a run for baseline, a pod that passes',
    level: 'baseline',
    manifest: container`
      livenessProbe: {httpGet: {host: '', port: 80}}
    `,
  },
]);

describe('disallow-host-probes', () => {
  it('has one finding for each container, which says what is asked', () => {
    const fields = {
      livenessProbe: { httpGet: { host: '127.0.0.1', port: 80 } },
      lifecycle: { preStop: { tcpSocket: { host: '$HOST', port: 80 } } },
    };
    const { findings } = evaluate([disallowHostProbes], deployment(fields));
    expect(findings.map(({ subject, message }) => `${subject}: ${message}`)).toEqual([
      'container web: livenessProbe asks 127.0.0.1, preStop may ask another host',
    ]);
  });
});
