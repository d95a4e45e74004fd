import path from 'node:path';
import { RISKS } from '../core/finding.js';
import { createTally, type FileReport, type LeftEntry, type Tally, type Trouble } from '../report/tally.js';
import type { TextOptions } from '../report/text.js';
import { type createSession, type Session, type SessionOptions, transformOrder } from '../session.js';
import type { Baseline } from './baseline.js';
import type { Beside } from './beside.js';
import type { Configured } from './configured.js';
import type { Io } from './io.js';
import type { FixOptions } from './options.js';
import type { Scope } from './scope.js';
import { createScreen, type Screen } from './screen.js';
import { createSeries, type Series } from './series.js';
import { createWriter, type Writer } from './writer.js';

/** What a run has found so far. For the text format files are printed and forgotten, so that memory does not grow with them. */
export interface Run {
  readonly options: FixOptions;
  readonly io: Io;
  readonly session: Session;
  /** What is asked of the run, by configuration and command line. */
  readonly asked: Configured['run'];
  /** What is asked of a file, absolute. */
  readonly askedOf: Configured['effectiveFor'];
  readonly screen: Screen;
  readonly text: TextOptions;
  readonly tally: Tally;
  /** Empty for the text format. */
  readonly files: FileReport[];
  readonly left: readonly LeftEntry[];
  readonly troubles: Trouble[];
  readonly series: Series | undefined;
  readonly writer: Writer | undefined;
  readonly scope: Scope;
  readonly baseline: Baseline | undefined;
  /** Absent where nothing is on the disk. */
  readonly beside: Beside | undefined;
}

/** The session that the options and the configuration ask for. */
export function openSession(
  options: Pick<FixOptions, 'each' | 'format'>,
  configured: Configured,
  { today, cwd }: Io,
  sessionFrom: typeof createSession,
  more: Pick<SessionOptions, 'readDockerfile' | 'touched' | 'known' | 'claims' | 'lookAt' | 'digestOf'> = {},
): Session {
  const { each, format } = options;
  return sessionFrom({
    ...configured.session(),
    forecast: format === 'json' ? RISKS : ['high'],
    today,
    series: each,
    base: cwd.split(path.sep).join('/'),
    ...(more.readDockerfile && { readDockerfile: more.readDockerfile }),
    ...(more.digestOf && { digestOf: more.digestOf }),
    ...(more.touched && { touched: more.touched }),
    ...(more.known && { known: more.known }),
    ...(more.claims && { claims: more.claims }),
    ...(more.lookAt && { lookAt: more.lookAt }),
  });
}

/**
 * A run in which nothing was looked at yet.
 *
 * @param scope what was found on the disk; a text from standard input is found nowhere, and written nowhere
 */
export function startRun(
  options: FixOptions,
  io: Io,
  session: Session,
  configured: Configured,
  scope: Scope,
  { baseline, beside }: Partial<Pick<Run, 'baseline' | 'beside'>> = {},
): Run {
  const { found } = scope;
  const screen = createScreen(options, io);
  const ids = session.transforms.map(({ id }) => id);
  const width = io.stderr.isTerminal ? io.stderr.stream?.columns : undefined;
  return {
    options,
    io,
    session,
    asked: configured.run,
    askedOf: configured.effectiveFor,
    screen,
    text: {
      colors: screen.colors,
      idWidth: Math.max(...ids.map((id) => id.length)),
      isVerbose: options.verbose,
      ...(width !== undefined && { width }),
    },
    tally: createTally(),
    files: [],
    left: found.left,
    troubles: [],
    series: options.each ? createSeries(transformOrder, screen.patchColors) : undefined,
    writer: options.write ? createWriter(options.paths, found.files, io.cwd) : undefined,
    scope,
    baseline,
    beside,
  };
}

/** The files that are read, and those that are left unread, by their paths. */
export function* inOrder(files: readonly string[], left: readonly LeftEntry[]): Generator<string | LeftEntry> {
  let at = 0;
  for (const file of files) {
    for (let entry = left[at]; entry !== undefined && entry.path < file; entry = left[++at]) yield entry;
    yield file;
  }
  yield* left.slice(at);
}
