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

/** In the order of the README: in which runs transforms are, and which these are. */
const GROUPS: readonly (readonly [title: string, has: (transform: Listed, isDefault: boolean) => boolean])[] = [
  ['In every run:', (_, isDefault) => isDefault],
  [
    'When asked for, by `--profile all`, or `nsa` and `cis` for their part:',
    ({ risk }, isDefault) => !isDefault && risk !== 'report',
  ],
  [
    'In these profiles, too, but reported only; a person has to decide:',
    ({ risk }, isDefault) => !isDefault && risk === 'report',
  ],
];

/**
 * The README with the tables of all transforms between its marks.
 * @param isDefault whether a transform runs without being asked for
 * @throws {Error} where it has no such marks
 */
export function putTable(readme: string, transforms: readonly Listed[], isDefault: (id: string) => boolean): string {
  if (!BLOCK.test(readme)) throw new Error('README.md: no <!-- transforms --> and <!-- /transforms -->');
  const texts = GROUPS.flatMap(([title, has]) => {
    const rows = transforms.filter((transform) => has(transform, isDefault(transform.id))).map(rowOf);
    return rows.length === 0 ? [] : [`${title}\n\n${table(['Transform', 'What it does', 'Usual risk', 'Controls'], rows)}`];
  });
  return readme.replace(BLOCK, (_, mark: string) => `${mark}\n${texts.join('\n\n')}\n\n`);
}

function rowOf(transform: Listed): readonly string[] {
  const { id, title, risk } = transform;
  return [`[\`${id}\`](docs/transforms/${id}.md)`, title, risk, controlsOf(transform)];
}

function controlsOf({ controls: { pss, cis, kubescape, checkov, trivy } }: Listed): string {
  const ids = [
    pss && `PSS ${pss}`,
    cis && `CIS ${shorten(cis)}`,
    ...[kubescape, checkov, trivy].map((list) => list && shorten(list)),
  ];
  return ids.filter((text) => text !== undefined).join('; ');
}

/** More of them fill a table and are read by nobody; the page of the transform has them all. */
const MOST_LISTED = 5;

function shorten(list: string): string {
  const ids = list.split(', ');
  if (ids.length <= MOST_LISTED) return list;
  return `${ids.slice(0, MOST_LISTED - 1).join(', ')} and ${ids.length - MOST_LISTED + 1} more`;
}
