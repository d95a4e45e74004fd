import { describe, expect, it } from 'vitest';
import { commentsOf } from '../../src/yaml/comments.js';
import { parse } from './table.js';

const texts = (text: string, index = 0) => commentsOf(parse(text, index)).map((comment) => comment.text);

describe('commentsOf', () => {
  it.each<readonly [string, string, readonly string[]]>([
    ['none', 'a: 1\n', []],
    ['behind values and on lines of their own', '# 1\na: 1 # 2\n  # 3\nb:\t# 4\n  - x #5\n', ['# 1', '# 2', '# 3', '# 4', '#5']],
    ['not inside words', 'a: b#c\nd: http://x/#y\n', []],
    ['not inside quotes', 'a: "x # y" # 1\nb: \'# z\' # 2\n"# k": 1 # 3\n', ['# 1', '# 2', '# 3']],
    ['not inside quotes of several lines', 'a: "x\n  # y\n  z" # 1\n', ['# 1']],
    ['not inside block scalars, but on their header', 'a: | # 1\n  # x\n  y # z\n# 2\nb: >-\n  # x\n', ['# 1', '# 2']],
    ['behind a block scalar with blank lines', 'a: |\n  x\n\n # 1\n\n# 2\n', ['# 1', '# 2']],
    ['in flow collections', 'a: [b, # 1\n  # 2\n  c # 3\n  ] # 4\n', ['# 1', '# 2', '# 3', '# 4']],
    ['between an anchor or a tag and the value', 'a: &x # 1\n  b: 1\nc: !!map # 2\n  d: 1\n', ['# 1', '# 2']],
    ['on the line of the marker', '--- # 1\na: 1\n... # 2\n', ['# 1', '# 2']],
    ['with # inside', 'a: 1 # b # c\n', ['# b # c']],
    ['CRLF', 'a: 1 # 1\r\n# 2\r\n', ['# 1', '# 2']],
    ['a byte order mark', '\ufeff# 1\na: 1\n', ['# 1']],
    ['at the end of the file', 'a: 1 # 1', ['# 1']],
    ['in plain values of several lines', 'a: x\n  y # 1\nb: z\n', ['# 1']],
    ['an alias', 'a: &x 1\nb: *x # 1\n', ['# 1']],
  ])('%s', (_, text, expected) => {
    expect(texts(text)).toEqual(expected);
  });

  it('keeps to its document', () => {
    const text = '# 0\n---\na: 1 # 1\n--- # 2\nb: 1\n# 3\n';
    expect(texts(text, 0)).toEqual(['# 1']);
    expect(texts(text, 1)).toEqual(['# 2', '# 3']);
  });

  it('says where', () => {
    const [first, second] = commentsOf(parse('a: 1  # x\n  # y\n'));
    expect(first).toEqual({ start: 6, end: 9, text: '# x', line: 0, column: 6, isOwnLine: false });
    expect(second).toEqual({ start: 12, end: 15, text: '# y', line: 1, column: 2, isOwnLine: true });
  });
});
