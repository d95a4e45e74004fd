import { dropCapabilities } from '../../transforms/drop-capabilities.js';
import { container, containerOf, itFixes, itLeaves, manifest, pod } from './harness.js';

itFixes(dropCapabilities, [
  {
    name: 'an unknown image',
    risk: 'high',
    before: container``,
    after: container`
      securityContext:
        capabilities:
          drop: [ALL]
    `,
  },
  {
    name: 'what nginx needs is given back',
    risk: 'medium',
    before: containerOf('nginx:1.27')`
      ports: [{containerPort: 80}] # http
    `,
    after: containerOf('nginx:1.27')`
      securityContext:
        capabilities:
          drop: [ALL]
          add: [CHOWN, NET_BIND_SERVICE, SETGID, SETUID]
      ports: [{containerPort: 80}] # http
    `,
  },
  {
    name: 'what is added already is not added again',
    risk: 'medium',
    before: containerOf('redis:7')`
      securityContext:
        capabilities:
          add:
            - SETUID # gosu
    `,
    after: containerOf('redis:7')`
      securityContext:
        capabilities:
          drop:
            - ALL
          add:
            - SETUID # gosu
            - CHOWN
            - DAC_OVERRIDE
            - SETGID
    `,
  },
  {
    name: 'a port below 1024 of a process that may be root',
    risk: 'high',
    before: container`
      ports:
        - containerPort: 80
    `,
    after: container`
      securityContext:
        capabilities:
          drop: [ALL]
          add: [NET_BIND_SERVICE]
      ports:
        - containerPort: 80
    `,
  },
  {
    name: 'a user that is not root',
    risk: 'medium',
    before: container`
      securityContext:
        runAsUser: 1000
      ports:
        - containerPort: 8080
    `,
    after: container`
      securityContext:
        runAsUser: 1000
        capabilities:
          drop: [ALL]
      ports:
        - containerPort: 8080
    `,
  },
  {
    name: 'a user that is not root on a port below 1024, for whom NET_BIND_SERVICE would do nothing',
    risk: 'high',
    before: container`
      securityContext:
        runAsUser: 1000
      ports:
        - containerPort: 80
    `,
    after: container`
      securityContext:
        runAsUser: 1000
        capabilities:
          drop: [ALL]
      ports:
        - containerPort: 80
    `,
  },
  {
    name: 'the same beside NET_BIND_SERVICE, which stays for the file that it executes',
    risk: 'medium',
    before: container`
      securityContext:
        runAsUser: 1000
        capabilities:
          add: [NET_BIND_SERVICE]
      ports:
        - containerPort: 80
    `,
    after: container`
      securityContext:
        runAsUser: 1000
        capabilities:
          drop: [ALL]
          add: [NET_BIND_SERVICE]
      ports:
        - containerPort: 80
    `,
  },
  {
    name: 'a builder that maps its users by set-uid programs',
    risk: 'high',
    before: containerOf('moby/buildkit:rootless')`
      securityContext:
        runAsUser: 1000
    `,
    after: containerOf('moby/buildkit:rootless')`
      securityContext:
        runAsUser: 1000
        capabilities:
          drop: [ALL]
    `,
  },
  {
    name: 'what is dropped already is not given back',
    risk: 'medium',
    before: containerOf('nginx:1.27')`
      securityContext:
        capabilities:
          drop: [CHOWN]
    `,
    after: containerOf('nginx:1.27')`
      securityContext:
        capabilities:
          drop: [CHOWN, ALL]
          add: [NET_BIND_SERVICE, SETGID, SETUID]
    `,
  },
  {
    name: 'an image that is known to need nothing',
    risk: 'low',
    before: containerOf('grafana/grafana:11.0.0')``,
    after: containerOf('grafana/grafana:11.0.0')`
      securityContext:
        capabilities:
          drop: [ALL]
    `,
  },
  {
    name: 'a list that drops some',
    risk: 'high',
    before: container`
      securityContext:
        capabilities: {drop: [NET_RAW]}
    `,
    after: container`
      securityContext:
        capabilities: {drop: [NET_RAW, ALL]}
    `,
  },
  {
    name: 'a spelling that runtimes understand',
    risk: 'medium',
    before: container`
      securityContext:
        capabilities:
          drop: [all] # everything
    `,
    after: container`
      securityContext:
        capabilities:
          drop: [ALL] # everything
    `,
  },
  {
    name: 'the prefix of an allowed capability',
    risk: 'medium',
    before: container`
      securityContext:
        capabilities:
          drop: [ALL]
          add: [CAP_NET_BIND_SERVICE]
    `,
    after: container`
      securityContext:
        capabilities:
          drop: [ALL]
          add: [NET_BIND_SERVICE]
    `,
  },
  {
    name: 'what the baseline does not allow goes, the rest stays',
    risk: 'high',
    before: container`
      securityContext:
        capabilities:
          drop: [ALL]
          add: [NET_BIND_SERVICE, SYS_ADMIN, CHOWN]
    `,
    after: container`
      securityContext:
        capabilities:
          drop: [ALL]
          add: [NET_BIND_SERVICE, CHOWN]
    `,
  },
  {
    name: 'the list goes with its last item',
    risk: 'high',
    before: container`
      securityContext:
        capabilities:
          drop: [ALL]
          add: [SYS_TIME]
    `,
    after: container`
      securityContext:
        capabilities:
          drop: [ALL]
    `,
  },
]);

itLeaves(dropCapabilities, [
  {
    name: 'a container that drops ALL',
    manifest: container`
      securityContext:
        capabilities: {drop: ["ALL"]}
    `,
  },
  {
    name: 'NET_BIND_SERVICE, which every level allows',
    manifest: container`
      securityContext:
        capabilities:
          add: [NET_BIND_SERVICE]
          drop: [ALL]
    `,
  },
  {
    name: 'ALL among others',
    manifest: container`
      securityContext:
        capabilities:
          drop: [NET_RAW, ALL]
    `,
  },
  {
    name: 'the capabilities of the baseline',
    manifest: container`
      securityContext:
        capabilities:
          drop: [ALL]
          add: [AUDIT_WRITE, CHOWN, DAC_OVERRIDE, FOWNER, FSETID, KILL, MKNOD, NET_BIND_SERVICE, SETFCAP, SETGID, SETPCAP, SETUID, SYS_CHROOT]
    `,
  },
  {
    name: 'a privileged container',
    manifest: container`
      securityContext:
        privileged: true
    `,
    reason: /^privileged: true gives every capability/,
  },
  {
    name: 'a capability that the image needs by nature',
    manifest: containerOf('ghcr.io/flannel-io/flannel:v0.28.9')`
      securityContext:
        capabilities:
          drop: [ALL]
          add: [NET_ADMIN, NET_RAW]
    `,
    reason: /needs it by nature/,
  },
  {
    name: 'an image that needs NET_RAW, which it has by default and cannot be given',
    manifest: containerOf('ghcr.io/flannel-io/flannel:v0.28.9')``,
    reason: /needs NET_RAW, which the baseline does not let it add/,
  },
  {
    name: 'a Knative service whose image would have to be given something back',
    manifest: manifest`
      apiVersion: serving.knative.dev/v1
      kind: Service
      metadata:
        name: web
      spec:
        template:
          spec:
            containers:
              - image: nginx:1.27
    `,
    reason: /^it may need CHOWN, NET_BIND_SERVICE, SETGID, SETUID back, and Knative takes capabilities.add only/,
  },
  {
    name: 'a Knative service on a port below 1024, whoever it runs as',
    manifest: manifest`
      apiVersion: serving.knative.dev/v1
      kind: Service
      metadata:
        name: web
      spec:
        template:
          spec:
            containers:
              - image: ghcr.io/acme/web:1
                securityContext: {runAsNonRoot: true}
                ports: [{containerPort: 80}]
    `,
    reason: /^it may need NET_BIND_SERVICE back/,
  },
  {
    name: 'an added variable beside a port below 1024',
    manifest: container`
      securityContext:
        capabilities:
          add: $CAPABILITIES
      ports: [{containerPort: 80}]
    `,
    reason: /^it may need NET_BIND_SERVICE back, and what it adds cannot be read here$/,
  },
  {
    name: 'a list that a template fills in',
    manifest: container`
      securityContext:
        capabilities: $CAPABILITIES
    `,
    reason: /filled in by another tool/,
  },
  {
    name: 'a list that is none',
    manifest: container`
      securityContext:
        capabilities:
          drop: ALL
    `,
    reason: /not what Kubernetes expects/,
  },
  {
    name: 'an added variable',
    manifest: container`
      securityContext:
        capabilities:
          drop: [ALL]
          add: [$CAPABILITY]
    `,
  },
  {
    name: 'a Windows pod',
    manifest: pod`
      os: {name: windows}
      containers:
        - {name: web, image: ghcr.io/acme/web:1}
    `,
  },
  {
    name: 'a pod on nodes that are only labelled as Windows',
    manifest: pod`
      nodeSelector: {kubernetes.io/os: windows}
      containers:
        - {name: web, image: ghcr.io/acme/web:1}
    `,
    reason: /may run on Windows/,
  },
]);
