import { describe, expect, it } from 'vitest';
import type { JsonObject } from '../../src/core/json.js';
import type { SettingValues } from '../../src/kube/settings.js';
import { dropCapabilities } from '../../transforms/drop-capabilities.js';
import { deployment, evaluate } from './evaluate.js';
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
    name: 'an image that needs none, on a claim whose files another container gives away',
    risk: 'high',
    before: pod`
      initContainers:
        - name: own
          image: busybox:1.36
          command: [chown, -R, "1000:1000", /data] # for the old server
          securityContext: {capabilities: {drop: [ALL], add: [CHOWN]}}
          volumeMounts: [{name: data, mountPath: /data}]
      containers:
        - name: registry
          image: registry:2
          volumeMounts: [{name: data, mountPath: /var/lib/registry}]
      volumes:
        - name: data
          persistentVolumeClaim: {claimName: data}
    `,
    after: pod`
      initContainers:
        - name: own
          image: busybox:1.36
          command: [chown, -R, "1000:1000", /data] # for the old server
          securityContext: {capabilities: {drop: [ALL], add: [CHOWN]}}
          volumeMounts: [{name: data, mountPath: /data}]
      containers:
        - name: registry
          image: registry:2
          securityContext:
            capabilities:
              drop: [ALL]
          volumeMounts: [{name: data, mountPath: /var/lib/registry}]
      volumes:
        - name: data
          persistentVolumeClaim: {claimName: data}
    `,
  },
  {
    name: 'an image that needs none, on a claim of its own',
    risk: 'medium',
    before: containerOf('registry:2')`
      volumeMounts: [{name: data, mountPath: /var/lib/registry}]
    `,
    after: containerOf('registry:2')`
      securityContext:
        capabilities:
          drop: [ALL]
      volumeMounts: [{name: data, mountPath: /var/lib/registry}]
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
          add: [SETGID, SETUID]
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
  {
    name: 'only what the settings allow',
    risk: 'high',
    settings: { add: ['NET_BIND_SERVICE', 'NET_ADMIN'] },
    before: container`
      securityContext:
        capabilities:
          add: [CHOWN, CAP_NET_ADMIN]
    `,
    after: container`
      securityContext:
        capabilities:
          drop: [ALL]
          add: [NET_ADMIN]
    `,
  },
  {
    name: 'what the image is known to need and may not add, where it is to go',
    risk: 'high',
    settings: { needed: 'drop' },
    before: containerOf('ghcr.io/flannel-io/flannel:v0.28.9')`
      securityContext:
        capabilities:
          add: [NET_ADMIN]
    `,
    after: containerOf('ghcr.io/flannel-io/flannel:v0.28.9')`
      securityContext:
        capabilities:
          drop: [ALL]
    `,
  },
  {
    name: 'a Knative service, without what Knative may not take, where what is needed is to go',
    risk: 'high',
    settings: { needed: 'drop' },
    before: manifest`
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
    after: manifest`
      apiVersion: serving.knative.dev/v1
      kind: Service
      metadata:
        name: web
      spec:
        template:
          spec:
            containers:
              - image: nginx:1.27
                securityContext:
                  capabilities:
                    drop: [ALL]
    `,
  },
  {
    name: 'for baseline, only what may not be added, and its spelling',
    risk: 'high',
    level: 'baseline',
    before: container`
      securityContext:
        capabilities:
          drop: [all]
          add: [SYS_ADMIN, CHOWN, CAP_NET_BIND_SERVICE]
    `,
    after: container`
      securityContext:
        capabilities:
          drop: [all]
          add: [CHOWN, NET_BIND_SERVICE]
    `,
  },
  {
    name: 'for restricted before 1.22, the same',
    risk: 'high',
    level: 'restricted',
    kubernetes: '1.20-1.21',
    before: container`
      securityContext:
        capabilities:
          add: [SYS_ADMIN]
    `,
    after: container`
      securityContext:
        capabilities: {}
    `,
  },
  {
    name: 'for restricted, all but NET_BIND_SERVICE',
    risk: 'high',
    level: 'restricted',
    before: container`
      securityContext:
        capabilities:
          drop: [all]
          add: [CHOWN, cap_net_bind_service]
    `,
    after: container`
      securityContext:
        capabilities:
          drop: [ALL]
          add: [NET_BIND_SERVICE]
    `,
  },
  {
    name: 'for restricted, what is needed and not allowed is not given back, where it is to go',
    risk: 'high',
    level: 'restricted',
    settings: { needed: 'drop' },
    before: containerOf('nginx:1.27')``,
    after: containerOf('nginx:1.27')`
      securityContext:
        capabilities:
          drop: [ALL]
          add: [NET_BIND_SERVICE]
    `,
  },
  {
    name: 'for a level, a list that Windows does not take',
    risk: 'high',
    level: 'baseline',
    before: pod`
      os: {name: windows}
      containers:
        - name: web
          image: ghcr.io/acme/web:1
          securityContext:
            capabilities: {add: [SYS_ADMIN, CHOWN]}
            runAsNonRoot: true
    `,
    after: pod`
      os: {name: windows}
      containers:
        - name: web
          image: ghcr.io/acme/web:1
          securityContext:
            runAsNonRoot: true
    `,
  },
  {
    name: 'for a level, what is added in a pod that may run on Windows',
    risk: 'high',
    level: 'baseline',
    before: pod`
      nodeSelector: {kubernetes.io/os: windows}
      containers:
        - name: web
          image: ghcr.io/acme/web:1
          securityContext:
            capabilities:
              drop: [NET_RAW]
              add: [SYS_ADMIN]
    `,
    after: pod`
      nodeSelector: {kubernetes.io/os: windows}
      containers:
        - name: web
          image: ghcr.io/acme/web:1
          securityContext:
            capabilities:
              drop: [NET_RAW]
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
    name: 'a variable among what is added, in a run for a level',
    level: 'baseline',
    manifest: container`
      securityContext:
        capabilities:
          add: [CHOWN, $CAPABILITY]
    `,
    reason: /add\[1\] is filled in by another tool/,
  },
  {
    name: 'a variable for what is added, in a run for a level',
    level: 'baseline',
    manifest: container`
      securityContext:
        capabilities:
          drop: [ALL]
          add: $CAPABILITIES
    `,
    reason: /add is filled in by another tool/,
  },
  {
    name: 'a variable for the capabilities, in a run for a level',
    level: 'baseline',
    manifest: container`
      securityContext:
        capabilities: $CAPABILITIES
    `,
    reason: /capabilities is filled in by another tool/,
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
    reason: /needs NET_ADMIN, NET_RAW, which the baseline does not let it add/,
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
  { name: 'for baseline, the default capabilities', level: 'baseline', manifest: container`` },
  {
    name: 'for baseline, a container beside one that adds too much',
    level: 'baseline',
    manifest: container`
      securityContext: {capabilities: {add: [CHOWN, KILL], drop: [all, cap_chown]}}
    `,
  },
  {
    name: 'for restricted, what it allows',
    level: 'restricted',
    manifest: container`
      securityContext: {capabilities: {drop: [NET_RAW, ALL], add: [NET_BIND_SERVICE]}}
    `,
  },
  {
    name: 'for restricted, an image that needs what it does not let it add',
    level: 'restricted',
    manifest: containerOf('nginx:1.27')``,
    reason: /^nginx:1.27 needs CHOWN, SETGID, SETUID, which the restricted level does not let it add$/,
  },
  {
    name: 'for restricted, a Windows pod of a version that exempts it',
    level: 'restricted',
    kubernetes: '1.25',
    manifest: pod`
      os: {name: windows}
      containers:
        - {name: web, image: ghcr.io/acme/web:1}
    `,
  },
  {
    name: 'for restricted, a Windows pod of a version that does not',
    level: 'restricted',
    kubernetes: '1.24',
    manifest: pod`
      os: {name: windows}
      containers:
        - {name: web, image: ghcr.io/acme/web:1}
    `,
    reason: /refuses the field on Windows/,
  },
  {
    name: 'what the settings do not let it have back',
    settings: { add: [] },
    manifest: container`
      ports: [{containerPort: 80}]
    `,
    reason: /^ghcr.io\/acme\/web:1 needs NET_BIND_SERVICE, which the setting "add" does not let it add$/,
  },
  {
    name: 'a variable among what it needs back, where what is needed is to go',
    settings: { needed: 'drop' },
    manifest: container`
      securityContext: {capabilities: {add: $CAPABILITIES}}
      ports: [{containerPort: 80}]
    `,
    reason: /what it adds cannot be read here$/,
  },
]);

describe('what drop-capabilities says', () => {
  const findings = (container: JsonObject, settings: SettingValues = {}, pod: JsonObject = {}) =>
    evaluate([dropCapabilities], deployment(container, pod), { settings }).findings;
  const flannel = { image: 'ghcr.io/flannel-io/flannel:v0.28.9' };

  it('of what an image will lack', () => {
    expect(findings({ image: 'nginx:1.27' }, { add: ['CHOWN'], needed: 'drop' })).toMatchObject([
      {
        risk: 'high',
        evidence: expect.stringMatching(
          /needs 4 of them; it will lack NET_BIND_SERVICE, SETGID, SETUID, which the setting "add" does not let it add$/,
        ),
      },
    ]);
    const capabilities = { drop: ['ALL'], add: ['NET_ADMIN'] };
    expect(findings({ ...flannel, securityContext: { capabilities } }, { needed: 'drop' })).toMatchObject([
      {
        message: 'adds NET_ADMIN, beyond the baseline',
        evidence: expect.stringMatching(/^someone wrote it, and .* needs it by nature$/),
      },
    ]);
  });

  it.each<[string, JsonObject, JsonObject, string]>([
    ['privileged', { securityContext: { privileged: true } }, {}, 'NEEDED'],
    ['a needed capability that it has', flannel, {}, 'NEEDED'],
    [
      'a needed capability that it adds',
      { ...flannel, securityContext: { capabilities: { drop: ['ALL'], add: ['BPF'] } } },
      {},
      'NEEDED',
    ],
    ['a pod that may run on Windows', {}, { nodeSelector: { 'kubernetes.io/os': 'windows' } }, 'WINDOWS'],
  ])('of why it makes no change: %s', (_, container, pod, obstacle) => {
    expect(findings(container, {}, pod)).toMatchObject([{ obstacle }]);
  });

  it('of a need where a variable stands for the image', () => {
    expect(findings({ image: '$IMAGE', ports: [{ containerPort: 80 }] }, { add: ['CHOWN'] })).toMatchObject([
      { unless: 'the image needs NET_BIND_SERVICE, which the setting "add" does not let it add' },
    ]);
  });

  it('of the names that may be added', () => {
    const { add } = dropCapabilities.settings;
    expect(add?.read('cap_chown,NET_ADMIN,CHOWN')).toEqual(['CHOWN', 'NET_ADMIN']);
    expect(add?.read('')).toEqual([]);
    for (const given of ['ALL', 'NET_ADMINN', 'SYS-ADMIN']) expect(add?.read(given)).toBeUndefined();
  });
});
