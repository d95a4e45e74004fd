import type { Path } from '../../../core/json.js';
import type { CheckPod } from '../types.js';
import { containersNamed, counted, distinct, quoted, settersNamed } from '../wording.js';

/**
 * Sharing the host's network, PID and IPC namespaces is forbidden.
 *
 * Source: `check_hostNamespaces.go`.
 */
export const checkHostNamespaces: CheckPod = ({ specPath, hostNetwork, hostPid, hostIpc }) => {
  const fields = { hostNetwork, hostPID: hostPid, hostIPC: hostIpc };
  const shared = Object.entries(fields).flatMap(([field, isShared]) => (isShared ? [field] : []));
  if (shared.length === 0) return undefined;
  return {
    reason: 'host namespaces',
    detail: shared.map((field) => `${field}=true`).join(', '),
    paths: shared.map((field) => [...specPath, field]),
  };
};

/**
 * Ports of the host are forbidden. With `hostNetwork` the server gives every port of a Pod one.
 *
 * Source: `check_hostPorts.go`.
 */
export const checkHostPorts: CheckPod = ({ containers }) => {
  const bad = containers.filter(({ hostPorts }) => hostPorts.length > 0);
  if (bad.length === 0) return undefined;
  const found = bad.flatMap(({ hostPorts }) => hostPorts);
  const names = bad.map(({ name }) => name);
  const ports = distinct(found.map(({ value }) => String(value)));
  const use = counted(names, 'uses', 'use');
  return {
    reason: 'hostPort',
    detail: `${containersNamed(names)} ${use} ${counted(ports, 'hostPort', 'hostPorts')} ${ports.join(', ')}`,
    paths: withoutRepeats(found.map(({ path }) => path)),
  };
};

/** Several ports may have `hostNetwork` for their cause. */
function withoutRepeats(paths: readonly Path[]): readonly Path[] {
  return [...new Map(paths.map((path) => [path.join('\n'), path])).values()];
}

/**
 * Probes and lifecycle handlers must not name a host.
 *
 * Source: `check_hostProbesAndhostLifecycle.go`.
 */
export const checkHostProbes: CheckPod = ({ containers }) => {
  const bad = containers.filter(({ hosts }) => hosts.length > 0);
  if (bad.length === 0) return undefined;
  const found = bad.flatMap(({ hosts }) => hosts);
  const names = distinct(bad.map(({ name }) => name));
  const hosts = distinct(found.map(({ value }) => value));
  const what = counted(hosts, 'probe or lifecycle host', 'probe or lifecycle hosts');
  return {
    reason: 'probe or lifecycle host',
    detail: `${containersNamed(names)} ${counted(names, 'uses', 'use')} ${what} ${quoted(hosts)}`,
    paths: found.map(({ path }) => path),
  };
};

/**
 * `windowsOptions.hostProcess: true` is forbidden.
 *
 * Source: `check_windowsHostProcess.go`.
 */
export const checkWindowsHostProcess: CheckPod = ({ securityContext, containers }) => {
  const bad = containers.filter((container) => container.securityContext.hostProcess);
  const contexts = [securityContext, ...bad.map((container) => container.securityContext)];
  const paths = contexts.filter(({ hostProcess }) => hostProcess).map(({ path }) => [...path, 'windowsOptions', 'hostProcess']);
  if (paths.length === 0) return undefined;
  const setters = settersNamed(
    securityContext.hostProcess,
    bad.map(({ name }) => name),
  );
  return { reason: 'hostProcess', detail: `${setters} must not set securityContext.windowsOptions.hostProcess=true`, paths };
};
