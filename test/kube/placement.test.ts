import { describe, expect, it } from 'vitest';
import type { Path } from '../../src/core/json.js';
import { kubernetesPlacement } from '../../src/kube/placement.js';

const POD: Path = ['items', 2, 'spec', 'template', 'spec'];
const CONTAINER: Path = [...POD, 'containers', 0];

const LAST = { last: true };

describe('place', () => {
  it.each<[Path, string, readonly string[], object]>([
    [POD, 'automountServiceAccountToken', ['serviceAccountName', 'containers', 'volumes'], { before: 'containers' }],
    [POD, 'automountServiceAccountToken', ['containers', 'initContainers'], { before: 'containers' }],
    [POD, 'automountServiceAccountToken', ['securityContext', 'containers'], { before: 'securityContext' }],
    [POD, 'automountServiceAccountToken', ['securityContext', 'volumes', 'containers'], { before: 'containers' }],
    [POD, 'hostUsers', ['serviceAccountName', 'securityContext', 'containers'], { before: 'securityContext' }],
    [POD, 'runtimeClassName', ['automountServiceAccountToken', 'containers', 'volumes'], { before: 'containers' }],
    [CONTAINER, 'imagePullPolicy', ['name', 'image', 'args'], { after: 'image' }],
    [CONTAINER, 'imagePullPolicy', ['name', 'args'], LAST],
    [POD, 'securityContext', ['automountServiceAccountToken', 'initContainers', 'containers'], { before: 'initContainers' }],
    [POD, 'securityContext', ['restartPolicy'], LAST],
    [POD, 'volumes', ['containers', 'restartPolicy'], LAST],
    [['spec'], 'securityContext', ['containers'], { before: 'containers' }],
    [['metadata'], 'annotations', ['name', 'labels', 'uid'], { after: 'labels' }],
    [['metadata'], 'labels', ['name', 'annotations'], { after: 'name' }],

    [CONTAINER, 'securityContext', ['name', 'image', 'imagePullPolicy', 'args'], { after: 'imagePullPolicy' }],
    [CONTAINER, 'securityContext', ['imagePullPolicy', 'image', 'name'], { after: 'imagePullPolicy' }],
    [CONTAINER, 'securityContext', ['name', 'image', 'args'], { after: 'image' }],
    [CONTAINER, 'securityContext', ['args', 'name'], { after: 'name' }],
    [CONTAINER, 'securityContext', ['args'], LAST],
    [CONTAINER, 'resources', ['name', 'image', 'ports', 'env', 'volumeMounts'], { after: 'env' }],
    [CONTAINER, 'resources', ['envFrom', 'securityContext', 'args'], { after: 'envFrom' }],
    [CONTAINER, 'resources', ['name', 'image', 'securityContext', 'args'], { after: 'securityContext' }],
    [CONTAINER, 'resources', ['name', 'image', 'args', 'volumeMounts'], { before: 'volumeMounts' }],
    [CONTAINER, 'resources', ['name', 'image', 'args'], LAST],
    [CONTAINER, 'volumeMounts', ['name', 'resources', 'args'], { after: 'resources' }],
    [CONTAINER, 'volumeMounts', ['name', 'args'], LAST],
    [[...POD, 'initContainers', 1], 'securityContext', ['name', 'image', 'args'], { after: 'image' }],

    [[...CONTAINER, 'securityContext'], 'runAsNonRoot', ['runAsUser', 'privileged'], { before: 'runAsUser' }],
    [[...CONTAINER, 'securityContext'], 'readOnlyRootFilesystem', ['privileged', 'capabilities'], { after: 'privileged' }],
    [[...CONTAINER, 'securityContext'], 'capabilities', ['seccompProfile', 'runAsUser'], { after: 'runAsUser' }],
    [[...POD, 'securityContext'], 'seccompProfile', ['fsGroup', 'sysctls'], { after: 'fsGroup' }],
    [[...POD, 'securityContext'], 'seccompProfile', ['sysctls'], LAST],
    [[...CONTAINER, 'securityContext', 'capabilities'], 'drop', ['add'], { before: 'add' }],
    [[...CONTAINER, 'securityContext', 'capabilities'], 'add', ['drop'], { after: 'drop' }],
    [[...CONTAINER, 'resources'], 'requests', ['limits'], { before: 'limits' }],
    [[...CONTAINER, 'resources'], 'limits', ['requests', 'claims'], { after: 'requests' }],
    [[...CONTAINER, 'resources', 'requests'], 'cpu', ['memory'], { before: 'memory' }],
    [[...CONTAINER, 'resources', 'limits'], 'memory', ['cpu', 'nvidia.com/gpu'], { after: 'cpu' }],
  ])('%j: %s among %j', (path, key, present, place) => {
    expect(kubernetesPlacement.place(path, key, present)).toEqual(place);
  });
});

describe('rank', () => {
  const sorted = (path: Path, keys: readonly string[]) =>
    [...keys].sort((a, b) => kubernetesPlacement.rank(path, a) - kubernetesPlacement.rank(path, b)).join(' ');

  it.each<[Path, string, string]>([
    [POD, 'securityContext automountServiceAccountToken', 'automountServiceAccountToken securityContext'],
    [CONTAINER, 'volumeMounts resources securityContext', 'securityContext resources volumeMounts'],
    [
      [...CONTAINER, 'securityContext'],
      'seccompProfile capabilities readOnlyRootFilesystem allowPrivilegeEscalation privileged runAsNonRoot',
      'runAsNonRoot privileged allowPrivilegeEscalation readOnlyRootFilesystem capabilities seccompProfile',
    ],
    [[...CONTAINER, 'securityContext', 'capabilities'], 'add drop', 'drop add'],
    [[...CONTAINER, 'resources'], 'limits requests', 'requests limits'],
    [[...CONTAINER, 'resources', 'limits'], 'memory cpu', 'cpu memory'],
    [[...CONTAINER, 'volumeMounts', 3], 'mountPath name', 'name mountPath'],
    [[...POD, 'volumes', 0], 'emptyDir name', 'name emptyDir'],
    [[...POD, 'securityContext', 'seccompProfile'], 'localhostProfile type', 'type localhostProfile'],
    [['data'], 'b a c', 'b a c'],
  ])('%j: %s', (path, keys, expected) => {
    expect(sorted(path, keys.split(' '))).toBe(expected);
  });
});
