import type { Program, RemovedFlag, RemovedPlugin } from './types.js';

const INSECURE_SERVING = {
  removed: 24,
  says: 'no current server starts with it; serving without TLS is gone since 1.20',
  source: 'https://github.com/kubernetes/kubernetes/pull/95856',
} as const;

/**
 * Flags of which guides and old files speak, and which make a current program end with `unknown flag`. The minor releases are those of
 * the changes that took them away, not those of which their deprecation spoke.
 */
export const REMOVED: Readonly<Record<Program, readonly RemovedFlag[]>> = {
  'kube-apiserver': [
    { flag: 'address', ...INSECURE_SERVING },
    {
      flag: 'basic-auth-file',
      removed: 19,
      says: 'no current server starts with it; passwords are gone',
      source: 'https://github.com/kubernetes/kubernetes/pull/89069',
    },
    {
      flag: 'experimental-encryption-provider-config',
      removed: 24,
      becomes: 'encryption-provider-config',
      says: 'no current server starts with it; it has another name',
      source: 'https://github.com/kubernetes/kubernetes/pull/108423',
    },
    { flag: 'insecure-bind-address', ...INSECURE_SERVING },
    { flag: 'insecure-port', ...INSECURE_SERVING },
    {
      flag: 'kubelet-https',
      removed: 22,
      says: 'no current server starts with it; kubelets are always asked over HTTPS',
      source: 'https://github.com/kubernetes/kubernetes/pull/101178',
    },
    { flag: 'port', ...INSECURE_SERVING },
    {
      flag: 'repair-malformed-updates',
      removed: 14,
      says: 'no current server starts with it; nothing is repaired any more',
      source: 'https://github.com/kubernetes/kubernetes/pull/73663',
    },
  ],
  'kube-controller-manager': [
    { flag: 'address', ...INSECURE_SERVING, source: 'https://github.com/kubernetes/kubernetes/pull/96216' },
    { flag: 'port', ...INSECURE_SERVING, source: 'https://github.com/kubernetes/kubernetes/pull/96216' },
  ],
  'kube-scheduler': [
    { flag: 'address', ...INSECURE_SERVING, source: 'https://github.com/kubernetes/kubeadm/issues/2716' },
    { flag: 'port', ...INSECURE_SERVING, source: 'https://github.com/kubernetes/kubeadm/issues/2716' },
  ],
  etcd: [],
  kubelet: [
    {
      flag: 'allow-privileged',
      removed: 15,
      says: 'no current kubelet starts with it; admission decides on privileged pods',
      source: 'https://github.com/kubernetes/kubernetes/pull/77820',
    },
    {
      flag: 'cadvisor-port',
      removed: 12,
      says: 'no current kubelet starts with it; that port is gone',
      source: 'https://github.com/kubernetes/kubernetes/pull/65707',
    },
  ],
};

/**
 * Plugins of admission that guides and old files name. A kube-apiserver that does not know one ends with `plugin "…" is unknown`, whether
 * it is switched on or off: `Validate` of `AdmissionOptions` in k8s.io/apiserver/pkg/server/options/admission.go.
 */
export const REMOVED_PLUGINS: readonly RemovedPlugin[] = [
  { plugin: 'DenyEscalatingExec', removed: 21, source: 'https://github.com/kubernetes/kubernetes/pull/98669' },
  { plugin: 'DenyExecOnPrivileged', removed: 21, source: 'https://github.com/kubernetes/kubernetes/pull/98669' },
  { plugin: 'PersistentVolumeLabel', removed: 31, source: 'https://github.com/kubernetes/kubernetes/pull/124505' },
  { plugin: 'PodSecurityPolicy', removed: 25, source: 'https://github.com/kubernetes/kubernetes/pull/109798' },
  { plugin: 'SecurityContextDeny', removed: 30, source: 'https://github.com/kubernetes/kubernetes/issues/111516' },
];
