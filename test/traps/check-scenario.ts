import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { expect, onTestFinished } from 'vitest';
import type { Io, Sink } from '../../src/cli/io.js';
import { run } from '../../src/cli/main.js';
import { prepare } from './prepare.js';
import { type CommandRun, type Scenario, trapFile } from './trap.js';

/** Runs command lines in a copy of a folder, and compares the folder with what is expected of it, file by file. */
export async function checkScenario(id: string, scenario: Scenario): Promise<void> {
  const { tree, expected, before = [], runs, modes = {}, links = {} } = scenario;
  const folder = fs.realpathSync(fs.mkdtempSync(path.join(os.tmpdir(), 'kubemend-trap-')));
  onTestFinished(() => fs.rmSync(folder, { recursive: true, force: true }));
  fs.cpSync(trapFile(id, tree), folder, { recursive: true });
  const restore = prepare(folder, before);
  try {
    for (const command of runs) await checkRun(id, folder, command);
  } finally {
    restore();
  }

  const wanted = { ...readTree(trapFile(id, tree)), ...(expected === undefined ? {} : readTree(trapFile(id, expected))) };
  for (const name of Object.keys(links)) delete wanted[name];
  expect(readTree(folder)).toEqual(wanted);
  for (const [name, mode] of Object.entries(modes)) {
    expect((fs.statSync(path.join(folder, name)).mode & 0o7777).toString(8)).toBe(mode);
  }
  for (const [name, target] of Object.entries(links)) expect(fs.readlinkSync(path.join(folder, name))).toBe(target);
}

async function checkRun(id: string, cwd: string, { argv, exit, stdout, stderr }: CommandRun): Promise<void> {
  const out = createSink();
  const err = createSink();
  const io: Io = {
    stdout: out,
    stderr: err,
    readStdin: () => Promise.reject(new Error('nothing reads standard input here')),
    cwd,
    env: {},
    today: '2026-06-01',
  };
  const code = await run(argv, io);
  expect({ code, stdout: out.text, stderr: err.text }).toMatchObject({
    code: exit,
    stdout: stdout === '' ? '' : fs.readFileSync(trapFile(id, stdout), 'utf8'),
  });
  for (const part of stderr) expect(err.text).toContain(part);
}

/** No terminal, as in a pipe or in CI. */
function createSink(): Sink & { text: string } {
  const sink = {
    text: '',
    isTerminal: false,
    isClosed: false,
    write(text: string) {
      sink.text += text;
    },
  };
  return sink;
}

/** Regular files by path, one character for each byte. */
function readTree(folder: string): Record<string, string> {
  const files: Record<string, string> = {};
  for (const entry of fs.readdirSync(folder, { withFileTypes: true, recursive: true })) {
    if (!entry.isFile()) continue;
    const file = path.join(entry.parentPath, entry.name);
    files[path.relative(folder, file)] = fs.readFileSync(file, 'latin1');
  }
  return files;
}
