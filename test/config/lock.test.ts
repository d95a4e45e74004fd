import { readFileSync } from 'node:fs';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { formatLock, readLock } from '../../src/config/lock.js';
import { fc } from '../fc.js';

const A = `sha256:${'a'.repeat(64)}`;
const B = `sha256:${'b'.repeat(64)}`;
const isValid = new Ajv2020().compile(JSON.parse(readFileSync('docs/lock.schema.json', 'utf8')) as object);

const problemsOf = (text: string) =>
  readLock('kubemend.lock.yaml', text).problems.map(({ position: { line, column }, text: said }) => `${line}:${column} ${said}`);

describe('a lock file', () => {
  const locked = new Map([
    ['quay.io/acme/web:v1', B],
    ['docker.io/library/nginx:1.27', A],
    ['localhost:5000/x:1', A],
  ]);

  it('is written sorted, whatever came first, and read as it was', () => {
    const text = formatLock(locked);
    expect(text.split('\n').slice(2)).toEqual([
      'version: 1',
      'images:',
      `  'docker.io/library/nginx:1.27': '${A}'`,
      `  'localhost:5000/x:1': '${A}'`,
      `  'quay.io/acme/web:v1': '${B}'`,
      '',
    ]);
    expect(formatLock(new Map([...locked].reverse()))).toBe(text);
    expect(readLock('x', text)).toEqual({ locked: new Map([...locked].sort()), problems: [] });
    expect(isValid(parse(text))).toBe(true);
  });

  it('may be empty of images', () => {
    expect(readLock('x', formatLock(new Map()))).toEqual({ locked: new Map(), problems: [] });
  });

  it('reads the same with other line ends, and as JSON', () => {
    expect(readLock('x', formatLock(locked).replaceAll('\n', '\r\n')).locked).toEqual(new Map([...locked].sort()));
    const json = JSON.stringify({ version: 1, images: Object.fromEntries(locked) });
    expect(readLock('x', json)).toEqual({ locked, problems: [] });
  });

  it.each<[string, string, readonly string[]]>([
    ['nothing', '', ['1:1 is empty; kubemend lock writes it anew once it is removed']],
    ['a list', '[]', ['1:1 the lock file takes a map, not an empty list']],
    ['no version', 'images: {}\n', ['1:1 the lock file has no "version"']],
    ['a version to come', 'version: 2\nimages: {}\n', ['1:10 version takes 1: a newer format needs a newer kubemend, not "2"']],
    ['no images', 'version: 1\n', ['1:1 the lock file has no "images"']],
    ['another key', 'version: 1\nimages: {}\nimage: x\n', ['3:1 unknown key "image"; did you mean "images"?']],
    [
      'what is no digest',
      `version: 1\nimages:\n  quay.io/a/b:1: ${A}0\n  quay.io/a/c:1: 7\n`,
      [
        `3:18 images["quay.io/a/b:1"] takes a digest, sha256: and 64 digits, not "${`${A}0`.slice(0, 60)}…"`,
        '4:18 images["quay.io/a/c:1"] takes a digest, sha256: and 64 digits, not "7"',
      ],
    ],
    [
      'names without registry or tag',
      `version: 1\nimages:\n  nginx:1: ${A}\n  docker.io/library/nginx: ${A}\n  docker.io/library/nginx:1@${A}: ${A}\n`,
      [3, 4, 5].map((line) =>
        expect.stringMatching(new RegExp(`^${line}:3 images: a name is an image with its registry and its tag`)),
      ),
    ],
    [
      'other spellings of a name',
      `version: 1\nimages:\n  docker.io/nginx:1: ${A}\n  index.docker.io/a/b:1: ${A}\n  ../etc:1: ${A}\n`,
      [
        '3:3 images["docker.io/nginx:1"]: write docker.io/library/nginx:1',
        '4:3 images["index.docker.io/a/b:1"]: write docker.io/a/b:1',
        '5:3 images["../etc:1"]: no image has this name',
      ],
    ],
    [
      'a name twice',
      `version: 1\nimages:\n  quay.io/a/b:1: ${A}\n  quay.io/a/b:1: ${B}\n`,
      ['4:3 duplicate key "quay.io/a/b:1" (first on line 3)'],
    ],
    ['two documents', 'version: 1\nimages: {}\n---\nversion: 1\n', ['4:1 a second document; a lock file is one']],
  ])('with %s is refused, with the place', (_, text, said) => {
    expect(problemsOf(text)).toEqual(said);
  });

  it('is taken by the reader where the schema takes it, and says what stands in it', () => {
    const part = fc.stringMatching(/^[a-z0-9]{1,8}$/);
    const name = fc
      .tuple(part, part, fc.stringMatching(/^[A-Za-z0-9_][A-Za-z0-9_.-]{0,8}$/))
      .map(([a, b, tag]) => `${a}.example.com/${b}:${tag}`);
    fc.assert(
      fc.property(fc.dictionary(name, fc.constantFrom(A, B), { noNullPrototype: true }), (images) => {
        expect(isValid({ version: 1, images })).toBe(true);
        const text = formatLock(new Map(Object.entries(images)));
        expect(parse(text)).toEqual({ version: 1, images });
        expect(Object.fromEntries(readLock('x', text).locked)).toEqual(images);
        expect(problemsOf(text)).toEqual([]);
      }),
    );
  });
});
