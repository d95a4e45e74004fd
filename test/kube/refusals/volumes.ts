import { container, deployment, mounted, pod, secured, statefulSet } from './objects.js';
import type { Row } from './row.js';

const DEVICE = { volumeDevices: [{ name: 'disk', devicePath: '/dev/x' }] };
const CLAIM = { volumes: [{ name: 'disk', persistentVolumeClaim: { claimName: 'c' } }] };

export const volumes: readonly Row[] = [
  ['two containers of one name', 'duplicate-container', pod({ containers: [container(), container()] })],
  ['an init container of the same name', 'duplicate-container', pod({ initContainers: [container()] })],
  ['a container with a name in capitals', 'container-name', pod({ containers: [container({ name: 'App' })] })],
  [
    'two volumes of one name',
    'duplicate-volume',
    pod({
      volumes: [
        { name: 'tmp', emptyDir: {} },
        { name: 'tmp', emptyDir: {} },
      ],
    }),
  ],
  ['a volume name with a dot', 'volume-name', pod({ volumes: [{ name: 'tmp.a', emptyDir: {} }] })],
  ['a volume name of 64 characters', 'volume-name', pod({ volumes: [{ name: 'a'.repeat(64), emptyDir: {} }] })],
  ['a volume without a name', 'volume-name', pod({ volumes: [{ emptyDir: {} }] })],
  ['a volume of two sources', 'volume-source', pod({ volumes: [{ name: 'tmp', emptyDir: {}, hostPath: { path: '/a' } }] })],
  ['a mount of no volume', 'unknown-volume', mounted([{ name: 'data', mountPath: '/data' }])],
  [
    'a mount of no claim',
    'unknown-volume',
    statefulSet({ containers: [container({ volumeMounts: [{ name: 'a', mountPath: '/a' }] })] }, ['b']),
  ],
  ['a device of no volume', 'unknown-volume', pod({ containers: [container(DEVICE)] })],
  [
    'two mounts at one path',
    'duplicate-mount-path',
    mounted([
      { name: 'tmp', mountPath: '/tmp' },
      { name: 'tmp', mountPath: '/tmp', subPath: 'a' },
    ]),
  ],
  [
    'a mount of a device',
    'mount-and-device',
    pod({ containers: [container({ ...DEVICE, volumeMounts: [{ name: 'disk', mountPath: '/a' }] })], ...CLAIM }),
  ],
  [
    'Bidirectional without privileged',
    'mount-propagation',
    mounted([{ name: 'tmp', mountPath: '/tmp', mountPropagation: 'Bidirectional' }], { securityContext: { privileged: false } }),
  ],
  [
    'mountPropagation of another sort',
    'unsupported-value',
    mounted([{ name: 'tmp', mountPath: '/tmp', mountPropagation: 'Both' }]),
  ],
  [
    'recursiveReadOnly of a mount to write',
    'recursive-read-only',
    mounted([{ name: 'tmp', mountPath: '/tmp', recursiveReadOnly: 'Enabled' }]),
  ],
  [
    'recursiveReadOnly with propagation',
    'recursive-read-only',
    mounted([
      { name: 'tmp', mountPath: '/tmp', readOnly: true, recursiveReadOnly: 'IfPossible', mountPropagation: 'HostToContainer' },
    ]),
  ],
  [
    'recursiveReadOnly of another sort',
    'unsupported-value',
    mounted([{ name: 'tmp', mountPath: '/tmp', readOnly: true, recursiveReadOnly: 'Yes' }]),
  ],
];

export const shapes: readonly Row[] = [
  ...['capabilities', 'privileged', 'allowPrivilegeEscalation', 'readOnlyRootFilesystem', 'procMount'].map(
    (field): Row => [
      `${field} on the pod`,
      'unknown-field',
      pod({ securityContext: { [field]: field === 'capabilities' ? {} : true } }),
    ],
  ),
  ...['fsGroup', 'fsGroupChangePolicy', 'supplementalGroups', 'supplementalGroupsPolicy', 'sysctls', 'seLinuxChangePolicy'].map(
    (field): Row => [
      `${field} on a container`,
      'unknown-field',
      deployment({ containers: [container({ securityContext: { [field]: null } })] }),
    ],
  ),
  ['runAsNonRoot beside the containers', 'unknown-field', pod({ runAsNonRoot: true })],
  ['privileged beside the image', 'unknown-field', pod({ containers: [container({ privileged: false })] })],
  [
    'automountServiceAccountToken on a container',
    'unknown-field',
    pod({ containers: [container({ automountServiceAccountToken: false })] }),
  ],
  ['a key of another case', 'unknown-field', pod({ securitycontext: {} })],
  ['dropped capabilities', 'unknown-field', secured({ capabilities: { dropped: [] } })],
  ['a string for a boolean', 'wrong-type', secured({ privileged: 'false' })],
  ['a string for a user', 'wrong-type', secured({ runAsUser: '1000' })],
  ['a user with a fraction', 'wrong-type', secured({ runAsUser: 1.5 })],
  ['a string for a list of capabilities', 'wrong-type', secured({ capabilities: { drop: 'ALL' } })],
  ['a number among the capabilities', 'wrong-type', secured({ capabilities: { drop: [1] } })],
  ['a string for a profile', 'wrong-type', pod({ securityContext: { seccompProfile: 'RuntimeDefault' } })],
  ['a list for a security context', 'wrong-type', secured([])],
  ['a string for automountServiceAccountToken', 'wrong-type', pod({ automountServiceAccountToken: 'no' })],
  ['a string for hostNetwork', 'wrong-type', pod({ hostNetwork: 'true' })],
  ['a list for limits', 'wrong-type', pod({ containers: [container({ resources: { limits: [] } })] })],
  ['a map for volumes', 'wrong-type', pod({ volumes: {} })],
  ['a string for readOnly', 'wrong-type', mounted([{ name: 'tmp', mountPath: '/tmp', readOnly: 'yes' }])],
];
