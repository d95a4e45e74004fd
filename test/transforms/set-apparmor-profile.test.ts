import { describe, expect, it } from 'vitest';
import type { JsonObject } from '../../src/core/json.js';
import { setAppArmorProfile } from '../../transforms/set-apparmor-profile.js';
import { deployment, evaluate } from './evaluate.js';
import { container, itFixes, itLeaves, manifest, pod } from './harness.js';

const KEY = 'container.apparmor.security.beta.kubernetes.io';

/** A Deployment with an annotation, and with lines of its pod. */
function annotated(annotations: string, spec: string): string {
  const lines = (text: string, width: number) => text.replace(/^(?=.)/gm, ' '.repeat(width));
  const head = 'apiVersion: apps/v1\nkind: Deployment\nmetadata:\n  name: web\nspec:\n  selector: {matchLabels: {app: web}}\n';
  return `${head}  template:\n    metadata:\n      labels: {app: web}\n${lines(annotations, 6)}    spec:\n${lines(spec, 6)}`;
}

const PLAIN = 'containers:\n  - name: web\n    image: ghcr.io/acme/web:1\n';

function withField(profile: string): string {
  return `${PLAIN}    securityContext:\n      appArmorProfile:\n        ${profile.replaceAll('\n', '\n        ')}\n`;
}

function ofPod(profile: string): string {
  return `securityContext: {appArmorProfile: ${profile}}\n${PLAIN}`;
}

itFixes(setAppArmorProfile, [
  {
    name: 'the field of a container',
    risk: 'high',
    before: container`
      securityContext:
        privileged: false
        appArmorProfile:
          type: Unconfined
    `,
    after: container`
      securityContext:
        privileged: false
    `,
  },
  {
    name: 'the field of a pod, for a level',
    risk: 'high',
    level: 'baseline',
    before: pod`
      securityContext:
        fsGroup: 2000 # shared
        appArmorProfile: {type: Unconfined}
      containers:
        - name: web
          image: ghcr.io/acme/web:1
    `,
    after: pod`
      securityContext:
        fsGroup: 2000 # shared
      containers:
        - name: web
          image: ghcr.io/acme/web:1
    `,
  },
  {
    name: 'an annotation, whose neighbours stay',
    risk: 'high',
    level: 'restricted',
    kubernetes: '1.25',
    before: annotated(`annotations:\n  team: web # storefront\n  ${KEY}/web: unconfined\n`, PLAIN),
    after: annotated('annotations:\n  team: web # storefront\n', PLAIN),
  },
  {
    name: 'a field and the annotation that agrees with it, together',
    risk: 'high',
    before: annotated(
      `annotations:\n  team: web\n  ${KEY}/web: unconfined\n`,
      `${PLAIN}    securityContext: {appArmorProfile: {type: Unconfined}, runAsUser: 1000}\n`,
    ),
    after: annotated('annotations:\n  team: web\n', `${PLAIN}    securityContext: {runAsUser: 1000}\n`),
  },
  {
    name: 'a forbidden annotation beside a right field, which stays',
    risk: 'high',
    level: 'baseline',
    before: annotated(`annotations: {team: web, ${KEY}/web: unconfined}\n`, withField('type: RuntimeDefault')),
    after: annotated('annotations: {team: web}\n', withField('type: RuntimeDefault')),
  },
  {
    name: 'a forbidden field beside a right annotation, which it becomes',
    risk: 'high',
    before: annotated(`annotations:\n  team: web\n  ${KEY}/web: localhost/web\n`, withField('type: Unconfined')),
    after: annotated('annotations:\n  team: web\n', withField('type: Localhost\nlocalhostProfile: web')),
  },
  {
    name: 'the same for a level, which asks for no more than that the field goes',
    risk: 'high',
    level: 'baseline',
    before: annotated(
      `annotations:\n  ${KEY}/web: localhost/web\n`,
      `${PLAIN}    securityContext: {appArmorProfile: {type: Unconfined}, runAsUser: 1000}\n`,
    ),
    after: annotated(`annotations:\n  ${KEY}/web: localhost/web\n`, `${PLAIN}    securityContext: {runAsUser: 1000}\n`),
  },
  {
    name: 'an annotation for a container that does not exist, for a level',
    risk: 'high',
    level: 'baseline',
    before: annotated(`annotations:\n  team: web\n  ${KEY}/old: unconfined\n`, PLAIN),
    after: annotated('annotations:\n  team: web\n', PLAIN),
  },
  {
    name: 'a right annotation for a container that does not exist, which the API server refuses',
    risk: 'high',
    before: annotated(`annotations:\n  team: web\n  ${KEY}/old: runtime/default\n`, PLAIN),
    after: annotated('annotations:\n  team: web\n', PLAIN),
  },
  {
    name: 'an annotation that the field replaced',
    risk: 'medium',
    before: annotated(`annotations:\n  team: web\n  ${KEY}/web: runtime/default\n`, PLAIN),
    after: annotated('annotations:\n  team: web\n', withField('type: RuntimeDefault')),
  },
  {
    name: 'an annotation that names a profile of the node',
    risk: 'medium',
    kubernetes: '1.30',
    before: annotated(`annotations:\n  team: web\n  ${KEY}/web: localhost/acme-web\n`, PLAIN),
    after: annotated('annotations:\n  team: web\n', withField('type: Localhost\nlocalhostProfile: acme-web')),
  },
  {
    name: 'an annotation that says what the pod says already',
    risk: 'medium',
    before: annotated(`annotations: {team: web, ${KEY}/web: runtime/default}\n`, ofPod('{type: RuntimeDefault}')),
    after: annotated('annotations: {team: web}\n', ofPod('{type: RuntimeDefault}')),
  },
  {
    name: 'the annotation of a Pod, which wins over what the pod says',
    risk: 'medium',
    before: manifest`
      apiVersion: v1
      kind: Pod
      metadata:
        name: web
        annotations:
          team: web
          container.apparmor.security.beta.kubernetes.io/web: localhost/web
      spec:
        securityContext:
          appArmorProfile: {type: RuntimeDefault}
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
          team: web
      spec:
        securityContext:
          appArmorProfile: {type: RuntimeDefault}
        containers:
          - name: web
            image: ghcr.io/acme/web:1
            securityContext:
              appArmorProfile:
                type: Localhost
                localhostProfile: web
    `,
  },
  {
    name: 'a Windows pod, on which the field is refused',
    risk: 'high',
    before: pod`
      os: {name: windows}
      securityContext: {runAsNonRoot: true, appArmorProfile: {type: Unconfined}}
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
    name: 'a pod that asks for nothing, where it is told to',
    risk: 'high',
    settings: { missing: 'runtime-default' },
    before: pod`
      securityContext:
        fsGroup: 2000
      containers:
        - name: web
          image: ghcr.io/acme/web:1
    `,
    after: pod`
      securityContext:
        fsGroup: 2000
        appArmorProfile:
          type: RuntimeDefault
      containers:
        - name: web
          image: ghcr.io/acme/web:1
    `,
  },
  {
    name: 'a forbidden profile, in whose place another goes where it is told to',
    risk: 'high',
    settings: { missing: 'runtime-default' },
    before: annotated('', ofPod('{type: Unconfined}')),
    after: annotated('', ofPod('{type: RuntimeDefault}')),
  },
]);

itLeaves(setAppArmorProfile, [
  { name: 'a pod that says nothing', manifest: container`` },
  { name: 'the profile of the runtime', manifest: annotated('', withField('type: RuntimeDefault')) },
  { name: 'a profile of the node', manifest: annotated('', withField('type: Localhost\nlocalhostProfile: web')) },
  { name: 'an annotation that asks for nothing', manifest: annotated(`annotations: {${KEY}/web: ""}\n`, PLAIN) },
  { name: 'an annotation that names no profile', manifest: annotated(`annotations: {${KEY}/web: localhost/}\n`, PLAIN) },
  {
    name: 'an annotation where a version does not know the field',
    kubernetes: '1.29-1.35',
    manifest: annotated(`annotations: {${KEY}/web: runtime/default}\n`, PLAIN),
  },
  {
    name: 'a right annotation, for a level',
    level: 'baseline',
    manifest: annotated(`annotations: {${KEY}/web: runtime/default}\n`, PLAIN),
  },
  {
    name: 'a right annotation for no container, for a level',
    level: 'restricted',
    manifest: annotated(`annotations: {${KEY}/old: runtime/default}\n`, PLAIN),
  },
  {
    name: 'a silent pod, for a level, whatever it is told',
    level: 'restricted',
    settings: { missing: 'runtime-default' },
    manifest: container``,
  },
  {
    name: 'a field and an annotation that disagree',
    manifest: annotated(`annotations: {${KEY}/web: localhost/web}\n`, withField('type: RuntimeDefault')),
    reason: /^the field says otherwise, or cannot be read here/,
  },
  {
    name: 'an annotation beside a field that cannot be read',
    manifest: annotated(`annotations: {${KEY}/web: localhost/web}\n`, withField('type: Localhost\nlocalhostProfile: $PROFILE')),
    reason: /cannot be read here/,
  },
  {
    name: 'a variable',
    manifest: container`
      securityContext:
        appArmorProfile:
          type: $PROFILE
    `,
    reason: /filled in by another tool/,
  },
  {
    name: 'a variable, whatever it is told',
    settings: { missing: 'runtime-default' },
    manifest: annotated('', ofPod('{type: $PROFILE}')),
    reason: /filled in by another tool/,
  },
  {
    name: 'an annotation with a variable',
    manifest: annotated(`annotations: {${KEY}/web: "\${PROFILE}"}\n`, PLAIN),
    reason: /filled in by another tool/,
  },
  {
    name: 'a profile whose name is a variable',
    manifest: annotated(`annotations: {${KEY}/web: "localhost/\${PROFILE}"}\n`, PLAIN),
    reason: /filled in by another tool/,
  },
  {
    name: 'a right annotation that may be of a container that cannot be read',
    manifest: annotated(`annotations: {${KEY}/agent: runtime/default}\n`, 'containers: $CONTAINERS\n'),
  },
  {
    name: 'a right annotation of an ephemeral container',
    manifest: manifest`
      apiVersion: v1
      kind: Pod
      metadata:
        name: web
        annotations:
          container.apparmor.security.beta.kubernetes.io/debug: runtime/default
      spec:
        containers:
          - name: web
            image: ghcr.io/acme/web:1
        ephemeralContainers:
          - name: debug
            image: busybox:1
    `,
  },
  {
    name: 'an annotation of a Windows pod',
    manifest: annotated(`annotations: {${KEY}/web: runtime/default}\n`, `os: {name: windows}\n${PLAIN}`),
  },
  {
    name: 'an annotation of a pod that may run on Windows',
    manifest: annotated(`annotations: {${KEY}/web: runtime/default}\n`, `nodeSelector: {kubernetes.io/os: windows}\n${PLAIN}`),
    reason: /may run on Windows/,
  },
  {
    name: 'an annotation that Knative would not take as a field',
    manifest: manifest`
      apiVersion: serving.knative.dev/v1
      kind: Service
      metadata:
        name: web
      spec:
        template:
          metadata:
            annotations:
              container.apparmor.security.beta.kubernetes.io/web: runtime/default
          spec:
            containers:
              - name: web
                image: ghcr.io/acme/web:1
    `,
  },
  {
    name: 'a silent pod where a version does not know the field',
    kubernetes: '1.28-1.30',
    settings: { missing: 'runtime-default' },
    manifest: container``,
    reason: /^Kubernetes 1.28 does not have appArmorProfile$/,
  },
  {
    name: 'a silent pod that may run on Windows, whatever it is told',
    settings: { missing: 'runtime-default' },
    manifest: annotated('', `nodeSelector: {kubernetes.io/os: windows}\n${PLAIN}`),
    reason: /may run on Windows/,
  },
  {
    name: 'a silent Windows pod, whatever it is told',
    settings: { missing: 'runtime-default' },
    manifest: annotated('', `os: {name: windows}\n${PLAIN}`),
  },
  {
    name: 'a pod that says so, where it is told to ask for one',
    settings: { missing: 'runtime-default' },
    manifest: annotated('', ofPod('{type: Localhost, localhostProfile: web}')),
  },
]);

describe('set-apparmor-profile', () => {
  const told = { settings: { missing: 'runtime-default' } };
  const two = (pod: JsonObject, web: JsonObject = {}, annotations: JsonObject = {}) =>
    deployment(web, { initContainers: [{ name: 'init', image: 'b' }], ...pod }, { annotations });
  const shown = (object: JsonObject, options = {}) =>
    evaluate([setAppArmorProfile], object, options).findings.map(
      ({ subject, message, unless }) => `${subject}: ${message}${unless === undefined ? '' : ' -'}`,
    );

  it('writes on containers what the pod must not say for all of them', () => {
    const object = two({}, {}, { [`${KEY}/init`]: '' });
    expect(shown(object, told)).toEqual(['container web: no AppArmor profile']);
    const suppressed = ['spec', 'template', 'spec', 'initContainers', 0];
    expect(shown(two({}), { ...told, suppressed: [suppressed] })).toEqual([
      'container web: no AppArmor profile',
      'init container init: no AppArmor profile',
    ]);
  });

  it('takes a profile away that the pod replaces, and puts another where it does not', () => {
    const unconfined = { securityContext: { appArmorProfile: { type: 'Unconfined' } } };
    const contexts = (pod: JsonObject) => JSON.stringify(evaluate([setAppArmorProfile], two(pod, unconfined), told).value.spec);
    expect(contexts({ securityContext: { appArmorProfile: { type: 'RuntimeDefault' } } })).not.toContain('Unconfined');
    expect(contexts({}).match(/RuntimeDefault/g)).toHaveLength(2);
  });

  it('keeps what reaches a container for which someone said no', () => {
    const suppressed = [['spec', 'template', 'spec', 'containers', 0]];
    const object = two({ securityContext: { appArmorProfile: { type: 'Unconfined' } } });
    expect(shown(object, { suppressed })).toEqual(['pod: AppArmor profile Unconfined -']);
    const annotated = two({}, {}, { [`${KEY}/web`]: 'runtime/default' });
    expect(evaluate([setAppArmorProfile], annotated, { suppressed }).value).toEqual(annotated);
  });

  it('names a profile without a type, which the API server refuses', () => {
    expect(shown(two({ securityContext: { appArmorProfile: {} } }))).toEqual(['pod: AppArmor profile without a type']);
  });

  it('names annotations of no container one by one', () => {
    expect(shown(two({}, {}, { [`${KEY}/a`]: 'unconfined', [`${KEY}/b`]: 'foo' }))).toEqual([
      'pod: AppArmor annotation "unconfined" for no container "a"',
      'pod: AppArmor annotation "foo" for no container "b"',
    ]);
  });
});
