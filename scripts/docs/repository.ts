import { existsSync, readdirSync, readFileSync } from 'node:fs';
import type { Repository } from './generate.js';

/** The repository on disk. */
export function openRepository(root: URL): Repository {
  return {
    read: (file) => readFileSync(new URL(file, root), 'utf8'),
    list(folder) {
      const url = new URL(`${folder}/`, root);
      if (!existsSync(url)) return [];
      return readdirSync(url, { withFileTypes: true }).flatMap((entry) => (entry.isFile() ? [entry.name] : []));
    },
  };
}
