import { askGit } from '../git/command.js';

/** What is staged. Paths are from the top of the repository, with `/`. */
export interface GitIndex {
  /** The ids of the texts of regular files. */
  readonly files: ReadonlyMap<string, string>;
  /** Files that a merge left with several versions. */
  readonly conflicts: ReadonlySet<string>;
}

/** @throws {GitError} */
export function readIndex(top: string): GitIndex {
  const files = new Map<string, string>();
  const conflicts = new Set<string>();
  for (const entry of askGit(top, ['ls-files', '--stage', '-z']).toString('utf8').split('\0')) {
    const [, mode, id = '', stage, path = ''] = /^(\d+) ([0-9a-f]+) (\d)\t(.*)$/s.exec(entry) ?? [];
    if (stage !== undefined && stage !== '0') conflicts.add(path);
    else if (mode?.startsWith('100')) files.set(path, id);
  }
  return { files, conflicts };
}

/**
 * The files that are not in the working tree as they are in the index.
 * @throws {GitError}
 */
export function listUnstaged(top: string): ReadonlySet<string> {
  const args = ['diff', '--name-only', '-z', '--no-ext-diff', '--no-renames', '--no-relative', '--ignore-submodules=all', '--'];
  return new Set(
    askGit(top, args)
      .toString('utf8')
      .split('\0')
      .filter((path) => path !== ''),
  );
}

/**
 * What objects of the repository hold, by their ids.
 * @throws {GitError}
 */
export function readBlobs(top: string, ids: Iterable<string>): ReadonlyMap<string, Uint8Array> {
  const wanted = [...new Set(ids)];
  const blobs = new Map<string, Uint8Array>();
  if (wanted.length === 0) return blobs;
  const output = askGit(top, ['cat-file', '--batch'], { input: `${wanted.join('\n')}\n` });
  let at = 0;
  for (const id of wanted) {
    const end = output.indexOf('\n', at);
    const [, kind, size = '0'] = output.toString('latin1', at, end).split(' ');
    at = end + 1;
    // One that is not there, as in a partial clone, has no text behind it.
    if (kind !== 'blob') continue;
    blobs.set(id, output.subarray(at, at + Number(size)));
    at += Number(size) + 1;
  }
  return blobs;
}
