import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createColors, createScreenColors } from '../../src/report/paint.js';
import { patchBetween, patchOf } from '../../src/report/patch.js';
import { applySplices, type Splice } from '../../src/yaml/splice.js';
import { fc } from '../fc.js';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'kubemend-patch-'));
  execFileSync('git', ['init', '-q'], { cwd: folder });
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function gitApply(patch: string, cwd = folder): void {
  execFileSync('git', ['apply', '--whitespace=nowarn'], { cwd, input: patch });
}

/** Applies many patches by one `git apply`: a process for each would take most of the time. */
function expectGitToAgree(
  cases: readonly { readonly before: string; readonly after: string; readonly patch: (name: string) => string }[],
) {
  const patches: string[] = [];
  for (const [index, { before, patch }] of cases.entries()) {
    writeFileSync(path.join(folder, `${index}.yaml`), before);
    patches.push(patch(`${index}.yaml`));
  }
  if (patches.join('') !== '') gitApply(patches.join(''));
  for (const [index, { after }] of cases.entries()) expect(readFileSync(path.join(folder, `${index}.yaml`), 'utf8')).toBe(after);
}

const line = fc.constantFrom('a', 'b', '  c: 1', '-- x', '++ y', '', '\\ No newline', '@@ -1 +1 @@', 'ü\u2028', '# d\t', 'e\r');
const lines = fc.array(fc.tuple(line, fc.constantFrom('\n', '\n', '\r\n')), { maxLength: 30 });
const text = fc.tuple(lines, fc.boolean(), line).map(([all, hasRest, rest]) => all.flat().join('') + (hasRest ? rest : ''));

const spliced = text.chain((before) => {
  const splice = fc
    .tuple(fc.nat(before.length), fc.nat(12), fc.oneof(fc.constant(''), text, line))
    .map(([start, length, insert]) => ({ start, end: Math.min(before.length, start + length), insert }));
  return fc.array(splice, { maxLength: 5 }).map((drawn) => {
    const splices: Splice[] = [];
    for (const next of drawn.sort((a, b) => a.start - b.start)) if (next.start >= (splices.at(-1)?.end ?? 0)) splices.push(next);
    return { before, splices, after: applySplices(before, splices) };
  });
});

describe('patchOf', () => {
  test('git makes of it exactly what the splices say', () => {
    const cases = fc
      .sample(spliced, { numRuns: 600, seed: 7 })
      .map(({ before, after, splices }) => ({ before, after, patch: (name: string) => patchOf(name, before, splices) }));
    expectGitToAgree(cases);
  });

  test('is empty when the splices change nothing', () => {
    expect(patchOf('a.yaml', 'a\nb\n', [])).toBe('');
    expect(patchOf('a.yaml', 'a\nb\n', [{ start: 0, end: 2, insert: 'a\n' }])).toBe('');
  });

  test('shows three lines around, and no more than what changes', () => {
    const before = '1\n2\n3\n4\n5\n6\n7\n8\n9\n';
    const start = before.indexOf('5');
    expect(patchOf('deploy/web.yaml', before, [{ start, end: start, insert: 'new\n' }])).toBe(
      '--- a/deploy/web.yaml\n+++ b/deploy/web.yaml\n@@ -2,6 +2,7 @@\n 2\n 3\n 4\n+new\n 5\n 6\n 7\n',
    );
    expect(patchOf('x', before, [{ start, end: start + 4, insert: '5\n7\n6\n' }])).toContain(
      '@@ -3,6 +3,7 @@\n 3\n 4\n 5\n+7\n 6\n 7\n 8\n',
    );
  });

  test('joins hunks whose context touches, and keeps others apart', () => {
    const before = Array.from({ length: 30 }, (_, index) => `${index}\n`).join('');
    const at = (line: string) => before.indexOf(`\n${line}\n`) + 1;
    const insertAt = (...all: string[]) => all.map((line) => ({ start: at(line), end: at(line), insert: 'x\n' }));
    expect(patchOf('x', before, insertAt('10', '16')).match(/^@@/gm)).toHaveLength(1);
    expect(patchOf('x', before, insertAt('10', '17')).match(/^@@.*$/gm)).toEqual(['@@ -8,6 +8,7 @@', '@@ -15,6 +16,7 @@']);
  });

  test('writes CRLF as it is and says where the last newline is missing', () => {
    expect(patchOf('x', 'a\r\nb', [{ start: 3, end: 3, insert: 'c\r\n' }])).toBe(
      '--- a/x\n+++ b/x\n@@ -1,2 +1,3 @@\n a\r\n+c\r\n b\n\\ No newline at end of file\n',
    );
    expect(patchOf('x', 'a\nb', [{ start: 3, end: 3, insert: '\nc' }])).toBe(
      '--- a/x\n+++ b/x\n@@ -1,2 +1,3 @@\n a\n-b\n\\ No newline at end of file\n+b\n+c\n\\ No newline at end of file\n',
    );
  });

  test('colours do not reach into the line ends', () => {
    const patch = patchOf('x', 'a\r\n', [{ start: 0, end: 1, insert: 'b' }], createColors(true));
    expect(patch).toContain('\u001b[31m-a\u001b[39m\r\n\u001b[32m+b\u001b[39m\r\n');
    // biome-ignore lint/suspicious/noControlCharactersInRegex: the escapes are what is meant
    expect(patch.replace(/\u001b\[\d+m/g, '')).toBe(patchOf('x', 'a\r\n', [{ start: 0, end: 1, insert: 'b' }]));
  });
});

test('on a terminal the text of a manifest steers nothing; in a patch it is verbatim', () => {
  const before = 'a: 1 # \u001b[2J\t\u202e\r\nb: 1\n';
  const splice = { start: before.length, end: before.length, insert: 'c: 1\n' };
  expect(patchOf('x', before, [splice], createScreenColors(false))).toContain('\n a: 1 # \\x1b[2J\t\\u202e\r\n b: 1\n');
  expect(patchOf('x', before, [splice])).toContain('\n a: 1 # \u001b[2J\t\u202e\r\n b: 1\n');
});

// Quadratic, it would outlast the time that a test may take.
test('a line of a million carriage returns is read once', () => {
  const before = `a: ${'\r'.repeat(1_000_000)}b\nc: 1\n`;
  const patch = patchOf('x', before, [{ start: before.length, end: before.length, insert: 'd: 1\n' }]);
  expect(patch).toMatch(/\n c: 1\n\+d: 1\n$/);
});

describe('patchBetween', () => {
  test('git makes of it exactly the second text', () => {
    const cases = fc
      .sample(fc.tuple(text, text), { numRuns: 300, seed: 7 })
      .map(([before, after]) => ({ before, after, patch: (name: string) => patchBetween(name, before, after) }));
    expectGitToAgree(cases);
  });

  test('a series applies in order, headings between and all, from one input', () => {
    const texts = ['a\nb\nc\n', 'a\nx\nb\nc\n', 'a\nx\nb\nc\ny\n'];
    writeFileSync(path.join(folder, 'series.yaml'), texts[0] as string);
    const first = patchBetween('series.yaml', texts[0] as string, texts[1] as string);
    const second = patchBetween('series.yaml', texts[1] as string, texts[2] as string);
    gitApply(`# one · low · 1 change\n${first}# two · low · 1 change\n${second}`);
    expect(readFileSync(path.join(folder, 'series.yaml'), 'utf8')).toBe(texts[2]);
  });
});

describe('names', () => {
  const names = [
    'plain.yaml',
    'with space.yaml',
    'tür/größe.yaml',
    'quo"te.yaml',
    'back\\slash.yaml',
    'tab\there.yaml',
    'a b/ü c.yaml',
    '-x.yaml',
    "it's.yaml",
    '日本.yaml',
  ];

  test.each(names)('%s is written as git writes it, and found by git apply', (name) => {
    const sub = path.join(folder, 'sub');
    const file = path.join(sub, name);
    mkdirSync(path.dirname(file), { recursive: true });
    writeFileSync(file, 'a\n');
    execFileSync('git', ['add', '-A', '--', '.'], { cwd: sub });
    writeFileSync(file, 'b\n');
    const diff = execFileSync('git', ['diff', '--relative', '--', `:(literal)${name}`], { cwd: sub, encoding: 'utf8' });
    writeFileSync(file, 'a\n');

    const patch = patchOf(name, 'a\n', [{ start: 0, end: 1, insert: 'b' }]);
    expect(patch.split('\n').slice(0, 2)).toEqual(diff.split('\n').filter((row) => /^(---|\+\+\+) /.test(row)));
    gitApply(patch, sub);
    expect(readFileSync(file, 'utf8')).toBe('b\n');
  });
});
