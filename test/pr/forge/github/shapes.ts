import type { Pull, Repo } from '../state.js';

const WHEN = '2026-01-02T03:04:05Z';
const USER_URLS = 'avatar events followers following gists html organizations received_events repos starred subscriptions';
const REPO_URLS = `archive assignees blobs branches collaborators comments commits compare contents contributors deployments downloads events
  forks git_commits git_refs git_tags hooks issue_comment issue_events issues keys labels languages merges milestones notifications pulls
  releases stargazers statuses subscribers subscription tags teams trees git ssh svn`;
const PULL_URLS = 'comments commits diff issue patch review_comment review_comments statuses';

function urls(base: string, names: string): Record<string, string> {
  return Object.fromEntries(names.split(/\s+/).map((name) => [`${name}_url`, `${base}/${name}`]));
}

function userBody(base: string, login: string) {
  const url = `${base}/users/${login}`;
  return {
    login,
    id: 1,
    node_id: 'U_1',
    gravatar_id: '',
    type: 'User',
    site_admin: false,
    url,
    ...urls(url, USER_URLS),
    html_url: `${base}/${login}`,
  };
}

export function meBody(base: string, login: string) {
  const none = { bio: null, blog: null, company: null, email: null, hireable: null, location: null, name: null };
  const counts = { followers: 0, following: 0, public_gists: 0, public_repos: 0, created_at: WHEN, updated_at: WHEN };
  return { ...userBody(base, login), ...none, ...counts };
}

export function repoBody(base: string, repo: Repo, canPush: boolean) {
  const fullName = `${repo.owner}/${repo.name}`;
  const url = `${base}/repos/${fullName}`;
  const counts = {
    forks: 0,
    forks_count: 0,
    open_issues: 0,
    open_issues_count: 0,
    stargazers_count: 0,
    watchers: 0,
    watchers_count: 0,
  };
  const has = {
    has_issues: true,
    has_projects: false,
    has_wiki: false,
    has_pages: false,
    has_downloads: false,
    has_discussions: false,
  };
  return {
    ...urls(url, REPO_URLS),
    ...counts,
    ...has,
    id: repo.id,
    node_id: `R_${repo.id}`,
    name: repo.name,
    full_name: fullName,
    owner: userBody(base, repo.owner),
    private: false,
    fork: repo.parent !== undefined,
    url,
    html_url: `${base}/${fullName}`,
    clone_url: `${base}/${fullName}.git`,
    description: null,
    homepage: null,
    language: null,
    license: null,
    mirror_url: null,
    disabled: false,
    archived: repo.isArchived,
    default_branch: 'main',
    // In kilobytes, rounded down: also of repositories that hold little.
    size: 0,
    network_count: 0,
    subscribers_count: 0,
    pushed_at: WHEN,
    created_at: WHEN,
    updated_at: WHEN,
    permissions: { admin: canPush, push: canPush, pull: true },
    allow_merge_commit: false,
    allow_rebase_merge: true,
    allow_squash_merge: true,
  };
}

/** As in a list; alone it has more. */
export function pullBody(base: string, repo: Repo, pull: Pull) {
  const url = `${base}/repos/${repo.owner}/${repo.name}/pulls/${pull.number}`;
  const side = (of: Repo, ref: string, sha: string) => ({
    label: `${of.owner}:${ref}`,
    ref,
    sha,
    repo: repoBody(base, of, true),
    user: userBody(base, of.owner),
  });
  const links = 'self html issue comments review_comments review_comment commits statuses';
  return {
    ...urls(url, PULL_URLS),
    _links: Object.fromEntries(links.split(' ').map((name) => [name, { href: url }])),
    id: pull.number,
    node_id: `PR_${repo.id}_${pull.number}`,
    number: pull.number,
    url,
    html_url: `${base}/${repo.owner}/${repo.name}/pull/${pull.number}`,
    state: pull.state,
    locked: false,
    title: pull.title,
    body: pull.body,
    draft: pull.isDraft,
    user: userBody(base, pull.author),
    labels: pull.labels.map((name, id) => labelBody(base, name, id)),
    assignee: null,
    assignees: pull.assignees.map((login) => userBody(base, login)),
    requested_reviewers: pull.reviewers.map((login) => userBody(base, login)),
    milestone: null,
    created_at: WHEN,
    updated_at: WHEN,
    closed_at: pull.state === 'closed' ? WHEN : null,
    merged_at: pull.isMerged ? WHEN : null,
    merge_commit_sha: null,
    author_association: 'MEMBER',
    auto_merge: null,
    head: side(pull.from, pull.head, pull.sha),
    base: side(repo, pull.base, repo.branches.get(pull.base) ?? '0'.repeat(40)),
  };
}

export function fullPullBody(base: string, repo: Repo, pull: Pull) {
  const counts = { additions: 1, changed_files: 1, comments: 0, commits: 1, deletions: 0, review_comments: 0 };
  const merging = {
    mergeable: true,
    mergeable_state: 'clean',
    merged: pull.isMerged,
    maintainer_can_modify: false,
    merged_by: null,
  };
  return { ...pullBody(base, repo, pull), ...counts, ...merging };
}

export function labelBody(base: string, name: string, id: number) {
  return { id, node_id: `L_${id}`, url: `${base}/labels/${id}`, name, description: '', color: 'ededed', default: false };
}

export function commentBody(base: string, author: string, body: string, id: number) {
  const url = `${base}/comments/${id}`;
  const about = { id, node_id: `C_${id}`, url, html_url: url, issue_url: url, created_at: WHEN, updated_at: WHEN };
  return { ...about, user: userBody(base, author), body, author_association: 'MEMBER' };
}

export function issueBody(base: string, repo: Repo, pull: Pull) {
  const url = `${base}/repos/${repo.owner}/${repo.name}/issues/${pull.number}`;
  return {
    ...urls(url, 'comments events html labels repository'),
    id: pull.number,
    node_id: `I_${pull.number}`,
    number: pull.number,
    url,
    state: pull.state,
    locked: false,
    title: pull.title,
    body: pull.body,
    user: userBody(base, pull.author),
    labels: [],
    assignee: null,
    assignees: pull.assignees.map((login) => userBody(base, login)),
    milestone: null,
    comments: 0,
    author_association: 'MEMBER',
    closed_at: null,
    created_at: WHEN,
    updated_at: WHEN,
  };
}
