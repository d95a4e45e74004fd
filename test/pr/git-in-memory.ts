import type { Remote } from '../../src/pr/run-types.js';
import type { Group, RemoteBranch } from '../../src/pr/types.js';
import type { Act, Behind } from './place.js';

const RIGHT = { foreignCommits: 0, conflicts: false, isOnBase: true, isMerged: false };

/** What git has to do with a forge: branches, which it is told of. */
export function createBranches(
  { repository, commit, pushed, removed }: Behind,
  act: Act,
): { readonly branches: Map<string, RemoteBranch>; readonly remote: Remote } {
  const branches = new Map<string, RemoteBranch>();
  const built = new Map<string, Group>();
  const remote: Remote = {
    repository,
    isFork: false,
    async build(own) {
      const sha = commit();
      built.set(sha, own);
      return sha;
    },
    branches: {
      read: async (prefix) => [...branches.values()].filter(({ name }) => name.startsWith(prefix)),
      holds: async (sha, wanted) => !built.has(sha) || built.get(sha)?.fingerprint === built.get(wanted)?.fingerprint,
      push: (name, sha, lease) =>
        act('push', () => {
          if (branches.get(name)?.sha !== lease) return 'stale' as const;
          const { fingerprint } = built.get(sha) as Group;
          branches.set(name, { name, sha, fingerprint, ...RIGHT });
          pushed(name, sha);
          return 'pushed' as const;
        }),
      remove: (name, lease) =>
        act('remove', () => {
          if (branches.get(name)?.sha !== lease) return 'stale' as const;
          branches.delete(name);
          removed(name);
          return 'pushed' as const;
        }),
    },
  };
  return { branches, remote };
}
