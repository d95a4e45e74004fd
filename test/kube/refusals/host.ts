import { container, deployment, pod, secured, WINDOWS } from './objects.js';
import type { Row } from './row.js';

const DEVICE = { volumeDevices: [{ name: 'disk', devicePath: '/dev/x' }] };
const CLAIM = { volumes: [{ name: 'disk', persistentVolumeClaim: { claimName: 'c' } }] };
const RUNTIME_DEFAULT = { type: 'RuntimeDefault' };

export const host: readonly Row[] = [
  ['hostUsers: false with hostNetwork', 'host-users', pod({ hostUsers: false, hostNetwork: true })],
  ['hostUsers: false with hostPID', 'host-users', pod({ hostUsers: false, hostPID: true })],
  ['hostUsers: false with hostIPC', 'host-users', deployment({ hostUsers: false, hostIPC: true })],
  ['hostUsers: false with a volume device', 'host-users', pod({ hostUsers: false, containers: [container(DEVICE)], ...CLAIM })],
  [
    'another port on the host',
    'host-port',
    pod({ hostNetwork: true, containers: [container({ ports: [{ containerPort: 80, hostPort: 8080 }] })] }),
  ],
  [
    'a port of the host twice',
    'host-port-conflict',
    deployment({
      containers: [
        container({
          ports: [
            { containerPort: 80, hostPort: 80 },
            { containerPort: 81, hostPort: 80 },
          ],
        }),
      ],
    }),
  ],
  [
    'one port in two containers on the network of the host',
    'host-port-conflict',
    deployment({
      hostNetwork: true,
      containers: [container({ ports: [{ containerPort: 80 }] }), container({ name: 'b', ports: [{ containerPort: 80 }] })],
    }),
  ],
  ['shareProcessNamespace with hostPID', 'shared-process-namespace', pod({ hostPID: true, shareProcessNamespace: true })],
  [
    'a net sysctl with hostNetwork',
    'host-sysctl',
    pod({ hostNetwork: true, securityContext: { sysctls: [{ name: 'net.ipv4.ip_unprivileged_port_start', value: '0' }] } }),
  ],
  [
    'a net sysctl with slashes',
    'host-sysctl',
    pod({ hostNetwork: true, securityContext: { sysctls: [{ name: 'net/core/somaxconn', value: '1' }] } }),
  ],
  [
    'an IPC sysctl with hostIPC',
    'host-sysctl',
    pod({ hostIPC: true, securityContext: { sysctls: [{ name: 'kernel.shmmax', value: '1' }] } }),
  ],
  ['a sysctl without a right name', 'sysctl-name', pod({ securityContext: { sysctls: [{ name: 'Net.x', value: '1' }] } })],
  [
    'a sysctl twice',
    'sysctl-name',
    pod({
      securityContext: {
        sysctls: [
          { name: 'kernel.shmmax', value: '1' },
          { name: 'kernel.shmmax', value: '2' },
        ],
      },
    }),
  ],
];

export const os: readonly Row[] = [
  ...['runAsUser', 'runAsGroup'].map((field): Row => [`${field} on windows`, 'os-field', secured({ [field]: 5 }, WINDOWS)]),
  ...['privileged', 'allowPrivilegeEscalation', 'readOnlyRootFilesystem'].map(
    (field): Row => [`${field}: false on windows`, 'os-field', secured({ [field]: false }, WINDOWS)],
  ),
  ['capabilities on windows', 'os-field', secured({ capabilities: { drop: ['ALL'] } }, WINDOWS)],
  ['empty capabilities on windows', 'os-field', secured({ capabilities: {} }, WINDOWS)],
  ['seccomp on windows', 'os-field', secured({ seccompProfile: RUNTIME_DEFAULT }, WINDOWS)],
  ['AppArmor on windows', 'os-field', secured({ appArmorProfile: RUNTIME_DEFAULT }, WINDOWS)],
  ['SELinux on windows', 'os-field', secured({ seLinuxOptions: {} }, WINDOWS)],
  ['procMount on windows', 'os-field', secured({ procMount: 'Default' }, WINDOWS)],
  ['hostUsers on windows', 'os-field', pod({ ...WINDOWS, hostUsers: true })],
  ['hostPID on windows', 'os-field', pod({ ...WINDOWS, hostPID: true })],
  ['hostIPC on windows', 'os-field', pod({ ...WINDOWS, hostIPC: true })],
  ['shareProcessNamespace on windows', 'os-field', pod({ ...WINDOWS, shareProcessNamespace: false })],
  ['resources of the pod on windows', 'os-field', pod({ ...WINDOWS, resources: { limits: { cpu: 1 } } })],
  ['fsGroup on windows', 'os-field', pod({ ...WINDOWS, securityContext: { fsGroup: 1 } })],
  ['fsGroupChangePolicy on windows', 'os-field', pod({ ...WINDOWS, securityContext: { fsGroupChangePolicy: 'Always' } })],
  ['supplementalGroups on windows', 'os-field', pod({ ...WINDOWS, securityContext: { supplementalGroups: [1] } })],
  [
    'supplementalGroupsPolicy on windows',
    'os-field',
    pod({ ...WINDOWS, securityContext: { supplementalGroupsPolicy: 'Strict' } }),
  ],
  ['sysctls on windows', 'os-field', pod({ ...WINDOWS, securityContext: { sysctls: [{ name: 'kernel.shmmax', value: '1' }] } })],
  [
    'seLinuxChangePolicy on windows',
    'os-field',
    deployment({ ...WINDOWS, securityContext: { seLinuxChangePolicy: 'Recursive' } }),
  ],
  ['windowsOptions on linux', 'os-field', pod({ os: { name: 'linux' }, securityContext: { windowsOptions: {} } })],
  [
    'windowsOptions of a container on linux',
    'os-field',
    secured({ windowsOptions: { runAsUserName: 'a' } }, { os: { name: 'linux' } }),
  ],
  [
    'hostProcess without hostNetwork',
    'host-process',
    pod({ ...WINDOWS, securityContext: { windowsOptions: { hostProcess: true } } }),
  ],
  [
    'hostProcess of one container only',
    'host-process',
    pod({
      hostNetwork: true,
      containers: [container({ securityContext: { windowsOptions: { hostProcess: true } } }), container({ name: 'b' })],
    }),
  ],
  [
    'hostProcess of pod and container apart',
    'host-process',
    pod({
      hostNetwork: true,
      securityContext: { windowsOptions: { hostProcess: true } },
      containers: [container({ securityContext: { windowsOptions: { hostProcess: false } } })],
    }),
  ],
];
