import { moveMisplacedFields } from '../../transforms/move-misplaced-fields.js';
import { container, itFixes, itLeaves, itReports, manifest, pod } from './harness.js';

itFixes(moveMisplacedFields, [
  {
    name: 'fields of containers in the security context of the pod',
    risk: 'high',
    before: pod`
      securityContext:
        runAsNonRoot: true # kept
        readOnlyRootFilesystem: true
        allowPrivilegeEscalation: false
        capabilities:
          drop: [ALL]
      initContainers:
        - name: prepare
          image: ghcr.io/acme/web:1
      containers:
        - name: web
          image: ghcr.io/acme/web:1 # the app
          securityContext:
            readOnlyRootFilesystem: false
    `,
    after: pod`
      securityContext:
        runAsNonRoot: true # kept
      initContainers:
        - name: prepare
          image: ghcr.io/acme/web:1
          securityContext:
            allowPrivilegeEscalation: false
            readOnlyRootFilesystem: true
            capabilities:
              drop: [ALL]
      containers:
        - name: web
          image: ghcr.io/acme/web:1 # the app
          securityContext:
            allowPrivilegeEscalation: false
            readOnlyRootFilesystem: false
            capabilities:
              drop: [ALL]
    `,
  },
  {
    name: 'fields beside the containers, not in a security context',
    risk: 'high',
    before: pod`
      runAsNonRoot: true
      fsGroup: 2000
      privileged: false
      containers:
        - name: web
          image: ghcr.io/acme/web:1
    `,
    after: pod`
      securityContext:
        runAsNonRoot: true
        fsGroup: 2000
      containers:
        - name: web
          image: ghcr.io/acme/web:1
          securityContext:
            privileged: false
    `,
  },
  {
    name: 'fields beside the image, not in the security context of the container',
    risk: 'high',
    before: container`
      runAsUser: 1000
      runAsGroup: 1000
      seccompProfile: {type: RuntimeDefault}
      seLinuxOptions: {level: "s0:c1"}
      procMount: Default
      ports: [{containerPort: 8080}] # http
    `,
    after: container`
      securityContext:
        runAsUser: 1000
        runAsGroup: 1000
        seccompProfile:
          type: RuntimeDefault
        procMount: Default
        seLinuxOptions:
          level: "s0:c1"
      ports: [{containerPort: 8080}] # http
    `,
  },
  {
    name: 'fields of the pod in containers that say the same, once',
    risk: 'high',
    before: pod`
      containers:
        - name: web
          image: ghcr.io/acme/web:1
          serviceAccountName: web
          securityContext:
            runAsUser: 1000
            fsGroup: 2000
            supplementalGroups: [3000]
            automountServiceAccountToken: false
        - name: log
          image: ghcr.io/acme/log:1
          serviceAccountName: web
          automountServiceAccountToken: false
          fsGroup: 2000
    `,
    after: pod`
      automountServiceAccountToken: false
      securityContext:
        fsGroup: 2000
        supplementalGroups: [3000]
      containers:
        - name: web
          image: ghcr.io/acme/web:1
          securityContext:
            runAsUser: 1000
        - name: log
          image: ghcr.io/acme/log:1
      serviceAccountName: web
    `,
  },
  {
    name: 'what its place says already: that stays, and the other goes',
    risk: 'high',
    before: pod`
      serviceAccount: web
      securityContext:
        serviceAccountName: other
        runAsUser: 1000
      containers:
        - name: web
          image: ghcr.io/acme/web:1
          runAsUser: 2000
          securityContext:
            runAsUser: 3000
    `,
    after: pod`
      serviceAccount: web
      securityContext:
        runAsUser: 1000
      containers:
        - name: web
          image: ghcr.io/acme/web:1
          securityContext:
            runAsUser: 3000
    `,
  },
]);

const WEAK = /^in force, it might weaken the pod/;
const WHOLE = /^it is for the whole pod, and not all containers say the same/;

itReports(moveMisplacedFields, [
  {
    name: 'what might weaken the pod',
    manifest: pod`
      sysctls: [{name: kernel.msgmax, value: "1"}]
      securityContext:
        privileged: true
        capabilities: {drop: [ALL], add: [NET_ADMIN]}
      containers:
        - name: web
          image: ghcr.io/acme/web:1
          runAsUser: 0
          seccompProfile: {type: Unconfined}
          automountServiceAccountToken: "false"
    `,
    found: [
      { line: 17, message: /^securityContext\.capabilities has no effect here$/, reason: WEAK },
      { line: 16, message: /^securityContext\.privileged has no effect here$/, reason: WEAK },
      { line: 21, message: /^runAsUser has no effect here$/, reason: WEAK },
      { line: 22, message: /^seccompProfile has no effect here$/, reason: WEAK },
      { line: 14, message: /^sysctls has no effect here$/, reason: WEAK },
      { line: 23, message: /^automountServiceAccountToken has no effect here$/, reason: WEAK },
    ],
  },
  {
    name: 'containers that disagree about their pod, and a token that others may need',
    manifest: pod`
      containers:
        - name: web
          image: ghcr.io/acme/web:1
          automountServiceAccountToken: false
          securityContext:
            fsGroup: 2000
        - name: log
          image: ghcr.io/acme/log:1
          securityContext:
            fsGroup: 3000
    `,
    found: [
      { line: 19, message: /^securityContext\.fsGroup has no effect here$/, reason: WHOLE },
      { line: 23, message: /^securityContext\.fsGroup has no effect here$/, reason: WHOLE },
      { line: 17, message: /^automountServiceAccountToken has no effect here$/, reason: WHOLE },
    ],
  },
  {
    name: 'Windows, where the field is refused',
    manifest: pod`
      os: {name: windows}
      securityContext:
        readOnlyRootFilesystem: true
      containers:
        - name: web
          image: ghcr.io/acme/web:1
    `,
    found: [
      {
        line: 16,
        message: /^securityContext\.readOnlyRootFilesystem has no effect here$/,
        reason: /refuses the field on Windows/,
      },
    ],
  },
  {
    name: 'containers that cannot be read',
    manifest: pod`
      securityContext:
        readOnlyRootFilesystem: true
      containers:
        - name: web
          image: ghcr.io/acme/web:1
        - "\${SIDECAR}"
    `,
    found: [
      {
        line: 15,
        message: /^securityContext\.readOnlyRootFilesystem has no effect here$/,
        reason: /^not all containers can be read/,
      },
    ],
  },
]);

itLeaves(moveMisplacedFields, [
  {
    name: 'every field where it belongs',
    manifest: pod`
      automountServiceAccountToken: false
      serviceAccountName: web
      securityContext:
        runAsNonRoot: true
        runAsUser: 1000
        fsGroup: 2000
        supplementalGroups: [3000]
        seccompProfile: {type: RuntimeDefault}
        sysctls: [{name: net.ipv4.tcp_syncookies, value: "1"}]
      containers:
        - name: web
          image: ghcr.io/acme/web:1
          securityContext:
            runAsUser: 2000
            privileged: false
            allowPrivilegeEscalation: false
            readOnlyRootFilesystem: true
            procMount: Default
            capabilities: {drop: [ALL]}
    `,
  },
  {
    name: 'a variable, and nothing',
    manifest: container`
      runAsUser: \${UID}
      privileged: null
    `,
  },
  {
    name: 'a kind that is not of Kubernetes itself, which may have such fields',
    manifest: manifest`
      apiVersion: serving.knative.dev/v1
      kind: Service
      metadata:
        name: web
      spec:
        template:
          spec:
            containers:
              - name: web
                image: ghcr.io/acme/web:1
                runAsNonRoot: true
    `,
  },
]);
