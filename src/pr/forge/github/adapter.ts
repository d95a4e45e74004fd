import { AS_IT_IS, type Tuning } from '../../../http/tuning.js';
import type { PullRequest } from '../../types.js';
import { makeOnce } from '../once.js';
import type { Operation } from '../operations.js';
import { Refuser } from '../refuse.js';
import { remember } from '../remember.js';
import { requestEach } from '../review.js';
import type { Forge, ForgeAccess, ForgeRepository, NewPullRequest } from '../types.js';
import { untilReady } from '../until-ready.js';
import { createClient, type GitHubClient } from './client.js';
import { setAutoMerge, setDraft, viewer } from './graphql.js';
import { answerIn, GITHUB } from './manners.js';
import { pullRequestOf, repositoryOf } from './shapes.js';

/** A page of a list has at most this. */
const PAGE = { per_page: 100 };
/** What would be made twice is not asked twice by the client itself. */
const ONCE = { request: { retries: 0 } };

/** GitHub, and GitHub Enterprise, whose `baseUrl` ends in `/api/v3`. */
export function createGitHub(access: ForgeAccess, tuning: Tuning = AS_IT_IS): Forge {
  return new GitHub(access, tuning);
}

class GitHub implements Forge {
  readonly kind = 'github';
  readonly maxBody = 65_536;
  private readonly client: GitHubClient;
  private readonly refuser: Refuser;
  private readonly at: { readonly owner: string; readonly repo: string };
  private readonly isApp: boolean;
  readonly self: () => Promise<string>;

  constructor(
    private readonly access: ForgeAccess,
    private readonly tuning: Tuning,
  ) {
    const secrets = new Set([access.token, access.app?.privateKey ?? ''].filter(Boolean));
    this.client = createClient(access, secrets, tuning);
    this.refuser = new Refuser(GITHUB, access, secrets, tuning.now, answerIn);
    const [owner = '', repo = ''] = access.repository.split('/');
    this.at = { owner, repo };
    this.isApp = access.app !== undefined || access.token.startsWith('ghs_');
    this.self = remember(() => this.ask('self', () => this.whoAmI()));
  }

  private async whoAmI(): Promise<string> {
    return this.isApp ? viewer(this.client) : (await this.client.rest.users.getAuthenticated()).data.login;
  }

  repository(): Promise<ForgeRepository> {
    return this.ask('repository', () => this.read(this.at));
  }

  private async read(at: { owner: string; repo: string }): Promise<ForgeRepository> {
    const { data } = await this.client.rest.repos.get(at);
    // The size is rounded down, so that nothing may be something.
    const branches = data.size === 0 ? await this.client.rest.repos.listBranches({ ...at, per_page: 1 }) : undefined;
    return repositoryOf(data, branches?.data.length === 0, this.isApp);
  }

  list(prefix: string): Promise<readonly PullRequest[]> {
    const newest = { state: 'all', sort: 'created', direction: 'desc' } as const;
    return this.ask('list', async () => {
      const ours = new Map<number, PullRequest>();
      // Where one is opened meanwhile, the next page begins with what was on this one.
      for await (const { data } of this.client.paginate.iterator(this.client.rest.pulls.list, {
        ...this.at,
        ...newest,
        ...PAGE,
      })) {
        for (const pull of data) if (pull.head.ref.startsWith(prefix)) ours.set(pull.number, pullRequestOf(pull));
      }
      return [...ours.values()].sort((a, b) => b.number - a.number);
    });
  }

  open(request: NewPullRequest): Promise<PullRequest> {
    const { title, body, base, isDraft: draft } = request;
    const from = request.headRepository ?? this.access.repository;
    const isFork = from.toLowerCase() !== this.access.repository.toLowerCase();
    const head = isFork ? `${from.split('/')[0]}:${request.head}` : request.head;
    // Of a fork that the owner has beside the repository, the owner alone does not tell.
    const repository = isFork && from.split('/')[0] === this.at.owner ? { head_repo: from.split('/')[1] ?? '' } : {};
    const make = () => this.client.rest.pulls.create({ ...this.at, ...repository, title, body, base, head, draft, ...ONCE });
    return makeOnce(
      () => this.ask('open', async () => pullRequestOf((await make()).data)),
      () => this.openOf(from, request),
      this.tuning,
    );
  }

  private openOf(from: string, { head, base }: NewPullRequest): Promise<PullRequest | undefined> {
    const asked = { ...this.at, state: 'open', head: `${from.split('/')[0]}:${head}`, base } as const;
    return this.ask('list', async () => {
      const { data } = await this.client.rest.pulls.list(asked);
      const same = data.find((pull) => pull.head.repo?.full_name.toLowerCase() === from.toLowerCase());
      return same && pullRequestOf(same);
    });
  }

  edit(number: number, { title, body, isDraft }: Parameters<Forge['edit']>[1]): Promise<void> {
    const texts = { ...(title === undefined ? {} : { title }), ...(body === undefined ? {} : { body }) };
    return this.ask('edit', async () => {
      if (Object.keys(texts).length > 0) await this.client.rest.pulls.update({ ...this.at, pull_number: number, ...texts });
      if (isDraft === undefined) return;
      const { data } = await this.pull(number);
      if (data.draft !== isDraft) await setDraft(this.client, data.node_id, isDraft);
    });
  }

  close(number: number): Promise<void> {
    return this.ask('close', async () => {
      await this.client.rest.pulls.update({ ...this.at, pull_number: number, state: 'closed' });
    });
  }

  comments(number: number): Promise<readonly { readonly author: string; readonly body: string }[]> {
    return this.ask('read-comments', async () => {
      const all = await this.client.paginate(this.client.rest.issues.listComments, { ...this.at, issue_number: number, ...PAGE });
      return all.map(({ user, body }) => ({ author: user?.login ?? 'ghost', body: body ?? '' }));
    });
  }

  async comment(number: number, text: string): Promise<void> {
    const made = { ...this.at, issue_number: number, body: text, ...ONCE };
    await makeOnce(
      () => this.ask('comment', async () => void (await this.client.rest.issues.createComment(made))),
      () => this.hasComment(number, text),
      this.tuning,
    );
  }

  private async hasComment(number: number, text: string): Promise<true | undefined> {
    return (await this.comments(number)).some(({ body }) => body === text) || undefined;
  }

  addLabels(number: number, labels: readonly string[]): Promise<void> {
    // GitHub makes those that the repository lacks.
    return this.ask('labels', async () => {
      if (labels.length > 0) await this.client.rest.issues.addLabels({ ...this.at, issue_number: number, labels: [...labels] });
    });
  }

  addAssignees(number: number, users: readonly string[]): Promise<void> {
    return this.ask('assignees', async () => {
      if (users.length > 0)
        await this.client.rest.issues.addAssignees({ ...this.at, issue_number: number, assignees: [...users] });
    });
  }

  async requestReviewers(number: number, reviewers: readonly string[]): Promise<{ readonly refused: readonly string[] }> {
    if (reviewers.length === 0) return { refused: [] };
    // What is not found below is a reviewer, then.
    await this.ask('reviewers', () => this.pull(number));
    const refused = await requestEach(
      reviewers,
      (name) => this.team(name),
      (asked) =>
        this.ask('reviewers', () => this.client.rest.pulls.requestReviewers({ ...this.at, pull_number: number, ...asked })),
    );
    return { refused };
  }

  private team(name: string): string | undefined {
    const [organization, team] = name.split('/');
    return organization?.toLowerCase() === this.at.owner.toLowerCase() ? team : undefined;
  }

  setMilestone(number: number, title: string): Promise<void> {
    return this.ask('milestone', async () => {
      const open = await this.client.paginate(this.client.rest.issues.listMilestones, { ...this.at, state: 'open', ...PAGE });
      const milestone = open.find((each) => each.title === title);
      if (!milestone)
        throw this.refuser.say('NOT_FOUND', 'milestone', `there is no open milestone "${title}"`, 'make it, or ask for another');
      await this.client.rest.issues.update({ ...this.at, issue_number: number, milestone: milestone.number });
    });
  }

  enableAutoMerge(number: number): Promise<void> {
    return this.ask('auto-merge', async () => {
      const { data } = await this.pull(number);
      if (data.auto_merge) return;
      const { allow_merge_commit: merge, allow_rebase_merge: rebase } = (await this.client.rest.repos.get(this.at)).data;
      // One commit for each transform is to stay one.
      await setAutoMerge(this.client, data.node_id, merge === false ? (rebase === false ? 'SQUASH' : 'REBASE') : 'MERGE');
    });
  }

  fork(): Promise<ForgeRepository> {
    return this.ask('fork', async () => {
      const { data } = await this.client.rest.repos.createFork(this.at);
      const at = { owner: data.owner.login, repo: data.name };
      return untilReady(
        () => this.read(at),
        this.access.maxWait,
        this.tuning,
        (said) => this.refuser.say('UNAVAILABLE', 'fork', said, 'run the same again later'),
      );
    });
  }

  gitCredentials(): Promise<{ readonly username: string; readonly password: string }> {
    const username = 'x-access-token';
    return this.ask('credentials', async () => {
      if (!this.access.app) return { username, password: this.access.token };
      const { token } = (await this.client.auth({ type: 'installation' })) as { readonly token: string };
      return { username, password: token };
    });
  }

  private pull(number: number) {
    return this.client.rest.pulls.get({ ...this.at, pull_number: number });
  }

  private ask<T>(operation: Operation, run: () => Promise<T>): Promise<T> {
    return this.refuser.ask(operation, run);
  }
}
