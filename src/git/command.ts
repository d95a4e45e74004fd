import { execFileSync } from 'node:child_process';
import process from 'node:process';

/** Why git gave no answer, in its own words. */
export class GitError extends Error {}

/** Runs no hook and no monitor, takes no lock, and fetches nothing, as it would for what a partial clone lacks. */
export const FIXED_CONFIG = ['core.fsmonitor=false', 'core.quotePath=false', 'protocol.allow=never'];
const FIXED = ['--no-optional-locks', ...FIXED_CONFIG.flatMap((setting) => ['-c', setting])];
/** Its words are quoted. */
export const FIXED_ENV = { LC_ALL: 'C' };
export const MOST_BYTES = 256 * 1024 * 1024;

/** The output of git, or `undefined` when it fails or is not there. */
export function git(cwd: string, args: readonly string[]): string | undefined {
  try {
    return askGit(cwd, args).toString('utf8');
  } catch {
    return undefined;
  }
}

/**
 * The output of git, which takes every path for itself, unless `hasPatterns`.
 * @throws {GitError} when it fails or is not there
 */
export function askGit(
  cwd: string,
  args: readonly string[],
  { input, hasPatterns = false }: { readonly input?: string; readonly hasPatterns?: boolean } = {},
): Buffer {
  try {
    return execFileSync('git', [...FIXED, ...(hasPatterns ? [] : ['--literal-pathspecs']), ...args], {
      cwd,
      env: { ...process.env, ...FIXED_ENV },
      maxBuffer: MOST_BYTES,
      stdio: [input === undefined ? 'ignore' : 'pipe', 'pipe', 'pipe'],
      ...(input !== undefined && { input }),
    });
  } catch (error) {
    throw new GitError(reasonOf(error as NodeJS.ErrnoException & { stderr?: Buffer }), { cause: error });
  }
}

function reasonOf({ code, stderr, message }: NodeJS.ErrnoException & { stderr?: Buffer }): string {
  if (code === 'ENOENT') return NO_GIT;
  if (code === 'ENOBUFS') return `more than ${MOST_BYTES / 1024 / 1024} MB of output`;
  const said = firstWords(stderr?.toString('utf8') ?? '');
  return said === '' ? (message.split('\n')[0] ?? '') : said;
}

export const NO_GIT = 'there is no git on this machine';

/** The first line that git wrote to stderr, without its `fatal:`. */
export function firstWords(stderr: string): string {
  return (stderr.trim().split('\n')[0] ?? '').replace(/^(?:fatal|error): /, '');
}
