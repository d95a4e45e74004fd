import type { Forge } from '../../src/pr/forge/types.js';
import { formatState } from '../../src/pr/plan/state.js';
import type { PrRun, Remote } from '../../src/pr/run-types.js';
import type { Group, PrSettings, PullRequest, RemoteBranch } from '../../src/pr/types.js';
import { createBranches } from './git-in-memory.js';

/** A forge, and what happens to it that no run asks for. Git tells it of branches. */
export interface Behind {
  readonly forge: Forge;
  /** `owner/name`. */
  readonly repository: string;
  /** The name of a commit that there was not before. */
  commit(): string;
  pushed(branch: string, sha: string): void;
  removed(branch: string): void;
  close(number: number): void;
  merge(number: number): void;
  rewrite(number: number, body: string): void;
  /** Opens one more of the same branch; `by` a stranger, of the branch of that name in a fork. */
  openAgain(number: number, by?: string): void;
}

/** A forge and its repository, with what a run may do to them, and what people do. */
export interface Place extends Pick<Behind, 'close' | 'merge' | 'rewrite' | 'openAgain'> {
  readonly forge: Forge;
  readonly remote: Remote;
  readonly branches: Map<string, RemoteBranch>;
  /** Each side effect so far, in a few words. */
  readonly effects: string[];
  /** Called before each side effect; may throw. */
  before(effect: string): void | Promise<void>;
  /** Called after each; may throw. */
  after(effect: string): void;
  /** All there are, the oldest first. */
  pulls(): Promise<readonly PullRequest[]>;
  /** Somebody pushes a commit: of their own, or what else is said of it. @returns its name */
  push(branch: string, about?: Partial<RemoteBranch>): string;
  /** The base has moved, and something else is true of the branch. */
  seeAs(branch: string, about: Partial<RemoteBranch>): void;
}

/** Does something that is a side effect. */
export type Act = <Result>(effect: string, change: () => Result | Promise<Result>) => Promise<Result>;

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

/** A place with nothing in it yet. */
export function createPlace(behind: Behind): Place {
  const act: Act = async (effect, change) => {
    await place.before(effect);
    const result = await change();
    place.effects.push(effect);
    place.after(effect);
    return result;
  };
  const { branches, remote } = createBranches(behind, act);
  const seeAs = (name: string, about: Partial<RemoteBranch>) => {
    const branch = branches.get(name);
    if (!branch) throw new Error(`there is no ${name}`);
    branches.set(name, { ...branch, ...about });
  };
  const place: Place = {
    forge: watch(behind.forge, act),
    remote,
    branches,
    effects: [],
    before: () => {},
    after: () => {},
    pulls: async () => (await behind.forge.list('')).toReversed(),
    close: behind.close,
    rewrite: behind.rewrite,
    openAgain: behind.openAgain,
    merge: behind.merge,
    push(name, about = { foreignCommits: 1 }) {
      const sha = behind.commit();
      seeAs(name, { sha, ...about });
      behind.pushed(name, sha);
      return sha;
    },
    seeAs,
  };
  return place;
}

function watch(forge: Forge, act: Act): Forge {
  return {
    kind: forge.kind,
    maxBody: forge.maxBody,
    self: () => forge.self(),
    repository: () => forge.repository(),
    list: (prefix) => forge.list(prefix),
    open: (request) => act('open', () => forge.open(request)),
    edit: (number, change) => act('edit', () => forge.edit(number, change)),
    close: (number) => act('close', () => forge.close(number)),
    comments: (number) => forge.comments(number),
    comment: (number, text) => act('comment', () => forge.comment(number, text)),
    addLabels: (number, labels) => act('labels', () => forge.addLabels(number, labels)),
    addAssignees: (number, users) => act('assignees', () => forge.addAssignees(number, users)),
    requestReviewers: (number, reviewers) => act('reviewers', () => forge.requestReviewers(number, reviewers)),
    setMilestone: (number, title) => act('milestone', () => forge.setMilestone(number, title)),
    enableAutoMerge: (number) => act('auto-merge', () => forge.enableAutoMerge(number)),
    fork: () => forge.fork(),
  };
}

export function runOn(
  { forge, remote }: Pick<Place, 'forge' | 'remote'>,
  groups: readonly Group[],
  settings: Partial<PrSettings> = {},
  more: Partial<PrRun> = {},
): PrRun {
  return {
    forge,
    remote,
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
