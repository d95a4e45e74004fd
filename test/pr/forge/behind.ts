import { createForge } from '../../../src/pr/forge/load.js';
import type { Forge } from '../../../src/pr/forge/types.js';
import type { Behind } from '../place.js';
import type { FaultyServer } from './faulty-server.js';
import type { State } from './state.js';
import { accessOf, hurried, TOKENS } from './subject.js';

/** A fake server with a repository of its own, asked through the adapter of its kind. */
export async function createFake(kind: Forge['kind'], server: FaultyServer, state: State, ask?: typeof fetch): Promise<Behind> {
  const owner = 'acme';
  const name = `life-${state.repos.length + 1}`;
  const about = { allowsAutoMerge: true, hasPipeline: true, milestones: ['Q1'] };
  const repo = state.add(owner, name, { ...about, branches: new Map([['main', state.commit()]]) });
  // It is there already where the default branch is to get that name.
  repo.branches.set('trunk', state.commit());
  const find = (number: number) => {
    const found = repo.pulls[number - 1];
    if (!found) throw new Error(`no pull request ${number}`);
    return found;
  };
  return {
    forge: await createForge(kind, accessOf(server.url, `${owner}/${name}`, TOKENS.bot), hurried(ask && { fetch: ask })),
    repository: `${owner}/${name}`,
    commit: () => state.commit(),
    pushed: (branch, sha) => state.push(repo, branch, sha),
    removed: (branch) => state.deleteBranch(repo, branch),
    close: (number) => void Object.assign(find(number), { state: 'closed' }),
    merge: (number) => void Object.assign(find(number), { isMerged: true, state: 'closed' }),
    rewrite: (number, body) => void Object.assign(find(number), { body }),
    openAgain(number, by) {
      const { head, base, title, body, isDraft, author } = find(number);
      const from = by === undefined ? repo : state.add(by, name, { parent: repo, branches: new Map(repo.branches) });
      state.open(repo, { from, head, base, title, body, isDraft, author: by ?? author });
    },
  };
}
