import { existsSync } from 'node:fs';
import path from 'node:path';
import type { Summary } from '../report/tally.js';
import type { FixOptions } from './options.js';

/**
 * The files and folders all of whose manifests were looked at, relative to `cwd`: only of these can a run say that nothing in them
 * matches a suppression. None where some were left out, or could not be read.
 */
export function coveredBy(
  { paths, exclude, since, staged }: Pick<FixOptions, 'paths' | 'exclude' | 'since' | 'staged'>,
  { refused, failed, troubles }: Pick<Summary, 'refused' | 'failed' | 'troubles'>,
  cwd: string,
): readonly string[] {
  if (since !== undefined || staged) return [];
  if (paths.includes('-') || exclude.length > 0 || refused + failed + troubles > 0) return [];
  // A pattern takes in some files of its folder.
  const named = paths.map((named) => path.resolve(cwd, named)).filter((file) => existsSync(file));
  return named.map((file) => path.relative(cwd, file).split(path.sep).join('/'));
}
