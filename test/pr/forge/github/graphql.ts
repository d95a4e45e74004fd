import type { Answered, Asked } from '../faulty-server.js';
import type { State } from '../state.js';

const failed = (type: string, message: string): Answered => ({
  status: 200,
  body: { data: null, errors: [{ type, message, path: [] }] },
});

/** The four things that there are in GraphQL alone. */
export function graphql(state: State, { body = {} }: Asked, user: string): Answered {
  const { query, variables = {} } = body as { query: string; variables?: { id?: string; how?: string } };
  if (query.includes('viewer')) return { status: 200, body: { data: { viewer: { login: user } } } };
  const [, repoId, number] = /^PR_(\d+)_(\d+)$/.exec(variables.id ?? '') ?? [];
  const repo = state.repos.find(({ id }) => id === Number(repoId));
  const pull = repo?.pulls[Number(number) - 1];
  if (!repo || !pull) return failed('NOT_FOUND', `Could not resolve to a node with the global id of '${variables.id}'`);
  if (!repo.members.has(user)) return failed('FORBIDDEN', `${user} does not have permission to do this`);
  if (query.includes('convertPullRequestToDraft')) pull.isDraft = true;
  if (query.includes('markPullRequestReadyForReview')) pull.isDraft = false;
  if (query.includes('enablePullRequestAutoMerge')) {
    if (!repo.allowsAutoMerge) return failed('UNPROCESSABLE', 'Pull request Auto merge is not allowed for this repository');
    if (variables.how !== 'REBASE') return failed('UNPROCESSABLE', 'Merge commits are not allowed on this repository.');
    pull.hasAutoMerge = true;
  }
  return { status: 200, body: { data: { done: { clientMutationId: null } } } };
}
