import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import vm from 'node:vm';
import type { Metafile } from 'esbuild';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { buildCommand, buildLibrary } from '../../scripts/build.mjs';
import { deployment, hardened } from './kubemend.js';

let folder: string;
let command: Metafile;
let library: Metafile;
beforeAll(async () => {
  folder = realpathSync(mkdtempSync(path.join(tmpdir(), 'kubemend-built-')));
  [command, library] = await Promise.all([
    buildCommand(path.join(folder, 'bin')).then(({ metafile }) => metafile),
    buildLibrary(path.join(folder, 'index.js')).then(({ metafile }) => metafile),
  ]);
  writeFileSync(path.join(folder, 'package.json'), '{"type": "module"}');
  mkdirSync(path.join(folder, 'deploy'));
  writeFileSync(path.join(folder, 'deploy/web.yaml'), deployment());
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const program = () => path.join(folder, 'bin/kubemend.js');
function start(argv: readonly string[], input = '') {
  const { status, stdout, stderr } = spawnSync(process.execPath, [program(), ...argv], { cwd: folder, input, encoding: 'utf8' });
  return { status, stdout, stderr };
}

describe('the command', () => {
  /** What is read before the first `await import` of a chunk: itself and what it imports statically. */
  function loadedBy(metafile: Metafile, isEntry: (name: string) => boolean): string[] {
    const pending = Object.keys(metafile.outputs).filter(isEntry);
    const seen = new Set(pending);
    for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
      for (const { path: chunk, kind, external } of metafile.outputs[next]?.imports ?? []) {
        if (kind !== 'import-statement' || external || seen.has(chunk)) continue;
        seen.add(chunk);
        pending.push(chunk);
      }
    }
    return [...seen].flatMap((name) => Object.keys(metafile.outputs[name]?.inputs ?? {}));
  }

  test('runs as it is: executable, with a shebang, without node_modules', () => {
    const output = execFileSync(program(), ['deploy'], { cwd: folder, encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] });
    expect(output).toMatch(/^--- a\/deploy\/web\.yaml\n/);
  });

  test('--version reads next to nothing', () => {
    const { version } = JSON.parse(readFileSync('package.json', 'utf8')) as { version: string };
    expect(start(['--version'])).toEqual({ status: 0, stdout: `${version}\n`, stderr: '' });
    const inputs = loadedBy(command, (name) => name.endsWith('bin/kubemend.js'));
    expect(inputs.filter((input) => !input.startsWith('(disabled)')).sort()).toEqual([
      'bin/kubemend.ts',
      'package.json',
      'src/version.ts',
    ]);
  });

  test('one file needs neither the pattern matcher nor the progress bar', () => {
    const inputs = loadedBy(command, (name) => /\/main-\w+\.js$/.test(name));
    expect(inputs).toContain('src/cli/fix.ts');
    expect(inputs.filter((input) => /fast-glob|micromatch|cli-progress|src\/registry\/|src\/http\//.test(input))).toEqual([]);
  });

  test('sets the exit code and ends by itself', () => {
    expect(start(['--check', 'deploy']).status).toBe(1);
    expect(start(['--wriet'])).toMatchObject({ status: 2, stdout: '' });
    expect(start(['deploy']).status).toBe(0);
  });

  test('reads patterns and standard input', () => {
    expect(start(['deploy/*.yaml']).stdout).toBe(start(['deploy']).stdout);
    expect(start(['-'], deployment()).stdout).toContain('allowPrivilegeEscalation: false');
  });

  test('says nothing when the reader of its output goes', async () => {
    const many = path.join(folder, 'many');
    mkdirSync(many);
    for (let index = 0; index < 400; index++) writeFileSync(path.join(many, `${index}.yaml`), deployment(`web-${index}`));
    const child = spawn(process.execPath, [program(), '--quiet', 'many'], { cwd: folder });
    let stderr = '';
    child.stderr.on('data', (chunk) => {
      stderr += chunk;
    });
    child.stdout.once('data', () => child.stdout.destroy());
    const status = await new Promise((resolve) => child.on('exit', resolve));
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
  });

  test('says so when its folder is gone', () => {
    const { status, stderr } = spawnSync(
      'sh',
      ['-c', `mkdir gone && cd gone && rmdir ../gone && "${process.execPath}" "${program()}"`],
      {
        cwd: folder,
        encoding: 'utf8',
      },
    );
    expect({ status, stderr }).toEqual({
      status: 2,
      stderr: 'kubemend: the folder you are in is not there any more; go to one that is\n',
    });
  });

  test('is not content with an output that is not whole', () => {
    const { status, stderr } = spawnSync('sh', ['-c', `"${process.execPath}" "${program()}" --quiet deploy > /dev/full`], {
      cwd: folder,
      encoding: 'utf8',
    });
    expect(status).toBe(2);
    expect(stderr).toContain('kubemend: the output cannot be written: ');
  });
});

describe('the library', () => {
  test('imports nothing', () => {
    expect(Object.values(library.outputs).flatMap(({ imports }) => imports)).toEqual([]);
    const text = readFileSync(path.join(folder, 'index.js'), 'utf8');
    expect(/\brequire\(|\bimport\(|["']node:/.exec(text)?.[0]).toBeUndefined();
  });

  test('runs where there is nothing but the language and text encoding', async () => {
    const outfile = path.join(folder, 'global.js');
    await buildLibrary(outfile, { format: 'iife', globalName: 'kubemend' });
    const context = vm.createContext({ TextEncoder, TextDecoder });
    vm.runInContext(readFileSync(outfile, 'utf8'), context);
    const files = [
      { path: 'web.yaml', text: deployment() },
      { path: 'ok.yaml', text: hardened() },
      { path: 'kustomization.yaml', text: 'patches: [{path: p.yaml}]\n' },
      { path: 'p.yaml', text: deployment() },
    ];
    context.files = files;
    const result = JSON.parse(vm.runInContext('JSON.stringify(kubemend.fix(files))', context)) as {
      files: { status: string; text: string }[];
      summary: { files: number; rolling: number };
    };
    expect(result.files.map(({ status }) => status)).toEqual(['changed', 'unchanged', 'left', 'left']);
    expect(result.summary).toMatchObject({ files: 2, rolling: 1 });
    expect(start(['-', '--stdin-filename', 'web.yaml'], deployment()).stdout).toBe(result.files[0]?.text);
    expect(vm.runInContext('kubemend.transforms.map((t) => t.id).includes("drop-capabilities")', context)).toBe(true);
  });
});
