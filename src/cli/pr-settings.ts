import type { Effective } from '../config/effective.js';
import type { PullRequestValues } from '../config/types.js';
import type { PrSettings } from '../pr/types.js';
import type { PrOptions, PrPlace } from './pr-options.js';

/** What a run is to do, by its command line and, where that says nothing, by the configuration. */
export interface Wanted extends PrSettings {
  readonly base?: string;
  readonly fork: boolean;
  readonly author?: string;
}

type Typed = PrPlace & Partial<PrOptions>;

export function settingsOf(typed: Typed, configured: Effective['pr']): Wanted {
  const said = <Key extends keyof PullRequestValues>(key: Key): PullRequestValues[Key] =>
    (typed as PullRequestValues)[key] ?? (configured[key]?.value as PullRequestValues[Key]);
  const optional = { maxOpen: said('maxOpen'), maxNew: said('maxNew'), milestone: said('milestone') };
  const place = { base: said('base'), author: said('author') };
  return {
    groupBy: said('groupBy') ?? 'risk',
    branchPrefix: said('branchPrefix') ?? 'kubemend/',
    commitType: said('commitType') ?? 'fix',
    commitScope: said('commitScope') ?? 'security',
    draft: said('draft') ?? ['medium', 'high'],
    rebase: said('rebase') ?? 'conflicts',
    labels: said('labels') ?? [],
    assignees: said('assignees') ?? [],
    reviewers: said('reviewers') ?? [],
    codeownersReview: said('codeownersReview') ?? false,
    autoMerge: said('autoMerge') ?? false,
    signOff: said('signOff') ?? false,
    fork: said('fork') ?? false,
    ...withoutAbsent(optional),
    ...withoutAbsent(place),
  };
}

type Present<Value> = { readonly [Key in keyof Value]?: Exclude<Value[Key], undefined> };

function withoutAbsent<Value extends object>(values: Value): Present<Value> {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined)) as Present<Value>;
}
