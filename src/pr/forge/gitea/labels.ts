import type { Tuning } from '../../../http/tuning.js';
import { makeOnce } from '../once.js';
import type { Refuser } from '../refuse.js';
import { allPages, type GiteaClient } from './client.js';

/** A colour is required. */
const COLOR = '#0e8a16';

type At = readonly [owner: string, repo: string];

/**
 * The numbers of labels, which are made where there are none. Names that there are not would be left out without a word, and a label
 * that is made twice is there twice: so all are listed first, and again where it is not known whether one was made.
 */
export async function labelIds(
  refuser: Refuser,
  client: GiteaClient,
  at: At,
  names: readonly string[],
  tuning: Tuning,
): Promise<number[]> {
  const known = await labelsOf(client, at);
  const ids: number[] = [];
  for (const name of new Set(names)) {
    const make = async () => (await client.repos.issueCreateLabel(...at, { name, color: COLOR })).data.id;
    const find = async () => (await labelsOf(client, at)).get(name);
    const id = known.get(name) ?? (await makeOnce(() => refuser.ask('labels', make), find, tuning));
    if (id !== undefined) ids.push(id);
  }
  return ids;
}

async function labelsOf(client: GiteaClient, [owner, repo]: At): Promise<ReadonlyMap<string, number | undefined>> {
  const own = await allPages((page) => client.repos.issueListLabels(owner, repo, page));
  const shared = await ofOrganization(client, owner);
  return new Map([...shared, ...own].map(({ name = '', id }) => [name, id]));
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
