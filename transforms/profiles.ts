import type { SettingValues } from '../src/kube/settings.js';
import type { PodSecurityLevel } from '../src/kube/versions/types.js';

/** What a run is for: which transforms, told what, and why. Data only. */
export interface Profile {
  readonly name: string;
  /** What it is for, in one sentence. */
  readonly about: string;
  /** The level of the Pod Security Standards that it is for, and nothing but that level. */
  readonly level?: PodSecurityLevel;
  /** By id, in any order: why it is part of the profile, and what it is told that is not its default. */
  readonly transforms: Readonly<Record<string, { readonly why: string; readonly settings?: SettingValues }>>;
}

/** What the hardening guides agree on. */
const RECOMMENDED: Profile['transforms'] = {
  'move-misplaced-fields': { why: 'what stands at the wrong level protects nothing' },
  'disallow-privileged': { why: 'a privileged container owns its node' },
  'drop-capabilities': { why: 'most programs need no capability of root' },
  'disallow-privilege-escalation': { why: 'set-uid programs are the usual way to root' },
  'set-user-group': { why: 'root in the container is root in whatever it breaks out to' },
  'require-non-root': { why: 'root in the container is root in whatever it breaks out to' },
  'set-seccomp-profile': { why: 'most of the kernel is never called, and need not be open' },
  'set-apparmor-profile': { why: 'a profile that was taken off leaves nothing in its place' },
  'set-selinux-options': { why: 'types, users and roles of the host lift what keeps containers apart' },
  'disallow-host-namespaces': { why: 'a namespace of the host shows its processes and its network' },
  'disallow-host-ports': { why: 'ports of the host bypass network policies' },
  'disallow-host-path': { why: 'files of the host are a way to own it' },
  'disallow-host-process': { why: 'a HostProcess container is a process of the node' },
  'disallow-host-probes': { why: 'a probe of another host is a request from the node into its network' },
  'disallow-proc-mount': { why: 'the masks over /proc keep kernel settings away' },
  'disallow-unsafe-sysctls': { why: 'sysctls that are not namespaced change the node for all' },
  'restrict-volume-types': { why: 'drivers of the kernel mount what somebody else wrote' },
  'read-only-root-filesystem': { why: 'who breaks in cannot leave programs behind' },
  'disable-token-automount': { why: 'a token that nobody uses is of use to intruders only' },
  'set-resources': { why: 'one container without limits starves its neighbours' },
  'label-namespace': { why: 'what falls back behind its neighbours is noticed' },
};

/** What is only reported: much of it is a matter of how an application is built and run. */
const REPORTED: Profile['transforms'] = {
  'disallow-env-credentials': { why: 'who reads the repository reads them, too' },
  'disallow-secret-env': { why: 'the environment is inherited, and ends up in crash dumps' },
  'disallow-default-namespace': { why: 'what shares a namespace shares its roles, quotas and policies' },
  'require-probes': { why: 'a program that hangs looks like one that works' },
  'disallow-ingress-snippets': { why: 'who writes an Ingress reads the Secrets of the cluster' },
};

/** Each mends a check of `baseline`. */
const BASELINE: Profile['transforms'] = {
  'disallow-privileged': { why: 'Privileged Containers' },
  'drop-capabilities': {
    why: 'Capabilities: only the default ones may be added',
    settings: { needed: 'drop' },
  },
  'set-seccomp-profile': { why: 'Seccomp: Unconfined is forbidden' },
  'set-apparmor-profile': { why: 'AppArmor: unconfined is forbidden' },
  'set-selinux-options': { why: 'SELinux: only types of containers, no user, no role' },
  'disallow-host-namespaces': { why: 'Host Namespaces' },
  'disallow-host-ports': { why: 'Host Ports' },
  'disallow-host-path': { why: 'HostPath Volumes' },
  'disallow-host-process': { why: 'HostProcess' },
  'disallow-host-probes': { why: 'Host Probes / Lifecycle Hooks' },
  'disallow-proc-mount': { why: '/proc Mount Type' },
  'disallow-unsafe-sysctls': { why: 'Sysctls: only safe ones' },
};

/** What the NSA/CISA Kubernetes Hardening Guidance 1.2 asks for, by its sections: `src/kube/frameworks/nsa.json`. */
const NSA: Profile['transforms'] = {
  'require-non-root': { why: 'Pod security: containers do not run as root' },
  'set-user-group': { why: 'Pod security: containers run as a user that is known, and is not root' },
  'read-only-root-filesystem': { why: 'Pod security: an intruder cannot leave programs behind' },
  'label-namespace': { why: 'Pod security: a technical control tells of pods below a level' },
  'disallow-privileged': { why: 'Pod security: no privileged containers' },
  'disallow-host-namespaces': { why: 'Pod security: no hostPID, hostIPC, hostNetwork, which break-outs use' },
  'disallow-host-path': { why: 'Pod security: no files of the host, which break-outs use' },
  'disallow-privilege-escalation': { why: 'Pod security: no program becomes root' },
  'set-seccomp-profile': { why: 'Pod security: seccomp confines programs' },
  'set-apparmor-profile': { why: 'Pod security: AppArmor confines programs' },
  'set-selinux-options': { why: 'Pod security: SELinux confines programs' },
  'drop-capabilities': { why: 'Pod security, restricted level: no capabilities that are not needed' },
  'disallow-host-ports': { why: 'Pod security, baseline level: no ports of the host' },
  'disallow-host-probes': { why: 'Pod security, baseline level: probes ask their own pod' },
  'disallow-host-process': { why: 'Pod security, baseline level: no processes of the host' },
  'disallow-proc-mount': { why: 'Pod security, baseline level: /proc stays masked' },
  'disallow-unsafe-sysctls': { why: 'Pod security, baseline level: only safe sysctls' },
  'restrict-volume-types': { why: 'Pod security, restricted level: only volumes without drivers of the kernel' },
  'disable-token-automount': { why: 'Pod security: no token in pods that do not use it' },
  'enable-user-namespace': { why: 'Pod security: root in the container is nobody on the node' },
  'set-runtime-class': { why: 'Pod security: programs that are not trusted run in a sandbox' },
  'disallow-default-namespace': { why: 'Network separation: namespaces of their own' },
  'add-network-policy': { why: 'Network separation: what no policy allows is denied', settings: { 'same-namespace': 'deny' } },
  'set-resources': { why: 'Network separation, resource policies: limits for containers' },
  'add-limit-range': { why: 'Network separation, resource policies: a LimitRange for each namespace' },
  'add-resource-quota': { why: 'Network separation, resource policies: a ResourceQuota for each namespace' },
  'harden-kubelet': { why: 'Authentication, resource policies: kubelets refuse anonymous requests and limit processes' },
  'harden-control-plane': {
    why: 'Control plane hardening, audit logging: TLS, no anonymous requests, RBAC, encryption, an audit log',
  },
  'require-mutual-tls': { why: 'Network separation: traffic between pods is encrypted' },
  'restrict-load-balancer': { why: 'Network separation: outside addresses for whom they are meant' },
  'order-encryption-providers': { why: 'Network separation: Secrets are encrypted at rest' },
  'disallow-env-credentials': { why: 'Network separation: credentials are in Secrets, not in configuration' },
  'disallow-secret-env': { why: 'Network separation: Secrets as files, which children and dumps do not show' },
  'harden-rbac': { why: 'Authentication and authorization: the least rights for each role' },
  'require-audit-policy': { why: 'Audit logging: a policy that covers what matters' },
};

/** What the CIS Kubernetes Benchmark 1.12 asks for, by its numbers: `src/kube/frameworks/cis.json`. */
const CIS: Profile['transforms'] = {
  'disallow-privileged': { why: '5.2.2: no privileged containers' },
  'drop-capabilities': { why: '5.2.8, 5.2.9: no NET_RAW, and no capabilities that are not needed' },
  'disallow-privilege-escalation': { why: '5.2.6: no privilege escalation' },
  'set-user-group': { why: '5.2.7: no root in containers' },
  'require-non-root': { why: '5.2.7: no root in containers' },
  'set-seccomp-profile': { why: '5.6.2: the seccomp profile RuntimeDefault' },
  'disallow-host-namespaces': { why: '5.2.3, 5.2.4, 5.2.5: no namespaces of the host' },
  'disallow-host-ports': { why: '5.2.12: no ports of the host' },
  'disallow-host-path': { why: '5.2.11: no files of the host' },
  'disallow-host-process': { why: '5.2.10: no processes of the host' },
  'read-only-root-filesystem': { why: '5.6.3: security contexts for pods and containers' },
  'disable-token-automount': { why: '5.1.5, 5.1.6: tokens only where they are used' },
  'label-namespace': { why: '5.2.1: a policy for pods in each namespace' },
  'add-network-policy': { why: '5.3.2: network policies in each namespace' },
  'disallow-secret-env': { why: '5.4.1: Secrets as files, not as environment variables' },
  'disallow-default-namespace': { why: '5.6.4: nothing in the namespace default' },
  'harden-rbac': { why: '5.1: the least rights for accounts and roles' },
  'harden-kubelet': {
    why: '4.2: the configuration of kubelets',
    settings: { 'rotate-certificates': 'enable', 'seccomp-default': 'enable' },
  },
  'harden-control-plane': { why: '1.2, 1.3, 1.4, 2: flags of the control plane and of etcd' },
  'order-encryption-providers': { why: '1.2.28: a provider that encrypts comes first' },
  'require-audit-policy': { why: '3.2.1, 3.2.2: an audit policy that covers what matters' },
};

/** A profile has all that a run may be told, as data. */
export const profiles: readonly Profile[] = [
  {
    name: 'recommended',
    about: 'what the hardening guides agree on; nothing that must be asked for',
    transforms: RECOMMENDED,
  },
  {
    name: 'pss-baseline',
    about: 'what the level baseline of the Pod Security Standards asks for, and nothing else',
    level: 'baseline',
    transforms: BASELINE,
  },
  {
    name: 'pss-restricted',
    about: 'what the level restricted of the Pod Security Standards asks for, and nothing else',
    level: 'restricted',
    transforms: {
      ...BASELINE,
      'drop-capabilities': { why: 'Capabilities: ALL dropped, only NET_BIND_SERVICE may be added', settings: { needed: 'drop' } },
      'set-seccomp-profile': { why: 'Seccomp: RuntimeDefault or Localhost, said so' },
      'restrict-volume-types': { why: 'Volume Types' },
      'disallow-privilege-escalation': { why: 'Privilege Escalation' },
      'set-user-group': { why: 'Running as Non-root user' },
      'require-non-root': {
        why: 'Running as Non-root: an image that starts as root is not admitted at this level either way',
        settings: { 'root-images': 'require' },
      },
    },
  },
  {
    name: 'nsa',
    about: 'what the Kubernetes Hardening Guidance of NSA and CISA asks of manifests',
    transforms: NSA,
  },
  {
    name: 'cis',
    about: 'what the CIS Kubernetes Benchmark asks of manifests',
    transforms: CIS,
  },
  {
    name: 'all',
    about: 'recommended, and what must be asked for: settings that not every cluster takes, and what is only reported',
    transforms: {
      ...RECOMMENDED,
      'set-apparmor-profile': {
        why: 'a profile of the runtime, on nodes that have AppArmor',
        settings: { missing: 'runtime-default' },
      },
      'harden-rbac': { why: 'what a role gives, it gives to whoever breaks into its pods' },
      'harden-kubelet': { why: 'whoever owns a kubelet owns the pods of its node, and their accounts' },
      'harden-control-plane': { why: 'whoever owns the API server or etcd owns the cluster' },
      'order-encryption-providers': { why: 'a backup of etcd holds every Secret' },
      'require-audit-policy': { why: 'what nobody logs, nobody can look into' },
      'add-network-policy': { why: 'what a namespace may reach is decided by those who know its peers' },
      'add-limit-range': { why: 'defaults for a whole namespace, also for what is not in the files' },
      'add-resource-quota': { why: 'how much a namespace may take, where that is set' },
      'require-mutual-tls': { why: 'in a mesh of Istio, once all clients have a proxy' },
      'restrict-load-balancer': { why: 'from where load balancers are reached, where that is set' },
      'enable-user-namespace': { why: 'root in a pod of its own users is nobody on the node' },
      'set-runtime-class': { why: 'a kernel of its own, where you name the RuntimeClass' },
      'set-pull-policy': { why: 'what a node happens to have is not what the tag means today' },
      'pin-image': { why: 'a tag is given to another image without a word; a digest never' },
      ...REPORTED,
    },
  },
];
