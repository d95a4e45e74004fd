import type { ContainerView } from '../types.js';
import { knowImage } from './image.js';

/** Why the container keeps its access to the host, where the catalogue says that its image works there. */
export function findHostWork(container: ContainerView): string | undefined {
  const known = knowImage(container);
  if (known === undefined || known.facts.host.length === 0) return undefined;
  return `${known.cited} works on the host by nature (${known.facts.host.join(', ')})`;
}
