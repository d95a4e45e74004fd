import { readFile } from 'node:fs/promises';
import { UsageError } from '../core/errors.js';
import { nearest } from '../discover/nearest.js';
import type { Colors } from '../report/colors.js';
import { createColors } from '../report/paint.js';
import { type TransformInfo, transforms } from '../session.js';
import type { Io } from './io.js';
import { formatPage } from './page.js';
import { formatRows, type Row } from './rows.js';
import { wantsColor } from './screen.js';

/** From the root of the package. */
const PAGES = 'docs/transforms/';

/**
 * Prints the pages of transforms, or the list of all where none is named: Markdown, laid out where a person reads it.
 *
 * @param ids of transforms, of checks that `check-pss` names, or of controls in other catalogues: `CKV_K8S_20`, `C-0016`, `KSV001`,
 *   `5.2.6`; or `image` and images, for what is known of them
 * @param options whether colours may be used; the environment and the terminal have a say, too
 * @returns the exit code
 * @throws {UsageError} for an id that nobody has, and for what is no image
 */
export async function explain(
  ids: readonly string[],
  { stdout, env }: Io,
  options: { readonly color: boolean },
): Promise<number> {
  const isColored = wantsColor(options, env) ?? stdout.isTerminal;
  const colors = createColors(isColored);
  if (ids.length === 0) {
    stdout.write(listTransforms(colors, stdout.isTerminal ? stdout.stream?.columns : undefined));
    return 0;
  }
  if (ids[0] === 'image') {
    const images = ids.slice(1);
    if (images.length === 0) throw new UsageError('explain image: name an image, such as postgres:16');
    const { explainImage } = await import('./explain-image.js');
    stdout.write(images.map((image) => explainImage(image, colors)).join('\n'));
    return 0;
  }
  const root = await packageRoot();
  const asked = new Set(ids.flatMap(findTransforms));
  const pages = await Promise.all([...asked].map(({ id }) => readFile(new URL(`${PAGES}${id}.md`, root), 'utf8')));
  const isForPeople = isColored || stdout.isTerminal;
  const shown = isForPeople ? pages.map((page) => formatPage(page, PAGES, colors, stdout.stream?.columns)) : pages;
  stdout.write(shown.join('\n'));
  return 0;
}

function listTransforms(colors: Colors, columns: number | undefined): string {
  const width = Math.max(...transforms.map(({ id }) => id.length));
  const rows = transforms.map(({ id, risk, title }): Row => {
    const color = risk === 'report' ? colors.strong : colors[risk];
    return [`${id.padEnd(width)}  ${color(risk.padEnd(10))}  `, title];
  });
  return `${colors.strong(`${'Transform'.padEnd(width)}  Usual risk  What it does`)}
${formatRows(rows, width + 14, columns)}
report: nothing is changed, a person has to decide.
Why, what changes, the risk, settings, how to say no:
  kubemend explain drop-capabilities
By a check of check-pss, or an id of another catalogue:
  kubemend explain hostNamespaces
  kubemend explain CKV_K8S_20
What is known of an image, and what follows from it:
  kubemend explain image postgres:16
`;
}

/** Those with this id, or with a check or control of this id. */
function findTransforms(id: string): readonly TransformInfo[] {
  const wanted = spell(id);
  const found = transforms.filter((transform) => namesOf(transform).some((name) => spell(name) === wanted));
  if (found.length > 0) return found;
  const near = nearest(
    id.toLowerCase(),
    transforms.map((transform) => transform.id),
  );
  const hint = near === undefined ? '.' : `; did you mean "${near}"?`;
  // Those of other catalogues have numbers, and one beside another is something else altogether.
  const what = /\d/.test(id) ? `no transform is for "${id}"` : `unknown transform "${id}"`;
  throw new UsageError(`${what}${hint} All: kubemend explain`);
}

/** The Pod Security level and the NSA's chapter are no names: each covers much. */
function namesOf({ id, checks = [], controls: { pss: _, nsa: __, ...named } }: TransformInfo): readonly string[] {
  return [id, ...checks, ...Object.values(named).flatMap((list) => list.split(', '))];
}

/** Without case and separators; Trivy's ids have had several forms: `KSV001`, `KSV-0001`, `AVD-KSV-0001`. */
function spell(id: string): string {
  const bare = id.toLowerCase().replace(/[\s_-]/g, '');
  return bare.replace(/^(?:avd)?ksv0*(?=\d)/, 'ksv');
}

/**
 * The folder of the package that this program is part of: from source it is two folders up, in the built command one more, from a
 * chunk two.
 *
 * @param from the address of a file in the package
 */
export async function packageRoot(from: string = import.meta.url): Promise<URL> {
  for (let folder = new URL('.', from), last = ''; folder.href !== last; folder = new URL('..', folder)) {
    if ((await nameOfPackage(folder)) === 'kubemend') return folder;
    last = folder.href;
  }
  throw new Error(`no package "kubemend" around ${from}`);
}

async function nameOfPackage(folder: URL): Promise<unknown> {
  try {
    return (JSON.parse(await readFile(new URL('package.json', folder), 'utf8')) as { name?: unknown }).name;
  } catch {
    return undefined; // a folder within the package, or one whose file is not ours to judge
  }
}
