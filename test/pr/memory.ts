import { type Forge, ForgeError } from '../../src/pr/forge/types.js';
import type { PullRequest } from '../../src/pr/types.js';
import { type Behind, createPlace, type Place } from './place.js';

export function createMemory(): Place {
  return createPlace(createForgeInMemory('org/it'));
}

/** The least that any forge does. */
function createForgeInMemory(repository: string): Behind {
  const pulls: PullRequest[] = [];
  const branches = new Map<string, string>();
  const comments = new Map<number, { author: string; body: string }[]>();
  let commits = 0;
  const find = (number: number) => {
    const found = pulls.find((pull) => pull.number === number);
    if (!found) throw new ForgeError('NOT_FOUND', `there is no #${number}`);
    return found;
  };
  const update = (number: number, change: Partial<PullRequest>) => {
    pulls[pulls.indexOf(find(number))] = { ...find(number), ...change };
  };
  const updateOpen = (branch: string, change: Partial<PullRequest>) => {
    for (const { number, state, head, headRepository } of pulls)
      if (state === 'open' && head === branch && headRepository === repository) update(number, change);
  };
  const add = (pull: Omit<PullRequest, 'number' | 'url' | 'state'>): PullRequest => {
    const number = pulls.length + 1;
    const added = { ...pull, number, url: `https://forge/${number}`, state: 'open' } as const;
    pulls.push(added);
    return added;
  };
  const notAsked = async () => {
    throw new Error('not asked by a run');
  };
  const forge: Forge = {
    kind: 'gitea',
    maxBody: 60_000,
    self: async () => 'bot',
    repository: notAsked,
    list: async (prefix) => pulls.filter(({ head }) => head.startsWith(prefix)).toReversed(),
    async open(request) {
      const isTwin = ({ state, head, base }: PullRequest) => state === 'open' && head === request.head && base === request.base;
      if (pulls.some(isTwin)) throw new ForgeError('EXISTS', 'there is one');
      const headSha = branches.get(request.head);
      if (headSha === undefined) throw new ForgeError('NOT_FOUND', 'no such branch');
      return add({ ...request, headRepository: repository, headSha, labels: [], author: 'bot' });
    },
    edit: async (number, change) => update(number, change),
    close: async (number) => update(number, { state: 'closed' }),
    comments: async (number) => comments.get(number) ?? [],
    async comment(number, body) {
      comments.set(number, [...(comments.get(number) ?? []), { author: 'bot', body }]);
    },
    addLabels: async (number, labels) => update(number, { labels }),
    addAssignees: async () => {},
    requestReviewers: async () => ({ refused: [] }),
    setMilestone: async () => {},
    enableAutoMerge: async () => {},
    fork: notAsked,
  };
  return {
    forge,
    repository,
    commit: () => (++commits).toString(16).padStart(40, '0'),
    pushed(branch, sha) {
      branches.set(branch, sha);
      updateOpen(branch, { headSha: sha });
    },
    removed(branch) {
      branches.delete(branch);
      updateOpen(branch, { state: 'closed' });
    },
    close: (number) => update(number, { state: 'closed' }),
    merge: (number) => update(number, { state: 'merged' }),
    rewrite: (number, body) => update(number, { body }),
    openAgain: (number, by) => void add({ ...find(number), ...(by && { author: by, headRepository: `${by}/it` }) }),
  };
}
