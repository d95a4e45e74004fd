import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import process from 'node:process';
import { baseName, CONFIG_NAME, evidenceOf, hasManifestName, isContextName, LOCK_NAME } from '../../discover/classify.js';
import { MAX_BYTES, tooLarge } from '../../discover/decode.js';
import { reasonOf } from '../../discover/disk/system-error.js';
import { fetchObjects, type NamedRemote } from './fetch.js';
import { listObjects, readObjects } from './objects.js';
import type { Run } from './run.js';
import { isRegular, readEntries, type TreeEntry, unsafePath } from './tree.js';
import type { Materialised } from './types.js';

/** What says how others are to be taken. */
const SETTINGS = new Set([CONFIG_NAME, LOCK_NAME, '.gitignore', '.gitattributes', '.kubemendignore', 'CODEOWNERS']);

/** Whether kubemend reads files of that name. */
function isRead(file: string): boolean {
  const name = baseName(file);
  return hasManifestName(file) || isContextName(name) || evidenceOf(file) !== undefined || SETTINGS.has(name);
}

/**
 * Writes what kubemend reads of a commit into a folder of its own.
 *
 * @param folder is made; must not be there
 * @throws {RemoteError}
 */
export async function materialise(
  run: Run,
  remote: NamedRemote,
  url: string,
  commit: string,
  folder: string,
): Promise<Materialised> {
  const { stdout } = await run(['ls-tree', '-r', '-z', '--full-tree', '--end-of-options', commit]);
  const left: { path: string; why: string }[] = [];
  const wanted: (TreeEntry & { readonly path: string })[] = [];
  mkdirSync(folder);
  mkdirSync(path.join(folder, '.git'));
  const collides = isCaseBlind(folder) ? createCollisions() : () => false;
  for (const entry of readEntries(stdout)) {
    const { path: file } = entry;
    if (file === undefined || !isRead(file)) continue;
    const why = isRegular(entry) ? unsafePath(file, process.platform === 'win32') : 'a link, which is not followed';
    if (why !== undefined) left.push({ path: file, why });
    else if (collides(file)) left.push({ path: file, why: 'this disk cannot tell it from another file of the repository' });
    else wanted.push({ ...entry, path: file });
  }
  const sizes = await getBlobs(run, remote, new Set(wanted.map(({ id }) => id)));
  const { pathsOf, readable, refused } = chooseBySize(wanted, sizes);
  left.push(...refused);
  const files: string[] = [];
  for await (const [id, content] of readObjects(run, readable)) {
    for (const file of pathsOf.get(id) ?? []) {
      const trouble = writeNew(path.join(folder, ...file.split('/')), content);
      if (trouble === undefined) files.push(file);
      else left.push({ path: file, why: trouble });
    }
  }
  // Which repository it is says which images are its own.
  writeNew(path.join(folder, '.git', 'config'), Buffer.from(`[remote "origin"]\n\turl = ${url}\n`));
  return { files: files.sort(), left: left.sort((a, b) => (a.path < b.path ? -1 : 1)) };
}

/** Bytes that are put on the disk at most. A repository of a few MB may unpack to any number of them. */
const MOST = 2 * 1024 * 1024 * 1024;

interface Chosen {
  /** By id. */
  readonly pathsOf: ReadonlyMap<string, readonly string[]>;
  readonly readable: ReadonlyMap<string, number>;
  readonly refused: Materialised['left'];
}

/** What of some files is read: what is here, none that is too large, and not more than there is room for. */
export function chooseBySize(
  wanted: readonly { readonly id: string; readonly path: string }[],
  sizes: ReadonlyMap<string, number>,
): Chosen {
  const pathsOf = new Map<string, string[]>();
  const readable = new Map<string, number>();
  const refused: { path: string; why: string }[] = [];
  let total = 0;
  for (const { id, path: file } of wanted) {
    const size = sizes.get(id);
    if (size === undefined) refused.push({ path: file, why: 'the remote does not hand it out' });
    else if (size > MAX_BYTES) refused.push({ path: file, why: tooLarge(size).message });
    else if (total + size > MOST) refused.push({ path: file, why: 'the files before it have 2 GB, and more are not read' });
    else {
      total += size;
      readable.set(id, size);
      const paths = pathsOf.get(id);
      if (paths) paths.push(file);
      else pathsOf.set(id, [file]);
    }
  }
  return { pathsOf, readable, refused };
}

/** Gets those that are not here. Returns the sizes of all that are here then. */
async function getBlobs(run: Run, remote: NamedRemote, ids: ReadonlySet<string>): Promise<ReadonlyMap<string, number>> {
  const here = await listObjects(run);
  const missing = [...ids].filter((id) => !here.has(id));
  if (missing.length === 0) return here;
  await fetchObjects(run, remote, missing);
  return await listObjects(run);
}

/** Makes a file, in no case over one that is there. Returns why it cannot. */
function writeNew(file: string, content: Uint8Array): string | undefined {
  try {
    mkdirSync(path.dirname(file), { recursive: true });
    writeFileSync(file, content, { flag: 'wx' });
    return undefined;
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    // A full disk is no matter of one file.
    if (code === 'ENOSPC' || code === 'EDQUOT' || code === 'EROFS') throw error;
    return code === 'EEXIST' ? 'another file has its place' : reasonOf(error);
  }
}

/** Whether the disk takes `.git` and `.GIT` for one. */
function isCaseBlind(folder: string): boolean {
  return existsSync(path.join(folder, '.GIT'));
}

/** Says of each path whether it, or a folder of it, would be another one on such a disk. */
export function createCollisions(): (file: string) => boolean {
  const seen = new Map<string, string>();
  return (file) => {
    const parts = file.split('/');
    const above = parts.map((_, index) => parts.slice(0, index + 1).join('/'));
    const collides = above.some((part) => (seen.get(fold(part)) ?? part) !== part);
    if (!collides) for (const part of above) seen.set(fold(part), part);
    return collides;
  };
}

function fold(text: string): string {
  return text.normalize('NFC').toLowerCase();
}
