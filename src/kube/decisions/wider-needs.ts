import type { ContainerView } from '../types.js';
import { DEFAULT_CAPABILITIES, readCapabilities, spellCapability } from './capability-lists.js';
import { BYPASS } from './host-files.js';
import type { KnownImage } from './image.js';

/** What the image may be given beyond what is known to be enough for its start. */
export function findWider(container: ContainerView, { facts }: KnownImage): string | undefined {
  const { capabilities = [], gains, host, sometimes = [] } = facts;
  if (gains?.includes('set-uid')) return 'what its set-uid programs may do goes, too';
  if (host.includes('privileged') || sometimes.includes('privileged')) return 'it is meant to be privileged';
  // What it takes to read folders of the host is asked where some are mounted: see host-files.ts.
  const isOfFolders = (name: string) => host.includes('hostPath') && BYPASS.includes(name);
  const more = listCapabilities(sometimes).filter((name) => DEFAULT_CAPABILITIES.has(name) && !isOfFolders(name));
  if (more.length > 0) return `some of its configurations need ${more.join(', ')}`;
  // Beyond the default ones it has none to lose; but the rights of what works on nodes are often given elsewhere, from case to case.
  const added = new Set(readCapabilities(container, 'add').map(spellCapability));
  const lacking =
    host.length === 0
      ? []
      : [...capabilities, ...listCapabilities(sometimes)].filter((name) => !DEFAULT_CAPABILITIES.has(name) && !added.has(name));
  return lacking.length === 0 ? undefined : `on nodes it is also run with ${lacking.join(', ')}, which nothing here gives it`;
}

/** What only some configurations need of capabilities, without the host access that may stand beside them. */
export function listCapabilities(sometimes: readonly string[] = []): readonly string[] {
  return sometimes.filter((name) => /^[A-Z_]+$/.test(name));
}
