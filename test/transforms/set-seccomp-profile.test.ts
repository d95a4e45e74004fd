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
});
