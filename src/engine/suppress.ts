import { isAtOrBeneath, isObject, type JsonObject, type Path } from '../core/json.js';
import { commentsOf } from '../yaml/comments.js';
import { lineOfPath, pathOfComment } from '../yaml/places.js';
import { lineAt, type YamlDocument } from '../yaml/tree.js';
import type { SuppressionNote } from './types.js';

/** A person's no, where it holds. */
export interface Suppression {
  /** Transforms that it names; empty for all. */
  readonly ids: ReadonlySet<string>;
  /** What it covers, with all beneath, from the root of the document. */
  readonly path: Path;
  readonly line: number;
  readonly reason: string;
  /** `YYYY-MM-DD`, the last day on which it holds. */
  readonly expires?: string;
  isUsed: boolean;
}

const MARK = 'kubemend-ignore';
const COMMENT = /^#+\s*kubemend-ignore(?=[\s:]|$)\s*([^:]*?)\s*(?::\s*(.*))?$/;
const EXPIRY = /\s*\(expires (\d{4}-\d{2}-\d{2})\)\s*$/;

/** The annotation that says no for a whole object: `ID[, ID]: reason (expires DATE)`, several on lines of their own. */
export const ANNOTATION = 'kubemend.dev/ignore';

/** The suppressions of a document by comments, those in the `gap` between it and the document before it included. */
export function findCommentSuppressions(document: YamlDocument, gapStart: number): Suppression[] {
  const { text, lines, start, end } = document;
  const at = text.indexOf(MARK, gapStart);
  if (at < 0 || at >= end) return [];
  const found: Suppression[] = [];
  for (const match of text.slice(gapStart, start).matchAll(/^[ \t]*(#.*)$/gm)) {
    const line = lineAt(lines, gapStart + match.index) + 1;
    add(found, COMMENT.exec((match[1] as string).trimEnd()), [], line);
  }
  for (const comment of commentsOf(document)) {
    const match = COMMENT.exec(comment.text.trimEnd());
    if (match) add(found, match, pathOfComment(document, comment), comment.line + 1);
  }
  return found;
}

/** The suppressions that an object's annotation holds. */
export function findAnnotationSuppressions(document: YamlDocument, root: Path, object: JsonObject): Suppression[] {
  const metadata = object.metadata;
  const annotations = isObject(metadata) ? metadata.annotations : undefined;
  const value = isObject(annotations) ? annotations[ANNOTATION] : undefined;
  if (typeof value !== 'string') return [];
  const line = lineOfPath(document, [...root, 'metadata', 'annotations', ANNOTATION]);
  const found: Suppression[] = [];
  for (const entry of value.split('\n'))
    if (entry.trim() !== '') add(found, /^\s*([^:]*?)\s*(?::\s*(.*))?$/.exec(entry), root, line);
  return found;
}

function add(found: Suppression[], match: RegExpExecArray | null, path: Path, line: number): void {
  if (!match) return;
  const written = match[2]?.trim() ?? '';
  const expires = EXPIRY.exec(written)?.[1];
  const ids = new Set((match[1] ?? '').split(/[\s,]+/).filter((id) => id !== '' && id !== 'all' && id !== '*'));
  const reason = written.replace(EXPIRY, '');
  found.push({ ids, path, line, reason, isUsed: false, ...(expires === undefined ? {} : { expires }) });
}

export function isExpired(suppression: Suppression, today: string): boolean {
  return suppression.expires !== undefined && suppression.expires < today;
}

/** The suppression that says no to a transform at a place. Marks it as used. */
export function suppressionOf(
  suppressions: readonly Suppression[],
  today: string,
  id: string,
  paths: readonly Path[],
): Suppression | undefined {
  const found = suppressions.find((suppression) => {
    if (isExpired(suppression, today) || (suppression.ids.size > 0 && !suppression.ids.has(id))) return false;
    return paths.some((path) => isAtOrBeneath(path, suppression.path));
  });
  if (found) found.isUsed = true;
  return found;
}

/** How a suppression is named in a report. */
export function describeSuppression({ line, reason, expires }: Suppression): string {
  const why = reason === '' ? 'without a reason' : JSON.stringify(reason);
  return `suppressed on line ${line}: ${why}${expires === undefined ? '' : ` (expires ${expires})`}`;
}

/** What there is to say about suppressions once everything has been looked at. */
export function noteSuppressions(file: string, suppressions: readonly Suppression[], today: string): SuppressionNote[] {
  return suppressions.flatMap((suppression): SuppressionNote[] => {
    const { line, reason, expires, isUsed } = suppression;
    const ids = [...suppression.ids].join(', ') || 'everything';
    if (isExpired(suppression, today))
      return [{ file, line, kind: 'expired', text: `the suppression of ${ids} expired on ${expires}` }];
    if (reason === '') {
      return [
        { file, line, kind: 'malformed', text: `the suppression of ${ids} gives no reason; write: kubemend-ignore ID: reason` },
      ];
    }
    return isUsed ? [] : [{ file, line, kind: 'stale', text: `the suppression of ${ids} matches nothing any more; remove it` }];
  });
}
