import { realpathSync } from 'node:fs';
import path from 'node:path';
import { UsageError } from '../core/errors.js';
import { findRoot } from '../discover/disk/discover.js';
import { askGit, GitError, git } from '../git/command.js';

/**
 * The top of the repository that `cwd` is in, absolute and real.
 * @throws {UsageError} where there is none, or git does not take it for one
 */
export function topOf(cwd: string, option: string): string {
  const top = findRoot(cwd);
  if (top === undefined) throw new UsageError(`${option} needs a git repository, and this folder is in none`);
  try {
    const said = askGit(top, ['rev-parse', '--show-toplevel']).toString('utf8').replace(/\n$/, '');
    if (realpathSync(said) === realpathSync(top)) return top;
    throw new GitError(`it takes ${path.normalize(said)} for the top; GIT_DIR or GIT_WORK_TREE may be set`);
  } catch (error) {
    throw refuse(option, error);
  }
}

/**
 * The commit that HEAD and `revision` have in common: what HEAD's side did since is what changed.
 * @throws {UsageError} where there is no such commit
 */
export function mergeBaseOf(top: string, revision: string): string {
  // No name of a commit starts so; git would take it for an option.
  const commit = revision.startsWith('-')
    ? undefined
    : git(top, ['rev-parse', '--verify', '--quiet', '--end-of-options', `${revision}^{commit}`])?.trim();
  if (!commit)
    throw new UsageError(`--since "${revision}" is no commit of this repository${hint(top, `git fetch origin ${NAME}`)}`);
  const base = git(top, ['merge-base', commit, 'HEAD'])?.trim();
  if (base) return base;
  throw new UsageError(`--since "${revision}" has no commit in common with HEAD${hint(top, 'git fetch --unshallow')}`);
}

const NAME = 'BRANCH';

function hint(top: string, command: string): string {
  return git(top, ['rev-parse', '--is-shallow-repository'])?.trim() === 'true'
    ? `, which is a shallow clone: ${command}, or clone with all commits (fetch-depth: 0 in GitHub Actions)`
    : '; git branch --all and git tag list names of commits';
}

/** What git said, as what a person can act on. */
export function refuse(option: string, error: unknown): unknown {
  return error instanceof GitError ? new UsageError(`${option} asks git, which says: ${error.message}`, { cause: error }) : error;
}
