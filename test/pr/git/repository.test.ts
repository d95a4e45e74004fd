import { spawnSync } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import process from 'node:process';
import { expect, onTestFinished, test, vi } from 'vitest';
import { branchOf, createRemote, FINGERPRINT, makeFolder, openFor } from './remote.js';

test('a branch is made, pushed, and read back as ours', async () => {
  const remote = createRemote({ 'apps/web.yaml': 'a: 1\n', 'main.go': 'package main\n' });
  const repository = await openFor(remote);
  expect(repository.base).toEqual({ branch: 'main', commit: remote.base });
  expect(repository.notes).toEqual([]);
  const folder = path.join(makeFolder(), 'files');
  expect(await repository.materialise(folder)).toEqual({ files: ['apps/web.yaml'], left: [] });
  expect(readFileSync(path.join(folder, 'apps/web.yaml'), 'utf8')).toBe('a: 1\n');
  const commit = await repository.commit(branchOf(remote.base, { 'apps/web.yaml': 'a: 2\n' }));
  expect(remote.branches()).toEqual({ main: remote.base });
  expect(await repository.origin.push('kubemend/low', commit)).toBe('pushed');
  expect(remote.branches()).toEqual({ main: remote.base, 'kubemend/low': commit });
  expect(await repository.origin.read('kubemend/')).toEqual([
    {
      name: 'kubemend/low',
      sha: commit,
      fingerprint: FINGERPRINT,
      foreignCommits: 0,
      conflicts: false,
      isOnBase: true,
      isMerged: false,
    },
  ]);
  expect(await repository.origin.remove('kubemend/low', commit)).toBe('pushed');
  expect(remote.branches()).toEqual({ main: remote.base });
});

test('what a run left that was killed is removed by the next one, and nothing of one that runs', async () => {
  const folder = makeFolder();
  const { pid } = spawnSync('git', ['--version']);
  const host = os.hostname().replace(/[^\w.-]/g, '_');
  const names = [
    `kubemend-pr-${host}-${pid}-aaaaaa`,
    `kubemend-pr-other.host-${pid}-bbbbbb`,
    `kubemend-pr-${host}-${process.pid}-cccccc`,
  ];
  for (const name of names) mkdirSync(path.join(folder, name, 'repository.git'), { recursive: true });
  const remote = createRemote();
  vi.stubEnv('TMPDIR', folder);
  onTestFinished(() => void vi.unstubAllEnvs());
  const repository = await openFor(remote);
  expect(readdirSync(folder)).toHaveLength(3);
  repository.close();
  expect(readdirSync(folder).sort()).toEqual(names.slice(1).sort());
  await expect(openFor(createRemote(), { base: 'none' })).rejects.toThrow('there is no branch');
  expect(
    readdirSync(folder)
      .filter((name) => name.startsWith('kubemend-pr-'))
      .sort(),
  ).toEqual(names.slice(1).sort());
});
