import { nameOf } from './templates.js';

/*
 * The places that list all transforms and are written by hand. Each function takes a file's text and gives it with the new transform
 * in it, or `undefined` where the file is not laid out as expected.
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

/** The last of the recommended ones. */
export function addToProfile(profiles: string, id: string): string | undefined {
  const lines = profiles.split('\n');
  const start = lines.findIndex((line) => line.startsWith('const RECOMMENDED'));
  const end = lines.indexOf('};', start);
  if (start < 0 || end < 0) return undefined;
  lines.splice(end, 0, `  '${id}': { why: 'TODO' }, // TODO: or in the list of another profile, where it must be asked for`);
  return lines.join('\n');
}

/** Behind the rows of the other transforms. */
export function addExampleRow(readme: string, id: string, taken: readonly string[]): string | undefined {
  const lines = readme.split('\n');
  const last = lines.findLastIndex((line) => taken.some((other) => line.startsWith(`| [${other}](${other}) |`)));
  if (last < 0) return undefined;
  lines.splice(last + 1, 0, `| [${id}](${id}) | TODO: what it shows. | \`npx kubemend examples/${id}\` |`);
  return lines.join('\n');
}

/** First of the list of what is not released, behind words that open it. */
export function addChange(changelog: string, id: string): string | undefined {
  const entry = `- New transform \`${id}\`: TODO: what it does, with its risk.\n`;
  const heading = /^## .*\n\n/m.exec(changelog);
  if (heading === null) return undefined;
  const at = heading.index;
  if (!heading[0].startsWith('## Unreleased')) {
    return `${changelog.slice(0, at)}## Unreleased\n\n${entry}\n${changelog.slice(at)}`;
  }
  const words = /^(?:(?![-#]).+\n+)*/.exec(changelog.slice(at + heading[0].length))?.[0] ?? '';
  const body = at + heading[0].length + words.length;
  return `${changelog.slice(0, body)}${entry}${changelog.slice(body)}`;
}
