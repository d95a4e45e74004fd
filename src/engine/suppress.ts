import { isAtOrBeneath, type Path } from '../core/json.js';

/** A person's no, where it holds. */
export interface Suppression {
  /** Transforms that it names; empty for all. */
  readonly ids: ReadonlySet<string>;
  /** What it covers, with all beneath, from the root of the document; `undefined` where it holds nowhere. */
  readonly path: Path | undefined;
  readonly line: number;
  readonly reason: string;
  /** `YYYY-MM-DD`, the last day on which it holds. */
  readonly expires?: string;
  /** Whether it speaks of an end that cannot be read, so that it never comes. */
  readonly isEndless?: boolean;
  /** Whether it speaks of the whole file and stands where it does not hold. */
  readonly isMisplaced?: boolean;
  /** Who says it, where it is neither a comment nor an annotation of ours. */
  readonly by?: SuppressedBy;
  /** Shared by those that are one for who wrote them. */
  readonly use: { isUsed: boolean };
}

type SuppressedBy =
  /** A marker of another tool: `kube-linter's run-as-non-root`. */
  | { readonly marker: string }
  /** The configuration: `kubemend.yaml:12`. */
  | { readonly where: string };

export function isExpired({ expires }: Pick<Suppression, 'expires'>, today: string): boolean {
  return expires !== undefined && expires < today;
}

/** The first suppression that says no to a transform at a place. All that do count as used. */
export function suppressionOf(
  suppressions: readonly Suppression[],
  today: string,
  id: string,
  paths: readonly Path[],
): Suppression | undefined {
  const found = suppressions.filter((suppression) => {
    const { ids, path: covered } = suppression;
    if (covered === undefined || isExpired(suppression, today) || (ids.size > 0 && !ids.has(id))) return false;
    return paths.some((path) => isAtOrBeneath(path, covered));
  });
  for (const { use } of found) use.isUsed = true;
  return found[0];
}

/** How a suppression is named in a report. */
export function describeSuppression({ line, reason, expires, by }: Suppression): string {
  const why = reason === '' ? 'without a reason' : JSON.stringify(reason);
  const end = expires === undefined ? '' : ` (expires ${expires})`;
  if (by === undefined) return `suppressed on line ${line}: ${why}${end}`;
  if ('where' in by) return `suppressed by ${by.where}: ${why}${end}`;
  return `suppressed on line ${line} by ${by.marker}${reason === '' ? '' : `: ${why}`}${end}`;
}
