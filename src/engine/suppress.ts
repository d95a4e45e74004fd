import { isAtOrBeneath, isObject, type JsonObject, type Path } from '../core/json.js';
import { commentsOf } from '../yaml/comments.js';
import { lineOfPath, pathOfComment } from '../yaml/places.js';
import { lineAt, type YamlDocument } from '../yaml/tree.js';
import type { EngineOptions, SuppressionNote } from './types.js';

/** A person's no, where it holds. */
export interface Suppression {
  /** Transforms that it names; empty for all. */
  readonly ids: ReadonlySet<string>;
  /** What it covers, with all beneath, from the root of the document; `undefined` where it stands above nothing. */
  readonly path: Path | undefined;
  readonly line: number;
  readonly reason: string;
  /** `YYYY-MM-DD`, the last day on which it holds. */
  readonly expires?: string;
  /** Whether it speaks of an end that cannot be read, so that it never comes. */
  readonly isEndless: boolean;
  isUsed: boolean;
}

const MARK = 'kubemend-ignore';
const COMMENT = /^#+\s*kubemend-ignore(?=[\s:]|$)([^:]*)(?::(.*))?$/;
const EXPIRY = /\(expires (\d{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01]))\)\s*$/;
const EXPIRES = /\(\s*expire/i;

/** The annotation that says no for a whole object: `ID[, ID]: reason (expires DATE)`, several on lines of their own. */
const ANNOTATION = 'kubemend.dev/ignore';

/**
 * Where the comments begin that stand at the margin behind all of a document, and so head the one behind the next `---`; the end of
 * the document where there are none.
 */
export function headerStart(text: string, { start, end }: { readonly start: number; readonly end: number }): number {
  let from = end;
  while (from > start) {
    const line = from < 2 ? 0 : text.lastIndexOf('\n', from - 2) + 1;
    if (line < start || !/^(?:#.*)?\s*$/.test(text.slice(line, from))) break;
    from = line;
  }
  return from;
}

/** The suppressions of a document by comments, those that head it before its `---`, from `gapStart` on, included. */
export function findCommentSuppressions(document: YamlDocument, gapStart: number): Suppression[] {
  const { text, lines, start, end } = document;
  if (!text.slice(gapStart, end).includes(MARK)) return [];
  const found: Suppression[] = [];
  for (const match of text.slice(gapStart, start).matchAll(/^[ \t\ufeff]*(#.*)$/gm)) {
    const line = lineAt(lines, gapStart + match.index) + 1;
    add(found, COMMENT.exec((match[1] as string).trimEnd()), [], line);
  }
  const nextStart = text.startsWith('---', end) ? headerStart(text, document) : end;
  for (const comment of commentsOf(document)) {
    const match = comment.start < nextStart ? COMMENT.exec(comment.text.trimEnd()) : null;
    const isBehindAll = comment.isOwnLine && comment.start >= document.root.end;
    if (match) add(found, match, isBehindAll ? undefined : pathOfComment(document, comment), comment.line + 1);
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
  for (const entry of value.split('\n')) if (entry.trim() !== '') add(found, /^([^:]*)(?::(.*))?$/.exec(entry), root, line);
  return found;
}

function add(found: Suppression[], match: RegExpExecArray | null, path: Path | undefined, line: number): void {
  if (!match) return;
  const written = match[2]?.trim() ?? '';
  const expires = EXPIRY.exec(written)?.[1];
  const ids = new Set((match[1] ?? '').split(/[\s,]+/).filter((id) => id !== '' && id !== 'all' && id !== '*'));
  const reason = written.replace(EXPIRY, '').trimEnd();
  const isEndless = expires === undefined && EXPIRES.test(reason);
  found.push({ ids, path, line, reason, isEndless, isUsed: false, ...(expires === undefined ? {} : { expires }) });
}

function isExpired(suppression: Suppression, today: string): boolean {
  return suppression.expires !== undefined && suppression.expires < today;
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
  for (const suppression of found) suppression.isUsed = true;
  return found[0];
}

/** How a suppression is named in a report. */
export function describeSuppression({ line, reason, expires }: Suppression): string {
  const why = reason === '' ? 'without a reason' : JSON.stringify(reason);
  return `suppressed on line ${line}: ${why}${expires === undefined ? '' : ` (expires ${expires})`}`;
}

/**
 * What there is to say about suppressions once everything has been looked at. One that names a transform which did not run, or all
 * while only some ran, is not stale for saying no to nothing.
 */
export function noteSuppressions(file: string, suppressions: readonly Suppression[], options: EngineOptions): SuppressionNote[] {
  const selected = new Set(options.transforms.map(({ id }) => id));
  const known = new Set(options.knownIds ?? selected);
  return suppressions.flatMap((suppression): SuppressionNote[] => {
    const { line, path, reason, expires, isEndless, isUsed } = suppression;
    const ids = [...suppression.ids];
    const note = (kind: SuppressionNote['kind'], text: string): SuppressionNote[] => [
      { file, line, kind, text: `the suppression of ${ids.join(', ') || 'everything'} ${text}` },
    ];
    if (isExpired(suppression, options.today)) return note('expired', `expired on ${expires}`);
    if (path === undefined) return note('malformed', 'stands above nothing; write it above what it is about, or on its line');
    const unknown = ids.find((id) => !known.has(id));
    if (unknown !== undefined) return note('malformed', describeUnknown(unknown, options.nearestId?.(unknown)));
    if (reason === '') return note('malformed', 'gives no reason; write: kubemend-ignore ID: reason');
    if (isEndless) return note('malformed', 'has an end that cannot be read; write: (expires YYYY-MM-DD)');
    const hasRun = ids.length === 0 ? selected.size === known.size : ids.every((id) => selected.has(id));
    return isUsed || !hasRun ? [] : note('stale', 'matches nothing any more; remove it');
  });
}

function describeUnknown(id: string, near: string | undefined): string {
  const hint = near === undefined ? 'kubemend --help lists them' : `did you mean "${near}"?`;
  return `names no transform with "${id}"; ${hint}`;
}
