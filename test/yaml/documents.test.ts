import { loadAll } from 'js-yaml';
import { describe, expect, it } from 'vitest';
import { splitDocuments } from '../../src/yaml/documents.js';
import { countWork } from '../work.js';

interface Row {
  readonly name: string;
  readonly text: string;
  readonly parts: readonly string[];
}

const ROWS: readonly Row[] = [
  { name: 'nothing', text: '', parts: [] },
  { name: 'one document', text: 'a: 1\n', parts: ['a: 1\n'] },
  { name: 'one without a line break at the end', text: 'a: 1', parts: ['a: 1'] },
  { name: 'one behind a marker', text: '---\na: 1\n', parts: ['---\na: 1\n'] },
  { name: 'two', text: 'a: 1\n---\nb: 1\n', parts: ['a: 1\n', '---\nb: 1\n'] },
  { name: 'a comment behind the marker', text: 'a: 1\n--- # c\nb: 1\n', parts: ['a: 1\n', '--- # c\nb: 1\n'] },
  { name: 'white space behind the marker', text: 'a: 1\n--- \t\nb: 1\n', parts: ['a: 1\n', '--- \t\nb: 1\n'] },
  { name: 'a value behind the marker', text: '--- {a: 1}\n--- "b"\n', parts: ['--- {a: 1}\n', '--- "b"\n'] },
  { name: 'a marker at the end', text: 'a: 1\n---\n', parts: ['a: 1\n', '---\n'] },
  { name: 'a marker at the end, without a line break', text: 'a: 1\n---', parts: ['a: 1\n', '---'] },
  { name: 'an empty document between two markers', text: '---\n---\na: 1\n', parts: ['---\n', '---\na: 1\n'] },
  { name: 'a document of comments', text: '---\n# c\n---\na: 1\n', parts: ['---\n# c\n', '---\na: 1\n'] },
  { name: 'comments before the first marker', text: '# c\n\n---\na: 1\n', parts: ['---\na: 1\n'] },
  { name: 'comments and no document', text: '# c\n\n', parts: [] },
  { name: 'comments before a document without a marker', text: '# c\na: 1\n', parts: ['# c\na: 1\n'] },
  { name: 'comments behind the last document', text: 'a: 1\n# c\n', parts: ['a: 1\n# c\n'] },
  { name: '...', text: 'a: 1\n...\n', parts: ['a: 1\n...\n'] },
  { name: '... and a marker', text: 'a: 1\n...\n---\nb: 1\n', parts: ['a: 1\n...\n', '---\nb: 1\n'] },
  { name: '... and comments', text: 'a: 1\n... # d\n# c\n', parts: ['a: 1\n... # d\n'] },
  { name: '... and a document without a marker', text: 'a: 1\n...\nb: 1\n', parts: ['a: 1\n...\n', 'b: 1\n'] },
  { name: '... twice', text: 'a: 1\n...\n...\n', parts: ['a: 1\n...\n'] },
  { name: 'a directive', text: '%YAML 1.1\n---\na: 1\n', parts: ['%YAML 1.1\n---\na: 1\n'] },
  { name: 'a directive behind comments', text: '# c\n%YAML 1.1\n# d\n---\na: 1\n', parts: ['# c\n%YAML 1.1\n# d\n---\na: 1\n'] },
  { name: 'a directive behind ...', text: 'a: 1\n...\n%YAML 1.1\n---\nb: 1\n', parts: ['a: 1\n...\n', '%YAML 1.1\n---\nb: 1\n'] },
  { name: 'what looks like a directive', text: 'a: x\n  %y\n---\nb: 1\n', parts: ['a: x\n  %y\n', '---\nb: 1\n'] },
  { name: '-----BEGIN', text: '-----BEGIN X-----\n', parts: ['-----BEGIN X-----\n'] },
  {
    name: '-----BEGIN in a block scalar',
    text: 'a: |\n  -----BEGIN X-----\n---\nb: 1\n',
    parts: ['a: |\n  -----BEGIN X-----\n', '---\nb: 1\n'],
  },
  { name: '--- in a block scalar', text: 'a: |\n  ---\n  ...\n---\nb: 1\n', parts: ['a: |\n  ---\n  ...\n', '---\nb: 1\n'] },
  { name: '--- with text behind', text: 'a: 1\n---b: 2\n', parts: ['a: 1\n---b: 2\n'] },
  { name: 'a marker in the midst of a line', text: 'a: x ---\nb: --- y\n', parts: ['a: x ---\nb: --- y\n'] },
  { name: 'CRLF', text: '# c\r\n---\r\na: 1\r\n---\r\nb: 1\r\n', parts: ['---\r\na: 1\r\n', '---\r\nb: 1\r\n'] },
  { name: 'a byte order mark', text: '\ufeffa: 1\n', parts: ['a: 1\n'] },
  { name: 'a byte order mark before a marker', text: '\ufeff---\na: 1\n', parts: ['---\na: 1\n'] },
  { name: 'a byte order mark before comments', text: '\ufeff# c\n---\na: 1\n', parts: ['---\na: 1\n'] },
  { name: 'a byte order mark alone', text: '\ufeff', parts: [] },
  { name: 'a Unicode line separator, which ends no line', text: 'a: "x\u2028---\u2028y"\n', parts: ['a: "x\u2028---\u2028y"\n'] },
  { name: 'JSON', text: '{"a":1}\n', parts: ['{"a":1}\n'] },
];

describe('splitDocuments', () => {
  it.each(ROWS)('$name', ({ text, parts }) => {
    const slices = splitDocuments(text);
    expect(slices.map(({ start, end }) => text.slice(start, end))).toEqual(parts);
    expect(slices.map(({ index }) => index)).toEqual(parts.map((_, at) => at));
  });

  it.each(ROWS.filter(({ text }) => text.trim() !== '' && !text.includes('%y')))(
    'counts as js-yaml does: $name',
    ({ text, parts }) => {
      expect(loadAll(text)).toHaveLength(parts.length);
    },
  );

  it('takes steps in proportion to the text', () => {
    const steps = (count: number) => countWork(() => void splitDocuments('---\n# c\n---\na: 1\n'.repeat(count)));
    steps(100);
    expect(steps(1600) / steps(100)).toBeLessThan(18);
  });
});
