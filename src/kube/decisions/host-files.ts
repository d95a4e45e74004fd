import { isObject, valueAt } from '../../core/json.js';
import type { ContainerView, PodView } from '../types.js';
import { readCapabilities, spellCapability } from './capability-lists.js';
import { listOf } from './deviations.js';
import type { KnownImage } from './image.js';

/** Without one of these root is, for files that are not its own, a user like any other. */
export const BYPASS: readonly string[] = ['DAC_OVERRIDE', 'DAC_READ_SEARCH'];

/** Whether it keeps what opens all files, or is given it back; what it drops of its own accord it does without. */
export function bypasses(container: ContainerView, image: KnownImage | undefined): boolean {
  const added = readCapabilities(container, 'add').map(spellCapability);
  if (BYPASS.some((name) => added.includes(name) || image?.facts.capabilities?.includes(name))) return true;
  return readCapabilities(container, 'drop').map(spellCapability).includes('DAC_OVERRIDE');
}

/** What is open to all on every node, or belongs to root or the kernel. */
const OPEN =
  /^\/(?:etc\/(?:ca-certificates|hostname|hosts|localtime|machine-id|os-release|pki\/(?:ca-trust|tls)|resolv\.conf|ssl\/certs|timezone)|lib\/modules|proc|sys|usr\/(?:lib|share|src))(?:\/|$)/;

/** The names of the volumes that are folders of the host which not everyone may read. */
export function listHostFolders(pod: PodView): ReadonlySet<string> {
  const names = listOf(pod.get('volumes').value).map((volume) => {
    const path = valueAt(volume, ['hostPath', 'path']);
    return isObject(volume) && typeof path === 'string' && !OPEN.test(path) ? volume.name : undefined;
  });
  return new Set(names.filter((name) => typeof name === 'string'));
}

/**
 * A folder of the host that a root process sees whole only as long as it has CAP_DAC_OVERRIDE: logs, data and sockets there belong to
 * many users.
 * @param folders the volumes of the pod that are such folders
 * @param image what is known of it, where that holds here: of one that works on folders of the host by nature its needs are known with them
 */
export function findHostFiles(
  container: ContainerView,
  folders: ReadonlySet<string>,
  image: KnownImage | undefined,
): string | undefined {
  if (folders.size === 0) return undefined;
  if (bypasses(container, image)) return undefined;
  const { host = [], sometimes = [] } = image?.facts ?? {};
  if (image?.isTrusted && host.includes('hostPath') && !BYPASS.some((name) => sometimes.includes(name))) return undefined;
  const mounted = listOf(container.get('volumeMounts').value).map((mount) => valueAt(mount, ['name']));
  const name = mounted.find((each) => typeof each === 'string' && folders.has(each));
  if (name === undefined) return undefined;
  return `volume "${name}" is of the host, and without DAC_OVERRIDE root reads there only what is its own or open to all`;
}
