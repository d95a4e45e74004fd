import fs, { readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { createFile } from '../../src/cli/create.js';
import type { Disk } from '../../src/cli/write.js';
import { layOut } from '../discover/tree.js';

function fail(code: string): never {
  throw Object.assign(new Error(code), { code });
}

/** A file system without links. */
const noLinks: Disk = { ...fs, linkSync: () => fail('EPERM') };

describe('a new file', () => {
  it.each([
    ['with links', fs],
    ['without links', noLinks],
  ] as const)('is there, and nothing else: %s', (_, disk) => {
    const folder = layOut({});
    expect(createFile(path.join(folder, 'x.yaml'), 'a: ä\n', disk)).toEqual({});
    expect(readdirSync(folder)).toEqual(['x.yaml']);
    expect(readFileSync(path.join(folder, 'x.yaml'), 'utf8')).toBe('a: ä\n');
  });

  it.each([
    ['with links', fs],
    ['without links', noLinks],
  ] as const)('never takes the place of another: %s', (_, disk) => {
    const folder = layOut({ 'x.yaml': 'mine', 'y.yaml': { link: '/nowhere' } });
    for (const name of ['x.yaml', 'y.yaml'])
      expect(createFile(path.join(folder, name), 'a: 1\n', disk)).toEqual({ trouble: 'is there now; not created. Run again.' });
    expect(readFileSync(path.join(folder, 'x.yaml'), 'utf8')).toBe('mine');
    expect(readdirSync(folder)).toEqual(['x.yaml', 'y.yaml']);
  });

  it.each([
    ['with links', {}],
    ['without links', { linkSync: () => fail('ENOTSUP') }],
  ] as const)('is not there at all where the disk is full: %s', (_, more) => {
    const folder = layOut({});
    let writes = 0;
    const disk = {
      ...fs,
      ...more,
      writeFileSync(handle: number, text: string) {
        const isLast = 'linkSync' in more ? writes++ > 0 : true;
        writeFileSync(handle, isLast ? 'half' : text);
        if (isLast) fail('ENOSPC');
      },
    } as unknown as Disk;
    expect(createFile(path.join(folder, 'x.yaml'), 'a: 1\n', disk)).toEqual({ trouble: expect.stringMatching(/^not created: /) });
    expect(readdirSync(folder)).toEqual([]);
  });

  it('goes into no folder that is reached by a link', () => {
    const folder = layOut({ 'real/x': '' });
    symlinkSync('real', path.join(folder, 'link'));
    const { trouble } = createFile(path.join(folder, 'link', 'x.yaml'), 'a: 1\n') as { trouble: string };
    expect(trouble).toBe('its folder is reached by a link now; not created. Run again.');
    expect(readdirSync(path.join(folder, 'real'))).toEqual(['x']);
  });
});
