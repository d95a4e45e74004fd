import { UsageError } from '../core/errors.js';
import { GitError } from '../git/command.js';
import { ForgeError, type ForgeErrorCode } from './forge/types.js';
import { RemoteError, type RemoteErrorCode } from './git/types.js';
import { decide, pullsToRead } from './plan/decide.js';
import { carryOut, openPullOf, type Progress, Raced } from './run-act.js';
import { checkBranches } from './run-check.js';
import type { Found, GroupReport, PrRun } from './run-types.js';
import type { Decision, PrSettings } from './types.js';

/** So often it is looked again at what another run does at the same time. */
const MOST_TRIES = 6;
/** Milliseconds. */
const PAUSE = 300;

/** What is the same for all groups: the others are not tried. */
const ENDS: readonly (ForgeErrorCode | RemoteErrorCode)[] = [
  ...(['UNAUTHENTICATED', 'FORBIDDEN', 'NOT_FOUND', 'ARCHIVED', 'RATE_LIMITED', 'UNAVAILABLE'] as const),
  ...(['EMPTY', 'REDIRECTED', 'UNREACHABLE'] as const),
];

/**
 * Makes pull requests what they are to be: reads back what there is, decides, and carries it out group by group. Whatever stops it, the
 * next run goes on from what it finds; of two runs at once one does each thing, and the other finds it done.
 *
 * @throws {ForgeError} where nothing can be read back
 */
export async function runPr(run: PrRun): Promise<readonly GroupReport[]> {
  let found = await readBack(run);
  let open = [...decideAll(run, found, run.settings)];
  const reports: GroupReport[] = [];
  let opened = 0;
  let tries = 0;
  for (let decision = open.shift(); decision; decision = open.shift()) {
    try {
      const progress = await carryOut(run, found, decision);
      opened += progress.opened;
      tries = 0;
      reports.push(report(run, decision, progress));
    } catch (error) {
      if (error instanceof Raced && ++tries < MOST_TRIES) {
        const names = new Set([decision, ...open].map(({ group }) => group));
        do {
          await run.wait(PAUSE * tries);
          found = await readBack(run);
          open = decideAll(run, found, withLess(run.settings, opened)).filter(({ group }) => names.has(group));
          // Who pushed is about to open it: there is time to let it.
        } while (open.some((next) => next.group === decision.group && isOpeningAlone(next)) && ++tries < MOST_TRIES);
        continue;
      }
      if (!isRefusal(error)) throw error;
      tries = 0;
      reports.push(fail(run, found, decision, error));
      if (isNo(error) && ENDS.includes(error.code)) {
        reports.push(...open.map((rest) => ({ ...fail(run, found, rest, error), why: 'not tried, for the same reason' })));
        break;
      }
    }
  }
  return reports;
}

/** What is left of `maxNew`. */
function withLess(settings: PrSettings, opened: number): PrSettings {
  const { maxNew } = settings;
  return { ...settings, ...(maxNew !== undefined && { maxNew: Math.max(0, maxNew - opened) }) };
}

/** Whether the branch is right, and the pull request alone is missing. */
function isOpeningAlone({ actions }: Decision): boolean {
  return actions.some((action) => action.do === 'open') && !actions.some((action) => action.do === 'push');
}

/** What there is of ours, and of what is called like ours. */
export async function readBack(run: PrRun): Promise<Found> {
  const { forge, remote, settings } = run;
  const [heads, pulls] = await Promise.all([remote.branches.read(settings.branchPrefix), forge.list(settings.branchPrefix)]);
  const branches = await checkBranches(run, { branches: heads, pulls });
  const comments: [number, Awaited<ReturnType<typeof forge.comments>>][] = [];
  for (const number of pullsToRead({ ...inputOf(run, settings), branches, pulls }))
    comments.push([number, await forge.comments(number)]);
  return { branches, pulls, comments: new Map(comments) };
}

/** @param settings those of the run, with what is left of `maxNew` */
export function decideAll(run: PrRun, found: Found, settings: PrSettings): readonly Decision[] {
  return decide({ ...inputOf(run, settings), ...found });
}

function inputOf({ groups, self, remote, base }: PrRun, settings: PrSettings) {
  return { groups, settings, self, repository: remote.repository, base };
}

function report({ groups }: PrRun, decision: Decision, { pull, notes, isLacking }: Progress): GroupReport {
  // That it was not there is no news of one that is new.
  const made = decision.outcome === 'opened' ? groups.find(({ name }) => name === decision.group) : undefined;
  const next = isLacking ? 'mend that and run it again, or leave out what is refused' : NEXT[decision.outcome]?.(decision);
  return {
    group: decision.group,
    outcome: isLacking ? 'failed' : decision.outcome,
    why: isLacking ? 'it is open, but without what was refused' : (made?.title ?? decision.why),
    ...(pull && { number: pull.number, url: pull.url }),
    ...(next !== undefined && { next }),
    notes,
  };
}

const NEXT: Readonly<Partial<Record<Decision['outcome'], (decision: Decision) => string>>> = {
  'hands-off': () => 'merge it or close it; or take the commits off the branch, and kubemend goes on with it',
  declined: () =>
    'open it again to have it back; where the forge does not, since its branch is gone, remove the first line of its text',
  waiting: ({ limit }) =>
    limit === 'max-new' ? 'run it again, or raise the limit' : 'merge or close another one, or raise the limit',
};

function fail(run: PrRun, found: Found, decision: Decision, error: unknown): GroupReport {
  const pull = openPullOf(run, found, decision);
  return {
    group: decision.group,
    outcome: 'failed',
    why: error instanceof Raced ? 'another run, or a person, changes the branch at the same time' : messageOf(error),
    ...(pull && { number: pull.number, url: pull.url }),
    next: isNo(error) ? nextAfter(error) : 'run it again: it goes on where it ended',
    notes: [],
  };
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** What may go wrong with one group; anything else is a bug of ours. */
function isRefusal(error: unknown): boolean {
  return isNo(error) || error instanceof Raced || error instanceof UsageError || error instanceof GitError;
}

/** Whether a forge, or git in its name, refused something. */
export function isNo(error: unknown): error is ForgeError | RemoteError {
  return error instanceof ForgeError || error instanceof RemoteError;
}

/** What to do about it. */
export function nextAfter(error: ForgeError | RemoteError): string {
  const retryAfter = 'retryAfter' in error ? error.retryAfter : undefined;
  switch (error.code) {
    case 'UNAUTHENTICATED':
      return 'give a token that is valid; docs/pull-requests.md says where it is looked for';
    case 'FORBIDDEN':
    case 'NOT_FOUND':
      return 'give the token what it lacks (docs/forges.md lists it), or push from a fork: --fork';
    case 'ARCHIVED':
      return 'nothing: an archived repository takes no changes';
    case 'PROTECTED':
      return 'take the branch out of the rule, or choose another --branch-prefix';
    case 'RATE_LIMITED':
      return `run it again${retryAfter === undefined ? ' later' : ` in ${retryAfter} s`}: it goes on where it ended`;
    default:
      return 'run it again: it goes on where it ended';
  }
}
