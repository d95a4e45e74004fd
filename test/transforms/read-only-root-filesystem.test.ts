import { describe, expect, it } from 'vitest';
import type { JsonObject } from '../../src/core/json.js';
import { readOnlyRootFilesystem } from '../../transforms/read-only-root-filesystem.js';
import { containerOf as containerAt, deployment, deploymentOf, evaluate, podOf } from './evaluate.js';
import { container, containerOf, itFixes, itLeaves, pod } from './harness.js';

itFixes(readOnlyRootFilesystem, [
  {
    name: 'an unknown image, with a place for temporary files',
    risk: 'high',
    before: pod`
      containers:
        - name: web
          image: ghcr.io/acme/web:1 # the storefront
      terminationGracePeriodSeconds: 5
    `,
    after: pod`
      containers:
        - name: web
          image: ghcr.io/acme/web:1 # the storefront
          securityContext:
            readOnlyRootFilesystem: true
          volumeMounts:
            - name: tmp
              mountPath: /tmp
      terminationGracePeriodSeconds: 5
      volumes:
        - name: tmp
          emptyDir: {}
    `,
  },
  {
    name: 'the paths that an image is known to write',
    risk: 'medium',
    before: containerOf('nginx:1.27')``,
    after: pod`
      containers:
        - name: web
          image: nginx:1.27
          securityContext:
            readOnlyRootFilesystem: true
          volumeMounts:
            - name: var-cache-nginx
              mountPath: /var/cache/nginx
            - name: var-run
              mountPath: /var/run
      volumes:
        - name: var-cache-nginx
          emptyDir: {}
        - name: var-run
          emptyDir: {}
    `,
  },
  {
    name: 'a path that is mounted already',
    risk: 'medium',
    before: pod`
      containers:
        - name: web
          image: redis:7
          volumeMounts:
            - name: data
              mountPath: /data/
      volumes:
        - name: data
          persistentVolumeClaim: {claimName: data}
    `,
    after: pod`
      containers:
        - name: web
          image: redis:7
          securityContext:
            readOnlyRootFilesystem: true
          volumeMounts:
            - name: data
              mountPath: /data/
      volumes:
        - name: data
          persistentVolumeClaim: {claimName: data}
    `,
  },
  {
    name: "a known image with a configuration of the manifest's own",
    risk: 'high',
    before: pod`
      containers:
        - name: web
          image: memcached:1.6
          volumeMounts:
            - {name: settings, mountPath: /etc/sasl2, readOnly: true}
      volumes:
        - {name: settings, configMap: {name: settings}}
    `,
    after: pod`
      containers:
        - name: web
          image: memcached:1.6
          securityContext:
            readOnlyRootFilesystem: true
          volumeMounts:
            - {name: settings, mountPath: /etc/sasl2, readOnly: true}
      volumes:
        - {name: settings, configMap: {name: settings}}
    `,
  },
  {
    name: 'a known image with certificates, which say nothing of where it writes',
    risk: 'medium',
    before: containerOf('memcached:1.6')`
      args: [-Z, -o, ssl_key=/etc/memcached/tls.key, -m, "64"]
      volumeMounts:
        - {name: certs, mountPath: /etc/ssl/certs, readOnly: true}
    `,
    after: containerOf('memcached:1.6')`
      securityContext:
        readOnlyRootFilesystem: true
      args: [-Z, -o, ssl_key=/etc/memcached/tls.key, -m, "64"]
      volumeMounts:
        - {name: certs, mountPath: /etc/ssl/certs, readOnly: true}
    `,
  },
  {
    name: 'a known image that is told another path',
    risk: 'high',
    before: containerOf('memcached:1.6')`
      args: [--memory-file=/scratch/items]
    `,
    after: containerOf('memcached:1.6')`
      securityContext:
        readOnlyRootFilesystem: true
      args: [--memory-file=/scratch/items]
    `,
  },
  {
    name: 'a known image that is told a path with a volume',
    risk: 'medium',
    before: containerOf('memcached:1.6')`
      args: [--memory-file=/scratch/items]
      volumeMounts:
        - {name: scratch, mountPath: /scratch/}
    `,
    after: containerOf('memcached:1.6')`
      securityContext:
        readOnlyRootFilesystem: true
      args: [--memory-file=/scratch/items]
      volumeMounts:
        - {name: scratch, mountPath: /scratch/}
    `,
  },
  {
    name: 'a known image with a hook',
    risk: 'high',
    before: containerOf('memcached:1.6')`
      lifecycle:
        postStart: {exec: {command: [touch, /started]}}
    `,
    after: containerOf('memcached:1.6')`
      securityContext:
        readOnlyRootFilesystem: true
      lifecycle:
        postStart: {exec: {command: [touch, /started]}}
    `,
  },
  {
    name: 'a folder for temporary files that an empty one would break',
    risk: 'high',
    before: pod`
      containers:
        - name: web
          image: ghcr.io/acme/web:1
          env: [{name: TMPDIR, value: /usr/local}]
          volumeMounts:
            - {name: work, mountPath: /tmp}
      volumes:
        - {name: work, emptyDir: {}}
    `,
    after: pod`
      containers:
        - name: web
          image: ghcr.io/acme/web:1
          securityContext:
            readOnlyRootFilesystem: true
          env: [{name: TMPDIR, value: /usr/local}]
          volumeMounts:
            - {name: work, mountPath: /tmp}
      volumes:
        - {name: work, emptyDir: {}}
    `,
  },
  {
    name: 'a name that another container mounts, whose volume comes from elsewhere',
    risk: 'high',
    before: pod`
      containers:
        - name: web
          image: ghcr.io/acme/web:1
        - name: side
          image: ghcr.io/acme/side:1
          securityContext: {readOnlyRootFilesystem: true}
          volumeMounts:
            - {name: tmp, mountPath: /shared}
    `,
    after: pod`
      containers:
        - name: web
          image: ghcr.io/acme/web:1
          securityContext:
            readOnlyRootFilesystem: true
          volumeMounts:
            - name: tmp-web
              mountPath: /tmp
        - name: side
          image: ghcr.io/acme/side:1
          securityContext: {readOnlyRootFilesystem: true}
          volumeMounts:
            - {name: tmp, mountPath: /shared}
      volumes:
        - name: tmp-web
          emptyDir: {}
    `,
  },
  {
    name: 'an explicit false',
    risk: 'high',
    before: containerOf('registry.k8s.io/metrics-server/metrics-server:v0.7.2')`
      securityContext:
        readOnlyRootFilesystem: false
      volumeMounts:
        - name: tmp
          mountPath: /tmp
    `,
    after: containerOf('registry.k8s.io/metrics-server/metrics-server:v0.7.2')`
      securityContext:
        readOnlyRootFilesystem: true
      volumeMounts:
        - name: tmp
          mountPath: /tmp
    `,
  },
]);

itLeaves(readOnlyRootFilesystem, [
  {
    name: 'a container that says true',
    manifest: container`
      securityContext: {readOnlyRootFilesystem: true}
    `,
  },
  {
    name: 'an image that writes into its own files',
    manifest: containerOf('registry.k8s.io/ingress-nginx/controller:v1.11.2')``,
    reason: /ships files in \/etc\/nginx that its start needs/,
  },
  {
    name: 'an image that may',
    manifest: containerOf('grafana/grafana:11.0.0')``,
    reason: /writes \/var\/lib\/grafana; whether it ships files there that an empty volume would hide is not known/,
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
  {
    name: 'volumes that a template fills in',
    manifest: pod`
      containers:
        - name: web
          image: ghcr.io/acme/web:1
      volumes: $VOLUMES
    `,
    reason: /filled in by another tool/,
  },
]);

describe('read-only-root-filesystem', () => {
  const named = (name: string, more: JsonObject = {}): JsonObject => ({ name, image: `ghcr.io/acme/${name}:1`, ...more });
  const check = (object: JsonObject) => evaluate([readOnlyRootFilesystem], object);
  const mounts = (object: JsonObject, position = 0) => containerAt(object, position).volumeMounts;

  it('gives each container a volume of its own', () => {
    const { value } = check(deploymentOf({ containers: [named('a'), named('b'), named('b')] }));
    expect([0, 1, 2].map((position) => mounts(value, position))).toEqual([
      [{ name: 'tmp', mountPath: '/tmp' }],
      [{ name: 'tmp-b', mountPath: '/tmp' }],
      [{ name: 'tmp-b-2', mountPath: '/tmp' }],
    ]);
    expect(podOf(value).volumes).toEqual(['tmp', 'tmp-b', 'tmp-b-2'].map((name) => ({ name, emptyDir: {} })));
  });

  it('takes no name of a volume, or of a claim, which would replace it', () => {
    const statefulSet: JsonObject = {
      apiVersion: 'apps/v1',
      kind: 'StatefulSet',
      metadata: { name: 'db' },
      spec: {
        selector: {},
        volumeClaimTemplates: [{ metadata: { name: 'tmp' } }],
        template: { spec: { containers: [named('a')], volumes: [{ name: 'tmp-a', emptyDir: {} }] } },
      },
    };
    expect(mounts(check(statefulSet).value)).toEqual([{ name: 'tmp-a-2', mountPath: '/tmp' }]);
  });

  it('writes names that are DNS labels, however long the path', () => {
    const path = `/Data_${'x'.repeat(80)}`;
    const long = named('y'.repeat(63), { env: [{ name: 'TMPDIR', value: path }] });
    const { value } = check(deploymentOf({ containers: [long, long] }));
    const names = (podOf(value).volumes as readonly JsonObject[]).map(({ name }) => String(name));
    expect(new Set(names).size).toBe(4);
    for (const name of names) expect(name).toMatch(/^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/);
  });

  it('mounts nothing at or beneath a mount, however that is written', () => {
    for (const mountPath of ['/tmp', '/tmp/', '//tmp/.', '/', '/var/../tmp']) {
      const object = deployment({ volumeMounts: [{ name: 'x', mountPath }] });
      expect(mounts(check(object).value)).toEqual([{ name: 'x', mountPath }]);
    }
    const beneath = deployment({ volumeMounts: [{ name: 'x', mountPath: '/tmp/cache' }] });
    expect(mounts(check(beneath).value)).toHaveLength(2);
  });

  it('takes no names for what was not admitted', () => {
    const containers = [named('a'), named('b')];
    const { findings } = evaluate([readOnlyRootFilesystem], deploymentOf({ containers }), { maxRisk: 'low' });
    const tmp = [{ op: 'set' }, { value: { name: 'tmp' } }, { value: { name: 'tmp' } }];
    expect(findings).toMatchObject([{ changes: tmp }, { changes: tmp }]);
  });

  it('says of which sort its reasons are', () => {
    expect(check(deployment({ image: 'ghcr.io/flannel-io/flannel:v0.28.9' })).findings).toMatchObject([{ obstacle: 'NEEDED' }]);
    const windows = { nodeSelector: { 'kubernetes.io/os': 'windows' } };
    expect(check(deployment({}, windows)).findings).toMatchObject([{ obstacle: 'WINDOWS' }]);
  });

  it('mounts the folder that the last TMPDIR names', () => {
    const env = ['/scratch', '/other'].map((value) => ({ name: 'TMPDIR', value }));
    expect(mounts(check(deployment({ env })).value)).toMatchObject([{ mountPath: '/tmp' }, { mountPath: '/other' }]);
  });

  it('mounts the folder that TMPDIR names', () => {
    const { value } = check(deployment({ env: [{ name: 'TMPDIR', value: '/scratch' }] }));
    expect(mounts(value)).toEqual([
      { name: 'tmp', mountPath: '/tmp' },
      { name: 'scratch', mountPath: '/scratch' },
    ]);
  });

  it('relies on the catalogue only where the entrypoint runs', () => {
    const { findings, value } = check(deployment({ image: 'nginx:1.27', command: ['sh'] }));
    expect(findings).toMatchObject([{ risk: 'high', evidence: 'its command replaces the entrypoint of the image' }]);
    expect(mounts(value)).toEqual([{ name: 'tmp', mountPath: '/tmp' }]);
  });

  it('adds nothing for an image that writes nothing', () => {
    const { findings, value } = check(deployment({ image: 'memcached:1.6' }));
    expect(findings).toMatchObject([{ risk: 'medium' }]);
    expect(containerAt(value)).toEqual({
      name: 'web',
      image: 'memcached:1.6',
      securityContext: { readOnlyRootFilesystem: true },
    });
  });

  it('refuses paths that no volume can stand for', () => {
    expect(check(deployment({ image: 'ghcr.io/flannel-io/flannel:v0.28.9' })).findings).toMatchObject([
      { changes: [], unless: expect.stringMatching(/writes \/run\/xtables.lock, which no empty volume can stand for/) },
    ]);
  });

  it('takes volumes on Knative', () => {
    const object: JsonObject = {
      apiVersion: 'serving.knative.dev/v1',
      kind: 'Service',
      metadata: { name: 'hello' },
      spec: { template: { spec: { containers: [named('a')] } } },
    };
    expect(podOf(check(object).value).volumes).toEqual([{ name: 'tmp', emptyDir: {} }]);
  });
});
