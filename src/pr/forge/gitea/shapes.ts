import type { PullRequest as GiteaPullRequest, Repository } from 'gitea-js';
import type { PullRequest } from '../../types.js';
import type { ForgeRepository } from '../types.js';

const DRAFT = 'WIP: ';
const DRAFTS = /^(?:\s*(?:wip:|\[wip\]))+\s*/i;

export function draftTitle(title: string, isDraft: boolean): string {
  return `${isDraft ? DRAFT : ''}${plainTitle(title)}`;
}

export function plainTitle(title: string): string {
  return title.replace(DRAFTS, '');
}

export function pullRequestOf(pull: GiteaPullRequest): PullRequest {
  const { title = '', head, base } = pull;
  return {
    number: pull.number ?? 0,
    url: pull.html_url ?? '',
    state: pull.merged ? 'merged' : pull.state === 'open' ? 'open' : 'closed',
    isDraft: DRAFTS.test(title),
    title: plainTitle(title),
    body: pull.body ?? '',
    base: base?.ref ?? '',
    head: headOf(pull),
    ...(head?.sha ? { headSha: head.sha } : {}),
    ...(head?.repo?.full_name ? { headRepository: head.repo.full_name } : {}),
    labels: (pull.labels ?? []).flatMap(({ name }) => name ?? []),
    author: pull.user?.login ?? 'Ghost',
  };
}

/** Of a branch that is deleted only the label keeps the name, in some versions behind its owner. */
export function headOf({ head }: GiteaPullRequest): string {
  const { ref = '', label = '' } = head ?? {};
  return ref.startsWith('refs/pull/') ? label.slice(label.indexOf(':') + 1) : ref;
}

export function repositoryOf(repository: Repository): ForgeRepository {
  return {
    fullName: repository.full_name ?? '',
    defaultBranch: repository.default_branch ?? '',
    isArchived: repository.archived ?? false,
    isEmpty: repository.empty ?? false,
    canPush: repository.permissions?.push ?? false,
    webUrl: repository.html_url ?? '',
    cloneUrl: repository.clone_url ?? '',
  };
}
