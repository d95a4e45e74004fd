import { Parser, parseAllDocuments } from 'yaml';
import { applyChange, withoutRemoved } from '../../src/core/apply.js';
import { type Change, isSameChange } from '../../src/core/change.js';
import { isEqual, isList, isObject, type Json } from '../../src/core/json.js';
import type { FileResult } from '../../src/engine/types.js';
import type { Session } from '../../src/session.js';

/** What is wrong with one result, by column of the table. */
export interface Faults {
  broken: number;
  values: number;
  comments: number;
  bytes: number;
  second: number;
}

/**
 * Judges a changed file from outside: another parser with its defaults, comments by tokens, bytes by the listed splices, and a
 * second run. Returns what is wrong, in words, under the column that counts it.
 */
export function verify(session: Session, before: string, result: FileResult): [keyof Faults, string][] {
  const faults: [keyof Faults, string][] = [];
  const after = result.text;
  const old = readAll(before);
  const now = readAll(after);
  if (!now) return [['broken', 'cannot be parsed any more']];
  if (old && !isEqual(now, expected(old, result))) faults.push(['values', 'differs from the old values plus the listed changes']);
  const lost = lostComments(
    before,
    after,
    result.findings.flatMap((finding) => finding.lostComments),
  );
  if (lost.length > 0) faults.push(['comments', `lost: ${lost.slice(0, 3).join(' | ')}`]);
  if (!isSplicedFrom(before, result)) faults.push(['bytes', 'bytes outside the replaced ranges differ']);
  const again = session.fix(result.file, after);
  if (again.text !== after) faults.push(['second', 'a second run changes it again']);
  return faults;
}

function readAll(text: string): Json[] | undefined {
  const documents = parseAllDocuments(text, { merge: true, uniqueKeys: false, logLevel: 'silent', schema: 'yaml-1.1' });
  if (!Array.isArray(documents)) return [];
  if (documents.some((document) => document.errors.length > 0)) return undefined;
  // Dates are what the parser makes of plain strings; Kubernetes keeps the string.
  return documents.map((document) => JSON.parse(JSON.stringify(document.toJS({ maxAliasCount: -1 }) ?? null)) as Json);
}

/** The old values with the changes and the new objects of all ready findings, made without the engine. */
function expected(old: readonly Json[], result: FileResult): Json[] {
  const byDocument = new Map<number, Change[]>();
  const behind = new Map<number, Json[]>();
  for (const finding of result.findings) {
    if (finding.status !== 'ready') continue;
    const changes = byDocument.get(finding.object.document) ?? [];
    byDocument.set(finding.object.document, changes);
    const documents = behind.get(finding.object.document) ?? [];
    behind.set(finding.object.document, documents);
    for (const [at, value] of (finding.creates ?? []).entries()) {
      const where = finding.created?.[at]?.where;
      // What several findings ask for is made once.
      if (where === 'document' && !documents.some((other) => isEqual(other, value))) documents.push(value);
      if (where === 'item') changes.push({ op: 'append', path: finding.object.root.slice(0, -1), value });
    }
    for (const change of finding.changes) {
      const rooted = { ...change, path: [...finding.object.root, ...change.path] };
      if (!changes.some((other) => isSameChange(other, rooted))) changes.push(rooted);
    }
    const { document, root } = finding.object;
    for (const [at, { where, isShared }] of (finding.created ?? []).entries()) {
      const value = finding.creates?.[at] ?? null;
      if (isShared) continue;
      if (where === 'item') changes.push({ op: 'append', path: root.slice(0, -1), value });
      else if (where === 'document') behind.set(document, [...(behind.get(document) ?? []), value]);
    }
  }
  return old.flatMap((value, at) => {
    const changes = byDocument.get(at) ?? [];
    const changed = changes.reduce<Json | undefined>((current, change) => applyChange(current, change), value);
    return [withoutRemoved(changed as Json, changes), ...(behind.get(at) ?? [])];
  });
}

/** What is wrong with a new file, or with a kustomization that is to list some. */
export function verifyCompleted(result: FileResult, before: string | undefined): [keyof Faults, string][] {
  const { file, status, text, for: asked = [] } = result;
  if (status === 'failed') return [['broken', `${file}: ${result.bug?.text}`]];
  const now = readAll(text);
  if (!now) return [['broken', 'cannot be parsed']];
  if (status === 'created') return now.length === 1 && before === undefined ? [] : [['values', 'is not one new object']];
  const [old] = readAll(before ?? '') ?? [];
  const [listed] = now;
  if (!isObject(old) || !isObject(listed)) return [['broken', 'is no kustomization']];
  const isIn = (list: Json | undefined, item: Json) => isList(list) && list.some((each) => isEqual(each, item));
  const kept = isList(listed.resources) ? listed.resources.filter((item) => isIn(old.resources, item)) : [];
  const added = isList(listed.resources) ? listed.resources.length - kept.length : 0;
  const isSame = isEqual({ ...listed, resources: kept }, { ...old, resources: old.resources ?? [] });
  return isSame && added === asked.length ? [] : [['values', 'differs in more than what it lists']];
}

function lostComments(before: string, after: string, listed: readonly string[]): string[] {
  const left = count([...commentTokens(after), ...listed.map((comment) => comment.trim())]);
  const lost: string[] = [];
  for (const [comment, times] of count([...commentTokens(before)])) if ((left.get(comment) ?? 0) < times) lost.push(comment);
  return lost;
}

function count(texts: readonly string[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const text of texts) counts.set(text, (counts.get(text) ?? 0) + 1);
  return counts;
}

function* commentTokens(text: string): Iterable<string> {
  for (const token of new Parser().parse(text)) yield* commentsIn(token);
}

function* commentsIn(token: unknown): Iterable<string> {
  if (typeof token !== 'object' || token === null) return;
  const { type, source, ...parts } = token as { type?: string; source?: string } & Record<string, unknown>;
  if (type === 'comment' && source !== undefined) yield source.trim();
  for (const name of ['start', 'sep', 'end', 'props', 'items']) {
    const list = parts[name];
    if (Array.isArray(list)) for (const each of list) yield* commentsIn(each);
  }
  yield* commentsIn(parts.key);
  yield* commentsIn(parts.value);
}

/** Whether the new text is the old one with exactly the listed ranges replaced. */
function isSplicedFrom(before: string, { text, splices }: FileResult): boolean {
  let old = 0;
  let now = 0;
  for (const { start, end, insert } of splices) {
    const kept = before.slice(old, start);
    if (!text.startsWith(kept, now) || !text.startsWith(insert, now + kept.length)) return false;
    now += kept.length + insert.length;
    old = end;
  }
  return text.slice(now) === before.slice(old);
}
