import { allPages, type GiteaClient } from './client.js';

/** A colour is required. */
const COLOR = '#0e8a16';

/**
 * The numbers of labels, which are made where there are none. Names that there are not would be left out without a word, and a label
 * that is made twice is there twice: so all are listed first.
 */
export async function labelIds(client: GiteaClient, owner: string, repo: string, names: readonly string[]): Promise<number[]> {
  const own = await allPages((page) => client.repos.issueListLabels(owner, repo, page));
  const shared = await ofOrganization(client, owner);
  const known = new Map([...shared, ...own].map(({ name = '', id }) => [name, id]));
  const ids: number[] = [];
  for (const name of new Set(names)) {
    const id = known.get(name) ?? (await client.repos.issueCreateLabel(owner, repo, { name, color: COLOR })).data.id;
    if (id !== undefined) ids.push(id);
  }
  return ids;
}

async function ofOrganization(client: GiteaClient, owner: string) {
  try {
    return await allPages((page) => client.orgs.orgListLabels(owner, page));
  } catch (error) {
    // The owner is a user, or its labels are not for this token.
    if (error instanceof Response && (error.status === 404 || error.status === 403)) return [];
    throw error;
  }
}
