import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import process from 'node:process';
import { expect, test } from 'vitest';
import { editTree } from '../../../src/pr/git/edit-tree.js';
import { environmentOf } from '../../../src/pr/git/environment.js';
import { writeObjects } from '../../../src/pr/git/objects.js';
import { openRepository } from '../../../src/pr/git/repository.js';
import { createRunner } from '../../../src/pr/git/run.js';
import { createRedactor } from '../../../src/pr/git/secrets.js';
import { git } from '../../discover/tree.js';
import { fc } from '../../fc.js';
import { AUTHOR, branchOf, createRemote, type Entry, FINGERPRINT, makeFolder, openFor, writeTree } from './remote.js';

/** `mode id` of all files of a commit, by path. */
function filesOf(remote: { git(...args: string[]): string }, commit: string): Map<string, string> {
  const lines = remote.git('ls-tree', '-r', '-z', commit).split('\0').filter(Boolean);
  return new Map(lines.map((line) => [line.split('\t')[1] as string, (line.split('\t')[0] as string).replace(' blob ', ' ')]));
}

test('one commit for each transform, with trailers of its own', async () => {
  const remote = createRemote({ 'a.yaml': 'a: 1\n', 'b/b.yaml': 'b: 1\n' });
  const repository = await openFor(remote);
  const commits = [
    { message: 'fix(security): one\n\nWhy it is.\n', files: new Map([['a.yaml', 'a: 2\n']]) },
    { message: 'fix(security): nothing', files: new Map([['a.yaml', 'a: 2\n']]) },
    { message: '#2 is no comment', files: new Map([['a.yaml', 'a: 3\n'], ['b/b.yaml', 'b: 2\n']]) }, // biome-ignore format: short
  ];
  const commit = await repository.commit({ parent: remote.base, group: 'low', fingerprint: FINGERPRINT, commits, signOff: true });
  await repository.origin.push('kubemend/low', commit);
  const trailers = `Kubemend-Group: low\nKubemend-Fingerprint: ${FINGERPRINT}\nSigned-off-by: ${AUTHOR}`;
  expect(remote.git('log', '--reverse', '--format=%an <%ae>|%cn <%ce>|%B', `${remote.base}..kubemend/low`)).toBe(
    [
      `${AUTHOR}|${AUTHOR}|fix(security): one\n\nWhy it is.\n\n${trailers}\n`,
      `${AUTHOR}|${AUTHOR}|#2 is no comment\n\n${trailers}`,
    ].join('\n'),
  );
  expect(remote.git('diff', '--name-only', 'kubemend/low^', 'kubemend/low').split('\n')).toEqual(['a.yaml', 'b/b.yaml']);
  expect(remote.show('kubemend/low^', 'a.yaml').toString()).toBe('a: 2\n');
  expect(remote.git('fsck', '--strict')).toBe('');
});

test('what changes nothing makes no commit', async () => {
  const remote = createRemote();
  const repository = await openFor(remote);
  expect(await repository.commit(branchOf(remote.base, { 'a.yaml': 'a: 1\n' }))).toBe(remote.base);
  expect(await repository.commit(branchOf(remote.base, {}))).toBe(remote.base);
});

test.each([
  ['CRLF and a byte order mark', '\ufeffa: 1\r\nb: 2\r\n', '\ufeffa: 2\r\nb: 2\r\n'],
  ['no line break at the end', 'a: 1', 'a: 2'],
  ['line breaks of both sorts, and characters of four bytes', 'a: 1\r\nb: "🦀"\n', 'a: 2\r\nb: "🦀"\n'],
])('bytes are exact: %s', async (_, before, after) => {
  const attributes = '* text=auto eol=lf\n*.yaml working-tree-encoding=UTF-16 ident\n';
  const remote = createRemote({ 'a.yaml': before, '.gitattributes': attributes });
  const repository = await openFor(remote);
  await repository.origin.push('k/x', await repository.commit(branchOf(remote.base, { 'a.yaml': after })));
  expect(remote.show('k/x', 'a.yaml')).toEqual(Buffer.from(after));
});

test('modes, links, submodules, and entries that git itself would not write stay as they are', async () => {
  const files: Record<string, Entry> = {
    'run.yaml': { mode: '100755', content: 'a: 1\n' },
    'old/mode.yaml': { mode: '100664', content: 'a: 1\n' },
    'old/edit.yaml': { mode: '100664', content: 'a: 1\n' },
    link: { mode: '120000', content: '/etc/passwd' },
    module: { mode: '160000', id: '1'.repeat(40) },
    '.git/config': '[core]\n',
    'old.d': 'sorts between old and old/',
    'old-': 'and so does this',
  };
  const remote = createRemote(files);
  const repository = await openFor(remote);
  const edits = { 'run.yaml': 'a: 2\n', 'old/edit.yaml': 'a: 2\n' };
  const commit = await repository.commit(branchOf(remote.base, edits));
  await repository.origin.push('k/x', commit);
  const [before, after] = [filesOf(remote, remote.base), filesOf(remote, commit)];
  expect([...after.keys()]).toEqual([...before.keys()]);
  const changed = [...before].filter(([file, entry]) => after.get(file) !== entry).map(([file]) => file);
  expect(changed.sort()).toEqual(['old/edit.yaml', 'run.yaml']);
  expect(after.get('run.yaml')).toMatch(/^100755 /);
  // Git shows modes as it would write them.
  const raw = execFileSync('git', ['cat-file', 'tree', `${commit}:old`], { cwd: remote.folder });
  expect(raw.toString('latin1').match(/100\d+ \w+\.yaml/g)).toEqual(['100664 edit.yaml', '100664 mode.yaml']);
});

test('what is no regular file is no file to write', async () => {
  const remote = createRemote({
    'a.yaml': 'a: 1\n',
    link: { mode: '120000', content: 'a.yaml' },
    module: { mode: '160000', id: '1'.repeat(40) },
    'folder/a.yaml': 'a: 1\n',
  });
  const repository = await openFor(remote);
  for (const file of [
    'link',
    'module',
    'folder',
    'none',
    'folder/none',
    'a.yaml/x',
    'link/x',
    '../x',
    '/a.yaml',
    'folder//a.yaml',
  ]) {
    await expect(repository.commit(branchOf(remote.base, { [file]: 'a: 2\n' })), file).rejects.toThrow(
      `"${file}" is no regular file in the commit that the branch starts from`,
    );
  }
});

test('a repository of SHA-256', async () => {
  const remote = createRemote({ 'a/b.yaml': 'a: 1\n' }, { init: ['--object-format=sha256'] });
  const repository = await openFor(remote);
  const commit = await repository.commit(branchOf(remote.base, { 'a/b.yaml': 'a: 2\n' }));
  expect(commit).toHaveLength(64);
  expect(await repository.origin.push('k/x', commit)).toBe('pushed');
  expect(remote.show('k/x', 'a/b.yaml').toString()).toBe('a: 2\n');
  expect(await repository.origin.read('k/')).toMatchObject([{ name: 'k/x', fingerprint: FINGERPRINT }]);
});

test('random trees and edits: a tree differs from the other in exactly those files, whose modes stay', async () => {
  const name = fc.constantFrom('a', 'b', 'B', 'a.', 'a-', 'é', 'li\nne', '-dash', '"q"', 'x.yaml');
  const file = fc.array(name, { minLength: 1, maxLength: 3 }).map((parts) => parts.join('/'));
  const entry = fc.record({ mode: fc.constantFrom('100644', '100755', '120000'), content: fc.constantFrom('', 'a', 'b') });
  const files = fc.dictionary(file, entry, { minKeys: 2, maxKeys: 6, noNullPrototype: true }).map(withoutClashes);
  const edits = fc.array(fc.tuple(fc.nat(), fc.string({ unit: 'binary', maxLength: 9 })), { minLength: 1, maxLength: 4 });
  const remote = createRemote();
  const env = environmentOf({ ...process.env, GIT_DIR: undefined }, [], 'signers');
  const run = createRunner({
    cwd: remote.folder,
    env: { ...env, GIT_DIR: remote.folder },
    redact: createRedactor([]),
    timeout: 60_000,
  });
  const scratch = makeFolder();
  let edited = 0;
  const property = fc.asyncProperty(files, edits, async (all, chosen) => {
    const regular = Object.keys(all).filter((path) => all[path]?.mode !== '120000');
    const texts = new Map(
      chosen.flatMap(([at, text]) => (regular.length === 0 ? [] : [[regular[at % regular.length] as string, text]])),
    );
    const ids = await writeObjects(
      run,
      'blob',
      [...texts.values()].map((text) => Buffer.from(text)),
      scratch,
    );
    const wanted = new Map([...texts.keys()].map((path, index) => [path, ids[index] as string]));
    const tree = writeTree(remote.folder, all);
    const before = filesOf(remote, tree);
    const after = filesOf(remote, await editTree(run, tree, wanted, new Map(), scratch));
    expect([...after]).toEqual([...before].map(([path, was]) => [path, was.slice(0, 7) + (wanted.get(path) ?? was.slice(7))]));
    edited += wanted.size;
  });
  await fc.assert(property, { numRuns: 20 });
  expect(edited).toBeGreaterThan(20);
  expect(remote.git('fsck', '--strict', '--no-dangling')).toBe('');
});

/** A path cannot be a file and a folder. */
function withoutClashes<T>(files: Record<string, T>): Record<string, T> {
  const paths = Object.keys(files);
  return Object.fromEntries(Object.entries(files).filter(([path]) => !paths.some((other) => other.startsWith(`${path}/`))));
}

test('who commits is taken from the configuration; an author who is named goes before it', async () => {
  const home = makeFolder();
  const config = path.join(home, 'config');
  writeFileSync(config, '[user]\n\tname = Conf Igured\n\temail = c@example.com\n');
  const remote = createRemote();
  const env = { ...process.env, GIT_CONFIG_GLOBAL: config };
  const repository = await openFor(remote, { env });
  const edit = branchOf(remote.base, { 'a.yaml': 'a: 2\n' }, { signOff: true });
  await repository.origin.push('k/x', await repository.commit(edit));
  expect(remote.git('log', '-1', '--format=%an %ae|%cn %ce|%(trailers:key=Signed-off-by,valueonly)', 'k/x')).toBe(
    'Bot bot@example.com|Conf Igured c@example.com|Conf Igured <c@example.com>',
  );
});

test('without anybody who commits, the message says what to set', async () => {
  const remote = createRemote();
  const address = { url: remote.folder, protocol: 'file' as const, host: 'the disk' };
  const repository = await openRepository({ address });
  try {
    await expect(repository.commit(branchOf(remote.base, { 'a.yaml': 'a: 2\n' }))).rejects.toThrow(
      /user\.name and user\.email.*--author "NAME <EMAIL>"/,
    );
  } finally {
    repository.close();
  }
});

test('an author has a name and an address', async () => {
  const remote = createRemote();
  for (const author of ['nobody', 'A <a@b> <c@d>', 'A\nB <a@b>', '<a@b>', 'A <>']) {
    const repository = await openFor(remote, { author });
    await expect(repository.commit(branchOf(remote.base, { 'a.yaml': 'a: 2\n' })), author).rejects.toThrow(
      /^--author ".*" is none/,
    );
    repository.close();
  }
});

test('commits are signed where git is configured to, by SSH keys as well', async () => {
  const home = makeFolder();
  execFileSync('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-f', path.join(home, 'key')]);
  const key = execFileSync('cat', [path.join(home, 'key.pub')], { encoding: 'utf8' }).trim();
  writeFileSync(path.join(home, 'signers'), `bot@example.com ${key}\n`);
  const config = path.join(home, 'config');
  const keyFile = path.join(home, 'key');
  writeFileSync(config, `[commit]\n\tgpgSign = true\n[gpg]\n\tformat = ssh\n[user]\n\tsigningKey = ${keyFile}\n`);
  const remote = createRemote();
  const repository = await openFor(remote, { env: { ...process.env, GIT_CONFIG_GLOBAL: config } });
  const commit = await repository.commit(branchOf(remote.base, { 'a.yaml': 'a: 2\n' }));
  await repository.origin.push('k/x', commit);
  const signers = `gpg.ssh.allowedSignersFile=${path.join(home, 'signers')}`;
  expect(git(remote.folder, '-c', signers, 'log', '-1', '--format=%G? %GS', 'k/x').trim()).toBe('G bot@example.com');
});

test('a key that is not there is said', async () => {
  const home = makeFolder();
  const config = path.join(home, 'config');
  writeFileSync(config, '[commit]\n\tgpgSign = true\n[gpg]\n\tformat = ssh\n[user]\n\tsigningKey = /nowhere/key\n');
  const remote = createRemote();
  const repository = await openFor(remote, { env: { ...process.env, GIT_CONFIG_GLOBAL: config } });
  await expect(repository.commit(branchOf(remote.base, { 'a.yaml': 'a: 2\n' }))).rejects.toThrow(
    /wants commits signed.*git cannot: .*nowhere.*commit\.gpgSign false/s,
  );
});
