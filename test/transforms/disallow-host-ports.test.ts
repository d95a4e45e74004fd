import { describe, expect, it } from 'vitest';
import { disallowHostNamespaces } from '../../transforms/disallow-host-namespaces.js';
import { disallowHostPorts } from '../../transforms/disallow-host-ports.js';
import { containerOf as containerAt, deployment, evaluate } from './evaluate.js';
import { container, itFixes, itLeaves, manifest, pod } from './harness.js';

itFixes(disallowHostPorts, [
  {
    name: 'the port of the host, and nothing else of the port',
    risk: 'high',
    before: container`
      ports:
        - name: http
          containerPort: 8080 # the application
          hostPort: 80
          protocol: TCP
        - containerPort: 9090
    `,
    after: container`
      ports:
        - name: http
          containerPort: 8080 # the application
          protocol: TCP
        - containerPort: 9090
    `,
  },
  {
    name: 'the address beside it; 0 and an address alone stay',
    risk: 'high',
    level: 'baseline',
    before: container`
      ports:
        - {containerPort: 8080, hostPort: 80, hostIP: 10.0.0.1}
        - {containerPort: 8081, hostPort: 0, hostIP: 10.0.0.1}
        - hostPort: 9090
          hostIP: 127.0.0.1
          containerPort: 9090
        - hostIP: 127.0.0.1
          containerPort: 9091
    `,
    after: container`
      ports:
        - {containerPort: 8080}
        - {containerPort: 8081, hostPort: 0, hostIP: 10.0.0.1}
        - containerPort: 9090
        - hostIP: 127.0.0.1
          containerPort: 9091
    `,
  },
  {
    name: 'init containers, too, and on Windows',
    risk: 'high',
    before: pod`
      os: {name: windows}
      initContainers:
        - name: setup
          image: ghcr.io/acme/setup:1
          ports: [{containerPort: 8080, hostPort: 8080}]
      containers:
        - name: web
          image: ghcr.io/acme/web:1
          ports: [{containerPort: 8080, hostPort: 8080}]
    `,
    after: pod`
      os: {name: windows}
      initContainers:
        - name: setup
          image: ghcr.io/acme/setup:1
          ports: [{containerPort: 8080}]
      containers:
        - name: web
          image: ghcr.io/acme/web:1
          ports: [{containerPort: 8080}]
    `,
  },
  {
    name: 'ports that differ in nothing then, which the API server takes',
    risk: 'high',
    before: container`
      ports:
        - {containerPort: 53, protocol: UDP, hostPort: 53, hostIP: 10.0.0.1}
        - {containerPort: 53, protocol: UDP, hostPort: 53, hostIP: 127.0.0.1}
    `,
    after: container`
      ports:
        - {containerPort: 53, protocol: UDP}
        - {containerPort: 53, protocol: UDP}
    `,
  },
]);

itLeaves(disallowHostPorts, [
  { name: 'a container without ports', manifest: container`` },
  {
    name: 'one whose ports are its own',
    manifest: container`
      ports: [{containerPort: 80}, {containerPort: 81, hostPort: 0}, {containerPort: 82, hostPort: null}]
    `,
  },
  {
    name: 'a string, which the API server does not decode',
    manifest: container`
      ports: [{containerPort: 80, hostPort: '80'}]
    `,
  },
  {
    name: 'ports that are none',
    manifest: container`
      ports: [80, null]
    `,
  },
  {
    name: 'a variable',
    manifest: container`
      ports:
        - containerPort: 80
          hostPort: $HOST_PORT
    `,
    reason: /hostPort is filled in by another tool/,
  },
  {
    name: 'a variable for all ports, which says nothing of the host',
    manifest: container`
      ports: $PORTS
    `,
  },
  {
    name: 'a port on the network of the host, where it would be the same',
    manifest: pod`
      hostNetwork: true
      containers:
        - name: web
          image: ghcr.io/acme/web:1
          ports: [{containerPort: 80, hostPort: 80}]
    `,
    reason: /^hostNetwork: true gives every port one; fix that first$/,
  },
  {
    name: 'a port on what may be the network of the host',
    level: 'baseline',
    manifest: pod`
      hostNetwork: $HOST_NETWORK
      containers:
        - name: web
          image: ghcr.io/acme/web:1
          ports: [{containerPort: 80, hostPort: 80}]
    `,
    reason: /^hostNetwork may give every port one; fix that first$/,
  },
  {
    name: 'a Pod whose ports nobody gave to the host, but hostNetwork does',
    level: 'baseline',
    manifest: manifest`
      apiVersion: v1
      kind: Pod
      metadata:
        name: web
      spec:
        hostNetwork: true
        containers:
          - name: web
            image: ghcr.io/acme/web:1
            ports: [{containerPort: 80}]
    `,
  },
  {
    name: 'a Pod for which someone said no',
    manifest: manifest`
      apiVersion: v1
      kind: Pod
      metadata:
        name: web
        annotations:
          kubemend.dev/ignore: 'disallow-host-ports: the router forwards to it'
      spec:
        containers:
          - name: web
            image: ghcr.io/acme/web:1
            ports: [{containerPort: 80, hostPort: 80}]
    `,
    reason: /the router forwards to it/,
  },
  {
    name: 'in a run for baseline, a pod that passes',
    level: 'baseline',
    manifest: container`
      ports: [{containerPort: 80, hostPort: 0, hostIP: 127.0.0.1}]
    `,
  },
]);

describe('disallow-host-ports', () => {
  it('has one finding for each container, with all its ports', () => {
    const ports = [
      { containerPort: 80, hostPort: 80 },
      { containerPort: 443, hostPort: 8443, hostIP: '10.0.0.1' },
    ];
    const { findings, value } = evaluate([disallowHostPorts], deployment({ ports }));
    expect(findings.map(({ subject, message }) => `${subject}: ${message}`)).toEqual(['container web: hostPort 80, 8443']);
    expect(containerAt(value).ports).toEqual([{ containerPort: 80 }, { containerPort: 443 }]);
  });

  it('goes on where the network of the host is mended', () => {
    const object = deployment({ image: 'nginx:1.27', ports: [{ containerPort: 80, hostPort: 80 }] }, { hostNetwork: true });
    const { value } = evaluate([disallowHostNamespaces, disallowHostPorts], object);
    expect(containerAt(value).ports).toEqual([{ containerPort: 80 }]);
    const held = evaluate([disallowHostNamespaces, disallowHostPorts], object, { maxRisk: 'medium' });
    expect(held.findings.map(({ unless }) => unless)).toEqual([undefined, expect.stringMatching(/fix that first/)]);
  });
});
