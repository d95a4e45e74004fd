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
 * `--repair-malformed-updates`. `--experimental-encryption-provider-config` gets its new name.
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
  controls: {
    cis:
      '1.2.1, 1.2.2, 1.2.4, 1.2.5, 1.2.6, 1.2.7, 1.2.8, 1.2.10, 1.2.12, 1.2.13, 1.2.14, 1.2.15, 1.2.16, 1.2.17, 1.2.18, 1.2.19, ' +
      '1.2.21, 1.2.22, 1.2.23, 1.2.24, 1.2.25, 1.2.26, 1.2.27, 1.2.29, 1.2.30, 1.3.2, 1.3.3, 1.3.4, 1.3.5, 1.3.6, 1.3.7, 1.4.1, ' +
      '1.4.2, 2.1, 2.2, 2.3, 2.4, 2.5, 2.6, 3.2.1',
    kubescape:
      'C-0005, C-0066, C-0067, C-0088, C-0113, C-0114, C-0116, C-0117, C-0118, C-0119, C-0120, C-0122, C-0125, C-0126, C-0127, ' +
      'C-0129, C-0130, C-0131, C-0132, C-0133, C-0135, C-0136, C-0137, C-0138, C-0139, C-0140, C-0141, C-0143, C-0145, C-0146, ' +
      'C-0147, C-0148, C-0149, C-0150, C-0151, C-0152, C-0153, C-0154, C-0155, C-0156, C-0157, C-0158, C-0160',
    checkov:
      'CKV_K8S_68, CKV_K8S_69, CKV_K8S_70, CKV_K8S_71, CKV_K8S_72, CKV_K8S_73, CKV_K8S_74, CKV_K8S_75, CKV_K8S_77, CKV_K8S_79, ' +
      'CKV_K8S_82, CKV_K8S_83, CKV_K8S_85, CKV_K8S_86, CKV_K8S_88, CKV_K8S_90, CKV_K8S_91, CKV_K8S_92, CKV_K8S_93, CKV_K8S_94, ' +
      'CKV_K8S_96, CKV_K8S_97, CKV_K8S_99, CKV_K8S_100, CKV_K8S_102, CKV_K8S_104, CKV_K8S_105, CKV_K8S_107, CKV_K8S_108, ' +
      'CKV_K8S_110, CKV_K8S_111, CKV_K8S_112, CKV_K8S_113, CKV_K8S_114, CKV_K8S_115, CKV_K8S_116, CKV_K8S_117, CKV_K8S_118, ' +
      'CKV_K8S_119, CKV_K8S_121',
    trivy:
      'KCV0001, KCV0002, KCV0004, KCV0005, KCV0006, KCV0007, KCV0008, KCV0009, KCV0011, KCV0014, KCV0015, KCV0016, KCV0018, ' +
      'KCV0019, KCV0020, KCV0021, KCV0022, KCV0024, KCV0025, KCV0026, KCV0027, KCV0028, KCV0029, KCV0030, KCV0034, KCV0035, ' +
      'KCV0036, KCV0037, KCV0038, KCV0039, KCV0041, KCV0042, KCV0043, KCV0044, KCV0045, KCV0046, KCV0047',
  },
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
    yield* judgeAdmission(flags);
  }
  yield* judgeFlags(flags, RULES[program]);
}
