import { readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
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
