import { isOwn } from './plan/ownership.js';
import { parseState } from './plan/state.js';
import type { Found, PrRun } from './run-types.js';
import type { RemoteBranch } from './types.js';

/**
 * Branches that say they hold just what is to be done are taken at their word only where they do: whoever may push can write what
 * commits say of themselves, and the pull request, which stands in the name of kubemend, would be theirs.
 *
 * Of what does not, the commit that the pull request names was pushed by kubemend, and is made again; so is what no pull request asks
 * for. Any other one is somebody's: a commit that was amended says of itself what it said before.
 */
export async function checkBranches(run: PrRun, { branches, pulls }: Omit<Found, 'comments'>): Promise<readonly RemoteBranch[]> {
  const { groups, remote, self, settings } = run;
  const checked: RemoteBranch[] = [];
  for (const branch of branches) {
    const { fingerprint, ...rest } = branch;
    const group = groups.find(({ name }) => `${settings.branchPrefix}${name}` === branch.name);
    const says = group !== undefined && fingerprint === group.fingerprint && !branch.conflicts && !branch.isMerged;
    if (!says || (await remote.branches.holds(branch.sha, await remote.build(group)))) {
      checked.push(branch);
      continue;
    }
    const open = pulls.filter(
      (pull) => pull.state === 'open' && pull.head === branch.name && isOwn({ self, repository: remote.repository }, pull),
    );
    const isSomebodys = open.length > 0 && !open.some(({ body }) => parseState(body)?.head === branch.sha);
    checked.push(isSomebodys ? { ...rest, foreignCommits: 1 } : rest);
  }
  return checked;
}
