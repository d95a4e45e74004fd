import { readdirSync, statSync } from 'node:fs';
import path from 'node:path';
import { nearest } from '../nearest.js';

/** The path that was most likely meant: the first part that is not there, replaced by an entry of its folder that is close. */
export function nearestPath(named: string, cwd: string): string | undefined {
  try {
    return search(named, cwd);
  } catch {
    return undefined; // A folder on the way may not be looked into.
  }
}

function search(named: string, cwd: string): string | undefined {
  const parts = named.split(/[\\/]/);
  for (const [index, part] of parts.entries()) {
    if (part === '' || part === '.' || part === '..') continue;
    const above = parts.slice(0, index).join('/') || (index > 0 ? '/' : '.');
    const folder = path.resolve(cwd, above);
    if (!statSync(folder, { throwIfNoEntry: false })?.isDirectory()) return undefined;
    const entries = readdirSync(folder, { withFileTypes: true });
    if (entries.some(({ name }) => name === part)) continue;
    const isFolder = index < parts.length - 1;
    const near = nearest(
      part,
      entries.filter((entry) => !isFolder || entry.isDirectory()).map(({ name }) => name),
    );
    return near && [...parts.slice(0, index), near, ...parts.slice(index + 1)].join('/');
  }
  return undefined;
}
