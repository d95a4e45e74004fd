import type { Finding } from '../src/core/finding.js';
import { judgeAdmission, judgeAuthorization } from '../src/kube/control-plane/access.js';
import { flagsOfContainer } from '../src/kube/control-plane/command.js';
import { judgeFlags, judgeRemoved } from '../src/kube/control-plane/judge.js';
import { flagsOfCluster } from '../src/kube/control-plane/kubeadm.js';
import { REMOVED } from '../src/kube/control-plane/removed.js';
import { RULES } from '../src/kube/control-plane/rules.js';
import type { Flags } from '../src/kube/control-plane/types.js';
import { defineTransform, type TransformContext } from '../src/kube/types.js';

/**
 * The API server, the controller manager, the scheduler and etcd are told by flags how they are secured: in static pods (pods of
 * `kube-system` that run them), and in `extraArgs` of a `ClusterConfiguration` of kubeadm.
 *
 * Written are `--profiling=false`, and `NodeRestriction` among `--enable-admission-plugins`, which adds to the plugins that are on by
 * default; `AlwaysAdmit` goes from there. Removed are `--service-account-lookup=false`, and flags with which no current server starts:
 * `--insecure-port`, `--insecure-bind-address`, `--port`, `--address`, `--basic-auth-file`, `--kubelet-https`,
 * `--repair-malformed-updates`. `--experimental-encryption-provider-config` gets its new name. Names of plugins that are gone go from
 * the lists of plugins: `PodSecurityPolicy`, `SecurityContextDeny`, `PersistentVolumeLabel`, `DenyEscalatingExec`, `DenyExecOnPrivileged`.
 *
 * Reported only are `--anonymous-auth`, `--authorization-mode` without Node or RBAC, tokens in a file, audit, encryption of Secrets, weak
 * TLS, certificates of kubelets, plugins that are switched off, accounts of controllers, addresses other than localhost, and etcd without
 * certificates. Of flags that nobody wrote it counts what kubeadm writes. A command in a script is not looked at; nor is a scheduler's
 * `--profiling` beside `--config`, which is not heeded there.
 *
 * ## Risk
 * High: an API server that does not start, or turns away whom it should not, takes the cluster along. A flag that a release still knows,
 * of those asked for or written in the image's tag or `kubernetesVersion`, is not removed. Nothing is added where something stands that
 * only another tool can read, since a flag may be in it.
 *
 * ## References
 * - [kube-apiserver](https://kubernetes.io/docs/reference/command-line-tools-reference/kube-apiserver/)
 * - [kubeadm configuration (v1beta4)](https://kubernetes.io/docs/reference/config-api/kubeadm-config.v1beta4/)
 * - [NodeRestriction](https://kubernetes.io/docs/reference/access-authn-authz/admission-controllers/#noderestriction)
 * - [CIS Kubernetes Benchmark, 1.2 to 1.4 and 2](https://www.cisecurity.org/benchmark/kubernetes)
 */
export const hardenControlPlane = defineTransform({
  id: 'harden-control-plane',
  title: 'Correct weak flags of the control plane',
  risk: 'high',
  words: ['kube-apiserver', 'kube-controller-manager', 'kube-scheduler', 'etcd', 'hyperkube', 'ClusterConfiguration'],
  seesSystem: true,
  objects: {
    kinds: [{ group: 'kubeadm.k8s.io', kind: 'ClusterConfiguration' }],
    *check({ object, ref, versions }) {
      for (const flags of flagsOfCluster(object, ref.apiVersion)) yield* judge(flags, versions.from.minor);
    },
  },
  *check(context) {
    if (!isOfControlPlane(context)) return;
    for (const container of context.containers) {
      const flags = flagsOfContainer(container);
      if (flags) yield* judge(flags, context.versions.from.minor);
    }
  },
});

/** Others run an API server or etcd for ends of their own. A static pod without a namespace shares the network of its node. */
function isOfControlPlane({ ref, pod }: TransformContext): boolean {
  if (ref.namespace !== undefined) return ref.namespace === 'kube-system';
  return ref.kind === 'Pod' && pod.get('hostNetwork').is(true);
}

function* judge(flags: Flags, oldest: number): Iterable<Finding> {
  const { program } = flags;
  if (program === 'kubelet') return;
  yield* judgeRemoved(flags, REMOVED[program], oldest);
  if (program === 'kube-apiserver') {
    yield* judgeAuthorization(flags);
    yield* judgeAdmission(flags, oldest);
  }
  yield* judgeFlags(flags, RULES[program]);
}
