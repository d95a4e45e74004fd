import { expect, it } from 'vitest';
import { createSession } from '../../src/session.js';
import { hardenKubelet } from '../../transforms/harden-kubelet.js';
import { itFixes, itLeaves, itReports, manifest } from './harness.js';

/** What only a person can decide is decided, so that nothing is said of it. */
const DECIDED = 'protectKernelDefaults: true\nserverTLSBootstrap: true\n';

/** A file of settings with these lines. */
function config(strings: TemplateStringsArray): string {
  return `apiVersion: kubelet.config.k8s.io/v1beta1\nkind: KubeletConfiguration\n${DECIDED}${manifest(strings)}`;
}

/** The same where the API server is known by its certificate. */
function known(strings: TemplateStringsArray): string {
  return config(strings).replace(
    'kind: KubeletConfiguration\n',
    'kind: KubeletConfiguration\nstaticPodPath: /etc/kubernetes/manifests\n',
  );
}

/** A pod that runs a kubelet with these flags. */
function pod(flags: readonly string[], namespace = 'kube-system'): string {
  const lines = flags.map((flag) => `            - ${flag}\n`).join('');
  const head = `apiVersion: apps/v1\nkind: DaemonSet\nmetadata:\n  name: kubelet\n  namespace: ${namespace}\n`;
  const template =
    'spec:\n  selector: {matchLabels: {app: k}}\n  template:\n    metadata: {labels: {app: k}}\n    spec:\n      containers:\n';
  return `${head}${template}        - name: kubelet\n          image: example.com/kubelet:v1.36.1\n          command:\n            - kubelet\n${lines}`;
}

itFixes(hardenKubelet, [
  {
    name: 'whoever may ask',
    risk: 'high',
    before: config`
      authentication:
        anonymous:
          enabled: true # the dashboard
        x509:
          clientCAFile: /etc/kubernetes/pki/ca.crt
      authorization:
        mode: AlwaysAllow
    `,
    after: config`
      authentication:
        anonymous:
          enabled: false # the dashboard
        x509:
          clientCAFile: /etc/kubernetes/pki/ca.crt
      authorization:
        mode: Webhook
    `,
  },
  {
    name: 'ports, rules, rotation, versions of TLS, and values of which the default is better',
    risk: 'high',
    before: config`
      authentication: {x509: {clientCAFile: /ca.crt}}
      readOnlyPort: 10255 # heapster
      makeIPTablesUtilChains: false
      rotateCertificates: false
      tlsMinVersion: VersionTLS10
      eventRecordQPS: 1
      featureGates:
        RotateKubeletServerCertificate: false
        Other: true
    `,
    after: config`
      authentication: {x509: {clientCAFile: /ca.crt}}
      readOnlyPort: 0 # heapster
      makeIPTablesUtilChains: true
      rotateCertificates: true
      tlsMinVersion: VersionTLS12
      featureGates:
        Other: true
    `,
  },
  {
    name: 'some weak suites',
    risk: 'high',
    before: config`
      authentication: {x509: {clientCAFile: /ca.crt}}
      tlsCipherSuites:
        - TLS_RSA_WITH_AES_128_CBC_SHA
        - TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256 # HTTP/2
        - TLS_RSA_WITH_3DES_EDE_CBC_SHA
    `,
    after: config`
      authentication: {x509: {clientCAFile: /ca.crt}}
      tlsCipherSuites:
        - TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256 # HTTP/2
    `,
  },
  {
    name: 'weak suites alone, which go with their key',
    risk: 'high',
    before: config`
      authentication: {x509: {clientCAFile: /ca.crt}}
      tlsCipherSuites: [TLS_RSA_WITH_AES_128_CBC_SHA]
      maxPods: 100
    `,
    after: config`
      authentication: {x509: {clientCAFile: /ca.crt}}
      maxPods: 100
    `,
  },
  {
    name: 'what is asked for',
    risk: 'high',
    settings: { 'rotate-certificates': 'enable', 'seccomp-default': 'enable', 'pod-pids-limit': 4096 },
    before: config`
      authentication: {x509: {clientCAFile: /ca.crt}}
      podPidsLimit: -1 # no limit
      seccompDefault: false
    `,
    after: config`
      authentication: {x509: {clientCAFile: /ca.crt}}
      podPidsLimit: 4096 # no limit
      seccompDefault: true
      rotateCertificates: true
    `,
  },
  {
    name: 'arguments of kubeadm v1beta3',
    risk: 'high',
    before: manifest`
      apiVersion: kubeadm.k8s.io/v1beta3
      kind: InitConfiguration
      nodeRegistration:
        kubeletExtraArgs:
          node-ip: 10.0.0.10
          anonymous-auth: "true"
          authorization-mode: AlwaysAllow
          read-only-port: "10255"
          event-qps: "2"
          allow-privileged: "true"
    `,
    after: manifest`
      apiVersion: kubeadm.k8s.io/v1beta3
      kind: InitConfiguration
      nodeRegistration:
        kubeletExtraArgs:
          node-ip: 10.0.0.10
          anonymous-auth: "false"
          authorization-mode: Webhook
          read-only-port: "0"
    `,
  },
  {
    name: 'arguments of kubeadm v1beta4, for a node that joins',
    risk: 'high',
    before: manifest`
      apiVersion: kubeadm.k8s.io/v1beta4
      kind: JoinConfiguration
      nodeRegistration:
        kubeletExtraArgs:
          - name: streaming-connection-idle-timeout
            value: "0"
          - name: tls-cipher-suites
            value: TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256,TLS_RSA_WITH_RC4_128_SHA
          - name: make-iptables-util-chains
            value: "false"
    `,
    after: manifest`
      apiVersion: kubeadm.k8s.io/v1beta4
      kind: JoinConfiguration
      nodeRegistration:
        kubeletExtraArgs:
          - name: tls-cipher-suites
            value: TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256
          - name: make-iptables-util-chains
            value: "true"
    `,
  },
  {
    name: 'a pod with flags that win over its file',
    risk: 'high',
    before: pod(['--config=/etc/kubelet.yaml', '--read-only-port=10255 # heapster', '--anonymous-auth', '--cadvisor-port=0']),
    after: pod(['--config=/etc/kubelet.yaml', '--read-only-port=0 # heapster', '--anonymous-auth=false']),
  },
]);

itReports(hardenKubelet, [
  {
    name: 'what only a person can decide',
    manifest: manifest`
      apiVersion: kubelet.config.k8s.io/v1beta1
      kind: KubeletConfiguration
      podPidsLimit: -1
      protectKernelDefaults: false
    `,
    found: [
      { line: 4, message: /^protectKernelDefaults: false: the kubelet changes settings/, reason: /does not start on nodes/ },
      { line: 3, message: /^podPidsLimit: -1: one pod can take all/, reason: /pod-pids-limit says it/ },
      { line: 1, message: /^no authentication.x509.clientCAFile/, reason: /on all nodes first/ },
      { line: 1, message: /^serverTLSBootstrap is not true/, reason: /approve/ },
    ],
  },
  {
    name: 'whoever may ask, where the API server would be turned away itself',
    manifest: known`
      authentication:
        anonymous: {enabled: true}
      authorization: {mode: AlwaysAllow}
    `,
    found: [
      { line: 7, message: /^authentication.anonymous.enabled: true/, reason: /clientCAFile is not set/ },
      { line: 8, message: /^authorization.mode: AlwaysAllow/, reason: /clientCAFile is not set/ },
      { line: 1, message: /^no authentication.x509.clientCAFile/, reason: /on all nodes first/ },
    ],
  },
  {
    name: 'a kubelet without a cluster, which does not start with Webhook',
    manifest: config`
      authentication: {x509: {clientCAFile: /ca.crt}}
      authorization: {mode: AlwaysAllow}
      registerNode: false
    `,
    found: [{ line: 6, message: /^authorization.mode: AlwaysAllow/, reason: /does not start with Webhook/ }],
  },
  {
    name: 'seccompDefault on a release that takes it with a feature gate only',
    kubernetes: '1.22-1.30',
    settings: { 'seccomp-default': 'enable' },
    manifest: config`
      authentication: {x509: {clientCAFile: /ca.crt}}
    `,
    found: [{ line: 1, message: /^seccompDefault is not true/, reason: /before Kubernetes 1\.25/ }],
  },
  {
    name: 'seccompDefault whose gate is closed',
    settings: { 'seccomp-default': 'enable' },
    manifest: config`
      authentication: {x509: {clientCAFile: /ca.crt}}
      featureGates: {SeccompDefault: false}
    `,
    found: [{ line: 1, message: /^seccompDefault is not true/, reason: /does not start with both; take the gate out first/ }],
  },
  {
    name: 'a limit of process ids that is none',
    manifest: config`
      authentication: {x509: {clientCAFile: /ca.crt}}
      podPidsLimit: 0
    `,
    found: [{ line: 6, message: /^podPidsLimit: 0: one pod can take all/, reason: /the setting pod-pids-limit/ }],
  },
  {
    name: 'flags that are not there, without a file',
    manifest: pod(['--kubeconfig=/k', '--protect-kernel-defaults=false'], 'default'),
    found: [
      { line: 17, message: /^--protect-kernel-defaults=false/, reason: /does not start/ },
      { line: 12, message: /^no --anonymous-auth: requests without credentials/, reason: /KubeletConfiguration with --config/ },
      { line: 12, message: /^no --authorization-mode/, reason: /weaker defaults/ },
      { line: 12, message: /^no --client-ca-file/, reason: /weaker defaults/ },
      { line: 12, message: /^no --read-only-port: .* port 10255/, reason: /weaker defaults/ },
      { line: 12, message: /^no --rotate-certificates/, reason: /weaker defaults/ },
    ],
  },
  {
    name: 'weak flags, where a kubelet would not start or know nobody',
    manifest: pod([
      ...['--authorization-mode=AlwaysAllow', '--anonymous-auth=true', '--read-only-port=0', '--rotate-certificates'],
      '--tls-cipher-suites=$(SUITES)',
    ]),
    found: [
      { line: 17, message: /^--anonymous-auth=true/, reason: /--client-ca-file is not set/ },
      { line: 16, message: /^--authorization-mode=AlwaysAllow/, reason: /without --kubeconfig/ },
      { line: 12, message: /^no --client-ca-file/, reason: /weaker defaults/ },
    ],
  },
]);

itLeaves(hardenKubelet, [
  {
    name: 'a file that leaves safe defaults as they are',
    manifest: config`
      authentication: {x509: {clientCAFile: /ca.crt}}
    `,
  },
  {
    name: 'safe values, and a timeout and a rate that only look weak',
    manifest: config`
      authentication:
        anonymous: {enabled: false}
        x509: {clientCAFile: /ca.crt}
      authorization: {mode: Webhook}
      eventRecordQPS: 0
      readOnlyPort: 0
      rotateCertificates: true
      streamingConnectionIdleTimeout: 0s
      tlsCipherSuites: [TLS_AES_128_GCM_SHA256, TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256]
      tlsMinVersion: VersionTLS13
    `,
  },
  {
    name: 'a kubelet that serves nothing',
    manifest: manifest`
      apiVersion: kubelet.config.k8s.io/v1beta1
      kind: KubeletConfiguration
      enableServer: false
      authentication: {anonymous: {enabled: true}}
      protectKernelDefaults: true
    `,
  },
  {
    name: 'a certificate that somebody put there',
    manifest: manifest`
      apiVersion: kubelet.config.k8s.io/v1beta1
      kind: KubeletConfiguration
      authentication: {x509: {clientCAFile: /ca.crt}}
      protectKernelDefaults: true
      tlsCertFile: /kubelet.crt
    `,
  },
  {
    name: 'what another tool fills in',
    manifest: config`
      authentication: {anonymous: {enabled: $ANONYMOUS}, x509: {clientCAFile: /ca.crt}}
      readOnlyPort: \${PORT}
      tlsCipherSuites: [$SUITES, TLS_RSA_WITH_RC4_128_SHA]
    `,
  },
  {
    name: 'settings that are there already',
    settings: { 'rotate-certificates': 'enable', 'seccomp-default': 'enable', 'pod-pids-limit': 4096 },
    manifest: config`
      authentication: {x509: {clientCAFile: /ca.crt}}
      podPidsLimit: 2048
      rotateCertificates: true
      seccompDefault: true
    `,
  },
  {
    name: 'a node of kubeadm that says nothing',
    manifest: manifest`
      apiVersion: kubeadm.k8s.io/v1beta4
      kind: JoinConfiguration
      nodeRegistration: {kubeletExtraArgs: [{name: node-ip, value: 10.0.0.1}]}
    `,
  },
  { name: 'a pod whose kubelet has a file', manifest: pod(['--config', '/etc/kubelet.yaml']) },
]);

it('does not look into a ConfigMap, where a file is text', () => {
  const session = createSession({ profile: 'all', maxRisk: 'high', includeSystem: true });
  const text = manifest`
    apiVersion: v1
    kind: ConfigMap
    metadata: {name: kubelet-config, namespace: kube-system}
    data:
      kubelet: |
        apiVersion: kubelet.config.k8s.io/v1beta1
        kind: KubeletConfiguration
        readOnlyPort: 10255
  `;
  session.survey('config.yaml', text);
  expect(session.fix('config.yaml', text)).toMatchObject({ text, findings: [] });
});

it('takes the word of kubeadm for who may ask, where both stand in one file', () => {
  const session = createSession({ profile: 'all', transforms: ['harden-kubelet'], maxRisk: 'high' });
  const text = `kind: ClusterConfiguration\napiVersion: kubeadm.k8s.io/v1beta4\n---\n${config`
    authorization: {mode: AlwaysAllow}
  `}`;
  session.survey('cluster.yaml', text);
  const { findings } = session.fix('cluster.yaml', text);
  expect(findings.map(({ status, message }) => [status, message.split(':')[0]])).toEqual([['ready', 'authorization.mode']]);
});
