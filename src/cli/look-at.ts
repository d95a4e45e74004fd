import type { FileResult } from '../engine/types.js';
import { isSearched, leaveFile, refuseFile } from '../session.js';
import type { Reading } from './read.js';
import { type Surveying, surveyFile } from './survey.js';

/** What is known of a file before its objects are looked at: its text, to be mended; or what became of it; or why it is not read. */
export type Looked =
  | { readonly reading: Extract<Reading, { readonly text: string }> }
  | { readonly result: FileResult }
  | { readonly trouble: string };

/** Second pass, of one file. */
export function lookAt({ session, scope }: Pick<Surveying, 'session' | 'scope'>, file: string): Looked {
  const untouched = scope.left(file);
  const left = session.left(file) ?? untouched;
  if (left && (untouched || !isSearched(left))) return { result: leaveFile(file, '', left) };
  const reading = scope.read(file);
  if ('text' in reading) return { reading };
  if (left) return { result: leaveFile(file, '', left) };
  return 'trouble' in reading ? reading : { result: refuseFile(file, reading.refused) };
}

/** First pass, of a file that is not asked for itself: `undefined` where there is nothing to say of it. */
export function lookAtContext(
  surveying: Pick<Surveying, 'session' | 'scope'>,
  file: string,
): Exclude<Looked, { readonly reading: unknown }> | undefined {
  const { session, scope } = surveying;
  const reading = surveyFile(surveying, file);
  if (scope.left(file)) return undefined;
  if ('trouble' in reading) return reading;
  if ('refused' in reading) return { result: refuseFile(file, reading.refused) };
  return session.left(file) ? undefined : { result: session.fix(file, reading.text) };
}
