import { type Forge, ForgeError } from '../../src/pr/forge/types.js';
import { formatState } from '../../src/pr/plan/state.js';
import type { PrRun, Remote } from '../../src/pr/run-types.js';
import type { Group, PrSettings, PullRequest, RemoteBranch } from '../../src/pr/types.js';

/** A forge and its repository in memory, with what a run may do to them. */
export interface Memory {
  readonly forge: Forge;
  readonly remote: Remote;
  readonly pulls: PullRequest[];
  readonly branches: Map<string, RemoteBranch>;
  readonly comments: Map<number, { author: string; body: string }[]>;
  /** Each side effect so far, in a few words. */
  readonly effects: string[];
  /** Called before each side effect; may throw. */
  before(effect: string): void;
  /** Called after each; may throw. */
  after(effect: string): void;
}

const SETTINGS: PrSettings = {
  groupBy: 'risk',
  branchPrefix: 'kubemend/',
  commitType: 'fix',
  draft: ['medium', 'high'],
  rebase: 'conflicts',
  labels: [],
  assignees: [],
  reviewers: [],
  codeownersReview: false,
  autoMerge: false,
  signOff: false,
};

export function group(name: string, fingerprint: string, more: Partial<Group> = {}): Group {
  const risk = name === 'high' ? 'high' : name === 'medium' ? 'medium' : 'low';
  return {
    name,
    title: `fix: ${name} ${fingerprint}`,
    risk,
    commits: [
      {
        transform: 'x',
        title: 'fix: x',
        message: 'fix: x\n',
        risk,
        changes: 1,
        files: new Map([['a.yaml', `${fingerprint}\n`]]),
      },
    ],
    findings: [],
    leaves: [],
    workloads: [],
    diff: '',
    shown: [],
    fingerprint: fingerprint.repeat(64).slice(0, 64),
    owners: [],
    ...more,
  };
}

export function createMemory(): Memory {
  const pulls: PullRequest[] = [];
  const branches = new Map<string, RemoteBranch>();
  const comments: Memory['comments'] = new Map();
  const effects: string[] = [];
  let commits = 0;
  const built = new Map<string, Group>();
  const act = async <Result>(effect: string, change: () => Result): Promise<Result> => {
    memory.before(effect);
    const result = change();
    effects.push(effect);
    memory.after(effect);
    return result;
  };
  const update = (number: number, change: Partial<PullRequest>) => {
    const at = pulls.findIndex((pull) => pull.number === number);
    pulls[at] = { ...(pulls[at] as PullRequest), ...change };
  };
  const forge: Forge = {
    kind: 'gitea',
    maxBody: 60_000,
    self: async () => 'bot',
    repository: async () => {
      throw new Error('not asked by a run');
    },
    list: async (prefix) => pulls.filter(({ head }) => head.startsWith(prefix)).toReversed(),
    open: (request) =>
      act('open', () => {
        const isTwin = ({ state, head, base }: PullRequest) => state === 'open' && head === request.head && base === request.base;
        if (pulls.some(isTwin)) throw new ForgeError('EXISTS', 'there is one');
        const number = pulls.length + 1;
        const { head, ...others } = request;
        const url = `https://forge/${number}`;
        const sha = branches.get(head)?.sha;
        if (sha === undefined) throw new ForgeError('NOT_FOUND', 'no such branch');
        pulls.push({
          ...others,
          head,
          number,
          url,
          state: 'open',
          headRepository: 'org/it',
          headSha: sha,
          labels: [],
          author: 'bot',
        });
        return pulls.at(-1) as PullRequest;
      }),
    edit: (number, change) => act('edit', () => update(number, change)),
    close: (number) => act('close', () => update(number, { state: 'closed' })),
    comments: async (number) => comments.get(number) ?? [],
    comment: (number, body) =>
      act('comment', () => void comments.set(number, [...(comments.get(number) ?? []), { author: 'bot', body }])),
    addLabels: (number, labels) => act('labels', () => update(number, { labels })),
    addAssignees: () => act('assignees', () => {}),
    requestReviewers: () => act('reviewers', () => ({ refused: [] })),
    setMilestone: () => act('milestone', () => {}),
    enableAutoMerge: () => act('auto-merge', () => {}),
    fork: async () => {
      throw new Error('not asked by a run');
    },
  };
  const remote: Remote = {
    repository: 'org/it',
    isFork: false,
    async build(own) {
      const sha = (++commits).toString(16).padStart(40, '0');
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
          const state = { foreignCommits: 0, conflicts: false, isOnBase: true, isMerged: false };
          branches.set(name, { name, sha, fingerprint, ...state });
          for (const { number, state: own, head } of pulls) if (own === 'open' && head === name) update(number, { headSha: sha });
          return 'pushed' as const;
        }),
      remove: (name, lease) =>
        act('remove', () => {
          if (branches.get(name)?.sha !== lease) return 'stale' as const;
          branches.delete(name);
          return 'pushed' as const;
        }),
    },
  };
  const memory: Memory = { forge, remote, pulls, branches, comments, effects, before: () => {}, after: () => {} };
  return memory;
}

export function runOn(
  memory: Memory,
  groups: readonly Group[],
  settings: Partial<PrSettings> = {},
  more: Partial<PrRun> = {},
): PrRun {
  return {
    forge: memory.forge,
    remote: memory.remote,
    settings: { ...SETTINGS, ...settings },
    groups,
    texts: new Map([['a.yaml', 'before\n']]),
    base: 'main',
    self: 'bot',
    describe: (own, state) => `${formatState(state)}\n\n${own.title}\n`,
    say: () => {},
    wait: async () => {},
    ...more,
  };
}
