import type { ContainerView } from '../types.js';
import { knowImage } from './image.js';

/**
 * What takes a capability that runtimes do not give, by a word in the name of its image, as its documentation says. It is known of the
 * software, not of the image: that may only raise a risk.
 */
const FAMILIES: readonly (readonly [word: RegExp, capability: string])[] = [
  // They lock their heap, or their keys, in memory.
  [/cassandra|\bdse-server/, 'IPC_LOCK'], // docker-library/cassandra#189, datastax-archive/docker-images#5
  [/elasticsearch|opensearch/, 'IPC_LOCK'], // with bootstrap.memory_lock: docker-library/elasticsearch#70
  [/\bvault/, 'IPC_LOCK'], // docker-library/docs vault/content.md; openbao, its fork, gave it up: openbao/openbao#363
  // They make network devices, addresses, routes and filters.
  [/vpn|gluetun/, 'NET_ADMIN'], // kylemanna/docker-openvpn README.md, qdm12/gluetun docker-compose.yml
  [/keepalived/, 'NET_ADMIN'], // acassen/keepalived keepalived/keepalived-non-root.service.in
  [/strongswan/, 'NET_ADMIN'], // strongX509/docker strongswan/docker-compose.yml
  [/wireguard/, 'NET_ADMIN'], // linuxserver/docker-wireguard readme-vars.yml
  [/zerotier/, 'NET_ADMIN'], // zerotier/ZeroTierOne README.docker.md
  // It turns off what network cards do to the packets that it reads.
  [/suricata/, 'NET_ADMIN'], // jasonish/docker-suricata 6.0/examples/run.sh
];

/** What such a program is used, watched or built by. */
const OTHERS =
  /agent|backup|client|controller|curator|dashboard|exporter|head|hq|inject|kibana|manager|operator|plugin|proxy|sidecar|sync|tools|ui\b|webhook/;

/** The capability that programs of the image's name are documented to need, of an image that nobody has read. */
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
