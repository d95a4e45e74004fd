import { statSync } from 'node:fs';
import path from 'node:path';
import { expect, test, vi } from 'vitest';
import { createConfigFinder } from '../../src/cli/config-files.js';
import { layOut } from '../discover/tree.js';

vi.mock(import('node:fs'), async (original) => {
  const fs = await original();
  return { ...fs, statSync: vi.fn(fs.statSync) as unknown as typeof fs.statSync };
});

const looks = () => vi.mocked(statSync).mock.calls.filter(([file]) => String(file).endsWith('kubemend.yaml')).length;

test('without a configuration one look is taken into each folder, and none with --no-config', () => {
  const folder = layOut({ 'a/b/c/web.yaml': '', 'e/web.yaml': '' }, { isRepository: true });
  const folders = ['a/b/c', 'a/b/c', 'e', 'a', '.'].map((each) => path.join(folder, each));
  vi.mocked(statSync).mockClear();
  const finder = createConfigFinder({ cwd: folder, paths: ['.'] });
  for (const each of folders) expect(finder.chainFor(each)).toBeUndefined();
  expect(looks()).toBe(5);
  const none = createConfigFinder({ cwd: folder, paths: ['.'], config: false });
  for (const each of folders) expect(none.chainFor(each)).toBeUndefined();
  expect(looks()).toBe(5);
});
