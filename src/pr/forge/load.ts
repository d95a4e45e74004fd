import type { Tuning } from '../../http/tuning.js';
import type { Forge, ForgeAccess } from './types.js';

/** The adapter of a forge. Its client, which is large, is loaded now and not before. */
export async function createForge(kind: Forge['kind'], access: ForgeAccess, tuning?: Tuning): Promise<Forge> {
  switch (kind) {
    case 'github':
      return (await import('./github/adapter.js')).createGitHub(access, tuning);
    case 'gitlab':
      return (await import('./gitlab/adapter.js')).createGitLab(access, tuning);
    case 'gitea':
      return (await import('./gitea/adapter.js')).createGitea(access, tuning);
  }
}
