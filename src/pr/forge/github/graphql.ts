import type { GitHubClient } from './client.js';

const READY = 'mutation ($id: ID!) { markPullRequestReadyForReview(input: { pullRequestId: $id }) { clientMutationId } }';
const DRAFT = 'mutation ($id: ID!) { convertPullRequestToDraft(input: { pullRequestId: $id }) { clientMutationId } }';
const AUTO_MERGE = `mutation ($id: ID!, $how: PullRequestMergeMethod!) {
  enablePullRequestAutoMerge(input: { pullRequestId: $id, mergeMethod: $how }) { clientMutationId }
}`;

// What follows is only there in GraphQL.

export async function setDraft(client: GitHubClient, id: string, isDraft: boolean): Promise<void> {
  await client.graphql(isDraft ? DRAFT : READY, { id });
}

export async function setAutoMerge(client: GitHubClient, id: string, how: 'MERGE' | 'REBASE' | 'SQUASH'): Promise<void> {
  await client.graphql(AUTO_MERGE, { id, how });
}

/** Tokens of workflows and of Apps may not read the user, and yet are somebody here. */
export async function viewer(client: GitHubClient): Promise<string> {
  const { viewer } = await client.graphql<{ viewer: { login: string } }>('query { viewer { login } }');
  return viewer.login;
}
