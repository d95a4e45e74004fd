import type { DecidedFinding, Risk } from '../core/finding.js';
import type { ReachedLevel } from '../kube/pod-security/types.js';

/** By what changes are put together to pull requests. */
export type GroupBy = 'risk' | 'transform' | 'directory' | 'owner' | 'none';

/** One commit: what one transform does to the files of a group. */
export interface CommitPlan {
  readonly transform: string;
  readonly title: string;
  /** All that git is given: the title, the body and the trailers, ending in a newline. */
  readonly message: string;
  readonly risk: Risk;
  readonly changes: number;
  /** The texts of the files after it, by paths from the repository's root, with `/`. */
  readonly files: ReadonlyMap<string, string>;
}

/** What a workload reaches before and after a group is merged. */
export interface WorkloadOutlook {
  readonly object: string;
  readonly file: string;
  readonly line: number;
  readonly now: ReachedLevel;
  readonly after: ReachedLevel;
  /** A bare Pod, a Job: what is merged does not reach the one that runs. */
  readonly isImmutable: boolean;
}

/** What one pull request is to hold. */
export interface Group {
  /** What its branch is called behind the prefix: `low`, `drop-capabilities`, `apps-web`; letters, digits, `.`, `_`, `-`, `/`. */
  readonly name: string;
  /** The highest risk in it. */
  readonly risk: Risk;
  readonly commits: readonly CommitPlan[];
  /** All that it mends. */
  readonly findings: readonly DecidedFinding[];
  /** What of the same files it leaves, and why. */
  readonly leaves: readonly DecidedFinding[];
  /** The workloads that it changes. */
  readonly workloads: readonly WorkloadOutlook[];
  /** Of the pull request, by Conventional Commits, at most 72 characters. */
  readonly title: string;
  /** A unified diff of all of it, as it would be printed. */
  readonly diff: string;
  /** The same by file for a body: without values of `env`, Secrets and ConfigMaps. */
  readonly shown: readonly { readonly path: string; readonly diff: string }[];
  /** Of the changes alone: the same where only lines moved. Hexadecimal, 64 digits. */
  readonly fingerprint: string;
  /** `@user`, `@org/team` and addresses that CODEOWNERS names for its files; empty without one. */
  readonly owners: readonly string[];
}

/** How pull requests are to be made: options and the section `pr` of the configuration. */
export interface PrSettings {
  readonly groupBy: GroupBy;
  /** What the names of branches begin with: `kubemend/`. */
  readonly branchPrefix: string;
  /** Conventional Commits: `fix(security)`. */
  readonly commitType: string;
  readonly commitScope?: string;
  /** The risks whose pull requests are drafts. */
  readonly draft: readonly Risk[];
  /** When a branch is made again from the newest base although its content is right. */
  readonly rebase: 'conflicts' | 'always';
  readonly maxOpen?: number;
  readonly maxNew?: number;
  readonly labels: readonly string[];
  readonly assignees: readonly string[];
  readonly reviewers: readonly string[];
  /** Ask the owners of the files, by CODEOWNERS. */
  readonly codeownersReview: boolean;
  readonly milestone?: string;
  readonly autoMerge: boolean;
  readonly signOff: boolean;
}

/** A branch of ours as the remote has it, read by git. */
export interface RemoteBranch {
  readonly name: string;
  readonly sha: string;
  /** Of the group that it was made for, from the trailers of its commits; absent where a commit of it has none. */
  readonly fingerprint?: string;
  /** Commits that kubemend did not make. */
  readonly foreignCommits: number;
  /** Whether merging it into the base conflicts. */
  readonly conflicts: boolean;
  /** Whether the base is an ancestor of it. */
  readonly isOnBase: boolean;
  /** Whether all of it is in the base. */
  readonly isMerged: boolean;
}

/** A pull request as the forge has it. */
export interface PullRequest {
  readonly number: number;
  readonly url: string;
  readonly state: 'open' | 'closed' | 'merged';
  readonly isDraft: boolean;
  readonly title: string;
  readonly body: string;
  /** Branch names, also of what is closed and deleted. */
  readonly base: string;
  readonly head: string;
  /** `owner/name` of the repository that holds the head; absent where it is gone. */
  readonly headRepository?: string;
  readonly headSha?: string;
  readonly labels: readonly string[];
  readonly author: string;
}

/** What kubemend remembers in the body of a pull request, in a comment that nobody sees. */
export interface BodyState {
  readonly version: 1;
  readonly group: string;
  readonly fingerprint: string;
  /** The commit that kubemend pushed last. */
  readonly head: string;
  /** Why kubemend closed it itself. Written before it is closed. */
  readonly closedFor?: 'not-needed' | 'replaced';
  /** By what it was grouped. */
  readonly groupBy?: GroupBy;
  /** Labels, reviewers and the like are still to be set: it was opened a moment ago, or the run that opened it was stopped. */
  readonly pending?: true;
}

/**
 * One side effect. They are done in order, and each can be done again. Without a `number` it is about what was opened before it in
 * the same decision.
 */
export type Action =
  | {
      readonly do: 'push';
      readonly branch: string;
      readonly group: string;
      /** What the remote must have; without it, no such branch. */
      readonly lease?: string;
    }
  /** `pending`: its body says so, and an `edit` behind it takes that away. */
  | { readonly do: 'open'; readonly branch: string; readonly group: string; readonly pending?: true }
  | { readonly do: 'edit'; readonly number?: number; readonly group: string }
  | { readonly do: 'comment'; readonly number: number; readonly text: string }
  /** Three in order: `closedFor` into the body, the comment unless it is there, closing. */
  | { readonly do: 'close'; readonly number: number; readonly for: 'not-needed' | 'replaced'; readonly comment: string }
  | { readonly do: 'delete-branch'; readonly branch: string; readonly lease: string }
  | {
      readonly do: 'labels' | 'reviewers' | 'assignees' | 'milestone' | 'auto-merge';
      readonly number?: number;
      readonly group: string;
    };

/** What becomes of a group or a branch, and why, for people; and the side effects that it takes. */
export interface Decision {
  readonly group: string;
  readonly outcome:
    | 'opened'
    | 'updated'
    | 'unchanged'
    | 'rebuilt'
    | 'hands-off' // a person committed to the branch
    | 'declined' // a person closed the pull request for the same changes
    | 'closed' // no longer needed
    | 'cleaned' // merged, and the branch removed
    | 'waiting'; // --max-open or --max-new
  readonly why: string;
  /** What it waits for. */
  readonly limit?: 'max-open' | 'max-new';
  readonly actions: readonly Action[];
}
