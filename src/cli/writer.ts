import { existsSync, realpathSync } from 'node:fs';
import path from 'node:path';
import { formatStage, formatUndo, type GitState, readGitState } from './git.js';
import { removeLeftovers, replaceFile, type Writing } from './write.js';

/** Writes the files of one run and remembers which. */
export interface Writer {
  /** @param file absolute */
  write(file: string, before: Uint8Array, text: string): Writing;
  /** How to take it back; empty without git. */
  undo(): string;
  /** How to stage it; empty where nothing was written. */
  stage(): string;
}

/** @param paths what the user named; `files` what that brought, both relative to `cwd` */
export function createWriter(paths: readonly string[], files: readonly string[], cwd: string): Writer {
  const written: string[] = [];
  let before: GitState | 'unasked' | undefined = 'unasked';
  // A pattern is no path that git could be asked for: everything below the folder, then.
  const named = paths.map((named) => path.resolve(cwd, named)).map((file) => (existsSync(file) ? realpathSync(file) : cwd));
  removeLeftovers(new Set(files.map((file) => path.dirname(path.resolve(cwd, file)))));
  return {
    write(file, bytes, text) {
      // Not sooner: most runs write nothing, and git takes its time.
      if (before === 'unasked') before = readGitState(named, cwd);
      const writing = replaceFile(file, bytes, text);
      if (!('trouble' in writing)) written.push(file);
      return writing;
    },
    stage: () => (written.length === 0 ? '' : formatStage(written, cwd)),
    undo: () =>
      before === 'unasked' || before === undefined || written.length === 0 ? '' : formatUndo(written, named, before, cwd),
  };
}
