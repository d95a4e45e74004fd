import { spawn, spawnSync } from 'node:child_process';
import {
  chmodSync,
  cpSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { buildCommand } from '../../scripts/build.mjs';
import { deployment } from './kubemend.js';

/** Set both for the long proof: `KUBEMEND_KILLS=50 KUBEMEND_KILL_CORPUS=../shared/corpus npx vitest run test/cli/kill.test.ts` */
const KILLS = Number(process.env.KUBEMEND_KILLS ?? 4);
const CORPUS = process.env.KUBEMEND_KILL_CORPUS;

let folder: string;
beforeAll(async () => {
  folder = realpathSync(mkdtempSync(path.join(tmpdir(), 'kubemend-kill-')));
  await buildCommand(path.join(folder, 'program'));
  writeFileSync(path.join(folder, 'package.json'), '{"type": "module"}');
  const corpus = path.join(folder, 'corpus');
  if (CORPUS) cpSync(CORPUS, corpus, { recursive: true });
  else mkdirSync(corpus);
  if (!CORPUS)
    for (let index = 0; index < 80; index++) writeFileSync(path.join(corpus, `${index}.yaml`), deployment(`web-${index}`));
  for (const file of filesIn(corpus)) chmodSync(path.join(corpus, file), 0o644);
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const filesIn = (at: string) =>
  readdirSync(at, { recursive: true, encoding: 'utf8' }).filter((file) => statSync(path.join(at, file)).isFile());
const argv = () => [path.join(folder, 'program/kubemend.js'), '--write', '--quiet', '.'];

function copyCorpus(name: string): string {
  const copy = path.join(folder, name);
  rmSync(copy, { recursive: true, force: true });
  cpSync(path.join(folder, 'corpus'), copy, { recursive: true });
  return copy;
}

/** Runs `--write` and kills it as soon as the file has its new text. */
async function killAfter(cwd: string, file: string): Promise<void> {
  const old = statSync(path.join(cwd, file)).ino;
  const child = spawn(process.execPath, argv(), { cwd, stdio: 'ignore' });
  const ended = new Promise<void>((resolve) => child.on('exit', () => resolve()));
  while (child.exitCode === null && statSync(path.join(cwd, file), { throwIfNoEntry: false })?.ino === old) {
    await new Promise((resolve) => setImmediate(resolve));
  }
  child.kill('SIGKILL');
  await ended;
}

test(`killed at ${KILLS} moments of a --write, every file is whole, and the next run leaves nothing behind`, {
  timeout: 60_000 * KILLS,
}, async () => {
  const finished = copyCorpus('finished');
  spawnSync(process.execPath, argv(), { cwd: finished, stdio: 'ignore' });
  const read = (at: string, file: string) => readFileSync(path.join(at, file), 'utf8');
  const files = filesIn(path.join(folder, 'corpus'));
  const before = new Map(files.map((file) => [file, read(path.join(folder, 'corpus'), file)]));
  const after = new Map(files.map((file) => [file, read(finished, file)]));
  const changing = files.filter((file) => before.get(file) !== after.get(file)).sort();
  expect(changing.length).toBeGreaterThan(KILLS);

  let between = 0;
  for (let kill = 0; kill < KILLS; kill++) {
    const killed = copyCorpus('killed');
    await killAfter(killed, changing[Math.floor((changing.length * kill) / (KILLS + 1))] as string);
    const written = changing.filter((file) => read(killed, file) === after.get(file));
    if (written.length > 0 && written.length < changing.length) between++;
    for (const file of files) expect([before.get(file), after.get(file)], file).toContain(read(killed, file));

    spawnSync(process.execPath, argv(), { cwd: killed, stdio: 'ignore' });
    expect(filesIn(killed).sort()).toEqual(files.toSorted());
    for (const file of files) expect(read(killed, file), file).toBe(after.get(file));
  }
  expect(between).toBeGreaterThanOrEqual(Math.floor(KILLS * 0.8));
});
