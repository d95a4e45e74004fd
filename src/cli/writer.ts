import { existsSync, realpathSync } from 'node:fs';
import path from 'node:path';
import { createFile } from './create.js';
import { formatRemoval, formatStage, formatUndo, type GitState, readGitState } from './git.js';
import { removeLeftovers, replaceFile, type Writing } from './write.js';

/** Writes the files of one run and remembers which. */
export interface Writer {
  /** @param file absolute */
  write(file: string, before: Uint8Array, text: string): Writing;
  /** Makes a new file. @param file absolute */
  create(file: string, text: string): Writing;
  /** How to take it back; empty without git. */
  undo(): string;
  /** How to stage it; empty where nothing was written. */
  stage(): string;
}

/** @param paths what the user named; `files` what that brought, both relative to `cwd` */
export function createWriter(paths: readonly string[], files: readonly string[], cwd: string): Writer {
  const written: string[] = [];
  const created: string[] = [];
  let before: GitState | 'unasked' | undefined = 'unasked';
  // A pattern is no path that git could be asked for: everything below the folder, then.
  const named = paths.map((named) => path.resolve(cwd, named)).map((file) => (existsSync(file) ? realpathSync(file) : cwd));
  removeLeftovers(new Set(files.map((file) => path.dirname(path.resolve(cwd, file)))));
  // Not sooner: most runs write nothing, and git takes its time.
  const askGit = () => {
    if (before === 'unasked') before = readGitState(named, cwd);
  };
  return {
    write(file, bytes, text) {
      askGit();
      const writing = replaceFile(file, bytes, text);
      if (!('trouble' in writing)) written.push(file);
      return writing;
    },
    create(file, text) {
      askGit();
      const writing = createFile(file, text);
      if (!('trouble' in writing)) created.push(file);
      return writing;
    },
    stage() {
      const all = [...written, ...created];
      return all.length === 0 ? '' : formatStage(all, cwd);
    },
    undo() {
      if (before === 'unasked' || before === undefined) return '';
      const restored = written.length === 0 ? '' : formatUndo(written, named, before, cwd);
      return restored + (created.length === 0 ? '' : formatRemoval(created, cwd));
    },
  };
}
