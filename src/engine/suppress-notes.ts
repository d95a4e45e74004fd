import { isAtOrBeneath } from '../core/json.js';
import { isExpired, type Suppression } from './suppress.js';
import type { EngineOptions, ObjectResult, SuppressionNote } from './types.js';

/** What decides whether one that was not used says no to nothing. */
type Ran = Pick<EngineOptions, 'today' | 'transforms' | 'level' | 'knownIds' | 'nearestId'>;

/** An object that was looked at, or why it was left alone. */
type Looked = Pick<ObjectResult, 'ref'> & { readonly left?: string | undefined };

/**
 * What there is to say about suppressions once everything has been looked at. Markers of other tools are not ours to judge: theirs
 * are other checks, which may find what none of ours does.
 *
 * @param targets all that was looked at, or left alone, where they stand
 */
export function noteSuppressions(
  file: string,
  suppressions: readonly Suppression[],
  ran: Ran,
  targets: readonly Looked[],
): SuppressionNote[] {
  return suppressions.flatMap((suppression): SuppressionNote[] => {
    if (suppression.by !== undefined) return [];
    const { line, use } = suppression;
    const isSettled = use.isUsed || wasLeft(suppression, targets) || !hasRun(suppression.ids, ran);
    const [kind, text] = faultOf(suppression, ran) ?? (isSettled ? [] : STALE);
    return kind === undefined || text === undefined ? [] : [{ file, line, kind, text: `${nameOf(suppression.ids)} ${text}` }];
  });
}

export const STALE = ['stale', 'matches nothing any more; remove it'] as const;

export function nameOf(ids: ReadonlySet<string>): string {
  return `the suppression of ${[...ids].join(', ') || 'everything'}`;
}

function faultOf(suppression: Suppression, ran: Ran): readonly [SuppressionNote['kind'], string] | undefined {
  const { path, ids, reason, expires, isEndless, isMisplaced } = suppression;
  if (isExpired(suppression, ran.today)) return ['expired', `expired on ${expires}`];
  if (isMisplaced) return ['malformed', 'is for the whole file; write it among the comments at the top of the file'];
  if (path === undefined) return ['malformed', 'stands above nothing; write it above what it is about, or on its line'];
  const known = ran.knownIds ?? ran.transforms.map(({ id }) => id);
  const unknown = [...ids].find((id) => !known.includes(id));
  if (unknown !== undefined) return ['malformed', describeUnknown(unknown, ran.nearestId?.(unknown))];
  if (reason === '') return ['malformed', 'gives no reason; write: kubemend-ignore ID: reason'];
  return isEndless ? ['malformed', 'has an end that cannot be read; write: (expires YYYY-MM-DD)'] : undefined;
}

/**
 * One that names a transform which did not run, or all while only some ran, is not stale for saying no to nothing. Nor is any in a run
 * for a level, in which transforms do less than they can.
 */
export function hasRun(ids: ReadonlySet<string>, { transforms, level, knownIds }: Omit<Ran, 'today' | 'nearestId'>): boolean {
  if (level !== undefined) return false;
  const selected = new Set(transforms.map(({ id }) => id));
  return ids.size === 0 ? selected.size === (knownIds?.length ?? selected.size) : [...ids].every((id) => selected.has(id));
}

/** Whether nothing that it may speak of was looked at. */
function wasLeft({ path = [] }: Suppression, targets: readonly Looked[]): boolean {
  const near = targets.filter(({ ref: { root } }) => isAtOrBeneath(root, path) || isAtOrBeneath(path, root));
  return near.length > 0 && near.every(({ left }) => left !== undefined);
}

function describeUnknown(id: string, near: string | undefined): string {
  const hint = near === undefined ? 'kubemend --help lists them' : `did you mean "${near}"?`;
  return `names no transform with "${id}"; ${hint}`;
}
