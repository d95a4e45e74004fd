import { flagsOfContainer } from '../src/kube/control-plane/command.js';
import { flagsOfNode } from '../src/kube/control-plane/kubeadm.js';
import { judgeConfiguration, judgeWanted } from '../src/kube/kubelet/configuration.js';
import { judgeKubelet } from '../src/kube/kubelet/flags.js';
import { choice, integer } from '../src/kube/settings.js';
import { defineTransform, type ObjectContext } from '../src/kube/types.js';

const KUBEADM = 'kubeadm.k8s.io';
const CLUSTER = { group: KUBEADM, kind: 'ClusterConfiguration' };
const NODES = [
  { group: KUBEADM, kind: 'InitConfiguration' },
  { group: KUBEADM, kind: 'JoinConfiguration' },
];

/**
 * Whoever may ask a kubelet may run commands in every container of its node, and read their Secrets. Weak settings that someone wrote
 * are corrected: in a `KubeletConfiguration`, alone or in a file of kubeadm; in `kubeletExtraArgs` of kubeadm; and in the flags of pods
 * that run a kubelet.
 *
 * | field | flag | becomes |
 * | --- | --- | --- |
 * | `authentication.anonymous.enabled: true` | `--anonymous-auth` | `false` |
 * | `authorization.mode: AlwaysAllow` | `--authorization-mode` | `Webhook` |
 * | `readOnlyPort` other than 0 | `--read-only-port` | `0` |
 * | `makeIPTablesUtilChains: false` | `--make-iptables-util-chains` | `true` |
 * | `rotateCertificates: false` | `--rotate-certificates` | `true` |
 * | `tlsMinVersion` before 1.2 | `--tls-min-version` | `VersionTLS12` |
 * | weak ones of `tlsCipherSuites` | `--tls-cipher-suites` | removed |
 * | `eventRecordQPS` of 1 to 4 | `--event-qps` | removed, so that the default holds |
 * | `featureGates.RotateKubeletServerCertificate: false` | | removed |
 *
 * Flags alone that go: `--streaming-connection-idle-timeout=0` (in the file 0 is the default of four hours), `--allow-privileged` and
 * `--cadvisor-port` (no current kubelet starts with them).
 *
 * What nobody wrote in a file is safe, with three exceptions, which are added on request: `rotateCertificates` (kubeadm always turns it
 * on), `seccompDefault` and `podPidsLimit`. Without a file, flags that are not there are weak; that is reported. So are
 * `protectKernelDefaults`, with which a kubelet does not start where sysctls differ, and `serverTLSBootstrap`, whose certificates
 * somebody has to approve. A file within a ConfigMap, and units of systemd, are not looked at.
 *
 * ## Risk
 * High: someone wrote it, and a kubelet that turns the API server away gives no logs and lets nobody in. No change of who may ask is
 * offered where `clientCAFile` is not set, by which the API server is known, nor to a kubelet without a cluster.
 *
 * ## References
 * - [Kubelet configuration (v1beta1)](https://kubernetes.io/docs/reference/config-api/kubelet-config.v1beta1/)
 * - [Kubelet authentication and authorization](https://kubernetes.io/docs/reference/access-authn-authz/kubelet-authn-authz/)
 * - [CIS Kubernetes Benchmark, 4.2](https://www.cisecurity.org/benchmark/kubernetes)
 */
export const hardenKubelet = defineTransform({
  id: 'harden-kubelet',
  title: 'Correct weak settings of kubelets',
  risk: 'high',
  words: ['kubelet', 'KubeletConfiguration', 'kubeletExtraArgs'],
  seesSystem: true,
  asksFor: [CLUSTER, ...NODES],
  settings: {
    'rotate-certificates': choice('what becomes of files that do not say whether certificates are renewed', ['leave', 'enable']),
    'seccomp-default': choice('what becomes of files that do not make the seccomp profile of the runtime the default', [
      'leave',
      'enable',
    ]),
    'pod-pids-limit': integer('how many process ids a pod may have, where a file does not limit them', { min: 1, max: 4194304 }),
  },
  objects: {
    kinds: [{ group: 'kubelet.config.k8s.io', kind: 'KubeletConfiguration' }, ...NODES],
    *check(context, settings) {
      const { object, ref, versions } = context;
      const oldest = versions.from.minor;
      if (ref.kind !== 'KubeletConfiguration') {
        const flags = flagsOfNode(object, ref.apiVersion);
        if (flags) yield* judgeKubelet(flags, oldest);
        return;
      }
      const podPidsLimit = settings['pod-pids-limit'];
      yield* judgeConfiguration(object, { isKubeadm: isForKubeadm(context), limitsPids: podPidsLimit !== undefined });
      const rotateCertificates = settings['rotate-certificates'] === 'enable';
      const seccompDefault = settings['seccomp-default'] === 'enable';
      yield* judgeWanted(object, { rotateCertificates, seccompDefault, podPidsLimit }, oldest >= SECCOMP_DEFAULT);
    },
  },
  *check({ containers, versions }) {
    for (const container of containers) {
      const flags = flagsOfContainer(container);
      if (flags?.program === 'kubelet') yield* judgeKubelet(flags, versions.from.minor);
    }
  },
});

/** The release in which the gate SeccompDefault was opened: https://github.com/kubernetes/enhancements/issues/2413 */
const SECCOMP_DEFAULT = 25;

/** kubeadm reads its own documents and this one from one file. */
function isForKubeadm({ index, ref }: ObjectContext): boolean {
  return [CLUSTER, ...NODES].some((kind) => index.objectsNear(ref, kind).some(({ file }) => file === ref.file));
}
