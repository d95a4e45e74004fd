import { describe, expect, it } from 'vitest';
import { ManifestError, type RefusalCode } from '../../src/core/errors.js';
import { splitDocuments } from '../../src/yaml/documents.js';
import { parseDocument } from '../../src/yaml/parse.js';
import { indexLines, type MapNode, type Node } from '../../src/yaml/tree.js';
import { documentValue } from '../../src/yaml/value.js';
import { parse } from './table.js';

/** What reading the documents of a file throws; `undefined` when it can be read. */
function refusal(text: string): ManifestError | undefined {
  const lines = indexLines(text);
  try {
    for (const slice of splitDocuments(text)) {
      const document = parseDocument(lines, slice);
      if (document) documentValue(document);
    }
  } catch (error) {
    if (error instanceof ManifestError) return error;
    throw error;
  }
  return undefined;
}

const nested = (depth: number) => Array.from({ length: depth }, (_, at) => `${' '.repeat(at)}a:`).join('\n');
const bomb = [
  'a0: &a0 [x, x, x, x, x, x, x, x, x, x]',
  ...Array.from({ length: 8 }, (_, at) => {
    const items = Array.from({ length: 10 }, () => `*a${at}`);
    return `a${at + 1}: &a${at + 1} [${items.join(', ')}]`;
  }),
].join('\n');

describe('refusals', () => {
  it.each<readonly [RefusalCode, string, number, number, string]>([
    ['SYNTAX', 'a: 1\nb: [1\n', 2, 4, 'the bracket that opens here is not closed'],
    ['SYNTAX', 'a: [b, {c: d\ne: 1\n', 1, 8, 'the bracket that opens here'],
    ['SYNTAX', 'a: {b: 1}}\n', 1, 10, 'a "}" that closes nothing'],
    ['SYNTAX', 'a: ]\n', 1, 4, 'a "]" that closes nothing'],
    ['SYNTAX', 'a: 1\nb: "x\nc: 2\n', 2, 4, 'the quote that opens here is not closed'],
    ['SYNTAX', "a: 'x\n", 1, 4, 'the quote that opens here'],
    ['SYNTAX', 'a: b: c\n', 1, 4, 'a colon inside of a value; quote the value'],
    ['SYNTAX', 'a:\n  b: c\n    d: e\n', 3, 5, 'indented deeper than a key above it that has its value already'],
    ['SYNTAX', 'a: 1\r\n   b: 2\r\n', 2, 4, 'indented deeper'],
    ['SYNTAX', '- a\nb: 1\n', 2, 1, 'text behind the end of a value'],
    ['SYNTAX', 'a: "b" c\n', 1, 8, 'quote all of it'],
    ['SYNTAX', 'a: 1\nb: "c\n  d: " e\n', 3, 8, 'whose quote opens on line 2'],
    ['SYNTAX', 'a:\n  b:\n    c: 1\n\n   # d\n   e: 1\n', 6, 4, 'not in the column of the keys or items around it'],
    ['SYNTAX', 'a:\n  b\n c: 1\n', 2, 3, 'neither a key nor part of the value above'],
    ['SYNTAX', 'a:\n  b:c\n  d: 1\n', 2, 3, 'no space behind the colon of a key'],
    ['SYNTAX', 'a:\n  - b: 1\n - c: 1\n', 3, 2, 'is it in the column of its list?'],
    ['SYNTAX', 'a: @x\n', 1, 4, 'a value cannot begin with "@"; quote it'],
    ['SYNTAX', 'a: "\\q"\n', 1, 5, 'a backslash that means nothing'],
    ['SYNTAX', 'a: |x\n  b\n', 1, 5, 'text behind the | or >'],
    ['SYNTAX', 'a: "b"#c\n', 1, 7, 'no space before a "#"'],
    ['SYNTAX', 'a: {b: 1,, c: 1}\n', 1, 10, 'a "," too many'],
    ['SYNTAX', 'a: {b: "c" d: 1}\n', 1, 12, 'something is missing before this'],
    ['SYNTAX', '{"a": "b"}\n{"a": "c"}\n', 2, 1, 'several JSON values in one file; put them into a List, or into one file each'],
    ['SYNTAX', '{\n  "a": [1]\n}\n\n[2]\n', 5, 1, 'several JSON values in one file'],
    ['SYNTAX', '{"a": "b"} c\n', 1, 12, 'text behind the end of a value'],
    ['SYNTAX', 'a: {"b": "c"} {d: e}\n', 1, 15, 'text behind the end of a value'],
    ['SYNTAX', 'a: &x &y b\n', 1, 7, 'more than one anchor'],
    ['SYNTAX', 'a: &x *y\n', 1, 7, 'one before an alias'],
    ['SYNTAX', 'a: 1\n<<<<<<< HEAD\nb: 1\n=======\nb: 2\n>>>>>>> c\n', 2, 1, 'a merge conflict of git is not resolved'],
    ['SYNTAX', 'a: 1\n---\nb: {\n', 3, 4, 'the bracket that opens here'],
    ['SYNTAX', '# c\n---\n\n--- # d\nb: c: d\n', 5, 4, 'a colon inside'],
    ['SYNTAX', '\ufeffa: @x\n', 1, 4, 'cannot begin with "@"'],
    ['SYNTAX', 'ä🚀: "b" c\r\n', 1, 10, 'text behind the end'],
    ['SYNTAX', 'a: 1\rb: 2\n', 1, 5, 'carriage return'],
    ['SYNTAX', 'a: 1 # c\r\r\nb: 2\n', 1, 9, 'carriage return'],
    ['TAB_INDENT', 'a:\n\tb: 1\n', 2, 1, 'a tab'],
    ['TAB_INDENT', 'a:\n  b: 1\n\tc: 2\n', 3, 1, 'a tab'],
    ['TAB_INDENT', '\ta: 1\n', 1, 1, 'a tab'],
    ['TAB_INDENT', 'a:\r\n- b\r\n\t- c\r\n', 3, 1, 'a tab'],
    ['DUPLICATE_KEY', 'a: 1\nb:\n  c: 1\n  c: 2\n', 4, 3, 'duplicate key "c" (first on line 3)'],
    ['DUPLICATE_KEY', '{"a": 1, "a": 2}', 1, 10, 'duplicate key "a" (first on line 1)'],
    ['DUPLICATE_KEY', 'x: 0\n---\nyes: 1\n"true": 2\n', 4, 1, 'duplicate key "true" (first on line 3)'],
    ['DUPLICATE_KEY', 'a: [{b: 1, c: 2, b: 3}]\n', 1, 18, 'duplicate key "b"'],
    ['UNKNOWN_ANCHOR', 'a: *x\n', 1, 4, 'an alias without an anchor before it; quote a value'],
    ['UNKNOWN_ANCHOR', 'a: *x\nb: &x 1\n', 1, 4, 'before it'],
    ['UNKNOWN_ANCHOR', 'a: &x 1\n---\nb: *x\n', 3, 4, 'before it'],
    ['UNKNOWN_ANCHOR', 'a: &x {b: *x}\n', 1, 11, 'before it'],
    ['UNKNOWN_ANCHOR', 'a: &x\n  - b\n  - *x\n', 3, 5, 'before it'],
    ['UNKNOWN_ANCHOR', '*x : 1\n', 1, 1, 'before it'],
    ['COMPLEX_KEY', '? [a]\n: b\n', 1, 3, 'a map or list stands as a key'],
    ['COMPLEX_KEY', '{{a: 1}: b}\n', 1, 2, 'a map or list stands as a key'],
    ['COMPLEX_KEY', 'a: &x [1]\n*x : b\n', 2, 1, 'a map or list stands as a key'],
    ['TOO_DEEP', nested(97), 97, 97, 'more than 96 levels'],
    ['TOO_DEEP', '['.repeat(97) + ']'.repeat(97), 1, 97, 'more than 96 levels'],
    ['ALIAS_BOMB', bomb, 1, 1, '1000000 values'],
  ])('%s: %j', (code, text, line, column, message) => {
    const error = refusal(text);
    expect(error).toMatchObject({ name: 'ManifestError', code, position: { line, column } });
    expect(error?.message).toContain(message);
  });

  it.each(['[', '{a: ', '- '])('stays calm at 20,000 times %j', (part) => {
    expect(['TOO_DEEP', 'SYNTAX']).toContain(refusal(part.repeat(20_000))?.code);
  });

  it('a document that would take all memory; not a file of many', () => {
    const long = `a: 1 ${'#'.repeat(6 * 1024 * 1024)}\n`;
    expect(refusal(`${long}---\n${long}`)).toBeUndefined();
    expect(refusal(`${long}b: 1\nc: 1${long.slice(4)}`)).toMatchObject({
      code: 'TOO_LARGE',
      message: 'a document of more than 10 MB is not read; split it',
    });
    expect(refusal(`a: 1\n---\nb: [${'[],'.repeat(500_001)}]\n`)).toMatchObject({
      code: 'TOO_LARGE',
      message: 'a document of more than a million lines and items is not read; split it',
    });
  });

  it.each([
    ['depth of 96', nested(96)],
    ['tabs behind values, in blank lines and before comments', 'a: 1\t\n\t\n\t# c\nb:\t2\n'],
    ['tabs in quotes and block scalars', 'a: "x\ty"\nb: |\n  x\ty\n'],
    ['keys of one name in two maps', 'a:\n  c: 1\nb:\n  c: 1\n'],
    ['keys that differ by case', 'a: 1\nA: 2\n'],
    ['two merges', 'a: &a {x: 1}\nb: {<<: *a, y: 1}\nc: {<<: [*a]}\n'],
    ['an anchor that is set again', 'a: &x 1\nb: &x 2\nc: *x\n'],
    ['a flow list that closes at its parent’s indent', 'a: [\n  1,\n  2\n]\n'],
    ['a few hundred aliases', `a: &a {x: 1}\nb: [${Array.from({ length: 300 }, () => '*a').join(', ')}]\n`],
    ['control characters in quotes', 'a: "\\u0007"\n'],
  ])('none for %s', (_, text) => {
    expect(refusal(text)).toBeUndefined();
  });
});

describe('values', () => {
  it.each<readonly [string, string, unknown]>([
    ['YAML 1.1 words', 'a: yes\nb: "yes"\nc: 0644\nd: ~\ne:\n', { a: true, b: 'yes', c: 420, d: null, e: null }],
    ['keys that are no strings', 'on: 1\n80: 2\n1.50: 3\n', { true: 1, 80: 2, '1.5': 3 }],
    ['folding', 'a: x\n  y\n\n  z\nb: "x\n  y\\n"\nc: \'x\n\n  y\'\n', { a: 'x y\nz', b: 'x y\n', c: 'x\ny' }],
    [
      'block scalars',
      'a: |\n  x\n   y\nb: >-\n  x\n  y\nc: |+\n  x\n\nd: |2\n    x\n',
      { a: 'x\n y\n', b: 'x y', c: 'x\n\n', d: '  x\n' },
    ],
    ['CRLF in block scalars', 'a: |\r\n  x\r\n  y\r\n', { a: 'x\ny\n' }],
    ['tags', 'a: !!str 5\nb: !!int "5"\nc: !custom 5\nd: !!timestamp 2001-01-01\n', { a: '5', b: 5, c: '5', d: '2001-01-01' }],
    ['aliases', 'a: &x {p: [1]}\nb: *x\nc: &y s\nd: *y\n', { a: { p: [1] }, b: { p: [1] }, c: 's', d: 's' }],
    ['merges, own keys first', 'a: &x {p: 1, q: 2}\nb: {<<: *x, p: 3}\n', { a: { p: 1, q: 2 }, b: { p: 3, q: 2 } }],
    [
      'merges of two, the first one first',
      'a: &x {p: 1}\nb: &y {p: 2, q: 2}\nc: {<<: [*x, *y]}\n',
      { a: { p: 1 }, b: { p: 2, q: 2 }, c: { p: 1, q: 2 } },
    ],
    [
      'merges of merges',
      'a: &x {p: 1}\nb: &y {<<: *x, q: 2}\nc: {<<: *y}\n',
      { a: { p: 1 }, b: { p: 1, q: 2 }, c: { p: 1, q: 2 } },
    ],
    ['a quoted << is a key', 'a: {"<<": {p: 1}}\n', { a: { '<<': { p: 1 } } }],
    ['flow pairs', 'a: {b, c: , "d":1}\ne: [f: 1, g]\n', { a: { b: null, c: null, d: 1 }, e: [{ f: 1 }, 'g'] }],
    ['explicit keys', '? a\n: b\n? c\n', { a: 'b', c: null }],
    ['empty items', '- \n-\n- x\n', [null, null, 'x']],
  ])('%s', (_, text, value) => {
    expect(documentValue(parse(text))).toEqual(value);
  });

  it('__proto__ is a key like others', () => {
    const value = documentValue(parse('"__proto__": {a: 1}\nb: {<<: {"__proto__": 2}}\n'));
    expect(Object.getOwnPropertyNames(value)).toEqual(['__proto__', 'b']);
    expect(({} as Record<string, unknown>).a).toBeUndefined();
  });

  it.each(['', '# c\n', '---\n', '---\n# c\n'])('nothing in %j', (text) => {
    const [slice] = splitDocuments(text);
    expect(slice && parseDocument(indexLines(text), slice)).toBeUndefined();
  });
});

/** Each node as its path and its text, the way the tree has it. */
function spans(text: string, node: Node, path = ''): string[] {
  const own = `${path || '.'} = ${JSON.stringify(text.slice(node.start, node.end))}`;
  if (node.kind === 'map') return [own, ...node.pairs.flatMap((pair) => spans(text, pair.value, `${path}.${pair.key}`))];
  if (node.kind === 'seq') return [own, ...node.items.flatMap((item, at) => spans(text, item.value, `${path}.${at}`))];
  return [own];
}

describe('positions', () => {
  it.each<readonly [string, string, readonly string[]]>([
    ['block', 'a:\n  b: 1 # c\n  # d\nc: x\n', ['. = "a:\\n  b: 1 # c\\n  # d\\nc: x"', '.a = "b: 1"', '.a.b = "1"', '.c = "x"']],
    [
      'list',
      'a:\n- x\n- b: 1\n\n',
      ['. = "a:\\n- x\\n- b: 1"', '.a = "- x\\n- b: 1"', '.a.0 = "x"', '.a.1 = "b: 1"', '.a.1.b = "1"'],
    ],
    [
      'flow',
      'a: { b: [1 , x ] } # c\n',
      ['. = "a: { b: [1 , x ] }"', '.a = "{ b: [1 , x ] }"', '.a.b = "[1 , x ]"', '.a.b.0 = "1"', '.a.b.1 = "x"'],
    ],
    ['empty', 'a:   # c\nb:\n', ['. = "a:   # c\\nb:"', '.a = ""', '.b = ""']],
    ['literal', 'a: |\n  x\n  # y\n\nb: 1\n', ['. = "a: |\\n  x\\n  # y\\n\\nb: 1"', '.a = "|\\n  x\\n  # y"', '.b = "1"']],
    ['keep', 'a: |+\n  x\n\nb: 1\n', ['. = "a: |+\\n  x\\n\\nb: 1"', '.a = "|+\\n  x\\n"', '.b = "1"']],
    ['empty literal', 'a: |\nb: 1\n', ['. = "a: |\\nb: 1"', '.a = "|"', '.b = "1"']],
    ['quoted', 'a: "x\n  y" # c\n', ['. = "a: \\"x\\n  y\\""', '.a = "\\"x\\n  y\\""']],
    ['properties', 'a: &x !!str b\nc: *x # d\n', ['. = "a: &x !!str b\\nc: *x"', '.a = "b"', '.c = "*x"']],
    [
      'CRLF',
      'a:\r\n  b: |\r\n    x\r\nc: 1\r\n',
      ['. = "a:\\r\\n  b: |\\r\\n    x\\r\\nc: 1"', '.a = "b: |\\r\\n    x"', '.a.b = "|\\r\\n    x"', '.c = "1"'],
    ],
    ['byte order mark', '\ufeffa: 1\n', ['. = "a: 1"', '.a = "1"']],
    ['wide', '"ä": 🚀 # 🚀\nb: ü\n', ['. = "\\"ä\\": 🚀 # 🚀\\nb: ü"', '.ä = "🚀"', '.b = "ü"']],
  ])('%s', (_, text, expected) => {
    expect(spans(text, parse(text).root)).toEqual(expected);
  });

  it('count from the start of the file in a later document', () => {
    const text = 'a: 1\n---\nb: {c: 2}\n';
    expect(spans(text, parse(text, 1).root)).toEqual(['. = "b: {c: 2}"', '.b = "{c: 2}"', '.b.c = "2"']);
  });

  it('has commas, colons, anchors and tags', () => {
    const text = 'a: {b: 1, "c" : &x 2,}\nd: !!map\n  e: [f,]\n';
    const root = parse(text).root as MapNode;
    const [a, d] = root.pairs.map(({ value }) => value as MapNode);
    expect(a?.pairs.map(({ afterColon, comma }) => [text.slice(0, afterColon), text.slice(0, comma + 1)])).toEqual([
      ['a: {b:', 'a: {b: 1,'],
      ['a: {b: 1, "c" :', 'a: {b: 1, "c" : &x 2,'],
    ]);
    expect(a?.pairs[1]?.value.anchor?.text).toBe('&x');
    expect(d?.tag?.text).toBe('!!map');
    expect(d?.pairs[0]?.value).toMatchObject({ kind: 'seq', isFlow: true });
  });

  it.each([
    ['{"a": [1, "x", {}]}', true],
    ['{"a": null}\n', true],
    ["{'a': 1}", false],
    ['{a: 1}', false],
    ['a: {"b": 1}', false],
    ['["a"]', false],
  ])('%j is JSON: %s', (text, isJson) => {
    expect(parse(text).isJson).toBe(isJson);
  });

  it.each([
    ['? a\n: b\n', [true]],
    ['{a, b: 1}\n', [true, false]],
    ['x: &k a\n*k : 1\nb: 2\n', [false, true, false]],
  ])('knows the odd pairs of %j', (text, odd) => {
    expect((parse(text).root as MapNode).pairs.map(({ isOdd }) => isOdd)).toEqual(odd);
  });
});
