import { ManifestError } from '../core/errors.js';

/** More than any manifest: a file of this size is data that only looks like one. */
export const MAX_BYTES = 50 * 1024 * 1024;

const STRICT = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
const LENIENT = new TextDecoder('utf-8', { ignoreBOM: true });

/**
 * The text of a file, its byte order mark kept.
 * @throws {ManifestError} `UTF16`, `INVALID_UTF8`, `TOO_LARGE`
 */
export function decode(bytes: Uint8Array): string {
  if (bytes.length > MAX_BYTES) throw tooLarge(bytes.length);
  if (isUtf16(bytes)) {
    throw new ManifestError('UTF16', 'the text is UTF-16; save it as UTF-8', { line: 1, column: 1 });
  }
  try {
    return STRICT.decode(bytes);
  } catch (cause) {
    throw new ManifestError('INVALID_UTF8', 'a byte here is not UTF-8; save the file as UTF-8', firstInvalid(bytes), { cause });
  }
}

export function tooLarge(size: number): ManifestError {
  const megabytes = Math.ceil(size / 1024 / 1024);
  return new ManifestError('TOO_LARGE', `${megabytes} MB; files of more than 50 MB are not read`, { line: 1, column: 1 });
}

/** A byte order mark of UTF-16 (or UTF-32), or a zero byte where ASCII in UTF-16 has one. */
function isUtf16([first, second]: Uint8Array): boolean {
  if ((first === 0xff && second === 0xfe) || (first === 0xfe && second === 0xff)) return true;
  return second !== undefined && (first === 0) !== (second === 0);
}

function firstInvalid(bytes: Uint8Array): { line: number; column: number } {
  let line = 1;
  for (let start = 0; start < bytes.length; line++) {
    const feed = bytes.indexOf(0x0a, start);
    const end = feed < 0 ? bytes.length : feed;
    const row = bytes.subarray(start, end);
    try {
      STRICT.decode(row);
    } catch {
      return { line, column: LENIENT.decode(row).indexOf('\ufffd') + 1 };
    }
    start = end + 1;
  }
  return { line: 1, column: 1 };
}
