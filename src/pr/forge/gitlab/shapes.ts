import type { PullRequest } from '../../types.js';

const DRAFT = 'Draft: ';
/** What GitLab reads as a draft at the beginning of a title, also twice. */
const DRAFTS = /^(?:\s*(?:draft:|\[draft\]|\(draft\)))+\s*/i;

export function draftTitle(title: string, isDraft: boolean): string {
  return `${isDraft ? DRAFT : ''}${plainTitle(title)}`;
}

export function plainTitle(title: string): string {
  return title.replace(DRAFTS, '');
}

export interface MergeRequest {
  readonly iid: number;
  readonly web_url: string;
  readonly state: string;
  readonly draft?: boolean;
  readonly title: string;
  readonly description: string | null;
  readonly source_branch: string;
  readonly target_branch: string;
  readonly sha?: string;
  readonly labels?: readonly (string | { readonly name: string })[];
  readonly author: { readonly username: string } | null;
}

/** @param headRepository absent where the fork is gone */
export function pullRequestOf(request: MergeRequest, headRepository: string | undefined): PullRequest {
  return {
    number: request.iid,
    url: request.web_url,
    // `locked` is being merged, and goes back to open where that fails.
    state: request.state === 'merged' ? 'merged' : request.state === 'closed' ? 'closed' : 'open',
    isDraft: request.draft ?? DRAFTS.test(request.title),
    title: plainTitle(request.title),
    body: request.description ?? '',
    base: request.target_branch,
    head: request.source_branch,
    ...(request.sha ? { headSha: request.sha } : {}),
    ...(headRepository ? { headRepository } : {}),
    labels: (request.labels ?? []).map((label) => (typeof label === 'string' ? label : label.name)),
    author: request.author?.username ?? 'ghost',
  };
}
