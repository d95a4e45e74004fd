import type { Transform } from '../../src/kube/types.js';

type Listed = Pick<Transform, 'id' | 'title' | 'risk' | 'controls'>;

/** A Markdown table, its rows apart by line breaks. */
export function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const lines = [head, head.map(() => '---'), ...rows.map((row) => row.map(cell))];
  return lines.map((line) => `| ${line.join(' | ')} |`).join('\n');
}

function cell(text: string): string {
  return text.replaceAll('|', '\\|').replaceAll('\n', ' ');
}

/** The page that lists the pages. */
export function indexPage(transforms: readonly Listed[]): string {
  const rows = transforms.map(({ id, title, risk, controls }) => [`[${id}](${id}.md)`, title, risk, controls.pss ?? '']);
  return `# Transforms

What each changes and why, what may break, and how to say no. \`kubemend explain\` prints these pages. Transforms run in this order;
the usual risk is that of most changes, and evidence moves it. Where it says \`report\`, nothing is changed: what is found, a person has to
decide.

${table(['Transform', 'What it does', 'Usual risk', 'Pod Security level'], rows)}
`;
}

const BLOCK = /^(<!-- transforms\b.*-->\n)[\s\S]*?(?=^<!-- \/transforms -->$)/m;

/**
 * The README with the table of all transforms between its marks.
 * @throws {Error} where it has no such marks
 */
export function putTable(readme: string, transforms: readonly Listed[]): string {
  if (!BLOCK.test(readme)) throw new Error('README.md: no <!-- transforms --> and <!-- /transforms -->');
  const rows = transforms.map((transform) => [
    `[\`${transform.id}\`](docs/transforms/${transform.id}.md)`,
    transform.title,
    transform.risk,
    controlsOf(transform),
  ]);
  const text = table(['Transform', 'What it does', 'Usual risk', 'Controls'], rows);
  return readme.replace(BLOCK, (_, mark: string) => `${mark}\n${text}\n\n`);
}

function controlsOf({ controls: { pss, cis, kubescape, checkov, trivy } }: Listed): string {
  const ids = [pss && `PSS ${pss}`, cis && `CIS ${brief(cis)}`, brief(kubescape), brief(checkov), brief(trivy)];
  return ids.filter((text) => text !== undefined).join('; ');
}

/** Ids of a catalogue that have room in a cell. The page of the transform has all of them. */
const ROOM = 8;

function brief(ids: string | undefined): string | undefined {
  const all = ids?.split(', ') ?? [];
  return all.length <= ROOM ? ids : `${all[0]} … ${all.at(-1)} (${all.length})`;
}
