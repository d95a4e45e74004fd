import { describe, expect, it } from 'vitest';
import type { JsonObject } from '../../src/core/json.js';
import type { SettingValues } from '../../src/kube/settings.js';
import { requireNonRoot } from '../../transforms/require-non-root.js';
import { containerOf as containerAt, deployment, deploymentOf, evaluate, podOf } from './evaluate.js';
import { container, containerOf, itFixes, itLeaves, manifest, pod } from './harness.js';

itFixes(requireNonRoot, [
  {
    name: 'an unknown image',
    risk: 'high',
    before: container``,
    after: pod`
      securityContext:
        runAsNonRoot: true
      containers:
        - name: web
          image: ghcr.io/acme/web:1
    `,
  },
  {
    name: 'a numeric user in force',
    risk: 'low',
    before: pod`
      securityContext:
        runAsUser: 1000 # as in the Dockerfile
      # the storefront
      containers:
        - name: web
          image: ghcr.io/acme/web:1
    `,
    after: pod`
      securityContext:
        runAsNonRoot: true
        runAsUser: 1000 # as in the Dockerfile
      # the storefront
      containers:
        - name: web
          image: ghcr.io/acme/web:1
    `,
  },
  {
    name: 'an image known to start as a numeric user',
    risk: 'medium',
    before: containerOf('grafana/grafana:11.0.0')``,
    after: pod`
      securityContext:
        runAsNonRoot: true
      containers:
        - name: web
          image: grafana/grafana:11.0.0
    `,
  },
  {
    name: 'an explicit false of the pod',
    risk: 'high',
    before: pod`
      securityContext: {runAsNonRoot: false, runAsUser: 1000}
      containers:
        - name: web
          image: ghcr.io/acme/web:1
    `,
    after: pod`
      securityContext: {runAsNonRoot: true, runAsUser: 1000}
      containers:
        - name: web
          image: ghcr.io/acme/web:1
    `,
  },
  {
    name: 'an explicit false of a container',
    risk: 'high',
    before: pod`
      securityContext:
        runAsNonRoot: true
      containers:
        - name: web
          image: ghcr.io/acme/web:1
          securityContext:
            runAsNonRoot: false
    `,
    after: pod`
      securityContext:
        runAsNonRoot: true
      containers:
        - name: web
          image: ghcr.io/acme/web:1
          securityContext:
            runAsNonRoot: true
    `,
  },
  {
    name: 'a container beside one that must run as root',
    risk: 'low',
    before: pod`
      initContainers:
        - name: own
          image: busybox:1.36
          securityContext: {runAsUser: 0}
      containers:
        - name: web
          image: ghcr.io/acme/web:1
          securityContext: {runAsUser: 1000}
    `,
    after: pod`
      initContainers:
        - name: own
          image: busybox:1.36
          securityContext: {runAsUser: 0}
      containers:
        - name: web
          image: ghcr.io/acme/web:1
          securityContext: {runAsNonRoot: true, runAsUser: 1000}
    `,
  },
  {
    name: 'Knative, which takes it on containers',
    risk: 'high',
    before: manifest`
      apiVersion: serving.knative.dev/v1
      kind: Service
      metadata:
        name: hello
      spec:
        template:
          spec:
            containers:
              - image: ghcr.io/acme/hello:1
    `,
    after: manifest`
      apiVersion: serving.knative.dev/v1
      kind: Service
      metadata:
        name: hello
      spec:
        template:
          spec:
            containers:
              - image: ghcr.io/acme/hello:1
                securityContext:
                  runAsNonRoot: true
    `,
  },
  {
    name: 'an image that starts as root, where that is asked for',
    risk: 'high',
    settings: { 'root-images': 'require' },
    before: containerOf('nginx:1.27')``,
    after: pod`
      securityContext:
        runAsNonRoot: true
      containers:
        - name: web
          image: nginx:1.27
    `,
  },
  {
    name: 'for a level, a false that the containers overrule',
    risk: 'high',
    level: 'restricted',
    before: pod`
      securityContext: {runAsNonRoot: false}
      containers:
        - name: web
          image: ghcr.io/acme/web:1
          securityContext: {runAsNonRoot: true}
    `,
    after: pod`
      securityContext: {runAsNonRoot: true}
      containers:
        - name: web
          image: ghcr.io/acme/web:1
          securityContext: {runAsNonRoot: true}
    `,
  },
  {
    name: 'for a level, a false of pod and container, beside an image that starts as root',
    risk: 'high',
    level: 'restricted',
    settings: { 'root-images': 'require' },
    before: pod`
      securityContext: {runAsNonRoot: false}
      initContainers:
        - name: own
          image: nginx:1.27
      containers:
        - name: web
          image: ghcr.io/acme/web:1
          securityContext: {runAsNonRoot: false}
    `,
    after: pod`
      securityContext: {runAsNonRoot: true}
      initContainers:
        - name: own
          image: nginx:1.27
      containers:
        - name: web
          image: ghcr.io/acme/web:1
          securityContext: {runAsNonRoot: true}
    `,
  },
  {
    name: 'for a level, a Windows pod, which no version exempts',
    risk: 'high',
    level: 'restricted',
    before: pod`
      os: {name: windows}
      containers:
        - {name: web, image: ghcr.io/acme/web:1}
    `,
    after: pod`
      os: {name: windows}
      securityContext:
        runAsNonRoot: true
      containers:
        - {name: web, image: ghcr.io/acme/web:1}
    `,
  },
]);

itLeaves(requireNonRoot, [
  {
    name: 'a pod that says true',
    manifest: pod`
      securityContext: {runAsNonRoot: true}
      containers:
        - {name: web, image: ghcr.io/acme/web:1}
    `,
  },
  {
    name: 'containers that all say true',
    manifest: container`
      securityContext:
        runAsNonRoot: true
    `,
  },
  {
    name: 'an image known to start as root',
    manifest: containerOf('nginx:1.27')``,
    reason: /^nginx:1.27 .*starts as root; runAsUser: 101 can work: writable \/var\/cache\/nginx/,
  },
  {
    name: 'an image that names its user',
    manifest: containerOf('quay.io/prometheus/alertmanager:v0.27.0')``,
    reason: /names its user "nobody", which the kubelet cannot verify; set runAsUser: 65534 with it/,
  },
  {
    name: 'user 0 in force',
    manifest: container`
      securityContext:
        runAsUser: 0
    `,
    reason: /^runAsUser: 0 is in force/,
  },
  {
    name: 'an explicit false where user 0 is in force',
    manifest: pod`
      securityContext: {runAsNonRoot: false, runAsUser: 0}
      containers:
        - {name: web, image: ghcr.io/acme/web:1}
    `,
    reason: /^runAsUser: 0 is in force/,
  },
  {
    name: 'a pod that may run on Windows',
    manifest: pod`
      nodeSelector: {kubernetes.io/os: windows}
      containers:
        - {name: web, image: ghcr.io/acme/web:1}
    `,
    reason: /may run on Windows/,
  },
  {
    name: 'a pod whose security context is a variable',
    manifest: pod`
      securityContext: $SECURITY
      containers:
        - {name: web, image: ghcr.io/acme/web:1, securityContext: {runAsUser: 1}}
    `,
    reason: /filled in by another tool/,
  },
  {
    name: 'user 0 in force, where it is asked for of images',
    settings: { 'root-images': 'require' },
    manifest: container`
      securityContext: {runAsUser: 0}
    `,
    reason: /^runAsUser: 0 is in force/,
  },
  {
    name: 'for a level, containers that say it for themselves',
    level: 'restricted',
    manifest: container`
      securityContext: {runAsNonRoot: true}
    `,
  },
  { name: 'a level that does not ask for it', level: 'baseline', manifest: container`` },
  {
    name: 'for a level, root in a user namespace, where all versions allow that',
    level: 'restricted',
    kubernetes: '1.35-1.37',
    manifest: pod`
      hostUsers: false
      containers:
        - {name: web, image: ghcr.io/acme/web:1, securityContext: {runAsNonRoot: false}}
    `,
  },
]);

describe('require-non-root', () => {
  const named = (name: string, more: JsonObject = {}): JsonObject => ({ name, image: `ghcr.io/acme/${name}:1`, ...more });

  it('asks for it on Windows too, where the catalogue knows nothing', () => {
    const { findings, value } = evaluate([requireNonRoot], deployment({ image: 'grafana/grafana' }, { os: { name: 'windows' } }));
    expect(findings).toMatchObject([{ risk: 'high', evidence: expect.stringContaining('ContainerAdministrator') }]);
    expect(podOf(value).securityContext).toEqual({ runAsNonRoot: true });
  });

  it.each<[string, JsonObject]>([
    ['a container', { containers: [named('a'), '$SIDECAR'] }],
    ['the init containers', { containers: [named('a')], initContainers: '$INIT' }],
    ['a part of a container', { containers: [named('a'), named('b', { $MORE: 'x' })] }],
    ['a security context', { containers: [named('a'), named('b', { securityContext: '$CONTEXT' })] }],
  ])('does not reach from the pod into %s that is a variable', (_, spec) => {
    const { findings } = evaluate([requireNonRoot], deploymentOf(spec), { maxRisk: 'low' });
    const subjects = findings.map(({ subject }) => subject);
    expect(subjects).toContain('container a');
    expect(subjects).not.toContain('pod');
  });

  it('goes to the containers where someone said no for one of them', () => {
    const object = deploymentOf({ containers: [named('a'), named('b')] });
    const suppressed = [['spec', 'template', 'spec', 'containers', 1]];
    const { findings, value } = evaluate([requireNonRoot], object, { suppressed });
    expect(findings.map(({ subject }) => subject)).toEqual(['container a', 'container b']);
    expect(podOf(value).securityContext).toBeUndefined();
    expect(containerAt(value, 0).securityContext).toEqual({ runAsNonRoot: true });
    expect(containerAt(value, 1).securityContext).toBeUndefined();
  });

  it('does not change the false of a pod from which a suppressed container takes it', () => {
    const object = deploymentOf({ securityContext: { runAsNonRoot: false }, containers: [named('a'), named('b')] });
    const suppressed = [['spec', 'template', 'spec', 'containers', 1]];
    const { value } = evaluate([requireNonRoot], object, { suppressed });
    expect(podOf(value).securityContext).toEqual({ runAsNonRoot: false });
    expect(containerAt(value, 0).securityContext).toEqual({ runAsNonRoot: true });
  });

  it('takes the highest risk among the containers for the pod', () => {
    const object = deploymentOf({ containers: [named('a', { securityContext: { runAsUser: 5 } }), named('b')] });
    expect(evaluate([requireNonRoot], object).findings).toMatchObject([
      { subject: 'pod', risk: 'high', evidence: 'container a: runAsUser: 5; container b: the user of the image is not known' },
    ]);
  });

  it('says of no container that it admits what it does not', () => {
    const object = deploymentOf({ securityContext: { runAsNonRoot: false }, containers: [named('a'), named('b', ROOT)] });
    const { findings, value } = evaluate([requireNonRoot], object);
    expect(findings.map(({ subject, changes }) => [subject, changes.length])).toEqual([
      ['container a', 1],
      ['container b', 0],
      ['pod', 0],
    ]);
    expect(findings[0]).toMatchObject({ risk: 'high' });
    expect(podOf(value).securityContext).toEqual({ runAsNonRoot: false });
  });

  it('changes the false of a pod once all its containers say true', () => {
    const object: JsonObject = {
      apiVersion: 'serving.knative.dev/v1',
      kind: 'Service',
      metadata: { name: 'hello' },
      spec: { template: { spec: { securityContext: { runAsNonRoot: false }, containers: [named('a')] } } },
    };
    const { value } = evaluate([requireNonRoot], object);
    expect(podOf(value)).toMatchObject({
      securityContext: { runAsNonRoot: true },
      containers: [{ securityContext: { runAsNonRoot: true } }],
    });
    expect(evaluate([requireNonRoot], value).findings).toEqual([]);
  });
});

const ROOT: JsonObject = { securityContext: { runAsUser: 0 } };

describe('what require-non-root says of images that start as root', () => {
  const findings = (object: JsonObject, settings: SettingValues = {}) =>
    evaluate([requireNonRoot], object, { settings }).findings;

  it('why it leaves them', () => {
    expect(findings(deployment({ image: 'nginx:1.27' }))).toMatchObject([{ obstacle: 'NEEDED', changes: [] }]);
    expect(findings(deployment(ROOT))).toMatchObject([{ obstacle: 'NEEDED', changes: [] }]);
    expect(findings(deployment({}, { nodeSelector: { 'kubernetes.io/os': 'windows' } }))).toMatchObject([
      { obstacle: 'WINDOWS' },
    ]);
  });

  it.each([
    ['nginx:1.27', /^the kubelet will not start it as it is: nginx:1.27 .* starts as root; runAsUser: 101 can work/],
    ['quay.io/prometheus/alertmanager:v0.27.0', /^the kubelet will not start it as it is: .* names its user "nobody"/],
  ])('that %s will not start, where it is asked for all the same', (image, evidence) => {
    const found = findings(deployment({ image }), { 'root-images': 'require' });
    expect(found).toMatchObject([{ risk: 'high', evidence: expect.stringMatching(evidence) }]);
    expect(found[0]?.unless).toBeUndefined();
  });
});
