import { existsSync, lstatSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import process from 'node:process';
import { expect, test } from 'vitest';
import { discover } from '../../../src/discover/disk/discover.js';
import { readEntries } from '../../../src/pr/git/tree.js';
import { git } from '../../discover/tree.js';
import { branchOf, createRemote, type Entry, makeFolder, openFor, setTraps } from './remote.js';

/** All files below a folder. None of them may be anything else than a file or a folder. */
function filesIn(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => {
      const stats = lstatSync(path.join(folder, name));
      expect(stats.isFile() || stats.isDirectory(), name).toBe(true);
      return stats.isFile();
    })
    .sort();
}

/** Puts what is read of a tree on the disk, in a folder that stands alone in another. */
async function materialise(files: Readonly<Record<string, Entry>>) {
  const remote = createRemote({ 'plain.yaml': 'a: 1\n', ...files });
  const repository = await openFor(remote);
  const around = makeFolder();
  const folder = path.join(around, 'files');
  const { files: written, left } = await repository.materialise(folder);
  expect(filesIn(around)).toEqual(['files/.git/config', ...written.map((file) => `files/${file}`)].sort());
  return { remote, repository, folder, written, left: Object.fromEntries(left.map(({ path, why }) => [path, why])) };
}

test('names with line breaks, leading dashes and patterns are names', async () => {
  const names = [
    'li\nne.yaml',
    '--output=x.yaml',
    '-rf/a.yaml',
    '*.yaml',
    ':(top)a.yaml',
    'tab\t.yaml',
    '"q".json',
    '$(id).yml',
    'b\\c.yaml',
  ];
  const { written, folder, repository, remote } = await materialise(Object.fromEntries(names.map((name) => [name, 'a: 1\n'])));
  expect(written).toEqual([...names, 'plain.yaml'].sort());
  expect((await discover({ cwd: folder, paths: ['.'], exclude: [] })).files).toEqual(written);
  const commit = await repository.commit(branchOf(remote.base, Object.fromEntries(names.map((name) => [name, 'a: 2\n']))));
  expect(await repository.origin.push('k/x', commit)).toBe('pushed');
  for (const name of names) expect(remote.show('k/x', name).toString()).toBe('a: 2\n');
});

test('links are not made, whatever is behind them', async () => {
  const { left, written } = await materialise({
    'passwd.yaml': { mode: '120000', content: '/etc/passwd' },
    'up.yaml': { mode: '120000', content: '../../outside.yaml' },
    'same.yaml': { mode: '120000', content: 'plain.yaml' },
    folder: { mode: '120000', content: '/tmp' },
    // A name twice: first a link, then a folder, so that a file in it would be written through the link.
    escape: { mode: '120000', content: '/tmp' },
    'escape\u2216/evil.yaml': 'a: 1\n',
  });
  expect(written).toEqual(['escape/evil.yaml', 'plain.yaml']);
  expect(Object.keys(left)).toEqual(['passwd.yaml', 'same.yaml', 'up.yaml']);
  expect(left['same.yaml']).toBe('a link, which is not followed');
  expect(existsSync('/tmp/evil.yaml')).toBe(false);
});

test('paths that lead out, or into .git, are left', async () => {
  const { left, written } = await materialise({
    '..\u2215out.yaml': 'a: 1\n',
    '../over.yaml': 'a: 1\n',
    '.git/hooks/x.yaml': 'a: 1\n',
    '.GIT/config.yaml': 'a: 1\n',
    'sub/.git/x.yaml': 'a: 1\n',
    '.git\u2216/config': '[core]\n\thooksPath = /tmp\n',
  });
  expect(written).toEqual(['plain.yaml']);
  expect(left).toEqual({
    '../out.yaml': 'its path leads elsewhere',
    '../over.yaml': 'its path leads elsewhere',
    '.GIT/config.yaml': "a part of its path is git's own",
    '.git/config': "a part of its path is git's own",
    '.git/hooks/x.yaml': "a part of its path is git's own",
    'sub/.git/x.yaml': "a part of its path is git's own",
  });
});

test('submodules are not entered', async () => {
  const canary = path.join(makeFolder(), 'canary');
  const url = `ext::sh -c touch% ${canary}`;
  const { written, repository, remote } = await materialise({
    '.gitmodules': `[submodule "x"]\n\tpath = x\n\turl = ${url}\n\tupdate = !touch ${canary}\n`,
    x: { mode: '160000', id: '1'.repeat(40) },
    'y.yaml': { mode: '160000', id: '2'.repeat(40) },
  });
  expect(written).toEqual(['plain.yaml']);
  const commit = await repository.commit(branchOf(remote.base, { 'plain.yaml': 'a: 2\n' }));
  await repository.origin.push('k/x', commit);
  expect(remote.git('ls-tree', commit, 'x')).toBe(`160000 commit ${'1'.repeat(40)}\tx`);
  expect(existsSync(canary)).toBe(false);
});

test('attributes run nothing: texts are the bytes of the commit, pointers of LFS as well', async () => {
  const pointer = `version https://git-lfs.github.com/spec/v1\noid sha256:${'0'.repeat(64)}\nsize 12345\n`;
  const { canary, config } = setTraps();
  const global = path.join(makeFolder(), 'config');
  for (const [name, value] of config) git(path.dirname(global), 'config', '--file', global, name, value);
  const attributes = '* filter=trap merge=trap diff=trap\nbig.yaml filter=lfs\nlf.yaml eol=crlf\nid.yaml ident\n';
  const files = { '.gitattributes': attributes, 'big.yaml': pointer, 'lf.yaml': 'a: 1\n', 'id.yaml': '# $Id$\n' };
  const remote = createRemote({ ...files, 'a.yaml': 'a: 1\n' });
  const env = { ...process.env, GIT_CONFIG_GLOBAL: global };
  // A remote on the same disk reads the same configuration for itself.
  remote.git('config', 'core.hooksPath', '/dev/null');
  const repository = await openFor(remote, { env });
  const folder = path.join(makeFolder(), 'files');
  await repository.materialise(folder);
  for (const [name, text] of Object.entries(files)) expect(readFileSync(path.join(folder, name), 'utf8')).toBe(text);
  const commit = await repository.commit(branchOf(remote.base, { 'a.yaml': 'a: 2\n' }));
  await repository.origin.push('k/x', commit);
  remote.commit({ ...files, 'a.yaml': 'a: 3\n' });
  const again = await openFor(remote, { env });
  expect(await again.origin.read('k/')).toMatchObject([{ conflicts: true }]);
  expect(existsSync(canary) ? readFileSync(canary, 'utf8') : '').toBe('');
  // The traps do work.
  writeFileSync(path.join(folder, 'new.yaml'), '');
  git(path.join(folder, '..'), 'init', '-q', 'real');
  git(
    path.join(folder, '..', 'real'),
    '-c',
    `include.path=${global}`,
    '-c',
    'core.fsmonitor=false',
    'hash-object',
    '-w',
    '../files/new.yaml',
    '--path=x',
  );
  expect(existsSync(canary)).toBe(true);
});

test('files of more than 50 MB are not read', async () => {
  const { written, left } = await materialise({ 'big.yaml': Buffer.alloc(50 * 1024 * 1024 + 1, '#'), 'small.yaml': 'a: 1\n' });
  expect(written).toEqual(['plain.yaml', 'small.yaml']);
  expect(left).toEqual({ 'big.yaml': '51 MB; files of more than 50 MB are not read' });
});

test('what kubemend does not read does not come over the wire', async () => {
  const files = { 'big.bin': Buffer.alloc(1024 * 1024, 'x'), 'src/main.go': 'package main\n', Dockerfile: 'FROM scratch\n' };
  const read = [
    'CODEOWNERS',
    '.github/workflows/x.yml',
    'Makefile',
    'compose.yaml',
    'a/.gitignore',
    'kubemend.yaml',
    'Chart.yaml',
  ];
  const { written, repository } = await materialise({ ...files, ...Object.fromEntries(read.map((name) => [name, '# x\n'])) });
  expect(written).toEqual([...read, 'Dockerfile', 'plain.yaml'].sort());
  expect(repository.notes).toEqual([]);
});

test('names that are no UTF-8 are told from others', () => {
  const output = Buffer.from(
    `100644 blob ${'1'.repeat(40)}\ta\xff.yaml\x00100755 blob ${'2'.repeat(40)}\tt\tb.yaml\x00`,
    'latin1',
  );
  expect(readEntries(output)).toEqual([
    { mode: '100644', id: '1'.repeat(40), path: undefined },
    { mode: '100755', id: '2'.repeat(40), path: 't\tb.yaml' },
  ]);
});

test('a folder that is there already is not written into', async () => {
  const repository = await openFor(createRemote());
  await expect(repository.materialise(makeFolder())).rejects.toThrow('EEXIST');
});

test('branches of the remote that look like options stay data', async () => {
  const remote = createRemote();
  const { base } = remote;
  for (const name of ['--upload-pack=x', '-x', 'k/--force', 'k/$(id)']) remote.git('update-ref', `refs/heads/${name}`, base);
  const repository = await openFor(remote);
  const names = async (prefix: string) => (await repository.origin.read(prefix)).map(({ name }) => name).sort();
  expect(await names('k/')).toEqual(['k/$(id)', 'k/--force']);
  expect(await names('-')).toEqual(['--upload-pack=x', '-x']);
  expect(await repository.origin.remove('k/--force', base)).toBe('pushed');
  await expect(openFor(remote, { base: '--upload-pack=x' })).rejects.toThrow('is no name that a branch can have');
});
