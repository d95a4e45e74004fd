import type { FileResult } from '../../src/engine/types.js';
import { createSession, type SessionOptions } from '../../src/session.js';
import type { CorpusFile } from '../corpus/files.js';

/** What one run makes of files, by path; system namespaces are not spared. */
export function mend(files: readonly CorpusFile[], options: SessionOptions): ReadonlyMap<string, FileResult> {
  const session = createSession({ includeSystem: true, ...options });
  for (const { path, text } of files) session.survey(path, text);
  if (session.awaiting().length > 0) for (const { path, text } of files) session.weigh(path, text);
  return new Map(files.map(({ path, text }) => [path, session.fix(path, text)]));
}

/** The files as they are afterwards. */
export function textsOf(results: ReadonlyMap<string, FileResult>): CorpusFile[] {
  return [...results].map(([path, { text }]) => ({ path, text }));
}
