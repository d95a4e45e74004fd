import { execFileSync } from 'node:child_process';
import path from 'node:path';
import { findRoot } from '../discover/disk/discover.js';
import { quoteWords } from './shell.js';

/** More paths than this go on several command lines. */
const CHUNK = 500;
/** A line of more files than this names the folders instead, where that undoes the same. */
const MANY = 10;

/** What git knew of the files before they were written. */
export interface GitState {
  /** Absolute paths of tracked files that differed from the last commit. */
  readonly dirty: ReadonlySet<string>;
}

/**
 * Asks git which tracked files below `paths` (absolute) have changes that are not committed. To be called before anything is
 * written. `undefined` where there is no repository or no git.
 */
export function readGitState(paths: readonly string[], cwd: string): GitState | undefined {
  const top = findRoot(cwd);
  if (top === undefined) return undefined;
  const inside = paths.filter((file) => file === top || file.startsWith(`${top}${path.sep}`));
  if (inside.length === 0) return undefined;
  // Too many for one command line: ask for everything.
  const files = statusOf(top, inside.length > CHUNK ? [top] : inside);
  return files && { dirty: new Set(files.map((file) => path.join(top, file))) };
}

function statusOf(top: string, paths: readonly string[]): string[] | undefined {
  const output = git(top, ['status', '--porcelain', '-z', '--untracked-files=no', '--no-renames', '--', ...paths]);
  return output?.split('\0').flatMap((entry) => (entry.length > 3 ? [entry.slice(3)] : []));
}

/**
 * How to take back what was written: which files had other changes before, and the line that undoes the rest.
 *
 * @param written absolute paths
 * @param named the folders that were asked for, absolute
 */
export function formatUndo(written: readonly string[], named: readonly string[], before: GitState, cwd: string): string {
  const show = (file: string) => path.relative(cwd, file).split(path.sep).join('/') || '.';
  const top = findRoot(cwd) ?? cwd;
  const tracked = new Set<string>();
  // Git fails for all when one is in a repository of its own inside of this one.
  const own = written.filter((file) => findRoot(path.dirname(file)) === top);
  for (let from = 0; from < own.length; from += CHUNK) {
    const output = git(top, ['ls-files', '-z', '--full-name', '--', ...own.slice(from, from + CHUNK)]) ?? '';
    for (const file of output.split('\0')) if (file !== '') tracked.add(path.join(top, file));
  }
  const dirty = written.filter((file) => before.dirty.has(file));
  const untracked = written.filter((file) => !tracked.has(file));
  const clean = written.filter((file) => tracked.has(file) && !before.dirty.has(file));
  let text = '';
  if (dirty.length > 0) text += `With changes that were not committed before: ${dirty.map(show).join(', ')}\n`;
  if (untracked.length > 0) text += `Not known to git here, which cannot undo them: ${untracked.map(show).join(', ')}\n`;
  if (clean.length > 0) {
    const folders = named.filter((folder) => clean.some((file) => file.startsWith(`${folder}${path.sep}`)));
    const isSame =
      before.dirty.size === 0 && clean.every((file) => folders.some((folder) => file.startsWith(`${folder}${path.sep}`)));
    const targets = clean.length > MANY && isSame ? folders : clean;
    text += `Undo: ${quoteWords(['git', 'restore', '--', ...targets.map(show)])}\n`;
  }
  return text;
}

/** The output of git, or `undefined` when it fails or is not there. Runs no hook and no monitor, and takes no lock. */
function git(cwd: string, args: readonly string[]): string | undefined {
  const fixed = ['--no-optional-locks', '--literal-pathspecs', '-c', 'core.fsmonitor=false', '-c', 'core.quotePath=false'];
  try {
    return execFileSync('git', [...fixed, ...args], {
      cwd,
      encoding: 'utf8',
      maxBuffer: 256 * 1024 * 1024,
      stdio: ['ignore', 'pipe', 'ignore'],
    });
  } catch {
    return undefined;
  }
}
