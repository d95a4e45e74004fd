import { execFileSync } from 'node:child_process';
import process from 'node:process';

/** Why git gave no answer, in its own words. */
export class GitError extends Error {}

/** Runs no hook and no monitor, takes no lock, prints as we read it, and fetches nothing unless a protocol is allowed. */
export const FIXED_CONFIG = [
  'core.fsmonitor=false',
  'core.quotePath=false',
  'diff.suppressBlankEmpty=false',
  'protocol.allow=never',
];
const FIXED = ['--no-optional-locks', ...FIXED_CONFIG.flatMap((setting) => ['-c', setting])];
/** Its words are quoted. */
export const FIXED_ENV = { LC_ALL: 'C' };
/**
 * It fetches nothing, as it would for what a partial clone lacks: a list of no protocols wins over what the repository allows, whose
 * remotes may name programs.
 */
const ENV = { ...FIXED_ENV, GIT_ALLOW_PROTOCOL: '', GIT_NO_LAZY_FETCH: '1' };
/** Commands that compare the working tree run the filters that attributes name. */
const COMPARING = new Set(['diff', 'status']);
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
  const unfiltered = COMPARING.has(args[0] ?? '') ? withoutFilters(cwd) : [];
  return start(cwd, [...unfiltered, ...(hasPatterns ? [] : ['--literal-pathspecs']), ...args], input);
}

function start(cwd: string, args: readonly string[], input?: string): Buffer {
  try {
    return execFileSync('git', [...FIXED, ...args], {
      cwd,
      env: { ...process.env, ...ENV },
      maxBuffer: MOST_BYTES,
      stdio: [input === undefined ? 'ignore' : 'pipe', 'pipe', 'pipe'],
      ...(input !== undefined && { input }),
    });
  } catch (error) {
    throw new GitError(reasonOf(error as NodeJS.ErrnoException & { stderr?: Buffer }), { cause: error });
  }
}

/**
 * What turns off the filters that the repository's own configuration defines: a repository that came as an archive brings that with
 * it. Those of the user's configuration, such as Git LFS, are theirs.
 */
function withoutFilters(cwd: string): readonly string[] {
  const listed = start(cwd, ['config', '--list', '--show-scope', '--name-only', '-z']).toString('utf8').split('\0');
  const own = listed.filter((_, at) => at % 2 === 1 && OWN_SCOPES.has(listed[at - 1] ?? ''));
  const filters = new Set(own.flatMap((key) => /^filter\.(.*)\.(?:clean|process|required|smudge)$/s.exec(key)?.[1] ?? []));
  return [...filters].flatMap((name) => {
    // Git would cut the name there, and run the filter.
    if (name.includes('='))
      throw new GitError(`the filter ${JSON.stringify(name)} in .git/config cannot be turned off; remove it`);
    return [`filter.${name}.clean=`, `filter.${name}.process=`, `filter.${name}.required=false`].flatMap((set) => ['-c', set]);
  });
}

const OWN_SCOPES = new Set(['local', 'worktree']);

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
