import { container, deployment, pod, secured } from './objects.js';
import type { Row } from './row.js';

const SECCOMP = 'seccomp.security.alpha.kubernetes.io/pod';
const SECCOMP_APP = 'container.seccomp.security.alpha.kubernetes.io/app';
const APPARMOR_APP = 'container.apparmor.security.beta.kubernetes.io/app';
const RUNTIME_DEFAULT = { type: 'RuntimeDefault' };

export const security: readonly Row[] = [
  ['no escalation beside privileged', 'privilege-escalation', secured({ privileged: true, allowPrivilegeEscalation: false })],
  [
    'no escalation beside CAP_SYS_ADMIN',
    'privilege-escalation',
    secured({ allowPrivilegeEscalation: false, capabilities: { add: ['CAP_SYS_ADMIN'] } }),
  ],
  [
    'the same in a template',
    'privilege-escalation',
    deployment({ containers: [container({ securityContext: { privileged: true, allowPrivilegeEscalation: false } })] }),
  ],
  [
    'the same in an init container',
    'privilege-escalation',
    pod({ initContainers: [container({ name: 'i', securityContext: { privileged: true, allowPrivilegeEscalation: false } })] }),
  ],
  ['Unmasked without a user namespace', 'proc-mount', secured({ procMount: 'Unmasked' })],
  ['procMount of another sort', 'unsupported-value', secured({ procMount: 'Masked' })],
  ['runAsUser below 0', 'id-range', secured({ runAsUser: -1 })],
  ['runAsGroup above 31 bits', 'id-range', secured({ runAsGroup: 2147483648 })],
  ['fsGroup below 0', 'id-range', pod({ securityContext: { fsGroup: -5 } })],
  ['runAsUser of the pod above 31 bits', 'id-range', pod({ securityContext: { runAsUser: 4294967295 } })],
  ['a supplemental group below 0', 'id-range', pod({ securityContext: { supplementalGroups: [1, -1] } })],
  ['fsGroupChangePolicy of another sort', 'unsupported-value', pod({ securityContext: { fsGroupChangePolicy: 'Never' } })],
  [
    'supplementalGroupsPolicy of another sort',
    'unsupported-value',
    pod({ securityContext: { supplementalGroupsPolicy: 'Loose' } }),
  ],
  ['seLinuxChangePolicy of another sort', 'unsupported-value', pod({ securityContext: { seLinuxChangePolicy: 'Never' } })],
];

export const profiles: readonly Row[] = [
  ['seccompProfile without a type', 'profile-type', pod({ securityContext: { seccompProfile: {} } })],
  ['appArmorProfile without a type', 'profile-type', secured({ appArmorProfile: {} })],
  ['a type of seccomp that is none', 'profile-type', secured({ seccompProfile: { type: 'runtime/default' } })],
  ['a type of AppArmor that is none', 'profile-type', pod({ securityContext: { appArmorProfile: { type: 'Default' } } })],
  [
    'localhostProfile beside RuntimeDefault',
    'profile-localhost',
    pod({ securityContext: { seccompProfile: { type: 'RuntimeDefault', localhostProfile: 'a.json' } } }),
  ],
  [
    'localhostProfile beside Unconfined, AppArmor',
    'profile-localhost',
    secured({ appArmorProfile: { type: 'Unconfined', localhostProfile: 'a' } }),
  ],
  ['Localhost without a profile', 'profile-localhost', secured({ seccompProfile: { type: 'Localhost' } })],
  ['Localhost without a profile, AppArmor', 'profile-localhost', secured({ appArmorProfile: { type: 'Localhost' } })],
  [
    'an absolute localhostProfile',
    'profile-localhost',
    secured({ seccompProfile: { type: 'Localhost', localhostProfile: '/a.json' } }),
  ],
  [
    'a localhostProfile that climbs',
    'profile-localhost',
    secured({ seccompProfile: { type: 'Localhost', localhostProfile: 'a/../../b' } }),
  ],
  [
    'a padded localhostProfile, AppArmor',
    'profile-localhost',
    secured({ appArmorProfile: { type: 'Localhost', localhostProfile: ' a' } }),
  ],
  ['a seccomp annotation that is none', 'seccomp-annotation', pod({}, { [SECCOMP]: 'default' })],
  ['an AppArmor annotation that is none', 'apparmor-annotation', pod({}, { [APPARMOR_APP]: 'default' })],
  [
    'an AppArmor annotation for a container that is not there',
    'apparmor-annotation',
    pod({}, { 'container.apparmor.security.beta.kubernetes.io/web': 'runtime/default' }),
  ],
  [
    'seccomp of the pod beside another annotation',
    'annotation-mismatch',
    deployment({ securityContext: { seccompProfile: RUNTIME_DEFAULT } }, { [SECCOMP]: 'unconfined' }),
  ],
  [
    'seccomp of a container beside another annotation',
    'annotation-mismatch',
    pod(
      { containers: [container({ securityContext: { seccompProfile: { type: 'Unconfined' } } })] },
      { [SECCOMP_APP]: 'docker/default' },
    ),
  ],
  [
    'another localhost profile in the annotation',
    'annotation-mismatch',
    pod(
      { containers: [container({ securityContext: { seccompProfile: { type: 'Localhost', localhostProfile: 'a' } } })] },
      { [SECCOMP_APP]: 'localhost/b' },
    ),
  ],
  [
    'AppArmor of a container beside another annotation',
    'annotation-mismatch',
    pod({ containers: [container({ securityContext: { appArmorProfile: RUNTIME_DEFAULT } })] }, { [APPARMOR_APP]: 'unconfined' }),
  ],
  [
    'AppArmor of the pod beside another annotation, in a template',
    'annotation-mismatch',
    deployment({ securityContext: { appArmorProfile: RUNTIME_DEFAULT } }, { [APPARMOR_APP]: 'unconfined' }),
  ],
  [
    'AppArmor of the pod beside an empty annotation',
    'annotation-mismatch',
    pod({ securityContext: { appArmorProfile: RUNTIME_DEFAULT } }, { [APPARMOR_APP]: '' }),
  ],
  ['an annotation that is no string', 'wrong-type', pod({}, { [SECCOMP]: true })],
];
