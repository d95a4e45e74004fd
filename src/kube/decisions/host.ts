import type { ContainerView, TransformContext } from '../types.js';
import { type KnownImage, knowImage } from './image.js';
import type { NodeWork } from './node-work.js';
import type { Obstacle } from './obstacle.js';

/** Why the container keeps its access to the host, where the catalogue says that its image works there. */
export function findHostWork(container: ContainerView): string | undefined {
  const known = knowImage(container);
  if (known === undefined) return undefined;
  const sometimes = listSometimes(known);
  if (known.facts.host.length === 0) {
    return sometimes.length === 0 ? undefined : `${known.cited} may work on the host (${sometimes.join(', ')})`;
  }
  return `${known.cited} works on the host by nature (${known.facts.host.join(', ')})`;
}

/** What only some configurations of the image need of the host. */
function listSometimes({ facts }: KnownImage): readonly string[] {
  return facts.sometimes?.filter((name) => /^(?:host|privileged)/.test(name)) ?? [];
}

/** What takes away what a pod shares with its node, for those who want just that. */
export const BY_LEVEL = '--profile pss-baseline removes it all the same';

/**
 * Why a pod keeps what it shares with its node, unless the run is for a level, which asks for the opposite: nobody writes such a thing
 * without need, so it goes only where all of the pod's images are known to do nothing there.
 */
export function findHostNeed(
  { pod, containers, level }: Pick<TransformContext, 'pod' | 'containers' | 'level'>,
  work: NodeWork,
): Obstacle | undefined {
  if (level !== undefined) return undefined;
  for (const container of containers) {
    const need = work.findNeed(container);
    if (need !== undefined) return { ...need, unless: `${need.unless}; ${BY_LEVEL}` };
    const hostWork = findHostWork(container);
    if (hostWork !== undefined) return { unless: `${hostWork}; ${BY_LEVEL}`, obstacle: 'NEEDED' };
    const known = knowImage(container);
    // Controllers are on the network of the node to start before pods have one, or to be reached by the API server.
    if (known?.isTrusted && known.runsEntrypoint && known.facts.api === false) continue;
    return { unless: `what ${container.image ?? 'its image'} does on the node is not known; ${BY_LEVEL}` };
  }
  return pod.hidesContainers ? { unless: `not all of its containers can be read here; ${BY_LEVEL}` } : undefined;
}
