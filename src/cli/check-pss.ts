import path from 'node:path';
import { ManifestError } from '../core/errors.js';
import { decode } from '../discover/decode.js';
import { discover } from '../discover/disk/discover.js';
import type { FileVerdict } from '../engine/types.js';
import { formatRange, formatVersion } from '../kube/versions/versions.js';
import { createColors } from '../report/paint.js';
import type { LeftEntry, Trouble } from '../report/tally.js';
import { formatLeft, formatRefusal, formatTrouble } from '../report/text.js';
import { formatVerdict, formatVerdictJson, formatVerdictSummary, type VerdictSummary } from '../report/verdict.js';
import { createSession, type Session } from '../session.js';
import { VERSION } from '../version.js';
import type { CheckPssOptions } from './commands.js';
import type { Io } from './io.js';
import { readText } from './read.js';
import { wantsColor } from './screen.js';
import { quoteWords } from './shell.js';

/** What messages call a text that belongs nowhere. */
const NOWHERE = 'stdin.yaml';

/** What was judged so far. */
interface Verdicts {
  readonly files: FileVerdict[];
  readonly left: readonly LeftEntry[];
  readonly troubles: Trouble[];
}

/** `kubemend check-pss`: prints which checks of a level the workloads fail. Returns the exit code: 1 when some fail, 2 for trouble. */
export async function checkPodSecurity(options: CheckPssOptions, io: Io): Promise<number> {
  const { includeSystem, kubernetesVersion, level } = options;
  const session = createSession({
    includeSystem,
    profile: `pss-${level}`,
    ...(kubernetesVersion !== undefined && { kubernetesVersion }),
    base: io.cwd.split(path.sep).join('/'),
  });
  const verdicts = options.paths.includes('-') ? await judgeStdin(options, io, session) : await judgeAll(options, io, session);
  return print(options, io, session, verdicts);
}

async function judgeStdin({ level }: CheckPssOptions, io: Io, session: Session): Promise<Verdicts> {
  const files: FileVerdict[] = [];
  try {
    const text = decode(await io.readStdin());
    session.survey(NOWHERE, text);
    files.push(session.judge(NOWHERE, text, level));
  } catch (error) {
    if (!(error instanceof ManifestError)) throw error;
    files.push({ file: NOWHERE, status: 'refused', objects: [], error });
  }
  return { files, left: [], troubles: [] };
}

async function judgeAll(options: CheckPssOptions, io: Io, session: Session): Promise<Verdicts> {
  const found = await discover({ cwd: io.cwd, paths: options.paths, exclude: options.exclude });
  const troubles = found.unreadable.map(({ path: folder }) => ({ path: folder, text: 'cannot be read' }));
  const read = (file: string) => readText(path.resolve(io.cwd, file));
  // Which file is a patch of a kustomization, or of a chart, other files say.
  for (const file of [...found.context, ...found.files]) {
    const reading = read(file);
    if ('text' in reading) session.survey(file, reading.text);
  }
  const files = found.files.flatMap((file): FileVerdict[] => {
    const left = session.left(file);
    if (left) return [{ file, status: 'left', objects: [], left }];
    const reading = read(file);
    if ('text' in reading) return [session.judge(file, reading.text, options.level)];
    if ('refused' in reading) return [{ file, status: 'refused', objects: [], error: reading.refused }];
    troubles.push({ path: file, text: reading.trouble });
    return [];
  });
  return { files, left: found.left, troubles };
}

function print(options: CheckPssOptions, io: Io, { versions }: Session, { files, left, troubles }: Verdicts): number {
  const { level, format, quiet, verbose } = options;
  const summary = sumUp(options, formatRange(versions), { files, left, troubles });
  const paint = (isTerminal: boolean) => createColors(wantsColor(options, io.env) ?? isTerminal);
  const colors = paint(io.stderr.isTerminal);
  if (format === 'json') io.stdout.write(formatVerdictJson(VERSION, summary, files, left, troubles));
  const width = io.stdout.isTerminal ? io.stdout.stream?.columns : undefined;
  const textOptions = {
    colors: paint(io.stdout.isTerminal),
    isVerbose: verbose,
    from: formatVersion(versions.from),
    ...(width !== undefined && { width }),
  };
  for (const file of files) {
    if (file.error || file.bug) io.stderr.write(formatRefusal(file, colors));
    else if (format === 'json') continue;
    else if (file.left) io.stdout.write(verbose ? formatLeft({ path: file.file, ...file.left }, textOptions) : '');
    else io.stdout.write(formatVerdict(file, textOptions));
  }
  for (const entry of format === 'text' && verbose ? left : []) io.stdout.write(formatLeft(entry, textOptions));
  for (const trouble of troubles) io.stderr.write(formatTrouble(trouble, { colors }));
  const isFailing = summary.passing < summary.workloads;
  if (!quiet) {
    io.stderr.write(formatVerdictSummary(summary, colors));
    if (isFailing && !options.paths.includes('-')) {
      io.stderr.write(`Mend them: ${quoteWords(['kubemend', '--profile', `pss-${level}`, ...options.paths])}\n`);
    }
  }
  if (summary.refused + summary.troubles > 0) return 2;
  return isFailing ? 1 : 0;
}

function sumUp({ level }: CheckPssOptions, kubernetesVersion: string, { files, left, troubles }: Verdicts): VerdictSummary {
  const objects = files.flatMap((file) => file.objects);
  const judged = objects.filter((object) => object.left === undefined);
  return {
    level,
    kubernetesVersion,
    files: files.filter((file) => !file.left).length,
    workloads: judged.length,
    passing: judged.filter(({ failed }) => failed.length === 0).length,
    left: left.length + files.filter((file) => file.left).length + objects.length - judged.length,
    refused: files.filter((file) => file.error || file.bug).length,
    troubles: troubles.length,
  };
}
