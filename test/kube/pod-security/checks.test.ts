import { itJudges, withContext } from './row.js';

const windows = { os: { name: 'windows' } };
const inUserNamespace = { hostUsers: false };

itJudges('hostNamespaces', [
  { name: 'none', spec: withContext({}) },
  { name: 'false', spec: { hostNetwork: false, hostPID: false, hostIPC: null } },
  {
    name: 'all',
    spec: { hostNetwork: true, hostPID: true, hostIPC: true },
    bad: ['hostNetwork', 'hostPID', 'hostIPC'],
    detail: 'hostNetwork=true, hostPID=true, hostIPC=true',
  },
]);

itJudges('privileged', [
  { name: 'false', spec: withContext({ privileged: false }) },
  {
    name: 'each sort of container',
    spec: {
      containers: [{ name: 'a', securityContext: { privileged: true } }],
      initContainers: [{ name: 'b', securityContext: { privileged: true } }],
      ephemeralContainers: [{ name: 'c', securityContext: { privileged: true } }],
    },
    bad: [
      'initContainers[0].securityContext.privileged',
      'containers[0].securityContext.privileged',
      'ephemeralContainers[0].securityContext.privileged',
    ],
    detail: 'containers "b", "a", "c" must not set securityContext.privileged=true',
  },
  { name: 'privileged at the pod, where there is no such field', spec: { securityContext: { privileged: true } } },
]);

itJudges('capabilities_baseline', [
  { name: 'default ones', spec: withContext({ capabilities: { add: ['CHOWN', 'SETPCAP', 'NET_BIND_SERVICE'] } }) },
  { name: 'nothing dropped', spec: withContext({ capabilities: { drop: null } }) },
  {
    name: 'others, and other spellings',
    spec: withContext({ capabilities: { add: ['NET_RAW', 'CHOWN', 'CAP_CHOWN', 'chown', 'ALL'] } }),
    bad: [0, 2, 3, 4].map((at) => `containers[0].securityContext.capabilities.add[${at}]`),
    detail: 'container "web" must not include "ALL", "CAP_CHOWN", "NET_RAW", "chown" in securityContext.capabilities.add',
  },
  {
    name: 'an item without a value',
    spec: withContext({ capabilities: { add: [null] } }),
    bad: ['containers[0].securityContext.capabilities.add[0]'],
  },
]);

itJudges('capabilities_restricted', [
  { name: 'ALL dropped', spec: withContext({ capabilities: { drop: ['CHOWN', 'ALL'], add: ['NET_BIND_SERVICE'] } }) },
  { name: 'silence', spec: withContext({}), bad: ['containers[0]'] },
  { name: 'all in small letters', spec: withContext({ capabilities: { drop: ['all'] } }), bad: ['containers[0]'] },
  {
    name: 'both faults',
    spec: withContext({ capabilities: { drop: ['CHOWN'], add: ['CHOWN'] } }),
    bad: ['containers[0]', 'containers[0].securityContext.capabilities.add[0]'],
    detail:
      'container "web" must set securityContext.capabilities.drop=["ALL"]; ' +
      'container "web" must not include "CHOWN" in securityContext.capabilities.add',
  },
  { name: 'Windows', spec: withContext({}, windows), on: '1.25' },
  { name: 'Windows before it was exempt', spec: withContext({}, windows), on: '1.24', bad: ['containers[0]'] },
  { name: 'another case of windows', spec: withContext({}, { os: { name: 'Windows' } }), bad: ['containers[0]'] },
]);

itJudges('hostPathVolumes', [
  {
    name: 'other volumes',
    spec: {
      volumes: [
        { name: 'a', emptyDir: {} },
        { name: 'b', hostPath: null },
      ],
    },
  },
  {
    name: 'a hostPath',
    spec: { volumes: [{ name: 'a' }, { name: 'b', hostPath: { path: '/' } }] },
    bad: ['volumes[1].hostPath'],
    detail: 'volume "b"',
  },
]);

itJudges('restrictedVolumes', [
  { name: 'an image', spec: { volumes: [{ name: 'a', image: { reference: 'a:1' } }] }, on: '1.25' },
  { name: 'nothing said, which is an emptyDir', spec: { volumes: [{ name: 'a' }, { name: 'b', unheardOf: {} }, null] } },
  { name: 'one that is allowed beside one that is not', spec: { volumes: [{ name: 'a', nfs: {}, emptyDir: {} }] } },
  {
    name: 'others',
    spec: {
      volumes: [
        { name: 'a', nfs: {} },
        { name: 'b', hostPath: {} },
      ],
    },
    bad: ['volumes[0].nfs', 'volumes[1].hostPath'],
    detail: 'volumes "a", "b" use restricted volume types "hostPath", "nfs"',
  },
]);

itJudges('hostPorts', [
  { name: 'port 0', spec: { containers: [{ name: 'a', ports: [{ containerPort: 80, hostPort: 0 }] }] } },
  {
    name: 'ports',
    spec: { initContainers: [{ name: 'a', ports: [{ hostPort: 8080 }, { containerPort: 1 }, { hostPort: 443 }] }] },
    bad: ['initContainers[0].ports[0].hostPort', 'initContainers[0].ports[2].hostPort'],
    detail: 'container "a" uses hostPorts 443, 8080',
  },
  {
    name: 'the ports that hostNetwork makes',
    spec: { hostNetwork: true, containers: [{ name: 'a', ports: [{ containerPort: 80 }, { containerPort: 81 }] }] },
    bad: ['hostNetwork'],
  },
  {
    name: 'ports of ephemeral containers with hostNetwork',
    spec: { hostNetwork: true, ephemeralContainers: [{ name: 'a', ports: [{ containerPort: 80 }] }] },
  },
]);

const probe = { livenessProbe: { httpGet: { host: '127.0.0.1' } }, lifecycle: { preStop: { tcpSocket: { host: 'a' } } } };

itJudges('hostProbesAndHostLifecycle', [
  { name: 'an empty host', spec: { containers: [{ name: 'a', readinessProbe: { tcpSocket: { host: '' } } }] }, on: '1.34' },
  {
    name: 'hosts',
    spec: { containers: [{ name: 'a', ...probe }] },
    on: '1.34',
    bad: ['containers[0].livenessProbe.httpGet.host', 'containers[0].lifecycle.preStop.tcpSocket.host'],
    detail: 'container "a" uses probe or lifecycle hosts "127.0.0.1", "a"',
  },
]);

itJudges('appArmorProfile', [
  { name: 'Localhost', spec: withContext({ appArmorProfile: { type: 'Localhost', localhostProfile: 'a' } }) },
  {
    name: 'a good annotation',
    spec: withContext({}),
    annotations: { 'container.apparmor.security.beta.kubernetes.io/a': 'localhost/a' },
  },
  {
    name: 'an empty annotation',
    spec: withContext({}),
    annotations: { 'container.apparmor.security.beta.kubernetes.io/a': null },
  },
  {
    name: 'a profile without a type',
    spec: withContext({ appArmorProfile: {} }),
    bad: ['containers[0].securityContext.appArmorProfile.type'],
  },
  {
    name: 'Unconfined',
    spec: withContext(
      { appArmorProfile: { type: 'Unconfined' } },
      { securityContext: { appArmorProfile: { type: 'Unconfined' } } },
    ),
    annotations: { 'container.apparmor.security.beta.kubernetes.io/nowhere': 'unconfined' },
    bad: [
      'securityContext.appArmorProfile.type',
      'containers[0].securityContext.appArmorProfile.type',
      'metadata.annotations["container.apparmor.security.beta.kubernetes.io/nowhere"]',
    ],
    detail:
      'pod and container "web" and annotation must not set AppArmor profile type to ' +
      '"Unconfined", "container.apparmor.security.beta.kubernetes.io/nowhere="unconfined""',
  },
]);

itJudges('seLinuxOptions', [
  { name: 'a level', spec: withContext({ seLinuxOptions: { level: 's0', type: '', user: null } }) },
  { name: 'a type of containers', spec: withContext({ seLinuxOptions: { type: 'container_kvm_t' } }), on: '1.25' },
  { name: 'container_engine_t', spec: withContext({ seLinuxOptions: { type: 'container_engine_t' } }), on: '1.31' },
  {
    name: 'container_engine_t',
    spec: withContext({ seLinuxOptions: { type: 'container_engine_t' } }),
    on: '1.30',
    bad: ['containers[0].securityContext.seLinuxOptions.type'],
  },
  {
    name: 'type, user and role',
    spec: withContext({ seLinuxOptions: { type: 'spc_t', role: 'a' } }, { securityContext: { seLinuxOptions: { user: 'a' } } }),
    bad: [
      'securityContext.seLinuxOptions.user',
      'containers[0].securityContext.seLinuxOptions.type',
      'containers[0].securityContext.seLinuxOptions.role',
    ],
    detail:
      'pod and container "web" set forbidden securityContext.seLinuxOptions: type "spc_t"; user may not be set; role may not be set',
  },
]);

const unmasked = { procMount: 'Unmasked' };

itJudges('procMount', [
  { name: 'Default', spec: withContext({ procMount: 'Default' }) },
  { name: 'Unmasked', spec: withContext(unmasked), bad: ['containers[0].securityContext.procMount'] },
  { name: 'an empty value', spec: withContext({ procMount: '' }), bad: ['containers[0].securityContext.procMount'] },
  { name: 'a user namespace', spec: withContext(unmasked, inUserNamespace), on: '1.35' },
  {
    name: 'a user namespace',
    spec: withContext(unmasked, inUserNamespace),
    on: '1.34',
    bad: ['containers[0].securityContext.procMount'],
  },
  { name: 'hostUsers: true', spec: withContext(unmasked, { hostUsers: true }), bad: ['containers[0].securityContext.procMount'] },
  {
    name: 'a user namespace',
    spec: withContext(unmasked, inUserNamespace),
    level: 'restricted',
    on: '1.34',
    bad: ['containers[0].securityContext.procMount'],
  },
]);

itJudges('procMount_restricted', [
  { name: 'Default', spec: withContext({ procMount: 'Default' }) },
  { name: 'a user namespace', spec: withContext(unmasked, inUserNamespace), bad: ['containers[0].securityContext.procMount'] },
]);

itJudges('seccompProfile_baseline', [
  { name: 'none', spec: withContext({}) },
  { name: 'an annotation', spec: withContext({}), annotations: { 'seccomp.security.alpha.kubernetes.io/pod': 'unconfined' } },
  {
    name: 'an annotation, before there were fields',
    spec: withContext({}),
    on: '1.18',
    annotations: {
      'seccomp.security.alpha.kubernetes.io/pod': 'docker/default',
      'container.seccomp.security.alpha.kubernetes.io/web': 'unconfined',
      'container.seccomp.security.alpha.kubernetes.io/nowhere': 'unconfined',
    },
    bad: ['metadata.annotations["container.seccomp.security.alpha.kubernetes.io/web"]'],
  },
  {
    name: 'Unconfined',
    spec: withContext({ seccompProfile: { type: 'Unconfined' } }),
    bad: ['containers[0].securityContext.seccompProfile.type'],
    detail: 'container "web" must not set securityContext.seccompProfile.type to "Unconfined"',
  },
]);

itJudges('seccompProfile_restricted', [
  { name: "the pod's", spec: withContext({}, { securityContext: { seccompProfile: { type: 'RuntimeDefault' } } }) },
  { name: "the container's", spec: withContext({ seccompProfile: { type: 'Localhost', localhostProfile: 'a' } }) },
  { name: 'none', spec: withContext({}), bad: ['containers[0]'] },
  {
    name: 'Unconfined at the pod, though every container overrides it',
    spec: withContext(
      { seccompProfile: { type: 'RuntimeDefault' } },
      { securityContext: { seccompProfile: { type: 'Unconfined' } } },
    ),
    bad: ['securityContext.seccompProfile.type'],
  },
  {
    name: 'a profile without a type',
    spec: withContext({ seccompProfile: {} }),
    bad: ['containers[0].securityContext.seccompProfile.type'],
  },
  { name: 'Windows', spec: withContext({}, windows), on: '1.25' },
  { name: 'Windows before it was exempt', spec: withContext({}, windows), on: '1.24', bad: ['containers[0]'] },
]);

const sysctls = (...names: string[]) =>
  withContext({}, { securityContext: { sysctls: names.map((name) => ({ name, value: '1' })) } });

itJudges('sysctls', [
  { name: 'safe ones', spec: sysctls('kernel.shm_rmid_forced', 'net.ipv4.ip_unprivileged_port_start'), on: '1.25' },
  { name: 'ip_local_reserved_ports', spec: sysctls('net.ipv4.ip_local_reserved_ports'), on: '1.27' },
  {
    name: 'ip_local_reserved_ports',
    spec: sysctls('net.ipv4.ip_local_reserved_ports'),
    on: '1.26',
    bad: ['securityContext.sysctls[0]'],
  },
  { name: 'tcp_fin_timeout', spec: sysctls('net.ipv4.tcp_fin_timeout'), on: '1.29' },
  { name: 'tcp_fin_timeout', spec: sysctls('net.ipv4.tcp_fin_timeout'), on: '1.28-1.33', bad: ['securityContext.sysctls[0]'] },
  { name: 'tcp_rmem', spec: sysctls('net.ipv4.tcp_rmem'), on: '1.32' },
  { name: 'tcp_rmem', spec: sysctls('net.ipv4.tcp_rmem'), on: '1.31', bad: ['securityContext.sysctls[0]'] },
  { name: 'tcp_notsent_lowat', spec: sysctls('net.ipv4.tcp_notsent_lowat'), on: '1.37' },
  { name: 'tcp_notsent_lowat', spec: sysctls('net.ipv4.tcp_notsent_lowat'), on: '1.36', bad: ['securityContext.sysctls[0]'] },
  {
    name: 'slashes, and no name',
    spec: sysctls('net.ipv4.tcp_syncookies', 'net/ipv4/tcp_syncookies', ''),
    bad: ['securityContext.sysctls[1]', 'securityContext.sysctls[2]'],
    detail: 'net/ipv4/tcp_syncookies, ',
  },
]);

itJudges('windowsHostProcess', [
  { name: 'false', spec: withContext({ windowsOptions: { hostProcess: false } }, { securityContext: { windowsOptions: {} } }) },
  {
    name: 'pod and container',
    spec: withContext({ windowsOptions: { hostProcess: true } }, { securityContext: { windowsOptions: { hostProcess: true } } }),
    bad: ['securityContext.windowsOptions.hostProcess', 'containers[0].securityContext.windowsOptions.hostProcess'],
    detail: 'pod and container "web" must not set securityContext.windowsOptions.hostProcess=true',
  },
]);

itJudges('allowPrivilegeEscalation', [
  { name: 'false', spec: withContext({ allowPrivilegeEscalation: false }) },
  { name: 'silence', spec: withContext({}), bad: ['containers[0]'] },
  {
    name: 'true',
    spec: withContext({ allowPrivilegeEscalation: true }),
    bad: ['containers[0].securityContext.allowPrivilegeEscalation'],
    detail: 'container "web" must set securityContext.allowPrivilegeEscalation=false',
  },
  { name: 'Windows', spec: withContext({}, windows), on: '1.25' },
  { name: 'Windows before it was exempt', spec: withContext({}, windows), on: '1.24', bad: ['containers[0]'] },
]);

const pod = (securityContext: { readonly [key: string]: boolean | number }, more = {}) => ({ securityContext, ...more });

itJudges('runAsNonRoot', [
  { name: "the pod's", spec: withContext({}, pod({ runAsNonRoot: true })) },
  { name: 'every container', spec: withContext({ runAsNonRoot: true }) },
  { name: 'a pod without containers', spec: { containers: [] } },
  {
    name: 'silence',
    spec: withContext({}),
    bad: ['containers[0]'],
    detail: 'pod or container "web" must set securityContext.runAsNonRoot=true',
  },
  {
    name: 'false at the pod, though every container overrides it',
    spec: withContext({ runAsNonRoot: true }, pod({ runAsNonRoot: false })),
    bad: ['securityContext.runAsNonRoot'],
    detail: 'pod must not set securityContext.runAsNonRoot=false',
  },
  {
    name: "a container's false",
    spec: withContext({ runAsNonRoot: false }, pod({ runAsNonRoot: true })),
    bad: ['containers[0].securityContext.runAsNonRoot'],
  },
  { name: 'a user namespace', spec: withContext({ runAsNonRoot: false }, inUserNamespace), on: '1.35' },
  {
    name: 'a user namespace',
    spec: withContext({ runAsNonRoot: false }, inUserNamespace),
    on: '1.34',
    bad: ['containers[0].securityContext.runAsNonRoot'],
  },
  { name: 'Windows', spec: withContext({}, windows), bad: ['containers[0]'] },
]);

itJudges('runAsUser', [
  { name: 'another user', spec: withContext({ runAsUser: 1 }, pod({ runAsUser: 1000 })) },
  { name: 'silence', spec: withContext({}) },
  {
    name: 'root',
    spec: withContext({ runAsUser: 0 }, pod({ runAsUser: 0 })),
    bad: ['securityContext.runAsUser', 'containers[0].securityContext.runAsUser'],
    detail: 'pod and container "web" must not set runAsUser=0',
  },
  { name: 'a user namespace', spec: withContext({ runAsUser: 0 }, inUserNamespace), on: '1.35' },
  {
    name: 'a user namespace',
    spec: withContext({ runAsUser: 0 }, inUserNamespace),
    on: '1.33-1.36',
    bad: ['containers[0].securityContext.runAsUser'],
  },
]);
