import path from 'node:path';
import type { Effective } from '../config/effective.js';
import { findRoot } from '../discover/disk/discover.js';
import type { SuppressionNote } from '../engine/types.js';
import { formatRange, parseVersionRange, SUPPORTED_RANGE } from '../kube/versions/versions.js';
import { formatGithub } from '../report/github.js';
import { formatJson, type JsonAsked } from '../report/json.js';
import { formatSummary } from '../report/summary.js';
import { type NoteKind, type Summary, total } from '../report/tally.js';
import { formatNotes } from '../report/text.js';
import { transformOrder } from '../session.js';
import { VERSION } from '../version.js';
import { coveredBy } from './covered.js';
import { formatHints } from './hints.js';
import type { Run } from './run.js';

/**
 * Prints what is known only at the end. Returns the exit code.
 * @param isCut whether files were left that nobody looked at: what would match them is not known
 */
export function finish(run: Run, isCut = false): number {
  const { options, io, screen, series, writer } = run;
  // The reader has gone and the run with it: its numbers would be those of a part.
  if (screen.isClosed && !options.write) return 0;
  const notes = run.session.finish(isCut ? [] : coveredBy(options, run.tally.summary(), io.cwd));
  run.tally.addNotes(notes);
  if (options.format === 'text') screen.say(formatNotes(notes, screen));
  const summary = run.tally.summary();
  if (series) series.print(screen.emit);
  if (options.format !== 'text') screen.emit(formatReport(run, notes, summary));
  const { width } = run.text;
  const look = {
    colors: screen.colors,
    isWritten: options.write,
    isVerbose: options.verbose,
    level: run.session.profile.level ?? 'restricted',
    maxRisk: run.asked.maxRisk.value,
    forYou: run.tally.forYou(),
    ...(width !== undefined && { width }),
  };
  const line = isCut && summary.files === 0 ? '' : formatSummary(summary, look);
  const said = run.baseline?.close(run.session.transforms.map(({ id }) => id)) ?? '';
  // One block: the line that counts, and what to do next.
  screen.say(
    line +
      said +
      (writer?.undo() ?? '') +
      (options.staged ? (writer?.stage() ?? '') : '') +
      (options.paths.includes('-') ? '' : formatHints(summary, options, io.env, width)),
    true,
  );
  return exitCode(summary, options.check, run.asked.failOn.value);
}

function formatReport(
  { options, io, session, asked, askedOf, files, left, troubles }: Run,
  suppressions: readonly SuppressionNote[],
  summary: Summary,
): string {
  if (options.format === 'github') {
    const base = path
      .relative(findRoot(io.cwd) ?? io.cwd, io.cwd)
      .split(path.sep)
      .join('/');
    return formatGithub({ files, troubles, suppressions }, base === '' ? '' : `${base}/`);
  }
  const ofRun = JSON.stringify(describeAsked(asked));
  return formatJson({
    version: VERSION,
    ...describeAsked(asked),
    transforms: session.transforms.map(({ id }) => id),
    kubernetesVersion: formatRange(session.versions),
    askedOf(file) {
      const own = describeAsked(askedOf(path.resolve(io.cwd, file)));
      return JSON.stringify(own) === ofRun ? undefined : own;
    },
    ...(options.since !== undefined && { since: options.since }),
    staged: options.staged,
    wholeFiles: options.wholeFiles,
    ...(asked.baseline.value !== undefined && { baseline: asked.baseline.value }),
    files: files.toSorted((a, b) => (a.file < b.file ? -1 : 1)),
    left,
    troubles,
    suppressions,
    summary,
  });
}

function describeAsked({ profile, maxRisk, includeSystem, kubernetesVersion, transforms }: Effective): JsonAsked {
  const versions = kubernetesVersion.value === undefined ? SUPPORTED_RANGE : parseVersionRange(kubernetesVersion.value);
  return {
    profile: profile.value.name,
    transforms: transformOrder.filter((id) => transforms.get(id)?.isOn.value),
    maxRisk: maxRisk.value,
    includeSystem: includeSystem.value,
    kubernetesVersion: formatRange(versions),
  };
}

function exitCode(
  { refused, failed, troubles, ready, suppressions }: Summary,
  check: boolean,
  failOn: readonly NoteKind[],
): number {
  if (refused + failed + troubles > 0) return 2;
  if (failOn.some((kind) => suppressions[kind] > 0)) return 1;
  return check && total(ready) > 0 ? 1 : 0;
}
