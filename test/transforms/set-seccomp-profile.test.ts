import { describe, expect, it } from 'vitest';
import type { JsonObject } from '../../src/core/json.js';
import { setSeccompProfile } from '../../transforms/set-seccomp-profile.js';
import { containerOf as containerAt, deployment, deploymentOf, evaluate, podOf } from './evaluate.js';
import { container, containerOf, itFixes, itLeaves, manifest, pod } from './harness.js';

itFixes(setSeccompProfile, [
  {
    name: 'a pod without a profile',
    risk: 'low',
    before: container``,
    after: pod`
      securityContext:
        seccompProfile:
          type: RuntimeDefault
      containers:
        - name: web
          image: ghcr.io/acme/web:1
    `,
  },
  {
    name: 'a browser',
    risk: 'high',
    before: containerOf('selenium/standalone-chrome:4')``,
    after: pod`
      securityContext:
        seccompProfile:
          type: RuntimeDefault
      containers:
        - name: web
          image: selenium/standalone-chrome:4
    `,
  },
  {
    name: 'a command that nests containers',
    risk: 'high',
    before: container`
      args: [bwrap, --unshare-all, /app]
    `,
    after: pod`
      securityContext:
        seccompProfile:
          type: RuntimeDefault
      containers:
        - name: web
          image: ghcr.io/acme/web:1
          args: [bwrap, --unshare-all, /app]
    `,
  },
  {
    name: 'an explicit Unconfined, and what is left of another profile',
    risk: 'high',
    before: container`
      securityContext:
        seccompProfile:
          type: Unconfined # was audit.json
          localhostProfile: audit.json
    `,
    after: container`
      securityContext:
        seccompProfile:
          type: RuntimeDefault # was audit.json
    `,
  },
  {
    name: 'the annotation of a pod moves into the field',
    risk: 'medium',
    before: manifest`
      apiVersion: v1
      kind: Pod
      metadata:
        name: web
        annotations:
          seccomp.security.alpha.kubernetes.io/pod: docker/default
          team: shop # who to ask
      spec:
        containers:
          - name: web
            image: ghcr.io/acme/web:1
    `,
    after: manifest`
      apiVersion: v1
      kind: Pod
      metadata:
        name: web
        annotations:
          team: shop # who to ask
      spec:
        securityContext:
          seccompProfile:
            type: RuntimeDefault
        containers:
          - name: web
            image: ghcr.io/acme/web:1
    `,
  },
  {
    name: 'Knative, which takes it on containers',
    risk: 'low',
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
                  seccompProfile:
                    type: RuntimeDefault
    `,
  },
  {
    name: 'before the field, the annotations that confine nothing',
    risk: 'high',
    level: 'restricted',
    kubernetes: '1.10-1.18',
    before: manifest`
      apiVersion: v1
      kind: Pod
      metadata:
        name: web
        annotations:
          seccomp.security.alpha.kubernetes.io/pod: unconfined # for strace
          container.seccomp.security.alpha.kubernetes.io/web: strict
      spec:
        containers:
          - name: web
            image: ghcr.io/acme/web:1
    `,
    after: manifest`
      apiVersion: v1
      kind: Pod
      metadata:
        name: web
        annotations:
          seccomp.security.alpha.kubernetes.io/pod: runtime/default # for strace
          container.seccomp.security.alpha.kubernetes.io/web: runtime/default
      spec:
        containers:
          - name: web
            image: ghcr.io/acme/web:1
    `,
  },
  {
    name: 'where the oldest does not have the field, the annotation for it, and the field goes',
    risk: 'high',
    level: 'baseline',
    kubernetes: '1.18-1.20',
    before: manifest`
      apiVersion: v1
      kind: Pod
      metadata:
        name: web
        annotations:
          seccomp.security.alpha.kubernetes.io/pod: unconfined
      spec:
        securityContext: {seccompProfile: {type: Unconfined}, runAsNonRoot: true}
        containers:
          - name: web
            image: ghcr.io/acme/web:1
    `,
    after: manifest`
      apiVersion: v1
      kind: Pod
      metadata:
        name: web
        annotations:
          seccomp.security.alpha.kubernetes.io/pod: runtime/default
      spec:
        securityContext: {runAsNonRoot: true}
        containers:
          - name: web
            image: ghcr.io/acme/web:1
    `,
  },
  {
    name: 'for baseline, Unconfined and a profile without a type',
    risk: 'high',
    level: 'baseline',
    before: pod`
      securityContext:
        seccompProfile: {type: Unconfined}
      containers:
        - name: web
          image: ghcr.io/acme/web:1
          securityContext:
            seccompProfile: {}
    `,
    after: pod`
      securityContext:
        seccompProfile: {type: RuntimeDefault}
      containers:
        - name: web
          image: ghcr.io/acme/web:1
          securityContext:
            seccompProfile:
              type: RuntimeDefault
    `,
  },
  {
    name: 'for restricted, where a container has none',
    risk: 'low',
    level: 'restricted',
    before: pod`
      initContainers:
        - name: migrate
          image: ghcr.io/acme/migrate:1
          securityContext: {seccompProfile: {type: Localhost, localhostProfile: migrate.json}}
      containers:
        - name: web
          image: ghcr.io/acme/web:1
    `,
    after: pod`
      securityContext:
        seccompProfile:
          type: RuntimeDefault
      initContainers:
        - name: migrate
          image: ghcr.io/acme/migrate:1
          securityContext: {seccompProfile: {type: Localhost, localhostProfile: migrate.json}}
      containers:
        - name: web
          image: ghcr.io/acme/web:1
    `,
  },
  {
    name: 'for a level, a profile that Windows does not take',
    risk: 'high',
    level: 'baseline',
    before: pod`
      os: {name: windows}
      securityContext: {runAsNonRoot: true, seccompProfile: {type: Unconfined}}
      containers:
        - {name: web, image: ghcr.io/acme/web:1}
    `,
    after: pod`
      os: {name: windows}
      securityContext: {runAsNonRoot: true}
      containers:
        - {name: web, image: ghcr.io/acme/web:1}
    `,
  },
]);

itLeaves(setSeccompProfile, [
  {
    name: 'a pod with the default profile',
    manifest: pod`
      securityContext: {seccompProfile: {type: RuntimeDefault}}
      containers:
        - {name: web, image: ghcr.io/acme/web:1}
    `,
  },
  {
    name: 'a stricter profile of the node',
    manifest: pod`
      securityContext: {seccompProfile: {type: Localhost, localhostProfile: audit.json}}
      containers:
        - {name: web, image: ghcr.io/acme/web:1}
    `,
  },
  {
    name: 'containers that all have one',
    manifest: container`
      securityContext:
        seccompProfile: {type: RuntimeDefault}
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
  {
    name: 'an annotation that is no profile',
    manifest: manifest`
      apiVersion: v1
      kind: Pod
      metadata:
        name: web
        annotations:
          seccomp.security.alpha.kubernetes.io/pod: strict
      spec:
        containers:
          - name: web
            image: ghcr.io/acme/web:1
    `,
    reason: /"strict", which is no profile/,
  },
  { name: 'for baseline, a pod without a profile', level: 'baseline', manifest: container`` },
  {
    name: 'for baseline, what is left beside another type',
    level: 'baseline',
    manifest: container`
      securityContext: {seccompProfile: {type: RuntimeDefault, localhostProfile: audit.json}}
    `,
  },
  {
    name: 'for baseline, an annotation that nobody reads any more',
    level: 'baseline',
    manifest: manifest`
      apiVersion: v1
      kind: Pod
      metadata:
        name: web
        annotations:
          seccomp.security.alpha.kubernetes.io/pod: unconfined
      spec:
        containers:
          - name: web
            image: ghcr.io/acme/web:1
    `,
  },
  {
    name: 'before the field, annotations that confine',
    level: 'restricted',
    kubernetes: '1.18',
    manifest: manifest`
      apiVersion: v1
      kind: Pod
      metadata:
        name: web
        annotations:
          seccomp.security.alpha.kubernetes.io/pod: docker/default
          container.seccomp.security.alpha.kubernetes.io/web: localhost/web.json
      spec:
        containers:
          - name: web
            image: ghcr.io/acme/web:1
    `,
  },
  {
    name: 'before the field, a pod that says nothing',
    level: 'restricted',
    kubernetes: '1.18',
    manifest: container``,
  },
  {
    name: 'a missing profile where the oldest does not have the field',
    level: 'restricted',
    kubernetes: '1.18-1.19',
    manifest: container``,
    reason: /^Kubernetes 1\.18 does not have seccompProfile$/,
  },
  {
    name: 'the same in a run for no level',
    kubernetes: '1.18-1.19',
    manifest: container``,
    reason: /^Kubernetes 1\.18 does not have seccompProfile$/,
  },
  {
    name: 'an annotation for it in a run for no level',
    kubernetes: '1.18-1.19',
    manifest: manifest`
      apiVersion: v1
      kind: Pod
      metadata:
        name: web
        annotations:
          container.seccomp.security.alpha.kubernetes.io/web: runtime/default
      spec:
        containers:
          - name: web
            image: ghcr.io/acme/web:1
    `,
  },
  {
    name: 'before the field, an annotation that is a variable',
    level: 'baseline',
    kubernetes: '1.18',
    manifest: manifest`
      apiVersion: v1
      kind: Pod
      metadata:
        name: web
        annotations:
          seccomp.security.alpha.kubernetes.io/pod: \${PROFILE}
      spec:
        containers:
          - name: web
            image: ghcr.io/acme/web:1
    `,
    reason: /filled in by another tool/,
  },
  {
    name: 'for restricted, a Windows pod of a version that does not exempt it',
    level: 'restricted',
    kubernetes: '1.24-1.25',
    manifest: pod`
      os: {name: windows}
      containers:
        - {name: web, image: ghcr.io/acme/web:1}
    `,
    reason: /refuses the field on Windows/,
  },
]);

describe('set-seccomp-profile', () => {
  const PREFIX = 'container.seccomp.security.alpha.kubernetes.io/';
  const POD = 'seccomp.security.alpha.kubernetes.io/pod';
  const annotated = (annotations: JsonObject, pod: JsonObject = {}) => deployment({}, pod, { annotations });
  const annotations = (object: JsonObject) =>
    (((object.spec as JsonObject).template as JsonObject).metadata as JsonObject).annotations;

  it('gives one container the profile of its annotation, and the pod the default', () => {
    const { findings, value } = evaluate([setSeccompProfile], annotated({ [`${PREFIX}web`]: 'localhost/audit.json' }));
    expect(findings).toMatchObject([{ risk: 'medium', message: 'seccomp profile only in annotations, which runtimes ignore' }]);
    expect(podOf(value).securityContext).toEqual({ seccompProfile: { type: 'RuntimeDefault' } });
    expect(containerAt(value).securityContext).toEqual({
      seccompProfile: { type: 'Localhost', localhostProfile: 'audit.json' },
    });
    expect(annotations(value)).toEqual({});
  });

  it('does not restate on a container what its annotation shares with the pod', () => {
    const { value } = evaluate([setSeccompProfile], annotated({ [`${PREFIX}web`]: 'runtime/default', [POD]: 'runtime/default' }));
    expect(podOf(value).securityContext).toEqual({ seccompProfile: { type: 'RuntimeDefault' } });
    expect(containerAt(value).securityContext).toBeUndefined();
    expect(annotations(value)).toEqual({});
  });

  it('takes an annotation unconfined for an explicit Unconfined', () => {
    const { findings, value } = evaluate([setSeccompProfile], annotated({ [POD]: 'unconfined' }));
    expect(findings).toMatchObject([{ risk: 'high' }]);
    expect(podOf(value).securityContext).toEqual({ seccompProfile: { type: 'RuntimeDefault' } });
  });

  it('removes the annotation that would contradict the field it corrects', () => {
    const object = annotated({ [POD]: 'unconfined' }, { securityContext: { seccompProfile: { type: 'Unconfined' } } });
    const { findings, value } = evaluate([setSeccompProfile], object);
    expect(findings).toMatchObject([{ risk: 'high', message: 'seccomp profile Unconfined' }]);
    expect(podOf(value).securityContext).toEqual({ seccompProfile: { type: 'RuntimeDefault' } });
    expect(annotations(value)).toEqual({});
  });

  it('removes an annotation without a value, which would contradict the field', () => {
    const { value } = evaluate([setSeccompProfile], annotated({ [POD]: null, [`${PREFIX}web`]: null }));
    expect(podOf(value).securityContext).toEqual({ seccompProfile: { type: 'RuntimeDefault' } });
    expect(annotations(value)).toEqual({});
  });

  it('takes an empty profile for none', () => {
    const { value } = evaluate([setSeccompProfile], deployment({}, { securityContext: { seccompProfile: {} } }));
    expect(podOf(value).securityContext).toEqual({ seccompProfile: { type: 'RuntimeDefault' } });
  });

  it('removes what is left beside another type', () => {
    const seccompProfile = { type: 'RuntimeDefault', localhostProfile: 'audit.json' };
    const { findings, value } = evaluate([setSeccompProfile], deployment({}, { securityContext: { seccompProfile } }));
    expect(findings).toMatchObject([{ risk: 'high', changes: [{ op: 'remove' }] }]);
    expect(podOf(value).securityContext).toEqual({ seccompProfile: { type: 'RuntimeDefault' } });
  });

  it('leaves a container alone for which someone said no', () => {
    const containers = ['a', 'b'].map((name) => ({ name, image: name }));
    const suppressed = [['spec', 'template', 'spec', 'containers', 0]];
    const { value } = evaluate([setSeccompProfile], deploymentOf({ containers }), { suppressed });
    expect(podOf(value).securityContext).toBeUndefined();
    expect(containerAt(value, 0).securityContext).toBeUndefined();
    expect(containerAt(value, 1).securityContext).toEqual({ seccompProfile: { type: 'RuntimeDefault' } });
  });

  it('does not correct a pod from which such a container takes its profile', () => {
    const containers = [{ name: 'a', image: 'a' }];
    const object = deploymentOf({ securityContext: { seccompProfile: { type: 'Unconfined' } }, containers });
    const suppressed = [['spec', 'template', 'spec', 'containers', 0]];
    expect(evaluate([setSeccompProfile], object, { suppressed }).value).toEqual(object);
  });

  it('says what was written', () => {
    const object = deployment({ securityContext: { seccompProfile: { type: 'localhost', localhostProfile: 'a.json' } } });
    expect(evaluate([setSeccompProfile], object).findings).toMatchObject([
      { message: 'seccomp profile localhost', risk: 'high' },
    ]);
  });

  it.each([
    ['unconfined', 'someone wrote unconfined; the profile that container runtimes use of their own accord'],
    ['localhost/audit.json', 'someone asked for a profile of the node, which starts no container where it is missing'],
    ['docker/default', 'the profile that container runtimes use of their own accord'],
  ])('says what an annotation asks for: %s', (value, evidence) => {
    for (const key of [POD, `${PREFIX}web`]) {
      const { findings } = evaluate([setSeccompProfile], annotated({ [key]: value }));
      expect(findings).toMatchObject([{ evidence }]);
    }
  });

  it('says that the pod may run on Windows', () => {
    const { findings } = evaluate([setSeccompProfile], deployment({}, { nodeSelector: { 'kubernetes.io/os': 'windows' } }));
    expect(findings).toMatchObject([{ obstacle: 'WINDOWS' }]);
  });
});
