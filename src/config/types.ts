import type { Position } from '../core/errors.js';
import type { Risk } from '../core/finding.js';
import type { Path } from '../core/json.js';
import type { WrittenNo } from '../core/selector.js';
import type { ImageEntry } from '../kube/images/types.js';
import type { CustomKind } from '../kube/kinds/custom.js';
import type { SettingValues } from '../kube/settings.js';
import type { PodSecurityLevel } from '../kube/versions/types.js';

/** What is said of one transform: `false`, it does not run; `true`, it runs if the profile has it; or what it may do, and is told. */
export type TransformChoice = boolean | { readonly maxRisk?: Risk; readonly settings?: SettingValues };

/** A profile of one's own. */
export interface OwnProfile {
  readonly title: string;
  /** The profile that it begins with; without one, it begins with nothing. */
  readonly extends?: string;
  readonly level?: PodSecurityLevel;
  readonly transforms?: Readonly<Record<string, boolean | { readonly why?: string; readonly settings?: SettingValues }>>;
}

/** For what is the matter with suppressions a run may fail. */
export type FailOn = 'stale' | 'expired' | 'malformed';

/** What can be said for all files, and for some. */
export interface PathValues {
  readonly profile?: string;
  readonly maxRisk?: Risk;
  readonly transforms?: Readonly<Record<string, TransformChoice>>;
  /** As written: `1.31`, `1.28-1.33`. */
  readonly kubernetesVersion?: string;
  readonly includeSystem?: boolean;
  readonly systemNamespaces?: readonly string[];
}

/** How `kubemend pr` makes pull requests. */
export interface PullRequestValues {
  readonly base?: string;
  readonly groupBy?: 'risk' | 'transform' | 'directory' | 'owner' | 'none';
  readonly branchPrefix?: string;
  /** The risks whose pull requests are drafts. */
  readonly draft?: readonly Risk[];
  readonly rebase?: 'conflicts' | 'always';
  readonly maxOpen?: number;
  readonly maxNew?: number;
  readonly labels?: readonly string[];
  readonly assignees?: readonly string[];
  readonly reviewers?: readonly string[];
  readonly codeownersReview?: boolean;
  readonly milestone?: string;
  readonly autoMerge?: boolean;
  readonly fork?: boolean;
  readonly author?: string;
  readonly signOff?: boolean;
  readonly commitType?: string;
  readonly commitScope?: string;
}

export interface Override extends PathValues {
  readonly paths: readonly string[];
}

/** The keys of `kubemend.yaml`. */
export interface ConfigValues extends PathValues {
  readonly extends?: readonly string[];
  readonly profiles?: Readonly<Record<string, OwnProfile>>;
  readonly exclude?: readonly string[];
  readonly images?: readonly ImageEntry[];
  readonly kinds?: readonly CustomKind[];
  readonly suppressions?: readonly WrittenNo[];
  readonly failOn?: readonly FailOn[];
  /** A file of known findings, relative to this one. */
  readonly baseline?: string;
  readonly pr?: PullRequestValues;
  readonly overrides?: readonly Override[];
}

/** One file, as far as it could be read. */
export interface ConfigFile {
  /** As messages name it. */
  readonly file: string;
  readonly values: ConfigValues;
  /** Where a key or a list item stands; the beginning of the file for one that does not. */
  position(path: Path): Position;
}

/** A file with what it counts for. */
export interface Layer extends ConfigFile {
  /** The folder from which its patterns count: absolute, with `/` and none at its end. */
  readonly folder: string;
}
