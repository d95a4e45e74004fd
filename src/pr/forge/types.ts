import type { PullRequest } from '../types.js';

/** What a forge says no with. The list is closed. */
export type ForgeErrorCode =
  | 'UNAUTHENTICATED' // the token is unknown or has expired
  | 'FORBIDDEN' // it lacks a permission, which the text names where the forge does
  | 'NOT_FOUND' // there is none, or the token may not see it
  | 'ARCHIVED'
  | 'EXISTS' // an open pull request of these branches
  | 'CONFLICT' // somebody else changes the same just now
  | 'NO_DIFFERENCE' // nothing to merge
  | 'PROTECTED' // a rule of the branch
  | 'RATE_LIMITED' // primary or secondary, after the retries
  | 'UNAVAILABLE' // 5xx or no answer, after the retries
  | 'INVALID'; // anything else that it refuses

/** A no of a forge, without a token in it. */
export class ForgeError extends Error {
  constructor(
    readonly code: ForgeErrorCode,
    message: string,
    /** Seconds until it may be asked again. */
    readonly retryAfter?: number,
  ) {
    super(message);
    this.name = 'ForgeError';
  }
}

export interface ForgeRepository {
  /** `owner/name`, or with all groups of GitLab. */
  readonly fullName: string;
  readonly defaultBranch: string;
  readonly isArchived: boolean;
  readonly isEmpty: boolean;
  readonly canPush: boolean;
  /** For people. */
  readonly webUrl: string;
  /** For git, over HTTPS and without credentials. */
  readonly cloneUrl: string;
}

export interface NewPullRequest {
  readonly title: string;
  readonly body: string;
  readonly base: string;
  readonly head: string;
  /** `owner/name` of the fork that holds the head, where it is another repository. */
  readonly headRepository?: string;
  readonly isDraft: boolean;
}

/**
 * What kubemend needs of a forge: nothing about branches, which git itself reads and writes. Clients retry and wait by the forge's
 * own rules; what still fails is thrown.
 *
 * @throws {ForgeError} each of them
 */
export interface Forge {
  readonly kind: 'github' | 'gitlab' | 'gitea';
  /** Characters that a body may have. */
  readonly maxBody: number;
  /** The user or app whose token it is. */
  self(): Promise<string>;
  repository(): Promise<ForgeRepository>;
  /** All whose head branch begins with `prefix`, in any state, newest first, on all pages. */
  list(prefix: string): Promise<readonly PullRequest[]>;
  open(request: NewPullRequest): Promise<PullRequest>;
  edit(number: number, change: { readonly title?: string; readonly body?: string; readonly isDraft?: boolean }): Promise<void>;
  close(number: number): Promise<void>;
  comments(number: number): Promise<readonly { readonly author: string; readonly body: string }[]>;
  comment(number: number, text: string): Promise<void>;
  /** Adds those that it lacks; makes labels that the repository lacks. */
  addLabels(number: number, labels: readonly string[]): Promise<void>;
  addAssignees(number: number, users: readonly string[]): Promise<void>;
  /** `@user` and `@org/team` without the `@`; who may not review is told back, and no error. */
  requestReviewers(number: number, reviewers: readonly string[]): Promise<{ readonly refused: readonly string[] }>;
  setMilestone(number: number, title: string): Promise<void>;
  /** @throws {ForgeError} `INVALID` where the repository does not allow it */
  enableAutoMerge(number: number): Promise<void>;
  /** The fork of the user, made where there is none, and ready to be pushed to. */
  fork(): Promise<ForgeRepository>;
  /** What git authenticates with over HTTPS, for the repository and for a fork. Of an App it is good for an hour: ask before each use. */
  gitCredentials?(): Promise<{ readonly username: string; readonly password: string }>;
}

/** Where a forge is and who asks. Tokens come from the environment alone. */
export interface ForgeAccess {
  /** `https://api.github.com`, `https://gitlab.example.com`, `http://127.0.0.1:4300`. */
  readonly baseUrl: string;
  readonly token: string;
  /** The variable that the token is from, or what else has it, for messages: `KUBEMEND_TOKEN`. */
  readonly tokenFrom?: string;
  /** `owner/name`. */
  readonly repository: string;
  readonly userAgent: string;
  /** Milliseconds to wait at most for a forge that asks to wait; then it is `RATE_LIMITED`. */
  readonly maxWait: number;
  /** An installation of a GitHub App, which asks instead of a token; `token` is empty then. */
  readonly app?: ForgeApp;
}

interface ForgeApp {
  readonly appId: string;
  /** PEM. */
  readonly privateKey: string;
  readonly installationId: number;
}

export type CreateForge = (access: ForgeAccess) => Forge;
