import type { ContainerView } from '../types.js';
import { knowImage } from './image.js';

/** What takes a capability that runtimes do not give, by a word in the name of its image: general knowledge, which may only raise a risk. */
const FAMILIES: readonly (readonly [word: RegExp, capability: string])[] = [
  // They lock their heap, or their keys, in memory.
  [/cassandra|elasticsearch|opensearch|openbao|\bvault/, 'IPC_LOCK'],
  // They make network devices, routes and filters.
  [/gluetun|keepalived|openvpn|strongswan|wireguard|zerotier/, 'NET_ADMIN'],
  // They read every packet.
  [/suricata|\bzeek/, 'NET_ADMIN'],
];

/** What such a program is used, watched or built by. */
const OTHERS =
  /agent|backup|client|controller|curator|dashboard|exporter|head|hq|inject|kibana|manager|operator|plugin|proxy|sidecar|sync|tools|ui\b|webhook/;

/** The capability that programs of the image's name are known to need, of an image that nobody has read. */
export function findNeedOfName(container: ContainerView): string | undefined {
  const { image } = container;
  if (image === undefined || knowImage(container)?.isTrusted || container.get('command').state !== 'absent') return undefined;
  const [name = ''] = image
    .slice(image.lastIndexOf('/') + 1)
    .toLowerCase()
    .split(/[:@]/);
  if (OTHERS.test(name)) return undefined;
  return FAMILIES.find(([word]) => word.test(name))?.[1];
}
