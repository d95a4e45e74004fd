import { type Answered, type Asked, FaultyServer } from '../faulty-server.js';
import { No, page, type Routes, route } from '../routes.js';
import { type Pull, type Repo, State } from '../state.js';
import { fullMergeRequestBody, idOf, mergeRequestBody, nameOf, projectBody, userBody } from './shapes.js';

const no = (status: number, message: unknown): Answered => ({ status, body: { message } });
const refuse = (answered: Answered): never => {
  throw new No(answered);
};
const ok = (body: unknown): Answered => ({ status: 200, body });
type OfProject = (asked: Asked, repo: Repo, ...parts: string[]) => Answered;
type OfRequest = (asked: Asked, repo: Repo, pull: Pull) => Answered;

/** What GitLab does by its documentation, as far as it is asked for here. */
export class FakeGitLab {
  readonly state = new State();
  readonly server = new FaultyServer((asked) => this.answer(asked));

  private get base(): string {
    return this.server.url;
  }

  private answer(asked: Asked): Answered {
    const user = this.state.tokens.get(asked.headers.authorization?.replace(/^bearer /i, '') ?? '');
    if (user === undefined)
      return {
        status: 401,
        body: {
          error: 'invalid_token',
          error_description: 'Token is expired. You can either do re-authorization or token refresh.',
        },
      };
    return route(this.routes(user), asked, no(404, '404 Not Found'));
  }

  private projectOf(asked: Asked, id: string): Repo {
    const found = /^\d+$/.test(id) ? this.state.repos.find((repo) => repo.id === Number(id)) : this.state.find(id);
    if (found) return found;
    const moved = this.state.moved.get(id);
    if (!moved) return refuse(no(404, '404 Project Not Found'));
    if (asked.method !== 'GET') return refuse(no(405, 'Non GET methods are not allowed for moved projects'));
    const location = String(asked.url).replace(encodeURIComponent(id), String(moved.id));
    return refuse({
      status: 301,
      body: { message: 'This resource has been moved permanently', url: location },
      headers: { location },
    });
  }

  private routes(user: string): Routes {
    const of =
      (handle: OfProject) =>
      (asked: Asked, id = '', ...parts: string[]) =>
        handle(asked, this.projectOf(asked, id), ...parts);
    const writing = (handle: OfProject) =>
      of((asked, repo, ...parts) =>
        repo.isArchived || !repo.members.has(user) ? no(403, '403 Forbidden') : handle(asked, repo, ...parts),
      );
    const request =
      (handle: OfRequest) =>
      (asked: Asked, repo: Repo, iid = '') => {
        const found = repo.pulls[Number(iid) - 1];
        return found ? handle(asked, repo, found) : no(404, '404 Not found');
      };
    const at = '/api/v4/projects/:id';
    const one = `${at}/merge_requests/:iid`;
    return {
      'GET /api/v4/user': () => ok(userBody(this.base, user)),
      'GET /api/v4/users': ({ url }) => {
        const name = url.searchParams.get('username') ?? '';
        return ok(idOf(name) > 0 ? [userBody(this.base, name)] : []);
      },
      [`GET ${at}`]: of((_, repo) => ok(projectBody(this.base, repo, repo.members.has(user)))),
      [`GET ${at}/members/all/:user`]: of((_, repo, id) =>
        repo.members.has(nameOf(Number(id)))
          ? ok({ ...userBody(this.base, nameOf(Number(id))), access_level: 30 })
          : no(404, '404 Not found'),
      ),
      [`GET ${at}/repository/compare`]: of((asked, repo) => this.compare(asked, repo)),
      [`GET ${at}/merge_requests`]: of((asked, repo) => page(this.requests(asked, repo), asked)),
      [`POST ${at}/merge_requests`]: writing((asked, repo) => this.open(asked, repo, user)),
      [`GET ${one}`]: of(request((_, repo, pull) => ok(fullMergeRequestBody(this.base, repo, pull)))),
      [`PUT ${one}`]: writing(request((asked, repo, pull) => this.edit(asked, repo, pull))),
      [`PUT ${one}/merge`]: writing(request((asked, repo, pull) => this.merge(asked, repo, pull))),
      [`GET ${one}/notes`]: of(request((asked, _repo, { comments }) => page(this.notes(comments), asked))),
      [`POST ${one}/notes`]: of(
        request(({ body }, repo, { comments }) => {
          if (repo.isArchived) return no(403, '403 Forbidden');
          const id = comments.push({ author: user, body: String(body?.body) });
          return { status: 201, body: { id, body: body?.body, author: userBody(this.base, user), system: false } };
        }),
      ),
      [`GET ${at}/milestones`]: of(({ url }, repo) => {
        const all = repo.milestones.map((title, index) => ({ id: 501 + index, iid: index + 1, title, state: 'active' }));
        return ok(all.filter(({ title }) => title === url.searchParams.get('title')));
      }),
      [`GET ${at}/forks`]: of((asked, repo) =>
        page(
          this.forks(repo, user).map((fork) => projectBody(this.base, fork, true)),
          asked,
        ),
      ),
      [`POST ${at}/fork`]: of((_, repo) => {
        if (this.forks(repo, user).length > 0)
          return no(409, ['Project namespace name has already been taken', 'Name has already been taken']);
        const fork = this.state.add(user, repo.name, { parent: repo, branches: new Map(repo.branches) });
        return { status: 201, body: { ...projectBody(this.base, fork, true), import_status: 'scheduled' } };
      }),
    };
  }

  private forks(repo: Repo, user: string): readonly Repo[] {
    return this.state.repos.filter((each) => each.parent === repo && each.owner === user);
  }

  private notes(comments: Pull['comments']) {
    const system = { id: 0, body: 'assigned to @bot', system: true, author: userBody(this.base, 'bot') };
    return [
      system,
      ...comments.map(({ author, body }, index) => ({ id: index + 1, body, system: false, author: userBody(this.base, author) })),
    ];
  }

  private compare({ url }: Asked, repo: Repo): Answered {
    const target = this.state.repos.find(({ id }) => id === Number(url.searchParams.get('from_project_id') ?? repo.id));
    const [from, to] = [
      target?.branches.get(url.searchParams.get('from') ?? ''),
      repo.branches.get(url.searchParams.get('to') ?? ''),
    ];
    return from && to ? ok({ commits: from === to ? [] : [{ id: to }], diffs: [] }) : no(404, '404 Ref Not Found');
  }

  private requests({ url }: Asked, repo: Repo) {
    const [state, head, base] = ['state', 'source_branch', 'target_branch'].map((name) => url.searchParams.get(name));
    const all = [...repo.pulls].reverse().filter((pull) => (!head || pull.head === head) && (!base || pull.base === base));
    return all
      .map((pull) => mergeRequestBody(this.base, repo, pull))
      .filter((each) => !state || state === 'all' || each.state === state);
  }

  private open({ body = {} }: Asked, source: Repo, user: string): Answered {
    const target = this.state.repos.find(({ id }) => id === Number(body.target_project_id ?? source.id)) ?? source;
    if (target.isArchived) return no(403, '403 Forbidden');
    const [head, base, title] = [String(body.source_branch), String(body.target_branch), String(body.title)];
    const same = target.pulls.find(
      (pull) => pull.state === 'open' && pull.from === source && pull.head === head && pull.base === base,
    );
    if (same) return no(409, [`Another open merge request already exists for this source branch: !${same.number}`]);
    // No look at whether there is anything to merge.
    const about = { from: source, head, base, title, body: String(body.description ?? ''), isDraft: false, author: user };
    return { status: 201, body: fullMergeRequestBody(this.base, target, this.state.open(target, about)) };
  }

  private edit({ body = {} }: Asked, repo: Repo, pull: Pull): Answered {
    if (Object.keys(body).length === 0) return no(400, 'at least one parameter must be provided');
    if (typeof body.title === 'string') pull.title = body.title;
    if (typeof body.description === 'string') pull.body = body.description;
    if (body.state_event === 'close') pull.state = 'closed';
    if (typeof body.milestone_id === 'number') pull.milestone = body.milestone_id - 500;
    for (const label of typeof body.add_labels === 'string' ? body.add_labels.split(',') : []) {
      repo.labels.add(label);
      if (!pull.labels.includes(label)) pull.labels.push(label);
    }
    set(pull.assignees, body.assignee_ids, repo);
    set(pull.reviewers, body.reviewer_ids, repo);
    return ok(fullMergeRequestBody(this.base, repo, pull));
  }

  private merge({ body = {} }: Asked, repo: Repo, pull: Pull): Answered {
    if (body.sha !== pull.sha) return no(409, 'SHA does not match HEAD of source branch');
    // Without a pipeline it would be merged here and now.
    if (!repo.hasPipeline) pull.isMerged = true;
    else pull.hasAutoMerge = body.merge_when_pipeline_succeeds === true;
    return ok(fullMergeRequestBody(this.base, repo, pull));
  }
}

/** A list of users is replaced; who is no member is left out without a word. */
function set(names: string[], ids: unknown, { members }: Repo): void {
  if (!Array.isArray(ids)) return;
  names.splice(0, names.length, ...ids.map((id) => nameOf(Number(id))).filter((name) => members.has(name)));
}
