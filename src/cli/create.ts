import fs from 'node:fs';
import path from 'node:path';
import { reasonOf } from '../discover/disk/system-error.js';
import { type Disk, discard, flushFolder, NotWritten, temporaryName, type Writing } from './write.js';

/** What linking fails with where the file system has no links. */
const NO_LINKS: readonly (string | undefined)[] = ['EPERM', 'ENOSYS', 'ENOTSUP', 'EOPNOTSUPP', 'EMLINK'];

/**
 * Makes a new file, whole or not at all: it is written under another name, flushed to the disk, and then gets its own, which fails
 * where anything has it already. Nothing is overwritten, and no link followed.
 *
 * @param file absolute, in a folder that is reached by no link
 */
export function createFile(file: string, text: string, disk: Disk = fs): Writing {
  let temporary: string | undefined;
  try {
    if (disk.realpathSync(path.dirname(file)) !== path.dirname(file))
      throw new NotWritten('its folder is reached by a link now; not created. Run again.');
    const name = temporaryName(file);
    const handle = disk.openSync(name, 'wx', 0o666);
    temporary = name;
    writeAll(handle, text, disk);
    try {
      disk.linkSync(name, file);
    } catch (error) {
      if (!NO_LINKS.includes((error as NodeJS.ErrnoException).code)) throw error;
      createInPlace(file, text, disk);
    }
    flushFolder(path.dirname(file), disk);
    return {};
  } catch (error) {
    if (error instanceof NotWritten) return { trouble: error.message };
    const isThere = (error as NodeJS.ErrnoException).code === 'EEXIST';
    return { trouble: isThere ? 'is there now; not created. Run again.' : `not created: ${reasonOf(error)}` };
  } finally {
    if (temporary !== undefined) discard(temporary, disk);
  }
}

function createInPlace(file: string, text: string, disk: Disk): void {
  const handle = disk.openSync(file, 'wx', 0o666);
  try {
    writeAll(handle, text, disk);
  } catch (error) {
    discard(file, disk);
    throw error;
  }
}

function writeAll(handle: number, text: string, disk: Disk): void {
  try {
    disk.writeFileSync(handle, text);
    disk.fsyncSync(handle);
  } finally {
    disk.closeSync(handle);
  }
}
