import os from 'node:os';
import process from 'node:process';

/** This machine, as a part of the names of temporary files. */
export function hostName(): string {
  return os.hostname().replace(/[^\w.-]/g, '_');
}

/** Whether a process of this machine runs. */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // A process of another user is alive, too.
    return (error as NodeJS.ErrnoException).code !== 'ESRCH';
  }
}
