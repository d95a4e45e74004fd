import { closeSync, fstatSync, openSync, readFileSync } from 'node:fs';
import { ManifestError } from '../core/errors.js';
import { decode, MAX_BYTES, tooLarge } from '../discover/decode.js';
import { reasonOf } from './system-error.js';

export type Reading =
  | { readonly bytes: Uint8Array; readonly text: string }
  | { readonly refused: ManifestError }
  /** Why the system did not give the file. */
  | { readonly trouble: string };

/** @param file absolute */
export function readText(file: string): Reading {
  try {
    const bytes = readBytes(file);
    return { bytes, text: decode(bytes) };
  } catch (error) {
    if (error instanceof ManifestError) return { refused: error };
    return { trouble: `cannot be read: ${reasonOf(error)}` };
  }
}

function readBytes(file: string): Uint8Array {
  const handle = openSync(file, 'r');
  try {
    const { size } = fstatSync(handle);
    if (size > MAX_BYTES) throw tooLarge(size);
    return readFileSync(handle);
  } finally {
    closeSync(handle);
  }
}
