import { API_SERVER_RULES } from './api-server.js';
import type { FlagRule, Program } from './types.js';

const PROFILING = {
  flag: 'profiling',
  weak: { isNot: ['false'] },
  says: 'profiles show what the program does, at /debug/pprof',
  write: { value: 'false' },
  evidence: 'whoever profiles the control plane cannot do so any more',
} as const satisfies FlagRule;

const BIND_ADDRESS = {
  flag: 'bind-address',
  weak: { isNot: ['127.0.0.1', '::1'] },
  says: 'metrics and health are served to the network',
  reason: 'Prometheus may scrape it from there, and probes without `host: 127.0.0.1` come from there',
} as const satisfies FlagRule;

const CONTROLLER_MANAGER_RULES: readonly FlagRule[] = [
  { ...PROFILING, cis: '1.3.2', kubescape: 'C-0145' },
  {
    flag: 'use-service-account-credentials',
    weak: { isNot: ['true'] },
    says: 'all controllers share one account with the rights of all',
    reason: 'each controller needs its role, which RBAC has and other authorizers have not',
    cis: '1.3.3',
    kubescape: 'C-0146',
  },
  {
    flag: 'service-account-private-key-file',
    weak: 'absent',
    says: 'it signs no tokens of accounts',
    reason: 'the key has to be made first',
    cis: '1.3.4',
    kubescape: 'C-0147',
  },
  {
    flag: 'root-ca-file',
    weak: 'absent',
    says: 'pods are not told how to check the API server',
    reason: 'the authority has to be there first',
    cis: '1.3.5',
    kubescape: 'C-0148',
  },
  {
    flag: 'feature-gates',
    weak: { has: ['RotateKubeletServerCertificate=false'] },
    says: 'kubelets do not get a new serving certificate',
    reason: 'whoever wrote it renews them in another way, or should take it out',
    cis: '1.3.6',
    kubescape: 'C-0149',
  },
  { ...BIND_ADDRESS, cis: '1.3.7', kubescape: 'C-0150' },
];

const SCHEDULER_RULES: readonly FlagRule[] = [
  { ...PROFILING, notBeside: ['config'], cis: '1.4.1', kubescape: 'C-0151' },
  { ...BIND_ADDRESS, cis: '1.4.2', kubescape: 'C-0152' },
];

const CERTIFICATES = 'the certificates have to be there first, with whoever talks to etcd';

/** Section 2 of the benchmark. https://etcd.io/docs/latest/op-guide/configuration/ */
const ETCD_RULES: readonly FlagRule[] = [
  {
    flag: 'cert-file',
    weak: 'absent',
    says: 'whatever the cluster knows goes over the network in the open',
    reason: CERTIFICATES,
    cis: '2.1',
    kubescape: 'C-0153',
  },
  {
    flag: 'client-cert-auth',
    weak: { isNot: ['true'] },
    says: 'whoever reaches etcd reads and writes all of the cluster',
    reason: CERTIFICATES,
    cis: '2.2',
    kubescape: 'C-0154',
  },
  {
    flag: 'auto-tls',
    weak: { is: ['true'] },
    says: 'certificates that etcd signs itself prove nothing',
    reason: CERTIFICATES,
    cis: '2.3',
    kubescape: 'C-0155',
  },
  {
    flag: 'peer-cert-file',
    weak: 'absent',
    says: 'whatever the cluster knows goes from one etcd to the other in the open',
    reason: CERTIFICATES,
    cis: '2.4',
    kubescape: 'C-0156',
  },
  {
    flag: 'peer-client-cert-auth',
    weak: { isNot: ['true'] },
    says: 'whoever reaches etcd may join it',
    reason: CERTIFICATES,
    cis: '2.5',
    kubescape: 'C-0157',
  },
  {
    flag: 'peer-auto-tls',
    weak: { is: ['true'] },
    says: 'certificates that etcd signs itself prove nothing',
    reason: CERTIFICATES,
    cis: '2.6',
    kubescape: 'C-0158',
  },
];

/** Sections 1.2 to 1.4 and 2 of the CIS Kubernetes Benchmark 1.12, as its checks in kube-bench (cfg/cis-1.12) have them. */
export const RULES: Readonly<Record<Exclude<Program, 'kubelet'>, readonly FlagRule[]>> = {
  'kube-apiserver': [...API_SERVER_RULES, { ...PROFILING, cis: '1.2.15', kubescape: 'C-0129' }],
  'kube-controller-manager': CONTROLLER_MANAGER_RULES,
  'kube-scheduler': SCHEDULER_RULES,
  etcd: ETCD_RULES,
};
