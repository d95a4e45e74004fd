import { UsageError } from '../core/errors.js';
import { nearest } from '../discover/nearest.js';
import { isOwn, isSame } from '../pr/plan/ownership.js';
import { formatCounts, formatGroups } from '../pr/run-report.js';
import type { GroupReport, Remote } from '../pr/run-types.js';
import type { PullRequest } from '../pr/types.js';
import { visible } from '../report/visible.js';
import { type Context, openBase } from './pr-base.js';
import type { PrCloseOptions, PrOptions, PrPlace } from './pr-options.js';
import { findPlace, type Place, refusePushing, remoteOf } from './pr-place.js';
import type { Wanted } from './pr-settings.js';

/** `kubemend pr list`: the open pull requests that kubemend keeps. */
export async function listPulls(options: PrPlace, context: Context): Promise<number> {
  const { io, screen, world, signal } = context;
  const place = await findPlace(options, io, world, signal);
  const { wanted } = await openBase(asRun(options), place, context);
  const { branchPrefix } = wanted;
  const open = await openPulls(place, wanted);
  if (options.format === 'json') {
    const pulls = open.map((pull) => ({ group: groupOf(pull, branchPrefix), ...describe(pull) }));
    screen.emit(`${JSON.stringify({ format: 1, repository: place.repository.webUrl, pulls }, null, 2)}\n`);
    return 0;
  }
  const rows = open.map((pull) =>
    [groupOf(pull, branchPrefix), `#${pull.number}`, pull.isDraft ? 'draft' : 'ready', pull.title, pull.url].map((cell) =>
      visible(cell),
    ),
  );
  screen.emit(alignColumns(rows));
  screen.say(
    open.length === 0
      ? `no pull request of kubemend is open in ${visible(place.repository.fullName)}\n`
      : `${open.length} open. Close one: kubemend pr close GROUP\n`,
    true,
  );
  return 0;
}

/** One row below the other, the last cell of each as long as it is. */
function alignColumns(rows: readonly (readonly string[])[]): string {
  const width = (at: number) => Math.max(...rows.map((row) => row[at]?.length ?? 0));
  const lines = rows.map((row) => row.map((cell, at) => (at === row.length - 1 ? cell : cell.padEnd(width(at)))).join('  '));
  return lines.map((line) => `${line}\n`).join('');
}

function describe({ number, url, title, isDraft, head, base, labels }: PullRequest) {
  return { number, url, title, isDraft, head, base, labels };
}

/** `kubemend pr close`: as if a person had closed them, so they stay closed until their changes are others. */
export async function closePulls(options: PrCloseOptions, context: Context): Promise<number> {
  const { io, screen, world, signal } = context;
  const place = await findPlace(options, io, world, signal);
  const { work, wanted } = await openBase(asRun(options), place, context);
  const open = await openPulls(place, wanted);
  const chosen = choose(open, options, wanted.branchPrefix);
  if (chosen.length === 0) {
    screen.say(`no pull request of kubemend is open in ${visible(place.repository.fullName)}\n`, true);
    return 0;
  }
  if (options.dryRun) {
    const would = chosen.map((pull) => `would close ${groupOf(pull, wanted.branchPrefix)}: ${pull.url}\n`);
    screen.emit(visible(would.join(''), '\n'));
    return 0;
  }
  refusePushing(place, wanted.fork);
  const remote = await remoteOf(place, work, wanted);
  const reports: GroupReport[] = [];
  for (const pull of chosen) reports.push(await closeOne(place, remote, pull, wanted.branchPrefix));
  if (options.format === 'json') screen.emit(`${JSON.stringify({ format: 1, groups: reports }, null, 2)}\n`);
  else screen.emit(formatGroups(reports, screen.patchColors));
  screen.say(`${formatCounts(reports)}\n`, true);
  return 0;
}

/** Nothing is looked for; the configuration says what branches are called. */
function asRun(options: PrPlace): PrOptions {
  return { ...options, skip: [], set: [], exclude: [], includeSystem: false, dryRun: true };
}

/** Those that whose token it is has opened, from its branches: of others only the name of a branch is like ours. */
async function openPulls(
  { forge, repository, self }: Place,
  { branchPrefix, fork: isFork }: Pick<Wanted, 'branchPrefix' | 'fork'>,
): Promise<readonly PullRequest[]> {
  const isOurs = (pull: PullRequest) =>
    isFork
      ? isSame(pull.author, self) && isSame(pull.headRepository?.split('/')[0], self)
      : isOwn({ self, repository: repository.fullName }, pull);
  const pulls = await forge.list(branchPrefix);
  return pulls.filter((pull) => pull.state === 'open' && isOurs(pull)).toSorted((a, b) => a.number - b.number);
}

function groupOf({ head }: PullRequest, prefix: string): string {
  return head.slice(prefix.length);
}

/** @throws {UsageError} for a group that has none */
function choose(open: readonly PullRequest[], { groups, all }: PrCloseOptions, prefix: string): readonly PullRequest[] {
  if (all) return open;
  const names = open.map((pull) => groupOf(pull, prefix));
  for (const group of groups) {
    if (names.includes(group)) continue;
    const near = nearest(group, names);
    const hint = near === undefined ? '; kubemend pr list prints those that are' : `; did you mean "${near}"?`;
    throw new UsageError(`no pull request of a group "${group}" is open${hint}`);
  }
  return open.filter((pull) => groups.includes(groupOf(pull, prefix)));
}

const FAREWELL = 'Closed by `kubemend pr close`. It is not opened again unless its changes become others.';

async function closeOne({ forge }: Place, { branches }: Remote, pull: PullRequest, prefix: string): Promise<GroupReport> {
  const { number, url, head } = pull;
  const branch = (await branches.read(prefix)).find(({ name }) => name === head);
  await forge.comment(number, FAREWELL);
  await forge.close(number);
  const report = { group: groupOf(pull, prefix), outcome: 'closed', number, url, notes: [] } as const;
  if (branch === undefined) return { ...report, why: 'closed; there was no branch' };
  if (branch.foreignCommits > 0) return { ...report, why: `closed; "${head}" stays, since it holds commits of a person` };
  const isThere = (await branches.remove(head, branch.sha)) === 'stale';
  return {
    ...report,
    why: isThere ? `closed; "${head}" stays, since someone pushed to it just now` : 'closed, and the branch removed',
  };
}
