import { expect, it } from 'vitest';
import { applyChange, withoutRemoved } from '../../src/core/apply.js';
import type { Change } from '../../src/core/change.js';
import type { ReasonCode } from '../../src/core/finding.js';
import type { Json, Path } from '../../src/core/json.js';
import { kubernetesPlacement } from '../../src/kube/placement.js';
import { commentsOf } from '../../src/yaml/comments.js';
import { splitDocuments } from '../../src/yaml/documents.js';
import { parseDocument } from '../../src/yaml/parse.js';
import { disprove } from '../../src/yaml/prove.js';
import { type RenderedChanges, renderChanges } from '../../src/yaml/render.js';
import { applySplices } from '../../src/yaml/splice.js';
import { indexLines, type YamlDocument } from '../../src/yaml/tree.js';
import { documentValue } from '../../src/yaml/value.js';

export interface Row {
  readonly name: string;
  readonly before: string;
  readonly changes: readonly Change[];
  readonly after: string;
  /** Comments that go, for all changes together. */
  readonly lost?: readonly string[];
  /** Which document of the file; the first. */
  readonly document?: number;
}

/** A text without the indent that all its lines share, and without the line break behind the first backtick. */
export function yaml({ raw }: TemplateStringsArray): string {
  const lines = (raw[0] as string).split('\n').slice(1);
  const last = lines.pop() ?? '';
  if (last.trim() !== '') throw new Error('the closing backtick stands on a line of its own');
  const indents = lines.filter((line) => line.trim() !== '').map((line) => line.length - line.trimStart().length);
  const indent = Math.min(...indents);
  return lines.map((line) => `${line.slice(indent)}\n`).join('');
}

/** `spec.containers.0.image`; keys with dots are given as arrays. */
function pathOf(path: string | Path): Path {
  return typeof path === 'string' ? path.split('.').map((step) => (/^\d+$/.test(step) ? Number(step) : step)) : path;
}

export const set = (path: string | Path, value: Json): Change => ({ op: 'set', path: pathOf(path), value });
export const append = (path: string | Path, value: Json): Change => ({ op: 'append', path: pathOf(path), value });
export const remove = (path: string | Path): Change => ({ op: 'remove', path: pathOf(path) });

export function parse(text: string, index = 0): YamlDocument {
  const slice = splitDocuments(text)[index];
  const document = slice && parseDocument(indexLines(text), slice);
  if (!document) throw new Error('no document there');
  return document;
}

export function render(text: string, changes: readonly Change[], index = 0): RenderedChanges {
  return renderChanges(parse(text, index), changes, kubernetesPlacement);
}

/** Each row as it is; its values proved, its comments counted, run twice, with CRLF and between other documents. */
export function itRenders(rows: readonly Row[]): void {
  it.each(rows)('$name', (row) => {
    const { before, after, changes, document = 0 } = row;
    expect(edited(row)).toBe(after);
    expect(disprove(part(before, document), part(after, document), valueAfter(row))).toBeUndefined();
    if (isRepeatable(changes)) expect(render(after, changes, document)).toMatchObject({ problems: [], splices: [] });
    if (!before.includes('\r')) expect(edited({ ...row, before: withReturns(before) })).toBe(withReturns(after));
    // Comments before the first marker belong to no document, those behind another one to an empty one.
    if (!/^[\ufeff%#]/.test(before)) {
      const head = `kind: Service\n${before.startsWith('---') ? '' : '---\n'}`;
      const tail = before.endsWith('\n') ? '---\nkind: Other\n' : '';
      expect(edited({ ...row, before: head + before + tail, document: document + 1 })).toBe(head + after + tail);
    }
  });
}

function edited({ before, changes, document = 0, lost = [] }: Row): string {
  const { splices, problems, lostComments } = render(before, changes, document);
  expect(problems).toEqual([]);
  expect([...lostComments.values()].flat()).toEqual(lost);
  const after = applySplices(before, splices);
  const kept = commentsOf(parse(before, document)).map(({ text }) => text);
  for (const comment of lost) kept.splice(kept.indexOf(comment), 1);
  expect(commentsOf(parse(after, document)).map(({ text }) => text)).toEqual(kept);
  return after;
}

function part(text: string, index: number): string {
  const slice = splitDocuments(text)[index];
  return slice ? text.slice(slice.start, slice.end) : '';
}

function valueAfter({ before, changes, document }: Row): Json {
  let value: Json | undefined = documentValue(parse(before, document));
  for (const change of changes) value = applyChange(value, change);
  return withoutRemoved(value ?? null, changes);
}

function isRepeatable(changes: readonly Change[]): boolean {
  return changes.every(({ op, path }) => op === 'set' || (op === 'remove' && typeof path.at(-1) === 'string'));
}

function withReturns(text: string): string {
  return text.replaceAll('\n', '\r\n');
}

export interface HeldRow {
  readonly name: string;
  readonly before: string;
  readonly changes: readonly Change[];
  readonly code: ReasonCode;
  readonly text: string | RegExp;
  /** Indices of the changes that are named; all of them. */
  readonly named?: readonly number[];
}

/** No splice, and a reason that names the changes. */
export function itHolds(rows: readonly HeldRow[]): void {
  it.each(rows)('$name', ({ before, changes, code, text, named }) => {
    const { splices, problems } = render(before, changes);
    expect(splices).toEqual([]);
    expect(problems).toHaveLength(1);
    expect(problems[0]?.code).toBe(code);
    expect(problems[0]?.text).toMatch(text);
    expect([...(problems[0]?.changes ?? [])].sort()).toEqual(named ?? changes.map((_, at) => at));
  });
}
