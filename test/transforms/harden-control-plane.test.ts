import { hardenControlPlane } from '../../transforms/harden-control-plane.js';
import { itFixes, itLeaves, itReports, manifest } from './harness.js';

/** Of kube-apiserver, whatever is asked for and never changed. */
const SAFE = [
  ...['anonymous-auth=false', 'kubelet-client-certificate=/c', 'kubelet-certificate-authority=/ca', 'audit-policy-file=/a'],
  ...['audit-log-path=/l', 'audit-log-maxage=30', 'audit-log-maxbackup=10', 'audit-log-maxsize=100'],
  ...['service-account-key-file=/k', 'etcd-certfile=/e', 'tls-cert-file=/t', 'client-ca-file=/ca', 'etcd-cafile=/ca'],
  ...['encryption-provider-config=/p', 'service-account-extend-token-expiration=false', 'authorization-mode=Node,RBAC'],
].map((flag) => `--${flag}`);

interface Options {
  readonly image?: string;
  readonly head?: string;
  readonly list?: 'args';
}

/** A static pod with these flags. */
function pod(program: string, flags: readonly string[], { image = '', head = '  namespace: kube-system\n', list }: Options = {}) {
  const lines = flags.map((flag) => `    - ${flag}\n`).join('');
  const command = list ? `    command: [${program}]\n    ${list}:\n${lines}` : `    command:\n    - ${program}\n${lines}`;
  return `apiVersion: v1\nkind: Pod\nmetadata:\n  name: ${program}\n${head}spec:\n  containers:\n  - name: main\n    image: registry.k8s.io/x${image}\n${command}`;
}

const apiServer = (flags: readonly string[], options?: Options) => pod('kube-apiserver', [...SAFE, ...flags], options);
const PLUGINS = '--enable-admission-plugins=NodeRestriction';
const PROFILING = '--profiling=false';
const ETCD = ['--cert-file=/c', '--client-cert-auth', '--peer-cert-file=/c', '--peer-client-cert-auth=true'];
const MANAGER = [
  ...['--use-service-account-credentials=true', '--service-account-private-key-file=/k', '--root-ca-file=/ca'],
  ...['--bind-address=127.0.0.1', PROFILING],
];

itFixes(hardenControlPlane, [
  {
    name: 'an API server without either flag',
    risk: 'high',
    before: apiServer(['--secure-port=6443 # the last']),
    after: apiServer(['--secure-port=6443 # the last', PLUGINS, PROFILING]),
  },
  {
    name: 'plugins to which NodeRestriction is added, in the place and form they have',
    risk: 'high',
    before: apiServer(['--enable-admission-plugins', 'AlwaysPullImages # ours', PROFILING]),
    after: apiServer(['--enable-admission-plugins', 'AlwaysPullImages,NodeRestriction # ours', PROFILING]),
  },
  {
    name: 'a plugin that admits whatever comes',
    risk: 'high',
    before: apiServer(['--enable-admission-plugins=AlwaysAdmit,NodeRestriction,AlwaysPullImages', PROFILING]),
    after: apiServer(['--enable-admission-plugins=NodeRestriction,AlwaysPullImages', PROFILING]),
  },
  {
    name: 'plugins that are named in two flags, which add up',
    risk: 'high',
    before: apiServer(['--enable-admission-plugins=AlwaysAdmit', PROFILING, '--enable-admission-plugins=EventRateLimit']),
    after: apiServer(['--enable-admission-plugins=EventRateLimit,NodeRestriction', PROFILING]),
  },
  {
    name: 'plugins that are gone, with which no current server starts',
    risk: 'high',
    before: apiServer([
      ...['--enable-admission-plugins=PodSecurityPolicy,NodeRestriction,SecurityContextDeny', PROFILING],
      ...[
        '--disable-admission-plugins=PersistentVolumeLabel,DefaultStorageClass',
        '--disable-admission-plugins=DenyEscalatingExec',
      ],
    ]),
    after: apiServer([PLUGINS, PROFILING, '--disable-admission-plugins=DefaultStorageClass']),
  },
  {
    name: 'plugins of which none is left',
    risk: 'high',
    before: apiServer([
      '--enable-admission-plugins=PodSecurityPolicy',
      PROFILING,
      '--disable-admission-plugins=PersistentVolumeLabel',
    ]),
    after: apiServer([PLUGINS, PROFILING]),
  },
  {
    name: 'flags with which no current server starts, in each form',
    risk: 'high',
    before: apiServer([
      ...['--insecure-port=0', '--insecure-bind-address', '127.0.0.1', PLUGINS, '--kubelet-https', PROFILING],
      ...['--basic_auth_file=/users', '--repair-malformed-updates=false', '--address=0.0.0.0', '--port=8080'],
    ]),
    after: apiServer([PLUGINS, PROFILING]),
  },
  {
    name: 'a flag that has another name now',
    risk: 'high',
    before: pod('kube-apiserver', [
      ...SAFE.filter((flag) => !/encryption/.test(flag)),
      PLUGINS,
      PROFILING,
      '--experimental-encryption-provider-config=/p',
    ]),
    after: pod('kube-apiserver', [
      ...SAFE.filter((flag) => !/encryption/.test(flag)),
      PLUGINS,
      PROFILING,
      '--encryption-provider-config=/p',
    ]),
  },
  {
    name: 'tokens of deleted accounts, each time it is said',
    risk: 'high',
    before: apiServer([PLUGINS, '--service-account-lookup=true', PROFILING, '--service-account-lookup=false']),
    after: apiServer([PLUGINS, PROFILING]),
  },
  {
    name: 'profiling that is on, where the last one counts',
    risk: 'high',
    before: apiServer([PLUGINS, '--profiling=false', '--profiling']),
    after: apiServer([PLUGINS, '--profiling=false', '--profiling=false']),
  },
  {
    name: 'a controller manager with its flags in args',
    risk: 'high',
    before: pod('kube-controller-manager', ['--port=0', '--profiling=true', ...MANAGER.slice(0, -1)], { list: 'args' }),
    after: pod('kube-controller-manager', [PROFILING, ...MANAGER.slice(0, -1)], { list: 'args' }),
  },
  {
    name: 'a scheduler, started by its path',
    risk: 'high',
    before: pod('/usr/local/bin/kube-scheduler', ['--bind-address=127.0.0.1', '--address=127.0.0.1']),
    after: pod('/usr/local/bin/kube-scheduler', ['--bind-address=127.0.0.1', PROFILING]),
  },
  {
    name: 'a static pod without a namespace, on the network of its node',
    risk: 'high',
    before: manifest`
      apiVersion: v1
      kind: Pod
      metadata: {name: scheduler}
      spec:
        hostNetwork: true
        containers:
          - name: scheduler
            image: registry.k8s.io/kube-scheduler:v1.36.1
            args: [--bind-address=127.0.0.1]
    `,
    after: manifest`
      apiVersion: v1
      kind: Pod
      metadata: {name: scheduler}
      spec:
        hostNetwork: true
        containers:
          - name: scheduler
            image: registry.k8s.io/kube-scheduler:v1.36.1
            args: [--bind-address=127.0.0.1, --profiling=false]
    `,
  },
  {
    name: 'a cluster of kubeadm v1beta3, whose arguments are maps',
    risk: 'high',
    before: manifest`
      apiVersion: kubeadm.k8s.io/v1beta3
      kind: ClusterConfiguration
      apiServer:
        extraArgs:
          enable-admission-plugins: AlwaysAdmit,EventRateLimit # ours
          insecure-port: "0"
      scheduler: {}
    `,
    after: manifest`
      apiVersion: kubeadm.k8s.io/v1beta3
      kind: ClusterConfiguration
      apiServer:
        extraArgs:
          enable-admission-plugins: EventRateLimit,NodeRestriction # ours
          profiling: "false"
      scheduler:
        extraArgs:
          profiling: "false"
      controllerManager:
        extraArgs:
          profiling: "false"
    `,
  },
  {
    name: 'a cluster of kubeadm v1beta4, whose arguments are lists',
    risk: 'high',
    before: manifest`
      apiVersion: kubeadm.k8s.io/v1beta4
      kind: ClusterConfiguration
      apiServer:
        extraArgs:
          - name: service-account-lookup
            value: "false"
          - name: profiling # on
            value: "true"
      controllerManager:
        extraArgs: [{name: profiling, value: "false"}]
      scheduler:
        extraArgs: [{name: port, value: "0"}, {name: profiling, value: "false"}]
    `,
    after: manifest`
      apiVersion: kubeadm.k8s.io/v1beta4
      kind: ClusterConfiguration
      apiServer:
        extraArgs:
          - name: profiling # on
            value: "false"
      controllerManager:
        extraArgs: [{name: profiling, value: "false"}]
      scheduler:
        extraArgs: [{name: profiling, value: "false"}]
    `,
  },
]);

itReports(hardenControlPlane, [
  {
    name: 'an API server that lets everybody do everything',
    manifest: pod('kube-apiserver', [
      '--authorization-mode=AlwaysAllow',
      PLUGINS,
      PROFILING,
      ...SAFE.filter((flag) => !/authorization/.test(flag)),
    ]),
    found: [
      { line: 12, message: /^--authorization-mode=AlwaysAllow: whoever is known may do anything/, reason: /roles and bindings/ },
    ],
  },
  {
    name: 'one that has no authorizer but the default, and none for nodes',
    manifest: pod('kube-apiserver', [PLUGINS, PROFILING, ...SAFE.filter((flag) => !/authorization/.test(flag))]),
    found: [
      { line: 8, message: /^no --authorization-mode: whoever is known may do anything, which is the default/, reason: /roles/ },
    ],
  },
  {
    name: 'requests without credentials, old TLS, weak suites, tokens in a file',
    manifest: pod('kube-apiserver', [
      ...['--anonymous-auth=true', '--token-auth-file=/t', '--tls-min-version=VersionTLS10'],
      ...['--tls-cipher-suites=TLS_AES_128_GCM_SHA256,TLS_RSA_WITH_RC4_128_SHA', PLUGINS, PROFILING],
      ...SAFE.filter((flag) => !/anonymous/.test(flag)),
    ]),
    found: [
      { line: 12, message: /^--anonymous-auth=true/, reason: /probes of the kubelet/ },
      { line: 13, message: /^--token-auth-file=\/t/, reason: /other credentials first/ },
      { line: 14, message: /^--tls-min-version=VersionTLS10/, reason: /has clients/ },
      { line: 15, message: /^--tls-cipher-suites=.*: some of these are weak/, reason: /has clients/ },
    ],
  },
  {
    name: 'a plugin that is switched off, with which the server would not start',
    manifest: apiServer([PROFILING, '--disable-admission-plugins=ServiceAccount,NodeRestriction']),
    found: [
      { line: 29, message: /^--disable-admission-plugins=.*: ServiceAccount is switched off/, reason: /in its place/ },
      { line: 8, message: /^no --enable-admission-plugins/, reason: /does not start with both; take it out there/ },
    ],
  },
  {
    name: 'the old flag of plugins, beside which the new one is refused',
    manifest: apiServer([PROFILING, '--admission-control=NodeRestriction']),
    found: [{ line: 8, message: /^no --enable-admission-plugins/, reason: /--admission-control stands there/ }],
  },
  {
    name: 'a flag that the release in the tag still knows',
    manifest: apiServer([PLUGINS, PROFILING, '--insecure-port=0'], { image: ':v1.19.3' }),
    found: [
      { line: 30, message: /^--insecure-port=0/, reason: /Kubernetes 1\.19, which is asked for or written here, still knows it/ },
    ],
  },
  {
    name: 'a flag that a release that is asked for still knows',
    kubernetes: '1.21-1.30',
    manifest: apiServer([PLUGINS, PROFILING, '--kubelet-https=true', '--basic-auth-file=$(USERS)'], { image: ':v1.30.0' }),
    found: [
      { line: 31, message: /^--basic-auth-file: no current server/, reason: /filled in by another tool/ },
      { line: 30, message: /^--kubelet-https=true/, reason: /1\.21, .* still knows it/ },
    ],
  },
  {
    name: 'a log that is too short, and a level that is not there',
    manifest: pod('kube-apiserver', [PLUGINS, PROFILING, ...SAFE.map((flag) => flag.replace('maxage=30', 'maxage=7'))]),
    found: [{ line: 19, message: /^--audit-log-maxage=7: the guides ask for 30 days/, reason: /a matter of rules/ }],
  },
  {
    name: 'a controller manager that shares one account and serves the network',
    manifest: pod('kube-controller-manager', [
      ...['--feature-gates=A=true,RotateKubeletServerCertificate=false', '--use-service-account-credentials=f'],
      ...['--service-account-private-key-file=/k', '--root-ca-file=/ca', PROFILING],
    ]),
    found: [
      { line: 13, message: /^--use-service-account-credentials=f/, reason: /RBAC has/ },
      { line: 12, message: /^--feature-gates=/, reason: /should take it out/ },
      { line: 8, message: /^no --bind-address: metrics and health are served to the network/, reason: /Prometheus/ },
    ],
  },
  {
    name: 'etcd that trusts everybody',
    manifest: pod('etcd', ['-client-cert-auth=false', '--auto-tls', '--cert-file=/c', '--peer-cert-file=/c']),
    found: [
      { line: 12, message: /^--client-cert-auth=false: whoever reaches etcd reads and writes all/, reason: /certificates/ },
      { line: 13, message: /^--auto-tls=true/, reason: /certificates/ },
      { line: 8, message: /^no --peer-client-cert-auth/, reason: /certificates/ },
    ],
  },
]);

itLeaves(hardenControlPlane, [
  { name: 'an API server with all that is asked for', manifest: apiServer([PLUGINS, PROFILING]) },
  { name: 'one with switches as Go reads them', manifest: apiServer([PLUGINS, '--profiling=F', '--service-account-lookup=1']) },
  {
    name: 'a plugin that the release in the tag still knows',
    manifest: apiServer(['--enable-admission-plugins=NodeRestriction,PodSecurityPolicy', PROFILING], { image: ':v1.24.17' }),
  },
  {
    name: 'an audit log on standard output, of which no file is kept',
    manifest: apiServer([PLUGINS, PROFILING, '--audit-log-path=-', '--audit-log-maxage=0']),
  },
  {
    name: 'one that has files in place of flags',
    manifest: pod('kube-apiserver', [
      ...[PLUGINS, PROFILING, '--authorization-config=/z', '--authentication-config=/n', '--audit-webhook-config-file=/w'],
      ...SAFE.filter((flag) => !/anonymous|authorization|audit-log/.test(flag)),
    ]),
  },
  { name: 'a controller manager', manifest: pod('kube-controller-manager', MANAGER) },
  { name: 'a scheduler', manifest: pod('kube-scheduler', ['--bind-address=::1', PROFILING]) },
  {
    name: 'a scheduler with a file, which does not heed the flag',
    manifest: pod('kube-scheduler', ['--bind-address=127.0.0.1', '--config=/c']),
  },
  { name: 'etcd', manifest: pod('etcd', ETCD) },
  { name: 'etcd with a file', manifest: pod('etcd', ['--config-file=/etc/etcd.yaml']) },
  {
    name: 'etcd that is told in its environment',
    manifest: manifest`
      apiVersion: v1
      kind: Pod
      metadata: {name: etcd, namespace: kube-system}
      spec:
        containers:
          - name: etcd
            image: registry.k8s.io/etcd:3.6.5-0
            env:
              - {name: ETCD_CERT_FILE, value: /c}
    `,
  },
  { name: 'an API server of somebody else', manifest: pod('kube-apiserver', [], { head: '  namespace: karmada-system\n' }) },
  { name: 'etcd without a namespace, on a network of its own', manifest: pod('etcd', [], { head: '' }) },
  { name: 'another program', manifest: pod('coredns', ['--profiling']) },
  { name: 'a script', manifest: pod('/bin/sh', ['-c', 'exec kube-apiserver --insecure-port=8080']) },
  { name: 'flags that another tool fills in', manifest: pod('kube-apiserver', ['$EXTRA_FLAGS']) },
  {
    name: 'a value that another tool fills in',
    manifest: apiServer(['--enable-admission-plugins=$(PLUGINS)', '--profiling=$(PROFILING)']),
  },
  {
    name: 'a cluster of kubeadm with arguments of a form that its version does not have',
    manifest: manifest`
      apiVersion: kubeadm.k8s.io/v1beta3
      kind: ClusterConfiguration
      apiServer:
        extraArgs: [{name: profiling, value: "true"}]
      controllerManager: {extraArgs: {profiling: "false"}}
      scheduler: {extraArgs: {profiling: "false", bind-address: "127.0.0.1"}}
      etcd: {external: {endpoints: [https://etcd:2379]}}
    `,
  },
  {
    name: 'a cluster of kubeadm of a version that nobody knows yet',
    manifest: manifest`
      apiVersion: kubeadm.k8s.io/v1
      kind: ClusterConfiguration
    `,
  },
]);
