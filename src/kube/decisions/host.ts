import type { ContainerView } from '../types.js';
import { knowImage } from './image.js';

/** Why the container keeps its access to the host, where the catalogue says that its image works there. */
export function findHostWork(container: ContainerView): string | undefined {
  const known = knowImage(container);
  if (known === undefined) return undefined;
  const sometimes = known.facts.sometimes?.filter((name) => /^(?:host|privileged)/.test(name)) ?? [];
  if (known.facts.host.length === 0) {
    return sometimes.length === 0 ? undefined : `${known.cited} may work on the host (${sometimes.join(', ')})`;
  }
  return `${known.cited} works on the host by nature (${known.facts.host.join(', ')})`;
}
