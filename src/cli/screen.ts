import { closeSync, fstatSync, ftruncateSync, openSync, writeSync } from 'node:fs';
import path from 'node:path';
import { UsageError } from '../core/errors.js';
import { reasonOf } from '../discover/disk/system-error.js';
import type { Colors } from '../report/colors.js';
import { createColors, createScreenColors } from '../report/paint.js';
import type { Io, Sink } from './io.js';
import type { FixOptions } from './options.js';
import type { Progress } from './progress.js';

/** Where a run's words go: results to standard output or `--output`, all else to standard error. */
export interface Screen {
  /** For standard error. */
  readonly colors: Colors;
  /** For the patch: a terminal gets what git would give it, anything else a patch that applies. */
  readonly patchColors: Colors;
  /** Prints a result. */
  emit(text: string): void;
  /** Prints findings, which end in a newline; blocks of several lines stand apart from what is around them, as does the end. */
  say(text: string, isEnd?: boolean): void;
  /** Prints an error: `--quiet` does not silence it, and sets nothing apart. */
  complain(text: string): void;
  /** Whether the reader of the results has gone. */
  readonly isClosed: boolean;
  /** What is taken off the screen before anything is printed. */
  progress: Progress | undefined;
  close(): void;
}

/** What says where it goes. */
type ScreenOptions = Pick<FixOptions, 'color' | 'output' | 'paths' | 'quiet'>;

export function createScreen(options: ScreenOptions, { stdout, stderr, env, cwd }: Io): Screen {
  const { output, paths } = options;
  const results = output === undefined ? undefined : openFile(path.resolve(cwd, output), output, !paths.includes('-'));
  const isColored = wantsColor(options, env);
  let isFirst = true;
  let wasBlock = false;
  const screen: Screen = {
    colors: createColors(isColored ?? stderr.isTerminal),
    patchColors: stdout.isTerminal && results === undefined ? createScreenColors(isColored !== false) : createColors(false),
    emit(text) {
      if (text === '') return;
      screen.progress?.hide();
      (results ?? stdout).write(text);
      isFirst = false;
      wasBlock = true;
    },
    say(text, isEnd = false) {
      if (!options.quiet) print(text, isEnd);
    },
    complain: (text) => print(text),
    get isClosed() {
      return results === undefined && stdout.isClosed;
    },
    progress: undefined,
    close: () => results?.close(),
  };

  function print(text: string, isEnd = false): void {
    if (text === '') return;
    screen.progress?.hide();
    const isBlock = isEnd || text.indexOf('\n') < text.length - 1;
    const isApart = !options.quiet && !isFirst && (isBlock || wasBlock);
    stderr.write(isApart ? `\n${text}` : text);
    isFirst = false;
    wasBlock = isBlock;
  }
  return screen;
}

/**
 * Whether the user said something about colours; `undefined` where the stream decides. `FORCE_COLOR` speaks for what people read; a
 * patch in a pipe or file stays a patch that `git apply` takes.
 */
export function wantsColor(
  { color }: Pick<FixOptions, 'color'>,
  { NO_COLOR, FORCE_COLOR, TERM }: Io['env'],
): boolean | undefined {
  if (!color || NO_COLOR) return false;
  if (FORCE_COLOR) return FORCE_COLOR !== '0' && FORCE_COLOR !== 'false';
  return TERM === 'dumb' ? false : undefined;
}

interface Output extends Pick<Sink, 'write'> {
  close(): void;
}

/**
 * Says at once when the file cannot be written, but keeps what it holds until there is something to put there: it may be where
 * standard input comes from.
 */
function openFile(file: string, named: string, isEmptied: boolean): Output {
  const failed = (cause: unknown) => {
    const { code } = cause as NodeJS.ErrnoException;
    const reason = code === 'ENOENT' ? 'there is no such folder' : reasonOf(cause);
    return new UsageError(`--output "${named}" cannot be written: ${reason}`, { cause });
  };
  const attempt = <T>(action: () => T): T => {
    try {
      return action();
    } catch (cause) {
      throw failed(cause);
    }
  };
  const handle = attempt(() => openSync(file, 'a'));
  let isFull = true;
  const empty = () => {
    if (isFull && fstatSync(handle).isFile()) ftruncateSync(handle);
    isFull = false;
  };
  if (isEmptied) attempt(empty);
  return {
    write(text) {
      attempt(() => {
        empty();
        for (let bytes = Buffer.from(text); bytes.length > 0; ) bytes = bytes.subarray(writeSync(handle, bytes));
      });
    },
    close: () => closeSync(handle),
  };
}
