import { existsSync } from 'node:fs';
import path from 'node:path';
import { UsageError } from '../core/errors.js';
import { evidenceOf, hasManifestName } from '../discover/classify.js';
import { findRoot } from '../discover/disk/discover.js';
import { isInside } from '../discover/disk/walk.js';
import type { Touched } from '../engine/types.js';
import { mergeBaseOf, refuse, topOf } from './git-base.js';
import { diffFiles, type FileChange } from './git-diff.js';
import { listUnstaged, readBlobs, readIndex } from './git-index.js';
import { listNames } from './names.js';

/** Which part of the paths is looked at. */
export interface ChangeOptions {
  readonly paths: readonly string[];
  readonly since?: string;
  readonly staged: boolean;
  readonly wholeFiles: boolean;
}

/** What changed in a repository. Paths are relative to the working directory, with `/`. */
export interface Changes {
  /** Why what is not part of it is left alone: `not touched since main`. */
  readonly reason: string;
  /** Whether something in a file is part of it. */
  has(file: string): boolean;
  /** Which objects are; without it, all of these files. */
  readonly touched?: Touched;
  /** What is staged, where that is what is looked at. */
  readonly staged?: Staged;
}

interface Staged {
  /** Whether git knows the file. */
  has(file: string): boolean;
  /** The text in the index, where it may be another than that of the file. */
  bytesOf(file: string): Uint8Array | undefined;
  /** Whether the file in the working tree is another. */
  differs(file: string): boolean;
  /** Those that are part of what changed, and not there in the working tree. */
  readonly absent: readonly string[];
  /** Those that are as in the last commit, and not there either: what they say counts all the same. */
  readonly removed: readonly string[];
}

/**
 * What the options say has changed; `undefined` where they say nothing of it. Git is asked only then.
 * @throws {UsageError} where git cannot tell
 */
export function readChanges(options: ChangeOptions, cwd: string): Changes | undefined {
  const { since, staged, wholeFiles } = options;
  if (since === undefined && !staged) return undefined;
  const option = staged ? '--staged' : '--since';
  const top = topOf(cwd, option);
  refuseOutside(options.paths, top, cwd, option);
  try {
    const changes = staged ? readStaged(top, cwd) : readSince(top, cwd, since as string);
    const { touched: _, ...files } = changes;
    return wholeFiles ? files : changes;
  } catch (error) {
    throw refuse(option, error);
  }
}

function refuseOutside(paths: readonly string[], top: string, cwd: string, option: string): void {
  const outside = paths.find((named) => !isInside(path.resolve(cwd, named), top));
  if (outside !== undefined)
    throw new UsageError(`"${outside}" is not in the repository of this folder, of which alone ${option} knows`);
}

/** A path from the top, as it is called from the working directory. */
function namer(top: string, cwd: string): (file: string) => string {
  const prefix = path.relative(top, cwd).split(path.sep).join('/');
  return prefix === '' ? (file) => file : (file) => path.posix.relative(prefix, file);
}

function byPath(changes: readonly FileChange[], name: (file: string) => string): ReadonlyMap<string, FileChange> {
  return new Map(changes.map((change) => [name(change.path), change]));
}

function touchedBy(changes: ReadonlyMap<string, FileChange>): Touched {
  return (file, from, to) => !(changes.get(file)?.isUnchanged(from, to) ?? false);
}

function readSince(top: string, cwd: string, since: string): Changes {
  const base = mergeBaseOf(top, since);
  const name = namer(top, cwd);
  const changes = byPath(diffFiles(top, [base]), name);
  const { files, conflicts } = readIndex(top);
  const known = new Set([...files.keys(), ...conflicts].map(name));
  // What git does not know yet is new. What is in a repository of its own is that one's.
  const isNew = (file: string) => !known.has(file) && findRoot(path.dirname(path.resolve(cwd, file))) === top;
  return {
    reason: `not touched since ${since}`,
    has: (file) => changes.has(file) || isNew(file),
    touched: touchedBy(changes),
  };
}

function isOfInterest(file: string): boolean {
  return hasManifestName(file) || evidenceOf(file) !== undefined;
}

function readStaged(top: string, cwd: string): Changes {
  const name = namer(top, cwd);
  const { files, conflicts } = readIndex(top);
  const inConflict = [...conflicts].filter(hasManifestName).map(name);
  if (inConflict.length > 0) {
    throw new UsageError(`--staged finds files that are in conflict: ${listNames(inConflict)}. Resolve them and git add them`);
  }
  const changed = diffFiles(top, ['--cached']).filter(({ path }) => files.has(path));
  const unstaged = listUnstaged(top);
  const wanted = new Set([...changed.map(({ path }) => path), ...unstaged].filter((file) => files.has(file)));
  const ids = new Map([...wanted].map((file) => [name(file), files.get(file) as string]));
  // All at once, without what is hardly asked for.
  const blobs = readBlobs(
    top,
    [...ids].flatMap(([file, id]) => (isOfInterest(file) ? [id] : [])),
  );
  const known = new Set([...files.keys()].map(name));
  const differing = new Set([...unstaged].map(name));
  const changes = byPath(changed, name);
  const isGone = (file: string) => !existsSync(path.resolve(cwd, file));
  return {
    reason: 'not staged',
    has: (file) => changes.has(file),
    touched: touchedBy(changes),
    staged: {
      has: (file) => known.has(file),
      bytesOf(file) {
        const id = ids.get(file);
        return id === undefined ? undefined : (blobs.get(id) ?? readBlobs(top, [id]).get(id));
      },
      differs: (file) => differing.has(file),
      absent: [...changes.keys()].filter((file) => hasManifestName(file) && isGone(file)),
      removed: [...ids.keys()].filter((file) => !changes.has(file) && isOfInterest(file) && isGone(file)),
    },
  };
}
