import type { Change } from '../../core/change.js';
import { isList, isObject } from '../../core/json.js';
import { readLowPort } from '../facts/siblings.js';
import type { ContainerView, PodView } from '../types.js';
import { knowImage } from './image.js';
import { findPortOfTwins } from './siblings.js';

/** A port below 1024 that the container listens on, unless the pod lets everyone bind those. */
export function findLowPort(container: ContainerView, pod: PodView): number | undefined {
  if (bindsFreely(pod)) return undefined;
  const { state, value: ports } = container.get('ports');
  if (state === 'absent') return findServedPort(container, pod) ?? findPortOfTwins(container);
  return isList(ports) ? readLowPort(ports) : undefined;
}

/** That of a Service, where no other container can be meant. */
function findServedPort({ sort }: ContainerView, pod: PodView): number | undefined {
  const containers = pod.get('containers').value;
  return sort === 'container' && isList(containers) && containers.length === 1 ? pod.servedPort : undefined;
}

function isLow(port: unknown): port is number {
  return typeof port === 'number' && port > 0 && port < 1024;
}

/** Lets every user of the pod bind ports below 1024: safe at every level, and known to every kernel that Kubernetes runs on. */
const FREE_PORTS = { name: 'net.ipv4.ip_unprivileged_port_start', value: '0' };

function bindsFreely(pod: PodView): boolean {
  const sysctls = pod.get(SYSCTLS).value;
  if (!isList(sysctls) || pod.get('hostNetwork').is(true)) return false;
  return sysctls.some((item) => isObject(item) && item.name === FREE_PORTS.name && item.value === FREE_PORTS.value);
}

const SYSCTLS = 'securityContext.sysctls';

/** What makes a low port usable for containers that root runs no more. */
export interface OpenedPort {
  readonly changes: readonly Change[];
  /** In words that follow what else there is to say. */
  readonly evidence: readonly string[];
}

const NOTHING: OpenedPort = { changes: [], evidence: [] };

/**
 * The sysctl without which a process that is not root cannot listen below 1024, where one of the containers does. A capability would not
 * help: containers have no ambient ones. Of the host's network it must not be set, and not every kind takes one.
 */
export function openLowPort(containers: readonly ContainerView[], pod: PodView): OpenedPort {
  if (pod.os !== 'linux' || bindsFreely(pod)) return NOTHING;
  for (const container of containers) {
    const port = findLowPort(container, pod) ?? findPortOfImage(container);
    if (port === undefined) continue;
    const need = `port ${port} needs ${FREE_PORTS.name}: "0"`;
    const network = pod.get('hostNetwork');
    if (pod.containerLevelOnly !== undefined || (network.state !== 'absent' && !network.is(false))) {
      return { changes: [], evidence: [`${need}, which cannot be set here`] };
    }
    const { state, value } = pod.get(SYSCTLS);
    const isOther = isList(value) && value.some((item) => isObject(item) && item.name === FREE_PORTS.name);
    if (state === 'opaque' || isOther) return { changes: [], evidence: [`${need}, and the sysctls of the pod say otherwise`] };
    return { changes: [pod.append(SYSCTLS, FREE_PORTS)], evidence: [need] };
  }
  return NOTHING;
}

/** A port that the image listens on, where the manifest names none. */
function findPortOfImage(container: ContainerView): number | undefined {
  if (container.get('ports').state !== 'absent') return undefined;
  const known = knowImage(container);
  return known?.runsEntrypoint ? known.facts.ports.find(isLow) : undefined;
}
