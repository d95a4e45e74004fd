import { describe, expect, it } from 'vitest';
import { breakActing, cut, inert } from '../../../src/pr/plan/inert.js';
import { code, codeBlock, prose, table } from '../../../src/pr/plan/markdown.js';
import { fc } from '../../fc.js';
import { ACTS, ACTS_IN_MERGES, GITLAB_CLOSES, hostileText, render } from './hostile.js';

/** What a paragraph or a cell may be made of. */
const HARMLESS = new Set([
  ...['inline', 'text', 'code_inline', 'paragraph_open', 'paragraph_close'],
  ...['table', 'thead', 'tbody', 'tr', 'th', 'td'].flatMap((name) => [`${name}_open`, `${name}_close`]),
]);

const others = (markdown: string) => [...render(markdown).types].filter((type) => !HARMLESS.has(type));

describe('the renderer of these tests', () => {
  it.each(['@org/team', 'Fixes #1', '!123', '~bug', 'GH-3', '0123456'])('shows %j as text that a forge acts on', (text) => {
    expect(render(`see ${text} there`).text).toMatch(ACTS);
  });

  it.each(['https://evil.example', 'www.evil.com', 'evil.com', 'you@example.com', '<b>x</b>', '![x](/y)', '*a*', '[x](/y)'])(
    'makes something of %j',
    (text) => expect(others(`see ${text}`)).not.toEqual([]),
  );
});

describe('prose', () => {
  it.each([
    ['nginx:1.27 starts as root and needs 4 of them', 'nginx:1.27 starts as root and needs 4 of them'],
    ['nginx writes /var/cache/nginx, and /run.', 'nginx writes `/var/cache/nginx`, and `/run`.'],
    ['beside it stands "# @org/team"', 'beside it stands "`#` `@·org/team`"'],
    ['a `b` c', 'a `` `b` `` c'],
    ['Fixes #1', 'Fixes `#·1`'],
    ['a || b', 'a `¦¦` b'],
    ['', ''],
  ])('of %j is %j', (text, markdown) => expect(prose(text)).toBe(markdown));

  it('does nothing, whatever is in it', () => {
    fc.assert(
      fc.property(hostileText, (text) => {
        const line = `It says: ${prose(text)}`;
        expect(others(line)).toEqual([]);
        expect(render(line).text).not.toMatch(ACTS);
        expect(line).not.toMatch(GITLAB_CLOSES);
        expect(line).not.toMatch(/[\n\r]|\p{Cf}|\p{Cs}/u);
      }),
    );
  });
});

describe('code', () => {
  it.each([
    ['deploy/web.yaml', '`deploy/web.yaml`'],
    ['`a``', '``` `a`` ```'],
    ['', '(empty)'],
    ['Fixes #1', '`Fixes·#·1`'],
    ['a\nb\u202e', '`a b\\u202e`'],
  ])('of %j is %j', (text, markdown) => expect(code(text)).toBe(markdown));

  it('does nothing, whatever is in it, and stays in its cell', () => {
    fc.assert(
      fc.property(hostileText, hostileText, (first, second) => {
        const page = table(['One', 'Two'], [[code(first), prose(second)]]);
        expect(others(page)).toEqual([]);
        expect(render(page).text).not.toMatch(ACTS);
        expect(page).not.toMatch(GITLAB_CLOSES);
        expect(page).not.toMatch(ACTS_IN_MERGES);
        expect(page.split('\n')).toHaveLength(3);
        expect(page.split('\n')[2]?.split('|')).toHaveLength(4);
      }),
    );
  });
});

describe('a block of code', () => {
  it('keeps every line and what it looks like', () => {
    const block = codeBlock(' a: 1\r\n+b:\t"``` x"\n', 'diff');
    expect(block).toBe('````diff\n a: 1\n+b:\t"``` x"\n````');
  });

  it('is the command as it is to be typed', () => {
    expect(codeBlock("git diff 'origin/@x#1'", 'sh')).toBe("```sh\ngit diff 'origin/@x#1'\n```");
  });

  it('is one block, whatever is in it', () => {
    fc.assert(
      fc.property(fc.array(hostileText, { maxLength: 5 }), (texts) => {
        const block = codeBlock(texts.join('\n'), 'diff');
        expect([...render(block).types]).toEqual(['fence']);
        expect(block).not.toMatch(GITLAB_CLOSES);
        expect(block).not.toMatch(ACTS_IN_MERGES);
        expect(block).not.toMatch(/\p{Cf}|\p{Cs}|[^\P{Cc}\n\t]/u);
      }),
    );
  });
});

describe('a text without markup', () => {
  it.each([
    ['Deployment shop/web', 'Deployment shop/web'],
    ['nginx@sha256:abc', 'nginx@sha256:abc'],
    ['@org/team', '@·org/team'],
    ['Fixes #1', 'Fixes·#·1'],
    ['see https://x.example', 'see https:·//x.example'],
    ['[skip ci]', '[·skip ci]'],
    ['containers[0]', 'containers[0]'],
    ['fixed in 2.3', 'fixed in 2.3'],
    ['deadbeefcafe', 'deadbe·efcafe'],
  ])('of %j is %j', (text, safe) => expect(inert(text)).toBe(safe));

  it('does nothing, whatever is in it', () => {
    fc.assert(
      fc.property(hostileText, (text) => {
        expect(inert(text)).not.toMatch(ACTS);
        expect(inert(text)).not.toMatch(GITLAB_CLOSES);
        expect(inert(text)).not.toMatch(/[\n\r]|\p{Cf}|\p{Cs}/u);
      }),
    );
  });
});

it('leaves a keyword alone where no reference follows', () => {
  expect(breakActing('closes the door; fixes it')).toBe('closes the door; fixes it');
});

it('cuts between characters', () => {
  expect([cut('abc', 3), cut('abcd', 3), cut('😀😀😀', 3), cut('😀😀😀😀', 3)]).toEqual(['abc', 'ab…', '😀😀😀', '😀😀…']);
});
