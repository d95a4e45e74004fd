import type { Forge } from './forge/types.js';
import type { RemoteBranches } from './git/types.js';
import type { DecideInput } from './plan/decide.js';
import type { BodyState, Decision, Group, PrSettings } from './types.js';

/** What git does to the repository that branches are pushed to. */
export interface Remote {
  /** `owner/name` of it. */
  readonly repository: string;
  /** Whether it is a fork of what is merged into. */
  readonly isFork: boolean;
  readonly branches: RemoteBranches;
  /** Makes the commits of a group upon the base, and pushes nothing. */
  build(group: Group): Promise<string>;
}

/** What is read back before anything is decided. */
export type Found = Pick<DecideInput, 'branches' | 'pulls' | 'comments'>;

/** All that a run works with. */
export interface PrRun {
  readonly forge: Forge;
  readonly remote: Remote;
  readonly settings: PrSettings;
  readonly groups: readonly Group[];
  /** The texts of the files that the groups change, as they are on the base. */
  readonly texts: ReadonlyMap<string, string>;
  /** The branch to merge into. */
  readonly base: string;
  /** Whose token it is. */
  readonly self: string;
  /** The body of a group's pull request, within what the forge takes. */
  describe(group: Group, state: BodyState): string;
  /** What is done now, for a person who waits. */
  say(text: string): void;
  /** Waits before it is looked again at what another run does. */
  wait(milliseconds: number): Promise<void>;
}

/** What became of a group or a branch. */
export interface GroupReport {
  readonly group: string;
  readonly outcome: Decision['outcome'] | 'failed';
  /** For people, in one line. */
  readonly why: string;
  readonly number?: number;
  readonly url?: string;
  /** What to do about it, where there is something to do. */
  readonly next?: string;
  /** What was refused beside: a reviewer, a milestone. */
  readonly notes: readonly string[];
}
