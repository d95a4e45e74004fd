import { isDay } from '../core/day.js';
import { isObject, type JsonObject, type Path } from '../core/json.js';
import { type Comment, commentsOf } from '../yaml/comments.js';
import { headerStart } from '../yaml/documents.js';
import { lineOfPath, pathOfComment } from '../yaml/places.js';
import { lineAt, type YamlDocument } from '../yaml/tree.js';
import type { Suppression } from './suppress.js';

/** What a comment or an annotation says, wherever it stands. */
export type Said = Pick<Suppression, 'ids' | 'reason' | 'expires' | 'isEndless'>;

const MARK = 'kubemend-ignore';
const COMMENT = /^#+\s*kubemend-ignore(-file)?(?=[\s:]|$)([^:]*)(?::(.*))?$/s;
const ENTRY = /^()([^:]*)(?::(.*))?$/s;
const EXPIRY = /\(expires (\d{4}-\d\d-\d\d)\)\s*$/;
const EXPIRES = /\(\s*expire/i;

/** The annotation that says no for a whole object: `ID[, ID]: reason (expires DATE)`, several on lines of their own. */
export const ANNOTATION = 'kubemend.dev/ignore';

/** The lines at the top of a file that hold nothing but comments, directives and the marker of the first document. */
const HEAD_LINE = /^(?:(?:---)?[ \t]*(?:#.*)?|%.*)$/s;

/** Whether a comment of a text may be a suppression. */
export function mentionsSuppression(text: string): boolean {
  return text.includes(MARK);
}

/** The suppressions that speak of all documents of a file, which stand among the comments at its top. */
export function findFileSuppressions(text: string): Suppression[] {
  if (!text.includes(`${MARK}-file`)) return [];
  const found: Suppression[] = [];
  let line = 0;
  for (const { content } of headLines(text)) {
    line++;
    const said = readComment(content.slice(Math.max(content.indexOf('#'), 0)));
    if (said?.isForFile) found.push({ ...said.said, path: [], line, use: { isUsed: false } });
  }
  return found;
}

function* headLines(text: string): Iterable<{ readonly content: string; readonly end: number }> {
  let from = text.charCodeAt(0) === 0xfeff ? 1 : 0;
  let hasMarker = false;
  while (from < text.length) {
    const feed = text.indexOf('\n', from);
    const end = feed < 0 ? text.length : feed;
    const content = text.slice(from, end).trimEnd();
    if (!HEAD_LINE.test(content) || (hasMarker && content.startsWith('---'))) return;
    hasMarker ||= content.startsWith('---');
    yield { content, end };
    from = end + 1;
  }
}

function isInHead(text: string, offset: number): boolean {
  let head = 0;
  for (const { end } of headLines(text)) head = end;
  return offset < head;
}

/** The suppressions of a document by comments, those that head it before its `---`, from `gapStart` on, included. */
export function findCommentSuppressions(document: YamlDocument, gapStart: number): Suppression[] {
  const { text, lines, start, end } = document;
  if (!text.slice(gapStart, end).includes(MARK)) return [];
  const found: Suppression[] = [];
  const add = (comment: string, offset: number, path: () => Path | undefined) => {
    const said = readComment(comment);
    if (!said || (said.isForFile && isInHead(text, offset))) return;
    const place = said.isForFile ? { path: undefined, isMisplaced: true } : { path: path() };
    found.push({ ...said.said, ...place, line: lineAt(lines, offset) + 1, use: { isUsed: false } });
  };
  for (const match of text.slice(gapStart, start).matchAll(/^[ \t\ufeff]*(#.*)$/gm)) {
    add(match[1] as string, gapStart + match.index, () => []);
  }
  for (const comment of commentsWithin(document)) add(comment.text, comment.start, () => pathAt(document, comment));
  return found;
}

/** The comments of a document but those that head the next one. */
export function commentsWithin(document: YamlDocument): readonly Comment[] {
  const { text, end } = document;
  const nextStart = text.startsWith('---', end) ? headerStart(text, document) : end;
  return commentsOf(document).filter(({ start }) => start < nextStart);
}

/** What a comment speaks of; `undefined` where it stands behind all there is. */
export function pathAt(document: YamlDocument, comment: Comment): Path | undefined {
  return comment.isOwnLine && comment.start >= document.root.end ? undefined : pathOfComment(document, comment);
}

/** The suppressions that an object's annotation holds. */
export function findAnnotationSuppressions(document: YamlDocument, root: Path, object: JsonObject): Suppression[] {
  const value = annotationsOf(object)[ANNOTATION];
  if (typeof value !== 'string') return [];
  const line = lineOfPath(document, [...root, 'metadata', 'annotations', ANNOTATION]);
  return value.split('\n').flatMap((entry): Suppression[] => {
    const match = entry.trim() === '' ? null : ENTRY.exec(entry);
    return match ? [{ ...read(match), path: root, line, use: { isUsed: false } }] : [];
  });
}

export function annotationsOf(object: JsonObject): JsonObject {
  const { metadata } = object;
  return isObject(metadata) && isObject(metadata.annotations) ? metadata.annotations : {};
}

function readComment(comment: string): { readonly said: Said; readonly isForFile: boolean } | undefined {
  const match = COMMENT.exec(comment.trimEnd());
  return match ? { said: read(match), isForFile: match[1] !== undefined } : undefined;
}

function read([, , names = '', rest = '']: readonly (string | undefined)[]): Said {
  const written = rest.trim();
  const day = EXPIRY.exec(written)?.[1];
  const expires = day !== undefined && isDay(day) ? day : undefined;
  const ids = new Set(names.split(/[\s,]+/).filter((id) => id !== '' && id !== 'all' && id !== '*'));
  const reason = expires === undefined ? written : written.replace(EXPIRY, '').trimEnd();
  return { ids, reason, isEndless: expires === undefined && EXPIRES.test(reason), ...(expires !== undefined && { expires }) };
}

/** What is written for a suppression, in a comment or an annotation; {@link reads} tells whether it would be read as meant. */
export function formatSaid({ ids, reason, expires }: Said): string {
  return `${[...ids].join(', ') || 'all'}: ${reason}${expires === undefined ? '' : ` (expires ${expires})`}`;
}

export const formatComment = (said: Said): string => `# ${MARK} ${formatSaid(said)}`;

/** Whether what {@link formatSaid} makes of it says the same again. */
export function reads(said: Said): boolean {
  const again = readComment(formatComment(said))?.said;
  const sameIds = again?.ids.size === said.ids.size && [...said.ids].every((id) => again.ids.has(id));
  return sameIds && again.reason === said.reason && again.expires === said.expires && again.isEndless === false;
}
