import path from 'node:path';
import { ManifestError } from '../core/errors.js';
import { decode } from '../discover/decode.js';
import { type Discovered, discover } from '../discover/disk/discover.js';
import { reasonOf } from '../discover/disk/system-error.js';
import type { FileVerdict } from '../engine/types.js';
import { formatRange, formatVersion } from '../kube/versions/versions.js';
import { createColors } from '../report/paint.js';
import type { LeftEntry, Trouble } from '../report/tally.js';
import { formatLeft, formatRefusal, formatTrouble } from '../report/text.js';
import {
  createVerdictTally,
  formatVerdict,
  formatVerdictJson,
  formatVerdictSummary,
  type VerdictOptions,
  type VerdictOrder,
  type VerdictTally,
} from '../report/verdict.js';
import { createSession, inSurveyOrder, type Session } from '../session.js';
import { VERSION } from '../version.js';
import { type Changes, readChanges } from './changes.js';
import type { CheckPssOptions } from './commands.js';
import { type Configured, configure } from './configured.js';
import { formatMend } from './hints.js';
import type { Io } from './io.js';
import { createPace } from './pace.js';
import { inOrder } from './run.js';
import { type Scope, scopeOf } from './scope.js';
import { createScreen, type Screen, wantsColor } from './screen.js';
import { surveyFile } from './survey.js';

/** What messages call a text that belongs nowhere. */
const NOWHERE = 'stdin.yaml';

/** What was judged so far. For the text format files are printed and forgotten. */
interface Judging {
  readonly options: CheckPssOptions;
  readonly io: Io;
  readonly session: Session;
  readonly changes: Changes | undefined;
  readonly configured: Configured;
  readonly screen: Screen;
  readonly text: VerdictOptions;
  readonly tally: VerdictTally;
  readonly files: FileVerdict[];
  readonly left: LeftEntry[];
  readonly troubles: Trouble[];
}

/** `kubemend check-pss`: prints which checks of a level the workloads fail. Returns the exit code: 1 when some fail, 2 for trouble. */
export async function checkPodSecurity(options: CheckPssOptions, io: Io): Promise<number> {
  const changes = readChanges(options, io.cwd);
  const configured = configure({ ...options, profile: `pss-${options.level}`, skip: [], set: [] }, io, changes);
  const { leaves } = configured;
  const found = options.paths.includes('-')
    ? undefined
    : await discover({ cwd: io.cwd, paths: options.paths, exclude: options.exclude, leaves });
  const judging = startJudging(options, io, configured, changes);
  try {
    await (found ? judgeFiles(judging, found) : judgeStdin(judging));
  } finally {
    judging.screen.progress?.hide();
  }
  return finish(judging);
}

function startJudging(options: CheckPssOptions, io: Io, configured: Configured, changes: Changes | undefined): Judging {
  const session = createSession({
    ...configured.session(),
    // What transforms do has no part in it.
    skip: [],
    base: io.cwd.split(path.sep).join('/'),
    ...(changes?.touched && { touched: changes.touched }),
  });
  const { stdout } = io;
  const width = stdout.isTerminal ? stdout.stream?.columns : undefined;
  const text = {
    colors: createColors(wantsColor(options, io.env) ?? stdout.isTerminal),
    isVerbose: options.verbose,
    from: formatVersion(session.versions.from),
    ...(width !== undefined && { width }),
  };
  const tally = createVerdictTally();
  const screen = createScreen(options, io);
  return { options, io, session, configured, changes, screen, text, tally, files: [], left: [], troubles: [] };
}

async function judgeStdin(judging: Judging): Promise<void> {
  const { options, io, session } = judging;
  try {
    const text = decode(await io.readStdin());
    session.survey(NOWHERE, text);
    report(judging, session.judge(NOWHERE, text, options.level));
  } catch (error) {
    if (!(error instanceof ManifestError)) throw error;
    report(judging, { file: NOWHERE, status: 'refused', objects: [], error });
  }
}

async function judgeFiles(judging: Judging, discovered: Discovered): Promise<void> {
  const { options, io, session, screen, changes } = judging;
  const scope = scopeOf(discovered, changes, { ...options, write: false }, io.cwd);
  const { files, left, kept, context, unreadable } = scope.found;
  const pace = createPace(files.length, screen, io, options.quiet);
  for (const { path: file, codes } of kept) session.keep(file, codes);
  // Which file is a patch of a kustomization, or of a chart, other files say.
  for (const file of context) surveyFile({ session, scope }, file);
  for (const [index, file] of inSurveyOrder(files, (each) => each).entries()) {
    await pace(index / 2, file);
    surveyFile({ session, scope }, file);
  }
  for (const { path: folder, error } of unreadable) reportUnread(judging, folder, `cannot be read: ${reasonOf(error)}`);
  // They are not asked for themselves, and left alone, unless they cannot be read.
  for (const file of context) if (!session.left(file)) judgeFile(judging, scope, file);
  let index = 0;
  for (const next of inOrder(files, left)) {
    if (typeof next !== 'string') {
      reportLeft(judging, next);
      continue;
    }
    await pace((files.length + index++) / 2, next);
    // Nobody reads on.
    if (screen.isClosed) return;
    judgeFile(judging, scope, next);
  }
}

function judgeFile(judging: Judging, scope: Scope, file: string): void {
  const { options, session } = judging;
  const left = session.left(file) ?? scope.left(file);
  if (left) {
    report(judging, { file, status: 'left', objects: [], left });
    return;
  }
  const reading = scope.read(file);
  if ('trouble' in reading) reportUnread(judging, file, reading.trouble);
  else if ('refused' in reading) report(judging, { file, status: 'refused', objects: [], error: reading.refused });
  else report(judging, session.judge(file, reading.text, options.level));
}

function report({ options, screen, text, tally, files }: Judging, verdict: FileVerdict): void {
  tally.add(verdict);
  if (options.format === 'json') files.push(verdict);
  if (verdict.error || verdict.bug) screen.complain(formatRefusal(verdict, screen.colors));
  else if (options.format !== 'text') return;
  else if (!verdict.left) screen.emit(formatVerdict(verdict, text));
  else if (text.isVerbose) screen.emit(formatLeft({ path: verdict.file, ...verdict.left }, text));
}

function reportLeft({ options, screen, text, tally, left }: Judging, entry: LeftEntry): void {
  tally.addLeft(entry);
  left.push(entry);
  if (text.isVerbose && options.format === 'text') screen.emit(formatLeft(entry, text));
}

function reportUnread({ screen, tally, troubles }: Judging, file: string, text: string): void {
  const trouble = { path: file, text };
  tally.addUnread();
  troubles.push(trouble);
  screen.complain(formatTrouble(trouble, screen));
}

/** Prints what is known only at the end. Returns the exit code. */
function finish({ options, io, session, configured, screen, text, tally, files, left, troubles }: Judging): number {
  const { level, format, paths } = options;
  const includeSystem = configured.run.includeSystem.value;
  const summary = tally.summary();
  const order: VerdictOrder = { level, includeSystem, kubernetesVersion: formatRange(session.versions) };
  if (format === 'json') screen.emit(formatVerdictJson({ version: VERSION, ...order, files, left, troubles, summary }));
  const isFailing = summary.passing < summary.workloads;
  const width = io.stderr.isTerminal ? io.stderr.stream?.columns : undefined;
  const said = formatVerdictSummary(order, summary, {
    colors: screen.colors,
    isVerbose: text.isVerbose,
    ...(width !== undefined && { width }),
  });
  // The reader has gone and the run with it: its numbers would be those of a part.
  if (!screen.isClosed) screen.say(said + (isFailing && !paths.includes('-') ? formatMend(options, io.env) : ''), true);
  if (summary.refused + summary.failed + summary.troubles > 0) return 2;
  return isFailing ? 1 : 0;
}
