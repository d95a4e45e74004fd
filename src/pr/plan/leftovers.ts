import type { Action, Decision, PullRequest } from '../types.js';
import { closedComment, handsOffComment } from './comments.js';
import { isOfPart } from './labels.js';
import { type BranchView, type DecideInput, isOwn, viewBranch } from './ownership.js';
import { parseState } from './state.js';

/** What becomes of branches and pull requests of ours for which there is nothing to do any more. */
export function decideLeftovers(input: DecideInput): readonly Decision[] {
  const { groups, branches, pulls, settings } = input;
  const wanted = new Set(groups.map(({ name }) => `${settings.branchPrefix}${name}`));
  const own = pulls.filter((pull) => pull.state === 'open' && isOwn(input, pull));
  const names = new Set([...branches.map(({ name }) => name), ...own.map(({ head }) => head)]);
  return [...names]
    .filter((name) => name.startsWith(settings.branchPrefix) && !wanted.has(name) && !isOfPart(name, settings.branchPrefix))
    .sort()
    .flatMap((name) => decideLeftover(input, viewBranch(input, name)) ?? []);
}

export function isClosedWith(decisions: readonly Decision[], number: number): boolean {
  return decisions.some(({ actions }) => actions.some((action) => action.do === 'close' && action.number === number));
}

function decideLeftover(input: DecideInput, view: BranchView): Decision | undefined {
  const { name, remote, pulls, open, isForeign } = view;
  // A branch that happens to be called like ours is somebody else's.
  if (pulls.length === 0 && remote?.fingerprint === undefined) return undefined;
  const group = name.slice(input.settings.branchPrefix.length);
  if (isForeign) {
    const comments = open.flatMap((pull): Action[] => {
      const text = handsOffComment(input, pull);
      return text === undefined ? [] : [{ do: 'comment', number: pull.number, text }];
    });
    const why = `${name} is no longer needed, but holds commits that kubemend did not make; it is yours`;
    return { group, outcome: 'hands-off', why, actions: comments };
  }
  const closings = open.map((pull) => close(input, pull));
  const removal: readonly Action[] =
    remote && view.strangers.length === 0 ? [{ do: 'delete-branch', branch: name, lease: remote.sha }] : [];
  const actions = [...closings, ...removal];
  if (actions.length === 0) return undefined;
  if (closings.length > 0) {
    const isReplaced = closings.some((action) => action.do === 'close' && action.for === 'replaced');
    const why = isReplaced ? `changes are grouped by ${input.settings.groupBy} now` : 'nothing of it is to be done any more';
    return { group, outcome: 'closed', why, actions };
  }
  return {
    group,
    outcome: 'cleaned',
    why: view.isTaken ? `${name} is merged` : `nothing of ${name} is to be done any more`,
    actions,
  };
}

function close({ settings: { groupBy } }: DecideInput, { number, body }: PullRequest): Action {
  const before = parseState(body)?.groupBy;
  const isReplaced = before !== undefined && before !== groupBy;
  const why = isReplaced
    ? `Changes are grouped by ${groupBy} now, and no longer by ${before}: other pull requests hold what is still to be done.`
    : 'Nothing of this is to be done any more: it was done elsewhere, a suppression says no, or kubemend is asked for other things.';
  return { do: 'close', number, for: isReplaced ? 'replaced' : 'not-needed', comment: closedComment(why) };
}
