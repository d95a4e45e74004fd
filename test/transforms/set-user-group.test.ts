import { describe, expect, it } from 'vitest';
import type { JsonObject } from '../../src/core/json.js';
import { setUserGroup } from '../../transforms/set-user-group.js';
import { containerOf as containerAt, deployment, deploymentOf, type EvaluateOptions, evaluate, podOf } from './evaluate.js';
import { container, containerOf, itFixes, itLeaves, manifest, pod } from './harness.js';

const told = { uid: 10001 };

itFixes(setUserGroup, [
  {
    name: 'user 0 of a container, where no id is known',
    risk: 'high',
    before: container`
      securityContext:
        privileged: false
        runAsUser: 0
    `,
    after: container`
      securityContext:
        privileged: false
    `,
  },
  {
    name: 'user 0, for a level',
    risk: 'high',
    level: 'restricted',
    kubernetes: '1.25-1.34',
    settings: told,
    before: container`
      securityContext:
        runAsNonRoot: true
        runAsUser: 0
    `,
    after: container`
      securityContext:
        runAsNonRoot: true
        runAsUser: 10001
    `,
  },
  {
    name: 'user 0 of a pod, by the setting',
    risk: 'high',
    settings: told,
    before: pod`
      securityContext: {runAsUser: 0, runAsGroup: 0}
      containers:
        - name: web
          image: ghcr.io/acme/web:1
        - name: log
          image: ghcr.io/acme/log:1
    `,
    after: pod`
      securityContext: {runAsUser: 10001, runAsGroup: 0}
      containers:
        - name: web
          image: ghcr.io/acme/web:1
        - name: log
          image: ghcr.io/acme/log:1
    `,
  },
  {
    name: 'user 0 of a pod, where only one of its images is known',
    risk: 'high',
    before: pod`
      securityContext:
        fsGroup: 65534
        runAsUser: 0
      containers:
        - name: prometheus
          image: quay.io/prometheus/prometheus:v2.53.0
        - name: log
          image: ghcr.io/acme/log:1
    `,
    after: pod`
      securityContext:
        fsGroup: 65534
      containers:
        - name: prometheus
          image: quay.io/prometheus/prometheus:v2.53.0
          securityContext:
            runAsUser: 65534
        - name: log
          image: ghcr.io/acme/log:1
    `,
  },
  {
    name: 'user 0 of a container, for the user that the image is known to work with',
    risk: 'high',
    before: containerOf('mysql:8.4')`
      securityContext: {runAsUser: 0}
    `,
    after: containerOf('mysql:8.4')`
      securityContext: {runAsUser: 999}
    `,
  },
  {
    name: 'user 0 of a container whose pod names the right one',
    risk: 'high',
    settings: { uid: 1000 },
    before: pod`
      securityContext:
        runAsUser: 1000
      containers:
        - name: web
          image: ghcr.io/acme/web:1
          securityContext: {runAsUser: 0, privileged: false}
    `,
    after: pod`
      securityContext:
        runAsUser: 1000
      containers:
        - name: web
          image: ghcr.io/acme/web:1
          securityContext: {privileged: false}
    `,
  },
  {
    name: 'user 0 on Windows, where the field is refused',
    risk: 'high',
    settings: told,
    before: pod`
      os: {name: windows}
      securityContext: {runAsNonRoot: true, runAsUser: 0}
      containers:
        - name: web
          image: ghcr.io/acme/web:1
    `,
    after: pod`
      os: {name: windows}
      securityContext: {runAsNonRoot: true}
      containers:
        - name: web
          image: ghcr.io/acme/web:1
    `,
  },
  {
    name: 'user 0 on what may be Windows, where nothing is written in its place',
    risk: 'high',
    level: 'restricted',
    kubernetes: '1.30',
    before: pod`
      nodeSelector: {kubernetes.io/os: windows}
      securityContext: {runAsNonRoot: true, runAsUser: 0}
      containers:
        - name: mysql
          image: mysql:8.4
    `,
    after: pod`
      nodeSelector: {kubernetes.io/os: windows}
      securityContext: {runAsNonRoot: true}
      containers:
        - name: mysql
          image: mysql:8.4
    `,
  },
  {
    name: 'user 0 in a user namespace, where a version does not heed that',
    risk: 'high',
    kubernetes: '1.33-1.35',
    settings: told,
    before: pod`
      hostUsers: false
      containers:
        - name: web
          image: ghcr.io/acme/web:1
          securityContext:
            runAsUser: 0
    `,
    after: pod`
      hostUsers: false
      containers:
        - name: web
          image: ghcr.io/acme/web:1
          securityContext:
            runAsUser: 10001
    `,
  },
  {
    name: 'an image that names its user, by the id of that name',
    risk: 'medium',
    before: containerOf('quay.io/prometheus/prometheus:v2.53.0')``,
    after: containerOf('quay.io/prometheus/prometheus:v2.53.0')`
      securityContext:
        runAsUser: 65534
        runAsGroup: 65534
    `,
  },
  {
    name: 'an image that starts as root and need not',
    risk: 'high',
    before: containerOf('quay.io/brancz/kube-rbac-proxy:v0.6.0')``,
    after: containerOf('quay.io/brancz/kube-rbac-proxy:v0.6.0')`
      securityContext:
        runAsUser: 65532
        runAsGroup: 65532
    `,
  },
  {
    name: 'a pod that names no user, by the setting',
    risk: 'high',
    settings: told,
    before: container``,
    after: pod`
      securityContext:
        runAsUser: 10001
      containers:
        - name: web
          image: ghcr.io/acme/web:1
    `,
  },
  {
    name: 'the same for a level',
    risk: 'high',
    settings: { ...told, gid: 10001, 'fs-group': 10001, 'supplemental-groups': [4000], 'supplemental-groups-policy': 'strict' },
    level: 'restricted',
    before: container``,
    after: pod`
      securityContext:
        runAsUser: 10001
      containers:
        - name: web
          image: ghcr.io/acme/web:1
    `,
  },
  {
    name: 'containers one by one, where an image has a user of its own',
    risk: 'high',
    settings: told,
    before: pod`
      containers:
        - name: web
          image: ghcr.io/acme/web:1
        - name: grafana
          image: grafana/grafana:11.0.0
        - name: prometheus
          image: quay.io/prometheus/prometheus:v2.53.0
    `,
    after: pod`
      containers:
        - name: web
          image: ghcr.io/acme/web:1
          securityContext:
            runAsUser: 10001
        - name: grafana
          image: grafana/grafana:11.0.0
        - name: prometheus
          image: quay.io/prometheus/prometheus:v2.53.0
          securityContext:
            runAsUser: 65534
            runAsGroup: 65534
    `,
  },
  {
    name: 'a Knative service, on its container',
    risk: 'high',
    settings: { ...told, gid: 10002 },
    before: manifest`
      apiVersion: serving.knative.dev/v1
      kind: Service
      metadata:
        name: web
      spec:
        template:
          spec:
            containers:
              - image: ghcr.io/acme/web:1
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
              - image: ghcr.io/acme/web:1
                securityContext:
                  runAsUser: 10001
                  runAsGroup: 10002
    `,
  },
  {
    name: 'a group where none is named, and group 0',
    risk: 'high',
    settings: { gid: 10001 },
    before: pod`
      containers:
        - name: web
          image: ghcr.io/acme/web:1
          securityContext: {runAsGroup: 0}
        - name: log
          image: ghcr.io/acme/log:1
    `,
    after: pod`
      securityContext:
        runAsGroup: 10001
      containers:
        - name: web
          image: ghcr.io/acme/web:1
          securityContext: {runAsGroup: 10001}
        - name: log
          image: ghcr.io/acme/log:1
    `,
  },
  {
    name: 'the group of volumes, for a container that writes to one',
    risk: 'high',
    settings: { 'fs-group': 2000 },
    before: pod`
      securityContext:
        runAsUser: 1000
      containers:
        - name: web
          image: ghcr.io/acme/web:1
          volumeMounts:
            - {name: data, mountPath: /data}
      volumes:
        - name: data
          persistentVolumeClaim: {claimName: data}
    `,
    after: pod`
      securityContext:
        runAsUser: 1000
        fsGroup: 2000
      containers:
        - name: web
          image: ghcr.io/acme/web:1
          volumeMounts:
            - {name: data, mountPath: /data}
      volumes:
        - name: data
          persistentVolumeClaim: {claimName: data}
    `,
  },
  {
    name: 'supplementary groups and their policy',
    risk: 'high',
    kubernetes: '1.33',
    settings: { 'supplemental-groups': [3000, 4000], 'supplemental-groups-policy': 'strict' },
    before: pod`
      securityContext:
        runAsUser: 1000
        supplementalGroupsPolicy: Merge # as it always was
      containers:
        - name: web
          image: ghcr.io/acme/web:1
    `,
    after: pod`
      securityContext:
        runAsUser: 1000
        supplementalGroupsPolicy: Strict # as it always was
        supplementalGroups: [3000, 4000]
      containers:
        - name: web
          image: ghcr.io/acme/web:1
    `,
  },
]);

const GROUPS = { gid: 10001, 'fs-group': 2000, 'supplemental-groups': [3000], 'supplemental-groups-policy': 'strict' };

itLeaves(setUserGroup, [
  { name: 'an unknown image, without a setting', manifest: container`` },
  {
    name: 'a user',
    settings: told,
    manifest: container`
      securityContext: {runAsUser: 1000}
    `,
  },
  {
    name: 'the user of the pod',
    settings: told,
    manifest: pod`
      securityContext: {runAsUser: 1000}
      containers:
        - name: web
          image: ghcr.io/acme/web:1
    `,
  },
  { name: 'an image whose user is a number', settings: told, manifest: containerOf('grafana/grafana:11.0.0')`` },
  { name: 'an image that can do without root under a condition', manifest: containerOf('mysql:8.4')`` },
  { name: 'an image of which only hearsay is known', manifest: containerOf('busybox:1.36')`` },
  {
    name: 'an image whose program is another one',
    manifest: containerOf('quay.io/brancz/kube-rbac-proxy:v0.6.0')`
      command: [sh, -c, id]
    `,
  },
  {
    name: 'user 0 where the image needs it',
    settings: told,
    manifest: containerOf('ghcr.io/flannel-io/flannel:v0.28.9')`
      securityContext: {runAsUser: 0}
    `,
    reason: /needs root: changes host network/,
  },
  {
    name: 'user 0 of a pod where one of its images needs it',
    manifest: pod`
      securityContext: {runAsUser: 0}
      containers:
        - name: flannel
          image: ghcr.io/flannel-io/flannel:v0.28.9
        - name: log
          image: ghcr.io/acme/log:1
          securityContext: {runAsUser: 1000}
    `,
    reason: /needs root/,
  },
  {
    name: 'an image that needs root, whatever it is told',
    settings: told,
    manifest: containerOf('ghcr.io/flannel-io/flannel:v0.28.9')``,
    reason: /needs root/,
  },
  {
    name: 'user 0 in a user namespace',
    kubernetes: '1.35',
    manifest: pod`
      hostUsers: false
      securityContext: {runAsUser: 0}
      containers:
        - name: web
          image: ghcr.io/acme/web:1
    `,
  },
  {
    name: 'the same for a level',
    level: 'restricted',
    kubernetes: '1.35',
    settings: told,
    manifest: pod`
      hostUsers: false
      securityContext: {runAsUser: 0}
      containers:
        - name: web
          image: ghcr.io/acme/web:1
    `,
  },
  {
    name: 'user 0, for a level that does not ask',
    level: 'baseline',
    settings: told,
    manifest: container`
      securityContext: {runAsUser: 0, privileged: true}
    `,
  },
  {
    name: 'a pod that passes, for a level',
    level: 'restricted',
    settings: told,
    manifest: containerOf('quay.io/prometheus/prometheus:v2.53.0')`
      securityContext: {runAsNonRoot: true}
    `,
  },
  {
    name: 'a user that is a variable',
    settings: told,
    manifest: container`
      securityContext: {runAsUser: $USER_ID}
    `,
  },
  {
    name: 'a text, which the API server does not take for a number',
    manifest: container`
      securityContext: {runAsUser: "0"}
    `,
  },
  {
    name: 'a security context that is a variable',
    settings: told,
    manifest: container`
      securityContext: $CONTEXT
    `,
  },
  {
    name: 'a Windows pod, whatever it is told',
    settings: { ...told, ...GROUPS },
    manifest: pod`
      os: {name: windows}
      containers:
        - name: web
          image: ghcr.io/acme/web:1
    `,
  },
  {
    name: 'a pod that may run on Windows, whatever it is told',
    settings: { ...told, ...GROUPS },
    manifest: pod`
      nodeSelector: {kubernetes.io/os: windows}
      containers:
        - name: web
          image: ghcr.io/acme/web:1
    `,
    reason: /may run on Windows/,
  },
  {
    name: 'groups that are named',
    settings: GROUPS,
    manifest: pod`
      securityContext:
        runAsUser: 1000
        runAsGroup: 1000
        fsGroup: 1000
        supplementalGroups: [1000]
        supplementalGroupsPolicy: Strict
      containers:
        - name: web
          image: ghcr.io/acme/web:1
          volumeMounts:
            - {name: data, mountPath: /data}
      volumes:
        - name: data
          persistentVolumeClaim: {claimName: data}
    `,
  },
  {
    name: 'volumes that all may write, or none',
    settings: { 'fs-group': 2000 },
    manifest: pod`
      securityContext:
        runAsUser: 1000
      containers:
        - name: web
          image: ghcr.io/acme/web:1
          volumeMounts:
            - {name: tmp, mountPath: /tmp}
            - {name: config, mountPath: /config}
            - {name: host, mountPath: /host}
            - {name: data, mountPath: /data, readOnly: true}
      volumes:
        - name: tmp
        - name: config
          configMap: {name: config}
        - name: host
          hostPath: {path: /opt}
        - name: data
          persistentVolumeClaim: {claimName: data}
        - name: other
          persistentVolumeClaim: {claimName: other}
    `,
  },
  {
    name: 'a volume that root writes to',
    settings: { 'fs-group': 2000 },
    manifest: containerOf('mysql:8.4')`
      volumeMounts:
        - {name: data, mountPath: /data}
    `.replace(/$/, '      volumes:\n        - name: data\n          persistentVolumeClaim: {claimName: data}\n'),
  },
  {
    name: 'an empty list of groups',
    settings: { 'supplemental-groups': [] },
    manifest: container``,
  },
  {
    name: 'a policy that a version keeps behind a gate',
    kubernetes: '1.32-1.34',
    settings: { 'supplemental-groups-policy': 'strict' },
    manifest: container``,
    reason: /^Kubernetes 1.32 does not have supplementalGroupsPolicy, or only behind a feature gate$/,
  },
  {
    name: 'the pod of a Knative service',
    settings: { 'supplemental-groups': [3000] },
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
    `,
    reason: /^Knative takes no security context/,
  },
]);

describe('set-user-group', () => {
  const POD = ['spec', 'template', 'spec'];
  const root: JsonObject = { securityContext: { runAsUser: 0 } };
  const shown = (object: JsonObject, options: EvaluateOptions = {}) =>
    evaluate([setUserGroup], object, options).findings.map(
      ({ subject, message, unless }) => `${subject}: ${message}${unless === undefined ? '' : ` (${unless})`}`,
    );

  it('takes init containers and sidecars too', () => {
    const init = [
      { name: 'migrate', image: 'a', ...root },
      { name: 'proxy', image: 'b', restartPolicy: 'Always', ...root },
    ];
    expect(shown(deployment({}, { initContainers: init }))).toEqual([
      'init container migrate: runAsUser: 0',
      'sidecar proxy: runAsUser: 0',
    ]);
  });

  it('says what comes in the place of user 0', () => {
    const evidence = (image: string, settings = {}) =>
      evaluate([setUserGroup], deployment({ image, ...root }), { settings }).findings.map((finding) => finding.evidence);
    expect(evidence('ghcr.io/acme/web:1')).toEqual(['someone wrote it; no id is known that the image works with']);
    expect(evidence('mysql:8.4')[0]).toMatch(/^someone wrote it; mysql:8.4 \(.+\) can run as user 999: volume group 999/);
    expect(evidence('mysql:8.4', { uid: 999 })[0]).toMatch(/can run as user 999/);
    expect(evidence('mysql:8.4', told)[0]).toMatch(/whether mysql:8.4 \(.+\) works as user 10001 is not known$/);
  });

  describe('of volumes that a container writes to when it loses root', () => {
    const data = { volumes: [{ name: 'data', persistentVolumeClaim: { claimName: 'data' } }] };
    const mounted = { volumeMounts: [{ name: 'data', mountPath: '/data' }] };
    const evidence = (container: JsonObject, podFields: JsonObject = data, settings = {}) =>
      evaluate([setUserGroup], deployment({ ...mounted, ...container }, podFields), { settings }).findings.map(
        (finding) => finding.evidence,
      );

    it.each<[string, JsonObject, JsonObject, Record<string, unknown>, RegExp]>([
      [
        'whose group is not known',
        { image: 'x', ...root },
        data,
        {},
        / "data" may be root's, unless fsGroup gives them to its group$/,
      ],
      [
        'whose group is known',
        { image: 'mysql:8.4', ...root },
        data,
        {},
        /may be root's, unless fsGroup: 999 gives them to its group$/,
      ],
      ['that was not said to be root', { image: 'x' }, data, told, /unless fsGroup gives them to its group$/],
    ])('one %s', (_, container, podFields, settings, said) => {
      expect(evidence(container, podFields, settings)[0]).toMatch(said);
    });

    it.each<[string, JsonObject, JsonObject, Record<string, unknown>]>([
      ['where the pod names a group', root, { ...data, securityContext: { fsGroup: 5 } }, {}],
      ['where the run writes one', root, data, { 'fs-group': 2000 }],
      ['where it reads only', { ...root, volumeMounts: [{ name: 'data', mountPath: '/d', readOnly: true }] }, data, {}],
      ['of folders that all may write', root, { volumes: [{ name: 'data', emptyDir: {} }] }, {}],
      ['where the pod cannot be sure of Linux', root, { ...data, os: { name: 'windows' } }, {}],
    ])('not %s', (_, container, podFields, settings) => {
      for (const text of evidence({ image: 'x', ...container }, podFields, settings)) expect(text).not.toMatch(/may be root's/);
    });

    it('not of one that was no root before, and is given the number of its user', () => {
      const [text] = evidence({ image: 'grafana/grafana:11.0.0', ...root });
      expect(text).toMatch(/may be root's/);
      for (const each of evidence({ image: 'acme/web' }, { ...data, securityContext: { runAsUser: 1000 } }))
        expect(each).not.toMatch(/may be root's/);
    });
  });

  it("says that the pod's user holds where that of a container goes", () => {
    const object = deployment(root, { securityContext: { runAsUser: 1000 } });
    expect(evaluate([setUserGroup], object).findings).toMatchObject([
      { evidence: 'someone wrote it; runAsUser: 1000 of the pod holds without it' },
    ]);
  });

  it('removes what the pod says where every container says otherwise', () => {
    const { value } = evaluate([setUserGroup], deployment({ securityContext: { runAsUser: 1000 } }, root), { settings: told });
    expect(podOf(value).securityContext).toEqual({});
  });

  it('leaves containers for which someone said no, and what would reach them', () => {
    const suppressed = [[...POD, 'containers', 0]];
    const settings = { ...told, gid: 10001, 'supplemental-groups': [3000] };
    const two = (podFields: JsonObject) =>
      deploymentOf({
        ...podFields,
        containers: [
          { name: 'a', image: 'x' },
          { name: 'b', image: 'y' },
        ],
      });
    const { value } = evaluate([setUserGroup], two({}), { suppressed, settings });
    expect(podOf(value).securityContext).toBeUndefined();
    expect(containerAt(value, 0)).toEqual({ name: 'a', image: 'x' });
    expect(containerAt(value, 1).securityContext).toEqual({ runAsUser: 10001, runAsGroup: 10001 });
    const reaches = 'it would reach a container for which someone said no';
    expect(shown(two({ securityContext: { runAsUser: 0, runAsGroup: 0 } }), { suppressed, settings })).toEqual([
      `pod: runAsUser: 0 (${reaches})`,
      `pod: runAsGroup: 0 (${reaches})`,
      `pod: no supplementalGroups (${reaches})`,
    ]);
  });

  it('does not let the pod speak for containers that cannot be read', () => {
    const object = deploymentOf({ initContainers: '$INIT', containers: [{ name: 'a', image: 'x' }] });
    expect(shown(object, { settings: told })).toEqual(['container a: no runAsUser']);
  });

  it('finds the claims of a StatefulSet', () => {
    const mounted = { volumeMounts: [{ name: 'data', mountPath: '/data' }] };
    const object = deployment({ ...mounted, securityContext: { runAsUser: 1000 } });
    const claims = { volumeClaimTemplates: [{ metadata: { name: 'data' } }] };
    const set = { ...object, kind: 'StatefulSet', spec: { ...(object.spec as JsonObject), ...claims } };
    const settings = { 'fs-group': 2000 };
    expect(shown(set, { settings })).toEqual(['pod: no fsGroup']);
    expect(shown(object, { settings })).toEqual([]);
  });
});

itFixes(setUserGroup, [
  {
    name: 'a low port, which the new user could not bind',
    risk: 'high',
    settings: { uid: 1000 },
    before: pod`
      containers:
        - name: web
          image: ghcr.io/acme/web:1
          ports:
            - containerPort: 80 # http
          securityContext:
            runAsUser: 0
    `,
    after: pod`
      securityContext:
        sysctls:
          - name: net.ipv4.ip_unprivileged_port_start
            value: "0"
      containers:
        - name: web
          image: ghcr.io/acme/web:1
          ports:
            - containerPort: 80 # http
          securityContext:
            runAsUser: 1000
    `,
  },
  {
    name: 'a low port of the host network, which has no sysctls of its own',
    risk: 'high',
    settings: { uid: 1000 },
    before: pod`
      hostNetwork: true
      containers:
        - name: web
          image: ghcr.io/acme/web:1
          ports:
            - containerPort: 80
          securityContext:
            runAsUser: 0
    `,
    after: pod`
      hostNetwork: true
      containers:
        - name: web
          image: ghcr.io/acme/web:1
          ports:
            - containerPort: 80
          securityContext:
            runAsUser: 1000
    `,
  },
  {
    name: 'a low port that all may bind already',
    risk: 'high',
    settings: { uid: 1000 },
    before: pod`
      securityContext:
        sysctls:
          - name: net.ipv4.ip_unprivileged_port_start
            value: "0"
      containers:
        - name: web
          image: ghcr.io/acme/web:1
          ports:
            - containerPort: 80
          securityContext:
            runAsUser: 0
    `,
    after: pod`
      securityContext:
        sysctls:
          - name: net.ipv4.ip_unprivileged_port_start
            value: "0"
      containers:
        - name: web
          image: ghcr.io/acme/web:1
          ports:
            - containerPort: 80
          securityContext:
            runAsUser: 1000
    `,
  },
]);
