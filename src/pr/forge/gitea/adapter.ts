import { AS_IT_IS, type Tuning } from '../../../http/tuning.js';
import type { PullRequest } from '../../types.js';
import { makeOnce } from '../once.js';
import type { Operation } from '../operations.js';
import { Refuser } from '../refuse.js';
import { remember } from '../remember.js';
import { requestEach } from '../review.js';
import type { Forge, ForgeAccess, ForgeRepository, NewPullRequest } from '../types.js';
import { untilReady } from '../until-ready.js';
import { allPages, answerIn, createClient, type GiteaClient } from './client.js';
import { labelIds } from './labels.js';
import { GITEA } from './manners.js';
import { draftTitle, headOf, plainTitle, pullRequestOf, repositoryOf } from './shapes.js';

type MergeStyle = 'merge' | 'rebase' | 'rebase-merge' | 'squash' | 'fast-forward-only';

/** Gitea and Forgejo. */
export function createGitea(access: ForgeAccess, tuning: Tuning = AS_IT_IS): Forge {
  return new Gitea(access, tuning);
}

class Gitea implements Forge {
  readonly kind = 'gitea';
  readonly maxBody = 65_536;
  private readonly client: GiteaClient;
  private readonly refuser: Refuser;
  /** Owner and name, as they stand in paths: the client does not encode them. */
  private readonly at: readonly [string, string];
  readonly self: () => Promise<string>;

  constructor(
    private readonly access: ForgeAccess,
    private readonly tuning: Tuning,
  ) {
    const secrets = new Set([access.token].filter(Boolean));
    this.client = createClient(access, secrets, tuning);
    this.refuser = new Refuser(GITEA, access, secrets, tuning.now, answerIn);
    const [owner = '', repo = ''] = access.repository.split('/').map(encodeURIComponent);
    this.at = [owner, repo];
    this.self = remember(() => this.ask('self', async () => (await this.client.user.userGetCurrent()).data.login ?? ''));
  }

  repository(): Promise<ForgeRepository> {
    return this.ask('repository', async () => repositoryOf((await this.client.repos.repoGet(...this.at)).data));
  }

  list(prefix: string): Promise<readonly PullRequest[]> {
    return this.ask('list', async () => {
      // A filter by head is ignored. Where one is opened meanwhile, the next page begins with what was on the one before.
      const all = await allPages((page) => this.client.repos.repoListPullRequests(...this.at, { state: 'all', ...page }));
      const ours = all.filter((pull) => headOf(pull).startsWith(prefix)).map(pullRequestOf);
      return [...new Map(ours.map((pull) => [pull.number, pull])).values()].sort((a, b) => b.number - a.number);
    });
  }

  open(request: NewPullRequest): Promise<PullRequest> {
    const { title, body, base, isDraft } = request;
    const from = request.headRepository ?? this.access.repository;
    const isFork = from.toLowerCase() !== this.access.repository.toLowerCase();
    const head = isFork ? `${from}:${request.head}` : request.head;
    const made = { title: draftTitle(title, isDraft), body, base, head };
    return makeOnce(
      () => this.ask('open', async () => pullRequestOf((await this.client.repos.repoCreatePullRequest(...this.at, made)).data)),
      () => this.openOf(from, request),
      this.tuning,
    );
  }

  private async openOf(from: string, { head, base }: NewPullRequest): Promise<PullRequest | undefined> {
    const all = await this.list(head);
    const isIt = (pull: PullRequest) => pull.state === 'open' && pull.head === head && pull.base === base;
    return all.find((pull) => isIt(pull) && pull.headRepository?.toLowerCase() === from.toLowerCase());
  }

  edit(number: number, { title, body, isDraft }: Parameters<Forge['edit']>[1]): Promise<void> {
    return this.ask('edit', async () => {
      const change: { title?: string; body?: string } = body === undefined ? {} : { body };
      if (title !== undefined || isDraft !== undefined) {
        const now = pullRequestOf(await this.pull(number));
        change.title = draftTitle(title ?? plainTitle(now.title), isDraft ?? now.isDraft);
      }
      await this.client.repos.repoEditPullRequest(...this.at, number, change);
    });
  }

  close(number: number): Promise<void> {
    return this.ask('close', async () => {
      await this.client.repos.repoEditPullRequest(...this.at, number, { state: 'closed' });
    });
  }

  comments(number: number): Promise<readonly { readonly author: string; readonly body: string }[]> {
    return this.ask('read-comments', async () => {
      const { data } = await this.client.repos.issueGetComments(...this.at, number);
      return data.map(({ user, body }) => ({ author: user?.login ?? 'Ghost', body: body ?? '' }));
    });
  }

  async comment(number: number, text: string): Promise<void> {
    await makeOnce(
      () =>
        this.ask('comment', async () => void (await this.client.repos.issueCreateComment(...this.at, number, { body: text }))),
      async () => (await this.comments(number)).some(({ body }) => body === text) || undefined,
      this.tuning,
    );
  }

  addLabels(number: number, names: readonly string[]): Promise<void> {
    return this.ask('labels', async () => {
      if (names.length === 0) return;
      const labels = await labelIds(this.refuser, this.client, this.at, names, this.tuning);
      await this.again('labels', () => this.client.repos.issueAddLabel(...this.at, number, { labels }));
    });
  }

  addAssignees(number: number, users: readonly string[]): Promise<void> {
    return this.ask('assignees', async () => {
      if (users.length === 0) return;
      const now = ((await this.pull(number)).assignees ?? []).flatMap(({ login }) => login ?? []);
      await this.client.repos.issueEditIssue(...this.at, number, { assignees: [...new Set([...now, ...users])] });
    });
  }

  async requestReviewers(number: number, reviewers: readonly string[]): Promise<{ readonly refused: readonly string[] }> {
    if (reviewers.length === 0) return { refused: [] };
    // What is not found below is a reviewer, then.
    await this.ask('reviewers', () => this.pull(number));
    const team = (name: string) => (name.split('/')[0] === this.at[0] ? name.split('/')[1] : undefined);
    const refused = await requestEach(reviewers, team, (asked) =>
      this.again('reviewers', () => this.client.repos.repoCreatePullReviewRequests(...this.at, number, asked)),
    );
    return { refused };
  }

  setMilestone(number: number, title: string): Promise<void> {
    return this.ask('milestone', async () => {
      const open = await allPages((page) => this.client.repos.issueGetMilestonesList(...this.at, { state: 'open', ...page }));
      const milestone = open.find((each) => each.title === title)?.id;
      if (!milestone)
        throw this.refuser.say('NOT_FOUND', 'milestone', `there is no open milestone "${title}"`, 'make it, or ask for another');
      await this.client.repos.issueEditIssue(...this.at, number, { milestone });
    });
  }

  enableAutoMerge(number: number): Promise<void> {
    return this.ask('auto-merge', async () => {
      const sha = (await this.pull(number)).head?.sha ?? '';
      const { state, total_count: checks = 0 } = (await this.client.repos.repoGetCombinedStatusByRef(...this.at, sha)).data;
      if (checks === 0 || state !== 'pending') {
        const said = checks === 0 ? 'it has no checks' : `its checks are over (${state})`;
        throw this.refuser.say('INVALID', 'auto-merge', `${said}, and Gitea would merge it at once`, 'merge it yourself');
      }
      const style = (await this.client.repos.repoGet(...this.at)).data.default_merge_style as MergeStyle | undefined;
      const merge = { Do: style ?? 'merge', merge_when_checks_succeed: true, head_commit_id: sha };
      await this.client.repos.repoMergePullRequest(...this.at, number, merge).catch((error: unknown) => {
        // It is scheduled already.
        if (answerIn(error)?.status !== 409) throw error;
      });
    });
  }

  fork(): Promise<ForgeRepository> {
    return this.ask('fork', async () => {
      const self = await this.self();
      const fork = (await this.ownFork(self)) ?? (await this.makeFork(self));
      const at = fork.split('/').map(encodeURIComponent) as [string, string];
      const read = async () => repositoryOf((await this.client.repos.repoGet(...at)).data);
      return untilReady(read, this.access.maxWait, this.tuning, (said) =>
        this.refuser.say('UNAVAILABLE', 'fork', said, 'run the same again later'),
      );
    });
  }

  private makeFork(self: string): Promise<string> {
    return makeOnce(
      () => this.ask('fork', async () => (await this.client.repos.createFork(...this.at, {})).data.full_name ?? ''),
      () => this.ownFork(self),
      this.tuning,
    );
  }

  private async ownFork(self: string): Promise<string | undefined> {
    const forks = await allPages((page) => this.client.repos.listForks(...this.at, page));
    return forks.find(({ owner }) => owner?.login === self)?.full_name;
  }

  async gitCredentials(): Promise<{ readonly username: string; readonly password: string }> {
    return { username: 'oauth2', password: this.access.token };
  }

  private async pull(number: number) {
    return (await this.client.repos.repoGetPullRequest(...this.at, number)).data;
  }

  /** What adds to a set can be asked for twice. */
  private again<T>(operation: Operation, run: () => Promise<T>): Promise<T> {
    return makeOnce<T, never>(
      () => this.ask(operation, run),
      async () => undefined,
      this.tuning,
    );
  }

  private ask<T>(operation: Operation, run: () => Promise<T>): Promise<T> {
    return this.refuser.ask(operation, run);
  }
}
