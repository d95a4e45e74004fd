import { existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect, test } from 'vitest';
import { hostName } from '../../../src/discover/disk/owner.js';
import { makeTemporary, removeTemporaries, removeTemporary } from '../../../src/pr/git/temporary.js';

test('a process that is told to end removes all that it made, also what nobody was given yet, and nothing else', () => {
  const [kept, gone, own] = [
    makeTemporary(),
    makeTemporary(),
    path.join(tmpdir(), `kubemend-pr-${hostName()}-${process.pid}-AAAAAA`),
  ];
  mkdirSync(own, { recursive: true });
  writeFileSync(path.join(kept, 'file'), 'x');
  removeTemporary(gone);
  expect([kept, gone].map((folder) => existsSync(folder))).toEqual([true, false]);
  removeTemporaries();
  expect([kept, own].map((folder) => existsSync(folder))).toEqual([false, true]);
  rmSync(own, { recursive: true });
});
