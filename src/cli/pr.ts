import { UsageError } from '../core/errors.js';
import { GitError } from '../git/command.js';
import { makeTemporary, removeTemporaries } from '../pr/git/temporary.js';
import { isNo, nextAfter, readBack, runPr } from '../pr/run.js';
import { previewPr } from '../pr/run-preview.js';
import { formatCounts, formatGroups, formatPreview, formatPrJson, type PrReport } from '../pr/run-report.js';
import type { PrRun } from '../pr/run-types.js';
import { count } from '../report/summary.js';
import { visible } from '../report/visible.js';
import { createSession } from '../session.js';
import { VERSION } from '../version.js';
import type { Io } from './io.js';
import { type Context, openBase } from './pr-base.js';
import { createDescriber } from './pr-describe.js';
import type { ParsedPr, PrOptions } from './pr-options.js';
import { findPlace, refusePushing, remoteOf, WORLD, type World } from './pr-place.js';
import { groupsOf, withPart } from './pr-plan.js';
import { lookAtAll, type Sightings } from './pr-session.js';
import { createScreen } from './screen.js';
import { untilStopped } from './stopped.js';

type Asked = Exclude<ParsedPr, { readonly print: string }>;

/** `kubemend pr`, `pr list` and `pr close`. Returns the exit code. */
export async function pullRequests(
  asked: Asked,
  io: Io,
  sessionFrom: typeof createSession = createSession,
  world: World = WORLD,
): Promise<number> {
  const screen = createScreen({ ...asked.options, paths: [] }, io);
  try {
    return await untilStopped(removeTemporaries, async (signal) => {
      const context: Context = { io, screen, sessionFrom, world, temporary: makeTemporary, signal };
      return await carryOutCommand(asked, context);
    });
  } catch (error) {
    if (error instanceof GitError) throw new UsageError(`git cannot do it, and says: ${error.message}`, { cause: error });
    if (!isNo(error)) throw error;
    screen.complain(`kubemend: ${visible(error.message)}\nnext: ${visible(nextAfter(error))}\n`);
    return 2;
  } finally {
    screen.progress?.hide();
    removeTemporaries();
    screen.close();
  }
}

async function carryOutCommand(asked: Asked, context: Context): Promise<number> {
  if (asked.command === 'pr') return await keep(asked.options, context);
  const { closePulls, listPulls } = await import('./pr-own.js');
  return asked.command === 'pr list' ? await listPulls(asked.options, context) : await closePulls(asked.options, context);
}

/** `kubemend pr` */
async function keep(options: PrOptions, context: Context): Promise<number> {
  const { io, screen, world, signal } = context;
  const say = (text: string) => screen.say(`${visible(text)}\n`);
  const place = await findPlace(options, io, world, signal);
  if (place.repository.isArchived)
    throw new UsageError(`${place.repository.fullName} is archived: it takes no changes; nothing was done`);
  if (place.repository.isEmpty) {
    screen.say(`${visible(place.repository.fullName)} is empty: nothing to do\n`, true);
    return 0;
  }
  say(`reading ${place.repository.fullName}`);
  const { work, folder, configured, ...base } = await openBase(options, place, context);
  const wanted = withPart(base.wanted, place.inside);
  if (!options.dryRun) refusePushing(place, wanted.fork);
  for (const note of work.notes) say(note);
  const sightings = await lookAtAll(options, place.inside, configured, { ...io, cwd: folder }, screen, context.sessionFrom);
  const { groups, failed, texts } = groupsOf(sightings, wanted, place.forge.kind, { folder, inside: place.inside });
  const remote = await remoteOf(place, work, wanted, options.dryRun);
  const run: PrRun = {
    ...{ forge: place.forge, remote, settings: wanted, groups, texts, self: place.self, say },
    describe: createDescriber(options, wanted, place, work.base.branch),
    base: work.base.branch,
    wait: (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds)),
  };
  const previews = options.dryRun ? await previewPr(run, await readBack(run)) : undefined;
  const reports = previews ?? (await runPr(run));
  const report: PrReport = {
    version: VERSION,
    repository: work.url,
    base: work.base.branch,
    commit: work.base.commit,
    isDryRun: options.dryRun,
    groups: reports,
    troubles: [...sightings.troubles, ...failed],
  };
  if (options.format === 'json') screen.emit(formatPrJson(report));
  else if (previews) for (const preview of previews) screen.emit(formatPreview(preview, screen.patchColors));
  else screen.emit(formatGroups(reports, screen.patchColors));
  for (const trouble of report.troubles) screen.complain(`${visible(trouble)}\n`);
  screen.say(`${summarize(report, sightings)}\n`, true);
  return report.troubles.length > 0 || reports.some(({ outcome }) => outcome === 'failed') ? 2 : 0;
}

function summarize({ groups, base, commit, isDryRun, troubles }: PrReport, { manifests, workloads }: Sightings): string {
  const looked = `${base} at ${commit.slice(0, 12)}: ${count(manifests, 'file')}, ${count(workloads, 'workload')}`;
  const trouble = troubles.length === 0 ? '' : ` · ${troubles.length} not read or mended`;
  if (groups.length === 0) return `${looked}: nothing to do${trouble}`;
  return `${looked} · ${formatCounts(groups)}${trouble}${isDryRun ? ' · nothing was pushed or sent' : ''}`;
}
