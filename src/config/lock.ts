import type { ConfigProblem } from '../core/errors.js';
import { formatPath, type JsonObject } from '../core/json.js';
import { DIGEST, formatFullName, readFullName } from '../kube/images/full-name.js';
import { readShaped } from './read.js';
import { dictionary, record } from './shape.js';
import { scalar, text } from './words.js';

/** Digests by the full names of their images: `docker.io/library/nginx:1.27`. */
export type Locked = ReadonlyMap<string, string>;

/** Where the schema is published. */
const SCHEMA_ID = 'https://github.com/kubemend/kubemend/raw/main/docs/lock.schema.json';

/** The only version of the format. */
const VERSION = 1;

/** A registry, a path in it, and a tag: what is left to the reader of names is that no two spellings mean one image. */
const NAME = '^[a-z0-9.\\[\\]:-]+/[a-z0-9._/-]+:[A-Za-z0-9_][A-Za-z0-9_.-]*$';

interface LockValues {
  readonly version: number;
  readonly images: Readonly<Record<string, string>>;
}

const shape = record<LockValues>(
  {
    version: {
      title: 'Version of the format',
      about: `Always ${VERSION}.`,
      shape: scalar(`${VERSION}: a newer format needs a newer kubemend`, { const: VERSION }, (value) =>
        value === VERSION ? value : undefined,
      ),
    },
    images: {
      title: 'Digests of images',
      about: 'By registry, path and tag of the image, as kubemend lock writes them.',
      shape: dictionary(text('a digest, sha256: and 64 digits', DIGEST), {
        pattern: NAME,
        takes: 'an image with its registry and its tag, such as docker.io/library/nginx:1.27',
      }),
    },
  },
  { required: ['version', 'images'] },
);

/**
 * Reads a lock file. What is wrong is listed.
 * @param file as messages name it
 */
export function readLock(file: string, text: string): { readonly locked: Locked; readonly problems: readonly ConfigProblem[] } {
  const { values, problems, position } = readShaped(file, text, shape);
  const entries = Object.entries(values?.images ?? {});
  const astray = entries.flatMap(([image]): ConfigProblem[] => {
    const name = readFullName(image);
    const full = name && formatFullName(name);
    if (full === image) return [];
    const hint = full === undefined ? 'no image has this name' : `write ${full}`;
    return [{ file, position: position(['images', image]), text: `${formatPath(['images', image])}: ${hint}` }];
  });
  const empty = { file, position: { line: 1, column: 1 }, text: 'is empty; kubemend lock writes it anew once it is removed' };
  const named = problems.map((problem) => ({
    ...problem,
    text: problem.text.replace(/^the configuration |a configuration (?=is one$)/, (words) =>
      words.replace('configuration', 'lock file'),
    ),
  }));
  const found = values === undefined && problems.length === 0 ? [empty] : named;
  return { locked: new Map(entries), problems: [...found, ...astray] };
}

const HEAD = `# Digests of container images, for the transform pin-image. Written by kubemend lock, which keeps no comments:
# https://github.com/kubemend/kubemend/blob/main/docs/pinning.md
version: ${VERSION}
`;

/** A lock file: the same digests give the same text. */
export function formatLock(locked: Locked): string {
  const entries = [...locked].sort(([a], [b]) => (a < b ? -1 : 1));
  if (entries.length === 0) return `${HEAD}images: {}\n`;
  return `${HEAD}images:\n${entries.map(([image, digest]) => `  '${image}': '${digest}'\n`).join('')}`;
}

/** The JSON Schema of lock files. */
export function lockSchema(): JsonObject {
  return {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    $id: SCHEMA_ID,
    title: 'Digests of container images',
    description: 'What kubemend lock writes: kubemend.lock.yaml. docs/pinning.md explains it.',
    ...shape.schema,
  };
}
