import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { branchOf, createRemote, openFor } from './remote.js';

/** A remote, our repository of it, and two commits that may be pushed. */
async function ready() {
  const remote = createRemote();
  const repository = await openFor(remote);
  const [one, two] = [
    await repository.commit(branchOf(remote.base, { 'a.yaml': 'a: 2\n' })),
    await repository.commit(branchOf(remote.base, { 'a.yaml': 'a: 3\n' })),
  ];
  return { remote, ...repository.origin, one, two };
}

/** A hook that the remote runs. */
function addHook(folder: string, name: string, script: string): void {
  writeFileSync(path.join(folder, 'hooks', name), `#!/bin/sh\n${script}\n`, { mode: 0o755 });
}

test('a branch is set only as it was seen', async () => {
  const { remote, push, one, two } = await ready();
  expect(await push('k/x', one)).toBe('pushed');
  expect(await push('k/x', one)).toBe('unchanged');
  expect(await push('k/x', two)).toBe('stale');
  expect(await push('k/x', two, remote.base)).toBe('stale');
  expect(remote.branches()['k/x']).toBe(one);
  expect(await push('k/x', two, one)).toBe('pushed');
  expect(await push('k/x', two, one)).toBe('unchanged');
  expect(remote.branches()).toEqual({ main: remote.base, 'k/x': two });
  expect(await push('k/none', two, one)).toBe('stale');
});

test('a branch is removed only as it was seen', async () => {
  const { remote, push, remove, one, two } = await ready();
  await push('k/x', one);
  expect(await remove('k/x', two)).toBe('stale');
  expect(remote.branches()['k/x']).toBe(one);
  expect(await remove('k/x', one)).toBe('pushed');
  expect(await remove('k/x', one)).toBe('unchanged');
  expect(remote.branches()).toEqual({ main: remote.base });
});

test('of two that push at once one is told that the other was faster', async () => {
  const { remote, push, one, two } = await ready();
  // The remote hands out what it has, and somebody else pushes while it reads what we send.
  addHook(remote.folder, 'pre-receive', `env -u GIT_QUARANTINE_PATH git update-ref refs/heads/k/x ${remote.base}; rm "$0"`);
  const results = [await push('k/x', one), await push('k/x', two)];
  expect(results).toEqual(['stale', 'stale']);
  expect(remote.branches()['k/x']).toBe(remote.base);
});

test('what git takes for no branch is refused', async () => {
  const { remote, push, remove, one } = await ready();
  const names = ['-x', '--force', 'a..b', 'a b', 'x.lock', 'HEAD', '@{-1}', '', 'a\nb', 'a\0b', '/a', 'a//b', 'a:b', 'a^', '..'];
  for (const name of names) {
    await expect(push(name, one), name).rejects.toThrow('is no name that a branch can have');
    await expect(remove(name, one), name).rejects.toThrow('is no name that a branch can have');
  }
  expect(remote.branches()).toEqual({ main: remote.base });
});

test('what a remote says cannot steer a terminal, and is short', async () => {
  const { remote, push, one } = await ready();
  addHook(remote.folder, 'pre-receive', `printf '\\033]0;evil\\007 ::error::x' >&2; seq 1 5000 >&2; exit 1`);
  const error = await push('k/x', one).catch((error: Error) => error);
  expect(error).toMatchObject({ code: 'PROTECTED' });
  expect((error as Error).message).toMatch(/\\x1b\]0;evil\\x07 ::error::x/);
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what must not be there
  expect((error as Error).message).not.toMatch(/[\u0000-\u001f]/);
  expect((error as Error).message.length).toBeLessThan(600);
});
