export interface Pull {
  readonly number: number;
  readonly from: Repo;
  readonly head: string;
  readonly base: string;
  sha: string;
  readonly author: string;
  title: string;
  body: string;
  state: 'open' | 'closed';
  isDraft: boolean;
  isMerged: boolean;
  hasAutoMerge: boolean;
  milestone?: number;
  readonly labels: string[];
  readonly assignees: string[];
  readonly reviewers: string[];
  readonly comments: { readonly author: string; readonly body: string }[];
}

/** A repository of the fake servers: branches are names and commits, and nothing else is there. */
export interface Repo {
  readonly id: number;
  readonly owner: string;
  name: string;
  readonly parent?: Repo;
  isArchived: boolean;
  allowsAutoMerge: boolean;
  /** GitLab: whether merge requests have a pipeline that is going on. */
  hasPipeline: boolean;
  readonly branches: Map<string, string>;
  readonly pulls: Pull[];
  readonly labels: Set<string>;
  readonly milestones: string[];
  /** Who may push, and review. */
  readonly members: Set<string>;
}

/** What a test sets up and looks at; the two fake servers share it. */
export class State {
  readonly repos: Repo[] = [];
  /** From the old names of repositories. */
  readonly moved = new Map<string, Repo>();
  readonly tokens = new Map([
    ['the-token-of-bot', 'bot'],
    ['the-token-of-other', 'other'],
  ]);
  private commits = 0;

  add(owner: string, name: string, about: Partial<Repo> = {}): Repo {
    const repo: Repo = {
      id: this.repos.length + 1,
      owner,
      name,
      isArchived: false,
      allowsAutoMerge: false,
      hasPipeline: false,
      branches: new Map(),
      pulls: [],
      labels: new Set(),
      milestones: [],
      members: new Set([owner, 'bot', 'colleague']),
      ...about,
    };
    this.repos.push(repo);
    return repo;
  }

  find(fullName: string): Repo | undefined {
    return this.repos.find(({ owner, name }) => `${owner}/${name}`.toLowerCase() === fullName.toLowerCase());
  }

  commit(): string {
    return (++this.commits).toString(16).padStart(40, '0');
  }

  rename(repo: Repo, name: string): void {
    this.moved.set(`${repo.owner}/${repo.name}`, repo);
    repo.name = name;
  }

  push(repo: Repo, branch: string, sha: string): void {
    repo.branches.set(branch, sha);
    for (const pull of openOf(repo, branch)) pull.sha = sha;
  }

  deleteBranch(repo: Repo, branch: string): void {
    repo.branches.delete(branch);
    for (const pull of openOf(repo, branch)) pull.state = 'closed';
  }

  open(repo: Repo, about: Pick<Pull, 'from' | 'head' | 'base' | 'title' | 'body' | 'isDraft' | 'author'>): Pull {
    const sha = about.from.branches.get(about.head) ?? '';
    const empty = { labels: [], assignees: [], reviewers: [], comments: [] };
    const pull: Pull = {
      ...about,
      ...empty,
      number: repo.pulls.length + 1,
      sha,
      state: 'open',
      isMerged: false,
      hasAutoMerge: false,
    };
    repo.pulls.push(pull);
    return pull;
  }
}

function openOf(repo: Repo, branch: string): readonly Pull[] {
  const all = [repo, ...(repo.parent ? [repo.parent] : [])].flatMap(({ pulls }) => pulls);
  return all.filter((pull) => pull.from === repo && pull.head === branch && pull.state === 'open');
}
