import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { cpSync, lstatSync, mkdirSync, readdirSync, readFileSync, readlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import process from 'node:process';
import { describe, expect, test } from 'vitest';
import { openCheckout } from '../../../src/pr/git/checkout.js';
import { requireGit } from '../../../src/pr/git/program.js';
import { GitFailure } from '../../../src/pr/git/run.js';
import { git } from '../../discover/tree.js';
import { branchOf, cloneOf, createRemote, makeFolder, openFor, setTraps } from './remote.js';

/** Every file and folder below, with mode, time and what it holds. */
function stateOf(folder: string): Map<string, string> {
  const names = readdirSync(folder, { recursive: true, encoding: 'utf8' }).sort();
  return new Map(
    names.map((name) => {
      const file = path.join(folder, name);
      const stats = lstatSync(file);
      const content = stats.isFile() ? createHash('sha256').update(readFileSync(file)).digest('hex') : '';
      return [name, `${stats.mode} ${stats.mtimeMs} ${stats.isSymbolicLink() ? readlinkSync(file) : content}`];
    }),
  );
}

test('a run leaves a checkout as it is, to the last byte of .git', async () => {
  const remote = createRemote({ 'a.yaml': 'a: 1\n', 'b.yaml': 'b: 1\n' });
  const folder = cloneOf(remote);
  const { canary, config, hooks } = setTraps();
  // Work of a person, in every state: staged, changed, stashed, untracked, on a branch of its own, in a second tree.
  writeFileSync(path.join(folder, 'a.yaml'), 'a: stashed\n');
  git(folder, 'stash', '-q');
  git(folder, 'checkout', '-q', '-b', 'mine');
  git(folder, 'worktree', 'add', '-q', path.join(folder, '..', 'second'));
  writeFileSync(path.join(folder, 'a.yaml'), 'a: staged\n');
  git(folder, 'add', 'a.yaml');
  writeFileSync(path.join(folder, 'b.yaml'), 'b: changed\n');
  writeFileSync(path.join(folder, 'new.yaml'), 'n: 1\n');
  for (const [name, value] of config) git(folder, 'config', name, value);
  cpSync(hooks, path.join(folder, '.git', 'hooks'), { recursive: true });
  const main = remote.commit({ 'a.yaml': 'a: 1\n', 'b.yaml': 'b: 2\n' });
  const before = stateOf(folder);

  const repository = await openFor(await openCheckout(folder));
  expect(repository.base).toEqual({ branch: 'main', commit: main });
  await repository.materialise(path.join(makeFolder(), 'files'));
  const commit = await repository.commit(branchOf(main, { 'a.yaml': 'a: 2\n' }));
  expect(await repository.origin.push('kubemend/low', commit)).toBe('pushed');
  expect(await repository.origin.read('kubemend/')).toMatchObject([{ sha: commit, isOnBase: true }]);
  expect(await repository.origin.remove('kubemend/low', commit)).toBe('pushed');
  repository.close();

  expect(stateOf(folder)).toEqual(before);
  expect(() => readFileSync(canary)).toThrow('ENOENT');
  // The traps do work.
  execFileSync('git', ['status'], { cwd: folder, stdio: 'ignore' });
  expect(readFileSync(canary, 'utf8')).toContain('trap.sh');
});

test('who commits is what the checkout itself is configured to, also where it says so in another file', async () => {
  const remote = createRemote();
  const folder = cloneOf(remote);
  git(folder, 'config', 'user.name', 'Own');
  writeFileSync(path.join(folder, '.git', 'more'), '[user]\n\temail = own@example.com\n[alias]\n\tx = !false\n');
  git(folder, 'config', `includeIf.gitdir:${folder}/.git.path`, 'more');
  const checkout = await openCheckout(folder);
  expect(checkout.config).toEqual([
    ['user.name', 'Own'],
    ['user.email', 'own@example.com'],
  ]);
  const repository = await openFor(checkout);
  await repository.origin.push('k/x', await repository.commit(branchOf(remote.base, { 'a.yaml': 'a: 2\n' })));
  expect(remote.git('log', '-1', '--format=%cn <%ce>', 'k/x')).toBe('Own <own@example.com>');
});

describe('which remote', () => {
  /** A checkout with remotes of these names. */
  function withRemotes(...names: string[]): string {
    const folder = cloneOf(createRemote());
    git(folder, 'remote', 'rename', 'origin', 'first');
    git(folder, 'branch', '--unset-upstream');
    for (const name of names) git(folder, 'remote', 'add', name, `https://example.com/${name}/r`);
    return folder;
  }

  test('the one of the upstream, else origin, else the only one, or the one that is named', async () => {
    const folder = withRemotes('other', 'origin');
    expect(await openCheckout(folder)).toMatchObject({ remote: 'origin', address: { url: 'https://example.com/origin/r' } });
    expect(await openCheckout(folder, { remote: 'other' })).toMatchObject({ remote: 'other' });
    git(folder, 'config', 'branch.main.remote', 'other');
    expect(await openCheckout(folder)).toMatchObject({ remote: 'other' });
    git(folder, 'checkout', '-q', '--detach');
    expect(await openCheckout(folder)).toMatchObject({ remote: 'origin' });
    expect(await openCheckout(withRemotes())).toMatchObject({ remote: 'first' });
  });

  test('none, several, or another than there is, is said', async () => {
    const folder = withRemotes('second');
    await expect(openCheckout(folder)).rejects.toThrow(
      'this checkout has several remotes (first, second); name one with --remote',
    );
    await expect(openCheckout(folder, { remote: '--all' })).rejects.toThrow(
      '--remote "--all" is no remote of this checkout; there is first, second',
    );
    git(folder, 'remote', 'remove', 'first');
    git(folder, 'remote', 'remove', 'second');
    await expect(openCheckout(folder)).rejects.toThrow(
      'has no remote to make pull requests at; add one: git remote add origin URL',
    );
  });

  test('SSH for pushing goes for all where there is no token', async () => {
    const folder = withRemotes('origin');
    git(folder, 'config', 'url.git@example.com:.pushInsteadOf', 'https://example.com/');
    const checkout = await openCheckout(folder);
    expect(checkout.address.url).toBe('https://example.com/origin/r');
    expect(checkout.pushAddress?.url).toBe('git@example.com:origin/r');
    git(folder, 'remote', 'set-url', '--push', 'origin', 'git@example.com:mine/r');
    expect(await openCheckout(folder)).not.toHaveProperty('pushAddress');
  });
});

test('the path in the repository is told', async () => {
  const folder = cloneOf(createRemote({ 'deploy/web/a.yaml': 'a: 1\n' }));
  expect(await openCheckout(path.join(folder, 'deploy', 'web'))).toMatchObject({ top: folder, inside: 'deploy/web' });
  expect(await openCheckout(folder)).toMatchObject({ top: folder, inside: '' });
  const env = { ...process.env, GIT_DIR: '/nowhere', GIT_WORK_TREE: '/nowhere' };
  expect(await openCheckout(folder, { env })).toMatchObject({ top: folder });
});

test('what is no checkout is refused', async () => {
  const folder = makeFolder();
  await expect(openCheckout(folder)).rejects.toThrow('is in no git repository; name a checkout, or a repository with --repo URL');
  await expect(openCheckout(path.join(folder, 'none'))).rejects.toThrow('is no folder; name one in a checkout, or --repo URL');
  await expect(openCheckout(path.join(folder, 'lst'))).rejects.toThrow('is no folder; did you mean "list"?');
  mkdirSync(path.join(folder, 'unborn'));
  git(path.join(folder, 'unborn'), 'init', '-q');
  await expect(openCheckout(path.join(folder, 'unborn'))).rejects.toThrow('has no commit yet; commit and push its files first');
  await expect(openCheckout(createRemote().folder)).rejects.toThrow('is a bare repository, without files; name it with --repo');
  writeFileSync(path.join(folder, 'unborn', '.git', 'config'), '[bad\n');
  await expect(openCheckout(path.join(folder, 'unborn'))).rejects.toThrow(/cannot be read by git, which says: bad config/);
});

test.each([
  ['git version 2.37.4', '2.37.4'],
  ['git version 1.8.3.1', '1.8.3.1'],
  ['something else', 'something else'],
])('%s is too old', async (said, shown) => {
  const run = async () => ({ exitCode: 0, stdout: Buffer.from(`${said}\n`), stderr: '' });
  await expect(requireGit(run)).rejects.toThrow(`kubemend pr needs git 2.38 or newer; on this machine is ${shown}`);
});

test.each(['git version 2.38.0', 'git version 2.100.1 (Apple Git-155)', 'git version 3.0.0.windows.1'])(
  '%s is enough',
  async (said) => {
    await requireGit(async () => ({ exitCode: 0, stdout: Buffer.from(said), stderr: '' }));
  },
);

test('a machine without git is told so', async () => {
  const folder = makeFolder();
  await expect(openCheckout(folder, { env: { PATH: folder } })).rejects.toThrow(
    'kubemend pr needs git 2.38 or newer: there is no git on this machine',
  );
  const run = () => Promise.reject(new GitFailure('x', 1, Buffer.alloc(0), ''));
  await expect(requireGit(run)).rejects.toThrow('needs git 2.38 or newer: x');
});
