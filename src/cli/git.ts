import path from 'node:path';
import { findRoot } from '../discover/disk/discover.js';
import { git } from '../git/command.js';
import { listNames } from './names.js';
import { quoteWords } from './shell.js';

/** More paths than this go on several command lines. */
const CHUNK = 500;
/** A command of more files than this names the folders instead. */
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
  // In a submodule it would run what the submodule's own configuration names.
  const skipped = ['--untracked-files=no', '--ignore-submodules=all', '--no-renames'];
  const output = git(top, ['status', '--porcelain', '-z', ...skipped, '--', ...paths]);
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
  if (dirty.length > 0) text += `With changes that were not committed before: ${listNames(dirty.map(show))}\n`;
  if (untracked.length > 0) text += `Not known to git here, which cannot undo them: ${listNames(untracked.map(show))}\n`;
  if (clean.length > 0) {
    const targets =
      (clean.length > MANY && foldersInstead(clean, named, before, show)) || clean.map((file) => pathspec(show(file)));
    text += `Undo: ${quoteWords(['git', 'restore', '--', ...targets])}\n`;
  }
  return text;
}

/** The line that takes new files away. */
export function formatRemoval(created: readonly string[], cwd: string): string {
  const files = created.map((file) => path.relative(cwd, file).split(path.sep).join('/'));
  return `Undo what is new: ${quoteWords(['rm', '--', ...files])}\n`;
}

/** The line that stages what was written. */
export function formatStage(written: readonly string[], cwd: string): string {
  const files = written.map((file) => pathspec(path.relative(cwd, file).split(path.sep).join('/')));
  // All by name: a shorter command would stage what was not.
  return `Stage what was written: ${quoteWords(['git', 'add', '--', ...files])}\n`;
}

/** The folders that hold all of `clean`, without what differed in them before; `undefined` where that is no shorter. */
function foldersInstead(
  clean: readonly string[],
  named: readonly string[],
  { dirty }: GitState,
  show: (file: string) => string,
): readonly string[] | undefined {
  const isBelow = (file: string, folder: string) => file.startsWith(`${folder}${path.sep}`);
  const folders = [...new Set(named)].filter((folder) => clean.some((file) => isBelow(file, folder)));
  const others = [...dirty].filter((file) => folders.some((folder) => isBelow(file, folder)));
  const isWhole = clean.every((file) => folders.some((folder) => isBelow(file, folder)));
  if (!isWhole || others.length > MANY) return undefined;
  return [...folders.map((folder) => pathspec(show(folder))), ...others.map((file) => pathspec(show(file), 'exclude'))];
}

/** A path that git takes for itself and not for a pattern. */
function pathspec(file: string, ...magic: readonly 'exclude'[]): string {
  const isPattern = /[*?[\\]|^:/.test(file);
  const words = [...magic, ...(isPattern ? ['literal'] : [])];
  return words.length === 0 ? file : `:(${words.join(',')})${file}`;
}
