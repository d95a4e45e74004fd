// biome-ignore-all lint/suspicious/noTemplateCurlyInString: marks of other tools are what is tested
import { describe, expect, it } from 'vitest';
import type { Json, JsonObject } from '../../src/core/json.js';
import { findPodTemplate, isListKind, isPartial, knownKinds, objectsIn } from '../../src/kube/kinds.js';
import { isSystemNamespace } from '../../src/kube/namespaces.js';
import { isOpaque } from '../../src/kube/opaque.js';

const spec = { containers: [{ name: 'web', image: 'web' }] };

/** An object whose kind keeps its template at the given places, all at once. */
function object(apiVersion: string, kind: string, more: JsonObject = {}): JsonObject {
  return { apiVersion, kind, metadata: { name: 'web' }, ...more };
}
const inTemplate = { spec: { selector: {}, template: { spec } } };

describe('findPodTemplate', () => {
  it.each([
    ['v1', 'Pod', { spec }, 'spec'],
    ['v1', 'PodTemplate', { template: { spec } }, 'template.spec'],
    ['v1', 'ReplicationController', inTemplate, 'spec.template.spec'],
    ['apps/v1', 'Deployment', inTemplate, 'spec.template.spec'],
    ['apps/v1beta1', 'StatefulSet', inTemplate, 'spec.template.spec'],
    ['apps/v1beta2', 'DaemonSet', inTemplate, 'spec.template.spec'],
    ['apps/v1', 'ReplicaSet', inTemplate, 'spec.template.spec'],
    ['extensions/v1beta1', 'Deployment', inTemplate, 'spec.template.spec'],
    ['extensions/v1beta1', 'DaemonSet', inTemplate, 'spec.template.spec'],
    ['batch/v1', 'Job', inTemplate, 'spec.template.spec'],
    ['batch/v1', 'CronJob', { spec: { jobTemplate: inTemplate } }, 'spec.jobTemplate.spec.template.spec'],
    ['batch/v1beta1', 'CronJob', { spec: { jobTemplate: inTemplate } }, 'spec.jobTemplate.spec.template.spec'],
    ['batch/v2alpha1', 'CronJob', { spec: { jobTemplate: inTemplate } }, 'spec.jobTemplate.spec.template.spec'],
    ['argoproj.io/v1alpha1', 'Rollout', inTemplate, 'spec.template.spec'],
    ['serving.knative.dev/v1', 'Service', inTemplate, 'spec.template.spec'],
    ['serving.knative.dev/v1', 'Configuration', inTemplate, 'spec.template.spec'],
    ['serving.knative.dev/v1', 'Revision', { spec }, 'spec'],
  ])('knows the template of %s %s', (apiVersion, kind, more, path) => {
    expect(findPodTemplate(object(apiVersion, kind, more))?.podSpec.join('.')).toBe(path);
    expect(knownKinds.names).toContain(kind);
  });

  it.each([
    ['v1', 'Service', inTemplate],
    ['v1', 'Deployment', inTemplate],
    ['example.com/v1', 'Pod', { spec }],
    ['', 'Pod', { spec }],
    ['apps/v1', 'toString', inTemplate],
    ['constructor/v1', 'name', inTemplate],
    ['argoproj.io/v1alpha1', 'Rollout', { spec: { workloadRef: {} } }],
    ['v1', 'Pod', { spec: 'containers' }],
  ])('knows none of %s %s', (apiVersion, kind, more) => {
    expect(findPodTemplate(object(apiVersion, kind, more))).toBeUndefined();
  });

  it('says where the metadata of the pods is', () => {
    expect(findPodTemplate(object('v1', 'Pod', { spec }))?.metadata).toEqual(['metadata']);
    expect(findPodTemplate(object('apps/v1', 'Deployment', inTemplate))?.metadata).toEqual(['spec', 'template', 'metadata']);
  });

  it('says what cannot be changed in place, and what takes fields on containers only', () => {
    const flags = (apiVersion: string, kind: string, more: JsonObject) => {
      const { immutable, containerLevelOnly } = findPodTemplate(object(apiVersion, kind, more))?.kind ?? {};
      return [immutable, containerLevelOnly !== undefined];
    };
    expect(flags('v1', 'Pod', { spec })).toEqual([true, false]);
    expect(flags('batch/v1', 'Job', inTemplate)).toEqual([true, false]);
    expect(flags('batch/v1', 'CronJob', { spec: { jobTemplate: inTemplate } })).toEqual([false, false]);
    expect(flags('apps/v1', 'Deployment', inTemplate)).toEqual([false, false]);
    expect(flags('serving.knative.dev/v1', 'Service', inTemplate)).toEqual([false, true]);
  });
});

describe('objectsIn', () => {
  const roots = (value: Json) => objectsIn(value).map(({ root }) => root.join('.'));

  it('gives an object itself', () => {
    expect(objectsIn(object('v1', 'Pod', { items: [] }))).toMatchObject([{ root: [], kind: 'Pod' }]);
  });

  it('gives the items of lists, nested ones too', () => {
    const pod = object('v1', 'Pod');
    const list = {
      apiVersion: 'v1',
      kind: 'List',
      items: [pod, { apiVersion: 'v1', kind: 'List', items: [pod, null] }, 'no', pod],
    };
    expect(roots(list)).toEqual(['items.0', 'items.1.items.0', 'items.3']);
  });

  it('takes the type of a typed list for items that name none, as kubectl does', () => {
    const list = { apiVersion: 'apps/v1', kind: 'DeploymentList', items: [{ spec: {} }, object('v1', 'Pod')] };
    expect(objectsIn(list)).toMatchObject([
      { apiVersion: 'apps/v1', kind: 'Deployment' },
      { apiVersion: 'v1', kind: 'Pod' },
    ]);
  });

  it('does not take a kind for a list that has no items', () => {
    expect(roots({ apiVersion: 'example.com/v1', kind: 'AllowList', spec: {} })).toEqual(['']);
    expect(isListKind('', 'List')).toBe(false);
  });

  it('finds nothing in what is no object', () => {
    for (const value of [null, 'text', 1, [object('v1', 'Pod')]]) expect(objectsIn(value)).toEqual([]);
  });
});

describe('isPartial', () => {
  const patch = (podSpec: Json, more: JsonObject = {}, apiVersion = 'apps/v1') =>
    isPartial(object(apiVersion, 'Deployment', { spec: { template: { spec: podSpec }, ...more } }));

  it.each([
    ['no pod template', isPartial(object('apps/v1', 'Deployment', { spec: { replicas: 2 } }))],
    ['no containers', patch({ nodeSelector: {} })],
    ['no containers', patch({ containers: null })],
    ['no container has an image', patch({ containers: [] })],
    ['no container has an image', patch({ containers: [{ name: 'web', args: [] }] })],
    ['no container has an image', patch({ containers: [{ name: 'web' }] }, { selector: {} })],
    ['strategic-merge directive', patch({ ...spec, $patch: 'delete' }, { selector: {} })],
    ['strategic-merge directive', patch({ ...spec, '$setElementOrder/containers': [] }, { selector: {} })],
    ['a container without an image', patch({ containers: [{ name: 'proxy', image: 'proxy' }, { name: 'web' }] })],
    ['nothing but an image', patch(spec)],
  ])('sees a patch: %s', (reason, found) => {
    expect(found).toContain(reason);
  });

  it.each([
    ['an object with a selector', patch(spec, { selector: {} })],
    ['a base whose selector a kustomization adds', patch({ ...spec, serviceAccountName: 'web' }, { replicas: 1 })],
    ['an object of a version that needs none', patch(spec, {}, 'apps/v1beta1')],
    ['a pod', isPartial(object('v1', 'Pod', { spec }))],
    ['a template elsewhere', isPartial(object('argoproj.io/v1alpha1', 'Rollout', { spec: { workloadRef: {} } }))],
    ['another kind', isPartial(object('v1', 'Service', { spec: {} }))],
    ['a variable for an image', patch({ containers: [{ image: '${IMAGE}' }] }, { selector: {} })],
    ['a variable for the containers', patch({ containers: '${CONTAINERS}' })],
  ])('takes for whole: %s', (_, found) => {
    expect(found).toBeUndefined();
  });
});

describe('isOpaque', () => {
  it.each([
    '${IMAGE}',
    'a-${TAG}',
    '$IMAGE',
    '$(IMAGE)',
    '{{ .Values.image }}',
    'x{% if %}',
    '#{Image}#',
    '@IMAGE@',
    '__IMAGE__',
    '%%IMAGE%%',
    { '{{ include }}': 1 },
  ])('sees another tool in %j', (value) => {
    expect(isOpaque(value)).toBe(true);
  });

  it.each([
    '',
    'web',
    '$',
    '$5',
    'costs $5',
    'a$b',
    'user@host',
    '@angular/core',
    '__init__',
    '100%',
    '{a}',
    true,
    1,
    null,
    undefined,
    {},
    [],
    ['${X}'],
  ])('sees a value in %j', (value) => {
    expect(isOpaque(value)).toBe(false);
  });
});

describe('isSystemNamespace', () => {
  it('knows those of Kubernetes and of those who run it', () => {
    for (const name of [
      'kube-system',
      'kube-public',
      'kube-node-lease',
      'openshift',
      'openshift-dns',
      'gke-managed-system',
      'gmp-system',
    ]) {
      expect(isSystemNamespace(name), name).toBe(true);
    }
  });

  it('does not take others for them', () => {
    for (const name of [undefined, 'default', 'monitoring', 'kube-flannel', 'my-openshift', 'metallb-system']) {
      expect(isSystemNamespace(name), name).toBe(false);
    }
  });
});
