import { UsageError } from '../../core/errors.js';
import { GitFailure, type Run } from './run.js';

/** The first that merges without a working tree (`merge-tree --write-tree`). */
const OLDEST = [2, 38] as const;

/**
 * That there is a git, and none too old.
 * @throws {UsageError}
 */
export async function requireGit(run: Run): Promise<void> {
  const wanted = `kubemend pr needs git ${OLDEST.join('.')} or newer`;
  let said: string;
  try {
    said = (await run(['--version'])).stdout.toString('utf8').trim();
  } catch (error) {
    if (!(error instanceof GitFailure)) throw error;
    throw new UsageError(`${wanted}: ${error.message}`, { cause: error });
  }
  const [, major, minor] = /^git version (\d+)\.(\d+)/.exec(said) ?? [];
  const isOld = Number(major) < OLDEST[0] || (Number(major) === OLDEST[0] && Number(minor) < OLDEST[1]);
  if (major === undefined || isOld) throw new UsageError(`${wanted}; on this machine is ${said.replace(/^git version /, '')}`);
}
