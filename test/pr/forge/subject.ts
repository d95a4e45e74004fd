import { AS_IT_IS, type Tuning } from '../../../src/http/tuning.js';
import type { CreateForge, Forge, ForgeAccess } from '../../../src/pr/forge/types.js';
import type { FaultyServer } from './faulty-server.js';
import type { Repo, State } from './state.js';

/** What is seen of a pull request without the adapter. */
export interface Seen {
  readonly labels: readonly string[];
  readonly assignees: readonly string[];
  readonly reviewers: readonly string[];
  readonly milestone?: string;
  readonly comments: number;
  readonly hasAutoMerge: boolean;
}

/** A forge to run the rows on. `bot` and `colleague` may push, `other` may not, and `nobody` has no token that counts. */
export interface Subject {
  readonly kind: Forge['kind'];
  readonly server: FaultyServer;
  /** What a page of a list holds at most. */
  readonly pageSize: number;
  forge(repository: string, as?: 'bot' | 'other' | 'nobody', maxWait?: number, tuning?: Partial<Tuning>): Forge;
  /** A new one, of `bot` or of a group. */
  repository(about?: { readonly isEmpty?: boolean; readonly isArchived?: boolean }): Promise<string>;
  /** A branch that is one commit before `main`. */
  branch(repository: string, name: string): Promise<void>;
  /** Opens a pull request of each branch, one after the other, which is made. */
  fill(repository: string, heads: readonly string[]): Promise<void>;
  talk(repository: string, number: number, comments: readonly string[]): Promise<void>;
  deleteBranch(repository: string, name: string): Promise<void>;
  merge(repository: string, number: number): Promise<void>;
  /** @returns the new name */
  rename(repository: string): Promise<string>;
  archive(repository: string): Promise<void>;
  milestone(repository: string, title: string): Promise<void>;
  /** So that auto-merge can be turned on for `branch`. */
  allowAutoMerge(repository: string, branch: string): Promise<void>;
  see(repository: string, number: number): Promise<Seen>;
  /** Names of all labels of the repository, with those that are there twice. */
  labels(repository: string): Promise<readonly string[]>;
}

export const TOKENS = { bot: 'the-token-of-bot', other: 'the-token-of-other', nobody: 'the-token-of-nobody' };

/** No waiting, and no patience. */
export function hurried(tuning: Partial<Tuning> = {}): Tuning {
  return { ...AS_IT_IS, second: 0, timeout: 5_000, ...tuning };
}

export function accessOf(baseUrl: string, repository: string, token: string, maxWait = 5_000): ForgeAccess {
  return { baseUrl, repository, token, maxWait, userAgent: 'kubemend/test' };
}

/** The rows' view of a fake server. */
export function subjectOf(kind: Forge['kind'], server: FaultyServer, state: State, owner: string, create: CreateForge): Subject {
  let made = 0;
  const find = (repository: string): Repo => {
    const repo = state.find(repository);
    if (!repo) throw new Error(`no repository ${repository}`);
    return repo;
  };
  const pull = (repository: string, number: number) => {
    const found = find(repository).pulls[number - 1];
    if (!found) throw new Error(`no pull request ${number}`);
    return found;
  };
  return {
    kind,
    server,
    pageSize: 100,
    forge: (repository, as = 'bot', maxWait, tuning) =>
      (create as (access: ForgeAccess, tuning: Tuning) => Forge)(
        accessOf(server.url, repository, TOKENS[as], maxWait),
        hurried(tuning),
      ),
    repository: async ({ isEmpty = false, isArchived = false } = {}) => {
      const name = `demo-${++made}`;
      state.add(owner, name, { isArchived, branches: new Map(isEmpty ? [] : [['main', state.commit()]]) });
      return `${owner}/${name}`;
    },
    branch: async (repository, name) => void find(repository).branches.set(name, state.commit()),
    fill: async (repository, heads) => {
      const from = find(repository);
      for (const head of heads) {
        from.branches.set(head, state.commit());
        state.open(from, { from, head, base: 'main', title: head, body: '', isDraft: false, author: 'bot' });
      }
    },
    talk: async (repository, number, comments) =>
      void pull(repository, number).comments.push(...comments.map((body) => ({ author: 'bot', body }))),
    deleteBranch: async (repository, name) => state.deleteBranch(find(repository), name),
    merge: async (repository, number) => void Object.assign(pull(repository, number), { isMerged: true, state: 'closed' }),
    rename: async (repository) => {
      const name = `renamed-${++made}`;
      state.rename(find(repository), name);
      return `${owner}/${name}`;
    },
    archive: async (repository) => void Object.assign(find(repository), { isArchived: true }),
    milestone: async (repository, title) => void find(repository).milestones.push(title),
    allowAutoMerge: async (repository) => void Object.assign(find(repository), { allowsAutoMerge: true, hasPipeline: true }),
    see: async (repository, number) => {
      const { labels, assignees, reviewers, milestone, comments, hasAutoMerge } = pull(repository, number);
      const title = milestone === undefined ? undefined : find(repository).milestones[milestone - 1];
      return { labels, assignees, reviewers, ...(title ? { milestone: title } : {}), comments: comments.length, hasAutoMerge };
    },
    labels: async (repository) => [...find(repository).labels],
  };
}
