import { loadAll } from 'js-yaml';
import { describe, expect, it } from 'vitest';
import { applyChange, withoutRemoved } from '../../src/core/apply.js';
import { type Change, conflicts } from '../../src/core/change.js';
import { ManifestError } from '../../src/core/errors.js';
import type { ReasonCode } from '../../src/core/finding.js';
import { isEqual, type Json } from '../../src/core/json.js';
import { type Placement, plainPlacement } from '../../src/core/placement.js';
import { kubernetesPlacement } from '../../src/kube/placement.js';
import { splitDocuments } from '../../src/yaml/documents.js';
import { parseDocument } from '../../src/yaml/parse.js';
import { disprove, readAgain } from '../../src/yaml/prove.js';
import { renderChanges } from '../../src/yaml/render.js';
import { applySplices } from '../../src/yaml/splice.js';
import { indexLines, type YamlDocument } from '../../src/yaml/tree.js';
import { documentValue } from '../../src/yaml/value.js';
import { fc } from '../fc.js';
import { generateChanges } from './generate-changes.js';
import { type GeneratedFile, generateFile } from './generate-file.js';
import { strayBytes } from './stray-bytes.js';
import { readTape } from './tape.js';

/** `KUBEMEND_RUNS=10000` in `.ci/run`. */
const RUNS = Number(process.env.KUBEMEND_RUNS ?? 2000);

const CODES: ReadonlySet<ReasonCode> = new Set<ReasonCode>([
  'WRONG_TYPE',
  'ALIAS_SHARED',
  'ANCHOR_IN_USE',
  'MERGE_AMBIGUOUS',
  'UNPLACEABLE',
]);

const tape = (length: number) => fc.uint8Array({ minLength: 0, maxLength: length, size: 'max' }).map(readTape);

interface Case {
  readonly file: GeneratedFile;
  readonly changes: readonly Change[];
}

const cases: fc.Arbitrary<Case> = fc
  .tuple(fc.uint8Array({ maxLength: 500, size: 'max' }), fc.uint8Array({ minLength: 30, maxLength: 90, size: 'max' }))
  .map(([bytes, more]) => {
    const file = generateFile(readTape(bytes));
    return { file, changes: generateChanges(readTape(more), file.value) };
  })
  .filter(({ changes }) => changes.length > 0)
  .map((made) =>
    Object.assign(made, { [fc.toStringMethod]: () => `${made.file.text}\n======\n${JSON.stringify(made.changes)}` }),
  );

function parse({ text, index }: GeneratedFile): YamlDocument {
  const slice = splitDocuments(text)[index];
  const document = slice && parseDocument(indexLines(text), slice);
  if (!document) throw new Error('the document is not there');
  return document;
}

function placementFor(changes: readonly Change[]): Placement {
  return changes.length % 2 === 0 ? kubernetesPlacement : plainPlacement;
}

/** The changes made to plain data; `undefined` where they do not fit it. */
function applied(value: Json, changes: readonly Change[]): Json {
  let wanted: Json | undefined = value;
  for (const change of changes) wanted = applyChange(wanted, change);
  return withoutRemoved(wanted ?? null, changes);
}

function countOf(text: string, part: string): number {
  return text.split(part).length - 1;
}

describe('rendering', () => {
  it(`is right for documents of all sorts (${RUNS} cases)`, { timeout: 600_000 }, () => {
    const problems = new Map<string, number>();
    let edited = 0;
    fc.assert(
      fc.property(cases, ({ file, changes }) => {
        const document = parse(file);
        expect(documentValue(document)).toEqual(file.value);
        const placement = placementFor(changes);
        const result = renderChanges(document, changes, placement);
        if (result.problems.length > 0) {
          for (const { code } of result.problems) expect(CODES).toContain(code);
          const { code } = result.problems[0] as (typeof result.problems)[number];
          problems.set(code, (problems.get(code) ?? 0) + 1);
          return;
        }
        edited++;
        const after = applySplices(file.text, result.splices);
        expectProven(file, after, changes);
        expectComments(file, after, [...result.lostComments.values()].flat());
        expect(strayBytes(document, changes, result)).toEqual([]);
        expectRest(file, after);
        expectFixedPoint(file, after, changes);
      }),
      { numRuns: RUNS },
    );
    const refused = [...problems.values()].reduce((sum, count) => sum + count, 0);
    console.log(`edited ${edited}, held ${refused}:`, Object.fromEntries(problems));
    expect(edited / (edited + refused)).toBeGreaterThanOrEqual(0.95);
  });
});

/** Read by the second parser, the result is what the changes make of the plain value. */
function expectProven({ text, index, value }: GeneratedFile, after: string, changes: readonly Change[]): void {
  const expected = applied(value, changes);
  const sliceOf = (whole: string) => {
    const { start, end } = splitDocuments(whole)[index] ?? { start: 0, end: 0 };
    return whole.slice(start, end);
  };
  expect(disprove(sliceOf(text), sliceOf(after), expected)).toBeUndefined();
  const reading = readAgain(sliceOf(after));
  if ('value' in reading) expect(reading.value).toEqual(expected);
}

/** Each comment is still there, once, or reported as lost. */
function expectComments({ comments }: GeneratedFile, after: string, lost: readonly string[]): void {
  for (const comment of comments) {
    expect(countOf(after, comment), comment).toBe(lost.includes(comment) ? 0 : 1);
  }
  for (const comment of lost)
    expect(
      comments.some((known) => comment.startsWith(known)),
      comment,
    ).toBe(true);
}

/** The other documents, the byte order mark and the end of the file are the same. */
function expectRest({ text, index }: GeneratedFile, after: string): void {
  const before = splitDocuments(text);
  const now = splitDocuments(after);
  expect(now.length).toBe(before.length);
  expect(after.charCodeAt(0) === 0xfeff).toBe(text.charCodeAt(0) === 0xfeff);
  // Where the last line is removed, a blank line may end the file, or a block scalar with the line break that is part of it.
  const mayGainBreak = /\n[ \t]*\r?\n|[|>]/.test(text);
  if (text.endsWith('\n') || !mayGainBreak) expect(after.endsWith('\n')).toBe(text.endsWith('\n'));
  if (text.includes('\n') && !/(^|[^\r])\n/.test(text)) expect(after).not.toMatch(/(^|[^\r])\n/);
  if (!text.includes('\r')) expect(after).not.toContain('\r');
  before.forEach((slice, at) => {
    const other = now[at] as (typeof now)[number];
    if (at !== index) expect(after.slice(other.start, other.end)).toBe(text.slice(slice.start, slice.end));
  });
}

/** A second run finds nothing to do. */
function expectFixedPoint({ text, index }: GeneratedFile, after: string, changes: readonly Change[]): void {
  if (changes.some((change) => change.op === 'append' || (change.op === 'remove' && typeof change.path.at(-1) === 'number')))
    return;
  const again = renderChanges(parse({ text: after, index, value: null, comments: [] }), changes, placementFor(changes));
  expect(again.problems).toEqual([]);
  expect(again.splices, text).toEqual([]);
}

describe('changes', () => {
  it('made by the generator never conflict', () => {
    fc.assert(
      fc.property(cases, ({ changes }) => {
        changes.forEach((one, at) => {
          for (const other of changes.slice(at + 1)) expect(conflicts(one, other)).toBe(false);
        });
      }),
      { numRuns: 200 },
    );
  });
});

describe('splitDocuments', () => {
  it('gives slices that do not overlap and cover all that counts', () => {
    const texts = fc.oneof(
      tape(400).map((bytes) => generateFile(bytes).text),
      fc
        .array(fc.constantFrom('---', '--- # c', '...', '# c', '', 'a: 1', '  b', '%YAML 1.1', '-----BEGIN', '---\r', 'x: |'))
        .map((lines) => lines.join('\n')),
    );
    fc.assert(
      fc.property(texts, (text) => {
        let at = 0;
        let index = 0;
        for (const slice of splitDocuments(text)) {
          expect(slice.start).toBeGreaterThanOrEqual(at);
          expect(slice.end).toBeGreaterThan(slice.start);
          expect(slice.index).toBe(index++);
          for (const line of text.slice(at, slice.start).split(/\r?\n/)) expect(line).toMatch(/^(\ufeff|\.\.\.|%.*)?\s*(#.*)?$/);
          at = slice.end;
        }
        for (const line of text.slice(at).split(/\r?\n/)) expect(line).toMatch(/^(\ufeff|\.\.\.)?\s*(#.*)?$/);
      }),
      { numRuns: Math.max(500, RUNS / 4) },
    );
  });

  it('agrees with js-yaml on the number of documents and on their values', () => {
    fc.assert(
      fc.property(tape(400), (bytes) => {
        const { text } = generateFile(bytes);
        const slices = splitDocuments(text);
        let expected: unknown[];
        try {
          expected = loadAll(text, { filename: 'x' });
        } catch {
          return; // tags of its own, and what `readAgain` knows better
        }
        expect(slices.map((slice) => loadAll(text.slice(slice.start, slice.end))[0] ?? null)).toEqual(
          expected.map((value) => value ?? null),
        );
      }),
      { numRuns: Math.max(300, RUNS / 8) },
    );
  });
});

describe('parseDocument', () => {
  const wild = fc.oneof(
    fc.string({ unit: 'binary', maxLength: 60 }),
    fc
      .array(
        fc.constantFrom(
          'a',
          ':',
          ' ',
          '\n',
          '-',
          '- ',
          '{',
          '}',
          '[',
          ']',
          ',',
          '"',
          "'",
          '#',
          '&x ',
          '*x',
          '|',
          '>',
          '!t ',
          '? ',
          '\t',
          '\r',
          '<<: ',
          '%',
          '\\',
        ),
      )
      .map((parts) => parts.join('')),
    fc.tuple(tape(300), fc.nat(), fc.nat(40), fc.string({ maxLength: 4 })).map(([bytes, at, length, insert]) => {
      const { text } = generateFile(bytes);
      const start = at % (text.length + 1);
      return text.slice(0, start) + insert + text.slice(start + length);
    }),
  );

  it('never throws anything but a ManifestError with a position in the file', () => {
    fc.assert(
      fc.property(wild, (text) => {
        const lines = indexLines(text);
        for (const slice of splitDocuments(text)) {
          try {
            const document = parseDocument(lines, slice);
            if (document) documentValue(document);
          } catch (error) {
            if (!(error instanceof ManifestError)) throw error;
            const { line, column } = error.position;
            expect(line).toBeGreaterThanOrEqual(1);
            expect(line).toBeLessThanOrEqual(lines.starts.length);
            expect(column).toBeGreaterThanOrEqual(1);
          }
        }
      }),
      { numRuns: RUNS },
    );
  });

  // Parsers differ in a few far corners of the language: the seed is fixed lest one of these come up in somebody's change.
  it('reads what the second parser reads, in all that both can read', () => {
    fc.assert(
      fc.property(wild, (text) => {
        // Parsers differ on explicit keys in flow collections, and on a collection's tag with nothing behind it.
        if (splitDocuments(text).length !== 1 || /\?|!!(map|seq)\s*(#|$)/m.test(text)) return;
        const [slice] = splitDocuments(text);
        const second = readAgain(text);
        if (!slice || !('value' in second)) return;
        try {
          const document = parseDocument(indexLines(text), slice);
          if (document) expect(isEqual(documentValue(document), second.value), text).toBe(true);
        } catch (error) {
          if (!(error instanceof ManifestError)) throw error;
        }
      }),
      { numRuns: Math.min(RUNS, 5000), seed: 7 },
    );
  });
});
