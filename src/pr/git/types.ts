import type { RemoteBranch } from '../types.js';

/** Who asks a remote over HTTP. It goes to that remote alone, in the environment of the git that asks. */
export interface GitToken {
  readonly value: string;
  /** What the forge wants as the user's name: `x-access-token`, `oauth2`; most take any. */
  readonly user: string;
}

/** What a run needs to call git. */
export interface GitSettings {
  /** Without one, git asks its credential helper. */
  readonly token?: GitToken;
  /** `NAME <EMAIL>`, whoever git's configuration names. */
  readonly author?: string;
  /** `NAME <EMAIL>`, where git's configuration names nobody. */
  readonly fallbackAuthor?: string;
  /** Milliseconds that one call of git may take. */
  readonly timeout?: number;
  readonly signal?: AbortSignal;
  /** By default that of the process. */
  readonly env?: Readonly<Record<string, string | undefined>>;
}

/** What a commit of ours holds: the texts of files after it, which are there before it, by paths from the top with `/`. */
interface NewCommit {
  /** Title and text, with the trailers of the group or without; they are added where it lacks them. */
  readonly message: string;
  readonly files: ReadonlyMap<string, string>;
}

/** A branch that is to be made. */
export interface NewBranch {
  /** The commit that it starts from. */
  readonly parent: string;
  readonly group: string;
  readonly fingerprint: string;
  readonly commits: readonly NewCommit[];
  readonly signOff: boolean;
}

/** Which files were put on the disk. */
export interface Materialised {
  readonly files: readonly string[];
  /** Those of the names that kubemend reads that were not, and why. */
  readonly left: readonly { readonly path: string; readonly why: string }[];
}

/**
 * What became of a branch: it has the commit now, had it before, or is not as it was seen, since somebody else pushed.
 * `unchanged` of one that was to be deleted: there was none.
 */
export type PushResult = 'pushed' | 'unchanged' | 'stale';

/** The branches of one repository, the one with the base or a fork. */
export interface RemoteBranches {
  /**
   * All below a prefix.
   * @throws {RemoteError}
   */
  read(prefix: string): Promise<readonly RemoteBranch[]>;
  /**
   * Whether merging the commit of a branch into the base makes of it just what another commit upon the base holds. What commits say of
   * themselves, anyone can write.
   */
  holds(commit: string, wanted: string): Promise<boolean>;
  /**
   * @param lease the commit that the branch must have; without one, there must be no such branch
   * @throws {RemoteError} where the remote refuses
   */
  push(branch: string, commit: string, lease?: string): Promise<PushResult>;
  /**
   * @param lease the commit that the branch must have
   * @throws {RemoteError} where the remote refuses
   */
  remove(branch: string, lease: string): Promise<PushResult>;
}

/** A repository of our own in a temporary folder, with what is needed of a remote one. Nothing else on the disk is touched. */
export interface WorkRepository {
  /** The branch that pull requests are for, and its commit when the repository was opened. */
  readonly base: { readonly branch: string; readonly commit: string };
  /** Where it came from, without credentials. */
  readonly url: string;
  /** For people. */
  readonly notes: readonly string[];
  /** The branches of the repository itself. */
  readonly origin: RemoteBranches;
  /** The branches of a fork, to which the same token belongs. */
  fork(url: string): Promise<RemoteBranches>;
  /**
   * Writes the files of the base that kubemend reads into a folder, which is made and must not be there: regular files of safe
   * names and of at most 50 MB, as their bytes are in the commit; never a link, and through no filter. `.git/config` there names
   * the origin.
   */
  materialise(folder: string): Promise<Materialised>;
  /**
   * Makes the commits, which nobody sees until they are pushed. What changes nothing makes no commit.
   * @returns the last of them, or the parent
   */
  commit(branch: NewBranch): Promise<string>;
  /** Removes the temporary folder. */
  close(): void;
}

/** Why a remote said no. The list is closed. */
export type RemoteErrorCode =
  | 'UNAUTHENTICATED' // no credentials, or none that it knows
  | 'FORBIDDEN' // the token may not do that
  | 'NOT_FOUND' // there is none, or the token may not see it
  | 'EMPTY' // no commit yet
  | 'ARCHIVED'
  | 'PROTECTED' // a rule of the branch or of the repository
  | 'REDIRECTED' // it is somewhere else now
  | 'RATE_LIMITED'
  | 'UNREACHABLE' // no network, a certificate, 5xx, no answer in time
  | 'REFUSED'; // anything else

/** A no of a remote, without a token in it, safe to print. */
export class RemoteError extends Error {
  override readonly name = 'RemoteError';
  constructor(
    readonly code: RemoteErrorCode,
    message: string,
    options?: { cause?: unknown },
  ) {
    super(message, options);
  }
}
