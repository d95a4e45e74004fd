import { readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { decode } from '../../src/discover/decode.js';

/** A text and the path under which the run knows it. */
export interface CorpusFile {
  readonly path: string;
  readonly text: string;
}

/** All YAML and JSON files below a folder, in a stable order, with paths relative to it. */
export function readCorpus(root: string): CorpusFile[] {
  const files: CorpusFile[] = [];
  for (const path of walk(root))
    files.push({ path: relative(root, path).replaceAll('\\', '/'), text: decode(readFileSync(path)) });
  return files;
}

/** The folders that hold a repository each; two of the corpus hold several. */
export function repositoryOf(path: string): string {
  const [top = '', inner = ''] = path.split('/');
  return top === 'operators' || top === 'charts' ? `${top}/${inner}` : top;
}

function* walk(folder: string): Iterable<string> {
  const entries = readdirSync(folder, { withFileTypes: true }).sort((a, b) => (a.name < b.name ? -1 : 1));
  for (const entry of entries) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) yield* walk(path);
    else if (/\.(ya?ml|json)$/.test(entry.name)) yield path;
  }
}
