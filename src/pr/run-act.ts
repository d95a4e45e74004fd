import { ForgeError, type ForgeErrorCode } from './forge/types.js';
import { closedComment } from './plan/comments.js';
import { isOwn } from './plan/ownership.js';
import { parseState, withState } from './plan/state.js';
import type { Found, PrRun } from './run-types.js';
import type { Action, BodyState, Decision, Group, PullRequest } from './types.js';

/** Another run, or a person, was there first: what was decided no longer holds. */
export class Raced extends Error {}

const RACES: readonly ForgeErrorCode[] = ['EXISTS', 'CONFLICT'];

/** What is known of a decision while it is carried out. */
export interface Progress {
  /** What was opened, or is there. */
  pull: Pick<PullRequest, 'number' | 'url'> | undefined;
  /** The commit that its branch is at. */
  head: string | undefined;
  /** How many were opened. */
  opened: number;
  readonly notes: string[];
  /** Whether something that was to be set could not be. */
  isLacking: boolean;
}

/**
 * Carries out what was decided of one group, in order. Each side effect can be done again, so a run that ends anywhere goes on here.
 * @throws {Raced} where what was decided no longer holds
 * @throws {ForgeError} and what git says
 */
export async function carryOut(run: PrRun, found: Found, decision: Decision): Promise<Progress> {
  const pull = openPullOf(run, found, decision);
  const progress: Progress = { pull, head: undefined, opened: 0, notes: [], isLacking: false };
  for (const action of decision.actions) {
    try {
      await act(run, found, action, progress);
    } catch (error) {
      const isRace = error instanceof ForgeError && RACES.includes(error.code);
      throw isRace ? new Raced(error.message, { cause: error }) : error;
    }
  }
  return progress;
}

/** The pull request that a decision is about, where there is one. */
export function openPullOf(run: PrRun, { pulls }: Found, { group, actions }: Decision): PullRequest | undefined {
  const numbers = actions.flatMap((action) => ('number' in action && action.number !== undefined ? [action.number] : []));
  const named = pulls.find(({ number }) => numbers.includes(number));
  const branch = `${run.settings.branchPrefix}${group}`;
  // A stranger's fork may have a branch of that name: who reads of it here would take it for ours.
  const whose = { self: run.self, repository: run.remote.repository };
  const same = pulls.filter((pull) => pull.head === branch && isOwn(whose, pull));
  return named ?? same.find(({ state }) => state === 'open') ?? same[0];
}

async function act(run: PrRun, found: Found, action: Action, progress: Progress): Promise<void> {
  switch (action.do) {
    case 'push':
      return push(run, action, progress);
    case 'open':
      return open(run, found, action, progress);
    case 'edit':
      return edit(run, found, action, progress);
    case 'comment':
      return comment(run, action.number, action.text);
    case 'close':
      return close(run, found, action);
    case 'delete-branch': {
      run.say(`removing ${action.branch}`);
      if ((await run.remote.branches.remove(action.branch, action.lease)) === 'stale') throw new Raced(action.branch);
      return;
    }
    default:
      return set(run, action, progress);
  }
}

async function push(run: PrRun, action: Extract<Action, { do: 'push' }>, progress: Progress): Promise<void> {
  const group = groupOf(run, action.group);
  const sha = await run.remote.build(group);
  run.say(`pushing ${action.branch}`);
  if ((await run.remote.branches.push(action.branch, sha, action.lease)) === 'stale') throw new Raced(action.branch);
  progress.head = sha;
}

async function open(run: PrRun, found: Found, action: Extract<Action, { do: 'open' }>, progress: Progress): Promise<void> {
  const { forge, remote, settings, base } = run;
  const group = groupOf(run, action.group);
  const state = stateOf(run, group, headOf(found, action.branch, progress.head), action.pending);
  run.say(`opening a pull request for ${action.branch}`);
  progress.pull = await forge.open({
    title: group.title,
    body: run.describe(group, state),
    base,
    head: action.branch,
    ...(remote.isFork && { headRepository: remote.repository }),
    isDraft: settings.draft.includes(group.risk),
  });
  progress.opened++;
  await giveWay(run, action.branch, progress.pull.number);
}

/** A forge may open two of one branch where two runs ask at once. The first stays. */
async function giveWay(run: PrRun, branch: string, number: number): Promise<void> {
  const { forge, settings, self, remote, base } = run;
  const pulls = await forge.list(branch);
  const isTwin = (pull: PullRequest) => pull.state === 'open' && pull.head === branch && pull.base === base;
  const own = pulls.filter((pull) => isTwin(pull) && isOwn({ self, repository: remote.repository }, pull));
  const [first] = own.filter((pull) => pull.number < number).toSorted((a, b) => a.number - b.number);
  if (!first) return;
  const comment = closedComment(`${first.url} asks for the same.`);
  await close(run, { pulls }, { do: 'close', number, for: 'replaced', comment });
  throw new Raced(`${settings.branchPrefix}: #${first.number} was opened at the same time`);
}

async function edit(run: PrRun, found: Found, action: Extract<Action, { do: 'edit' }>, progress: Progress): Promise<void> {
  // What could not be set is tried again by the next run, which reads it from the body that stands.
  if (progress.isLacking) return;
  const { forge, settings } = run;
  const group = groupOf(run, action.group);
  const number = action.number ?? numberOf(progress);
  const state = stateOf(run, group, headOf(found, `${settings.branchPrefix}${group.name}`, progress.head));
  run.say(`describing #${number}`);
  await forge.edit(number, { title: group.title, body: run.describe(group, state) });
}

/** Says something once, however often it is asked to. */
async function comment({ forge, say }: PrRun, number: number, text: string): Promise<void> {
  const plain = (body: string) => body.replaceAll('\r\n', '\n').trim();
  if ((await forge.comments(number)).some(({ body }) => plain(body) === plain(text))) return;
  say(`commenting on #${number}`);
  await forge.comment(number, text);
}

async function close(run: PrRun, found: Pick<Found, 'pulls'>, action: Extract<Action, { do: 'close' }>): Promise<void> {
  const { forge, say } = run;
  const { number } = action;
  const body = found.pulls.find((each) => each.number === number)?.body ?? '';
  const state = parseState(body);
  // Else it would pass for closed by a person.
  if (state && state.closedFor === undefined)
    await forge.edit(number, { body: withState(body, { ...state, closedFor: action.for }) });
  await comment(run, number, action.comment);
  say(`closing #${number}`);
  await forge.close(number);
}

type Setting = Extract<Action, { do: 'labels' | 'reviewers' | 'assignees' | 'milestone' | 'auto-merge' }>;

/** What a pull request is given beside its text: a forge may refuse it, which is no reason to stop. */
async function set(run: PrRun, action: Setting, progress: Progress): Promise<void> {
  const number = action.number ?? numberOf(progress);
  run.say(`setting ${action.do} of #${number}`);
  try {
    progress.notes.push(...(await setOne(run, action, number)));
  } catch (error) {
    if (!(error instanceof ForgeError) || !PASSABLE.includes(error.code)) throw error;
    progress.isLacking = true;
    progress.notes.push(`${action.do}: ${error.message}`);
  }
}

const PASSABLE: readonly string[] = ['FORBIDDEN', 'NOT_FOUND', 'INVALID', 'PROTECTED'];

async function setOne({ forge, settings, ...run }: PrRun, action: Setting, number: number): Promise<readonly string[]> {
  switch (action.do) {
    case 'labels':
      await forge.addLabels(number, settings.labels);
      return [];
    case 'assignees':
      await forge.addAssignees(number, settings.assignees);
      return [];
    case 'milestone':
      if (settings.milestone !== undefined) await forge.setMilestone(number, settings.milestone);
      return [];
    case 'auto-merge':
      // A person makes a draft ready, and that is who merges it.
      if (!isDraft(settings, run.groups, action.group)) await forge.enableAutoMerge(number);
      return [];
    case 'reviewers': {
      const group = run.groups.find(({ name }) => name === action.group);
      const wanted = reviewersOf(settings, group, run.self);
      const { refused } = wanted.length === 0 ? { refused: [] } : await forge.requestReviewers(number, wanted);
      return refused.length === 0 ? [] : [`may not review here: ${refused.join(', ')}`];
    }
  }
}

function isDraft({ draft }: PrRun['settings'], groups: readonly Group[], name: string): boolean {
  const risk = groups.find((group) => group.name === name)?.risk;
  return risk === undefined || draft.includes(risk);
}

/** An author is no reviewer of its own; an address of CODEOWNERS is no name. */
export function reviewersOf(
  { reviewers, codeownersReview }: PrRun['settings'],
  group: Group | undefined,
  self: string,
): readonly string[] {
  const owners = codeownersReview ? (group?.owners ?? []).filter((owner) => owner.startsWith('@')) : [];
  const names = [...reviewers, ...owners].map((name) => name.replace(/^@/, ''));
  return [...new Set(names)].filter((name) => name.toLowerCase() !== self.toLowerCase());
}

export function stateOf({ settings }: PrRun, group: Group, head: string, pending?: true): BodyState {
  const { name, fingerprint } = group;
  return { version: 1, group: name, fingerprint, head, groupBy: settings.groupBy, ...(pending && { pending }) };
}

export function headOf({ branches }: Found, branch: string, pushed: string | undefined): string {
  const known = pushed ?? branches.find(({ name }) => name === branch)?.sha;
  if (known === undefined) throw new Raced(branch);
  return known;
}

export function groupOf({ groups }: PrRun, name: string): Group {
  const group = groups.find((each) => each.name === name);
  if (!group) throw new Error(`there is no group "${name}"`);
  return group;
}

function numberOf({ pull }: Progress): number {
  if (!pull) throw new Error('nothing was opened that this could be about');
  return pull.number;
}
