import type { Group, PrSettings, PullRequest, RemoteBranch } from '../types.js';

/** What is known of a repository and its pull requests, all of it read a moment ago. */
export interface DecideInput {
  /** What is to be done, in the order in which it is worth opening. */
  readonly groups: readonly Pick<Group, 'name' | 'fingerprint' | 'owners'>[];
  /** All whose name begins with the prefix. */
  readonly branches: readonly RemoteBranch[];
  /** All whose head begins with the prefix, in any state. */
  readonly pulls: readonly PullRequest[];
  readonly settings: PrSettings;
  /** Whose token it is. */
  readonly self: string;
  /** `owner/name` of the repository that holds the branches: a fork, or the one that is asked. */
  readonly repository: string;
  /** The branch to merge into. */
  readonly base: string;
  /** By number, those of the pull requests that {@link pullsToRead} names. */
  readonly comments: ReadonlyMap<number, readonly { readonly author: string; readonly body: string }[]>;
}

/** What there is of a branch's name. */
export interface BranchView {
  readonly name: string;
  readonly remote: RemoteBranch | undefined;
  /** Those that kubemend opened, in any state, oldest first. */
  readonly pulls: readonly PullRequest[];
  readonly open: readonly PullRequest[];
  /** Open ones of this very branch that someone else opened. */
  readonly strangers: readonly PullRequest[];
  /** Whether a person has put work on it that is not merged. */
  readonly isForeign: boolean;
  /** Whether all of it is merged, with its commits or squashed. */
  readonly isTaken: boolean;
}

export function viewBranch(input: DecideInput, name: string): BranchView {
  const remote = input.branches.find((branch) => branch.name === name);
  const all = input.pulls.filter(({ head }) => head === name).toSorted((a, b) => a.number - b.number);
  const pulls = all.filter((pull) => isOwn(input, pull));
  const isMerged = ({ state, headSha }: PullRequest) => state === 'merged' && headSha === remote?.sha;
  const isTaken = remote !== undefined && (remote.isMerged || pulls.some(isMerged));
  return {
    name,
    remote,
    pulls,
    open: pulls.filter(isOpen),
    strangers: all.filter((pull) => isOpen(pull) && !isOwn(input, pull) && isSame(pull.headRepository, input.repository)),
    isForeign: remote !== undefined && remote.foreignCommits > 0 && !isTaken,
    isTaken,
  };
}

/**
 * Whether kubemend opened it: by who opened it and which repository its branch is in, which a forge vouches for, never by what its
 * body says. Where the repository of the branch is gone, nothing of it can be open.
 */
export function isOwn(
  { self, repository }: Pick<DecideInput, 'self' | 'repository'>,
  { author, headRepository, state }: PullRequest,
): boolean {
  const isHere = headRepository === undefined ? state !== 'open' : isSame(headRepository, repository);
  return isHere && isSame(author, self);
}

/** Forges take names in any case for one. */
export function isSame(a: string | undefined, b: string): boolean {
  return a?.toLowerCase() === b.toLowerCase();
}

function isOpen({ state }: PullRequest): boolean {
  return state === 'open';
}

/** The pull requests whose comments matter: a person has committed to their branches. */
export function pullsToRead(input: Omit<DecideInput, 'comments'>): readonly number[] {
  const known = { ...input, comments: new Map() };
  const foreign = input.branches.filter(({ foreignCommits }) => foreignCommits > 0);
  return foreign.flatMap(({ name }) => viewBranch(known, name).open.map(({ number }) => number));
}
