import { existsSync, lstatSync, realpathSync } from 'node:fs';
import path from 'node:path';
import { UsageError } from '../../core/errors.js';
import type { KeptCode, Left } from '../classify.js';
import { reasonOf } from './system-error.js';
import { targetOf } from './target.js';
import { createWalk, isInside, type Leaves, OUTSIDE, type Walk } from './walk.js';

export interface DiscoverOptions {
  /** Absolute and real, as `process.cwd()` gives it. */
  readonly cwd: string;
  /** Files, folders and patterns as the user named them. */
  readonly paths: readonly string[];
  /** Patterns as in `.gitignore`. */
  readonly exclude: readonly string[];
  /** What the configuration leaves alone. */
  readonly leaves?: Leaves;
}

/** Paths are relative to `cwd`, with `/`, and sorted. */
export interface Discovered {
  readonly files: readonly string[];
  /** Files that are left alone before they are read, and folders (with a closing `/`) that are not entered. */
  readonly left: readonly (Left & { readonly path: string })[];
  /** Of these files, what `.gitattributes` says that they are not. */
  readonly kept: readonly { readonly path: string; readonly codes: readonly KeptCode[] }[];
  /** Files that say what others are; not asked for themselves. */
  readonly context: readonly string[];
  /** Other files of the repository that may hold facts about these; without a repository, none. */
  readonly evidence: readonly string[];
  /** Whether there are more of them than are looked at. */
  readonly isEvidenceCut: boolean;
  readonly unreadable: readonly { readonly path: string; readonly error: unknown }[];
}

/** A path that leads nowhere. */
export class NotThereError extends UsageError {
  constructor(
    message: string,
    /** As the user said it. */
    readonly named: string,
  ) {
    super(message);
  }
}

/**
 * The files that may be manifests, under the paths that the user named.
 *
 * A named file is read whatever its ending and although git ignores it; `.kubemendignore` and `--exclude` still count, since
 * they speak of this program and other programs pass files by name. A link counts as the file that it leads to.
 * @throws {UsageError} when a path brings nothing
 */
export async function discover({ cwd, paths, exclude, leaves }: DiscoverOptions): Promise<Discovered> {
  const root = findRoot(cwd) ?? cwd;
  const walks = new Map<string, Walk>();
  const walkAt = (folder: string): Walk => {
    const own = isInside(folder, root) ? root : realpathSync(findRoot(folder) ?? folder);
    const walk = walks.get(own) ?? createWalk(own, cwd, exclude, leaves);
    walks.set(own, walk);
    return walk;
  };
  for (const named of paths) {
    const file = path.resolve(cwd, named);
    const target = targetOf(file);
    if (target?.kind === 'folder') addNamedFolder(file, named, target.path, walkAt(file));
    else if (target?.kind === 'file') addNamedFile(file, target.path, walkAt(path.dirname(file)));
    else if (target) throw new UsageError(`"${named}" is no regular file; pipe it in instead: … | kubemend -`);
    else if (hasMagic(named) && !troubleWith(file)) await addMatches(named, cwd, walkAt(existingFolder(file)));
    else throw await notThere(named, file, cwd);
  }
  return collect(cwd, [...walks.values()]);
}

/** More files, or folders, are not looked at for what they say about others. */
const MOST_EVIDENCE = 10_000;

/** What says something about a file, for a text that takes its place; a file of that path is not looked at. */
export function surroundingsOf(file: string, cwd: string): Discovered {
  const folder = existingFolder(path.dirname(path.resolve(cwd, file)));
  const walk = createWalk(findRoot(folder) ?? folder, cwd, []);
  walk.addNamed(path.join(folder, path.basename(file)));
  return { ...collect(cwd, [walk]), files: [], left: [] };
}

/** Those of files that are not on the disk that would be looked at if they were; absolute, all of one repository. */
export function admit(files: readonly string[], cwd: string, exclude: readonly string[]): readonly string[] {
  const walk = createWalk(findRoot(cwd) ?? cwd, cwd, exclude);
  for (const file of files) walk.addNamed(file);
  return files.filter((file) => walk.files.has(file));
}

/** The top of the repository that a folder is in. */
export function findRoot(folder: string): string | undefined {
  for (let at = folder; ; at = path.dirname(at)) {
    if (existsSync(path.join(at, '.git'))) return at;
    if (at === path.dirname(at)) return undefined;
  }
}

function addNamedFile(file: string, target: string, walk: Walk): void {
  if (isInside(target, walk.root)) walk.addNamed(target);
  else walk.leave(file, OUTSIDE);
}

function addNamedFolder(folder: string, named: string, target: string, walk: Walk): void {
  if (!isInside(target, walk.root)) {
    walk.leave(`${folder}/`, OUTSIDE);
    return;
  }
  if (walk.addNamedFolder(target) || walk.unreadable.has(target)) return;
  const [folderLeft, left] = [...walk.left].find(([file]) => isInside(file, target)) ?? [];
  const detail = folderLeft && left ? `; "${path.relative(target, folderLeft)}/" in it is left alone: ${left.text}` : '';
  throw new UsageError(`no manifests in "${named}" (no .yaml, .yml or .json file there${detail})`);
}

/** Whether a path that is not there may be a pattern: shells hand on those that they are told not to expand. */
function hasMagic(named: string): boolean {
  return /[*?[{(]/.test(named);
}

async function addMatches(pattern: string, cwd: string, walk: Walk): Promise<void> {
  // Loaded here since few runs need it and it is half of what they would load.
  const { default: glob } = await import('fast-glob');
  const ignore = ['**/.git/**', '**/node_modules/**'];
  const found = await glob(pattern, { cwd, onlyFiles: false, followSymbolicLinks: false, ignore });
  // Every one, though one would do.
  const isFound = found.filter((match) => walk.addMatch(path.resolve(cwd, match))).length > 0;
  if (!isFound) throw new UsageError(`no manifests match "${pattern}" (no .yaml, .yml or .json file has such a path)`);
}

async function notThere(named: string, file: string, cwd: string): Promise<UsageError> {
  const trouble = troubleWith(file);
  if (trouble) return new UsageError(`"${named}" ${trouble}`);
  const { nearestPath } = await import('./nearest-path.js');
  const near = nearestPath(named, cwd);
  const what = /[\\/]$/.test(named) ? 'no such folder' : 'no such file or folder';
  const message = `no manifests in "${named}" (${what}${near === undefined ? '' : `; did you mean "${near}"?`})`;
  return new NotThereError(message, named);
}

/** Why something that is there cannot be used; `undefined` where there is nothing. */
function troubleWith(file: string): string | undefined {
  try {
    return lstatSync(file).isSymbolicLink() ? 'is a link that leads nowhere' : undefined;
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    return code === 'ENOENT' || code === 'ENOTDIR' ? undefined : `cannot be read: ${reasonOf(error)}`;
  }
}

/** The folder itself, or the closest one above it that exists. */
function existingFolder(folder: string): string {
  let at = folder;
  while (!existsSync(at) && at !== path.dirname(at)) at = path.dirname(at);
  return at;
}

/** Only a repository has an end; without one, the folder may be anything, the home of a user for example. */
function gatherEvidence(walk: Walk, most: number): { readonly files: readonly string[]; readonly isCut: boolean } {
  const git = path.join(walk.root, '.git');
  if (most === 0 || !existsSync(git)) return { files: [], isCut: false };
  const { files, isCut } = walk.gather(most);
  const config = path.join(git, 'config');
  return { files: existsSync(config) ? [...files, config] : files, isCut };
}

function collect(cwd: string, walks: readonly Walk[], most = MOST_EVIDENCE): Discovered {
  const context = walks.flatMap((walk) => [...walk.context].filter((file) => !walk.files.has(file)));
  const unreadable = walks.flatMap((walk) => [...walk.unreadable]);
  // Last, since it looks into folders that nobody asked for.
  const evidence = walks.map((walk) => gatherEvidence(walk, most));
  const show = (file: string) => (path.relative(cwd, file).split(path.sep).join('/') || '.') + (file.endsWith('/') ? '/' : '');
  const byPath = (a: { readonly path: string }, b: { readonly path: string }) => (a.path < b.path ? -1 : 1);
  return {
    files: walks.flatMap((walk) => [...walk.files].map(show)).sort(),
    left: walks.flatMap((walk) => [...walk.left].map(([file, left]) => ({ path: show(file), ...left }))).sort(byPath),
    kept: walks.flatMap((walk) => [...walk.kept].map(([file, codes]) => ({ path: show(file), codes }))).sort(byPath),
    context: context.map(show).sort(),
    evidence: evidence.flatMap(({ files }) => files.filter((file) => !context.includes(file)).map(show)).sort(),
    isEvidenceCut: evidence.some(({ isCut }) => isCut),
    unreadable: unreadable.map(([file, error]) => ({ path: show(`${file}/`), error })).sort(byPath),
  };
}
