import { isList, isObject, type Json } from '../../core/json.js';
import { isSet, type PlacedContainer, type Pod, placedIn, type Report } from './pod.js';

/** Sysctls of the kernel's IPC namespace, besides those below `fs.mqueue`. */
const IPC_SYSCTLS: ReadonlySet<string> = new Set([
  'kernel.msg',
  'kernel.msgmax',
  'kernel.msgmnb',
  'kernel.msgmni',
  'kernel.sem',
  'kernel.shm',
  'kernel.shm_rmid_forced',
  'kernel.shmall',
  'kernel.shmmax',
  'kernel.shmmni',
]);

const SYSCTL_NAME = /^(?:[a-z0-9](?:[-_a-z0-9]*[a-z0-9])?[./])*[a-z0-9](?:[-_a-z0-9]*[a-z0-9])?$/;

/** What the namespaces of the host do not go together with. */
export function checkHost(pod: Pod, report: Report): void {
  const { spec, specPath } = pod;
  if (spec.hostUsers === false) checkHostUsers(pod, report);
  if (spec.hostPID === true && spec.shareProcessNamespace === true) {
    report('shared-process-namespace', [...specPath, 'shareProcessNamespace'], 'pod: shareProcessNamespace beside hostPID');
  }
  checkPorts(pod, report);
  checkSysctls(pod, report);
}

function checkHostUsers({ spec, specPath, containers }: Pod, report: Report): void {
  for (const field of ['hostNetwork', 'hostPID', 'hostIPC'] as const) {
    if (spec[field] === true) report('host-users', [...specPath, field], `pod: hostUsers: false beside ${field}: true`);
  }
  for (const { value, path, subject } of containers) {
    const devices = value.volumeDevices;
    if (isList(devices) && devices.some(isSet)) {
      report('host-users', [...path, 'volumeDevices'], `${subject}: volumeDevices beside hostUsers: false`);
    }
  }
}

function checkPorts({ spec, containers }: Pod, report: Report): void {
  const taken = new Set<string>();
  for (const container of containers) {
    if (!isSet(container.value.ports)) continue;
    // Init containers run one by one.
    checkHostPorts(container, spec.hostNetwork === true, container.isInit ? new Set() : taken, report);
  }
}

function checkHostPorts(
  { value, path, subject, isInit }: PlacedContainer,
  hostNetwork: boolean,
  taken: Set<string>,
  report: Report,
): void {
  for (const { value: port, path: here } of placedIn(value.ports, [...path, 'ports'])) {
    const { containerPort, protocol, hostIP } = port;
    // A Pod on the host's network gets the same port on the host by default.
    const hostPort = isPort(port.hostPort) ? port.hostPort : hostNetwork && isPort(containerPort) ? containerPort : undefined;
    if (hostPort === undefined) continue;
    if (hostNetwork && !isInit && isPort(containerPort) && hostPort !== containerPort) {
      report(
        'host-port',
        here,
        `${subject}: hostPort ${hostPort} must be the containerPort ${containerPort} with hostNetwork: true`,
      );
    }
    const key = `${isSet(protocol) ? protocol : 'TCP'}/${isSet(hostIP) ? hostIP : ''}/${hostPort}`;
    if (taken.has(key)) report('host-port-conflict', here, `${subject}: port ${hostPort} of the host twice`);
    taken.add(key);
  }
}

function isPort(value: Json | undefined): value is number {
  return typeof value === 'number' && value !== 0;
}

function checkSysctls({ spec, specPath, securityContext }: Pod, report: Report): void {
  const names = new Set<string>();
  for (const { value, path } of placedIn(securityContext.sysctls, [...specPath, 'securityContext', 'sysctls'])) {
    const { name } = value;
    if (typeof name !== 'string') continue;
    if (name.length > 253 || !SYSCTL_NAME.test(name)) report('sysctl-name', path, `pod: ${JSON.stringify(name)} names no sysctl`);
    if (names.has(name)) report('sysctl-name', path, `pod: the sysctl ${name} twice`);
    names.add(name);
    const space = namespaceOf(name);
    if (space !== undefined && spec[space] === true) report('host-sysctl', path, `pod: the sysctl ${name} beside ${space}: true`);
  }
}

/** The field that takes away the namespace in which the sysctl lies. */
function namespaceOf(sysctl: string): 'hostNetwork' | 'hostIPC' | undefined {
  const name = dotted(sysctl);
  if (name.startsWith('net.')) return 'hostNetwork';
  return IPC_SYSCTLS.has(name) || name.startsWith('fs.mqueue.') ? 'hostIPC' : undefined;
}

/** `net/ipv4/conf/eth0.100/forwarding` with dots between the parts; the slash form is told by its first separator. */
function dotted(sysctl: string): string {
  const slash = sysctl.indexOf('/');
  const dot = sysctl.indexOf('.');
  if (slash < 0 || (dot >= 0 && dot < slash)) return sysctl;
  return sysctl.replace(/[./]/g, (separator) => (separator === '/' ? '.' : '/'));
}

/** `windowsOptions.hostProcess`: all containers or none, pod and container alike, and on the host's network. */
export function checkHostProcess(pod: Pod, report: Report): void {
  const ofPod = hostProcess(pod.securityContext.windowsOptions);
  let count = 0;
  for (const { securityContext, path, subject } of pod.containers) {
    const own = hostProcess(securityContext.windowsOptions);
    if (ofPod !== undefined && own !== undefined && ofPod !== own) {
      report('host-process', [...path, 'securityContext', 'windowsOptions'], `${subject}: hostProcess is not that of the pod`);
    }
    if (own ?? ofPod) count++;
  }
  if (count === 0) return;
  if (count < pod.containers.length)
    report('host-process', pod.specPath, 'pod: hostProcess must hold for all containers or none');
  if (pod.spec.hostNetwork !== true)
    report('host-process', [...pod.specPath, 'hostNetwork'], 'pod: hostProcess needs hostNetwork: true');
}

function hostProcess(windowsOptions: Json | undefined): boolean | undefined {
  const value = isObject(windowsOptions) ? windowsOptions.hostProcess : undefined;
  return typeof value === 'boolean' ? value : undefined;
}
