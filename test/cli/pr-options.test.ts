import { describe, expect, it } from 'vitest';
import { parsePr } from '../../src/cli/pr-options.js';
import { UsageError } from '../../src/core/errors.js';
import { kubemend } from './kubemend.js';

function optionsOf(...argv: string[]) {
  const parsed = parsePr(argv);
  if ('print' in parsed) throw new Error(parsed.print);
  return parsed;
}

function refusalOf(...argv: string[]): string {
  try {
    parsePr(argv);
  } catch (error) {
    if (error instanceof UsageError) return error.message.split('\n')[0] ?? '';
    throw error;
  }
  return 'taken';
}

describe('kubemend pr', () => {
  it('says nothing of what was not said, so that the configuration decides', () => {
    expect(optionsOf()).toEqual({
      command: 'pr',
      options: {
        ...{ path: '.', format: 'text', quiet: false, color: true, dryRun: false },
        ...{ skip: [], set: [], exclude: [], includeSystem: false },
      },
    });
  });

  it('takes all that it does', () => {
    const { options } = optionsOf(
      ...['--group-by', 'owner', '--draft', 'high', '--rebase', 'always', '--max-open', '3', '--max-new', '0'],
      ...['--label', 'a,b', '--label', 'c', '--assignee', 'ann', '--reviewer', 'org/team', '--milestone', 'Q1'],
      ...['--auto-merge', '--sign-off', '--codeowners-review', '--fork', '--dry-run', '--forge', 'gitea', '--remote', 'up'],
      ...['--base', 'release/1.2', '--branch-prefix', 'bot-', '--max-risk', 'high', '--exclude', 'x/', 'clusters/'],
    );
    expect(options).toMatchObject({
      ...{ groupBy: 'owner', draft: ['high'], rebase: 'always', maxOpen: 3, maxNew: 0, labels: ['a', 'b', 'c'] },
      ...{ assignees: ['ann'], reviewers: ['org/team'], milestone: 'Q1', autoMerge: true, signOff: true },
      ...{ codeownersReview: true, fork: true, dryRun: true, forge: 'gitea', remote: 'up', base: 'release/1.2' },
      ...{ branchPrefix: 'bot-', maxRisk: 'high', exclude: ['x/'], path: 'clusters/' },
    });
  });

  it('has a word for no drafts', () => {
    expect(optionsOf('--draft', 'none').options).toMatchObject({ draft: [] });
  });

  it.each([
    [['--group-by', 'owners'], '--group-by takes risk, transform, directory, owner or none, not "owners"; did you mean "owner"?'],
    [['--draft', 'hihg'], '--draft takes low, medium or high, not "hihg"; did you mean "high"?'],
    [['--rebase', 'never'], '--rebase takes conflicts or always, not "never"'],
    [['--max-open', '-1'], '--max-open takes a number from 0 to 1000, not "-1"'],
    [['--max-new', '1001'], '--max-new takes a number from 0 to 1000, not "1001"'],
    [['--base', '--upload-pack=x'], '--base takes the name of a branch, not "--upload-pack=x"'],
    [['--base', 'a..b'], '--base takes the name of a branch, not "a..b"'],
    [
      ['--branch-prefix', 'kubemend'],
      '--branch-prefix takes the beginning of branch names that ends in / or -, such as kubemend/, not "kubemend"',
    ],
    [
      ['--branch-prefix', 'a.lock/'],
      '--branch-prefix takes the beginning of branch names that ends in / or -, such as kubemend/, not "a.lock/"',
    ],
    [['--remote=--exec'], '--remote takes the name of a remote, such as origin, not "--exec"'],
    [['--repo=--upload-pack=x'], '--repo takes an address, such as https://github.com/org/deploy, not "--upload-pack=x"'],
    [
      ['--repo', 'https://x:secret@h/a/b'],
      '--repo holds a name, a password or a token; give it by the environment, as KUBEMEND_TOKEN',
    ],
    [
      ['--repo', 'https://secret@h/a/b'],
      '--repo holds a name, a password or a token; give it by the environment, as KUBEMEND_TOKEN',
    ],
    [
      ['--repo', 'https://h/a/b', '../x'],
      'with --repo, the path is one in that repository, from its top; "../x" leads out of it',
    ],
    [['--author', 'Ann'], '--author takes a name as "NAME <EMAIL>", not "Ann"'],
    [['--reviewer', '@ann'], '--reviewer takes a user, or a team as org/team, without the @, not "@ann"'],
    [['--assignee', 'a b'], '--assignee takes a user, or a team as org/team, without the @, not "a b"'],
    [['--lable', 'x'], 'unknown option "--lable"; did you mean "--label"?'],
    [['a', 'b'], 'pr takes one path, and "b" is a second one; --exclude narrows a folder'],
    [['-'], 'pr takes no "-": it reads what is committed'],
    [['close'], 'pr close needs the name of a group behind it, or --all; kubemend pr list prints them'],
    [['close', '--all', 'low'], '--all closes all that are open; leave it out to close "low"'],
  ])('refuses %j', (argv, said) => {
    expect(refusalOf(...argv)).toBe(said);
  });

  it('never repeats the secret of an address', () => {
    expect(refusalOf('--repo', 'https://x:secret@h/a/b')).not.toContain('secret');
  });

  it('lists and closes', () => {
    expect(optionsOf('list', '--format', 'json')).toMatchObject({ command: 'pr list', options: { format: 'json', path: '.' } });
    expect(optionsOf('close', 'low', 'high')).toMatchObject({ command: 'pr close', options: { groups: ['low', 'high'] } });
  });

  it('prints its help', async () => {
    const { code, stdout } = await kubemend('/', ['pr', '--help']);
    expect(code).toBe(0);
    for (const word of ['--group-by', '--dry-run', 'KUBEMEND_TOKEN', 'kubemend pr list']) expect(stdout).toContain(word);
  });
});
