import { readFile } from 'node:fs/promises';
import { UsageError } from '../core/errors.js';
import type { Colors } from '../report/colors.js';
import { createColors } from '../report/paint.js';
import { transforms } from '../session.js';
import type { Io } from './io.js';
import { formatPage } from './page.js';
import { formatRows, type Row } from './rows.js';
import { wantsColor } from './screen.js';

/** From the root of the package. */
const PAGES = 'docs/transforms/';

/** Ids of the frameworks, as they are listed here without their data. */
const FRAMEWORKS = `nsa, pss, cis, cks, kubescape, checkov, trivy,
  kube-linter, kube-score, polaris`;

/**
 * Prints the pages of transforms, or the list of all where none is named: Markdown, laid out where a person reads it.
 *
 * @param ids of transforms; of what guides and tools ask for, in whatever spelling: `CKV_K8S_20`, `C-0016`, `KSV001`, `5.2.6`, checks
 *   that `check-pss` names; of guides and their sections; or `image` and images, for what is known of them
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
  const texts = await textsFor(ids);
  const isForPeople = isColored || stdout.isTerminal;
  const shown = isForPeople ? texts.map((text) => formatPage(text, PAGES, colors, stdout.stream?.columns)) : texts;
  stdout.write(shown.join('\n'));
  return 0;
}

/** What is printed, each text once. */
async function textsFor(ids: readonly string[]): Promise<readonly string[]> {
  const parts = await Promise.all(ids.map(explainOne));
  const root = await packageRoot();
  const texts = new Set<string>();
  for (const { text, pages } of parts) {
    if (text !== undefined) texts.add(text);
    for (const id of pages) texts.add(await readFile(new URL(`${PAGES}${id}.md`, root), 'utf8'));
  }
  return [...texts];
}

async function explainOne(id: string): Promise<{ readonly text?: string; readonly pages: readonly string[] }> {
  const wanted = id.toLowerCase();
  const transform = transforms.find((each) => each.id === wanted);
  if (transform !== undefined) return { pages: [transform.id] };
  // The data of the frameworks is much to read, and no other command needs it.
  const { explainId } = await import('./explain-id.js');
  return explainId(id);
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
By a check of check-pss, or an id of a guide or a tool:
  kubemend explain hostNamespaces
  kubemend explain CKV_K8S_20
All that a guide or a tool asks for, and who does it:
  kubemend explain nsa
Guides and tools:
  ${FRAMEWORKS}
What is known of an image, and what follows from it:
  kubemend explain image postgres:16
`;
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
