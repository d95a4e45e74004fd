import path from 'node:path';
import { UsageError } from '../core/errors.js';
import type { DecidedFinding } from '../core/finding.js';
import { type Discovered, discover } from '../discover/disk/discover.js';
import { reasonOf } from '../discover/disk/system-error.js';
import { targetOf } from '../discover/disk/target.js';
import type { FileResult } from '../engine/types.js';
import type { DockerfileReader } from '../kube/repo-facts.js';
import { patchOf } from '../report/patch.js';
import type { FileReport, Trouble } from '../report/tally.js';
import { formatFile, formatLeft, formatTrouble } from '../report/text.js';
import { visible } from '../report/visible.js';
import { createSession } from '../session.js';
import { openBaseline } from './baseline.js';
import { createBeside } from './beside.js';
import { readChanges } from './changes.js';
import { completeRun } from './complete.js';
import { configure } from './configured.js';
import { finish } from './finish.js';
import type { Interview } from './interview.js';
import type { Io, Sink } from './io.js';
import { readDigests } from './lock-files.js';
import { lookAt, lookAtContext } from './look-at.js';
import type { FixOptions } from './options.js';
import { createPace, type Pace } from './pace.js';
import { inOrder, openSession, type Run, startRun } from './run.js';
import { scopeOf } from './scope.js';
import { loadReader, surveyAll } from './survey.js';
import type { Terminal } from './terminal.js';
import { weighAll } from './weigh.js';

/** `kubemend fix`: looks at the files, prints or writes what would change, and says what it did. Returns the exit code. */
export async function fixFiles(options: FixOptions, io: Io, sessionFrom: typeof createSession = createSession): Promise<number> {
  let reader: DockerfileReader | undefined;
  const changes = readChanges(options, io.cwd);
  const configured = configure(options, io, changes);
  const known = configured.run.baseline.value;
  const baseline = openBaseline({ ...options, ...(known !== undefined && { baseline: known }) }, io.cwd);
  const readDockerfile: DockerfileReader = (text) => reader?.(text);
  const { leaves } = configured;
  const discovered = await discover({ cwd: io.cwd, paths: options.paths, exclude: options.exclude, leaves });
  const scope = scopeOf(discovered, changes, options, io.cwd);
  const beside = createBeside(scope, options, io.cwd);
  const { lookAt } = beside;
  const bytesOf = changes?.staged?.bytesOf;
  const digests = readDigests({ cwd: io.cwd, paths: options.paths, bytesOf }, discovered.files, configured);
  const session = openSession(options, configured, io, sessionFrom, {
    readDockerfile,
    lookAt,
    // What will be accepted, nobody knows yet.
    ...(options.interactive && { claims: 'now' }),
    ...changes,
    ...baseline,
    ...digests,
  });
  const { found } = scope;
  reader = await loadReader(found);
  refuseOutput(options, io, found);
  const terminal = options.interactive ? await openTerminal(io) : undefined;
  const run = startRun(options, io, session, configured, scope, { baseline, beside });
  const { screen } = run;
  try {
    const pace = createPace(found.files.length, screen, io, options.quiet);
    await surveyAll(run, found, pace, (file) => surveyContext(run, file));
    await weighAll(run, found, pace);
    const interview = terminal && (await openInterview(run, terminal));
    await fixAll(run, found, pace, interview);
    screen.progress?.hide();
    if (!screen.isClosed || options.write) completeRun(run, (file, trouble) => reportTrouble(run, { path: file, text: trouble }));
    return interview?.isInterrupted ? Math.max(finish(run, true), INTERRUPTED) : finish(run);
  } finally {
    terminal?.close();
    screen.progress?.hide();
    screen.close();
  }
}

/** What shells give a program that Ctrl-C ended. */
const INTERRUPTED = 130;

/** @throws {UsageError} where there is nobody to ask */
async function openTerminal(io: Io): Promise<Terminal> {
  const terminal = await io.openTerminal?.();
  if (terminal) return terminal;
  throw new UsageError('--interactive asks on a terminal, and there is none; without it, --write writes everything');
}

async function openInterview(run: Run, terminal: Terminal): Promise<Interview> {
  const [{ createInterview }, { explain }] = await Promise.all([import('./interview.js'), import('./explain.js')]);
  const { io, options, screen } = run;
  const stdout: Sink = { ...io.stderr, write: (text) => screen.say(text) };
  return createInterview(run, terminal, (id) => explain([id], { ...io, stdout }, options));
}

/** What is read must not be what is written, whatever links lead there. */
function refuseOutput({ output }: FixOptions, { cwd }: Io, { files, context }: Discovered): void {
  const target = output === undefined ? undefined : targetOf(path.resolve(cwd, output))?.path;
  if (target === undefined || ![...files, ...context].some((file) => path.resolve(cwd, file) === target)) return;
  throw new UsageError(
    `--output "${output}" is one of the files that are read; name another one, or leave it out with --exclude`,
  );
}

/** A file that is not asked for itself: nothing else would say that it cannot be read. */
export function surveyContext(run: Run, file: string): void {
  const looked = lookAtContext(run, file);
  if (looked === undefined) return;
  if ('trouble' in looked) reportUnread(run, file, looked.trouble);
  else reportFile(run, looked.result);
}

/** Second pass: file by file, in order, with those that were left unread between them. */
async function fixAll(
  run: Run,
  { files, left, unreadable }: Discovered,
  pace: Pace,
  interview: Interview | undefined,
): Promise<void> {
  const { screen, tally, text, options } = run;
  for (const { path: folder, error } of unreadable) reportUnread(run, folder, `cannot be read: ${reasonOf(error)}`);
  let index = 0;
  for (const next of inOrder(files, left)) {
    if (typeof next !== 'string') {
      tally.addLeft(next);
      if (text.isVerbose) screen.say(formatLeft(next, text));
      continue;
    }
    // A bar would be drawn over the questions.
    if (!interview) await pace((files.length + index++) / 2, next);
    // Nobody reads on; only a run that writes still has work to do.
    if (screen.isClosed && !options.write) return;
    await fixOne(run, next, interview);
    if (interview?.isInterrupted) return;
  }
}

async function fixOne(run: Run, file: string, interview: Interview | undefined): Promise<void> {
  const { session, writer, screen } = run;
  const absolute = path.resolve(run.io.cwd, file);
  const looked = lookAt(run, file);
  if ('trouble' in looked) {
    reportUnread(run, file, looked.trouble);
    return;
  }
  if ('result' in looked) {
    reportFile(run, looked.result);
    return;
  }
  const { reading } = looked;
  const result = interview ? await interview.about(file, reading.text) : session.fix(file, reading.text);
  if (interview?.isInterrupted) {
    // What was said yes to in it is not made either.
    session.fix(file, reading.text, () => false);
    screen.complain(`${visible(file)}: interrupted; it and what comes behind it stay as they are\n`);
    return;
  }
  const writing = result.status === 'changed' ? writer?.write(absolute, reading.bytes, result.text) : undefined;
  reportFile(run, result, writing && !('trouble' in writing), interview ? isUnasked : undefined);
  if (run.options.format === 'text') showPatch(run, result, reading.text);
  if (writing && 'trouble' in writing) reportTrouble(run, { path: file, text: writing.trouble });
  if (writing && 'note' in writing) run.screen.say(`${visible(file)}: ${writing.note}\n`);
}

/** What nobody was shown yet. */
function isUnasked({ status }: DecidedFinding): boolean {
  return status !== 'ready' && status !== 'declined';
}

/**
 * Counts a file and says what there is to say of it.
 * @param isShown which of the findings to say; all where absent
 */
export function reportFile(
  { options, screen, text, tally, files, baseline }: Run,
  result: FileResult,
  isWritten?: boolean,
  isShown: (finding: DecidedFinding) => boolean = () => true,
): void {
  const { file, status, findings, objects, suppressions, left, error, bug } = result;
  const report: FileReport = {
    file,
    status,
    findings,
    objects,
    suppressions,
    ...(left && { left }),
    ...(error && { error }),
    ...(bug && { bug }),
    ...(isWritten !== undefined && { isWritten }),
  };
  tally.add(report);
  baseline?.add(report);
  if (error || bug) screen.complain(formatFile(report, text));
  else if (options.format === 'text' && !options.updateBaseline)
    screen.say(formatFile({ ...report, findings: findings.filter(isShown) }, text));
  if (options.format !== 'text') files.push(report);
}

function showPatch({ options, series, screen }: Run, result: FileResult, before: string): void {
  if (series) series.add(result, before);
  else if (!options.write && !options.check) screen.emit(patchOf(result.file, before, result.splices, screen.patchColors));
  else return;
  if (result.status === 'changed' && result.file.startsWith('../')) {
    screen.say(
      `${visible(result.file)}: git apply takes no patch of a file outside of the working directory; run kubemend in a folder above it\n`,
    );
  }
}

function reportTrouble({ troubles, screen, text }: Run, trouble: Trouble): void {
  troubles.push(trouble);
  screen.complain(formatTrouble(trouble, text));
}

function reportUnread(run: Run, file: string, text: string): void {
  run.tally.addUnread();
  reportTrouble(run, { path: file, text });
}
