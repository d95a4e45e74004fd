import type { GitLabClient } from './client.js';

/** The numbers of the assignees that a merge request is to have: those that it has, and `users`. */
export async function assigneesWith(
  client: GitLabClient,
  id: number,
  number: number,
  users: readonly string[],
): Promise<number[]> {
  const { assignees } = await client.mergeRequests.show(id, number);
  const ids = await idsOf(client, users);
  return [...new Set([...(assignees ?? []).map((user) => user.id), ...ids.values()])];
}

/** @returns who was refused: a group, which cannot review; who is unknown; and who may not, whom GitLab leaves out without a word */
export async function askReviewers(
  client: GitLabClient,
  id: number,
  number: number,
  names: readonly string[],
): Promise<readonly string[]> {
  const now = (await client.mergeRequests.show(id, number)).reviewers ?? [];
  const ids = await idsOf(
    client,
    names.filter((name) => !name.includes('/')),
  );
  if (ids.size === 0) return names;
  const reviewerIds = [...new Set([...now.map((user) => user.id), ...ids.values()])];
  const after = (await client.mergeRequests.edit(id, number, { reviewerIds })).reviewers ?? [];
  // The free edition keeps one of them.
  const kept = new Set(after.map((user) => user.id));
  return names.filter((name) => !kept.has(ids.get(name) ?? -1));
}

async function idsOf(client: GitLabClient, names: readonly string[]): Promise<ReadonlyMap<string, number>> {
  const ids = new Map<string, number>();
  for (const name of names) {
    const [user] = await client.users.all({ username: name });
    if (user) ids.set(name, user.id);
  }
  return ids;
}
