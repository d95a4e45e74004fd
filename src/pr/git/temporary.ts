import { mkdtempSync, readdirSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import process from 'node:process';
import { hostName, isAlive } from '../../discover/disk/owner.js';

const NAME = /^kubemend-pr-(.+)-(\d+)-[A-Za-z0-9]{6}$/;

/** Those of this process that are there. */
const made = new Set<string>();

/** A new folder that nobody else can look into. Its name says whose it is; those of runs that were killed are removed. */
export function makeTemporary(): string {
  const place = realpathSync(tmpdir());
  for (const name of readdirSync(place)) {
    const [, host, pid] = NAME.exec(name) ?? [];
    if (host === hostName() && !isAlive(Number(pid))) removeTemporary(path.join(place, name));
  }
  const folder = mkdtempSync(path.join(place, `kubemend-pr-${hostName()}-${process.pid}-`));
  made.add(folder);
  return folder;
}

/** Removes all that this process made, also what nobody was given yet: the process is about to end. */
export function removeTemporaries(): void {
  for (const folder of made) removeTemporary(folder);
}

export function removeTemporary(folder: string): void {
  try {
    rmSync(folder, { recursive: true, force: true, maxRetries: 3 });
    made.delete(folder);
  } catch {
    // Of another user, or still in use: the next run tries again.
  }
}
