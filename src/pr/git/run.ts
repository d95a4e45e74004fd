import { spawn } from 'node:child_process';
import { FIXED_ENV, firstWords, GitError, MOST_BYTES, NO_GIT } from '../../git/command.js';
import { endGroup, HAS_GROUPS, track, untrack } from './children.js';
import { type Env, FIXED_ARGS } from './environment.js';
import type { Redact } from './secrets.js';

/** A git that ended with an error. Its words are without secrets; they may come from a remote. */
export class GitFailure extends GitError {
  constructor(
    message: string,
    readonly exitCode: number | undefined,
    readonly stdout: Buffer,
    readonly stderr: string,
    readonly isTimeout = false,
  ) {
    super(message);
  }
}

interface RunOptions {
  readonly input?: string | Uint8Array;
  /** Besides the environment that the runner has. */
  readonly env?: Env;
  /** Configuration on the command line: no secrets. */
  readonly config?: readonly string[];
  /** Exit codes that are answers. */
  readonly answers?: readonly number[];
}

export interface RunResult {
  readonly exitCode: number;
  readonly stdout: Buffer;
  readonly stderr: string;
}

/** Runs git without a shell. @throws {GitFailure} */
export type Run = (args: readonly string[], options?: RunOptions) => Promise<RunResult>;

export interface RunnerOptions {
  readonly cwd: string;
  readonly env: Env;
  readonly redact: Redact;
  readonly timeout: number;
  readonly signal?: AbortSignal | undefined;
}

/** Enough for what remotes say; a hostile one may say more. */
const MOST_WORDS = 64 * 1024;

export function createRunner({ cwd, env, redact, timeout, signal }: RunnerOptions): Run {
  return (args, { input, env: more, config = [], answers = [0] } = {}) =>
    new Promise((resolve, reject) => {
      const own = config.flatMap((setting) => ['-c', setting]);
      const child = spawn('git', [...FIXED_ARGS, ...own, ...args], {
        cwd,
        env: { ...env, ...more, ...FIXED_ENV },
        stdio: [input === undefined ? 'ignore' : 'pipe', 'pipe', 'pipe'],
        windowsHide: true,
        // Without a terminal, too: nobody can be asked for a passphrase, and nothing waits for one.
        detached: HAS_GROUPS,
      });
      track(child);
      const out: Buffer[] = [];
      let size = 0;
      let words = '';
      let reason: string | undefined;
      let isTimeout = false;
      const stop = (why: string) => {
        reason ??= why;
        endGroup(child);
      };
      const timer = setTimeout(() => {
        isTimeout = true;
        stop(`no answer within ${Math.round(timeout / 1000)} seconds`);
      }, timeout);
      const abort = () => stop('stopped');
      signal?.addEventListener('abort', abort, { once: true });
      if (signal?.aborted) abort();

      child.stdout?.on('data', (part: Buffer) => {
        size += part.length;
        if (size > MOST_BYTES) stop(`more than ${MOST_BYTES / 1024 / 1024} MB of output`);
        else out.push(part);
      });
      child.stderr?.setEncoding('utf8').on('data', (part: string) => {
        if (words.length < MOST_WORDS) words += part.slice(0, MOST_WORDS);
      });
      // What git does not want to read any more is no error of its own.
      child.stdin?.on('error', () => undefined);
      child.stdin?.end(input);
      const done = () => {
        untrack(child);
        clearTimeout(timer);
        signal?.removeEventListener('abort', abort);
      };
      child.on('error', (error: NodeJS.ErrnoException) => {
        done();
        const why = error.code === 'ENOENT' ? NO_GIT : error.message;
        reject(new GitFailure(why, undefined, Buffer.alloc(0), why));
      });
      child.on('close', (code) => {
        done();
        const [stdout, stderr] = [Buffer.concat(out), redact(words)];
        if (reason === undefined && code !== null && answers.includes(code)) resolve({ exitCode: code, stdout, stderr });
        else reject(new GitFailure(reason ?? (firstWords(stderr) || 'it ended'), code ?? undefined, stdout, stderr, isTimeout));
      });
    });
}
