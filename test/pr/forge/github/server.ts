import { type Answered, type Asked, FaultyServer } from '../faulty-server.js';
import { No, page, type Routes, route } from '../routes.js';
import { type Pull, type Repo, State } from '../state.js';
import { graphql } from './graphql.js';
import { commentBody, fullPullBody, issueBody, labelBody, meBody, pullBody, repoBody } from './shapes.js';

const DOCS = 'https://docs.github.com/rest';
const no = (status: number, message: string, errors?: readonly object[]): Answered => ({
  status,
  body: { message, documentation_url: DOCS, ...(errors ? { errors } : {}), status: String(status) },
});
const invalid = (message: string) => no(422, 'Validation Failed', [{ resource: 'PullRequest', code: 'custom', message }]);
const refuse = (answered: Answered): never => {
  throw new No(answered);
};

/** What GitHub does, as far as it is asked for here: its rules, its shapes and its words. */
export class FakeGitHub {
  readonly state = new State();
  readonly server = new FaultyServer((asked) => this.answer(asked));

  private get base(): string {
    return this.server.url;
  }

  private answer(asked: Asked): Answered {
    const user = this.userOf(asked);
    if (user === undefined) return no(401, 'Bad credentials');
    if (asked.url.pathname === '/graphql') return graphql(this.state, asked, user);
    return route(this.routes(user), asked, no(404, 'Not Found'));
  }

  private userOf({ headers }: Asked): string | undefined {
    return this.state.tokens.get(headers.authorization?.replace(/^(token|bearer) /i, '') ?? '');
  }

  private repoOf({ method, url }: Asked, owner: string, name: string): Repo {
    const found = this.state.find(`${owner}/${name}`);
    if (found) return found;
    const moved = this.state.moved.get(`${owner}/${name}`);
    if (!moved) return refuse(no(404, 'Not Found'));
    const location = `${this.base}${url.pathname.replace(`${owner}/${name}`, `${moved.owner}/${moved.name}`)}${url.search}`;
    return refuse({
      status: method === 'GET' ? 301 : 307,
      body: { message: 'Moved Permanently', url: location },
      headers: { location },
    });
  }

  private routes(user: string): Routes {
    const reading =
      (handle: (asked: Asked, repo: Repo, ...parts: string[]) => Answered) =>
      (asked: Asked, owner = '', name = '', ...parts: string[]) =>
        handle(asked, this.repoOf(asked, owner, name), ...parts);
    const writing = (handle: (asked: Asked, repo: Repo, ...parts: string[]) => Answered) =>
      reading((asked, repo, ...parts) => {
        if (repo.isArchived) return no(403, 'Repository was archived so is read-only.');
        if (!repo.members.has(user)) return no(403, 'Resource not accessible by personal access token');
        return handle(asked, repo, ...parts);
      });
    const pull =
      (handle: (asked: Asked, repo: Repo, pull: Pull) => Answered) =>
      (asked: Asked, repo: Repo, number = '') => {
        const found = repo.pulls[Number(number) - 1];
        return found ? handle(asked, repo, found) : no(404, 'Not Found');
      };
    const at = '/repos/:owner/:repo';
    return {
      'GET /user': () => ({ status: 200, body: meBody(this.base, user) }),
      [`GET ${at}`]: reading((_, repo) => ({ status: 200, body: repoBody(this.base, repo, repo.members.has(user)) })),
      [`GET ${at}/branches`]: reading((asked, repo) => page(branchesOf(this.base, repo), asked)),
      [`GET ${at}/pulls`]: reading((asked, repo) => page(this.pulls(asked, repo), asked)),
      // Anybody may open one from a fork.
      [`POST ${at}/pulls`]: reading((asked, repo) => this.open(asked, repo, user)),
      [`GET ${at}/pulls/:number`]: reading(
        pull((_, repo, found) => ({ status: 200, body: fullPullBody(this.base, repo, found) })),
      ),
      [`PATCH ${at}/pulls/:number`]: writing(pull((asked, repo, found) => this.edit(asked, repo, found))),
      [`POST ${at}/pulls/:number/requested_reviewers`]: writing(pull((asked, repo, found) => this.review(asked, repo, found))),
      [`GET ${at}/issues/:number/comments`]: reading(
        pull((asked, _repo, { comments }) =>
          page(
            comments.map(({ author, body }, id) => commentBody(this.base, author, body, id)),
            asked,
          ),
        ),
      ),
      [`POST ${at}/issues/:number/comments`]: reading(
        pull(({ body }, repo, { comments }) => {
          if (repo.isArchived) return no(403, 'Repository was archived so is read-only.');
          const id = comments.push({ author: user, body: String(body?.body) });
          return { status: 201, body: commentBody(this.base, user, String(body?.body), id) };
        }),
      ),
      [`POST ${at}/issues/:number/labels`]: writing(
        pull(({ body }, repo, found) => this.label(body?.labels as string[], repo, found)),
      ),
      [`POST ${at}/issues/:number/assignees`]: writing(
        pull(({ body }, repo, found) => {
          // Who cannot be assigned is left out without a word.
          found.assignees.push(
            ...((body?.assignees ?? []) as string[]).filter((each) => repo.members.has(each) && !found.assignees.includes(each)),
          );
          return { status: 201, body: issueBody(this.base, repo, found) };
        }),
      ),
      [`PATCH ${at}/issues/:number`]: writing(
        pull(({ body }, repo, found) => {
          found.milestone = Number(body?.milestone);
          return { status: 200, body: issueBody(this.base, repo, found) };
        }),
      ),
      [`GET ${at}/milestones`]: reading((asked, repo) =>
        page(
          repo.milestones.map((title, index) => ({ number: index + 1, title })),
          asked,
        ),
      ),
      [`POST ${at}/forks`]: reading((_, repo) => ({ status: 202, body: repoBody(this.base, this.fork(repo, user), true) })),
    };
  }

  private pulls({ url }: Asked, repo: Repo) {
    const [state, head, base] = ['state', 'head', 'base'].map((name) => url.searchParams.get(name));
    const isAsked = (pull: Pull) =>
      ((state ?? 'open') === 'all' || pull.state === (state ?? 'open')) &&
      // Anything but owner:branch is no filter.
      (!head?.includes(':') || head === `${pull.from.owner}:${pull.head}`) &&
      (!base || base === pull.base);
    return [...repo.pulls]
      .reverse()
      .filter(isAsked)
      .map((pull) => pullBody(this.base, repo, pull));
  }

  private open({ body = {} }: Asked, repo: Repo, user: string): Answered {
    if (repo.isArchived) return no(403, 'Repository was archived so is read-only.');
    const [title, text, base, wanted] = [body.title, body.body, body.base, body.head].map(String) as [
      string,
      string,
      string,
      string,
    ];
    const [owner, head] = wanted.includes(':') ? (wanted.split(':') as [string, string]) : [repo.owner, wanted];
    const from = owner === repo.owner ? repo : this.state.repos.find((each) => each.owner === owner && each.parent === repo);
    if (from === repo && !repo.members.has(user)) return no(403, 'Resource not accessible by personal access token');
    const missing = !from?.branches.has(head) ? 'head' : repo.branches.has(base) ? undefined : 'base';
    if (!from || missing) return no(422, 'Validation Failed', [{ resource: 'PullRequest', field: missing, code: 'invalid' }]);
    if (from.branches.get(head) === repo.branches.get(base)) return invalid(`No commits between ${base} and ${head}`);
    const same = repo.pulls.some(
      (pull) => pull.state === 'open' && pull.from === from && pull.head === head && pull.base === base,
    );
    if (same) return invalid(`A pull request already exists for ${owner}:${head}.`);
    const pull = this.state.open(repo, { from, head, base, title, body: text, isDraft: body.draft === true, author: user });
    return { status: 201, body: fullPullBody(this.base, repo, pull) };
  }

  private edit({ body = {} }: Asked, repo: Repo, pull: Pull): Answered {
    if (body.state === 'open' && !pull.from.branches.has(pull.head))
      return invalid('state cannot be changed. The branch has been deleted.');
    if (typeof body.title === 'string') pull.title = body.title;
    if (typeof body.body === 'string') pull.body = body.body;
    if (body.state === 'open' || body.state === 'closed') pull.state = body.state;
    return { status: 200, body: fullPullBody(this.base, repo, pull) };
  }

  private review({ body = {} }: Asked, repo: Repo, pull: Pull): Answered {
    const { reviewers = [], team_reviewers: teams = [] } = body as { reviewers?: string[]; team_reviewers?: string[] };
    if (reviewers.includes(pull.author)) return no(422, 'Review cannot be requested from pull request author.');
    if (teams.some((team) => team !== 'maintainers') || reviewers.some((each) => !repo.members.has(each))) {
      return no(
        422,
        'Reviews may only be requested from collaborators. One or more of the users or teams you specified is not a collaborator.',
      );
    }
    pull.reviewers.push(...reviewers, ...teams);
    return { status: 201, body: pullBody(this.base, repo, pull) };
  }

  private label(names: readonly string[], repo: Repo, pull: Pull): Answered {
    for (const name of names) {
      repo.labels.add(name);
      if (!pull.labels.includes(name)) pull.labels.push(name);
    }
    return { status: 200, body: pull.labels.map((name, id) => labelBody(this.base, name, id)) };
  }

  private fork(repo: Repo, user: string): Repo {
    const known = this.state.repos.find((each) => each.parent === repo && each.owner === user);
    return known ?? this.state.add(user, `${repo.name}-1`, { parent: repo, branches: new Map(repo.branches) });
  }
}

function branchesOf(base: string, { branches }: Repo) {
  return [...branches].map(([name, sha]) => ({ name, commit: { sha, url: `${base}/commits/${sha}` }, protected: false }));
}
