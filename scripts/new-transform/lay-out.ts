import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { addChange, addExampleRow, addImport, addToProfile } from './lists.js';
import { exampleFor, sourceFor, testFor } from './templates.js';

/** The transform cannot be laid out as asked, and nothing was written. */
export class LayoutError extends Error {
  override readonly name = 'LayoutError';
}

/** What an id may start with. A verb says what is done to the manifest, not what is found in it. */
const VERBS = [
  ...[
    'add',
    'allow',
    'deny',
    'disable',
    'disallow',
    'drop',
    'enable',
    'forbid',
    'harden',
    'label',
    'limit',
    'move',
    'order',
    'pin',
  ],
  ...['prefer', 'remove', 'replace', 'require', 'restrict', 'run', 'set', 'use'],
];

/** As in the schema of the report. */
const KEBAB_CASE = /^[a-z]+(-[a-z0-9]+)+$/;

/** What was written, by path from the root. */
export interface LaidOut {
  readonly created: readonly string[];
  readonly changed: readonly string[];
}

/**
 * Writes the files of a new transform below `root` and enters it into the registry, the profile, the list of examples and the changelog.
 *
 * @param taken ids of the transforms that there are
 * @throws {LayoutError} before anything is written
 */
export function layOut(root: URL, id: string, taken: readonly string[]): LaidOut {
  const read = (file: string) => readFileSync(new URL(file, root), 'utf8');
  checkId(id, taken, read('CHANGELOG.md'));
  const created = new Map([
    [`transforms/${id}.ts`, sourceFor(id)],
    [`test/transforms/${id}.test.ts`, testFor(id)],
    [`examples/${id}/app.yaml`, exampleFor(id)],
  ]);
  for (const file of created.keys()) {
    if (existsSync(new URL(file, root))) throw new LayoutError(`"${id}" is taken: ${file} is there`);
  }
  const changed = new Map([
    ['transforms/registry.ts', addImport(read('transforms/registry.ts'), id)],
    ['transforms/profiles.ts', addToProfile(read('transforms/profiles.ts'), id)],
    ['examples/README.md', addExampleRow(read('examples/README.md'), id, taken)],
    ['CHANGELOG.md', addChange(read('CHANGELOG.md'), id)],
  ]);
  for (const [file, text] of changed) {
    if (text === undefined) throw new LayoutError(`${file} is not laid out as expected, so there is no place for "${id}"`);
  }
  for (const [file, text] of [...created, ...changed]) {
    const url = new URL(file, root);
    mkdirSync(new URL('.', url), { recursive: true });
    writeFileSync(url, text as string);
  }
  return { created: [...created.keys()], changed: [...changed.keys()] };
}

function checkId(id: string, taken: readonly string[], changelog: string): void {
  if (!KEBAB_CASE.test(id)) {
    throw new LayoutError(`"${id}" is no id; write lower-case words with hyphens, at least two: limit-grace-period`);
  }
  const [verb] = id.split('-');
  if (!VERBS.includes(verb as string))
    throw new LayoutError(`"${id}" does not start with a verb; use one of ${VERBS.join(', ')}`);
  if (taken.includes(id)) throw new LayoutError(`"${id}" is taken: transforms/${id}.ts`);
  if (changelog.includes(`\`${id}\``)) {
    throw new LayoutError(`"${id}" was used before, as CHANGELOG.md says, and an id is never used again`);
  }
}
