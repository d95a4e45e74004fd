import { UsageError } from '../../core/errors.js';
import { visible } from '../../report/visible.js';
import { listHeads } from './branches.js';
import type { NamedRemote } from './fetch.js';
import { remoteErrorOf } from './refusals.js';
import { GitFailure, type Run, type RunResult } from './run.js';
import type { PushResult } from './types.js';

/** A branch as it is and as it is to be. */
export interface Update {
  readonly branch: string;
  /** What it is to have; without one it is removed. */
  readonly commit?: string | undefined;
  /** What it has now; without one there is none. */
  readonly lease?: string | undefined;
}

const PUSH = ['push', '--porcelain', '--no-verify', '--no-follow-tags', '--no-signed', '--no-recurse-submodules'];

/**
 * Sets a branch of a remote, or removes it, if it is still as it was seen.
 *
 * @param deepen gets the history that a remote may lack that is behind the base
 * @throws {RemoteError}
 */
export async function push(run: Run, remote: NamedRemote, update: Update, deepen: () => Promise<void>): Promise<PushResult> {
  const { branch, commit, lease } = update;
  await checkBranch(run, branch);
  const ref = `refs/heads/${branch}`;
  const args = [...PUSH, `--force-with-lease=${ref}:${lease ?? ''}`, remote.name, `${commit ?? ''}:${ref}`];
  try {
    return readResult(await pushOnce(run, args, deepen));
  } catch (error) {
    if (!(error instanceof GitFailure) || !STALE.test(error.stdout.toString('utf8'))) {
      const did = commit === undefined ? `removing "${visible(branch)}" at` : `pushing "${visible(branch)}" to`;
      throw remoteErrorOf(error, did, remote.host);
    }
    // That a branch is gone is what was wanted of a removal.
    const isGone = commit === undefined && !(await listHeads(run, remote, branch)).has(branch);
    return isGone ? 'unchanged' : 'stale';
  }
}

async function pushOnce(run: Run, args: readonly string[], deepen: () => Promise<void>): Promise<RunResult> {
  try {
    return await run(args);
  } catch (error) {
    // A fork that does not have the base yet wants what led to it.
    if (!(error instanceof GitFailure) || !/\(shallow update not allowed\)/.test(error.stdout.toString('utf8'))) throw error;
    await deepen();
    return await run(args);
  }
}

/** `=`: it had the commit before. A new commit and a removal have other flags. */
function readResult({ stdout }: RunResult): PushResult {
  return /^=\t/m.test(stdout.toString('utf8')) ? 'unchanged' : 'pushed';
}

/** Before the push, or when the remote took the lock: somebody else was faster. */
const STALE = new RegExp(
  [
    '^!\\t.*\\t\\[(?:remote )?rejected\\] \\((?:stale info|fetch first|non-fast-forward',
    '|(?:failed to update ref|cannot lock ref|incorrect old value|reference already exists).*)\\)$',
  ].join(''),
  'm',
);

/**
 * That git takes a name for one of a branch, and nothing else.
 * @throws {UsageError}
 */
export async function checkBranch(run: Run, branch: string): Promise<void> {
  const isPlain = !branch.startsWith('-') && branch !== 'HEAD' && !branch.includes('\0');
  const { exitCode } = isPlain ? await run(['check-ref-format', `refs/heads/${branch}`], { answers: [0, 1] }) : { exitCode: 1 };
  if (exitCode !== 0) throw new UsageError(`"${visible(branch)}" is no name that a branch can have`);
}
