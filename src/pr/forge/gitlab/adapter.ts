import { AS_IT_IS, type Tuning } from '../../../http/tuning.js';
import type { PullRequest } from '../../types.js';
import { makeOnce } from '../once.js';
import type { Operation } from '../operations.js';
import { Refuser } from '../refuse.js';
import { remember } from '../remember.js';
import { type Forge, type ForgeAccess, ForgeError, type ForgeRepository, type NewPullRequest } from '../types.js';
import { untilReady } from '../until-ready.js';
import { mergeLater } from './auto-merge.js';
import { createClient, type GitLabClient } from './client.js';
import { Heads } from './heads.js';
import { answerIn, GITLAB } from './manners.js';
import { askReviewers, assigneesWith } from './people.js';
import { type Project, repositoryOf, showProject } from './projects.js';
import { draftTitle, type MergeRequest, plainTitle, pullRequestOf } from './shapes.js';

const PAGE = { perPage: 100 };
/** GitLab, at gitlab.com or one's own. */
export function createGitLab(access: ForgeAccess, tuning: Tuning = AS_IT_IS): Forge {
  return new GitLab(access, tuning);
}

class GitLab implements Forge {
  readonly kind = 'gitlab';
  readonly maxBody = 1_048_576;
  private readonly client: GitLabClient;
  private readonly refuser: Refuser;
  readonly self: () => Promise<string>;
  /** By its number a renamed project can be written to as well. */
  private readonly project: () => Promise<Project>;
  private readonly heads: Heads;

  constructor(
    private readonly access: ForgeAccess,
    private readonly tuning: Tuning,
  ) {
    const secrets = new Set([access.token].filter(Boolean));
    this.client = createClient(access, secrets, tuning);
    this.refuser = new Refuser(GITLAB, access, secrets, tuning.now, answerIn);
    const show = (id: string | number) => this.ask('repository', () => showProject(this.client, id));
    this.project = remember(() => show(access.repository));
    this.heads = new Heads(async (id) => (await show(id)).path_with_namespace);
    this.self = remember(() => this.ask('self', async () => (await this.client.users.showCurrentUser()).username));
  }

  repository(): Promise<ForgeRepository> {
    return this.ask('repository', async () => repositoryOf(this.client, await this.project()));
  }

  private async id(): Promise<number> {
    return (await this.project()).id;
  }

  list(prefix: string): Promise<readonly PullRequest[]> {
    return this.ask('list', async () => {
      const all = await this.client.mergeRequests.all({
        projectId: await this.id(),
        state: 'all' as 'opened', // Documented; the types of the client lack it.
        scope: 'all',
        orderBy: 'created_at',
        sort: 'desc',
        ...PAGE,
      });
      // Where one is opened meanwhile, the next page begins with what was on the one before.
      const ours = new Map(all.filter((each) => each.source_branch.startsWith(prefix)).map((each) => [each.iid, each]));
      const read = await Promise.all([...ours.values()].map((each) => this.read(each as unknown as MergeRequest)));
      return read.sort((a, b) => b.number - a.number);
    });
  }

  private async read(request: MergeRequest & { readonly source_project_id?: number | null }): Promise<PullRequest> {
    const { source_project_id: source } = request;
    const { id, path_with_namespace: path } = await this.project();
    return pullRequestOf(request, source === id ? path : source ? await this.heads.pathOf(source) : undefined);
  }

  async open(request: NewPullRequest): Promise<PullRequest> {
    const { title, body: description, base, head, isDraft, headRepository } = request;
    const target = await this.project();
    const isFork = headRepository !== undefined && headRepository.toLowerCase() !== target.path_with_namespace.toLowerCase();
    const source = isFork ? await this.ask('open', () => showProject(this.client, headRepository)) : target;
    const options = { targetProjectId: target.id, description };
    await this.ask('open', () => this.compare(source, target, request));
    const make = async () => this.client.mergeRequests.create(source.id, head, base, draftTitle(title, isDraft), options);
    return makeOnce(
      () => this.askHere('open', target, async () => this.read((await make()) as unknown as MergeRequest)),
      () => this.openOf(source, target, request),
      this.tuning,
    );
  }

  /** GitLab opens merge requests that merge nothing, and of branches that there are not. */
  private async compare(source: Project, target: Project, { base, head }: NewPullRequest): Promise<void> {
    const { commits } = await this.client.repositories.compare(source.id, base, head, { fromProjectId: target.id } as object);
    if (commits?.length === 0) {
      throw this.refuser.say('NO_DIFFERENCE', 'open', `there are no commits between ${base} and ${head}`, '');
    }
  }

  private openOf(source: Project, target: Project, { base, head }: NewPullRequest): Promise<PullRequest | undefined> {
    return this.ask('list', async () => {
      const asked = { projectId: target.id, state: 'opened', sourceBranch: head, targetBranch: base } as const;
      const same = (await this.client.mergeRequests.all(asked)).find((each) => each.source_project_id === source.id);
      return same && this.read(same as unknown as MergeRequest);
    });
  }

  edit(number: number, { title, body, isDraft }: Parameters<Forge['edit']>[1]): Promise<void> {
    return this.change('edit', number, async (id) => {
      const change: { title?: string; description?: string } = body === undefined ? {} : { description: body };
      if (title !== undefined || isDraft !== undefined) {
        const now = (await this.client.mergeRequests.show(id, number)) as unknown as MergeRequest;
        change.title = draftTitle(title ?? plainTitle(now.title), isDraft ?? now.draft ?? false);
      }
      return change;
    });
  }

  close(number: number): Promise<void> {
    return this.change('close', number, () => ({ stateEvent: 'close' }));
  }

  comments(number: number): Promise<readonly { readonly author: string; readonly body: string }[]> {
    return this.ask('read-comments', async () => {
      const notes = await this.client.notes.all(await this.id(), number, { sort: 'asc', ...PAGE });
      // GitLab's own: who changed what.
      return notes.filter(({ system }) => !system).map(({ author, body }) => ({ author: author.username, body }));
    });
  }

  async comment(number: number, text: string): Promise<void> {
    const project = await this.project();
    await makeOnce(
      () => this.askHere('comment', project, async () => void (await this.client.notes.create(project.id, number, text))),
      async () => (await this.comments(number)).some(({ body }) => body === text) || undefined,
      this.tuning,
    );
  }

  async addLabels(number: number, labels: readonly string[]): Promise<void> {
    // GitLab makes those that the project lacks.
    if (labels.length > 0) await this.change('labels', number, () => ({ addLabels: labels.join(',') }));
  }

  async addAssignees(number: number, users: readonly string[]): Promise<void> {
    if (users.length === 0) return;
    await this.change('assignees', number, async (id) => ({ assigneeIds: await assigneesWith(this.client, id, number, users) }));
  }

  async requestReviewers(number: number, reviewers: readonly string[]): Promise<{ readonly refused: readonly string[] }> {
    if (reviewers.length === 0) return { refused: [] };
    const project = await this.project();
    return { refused: await this.askHere('reviewers', project, () => askReviewers(this.client, project.id, number, reviewers)) };
  }

  async setMilestone(number: number, title: string): Promise<void> {
    await this.change('milestone', number, async (id) => {
      const found = await this.client.milestones.all(id, { title, state: 'active', includeAncestors: true } as object);
      const milestone = found.find((each) => each.title === title);
      if (!milestone)
        throw this.refuser.say(
          'NOT_FOUND',
          'milestone',
          `there is no active milestone "${title}"`,
          'make it, or ask for another',
        );
      return { milestoneId: milestone.id };
    });
  }

  enableAutoMerge(number: number): Promise<void> {
    return this.ask('auto-merge', async () => mergeLater(this.client, this.refuser, await this.id(), number));
  }

  fork(): Promise<ForgeRepository> {
    return this.ask('fork', async () => {
      const id = await this.id();
      const fork = (await this.ownFork(id)) ?? (await this.makeFork(id));
      const read = async () => repositoryOf(this.client, await showProject(this.client, fork.id));
      return untilReady(read, this.access.maxWait, this.tuning, (said) =>
        this.refuser.say('UNAVAILABLE', 'fork', said, 'run the same again later'),
      );
    });
  }

  private makeFork(id: number): Promise<{ readonly id: number }> {
    return makeOnce(
      () => this.ask('fork', () => this.client.projects.fork(id)),
      () => this.ask('fork', () => this.ownFork(id)),
      this.tuning,
    );
  }

  private async ownFork(id: number): Promise<{ readonly id: number } | undefined> {
    const forks = await this.client.projects.allForks(id, { owned: true, ...PAGE });
    return forks[0];
  }

  async gitCredentials(): Promise<{ readonly username: string; readonly password: string }> {
    return { username: 'oauth2', password: this.access.token };
  }

  /** Edits a merge request: all but opening, reading and commenting. */
  private async change(operation: Operation, number: number, by: (id: number) => Promise<object> | object): Promise<void> {
    const project = await this.project();
    await this.askHere(operation, project, async () => {
      await this.client.mergeRequests.edit(project.id, number, await by(project.id));
    });
  }

  /** GitLab says no more than 403 where a project is archived. */
  private async askHere<T>(operation: Operation, project: Project, run: () => Promise<T>): Promise<T> {
    try {
      return await this.ask(operation, run);
    } catch (error) {
      const isIt = error instanceof ForgeError && error.code === 'FORBIDDEN' && project.archived;
      throw isIt ? this.refuser.say('ARCHIVED', operation, 'the project is archived', 'unarchive it, or leave it out') : error;
    }
  }

  private ask<T>(operation: Operation, run: () => Promise<T>): Promise<T> {
    return this.refuser.ask(operation, run);
  }
}
