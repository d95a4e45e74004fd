import { execFileSync, spawn } from 'node:child_process';
import fs, {
  chmodSync,
  existsSync,
  linkSync,
  lstatSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { hostname } from 'node:os';
import path from 'node:path';
import process from 'node:process';
import { describe, expect, test } from 'vitest';
import { readGitState } from '../../src/cli/git.js';
import { type Disk, replaceFile } from '../../src/cli/write.js';
import { createSession } from '../../src/session.js';
import { commitAll, git, layOut } from '../discover/tree.js';
import { deployment, hardened, kubemend } from './kubemend.js';

const host = hostname().replace(/[^\w.-]/g, '_');
const read = (folder: string, file: string) => readFileSync(path.join(folder, file), 'utf8');
const leftovers = (folder: string) => readdirSync(folder).filter((name) => name.endsWith('.tmp'));

/** Runs something between the reading of a file and its writing. */
function meanwhile(act: (file: string) => void): typeof createSession {
  return (options) => {
    const session = createSession(options);
    return {
      ...session,
      fix(file, text) {
        act(file);
        return session.fix(file, text);
      },
    };
  };
}

describe('--write', () => {
  test('changes what needs it, and nothing else', async () => {
    const folder = layOut({ 'web.yaml': deployment(), 'ok.yaml': hardened(), 'note.md': 'x' });
    const before = statSync(path.join(folder, 'ok.yaml'), { bigint: true });
    const { code, stdout, stderr } = await kubemend(folder, ['--write']);
    expect({ code, stdout }).toEqual({ code: 0, stdout: '' });
    expect(stderr).toMatch(/\n\n2 files · \d+ changes written \(/);
    expect(read(folder, 'web.yaml')).toContain('allowPrivilegeEscalation: false');
    const after = statSync(path.join(folder, 'ok.yaml'), { bigint: true });
    expect([after.mtimeNs, after.ino]).toEqual([before.mtimeNs, before.ino]);
    expect(readdirSync(folder).sort()).toEqual(['note.md', 'ok.yaml', 'web.yaml']);
  });

  test('a second run finds nothing', async () => {
    const folder = layOut({ 'web.yaml': deployment() });
    await kubemend(folder, ['--write', '--max-risk', 'high']);
    const text = read(folder, 'web.yaml');
    expect((await kubemend(folder, ['--write', '--max-risk', 'high'])).stderr).not.toContain('written');
    expect(read(folder, 'web.yaml')).toBe(text);
  });

  test('keeps the mode', async () => {
    const folder = layOut({ 'web.yaml': deployment() });
    chmodSync(path.join(folder, 'web.yaml'), 0o754);
    await kubemend(folder, ['--write']);
    expect(statSync(path.join(folder, 'web.yaml')).mode & 0o7777).toBe(0o754);
  });

  test.runIf(process.getuid?.() === 0)('keeps the owner', async () => {
    const folder = layOut({ 'web.yaml': deployment() });
    fs.chownSync(path.join(folder, 'web.yaml'), 12, 34);
    await kubemend(folder, ['--write']);
    expect(statSync(path.join(folder, 'web.yaml'))).toMatchObject({ uid: 12, gid: 34 });
    expect(read(folder, 'web.yaml')).toContain('allowPrivilegeEscalation');
  });

  test('writes the target of a link, and the link stays', async () => {
    const folder = layOut({ 'real/web.yaml': deployment(), 'web.yaml': { link: 'real/web.yaml' } });
    const { stderr } = await kubemend(folder, ['--write', 'web.yaml']);
    expect(stderr).toMatch(/^real\/web\.yaml:2 · /);
    expect(lstatSync(path.join(folder, 'web.yaml')).isSymbolicLink()).toBe(true);
    expect(read(folder, 'real/web.yaml')).toContain('allowPrivilegeEscalation');
  });

  test('never writes outside of the repository', async () => {
    const outside = layOut({ 'web.yaml': deployment() });
    const folder = layOut(
      { 'web.yaml': { link: path.join(outside, 'web.yaml') }, 'ok.yaml': hardened() },
      { isRepository: true },
    );
    const { stderr } = await kubemend(folder, ['--write', '--verbose', '.', 'web.yaml']);
    expect(stderr).toContain('web.yaml  left alone: a link that leads out of the repository; name its target to have it read\n');
    expect(read(outside, 'web.yaml')).toBe(deployment());
  });

  test('says that hard links part', async () => {
    const folder = layOut({ 'web.yaml': deployment() });
    linkSync(path.join(folder, 'web.yaml'), path.join(folder, 'other.txt'));
    const { stderr, code } = await kubemend(folder, ['--write']);
    expect(code).toBe(0);
    expect(stderr).toContain('web.yaml: had 2 names (hard links); the others keep the old text\n');
    expect(read(folder, 'other.txt')).toBe(deployment());
  });

  test('reports what it could not write in the report, too', async () => {
    const folder = layOut({ 'a.yaml': deployment('a'), 'b.yaml': deployment('b') });
    chmodSync(path.join(folder, 'a.yaml'), 0o444);
    const { stdout, code } = await kubemend(folder, ['--write', '--format', 'json']);
    expect(code).toBe(2);
    expect(JSON.parse(stdout)).toMatchObject({
      files: [
        { path: 'a.yaml', status: 'changed', written: false },
        { path: 'b.yaml', status: 'changed', written: true },
      ],
      troubles: [{ path: 'a.yaml', text: 'is read-only; not written.' }],
      summary: { troubles: 1, rolling: 1 },
    });
  });
});

describe('a file that another hand touches meanwhile', () => {
  const other = `${deployment('a')}# saved by an editor\n`;
  test.each([
    [
      'is changed',
      (file: string) => writeFileSync(file, other),
      'changed on disk while kubemend ran; not written. Run again.',
      other,
    ],
    ['vanishes', (file: string) => rmSync(file), 'not written: vanished while kubemend ran', undefined],
    ['becomes read-only', (file: string) => chmodSync(file, 0o400), 'is read-only; not written.', deployment('a')],
    [
      'becomes a link',
      (file: string) => {
        writeFileSync(`${file}.txt`, deployment('a'));
        rmSync(file);
        symlinkSync(`${file}.txt`, file);
      },
      'is reached by a link now; not written. Run again.',
      deployment('a'),
    ],
  ])('%s', async (_, act, message, text) => {
    const folder = layOut({ 'a.yaml': deployment('a'), 'b.yaml': deployment('b') });
    const sessionFrom = meanwhile((file) => {
      if (file === 'a.yaml') act(path.join(folder, file));
    });
    const { code, stderr } = await kubemend(folder, ['--write'], { sessionFrom });
    expect(code).toBe(2);
    expect(stderr).toContain(`a.yaml: ${message}\n`);
    expect(stderr).toContain('1 file failed');
    if (text !== undefined) expect(read(folder, 'a.yaml')).toBe(text);
    expect(read(folder, 'b.yaml')).toContain('allowPrivilegeEscalation');
    expect(leftovers(folder)).toEqual([]);
  });
});

describe('a disk that fails', () => {
  const steps = ['openSync', 'writeFileSync', 'fchmodSync', 'fsyncSync', 'renameSync'] as const;
  test.each(steps)('in %s leaves the old file whole and nothing beside it', (step) => {
    const folder = layOut({ 'web.yaml': 'old\n' });
    const disk: Disk = {
      ...fs,
      [step]: () => {
        throw Object.assign(new Error('ENOSPC: no space left on device, write'), { code: 'ENOSPC' });
      },
    };
    expect(replaceFile(path.join(folder, 'web.yaml'), Buffer.from('old\n'), 'new\n', disk)).toEqual({
      trouble: 'not written: no space left on the disk',
    });
    expect(read(folder, 'web.yaml')).toBe('old\n');
    expect(readdirSync(folder)).toEqual(['web.yaml']);
  });

  test('an owner that cannot be kept: not written', () => {
    const folder = layOut({ 'web.yaml': 'old\n' });
    const disk: Disk = {
      ...fs,
      fstatSync: ((handle: number) => ({ ...fs.fstatSync(handle), uid: 4711 })) as unknown as Disk['fstatSync'],
      fchownSync: () => {
        throw Object.assign(new Error('EPERM'), { code: 'EPERM' });
      },
    };
    expect(replaceFile(path.join(folder, 'web.yaml'), Buffer.from('old\n'), 'new\n', disk)).toEqual({
      trouble: 'belongs to another user or group, which a new file could not be given; not written.',
    });
    expect(readdirSync(folder)).toEqual(['web.yaml']);
  });

  test('the bytes are on the disk before the name is', () => {
    const folder = layOut({ 'web.yaml': 'old\n' });
    const calls: string[] = [];
    const noted = (name: 'writeFileSync' | 'fsyncSync' | 'renameSync') => ({
      [name]: (...args: unknown[]) => {
        calls.push(name);
        return (fs[name] as (...all: unknown[]) => unknown)(...args);
      },
    });
    const disk = { ...fs, ...noted('writeFileSync'), ...noted('fsyncSync'), ...noted('renameSync') } as Disk;
    expect(replaceFile(path.join(folder, 'web.yaml'), Buffer.from('old\n'), 'new\n', disk)).toEqual({});
    expect(calls).toEqual(['writeFileSync', 'fsyncSync', 'renameSync', 'fsyncSync']);
    expect(read(folder, 'web.yaml')).toBe('new\n');
  });
});

describe('left-over temporary files', () => {
  test('of a dead process go, those of a live one, of another host or of no run of ours stay', async () => {
    const dead = spawn(process.execPath, ['-e', '']);
    await new Promise((resolve) => dead.on('exit', resolve));
    const names = {
      dead: `.kubemend-${host}-${dead.pid}-1.tmp`,
      live: `.kubemend-${host}-${process.pid}-99.tmp`,
      other: `.kubemend-elsewhere-${dead.pid}-1.tmp`,
      foreign: '.kubemend.tmp',
    };
    const folder = layOut({
      'sub/web.yaml': hardened(),
      ...Object.fromEntries(Object.values(names).map((name) => [`sub/${name}`, ''])),
    });
    await kubemend(folder, []);
    expect(leftovers(path.join(folder, 'sub'))).toHaveLength(4);
    await kubemend(folder, ['--write']);
    expect(leftovers(path.join(folder, 'sub')).sort()).toEqual([names.foreign, names.other, names.live].sort());
  });
});

describe('how to undo', () => {
  const undoIn = (stderr: string) => /^Undo: (.*)$/m.exec(stderr)?.[1];

  test('a git restore line that brings back what was there', async () => {
    const tree = { 'deploy/web.yaml': deployment(), "deploy/it's me.yaml": deployment('me'), 'deploy/ok.yaml': hardened() };
    const folder = layOut(tree, { isRepository: true });
    commitAll(folder);
    const cwd = path.join(folder, 'deploy');
    const { stderr } = await kubemend(cwd, ['--write', '.']);
    expect(undoIn(stderr)).toBe(`git restore -- 'it'\\''s me.yaml' web.yaml`);
    expect(git(folder, 'status', '--porcelain')).not.toBe('');
    execFileSync('sh', ['-c', undoIn(stderr) as string], { cwd });
    expect(git(folder, 'status', '--porcelain')).toBe('');
  });

  test('names folders when there are many files and nothing else in them differed', async () => {
    const tree = Object.fromEntries(Array.from({ length: 12 }, (_, index) => [`deploy/${index}.yaml`, deployment(`a${index}`)]));
    const folder = layOut({ ...tree, 'other/x.yaml': hardened(), 'other/note.md': '' }, { isRepository: true });
    commitAll(folder);
    writeFileSync(path.join(folder, 'other/note.md'), 'changed');
    const { stderr } = await kubemend(folder, ['--write', 'deploy']);
    expect(undoIn(stderr)).toBe('git restore -- deploy');
    execFileSync('sh', ['-c', undoIn(stderr) as string], { cwd: folder });
    expect(git(folder, 'status', '--porcelain')).toBe(' M other/note.md\n');
    const all = undoIn((await kubemend(folder, ['--write', '.'])).stderr);
    expect(all).toBe("git restore -- . ':(exclude)other/note.md'");
    execFileSync('sh', ['-c', all as string], { cwd: folder });
    expect(git(folder, 'status', '--porcelain')).toBe(' M other/note.md\n');
  });

  test('lists some files of many', async () => {
    const tree = Object.fromEntries(Array.from({ length: 30 }, (_, index) => [`${index + 10}.yaml`, deployment(`a${index}`)]));
    const folder = layOut(tree, { isRepository: true });
    const unknown = await kubemend(folder, ['--write', '.']);
    expect(unknown.stderr).toMatch(/\nNot known to git here, which cannot undo them: 10\.yaml(, \d+\.yaml){9} and 20 more\n/);
    expect(undoIn(unknown.stderr)).toBeUndefined();
  });

  test('takes a name for a name, and not for a pattern', async () => {
    const folder = layOut(
      { '[a].yaml': deployment('b'), 'a.yaml': hardened(), ':x.yaml': deployment('c') },
      { isRepository: true },
    );
    commitAll(folder);
    writeFileSync(path.join(folder, 'a.yaml'), `${hardened()}# mine\n`);
    const { stderr } = await kubemend(folder, ['--write', '.']);
    execFileSync('sh', ['-c', undoIn(stderr) as string], { cwd: folder });
    expect(git(folder, 'status', '--porcelain')).toBe(' M a.yaml\n');
  });

  test('tells which files had changes of their own, and leaves them out', async () => {
    const folder = layOut({ 'a.yaml': deployment('a'), 'b.yaml': deployment('b') }, { isRepository: true });
    commitAll(folder);
    writeFileSync(path.join(folder, 'b.yaml'), deployment('changed'));
    writeFileSync(path.join(folder, 'new.yaml'), deployment('new'));
    const { stderr } = await kubemend(folder, ['--write', '*.yaml']);
    expect(stderr).toContain('With changes that were not committed before: b.yaml\n');
    expect(stderr).toContain('Not known to git here, which cannot undo them: new.yaml\n');
    expect(undoIn(stderr)).toBe('git restore -- a.yaml');
  });

  test('runs no program that the configuration of a submodule names', () => {
    const other = layOut({ 'x.yaml': hardened(), '.gitattributes': '*.yaml filter=other\n' }, { isRepository: true });
    commitAll(other);
    const folder = layOut({ 'a.yaml': deployment('a') }, { isRepository: true });
    git(folder, '-c', 'protocol.file.allow=always', 'submodule', '--quiet', 'add', other, 'sub');
    commitAll(folder);
    const trap = path.join(folder, 'ran');
    git(path.join(folder, 'sub'), 'config', 'filter.other.clean', `touch '${trap}'; cat`);
    // Of the same size, so that git has to look into it.
    writeFileSync(path.join(folder, 'sub/x.yaml'), hardened('evil'));
    writeFileSync(path.join(folder, 'a.yaml'), deployment('b'));
    // More files than a command line takes, so that git is asked about all of the repository.
    const many = Array.from({ length: 501 }, () => path.join(folder, 'a.yaml'));
    for (const paths of [many, [path.join(folder, 'a.yaml'), path.join(folder, 'sub')]]) {
      expect(readGitState(paths, folder)).toEqual({ dirty: new Set([path.join(folder, 'a.yaml')]) });
      expect(existsSync(trap)).toBe(false);
    }
    git(folder, 'status');
    expect(existsSync(trap)).toBe(true);
  });

  test('is silent where there is no repository, and when nothing was written', async () => {
    expect((await kubemend(layOut({ 'a.yaml': deployment() }), ['--write'])).stderr).not.toMatch(/Undo|git/);
    const folder = layOut({ 'a.yaml': hardened() }, { isRepository: true });
    expect((await kubemend(folder, ['--write'])).stderr).not.toMatch(/Undo|git/);
  });
});
