import type { Transform } from '../../src/kube/types.js';
import { nameOf, TITLE } from './templates.js';

/*
 * The places that list all transforms. Each function takes a file's text and gives it with the new transform in it, or `undefined`
 * where the file is not laid out as expected.
 */

const IMPORT = /^import \{ \w+ \} from '(\.\/[\w-]+\.js)';$/;

/** An import in its place among the others, and the last entry of the list. */
export function addImport(registry: string, id: string): string | undefined {
  const lines = registry.split('\n');
  const isLater = (line: string) => (IMPORT.exec(line)?.[1] ?? '') > `./${id}.js`;
  const last = lines.findLastIndex((line) => IMPORT.test(line));
  const end = lines.indexOf('];');
  if (last < 0 || end < last) return undefined;
  const later = lines.findIndex(isLater);
  lines.splice(end, 0, `  ${nameOf(id)},`);
  lines.splice(later < 0 ? last + 1 : later, 0, `import { ${nameOf(id)} } from './${id}.js';`);
  return lines.join('\n');
}

const TABLE_END = '\n\n<!-- /transforms -->';

/** What the README's table says of a transform; a test compares the two. */
export function tableRow({ id, title, risk, controls }: Pick<Transform, 'id' | 'title' | 'risk' | 'controls'>): string {
  const { pss, cis, kubescape, checkov, trivy } = controls;
  const ids = [pss && `PSS ${pss}`, cis && `CIS ${cis}`, kubescape, checkov, trivy].filter((text) => text !== undefined);
  return `| [\`${id}\`](transforms/${id}.ts) | ${title} | ${risk} | ${ids.join('; ')} |`;
}

export function addTableRow(readme: string, id: string): string | undefined {
  const row = tableRow({ id, title: TITLE, risk: 'high', controls: { kubescape: 'TODO' } });
  return readme.includes(TABLE_END) ? readme.replace(TABLE_END, () => `\n${row}${TABLE_END}`) : undefined;
}

/** Behind the rows of the other transforms. */
export function addExampleRow(readme: string, id: string, taken: readonly string[]): string | undefined {
  const lines = readme.split('\n');
  const last = lines.findLastIndex((line) => taken.some((other) => line.startsWith(`| [${other}](${other}) |`)));
  if (last < 0) return undefined;
  lines.splice(last + 1, 0, `| [${id}](${id}) | TODO: what it shows. | \`npx kubemend examples/${id}\` |`);
  return lines.join('\n');
}

/** First of what is not released. */
export function addChange(changelog: string, id: string): string | undefined {
  const entry = `- New transform \`${id}\`: TODO: what it does, with its risk.\n`;
  const heading = /^## .*\n\n/m.exec(changelog);
  if (heading === null) return undefined;
  const at = heading.index;
  if (!heading[0].startsWith('## Unreleased')) {
    return `${changelog.slice(0, at)}## Unreleased\n\n${entry}\n${changelog.slice(at)}`;
  }
  const body = at + heading[0].length;
  return `${changelog.slice(0, body)}${entry}${changelog.slice(body)}`;
}
