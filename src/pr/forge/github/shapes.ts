import type { PullRequest } from '../../types.js';
import type { ForgeRepository } from '../types.js';

/** What the shapes of a pull request have in common: in a list, and alone. */
interface Pull {
  readonly number: number;
  readonly html_url: string;
  readonly state: string;
  readonly draft?: boolean | undefined;
  readonly merged_at: string | null;
  readonly title: string;
  readonly body: string | null;
  readonly base: { readonly ref: string };
  readonly head: { readonly ref: string; readonly sha: string; readonly repo: { readonly full_name: string } | null };
  readonly labels: readonly { readonly name?: string }[];
  readonly user: { readonly login: string } | null;
}

export function pullRequestOf(pull: Pull): PullRequest {
  return {
    number: pull.number,
    url: pull.html_url,
    state: pull.merged_at ? 'merged' : pull.state === 'open' ? 'open' : 'closed',
    isDraft: pull.draft ?? false,
    title: pull.title,
    body: pull.body ?? '',
    base: pull.base.ref,
    head: pull.head.ref,
    headSha: pull.head.sha,
    ...(pull.head.repo ? { headRepository: pull.head.repo.full_name } : {}),
    labels: pull.labels.flatMap(({ name }) => name ?? []),
    // A deleted account.
    author: pull.user?.login ?? 'ghost',
  };
}

interface Repository {
  readonly full_name: string;
  readonly default_branch: string;
  readonly archived: boolean;
  readonly html_url: string;
  readonly clone_url: string;
  readonly permissions?: { readonly push: boolean } | undefined;
}

/** @param isApp the permissions of an App are not those that are told here; the push itself will say no */
export function repositoryOf(repository: Repository, isEmpty: boolean, isApp: boolean): ForgeRepository {
  return {
    fullName: repository.full_name,
    defaultBranch: repository.default_branch,
    isArchived: repository.archived,
    isEmpty,
    canPush: isApp || (repository.permissions?.push ?? false),
    webUrl: repository.html_url,
    cloneUrl: repository.clone_url,
  };
}
