import type { JsonObject } from '../../../src/core/json.js';
import { container, mounted, pod, secured, sized, statefulSet, WINDOWS } from './objects.js';

const SECCOMP = 'seccomp.security.alpha.kubernetes.io/pod';
const APPARMOR_APP = 'container.apparmor.security.beta.kubernetes.io/app';
const RUNTIME_DEFAULT = { type: 'RuntimeDefault' };
const HALF = container({ resources: { requests: { cpu: '600m' } } });

/** What an API server takes, each beside a rule that it nearly breaks. */
export const accepted: readonly (readonly [name: string, object: JsonObject])[] = [
  ['nothing special', pod()],
  ['SYS_ADMIN without the prefix', secured({ allowPrivilegeEscalation: false, capabilities: { add: ['SYS_ADMIN'] } })],
  ['privileged with escalation', secured({ privileged: true, allowPrivilegeEscalation: true })],
  ['Unmasked in a user namespace', secured({ procMount: 'Unmasked' }, { hostUsers: false })],
  [
    'the highest ids',
    secured({ runAsUser: 2147483647, runAsGroup: 0 }, { securityContext: { fsGroup: 0, supplementalGroups: [] } }),
  ],
  ['a whole float', secured({ runAsUser: 1e3 })],
  [
    'null for what is not set',
    secured({ privileged: null, capabilities: null, seccompProfile: null }, { securityContext: null }),
  ],
  ['a localhost profile', secured({ seccompProfile: { type: 'Localhost', localhostProfile: 'a/b.json' } })],
  [
    'docker/default means RuntimeDefault',
    pod({ securityContext: { seccompProfile: RUNTIME_DEFAULT } }, { [SECCOMP]: 'docker/default' }),
  ],
  ['the annotation of the pod beside a container', secured({ seccompProfile: { type: 'Unconfined' } })],
  [
    'in a Pod the AppArmor annotation wins over the pod',
    pod({ securityContext: { appArmorProfile: RUNTIME_DEFAULT } }, { [APPARMOR_APP]: 'unconfined' }),
  ],
  [
    'a seccomp annotation for a container that is not there',
    pod({}, { 'container.seccomp.security.alpha.kubernetes.io/web': 'unconfined' }),
  ],
  ['hostUsers: true with host namespaces', pod({ hostUsers: true, hostNetwork: true, hostPID: true })],
  [
    'the same port on the host',
    pod({ hostNetwork: true, containers: [container({ ports: [{ containerPort: 80, hostPort: 80 }] })] }),
  ],
  [
    'another port on the host without hostNetwork',
    pod({ containers: [container({ ports: [{ containerPort: 80, hostPort: 81 }] })] }),
  ],
  [
    'one port over TCP and UDP',
    pod({
      hostNetwork: true,
      containers: [container({ ports: [{ containerPort: 53 }, { containerPort: 53, protocol: 'UDP' }] })],
    }),
  ],
  [
    'one port of the host in an init container and after it',
    pod({
      initContainers: [container({ name: 'i', ports: [{ containerPort: 80, hostPort: 80 }] })],
      containers: [container({ ports: [{ containerPort: 80, hostPort: 80 }] })],
    }),
  ],
  ['a net sysctl of its own network', pod({ securityContext: { sysctls: [{ name: 'net.core.somaxconn', value: '1' }] } })],
  [
    'an IPC sysctl with hostNetwork',
    pod({ hostNetwork: true, securityContext: { sysctls: [{ name: 'kernel.shmmax', value: '1' }] } }),
  ],
  ['runAsNonRoot on windows', secured({ runAsNonRoot: true, windowsOptions: { runAsUserName: 'a' } }, WINDOWS)],
  ['hostPID: false on windows', pod({ ...WINDOWS, hostPID: false, hostIPC: false })],
  [
    'Linux fields where only a node selector says windows',
    secured({ privileged: false }, { nodeSelector: { 'kubernetes.io/os': 'windows' } }),
  ],
  ['windowsOptions without an operating system', pod({ securityContext: { windowsOptions: {} } })],
  ['hostProcess', pod({ ...WINDOWS, hostNetwork: true, securityContext: { windowsOptions: { hostProcess: true } } })],
  ['a volume name of 63 characters', pod({ volumes: [{ name: 'a'.repeat(63), emptyDir: {} }] })],
  ['a volume without a source', pod({ volumes: [{ name: 'tmp' }] })],
  ['a mount of a claim', statefulSet({ containers: [container({ volumeMounts: [{ name: 'a', mountPath: '/a' }] })] }, ['a'])],
  [
    'two mounts at paths that are written apart',
    mounted([
      { name: 'tmp', mountPath: '/tmp' },
      { name: 'tmp', mountPath: '/tmp/' },
    ]),
  ],
  [
    'Bidirectional in a privileged container',
    mounted([{ name: 'tmp', mountPath: '/tmp', mountPropagation: 'Bidirectional' }], { securityContext: { privileged: true } }),
  ],
  [
    'recursiveReadOnly',
    mounted([{ name: 'tmp', mountPath: '/tmp', readOnly: true, recursiveReadOnly: 'Enabled', mountPropagation: 'None' }]),
  ],
  ['the same amount in other units', sized({ cpu: '0.1', memory: '1Gi' }, { cpu: '100m', memory: '1048576Ki' })],
  ['a device by its limit', sized({ 'nvidia.com/gpu': 1 })],
  ['an unusual domain of Kubernetes', sized({ 'example.kubernetes.io/foo': '1500m' })],
  ['huge pages beside memory', sized({ 'hugepages-2Mi': '4Mi', memory: '1Gi' })],
  ['thousandths are the smallest part', sized({ cpu: '1u' }, { cpu: '1m' })],
  [
    'sums of tenths',
    pod({
      resources: { requests: { cpu: '300m' } },
      containers: [
        container({ resources: { requests: { cpu: '0.1' } } }),
        container({ name: 'b', resources: { requests: { cpu: '0.2' } } }),
      ],
    }),
  ],
  [
    'an init container that requests what the others do together',
    pod({ resources: { requests: { cpu: '600m' } }, initContainers: [{ ...HALF, name: 'i' }], containers: [HALF] }),
  ],
  [
    'an init container with a limit above that of the pod',
    pod({
      resources: { limits: { cpu: 1 } },
      initContainers: [container({ name: 'i', resources: { limits: { cpu: 2 }, requests: { cpu: 1 } } })],
    }),
  ],
];
