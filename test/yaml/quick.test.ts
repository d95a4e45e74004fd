import { describe, expect, it } from 'vitest';
import type { DocumentSlice } from '../../src/yaml/documents.js';
import { splitDocuments } from '../../src/yaml/documents.js';
import { parseFully } from '../../src/yaml/parse.js';
import { readQuickly } from '../../src/yaml/quick.js';
import { indexLines, type LineIndex, type YamlDocument } from '../../src/yaml/tree.js';
import { fc } from '../fc.js';
import { generateDocument } from './generate.js';
import { readTape } from './tape.js';

const RUNS = Number(process.env.KUBEMEND_RUNS ?? 2000);

const PARTS = [
  ...['a: 1', 'b:', 'c: x', '- x', '- a: 1', '- - x', '-', '-   d: 1', '"q": 1', "'s': 1", 'on: 1', 'k : v', 'e: # c', '? x'],
  ...[
    's: |',
    's: |-',
    's: >',
    's: |2',
    '- |',
    'text',
    '# comment',
    '',
    ' ',
    'f: [a, b]',
    'f: [a, {b: c}]',
    'm: {a: b}',
    'm: {a: }',
  ],
  ...["t: 'it''s'", 't: "x\\n"', 't: "x # y"', 'u: x # c', 'u: x#c', 'v: a: b', 'w: "x" y', 'x: *y', 'x: &y z', 'x: !!str z'],
  ...[
    'f: [a,',
    'b]',
    'm: {"a":1}',
    "f: ['a''b']",
    'f: [a b , c]',
    'p: -',
    'p: - x',
    'p: a -',
    'p: [-]',
    'p: --- x',
    '--- ',
    '---',
    '...',
  ],
  ...[
    'n: 0x1',
    'u: http://x:80/#y',
    'v: a:',
    'é: ü',
    'v: 🚀',
    '<<: {a: 1}',
    'a b: c',
    'a-b/c.d: e',
    '.5: x',
    '- [a]',
    '- {a: b}',
    'm: {a: b} # c',
  ],
  ...['f: [', ']', '], b]', '"q",', 'm: {', 'm: {a: 1,', 'b: 2 }', '},', 's: >-', 's: > # c', '- >', '   deeper', 'a,', '[x,'],
  ...['{{ x }}', '{{- if .x }}', 'a: {{ x }}', '- {{ x }}', 'a: "{{ x }}"', '{{ a }}: b', '{ {x} }', '{{ }'],
];

const texts = fc.oneof(
  fc
    .array(fc.tuple(fc.nat(3), fc.constantFrom(...PARTS)), { maxLength: 9 })
    .map((lines) => lines.map(([indent, part]) => '  '.repeat(indent) + part).join('\n')),
  fc
    .array(fc.tuple(fc.nat(5), fc.constantFrom(...PARTS)), { maxLength: 6 })
    .map((lines) => lines.map(([indent, part]) => `${' '.repeat(indent) + part}\n`).join('')),
  fc.uint8Array({ maxLength: 60 }).map((bytes) => generateDocument(readTape(bytes)).text),
  fc.tuple(fc.constantFrom(...PARTS), fc.string({ maxLength: 12 })).map(([part, more]) => `${part}${more}\n`),
);

function attempt(
  read: (lines: LineIndex, slice: DocumentSlice) => YamlDocument | undefined,
  lines: LineIndex,
  slice: DocumentSlice,
) {
  try {
    return read(lines, slice);
  } catch {
    return undefined;
  }
}

describe('readQuickly', () => {
  it('gives the tree of the full parser, or none', { timeout: 120_000 }, () => {
    let read = 0;
    let all = 0;
    fc.assert(
      fc.property(texts, (text) => {
        const lines = indexLines(text);
        for (const slice of splitDocuments(text)) {
          all++;
          const quick = readQuickly(lines, slice);
          if (!quick) continue;
          read++;
          expect(quick, text).toEqual(attempt(parseFully, lines, slice));
        }
      }),
      { numRuns: RUNS * 5 },
    );
    expect(read / all).toBeGreaterThan(0.05);
  });

  it('tells of a template marker only where no parser reads the document', { timeout: 120_000 }, () => {
    let told = 0;
    fc.assert(
      fc.property(texts, (text) => {
        const lines = indexLines(text);
        for (const slice of splitDocuments(text)) {
          const places: number[] = [];
          readQuickly(lines, slice, (at) => void places.push(at));
          if (places.length === 0) continue;
          told++;
          expect(text.slice(places[0]).startsWith('{{'), text).toBe(true);
          expect(attempt(parseFully, lines, slice), text).toBeUndefined();
        }
      }),
      { numRuns: RUNS * 2 },
    );
    expect(told).toBeGreaterThan(RUNS / 50);
  });

  it.each([
    [
      'a manifest',
      'kind: Pod\nmetadata:\n  name: x\nspec:\n  containers:\n  - name: a\n    image: "b"\n    args: [x, \'y\']\n# end\n',
    ],
    ['a script', 'kind: ConfigMap\ndata:\n  run: |\n    echo\n\n    # no comment\n  z: 1\n'],
    ['a marker', '---\n# head\nkind: Pod\n'],
    ['a list over lines', 'a:\n  args: ["x",\n    y, {key: 1,\n\n      other: [c,\n   d]}\n   ]\n  b: 2\n'],
    ['a folded text', 'a:\n  b: >-\n    one\n    two\n\n\n    three\n  c: >\n\n    four\n\nd: e\n'],
    ['wide dashes', 'a:\n  -   b: 1\n      c: 2\n  - x\n'],
  ])('reads %s', (_, text) => {
    const lines = indexLines(text);
    const [slice] = splitDocuments(text);
    expect(slice && readQuickly(lines, slice)).toEqual(slice && parseFully(lines, slice));
    expect(slice && readQuickly(lines, slice)).toBeDefined();
  });
});
