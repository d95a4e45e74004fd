import { isList, isObject } from '../../core/json.js';
import type { ContainerView, PodView } from '../types.js';

/** A port below 1024 that the container listens on, unless the pod lets everyone bind those. */
export function findLowPort(container: ContainerView, pod: PodView): number | undefined {
  const ports = container.get('ports').value;
  if (!isList(ports) || bindsFreely(pod)) return undefined;
  for (const port of ports) {
    if (isObject(port) && typeof port.containerPort === 'number' && port.containerPort > 0 && port.containerPort < 1024) {
      return port.containerPort;
    }
  }
  return undefined;
}

function bindsFreely(pod: PodView): boolean {
  const sysctls = pod.get('securityContext.sysctls').value;
  if (!isList(sysctls) || pod.get('hostNetwork').is(true)) return false;
  return sysctls.some((item) => isObject(item) && item.name === 'net.ipv4.ip_unprivileged_port_start' && item.value === '0');
}
