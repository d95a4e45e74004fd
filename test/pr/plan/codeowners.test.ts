import { describe, expect, it } from 'vitest';
import { CODEOWNERS_PLACES, type CodeownersDialect, readCodeowners } from '../../../src/pr/plan/codeowners.js';

type Row = readonly [path: string, owners: string];

function check(dialect: CodeownersDialect, text: string, rows: readonly Row[]): void {
  const ownersOf = readCodeowners(text, dialect);
  expect(rows.map(([path]) => [path, ownersOf(path).join(' ')])).toEqual(rows);
}

it('looks where each forge looks', () => {
  expect(CODEOWNERS_PLACES.github[0]).toBe('.github/CODEOWNERS');
  expect(CODEOWNERS_PLACES.gitlab[0]).toBe('CODEOWNERS');
  expect(CODEOWNERS_PLACES.gitea).toContain('.gitea/CODEOWNERS');
});

describe('of GitHub', () => {
  it('takes the last rule that matches', () => {
    check('github', '* @all\n/apps/ @apps # theirs\n/apps/web/ @org/web you@example.com\n', [
      ['README.md', '@all'],
      ['apps/api/a.yaml', '@apps'],
      ['apps/web/deep/a.yaml', '@org/web you@example.com'],
    ]);
  });

  it('takes a rule without owners for nobody', () => {
    check('github', '/apps/ @apps\n/apps/github\n', [
      ['apps/x', '@apps'],
      ['apps/github/x', ''],
    ]);
  });

  it('reads patterns as its documentation says', () => {
    check('github', '*.js @js\n/build/logs/ @logs\ndocs/* @docs\napps/ @octocat\n**/secret @s\na/**/z @az\n', [
      ['deep/a.js', '@js'],
      ['build/logs/deep/x', '@logs'],
      ['docs/x.md', '@docs'],
      ['docs/build/x.md', ''],
      ['any/apps/x', '@octocat'],
      ['any/docs/x.md', ''],
      ['x/secret', '@s'],
      ['x/secret/y', '@s'],
      ['a/z', '@az'],
      ['a/b/c/z', '@az'],
    ]);
  });

  it('keeps blanks behind a backslash in a name', () => {
    check('github', '/my\\ docs/ @docs\r\n', [['my docs/x', '@docs']]);
  });

  it('skips what GitHub skips: negation, classes, owners that are none', () => {
    check('github', '* @all\n!/x @no\n[ab] @no\n/x nobody\n', [
      ['x', '@all'],
      ['a', '@all'],
    ]);
  });
});

describe('of GitLab', () => {
  const TEXT = [
    '* @all',
    '[Docs] @doc-team',
    'docs/',
    'README.md @writer',
    '^[Data Base][2] @dba',
    '/db/ @org/sub/db @@maintainer',
    '/db/x/',
    '!/db/y/',
    '[docs]',
    'guide.md @guide',
  ].join('\n');

  it('adds up the sections, one by whatever case', () => {
    check('gitlab', TEXT, [
      ['a.yaml', '@all'],
      ['deep/docs/a.md', '@all @doc-team'],
      ['deep/README.md', '@all @writer'],
      ['docs/guide.md', '@all @guide'],
    ]);
  });

  it('knows optional sections, approvals, owners of the section, exclusions, and asks no role', () => {
    check('gitlab', TEXT, [
      ['db/a.sql', '@all @org/sub/db'],
      ['db/x/a.sql', '@all @dba'],
      ['db/y/a.sql', '@all'],
    ]);
  });

  it('takes a pattern without a slash at its front for any folder, and one without a slash at its end for a file', () => {
    check('gitlab', 'a/b.yaml @b\n/docs @docs\n/only/* @only', [
      ['x/a/b.yaml', '@b'],
      ['docs', '@docs'],
      ['docs/x', ''],
      ['only/x', '@only'],
      ['only/x/y', ''],
    ]);
  });
});

describe('of Gitea', () => {
  it('reads expressions for the whole path, of which all that match count', () => {
    check('gitea', '.*\\\\.yaml @ops\napps/.* @org/apps plain # theirs\n!docs/.* @code\n', [
      ['docs/x.md', ''],
      ['apps/web.yaml', '@code @ops @org/apps @plain'],
      ['x.yamlx', '@code'],
    ]);
  });

  it('skips an expression that is none, and a line without owners', () => {
    check('gitea', '( @no\nx\n.* @all\n', [['x', '@all']]);
  });
});

it('ends where an expression or a pattern would take for ever', () => {
  const path = `${'a/'.repeat(1000)}${'a'.repeat(2000)}!`;
  check('gitea', '(a|a/|aa)*b @x', [[path, '']]);
  check('github', `${'**/*a*/'.repeat(50)}b @x`, [[path, '']]);
  check('github', `* a@${'.'.repeat(300_000)}@`, [[path, '']]);
  check('gitlab', `[a]${' '.repeat(300_000)}x\u2028x @x\n* @b`, [['b', '@b']]);
  check('github', `${'# a\n'.repeat(1_000_000)}* @b`, [['b', '']]);
  check('gitlab', `${'*a'.repeat(1000)}b @x`, [[path, '']]);
});
