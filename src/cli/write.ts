import fs from 'node:fs';
import path from 'node:path';
import process from 'node:process';
import { hostName, isAlive } from '../discover/disk/owner.js';
import { reasonOf } from '../discover/disk/system-error.js';

/** The part of the disk that writing needs; tests put a full one in its place. */
export type Disk = Pick<
  typeof fs,
  | 'accessSync'
  | 'closeSync'
  | 'fchmodSync'
  | 'fchownSync'
  | 'fstatSync'
  | 'fsyncSync'
  | 'linkSync'
  | 'lstatSync'
  | 'openSync'
  | 'readFileSync'
  | 'realpathSync'
  | 'renameSync'
  | 'rmSync'
  | 'writeFileSync'
>;

/** What became of a file, `note` being something to know although it is written. */
export type Writing = { readonly note?: string } | { readonly trouble: string };

/** Why a file is better not written. */
export class NotWritten extends Error {}

let count = 0;

/**
 * Puts `text` in the place of `before`, so that a reader finds the old file or the new one, whole, whatever happens: a new file
 * beside it, flushed to the disk, takes its name. Mode and owner stay. A file that does not hold `before` any more is not
 * written. Hard links part: the other names keep the old text, as they do when git checks a file out.
 *
 * @param file absolute, with all links resolved
 */
export function replaceFile(file: string, before: Uint8Array, text: string, disk: Disk = fs): Writing {
  let temporary: string | undefined;
  try {
    if (disk.realpathSync(file) !== file) throw new NotWritten('is reached by a link now; not written. Run again.');
    const old = disk.lstatSync(file);
    if ((old.mode & 0o222) === 0) throw new NotWritten('is read-only; not written.');
    disk.accessSync(file, fs.constants.W_OK);

    const name = temporaryName(file);
    const handle = disk.openSync(name, 'wx', 0o600);
    temporary = name;
    try {
      disk.writeFileSync(handle, text);
      const own = disk.fstatSync(handle);
      if (own.uid !== old.uid || own.gid !== old.gid) keepOwner(handle, old, disk);
      disk.fchmodSync(handle, old.mode & 0o7777);
      disk.fsyncSync(handle);
    } finally {
      disk.closeSync(handle);
    }

    // As late as possible: an editor may have saved the file since it was read.
    if (!Buffer.from(before).equals(disk.readFileSync(file))) {
      throw new NotWritten('changed on disk while kubemend ran; not written. Run again.');
    }
    disk.renameSync(temporary, file);
    temporary = undefined;
    flushFolder(path.dirname(file), disk);
    return old.nlink > 1 ? { note: `had ${old.nlink} names (hard links); the others keep the old text` } : {};
  } catch (error) {
    return { trouble: error instanceof NotWritten ? error.message : `not written: ${reasonOf(error)}` };
  } finally {
    if (temporary !== undefined) discard(temporary, disk);
  }
}

function keepOwner(handle: number, { uid, gid }: fs.Stats, disk: Disk): void {
  try {
    disk.fchownSync(handle, uid, gid);
  } catch {
    throw new NotWritten('belongs to another user or group, which a new file could not be given; not written.');
  }
}

/** The rename itself must survive a power cut. Not every system can flush a folder, and none must. */
export function flushFolder(folder: string, disk: Disk): void {
  try {
    const handle = disk.openSync(folder, 'r');
    try {
      disk.fsyncSync(handle);
    } finally {
      disk.closeSync(handle);
    }
  } catch {
    // The file is whole, old or new.
  }
}

export function discard(file: string, disk: Disk): void {
  try {
    disk.rmSync(file, { force: true });
  } catch {
    // The next run removes it.
  }
}

/** Names the host and the process, so that a later run knows whose it was. */
export function temporaryName(file: string): string {
  return path.join(path.dirname(file), `.kubemend-${hostName()}-${process.pid}-${++count}.tmp`);
}

const TEMPORARY = /^\.kubemend-(.+)-(\d+)-\d+\.tmp$/;

/** Removes the temporary files that runs on this host left in the folders when they were killed. Those of a live process stay. */
export function removeLeftovers(folders: Iterable<string>): void {
  const host = hostName();
  for (const folder of folders) {
    for (const name of namesIn(folder)) {
      const [, owner, pid] = TEMPORARY.exec(name) ?? [];
      if (owner === host && !isAlive(Number(pid))) discard(path.join(folder, name), fs);
    }
  }
}

function namesIn(folder: string): readonly string[] {
  try {
    return fs.readdirSync(folder);
  } catch {
    return [];
  }
}
