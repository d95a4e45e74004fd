import { EngineError } from '../core/errors.js';

/** Replaces `text[start, end)` by `insert`. Offsets are UTF-16 units of the text as it was read. */
export interface Splice {
  readonly start: number;
  readonly end: number;
  readonly insert: string;
}

/**
 * The text with all splices made at once.
 * @throws {EngineError} `SPLICES` when two overlap or one leaves the text: the caller's bug.
 */
export function applySplices(text: string, splices: readonly Splice[]): string {
  let result = '';
  let offset = 0;
  for (const splice of sortSplices(splices)) {
    if (splice.start < offset || splice.end < splice.start || splice.end > text.length) {
      throw new EngineError('SPLICES', `splice ${splice.start}-${splice.end} overlaps another or leaves the text`);
    }
    result += text.slice(offset, splice.start) + splice.insert;
    offset = splice.end;
  }
  return result + text.slice(offset);
}

/** In the order of the text; those at one place keep their order. */
export function sortSplices(splices: readonly Splice[]): Splice[] {
  return [...splices].sort((a, b) => a.start - b.start || a.end - b.end);
}
