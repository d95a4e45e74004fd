import { configSchema } from '../../src/config/json-schema.js';
import { lockSchema, readLock } from '../../src/config/lock.js';
import type { JsonObject } from '../../src/core/json.js';
import { hasManifestName, LOCK_NAME } from '../../src/discover/classify.js';
import type { Transform } from '../../src/kube/types.js';
import type { Profile } from '../../transforms/profiles.js';
import { CONTROLS, controlsText } from './controls.js';
import { COVERAGE, coveragePage } from './coverage.js';
import { readDocstring } from './docstring.js';
import { type Example, showExample, type Told } from './example.js';
import { pageOf } from './page.js';
import { indexPage, putTable } from './tables.js';

/** The repository, as far as its pages are made from it. Paths are from its root, with `/`. */
export interface Repository {
  read(file: string): string;
  /** The names of the files of a folder; none where there is no such folder. */
  list(folder: string): readonly string[];
}

export interface Generated {
  /** The text of every file that is generated, in part or as a whole, by path. */
  readonly texts: ReadonlyMap<string, string>;
  /** Ids of transforms that change nothing in their example, or find nothing where they only report. */
  readonly idle: readonly string[];
}

/** Where the pages are; nothing else is there. */
export const PAGES = 'docs/transforms';

/** The schema of lock files. */
export const LOCK_SCHEMA = 'docs/lock.schema.json';

/** The schema of the configuration. */
export const SCHEMA = 'docs/kubemend.schema.json';

function schemaText({ read }: Repository): string {
  const images = JSON.parse(read('src/kube/images/catalogue.schema.json')) as JsonObject;
  return `${JSON.stringify(configSchema(images), null, 2)}\n`;
}

/** What `npm run docs` writes. The same repository gives the same texts. */
export function generateDocs(transforms: readonly Transform[], profiles: readonly Profile[], repository: Repository): Generated {
  const unasked = profiles.find(({ name }) => name === 'recommended')?.transforms ?? {};
  const texts = new Map([
    ['README.md', putTable(repository.read('README.md'), transforms, (id) => Object.hasOwn(unasked, id))],
    [`${PAGES}/README.md`, indexPage(transforms)],
    [SCHEMA, schemaText(repository)],
    [CONTROLS, controlsText()],
    [COVERAGE, coveragePage(transforms)],
    [LOCK_SCHEMA, `${JSON.stringify(lockSchema(), null, 2)}\n`],
  ]);
  const idle: string[] = [];
  for (const transform of transforms) {
    const { id } = transform;
    const source = `transforms/${id}.ts`;
    const own = profiles.filter((profile) => Object.hasOwn(profile.transforms, id));
    const example = exampleOf(id, own, repository);
    if ((transform.risk === 'report' ? example.said : example.patch) === '') idle.push(id);
    texts.set(`${PAGES}/${id}.md`, pageOf(transform, readDocstring(repository.read(source), source), own, example));
  }
  return { texts, idle };
}

/** The profiles that examples are shown by, if these have the transform. */
const SHOWN_FIRST: readonly string[] = ['recommended', 'all'];

function rankOf(name: string): number {
  const rank = SHOWN_FIRST.indexOf(name);
  return rank < 0 ? SHOWN_FIRST.length : rank;
}

function exampleOf(id: string, profiles: readonly Profile[], { list, read }: Repository): Example {
  const folder = `examples/${id}`;
  const there = list(folder);
  const names = there.filter((name) => hasManifestName(name)).sort();
  const files = names.map((name) => ({ path: `${folder}/${name}`, text: read(`${folder}/${name}`) }));
  // Those of a level change less than the transform can, as a rule; but some they alone ask for.
  // What a guide's profile sets is its own, too: `all` shows what a transform does by itself.
  const rank = ({ name, level }: Profile) => (level !== undefined ? SHOWN_FIRST.length + 1 : rankOf(name));
  return showExample(
    id,
    profiles.toSorted((a, b) => rank(a) - rank(b)).map(({ name }) => name),
    files,
    {
      set: settingsIn(read('examples/README.md'), id),
      ...(there.includes(LOCK_NAME) && digestsIn(read(`${folder}/${LOCK_NAME}`))),
    },
  );
}

/** What the lock file of an example has. */
function digestsIn(text: string): Pick<Told, 'digestOf'> {
  const { locked } = readLock(LOCK_NAME, text);
  return { digestOf: (image) => locked.get(image) };
}

/** What the list of examples tells a transform in its own. */
function settingsIn(readme: string, id: string): readonly string[] {
  const row = readme.split('\n').find((line) => line.startsWith(`| [${id}](${id}) |`)) ?? '';
  return [...row.matchAll(/--set (\S+)/g)].map(([, setting = '']) => setting);
}
