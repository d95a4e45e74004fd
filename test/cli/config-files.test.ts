import { lstatSync } from 'node:fs';
import path from 'node:path';
import { expect, test, vi } from 'vitest';
import { createConfigFinder } from '../../src/cli/config-files.js';
import { layOut } from '../discover/tree.js';

vi.mock(import('node:fs'), async (original) => {
  const fs = await original();
  return { ...fs, lstatSync: vi.fn(fs.lstatSync) as unknown as typeof fs.lstatSync };
});

const looks = () => vi.mocked(lstatSync).mock.calls.filter(([file]) => String(file).endsWith('kubemend.yaml')).length;

test('without a configuration one look is taken into each folder, and none with --no-config', () => {
  const folder = layOut({ 'a/b/c/web.yaml': '', 'e/web.yaml': '' }, { isRepository: true });
  const folders = ['a/b/c', 'a/b/c', 'e', 'a', '.'].map((each) => path.join(folder, each));
  vi.mocked(lstatSync).mockClear();
  const finder = createConfigFinder({ cwd: folder, paths: ['.'] });
  for (const each of folders) expect(finder.chainFor(each)).toBeUndefined();
  expect(looks()).toBe(5);
  const none = createConfigFinder({ cwd: folder, paths: ['.'], config: false });
  for (const each of folders) expect(none.chainFor(each)).toBeUndefined();
  expect(looks()).toBe(5);
});
