import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { hasManifestName, isContextName } from '../../src/discover/classify.js';
import { decode } from '../../src/discover/decode.js';
import type { CorpusFile } from '../corpus/files.js';

/** What a user would have checked out: files with paths from its root. */
export interface Repository {
  /** Its folder, from the folder of all; `.` for files that are in no repository's. */
  readonly name: string;
  readonly files: readonly CorpusFile[];
}

/** Folders of the corpus that hold repositories, one a folder, and are none themselves. */
const COLLECTIONS: ReadonlySet<string> = new Set(['operators', 'charts']);

/** Every folder at the top is a repository. Files that a run does not read for their names are not read. */
export function readRepositories(root: string): Repository[] {
  const { folders, files } = list(root);
  const names = folders.flatMap((name) =>
    COLLECTIONS.has(name) ? list(join(root, name)).folders.map((inner) => `${name}/${inner}`) : [name],
  );
  const loose = files.map((name) => read(root, name));
  return [
    ...(loose.length === 0 ? [] : [{ name: '.', files: loose }]),
    ...names.map((name) => ({ name, files: [...walk(join(root, name))] })),
  ];
}

function* walk(root: string, folder = ''): Iterable<CorpusFile> {
  const { folders, files } = list(join(root, folder));
  for (const name of files) yield read(root, pathOf(folder, name));
  for (const name of folders) yield* walk(root, pathOf(folder, name));
}

function list(folder: string): { readonly folders: readonly string[]; readonly files: readonly string[] } {
  const entries = readdirSync(folder, { withFileTypes: true }).sort((a, b) => (a.name < b.name ? -1 : 1));
  const isRead = (name: string) => hasManifestName(name) || isContextName(name);
  return {
    folders: entries.filter((entry) => entry.isDirectory()).map(({ name }) => name),
    files: entries.filter((entry) => entry.isFile() && isRead(entry.name)).map(({ name }) => name),
  };
}

function read(root: string, path: string): CorpusFile {
  return { path, text: decode(readFileSync(join(root, path))) };
}

function pathOf(folder: string, name: string): string {
  return folder === '' ? name : `${folder}/${name}`;
}
