import type { Action, Decision, PrSettings, PullRequest, RemoteBranch } from '../types.js';
import { closedComment, handsOffComment } from './comments.js';
import { decideLeftovers, isClosedWith } from './leftovers.js';
import { code } from './markdown.js';
import { type BranchView, type DecideInput, isOwn, viewBranch } from './ownership.js';
import { parseState } from './state.js';

export { type DecideInput, pullsToRead } from './ownership.js';

type GroupToDecide = DecideInput['groups'][number];

/** How many more pull requests may be opened. */
interface Budget {
  open: number;
  fresh: number;
}

/**
 * What becomes of every group and of every branch of ours, from what git and the forge say alone. Nothing is remembered elsewhere:
 * a run that was stopped after any of the actions is gone on with by the next one, and a second run finds nothing to do.
 *
 * What is no longer needed comes first, so that it makes room.
 */
export function decide(input: DecideInput): readonly Decision[] {
  const { groups, settings } = input;
  const leftovers = decideLeftovers(input);
  const isOpenAfter = (pull: PullRequest) => pull.state === 'open' && isOwn(input, pull) && !isClosedWith(leftovers, pull.number);
  const taken = new Set(input.pulls.filter(isOpenAfter).map(({ head }) => head)).size;
  const budget: Budget = {
    open: settings.maxOpen === undefined ? Number.POSITIVE_INFINITY : settings.maxOpen - taken,
    fresh: settings.maxNew ?? Number.POSITIVE_INFINITY,
  };
  return [...leftovers, ...groups.map((group) => decideGroup(input, group, budget))];
}

function decideGroup(input: DecideInput, group: GroupToDecide, budget: Budget): Decision {
  const view = viewBranch(input, `${input.settings.branchPrefix}${group.name}`);
  const current = view.open.find(({ base }) => base === input.base);
  const stranger = view.strangers.find(({ base }) => base === input.base);
  const decision = (outcome: Decision['outcome'], why: string, actions: readonly Action[] = []): Decision => ({
    group: group.name,
    outcome,
    why,
    actions,
  });
  if (stranger && !current) return decision('hands-off', describeStranger(input, view, stranger));
  if (view.isForeign) {
    const [pull] = current ? [current] : view.open;
    const text = pull && handsOffComment(input, pull);
    const commented: readonly Action[] = pull && text !== undefined ? [{ do: 'comment', number: pull.number, text }] : [];
    return decision(
      'hands-off',
      `${view.name} holds commits that kubemend did not make; take them off to hand it back`,
      commented,
    );
  }
  const closings = closeOthers(input, view, current);
  if (current) return update(input, group, view, { current, closings });
  const no = refusalOf(input, group, view);
  if (no) return decision('declined', `#${no.number} was closed for the same changes`, closings);
  if (view.open.length === 0 && (budget.open < 1 || budget.fresh < 1)) {
    const limit = budget.open < 1 ? 'max-open' : 'max-new';
    const most = budget.open < 1 ? input.settings.maxOpen : input.settings.maxNew;
    return { ...decision('waiting', `--${limit} ${most} is reached`), limit };
  }
  if (view.open.length === 0) {
    budget.open--;
    budget.fresh--;
  }
  const { push, why } = pushOf(input.settings, group, view);
  return decision('opened', push.length > 0 ? why : `${view.name} is there, without a pull request`, [
    ...closings,
    ...push,
    ...openingOf(input.settings, group, view.name),
  ]);
}

function describeStranger({ self }: DecideInput, { name }: BranchView, { number, author }: PullRequest): string {
  return `#${number} asks for ${name} already and was opened by ${author}, not by ${self}; close it to have one of kubemend's`;
}

interface Standing {
  readonly current: PullRequest;
  readonly closings: readonly Action[];
}

function update(input: DecideInput, group: GroupToDecide, view: BranchView, { current, closings }: Standing): Decision {
  const { push, why, outcome } = pushOf(input.settings, group, view);
  const { number } = current;
  const extras = parseState(current.body)?.pending ? extrasOf(input.settings, group).map((extra) => ({ ...extra, number })) : [];
  const isStale = push.length > 0 || extras.length > 0 || isBodyStale(input.settings, group, view.remote, current);
  const edit: readonly Action[] = isStale ? [{ do: 'edit', number, group: group.name }] : [];
  const actions = [...closings, ...push, ...extras, ...edit];
  if (push.length > 0) return { group: group.name, outcome, why, actions };
  if (actions.length > 0) {
    const what = isStale ? describeStale(number, current, view) : `another one asked for the same as #${number}`;
    return { group: group.name, outcome: 'updated', why: what, actions };
  }
  return { group: group.name, outcome: 'unchanged', why: `#${number} holds just that`, actions };
}

function describeStale(number: number, { body }: PullRequest, { name }: BranchView): string {
  if (parseState(body)?.pending) return `the run that opened #${number} had not set all`;
  return `the text of #${number} is not about what ${name} holds`;
}

/** Whether a body is about something else than its branch holds, or is not whole. */
function isBodyStale(
  { groupBy }: PrSettings,
  group: GroupToDecide,
  remote: RemoteBranch | undefined,
  { body }: PullRequest,
): boolean {
  const state = parseState(body);
  if (!state || state.closedFor !== undefined || state.pending) return true;
  const isOfGroup = state.group === group.name && state.fingerprint === group.fingerprint && state.groupBy === groupBy;
  return !isOfGroup || state.head !== remote?.sha;
}

interface Push {
  readonly push: readonly Action[];
  readonly outcome: 'updated' | 'rebuilt';
  readonly why: string;
}

function pushOf(
  { rebase }: PrSettings,
  { name: group, fingerprint }: GroupToDecide,
  { name, remote, isTaken }: BranchView,
): Push {
  const action: Action = { do: 'push', branch: name, group, ...(remote && { lease: remote.sha }) };
  const push = [action];
  if (!remote) return { push, outcome: 'rebuilt', why: `there is no ${name}` };
  if (remote.fingerprint !== fingerprint) return { push, outcome: 'updated', why: 'what is to be done has changed' };
  if (isTaken) return { push, outcome: 'rebuilt', why: `${name} was merged, and is to be done again` };
  if (remote.conflicts) return { push, outcome: 'rebuilt', why: `${name} conflicts with what it is to be merged into` };
  if (rebase === 'always' && !remote.isOnBase)
    return { push, outcome: 'rebuilt', why: `what ${name} is to be merged into has moved` };
  return { push: [], outcome: 'rebuilt', why: '' };
}

/** Of several open ones of a branch one is right: the oldest that asks for the right branch. The default branch may be another one now. */
function closeOthers({ base }: DecideInput, { open }: BranchView, current: PullRequest | undefined): readonly Action[] {
  return open
    .filter((pull) => pull !== current)
    .map((pull) => {
      const why =
        pull.base === base
          ? // By its address: on GitLab `#1` is an issue.
            `${current?.url} asks for the same.`
          : `Changes are to be merged into ${code(base)} now; another pull request asks for that.`;
      return { do: 'close', number: pull.number, for: 'replaced', comment: closedComment(why) };
    });
}

/** The pull request by closing which a person has said no to these changes, whatever they were grouped by. */
function refusalOf(input: DecideInput, { fingerprint }: GroupToDecide, { name, remote }: BranchView): PullRequest | undefined {
  return input.pulls.find((pull) => {
    if (pull.state !== 'closed' || !isOwn(input, pull)) return false;
    const state = parseState(pull.body);
    if (state?.closedFor !== undefined) return false;
    // The text may be behind the branch, or lost.
    const isOfBranch = pull.head === name && remote?.fingerprint === fingerprint && pull.headSha === remote.sha;
    return state?.fingerprint === fingerprint || isOfBranch;
  });
}

function openingOf(settings: PrSettings, group: GroupToDecide, branch: string): readonly Action[] {
  const extras = extrasOf(settings, group);
  const open = { do: 'open', branch, group: group.name } as const;
  if (extras.length === 0) return [open];
  return [{ ...open, pending: true }, ...extras, { do: 'edit', group: group.name }];
}

/** What is set beside the text. All of it adds to what is there, so that it can be done again. */
function extrasOf(settings: PrSettings, { name: group, owners }: GroupToDecide): readonly Extra[] {
  const { labels, assignees, reviewers, codeownersReview, milestone, autoMerge } = settings;
  const wanted: readonly (readonly [Extra['do'], boolean])[] = [
    ['labels', labels.length > 0],
    ['assignees', assignees.length > 0],
    ['reviewers', reviewers.length > 0 || (codeownersReview && owners.length > 0)],
    ['milestone', milestone !== undefined],
    ['auto-merge', autoMerge],
  ];
  return wanted.flatMap(([what, isWanted]) => (isWanted ? [{ do: what, group }] : []));
}

type Extra = Extract<Action, { readonly do: 'labels' | 'assignees' | 'reviewers' | 'milestone' | 'auto-merge' }>;
