import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { createSession } from '../../src/session.js';
import type { CorpusFile } from '../corpus/files.js';

/** All but the files of charts, which neither the oracle nor the judge can read. */
export function plainManifests(files: readonly CorpusFile[]): CorpusFile[] {
  const session = createSession();
  for (const { path, text } of files) session.survey(path, text);
  return files.filter(({ path }) => session.left(path)?.code !== 'CHART');
}

export function writeTree(folder: string, files: Iterable<CorpusFile>): void {
  for (const { path, text } of files) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
}

/** Hands a new folder to a function, and takes it away again. */
export function withFolder<Result>(use: (folder: string) => Result): Result {
  const folder = mkdtempSync(join(tmpdir(), 'kubemend-conformance-'));
  try {
    return use(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
