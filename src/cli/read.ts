import { closeSync, constants, fstatSync, openSync, readFileSync } from 'node:fs';
import { ManifestError } from '../core/errors.js';
import { decode, MAX_BYTES, tooLarge } from '../discover/decode.js';
import { reasonOf } from '../discover/disk/system-error.js';

export type Reading =
  | { readonly bytes: Uint8Array; readonly text: string }
  /** With what can be made out of it, where it is text at all. */
  | { readonly refused: ManifestError; readonly glimpse?: string }
  /** Why the system did not give the file. */
  | { readonly trouble: string };

/**
 * @param file absolute
 * @param most bytes; a larger file is refused
 */
export function readText(file: string, most = MAX_BYTES): Reading {
  try {
    return decodeBytes(readBytes(file, most));
  } catch (error) {
    if (error instanceof ManifestError) return { refused: error };
    if (error instanceof NotRegular) return { trouble: 'cannot be read: no regular file' };
    return { trouble: `cannot be read: ${isMisnamed(file, error) ? 'its name is not UTF-8; rename it' : reasonOf(error)}` };
  }
}

/** What was read as what it is. */
export function decodeBytes(bytes: Uint8Array): Reading {
  try {
    return { bytes, text: decode(bytes) };
  } catch (error) {
    if (!(error instanceof ManifestError)) throw error;
    return { refused: error, glimpse: Buffer.from(bytes).toString('latin1').replaceAll('\0', '') };
  }
}

/** A name that is not UTF-8 comes with replacement characters in it, by which it is not found again. */
function isMisnamed(file: string, error: unknown): boolean {
  return file.includes('\ufffd') && (error as NodeJS.ErrnoException).code === 'ENOENT';
}

class NotRegular extends Error {}

function readBytes(file: string, most: number): Buffer {
  // What was a file a moment ago may be a pipe now, which must not be waited for.
  const handle = openSync(file, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0));
  try {
    const stats = fstatSync(handle);
    const { size } = stats;
    if (!stats.isFile()) throw new NotRegular();
    if (size > most) throw tooLarge(size);
    return readFileSync(handle);
  } finally {
    closeSync(handle);
  }
}
