import type { Json } from '../../src/core/json.js';
import type { SettingValues } from '../../src/kube/settings.js';
import type { PodSecurityLevel } from '../../src/kube/versions/types.js';
import type { Patches } from './places.js';

/**
 * Where something changes: at the pod spec, its metadata, the container in question, every container; or at the pod spec, and at the
 * container for kinds that take the field there only.
 */
export type At = 'pod' | 'metadata' | 'container' | 'everyContainer' | 'podOrContainer';

/** A hardened pod with one thing wrong that the transform mends. */
export interface Violation extends Patches {
  /** What is wrong, in a few words. */
  readonly name: string;
  /** What has to be there afterwards; `undefined` for nothing. All else stays. */
  readonly becomes: readonly (readonly [at: At, path: string, value: Json | undefined])[];
  readonly isWindows?: boolean;
  /** The level that has it mended everywhere; in other runs it depends on the pod. */
  readonly level?: PodSecurityLevel;
  readonly settings?: SettingValues;
  /** Whether it is left to a person for kinds that take little of a pod. */
  readonly isPodOnly?: boolean;
  /** Whether it is looked for in kinds of Kubernetes' own alone. */
  readonly isBuiltInOnly?: boolean;
}

const GONE = undefined;
/** Of every image. */
export const DIGEST = `sha256:${'0123456789abcdef'.repeat(4)}`;
const RUNTIME_DEFAULT = { type: 'RuntimeDefault' };
const MISSING_RESOURCES: Omit<Violation, 'name'> = {
  container: { resources: null },
  becomes: [['container', 'resources', { requests: { cpu: '100m', memory: '128Mi' }, limits: { cpu: '500m', memory: '256Mi' } }]],
};
const TOKEN: Omit<Violation, 'name'> = {
  pod: { automountServiceAccountToken: null },
  becomes: [['pod', 'automountServiceAccountToken', false]],
};
const HOST_PORT: Omit<Violation, 'name'> = {
  level: 'baseline',
  container: { ports: [{ name: 'http', containerPort: 8080, hostPort: 8080 }] },
  becomes: [['container', 'ports.0.hostPort', GONE]],
};
const HOST_PATH: Omit<Violation, 'name'> = {
  pod: { volumes: [{ name: 'host', hostPath: { path: '/var/lib/web' } }] },
  becomes: [['pod', 'volumes', GONE]],
};
const NFS: Omit<Violation, 'name'> = {
  pod: { volumes: [{ name: 'files', nfs: { server: 'nfs.example.com', path: '/' } }] },
  becomes: [['pod', 'volumes', GONE]],
};
const HOST_PROBE: Omit<Violation, 'name'> = {
  container: { readinessProbe: { httpGet: { host: '127.0.0.1', path: '/ready', port: 8080 } } },
  becomes: [['container', 'readinessProbe.httpGet.host', GONE]],
};
/** An image that is known to do nothing on the node. */
const KNOWN = { image: 'nginx:1.27' };
const HOST_PROCESS = { windowsOptions: { hostProcess: true } };

/** By transform: what it mends, and where. To be extended with every transform. */
export const violations: Readonly<Record<string, readonly Violation[]>> = {
  'disallow-privileged': [
    {
      name: 'privileged',
      container: { securityContext: { privileged: true, allowPrivilegeEscalation: null } },
      becomes: [['container', 'securityContext.privileged', false]],
    },
    {
      name: 'privileged on Windows',
      isWindows: true,
      container: { securityContext: { privileged: true } },
      becomes: [['container', 'securityContext.privileged', GONE]],
    },
  ],
  'drop-capabilities': [
    {
      name: 'nothing dropped',
      container: { securityContext: { capabilities: null } },
      becomes: [['container', 'securityContext.capabilities', { drop: ['ALL'] }]],
    },
    {
      name: 'one added beyond the baseline',
      container: { securityContext: { capabilities: { add: ['NET_ADMIN'] } } },
      becomes: [['container', 'securityContext.capabilities.add', GONE]],
    },
  ],
  'disallow-privilege-escalation': [
    {
      name: 'unsaid',
      container: { securityContext: { allowPrivilegeEscalation: null } },
      becomes: [['container', 'securityContext.allowPrivilegeEscalation', false]],
    },
    {
      name: 'true',
      container: { securityContext: { allowPrivilegeEscalation: true } },
      becomes: [['container', 'securityContext.allowPrivilegeEscalation', false]],
    },
  ],
  'require-non-root': [
    {
      name: 'unsaid',
      container: { securityContext: { runAsNonRoot: null } },
      becomes: [['podOrContainer', 'securityContext.runAsNonRoot', true]],
    },
    {
      name: 'false',
      container: { securityContext: { runAsNonRoot: false } },
      becomes: [['container', 'securityContext.runAsNonRoot', true]],
    },
    {
      name: 'unsaid on Windows',
      isWindows: true,
      container: { securityContext: { runAsNonRoot: null } },
      becomes: [['podOrContainer', 'securityContext.runAsNonRoot', true]],
    },
  ],
  'set-user-group': [
    {
      name: 'user 0 of a container',
      container: { securityContext: { runAsUser: 0 } },
      becomes: [['container', 'securityContext.runAsUser', GONE]],
    },
    {
      name: 'user 0 of the pod',
      pod: { securityContext: { runAsUser: 0 } },
      becomes: [['pod', 'securityContext.runAsUser', GONE]],
    },
  ],
  'set-seccomp-profile': [
    {
      name: 'no profile',
      container: { securityContext: { seccompProfile: null } },
      becomes: [['podOrContainer', 'securityContext.seccompProfile', RUNTIME_DEFAULT]],
    },
    {
      name: 'Unconfined',
      container: { securityContext: { seccompProfile: { type: 'Unconfined' } } },
      becomes: [['container', 'securityContext.seccompProfile', RUNTIME_DEFAULT]],
    },
    {
      name: 'Unconfined for the pod',
      pod: { securityContext: { seccompProfile: { type: 'Unconfined' } } },
      becomes: [['pod', 'securityContext.seccompProfile', RUNTIME_DEFAULT]],
    },
  ],
  'set-apparmor-profile': [
    {
      name: 'Unconfined',
      container: { securityContext: { appArmorProfile: { type: 'Unconfined' } } },
      becomes: [['container', 'securityContext.appArmorProfile', GONE]],
    },
    {
      name: 'Unconfined for the pod',
      pod: { securityContext: { appArmorProfile: { type: 'Unconfined' } } },
      becomes: [['pod', 'securityContext.appArmorProfile', GONE]],
    },
    {
      name: 'unconfined by annotation',
      metadata: { annotations: { 'container.apparmor.security.beta.kubernetes.io/web': 'unconfined' } },
      becomes: [['metadata', 'annotations', GONE]],
    },
  ],
  'set-selinux-options': [
    {
      name: 'a type of the host',
      container: { securityContext: { seLinuxOptions: { type: 'spc_t' } } },
      becomes: [['container', 'securityContext.seLinuxOptions', GONE]],
    },
    {
      name: 'a user and a role for the pod, beside a level',
      pod: { securityContext: { seLinuxOptions: { user: 'system_u', role: 'system_r', level: 's0:c1,c2' } } },
      becomes: [['pod', 'securityContext.seLinuxOptions', { level: 's0:c1,c2' }]],
    },
  ],
  'disallow-host-namespaces': [
    { name: 'hostPID', everyContainer: KNOWN, pod: { hostPID: true }, becomes: [['pod', 'hostPID', GONE]] },
    { name: 'hostIPC', everyContainer: KNOWN, pod: { hostIPC: true }, becomes: [['pod', 'hostIPC', GONE]] },
    {
      name: 'hostNetwork with its DNS policy',
      everyContainer: KNOWN,
      pod: { hostNetwork: true, dnsPolicy: 'ClusterFirstWithHostNet' },
      becomes: [
        ['pod', 'hostNetwork', GONE],
        ['pod', 'dnsPolicy', GONE],
      ],
    },
  ],
  'disallow-host-ports': [
    { name: 'hostPort', ...HOST_PORT },
    { name: 'hostPort on Windows', isWindows: true, ...HOST_PORT },
  ],
  'disallow-host-path': [
    { name: 'a volume that nothing mounts', ...HOST_PATH },
    { name: 'a volume that nothing mounts, on Windows', isWindows: true, ...HOST_PATH },
  ],
  'restrict-volume-types': [
    { name: 'a volume that nothing mounts', ...NFS },
    { name: 'a volume that nothing mounts, on Windows', isWindows: true, ...NFS },
  ],
  'disallow-host-process': [
    {
      name: 'the pod',
      level: 'baseline',
      isWindows: true,
      pod: { hostNetwork: true, securityContext: HOST_PROCESS },
      becomes: [['pod', 'securityContext.windowsOptions', GONE]],
    },
    {
      name: 'every container',
      level: 'baseline',
      isWindows: true,
      pod: { hostNetwork: true },
      everyContainer: { securityContext: HOST_PROCESS },
      becomes: [['everyContainer', 'securityContext.windowsOptions', GONE]],
    },
    {
      name: 'a pod that does not name its system',
      level: 'baseline',
      pod: { hostNetwork: true, securityContext: HOST_PROCESS },
      becomes: [['pod', 'securityContext.windowsOptions', GONE]],
    },
  ],
  'disallow-host-probes': [
    { name: 'host of a probe', ...HOST_PROBE },
    { name: 'host of a probe on Windows', isWindows: true, ...HOST_PROBE },
    {
      name: 'host of a hook',
      container: { lifecycle: { preStop: { httpGet: { host: '10.0.0.1', path: '/stop', port: 8080 } } } },
      becomes: [['container', 'lifecycle.preStop.httpGet.host', GONE]],
    },
  ],
  'disallow-proc-mount': [
    {
      name: 'Unmasked',
      container: { securityContext: { procMount: 'Unmasked' } },
      becomes: [['container', 'securityContext.procMount', GONE]],
    },
  ],
  'disallow-unsafe-sysctls': [
    {
      name: 'one beside a safe one',
      pod: {
        securityContext: {
          sysctls: [
            { name: 'kernel.msgmax', value: '65536' },
            { name: 'net.ipv4.tcp_syncookies', value: '1' },
          ],
        },
      },
      becomes: [['pod', 'securityContext.sysctls', [{ name: 'net.ipv4.tcp_syncookies', value: '1' }]]],
    },
  ],
  'read-only-root-filesystem': [
    {
      name: 'unsaid',
      container: { securityContext: { readOnlyRootFilesystem: null } },
      becomes: [
        ['container', 'securityContext.readOnlyRootFilesystem', true],
        ['container', 'volumeMounts', [{ name: 'tmp', mountPath: '/tmp' }]],
        ['pod', 'volumes', [{ name: 'tmp', emptyDir: {} }]],
      ],
    },
  ],
  'disable-token-automount': [
    { name: 'unsaid', ...TOKEN },
    { name: 'unsaid on Windows', isWindows: true, ...TOKEN },
  ],
  'set-resources': [
    { name: 'none', ...MISSING_RESOURCES },
    { name: 'none on Windows', isWindows: true, ...MISSING_RESOURCES },
  ],
  'enable-user-namespace': [{ name: 'unsaid', isPodOnly: true, becomes: [['pod', 'hostUsers', false]] }],
  'set-runtime-class': [
    { name: 'unsaid', isPodOnly: true, settings: { name: 'gvisor' }, becomes: [['pod', 'runtimeClassName', 'gvisor']] },
  ],
  'pin-image': [
    {
      name: 'a digest that is known',
      everyContainer: { image: 'ghcr.io/acme/web:1' },
      becomes: [['everyContainer', 'image', `ghcr.io/acme/web:1@${DIGEST}`]],
    },
  ],
  'move-misplaced-fields': [
    {
      name: 'readOnlyRootFilesystem beside the image',
      isBuiltInOnly: true,
      container: { readOnlyRootFilesystem: true, securityContext: { readOnlyRootFilesystem: null } },
      becomes: [
        ['container', 'readOnlyRootFilesystem', GONE],
        ['container', 'securityContext.readOnlyRootFilesystem', true],
      ],
    },
  ],
  'set-pull-policy': [
    {
      name: 'IfNotPresent for a tag that moves',
      container: { image: 'ghcr.io/acme/web', imagePullPolicy: 'IfNotPresent' },
      becomes: [['container', 'imagePullPolicy', 'Always']],
    },
    { name: 'unsaid', settings: { tags: 'all' }, becomes: [['everyContainer', 'imagePullPolicy', 'Always']] },
  ],
};
