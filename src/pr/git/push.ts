import { UsageError } from '../../core/errors.js';
import { visible } from '../../report/visible.js';
import { listHeads } from './branches.js';
import type { NamedRemote } from './fetch.js';
import { remoteErrorOf } from './refusals.js';
import { GitFailure, type Run } from './run.js';
import type { PushResult } from './types.js';

const PUSH = ['push', '--porcelain', '--no-verify', '--no-follow-tags', '--no-signed', '--no-recurse-submodules'];

/**
 * Sets a branch of a remote, or removes it, if it is still as it was seen.
 *
 * @param commit what it is to have; without one it is removed
 * @param lease what it has now; without one there is none
 * @throws {RemoteError}
 */
export async function push(
  run: Run,
  remote: NamedRemote,
  branch: string,
  commit: string | undefined,
  lease: string | undefined,
): Promise<PushResult> {
  await checkBranch(run, branch);
  const ref = `refs/heads/${branch}`;
  const args = [`--force-with-lease=${ref}:${lease ?? ''}`, remote.name, `${commit ?? ''}:${ref}`];
  try {
    const { stdout } = await run([...PUSH, ...args]);
    // `=`: it had the commit before. A new commit and a removal have other flags.
    return /^=\t/m.test(stdout.toString('utf8')) ? 'unchanged' : 'pushed';
  } catch (error) {
    if (!(error instanceof GitFailure) || !STALE.test(error.stdout.toString('utf8'))) {
      throw remoteErrorOf(error, commit === undefined ? `removing "${branch}" at` : `pushing "${branch}" to`, remote.host);
    }
    // That a branch is gone is what was wanted of a removal.
    const isGone = commit === undefined && !(await listHeads(run, remote, branch)).has(branch);
    return isGone ? 'unchanged' : 'stale';
  }
}

/** Before the push, or when the remote took the lock: somebody else was faster. */
const STALE =
  /^!\t.*\t\[(?:rejected|remote rejected)\] \((?:stale info|fetch first|non-fast-forward|(?:failed to update ref|cannot lock ref|incorrect old value|reference already exists).*)\)$/m;

/**
 * That git takes a name for one of a branch, and nothing else.
 * @throws {UsageError}
 */
export async function checkBranch(run: Run, branch: string): Promise<void> {
  const isPlain = !branch.startsWith('-') && branch !== 'HEAD' && !branch.includes('\0');
  const { exitCode } = isPlain ? await run(['check-ref-format', `refs/heads/${branch}`], { answers: [0, 1] }) : { exitCode: 1 };
  if (exitCode !== 0) throw new UsageError(`"${visible(branch)}" is no name that a branch can have`);
}
