import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { onTestFinished } from 'vitest';

/** Files by path; an object with `link` is a symbolic link. */
export type Tree = Readonly<Record<string, string | Uint8Array | { readonly link: string }>>;

/** Lays out files in a folder of their own, which goes when the test ends. Returns its real path. */
export function layOut(tree: Tree, { isRepository = false } = {}): string {
  const folder = realpathSync(mkdtempSync(path.join(tmpdir(), 'kubemend-')));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  for (const [name, content] of Object.entries(tree)) {
    const file = path.join(folder, name);
    mkdirSync(path.dirname(file), { recursive: true });
    if (typeof content === 'string' || content instanceof Uint8Array) writeFileSync(file, content);
    else symlinkSync(content.link, file);
  }
  if (isRepository) git(folder, 'init', '-q');
  return folder;
}

export function git(cwd: string, ...args: string[]): string {
  const identity = ['-c', 'user.name=t', '-c', 'user.email=t@example.com', '-c', 'commit.gpgSign=false'];
  return execFileSync('git', [...identity, ...args], { cwd, encoding: 'utf8' });
}

export function commitAll(cwd: string): void {
  git(cwd, 'add', '-A', '-f');
  git(cwd, 'commit', '-q', '-m', 'all');
}
