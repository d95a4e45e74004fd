/**
 * `npm run crash [-- DIR]`: kills a `--write` over a copy of a folder at 50 moments, most of them between its first and its last
 * rename. Every file must be whole, old or new (one that is created: whole, or not there), and the next run must finish the work and
 * leave nothing behind.
 */
import { spawn, spawnSync } from 'node:child_process';
import { chmodSync, cpSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative, resolve } from 'node:path';

const KILLS = 50;
const NEEDED_BETWEEN = 40;
/** A moment may come when all is written; then there are more of them. */
const MAX_KILLS = 150;

const bin = resolve(import.meta.dirname, '../dist/bin/kubemend.js');
const source = resolve(process.argv[2] ?? '../shared/corpus');
const command = [bin, '--write', '--quiet', '--profile', 'all', '--max-risk', 'high', '.'];

if (!existsSync(source)) {
  console.error(`npm run crash: no folder ${source}. Name one: npm run crash -- DIR`);
  process.exitCode = 2;
} else {
  const folder = mkdtempSync(join(tmpdir(), 'kubemend-crash-'));
  try {
    cpSync(source, folder, { recursive: true });
    makeWritable(folder);
    await run(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** A folder that is kept read-only is copied so, and kubemend rightly writes no such file. */
function makeWritable(folder: string): void {
  for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
    chmodSync(join(entry.parentPath, entry.name), entry.isDirectory() ? 0o755 : 0o644);
  }
}

interface Reference {
  readonly before: ReadonlyMap<string, Buffer>;
  readonly after: ReadonlyMap<string, Buffer>;
  /** The files that change, in the order in which they are written. */
  readonly order: readonly string[];
}

async function run(folder: string): Promise<void> {
  const reference = referenceRun(folder);
  console.log(`${reference.after.size} files change`);
  if (reference.after.size === 0) throw new Error('nothing is written in this folder, so there is nothing to kill');
  let kills = 0;
  let between = 0;
  let tries = 0;
  const faults: string[] = [];
  while (tries < MAX_KILLS && (kills < KILLS || between < NEEDED_BETWEEN)) {
    restore(folder, reference);
    const { order } = reference;
    const file = order[Math.floor(((tries * 0.618) % 1) * order.length)] as string;
    const isKilled = await killedAfter(join(folder, file), (tries++ * 0.7) % 5, folder);
    if (!isKilled) continue;
    kills++;
    const written = inspect(folder, reference, faults);
    if (written > 0 && written < reference.after.size) between++;
    spawnSync('node', command, { cwd: folder, stdio: 'ignore' });
    finish(folder, reference, faults);
  }
  console.log(`${kills} kills, ${between} between the first and the last rename, ${faults.length} faults`);
  for (const fault of faults.slice(0, 10)) console.log(`    ${fault}`);
  if (faults.length > 0 || kills < KILLS || between < NEEDED_BETWEEN) process.exitCode = 1;
}

function referenceRun(folder: string): Reference {
  const before = readAll(folder);
  spawnSync('node', command, { cwd: folder, stdio: 'ignore' });
  const after = new Map<string, Buffer>();
  const times: (readonly [time: number, path: string])[] = [];
  for (const [path, bytes] of readAll(folder)) {
    if (before.get(path)?.equals(bytes)) continue;
    after.set(path, bytes);
    times.push([statSync(join(folder, path)).mtimeMs, path]);
  }
  return { before, after, order: times.sort(([a], [b]) => a - b).map(([, path]) => path) };
}

function restore(folder: string, { before, after }: Reference): void {
  for (const path of after.keys()) {
    const old = before.get(path);
    if (old) writeFileSync(join(folder, path), old);
    else rmSync(join(folder, path), { force: true });
  }
}

/**
 * Kills so many milliseconds after a file was renamed, or created: the moment is one of the work, however fast the machine is.
 *
 * @returns whether the process was still there to be killed
 */
function killedAfter(file: string, milliseconds: number, folder: string): Promise<boolean> {
  const inode = () => statSync(file, { throwIfNoEntry: false })?.ino;
  const before = inode();
  return new Promise((done) => {
    const child = spawn('node', command, { cwd: folder, stdio: 'ignore' });
    const watch = setInterval(() => {
      if (inode() === before) return;
      clearInterval(watch);
      setTimeout(() => child.kill('SIGKILL'), milliseconds);
    }, 1);
    child.on('exit', (_, signal) => {
      clearInterval(watch);
      done(signal === 'SIGKILL');
    });
  });
}

/** How many files are new. Every one must be whole. */
function inspect(folder: string, { before, after }: Reference, faults: string[]): number {
  let written = 0;
  for (const [path, bytes] of after) {
    const now = existsSync(join(folder, path)) ? readFileSync(join(folder, path)) : undefined;
    if (now?.equals(bytes)) written++;
    else if (!isSame(now, before.get(path))) faults.push(`${path} is neither the old nor the new file`);
  }
  return written;
}

/** The next run must have done the rest, and left nothing. */
function finish(folder: string, { before, after }: Reference, faults: string[]): void {
  const now = readAll(folder);
  const wanted = new Map([...before, ...after]);
  for (const [path, bytes] of now) {
    const expected = wanted.get(path);
    if (expected === undefined) faults.push(`${path} is left behind`);
    else if (!bytes.equals(expected)) faults.push(`${path} differs after the next run`);
  }
  for (const path of wanted.keys()) if (!now.has(path)) faults.push(`${path} is gone, or was not written`);
}

function isSame(a: Buffer | undefined, b: Buffer | undefined): boolean {
  return a === undefined || b === undefined ? a === b : a.equals(b);
}

function readAll(folder: string): Map<string, Buffer> {
  const files = new Map<string, Buffer>();
  for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue;
    const path = join(entry.parentPath, entry.name);
    files.set(relative(folder, path), readFileSync(path));
  }
  return files;
}
