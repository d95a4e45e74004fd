import type { Json } from '../../core/json.js';
import type { FlagRule, Weakness } from '../control-plane/types.js';
import { WEAK_TLS_VERSIONS } from './ciphers.js';

/** What is known of a setting of the kubelet: in its file, and as a flag. */
export interface KubeletRule {
  /** Its place in a `KubeletConfiguration`; absent where the file has no weak value for it. */
  readonly field?: string;
  readonly flag?: string;
  /** As text, as flags have it. */
  readonly weak: Weakness;
  readonly says: string;
  /** What is written in place of a weak value; nothing at all where the default of the kubelet is to hold. */
  readonly write?: { readonly value: Exclude<Json, null> } | 'remove';
  readonly reason?: string;
  readonly evidence?: string;
  /** Whether those who ask the kubelet have to be known, so that the change does not turn the API server away. */
  readonly asksWho?: true;
  /** Recommendations of the CIS Kubernetes Benchmark 1.12 (1.8 where it says so), and controls of kubescape. */
  readonly cis?: string;
  readonly kubescape: string;
}

const WRITTEN = 'someone wrote it';

/**
 * Section 4.2 of the CIS Kubernetes Benchmark 1.12. Defaults of the file are those of `SetDefaults_KubeletConfiguration`, which are safe
 * where this says nothing of what is not written: https://github.com/kubernetes/kubernetes/blob/master/pkg/kubelet/apis/config/v1beta1/defaults.go
 *
 * A `streamingConnectionIdleTimeout` of 0 is read as the default of four hours in the file, and as no end at all in the flag. An
 * `eventRecordQPS` of 0 is read as 5; below that, the least default there was, events are lost.
 */
export const KUBELET_RULES: readonly KubeletRule[] = [
  {
    field: 'authentication.anonymous.enabled',
    flag: 'anonymous-auth',
    weak: { is: ['true'] },
    says: 'requests without credentials are not turned away',
    write: { value: false },
    evidence: WRITTEN,
    asksWho: true,
    cis: '4.2.1',
    kubescape: 'C-0069, C-0172',
  },
  {
    field: 'authorization.mode',
    flag: 'authorization-mode',
    weak: { is: ['AlwaysAllow'] },
    says: 'whoever is known may run commands in every container',
    write: { value: 'Webhook' },
    evidence: `${WRITTEN}; the user of the API server then needs the role system:kubelet-api-admin, or one like it`,
    asksWho: true,
    cis: '4.2.2',
    kubescape: 'C-0173',
  },
  {
    field: 'readOnlyPort',
    flag: 'read-only-port',
    weak: { isNot: ['0'] },
    says: 'all pods of the node can be read without credentials',
    write: { value: 0 },
    evidence: `${WRITTEN}; whoever reads metrics there has to ask the secure port`,
    cis: '4.2.4',
    kubescape: 'C-0175',
  },
  {
    flag: 'streaming-connection-idle-timeout',
    weak: { is: ['0', '0s', '0m', '0h', '0m0s', '0h0m0s'] },
    says: 'connections that nobody uses stay open',
    write: 'remove',
    evidence: `${WRITTEN}; without it they end after four hours`,
    cis: '4.2.5',
    kubescape: 'C-0176',
  },
  {
    field: 'makeIPTablesUtilChains',
    flag: 'make-iptables-util-chains',
    weak: { is: ['false'] },
    says: 'rules of the node and of its pods may contradict each other',
    write: { value: true },
    evidence: WRITTEN,
    cis: '4.2.6',
    kubescape: 'C-0178',
  },
  {
    field: 'eventRecordQPS',
    flag: 'event-qps',
    weak: { is: ['1', '2', '3', '4'] },
    says: 'events are lost',
    write: 'remove',
    evidence: `${WRITTEN}; the default is 50 a second, and was 5 before 1.27`,
    cis: '4.2.8',
    kubescape: 'C-0180',
  },
  {
    field: 'rotateCertificates',
    flag: 'rotate-certificates',
    weak: { is: ['false'] },
    says: 'the node drops out when its certificate ends',
    write: { value: true },
    evidence: WRITTEN,
    cis: '4.2.10',
    kubescape: 'C-0182',
  },
  {
    field: 'featureGates.RotateKubeletServerCertificate',
    weak: { is: ['false'] },
    says: 'the serving certificate is not renewed',
    write: 'remove',
    evidence: `${WRITTEN}; the gate is open since 1.12`,
    cis: '4.2.11',
    kubescape: 'C-0183',
  },
  {
    field: 'tlsMinVersion',
    flag: 'tls-min-version',
    weak: { is: WEAK_TLS_VERSIONS },
    says: 'TLS before 1.2 is broken',
    write: { value: 'VersionTLS12' },
    evidence: `${WRITTEN}; clients that know nothing newer are turned away`,
    kubescape: 'C-0184',
  },
  {
    field: 'protectKernelDefaults',
    flag: 'protect-kernel-defaults',
    weak: { isNot: ['true'] },
    says: 'the kubelet changes settings of the kernel as it likes',
    reason: 'with true it does not start on nodes whose sysctls differ; set those on all of them first',
    kubescape: 'C-0177',
  },
  {
    field: 'podPidsLimit',
    flag: 'pod-max-pids',
    weak: { is: ['-1', '0'] },
    says: 'one pod can take all process ids of the node',
    reason: 'which number fits depends on what runs there; the setting pod-pids-limit says it',
    cis: '4.2.13',
    kubescape: 'C-0284',
  },
];

/** What flags leave weak where there is no file of settings: `applyLegacyDefaults` of cmd/kubelet/app/options/options.go. */
export const MISSED_FLAGS: readonly FlagRule[] = [
  { flag: 'anonymous-auth', says: 'requests without credentials are not turned away', ...missed('4.2.1', 'C-0069, C-0172') },
  { flag: 'authorization-mode', says: 'whoever is known may run commands in every container', ...missed('4.2.2', 'C-0173') },
  { flag: 'client-ca-file', says: 'nobody is known by a certificate', ...missed('4.2.3', 'C-0070, C-0174') },
  {
    flag: 'read-only-port',
    says: 'all pods of the node can be read without credentials, at port 10255',
    ...missed('4.2.4', 'C-0175'),
  },
  { flag: 'rotate-certificates', says: 'the node drops out when its certificate ends', ...missed('4.2.10', 'C-0182') },
];

function missed(cis: string, kubescape: string) {
  const reason = 'flags have weaker defaults than a file; give the kubelet a KubeletConfiguration with --config';
  return { weak: 'absent', reason, cis, kubescape } as const;
}
