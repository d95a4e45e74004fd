import type { Pull, Repo } from '../state.js';

const WHEN = '2026-01-02T03:04:05.000Z';
const USERS = ['', 'bot', 'other', 'colleague', 'platform'];

export function idOf(username: string): number {
  return USERS.indexOf(username);
}

export function nameOf(id: number): string {
  return USERS[id] ?? '';
}

export function userBody(base: string, username: string) {
  return { id: idOf(username), username, name: username, state: 'active', avatar_url: null, web_url: `${base}/${username}` };
}

export function projectBody(base: string, repo: Repo, isMember: boolean) {
  const path = `${repo.owner}/${repo.name}`;
  return {
    id: repo.id,
    name: repo.name,
    path: repo.name,
    path_with_namespace: path,
    default_branch: repo.branches.size > 0 ? 'main' : null,
    visibility: 'public',
    archived: repo.isArchived,
    empty_repo: repo.branches.size === 0,
    import_status: 'none',
    web_url: `${base}/${path}`,
    http_url_to_repo: `${base}/${path}.git`,
    ssh_url_to_repo: `git@gitlab:${path}.git`,
    // Members of the group above have the second, those by an invited group neither.
    permissions: {
      project_access: null,
      group_access: isMember && repo.owner !== 'invited' ? { access_level: 40, notification_level: 3 } : null,
    },
  };
}

export function mergeRequestBody(base: string, repo: Repo, pull: Pull) {
  return {
    id: 1000 + pull.number,
    iid: pull.number,
    project_id: repo.id,
    title: pull.title,
    description: pull.body,
    state: pull.isMerged ? 'merged' : pull.state === 'open' ? 'opened' : 'closed',
    created_at: WHEN,
    updated_at: WHEN,
    target_branch: pull.base,
    source_branch: pull.head,
    source_project_id: pull.from.id,
    target_project_id: repo.id,
    author: userBody(base, pull.author),
    assignees: pull.assignees.map((name) => userBody(base, name)),
    reviewers: pull.reviewers.map((name) => userBody(base, name)),
    labels: pull.labels,
    draft: /^\s*(draft:|\[draft\]|\(draft\))/i.test(pull.title),
    milestone: pull.milestone ? { id: 500 + pull.milestone, title: repo.milestones[pull.milestone - 1] } : null,
    merge_when_pipeline_succeeds: pull.hasAutoMerge,
    detailed_merge_status: 'mergeable',
    sha: pull.sha,
    web_url: `${base}/${repo.owner}/${repo.name}/-/merge_requests/${pull.number}`,
    references: { short: `!${pull.number}`, relative: `!${pull.number}`, full: `${repo.owner}/${repo.name}!${pull.number}` },
  };
}

/** Alone it has its pipeline, too. */
export function fullMergeRequestBody(base: string, repo: Repo, pull: Pull) {
  const pipeline = repo.hasPipeline ? { id: 1, status: 'running', sha: pull.sha } : null;
  return { ...mergeRequestBody(base, repo, pull), head_pipeline: pipeline };
}
