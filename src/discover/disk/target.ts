import { realpathSync, statSync } from 'node:fs';

export interface Target {
  /** Absolute, with no link in it. */
  readonly path: string;
  /** Pipes, sockets and devices are `other`: to open one may wait for ever. */
  readonly kind: 'file' | 'folder' | 'other';
}

/** What stands at a path once all links are followed; `undefined` where they lead nowhere, or in a ring. */
export function targetOf(file: string): Target | undefined {
  try {
    const path = realpathSync(file);
    const stats = statSync(path);
    return { path, kind: stats.isFile() ? 'file' : stats.isDirectory() ? 'folder' : 'other' };
  } catch {
    return undefined;
  }
}
