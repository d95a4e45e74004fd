import type { Colors } from '../report/colors.js';
import { wrap } from '../report/wrap.js';

/** Where the links of a page lead that is read somewhere else. */
const REPOSITORY = 'https://github.com/kubemend/kubemend/blob/main/';

/** Columns of a line that reads well. */
const WIDTH = 100;

interface Style {
  readonly colors: Colors;
  readonly width: number;
  /** The folder of the page, from the root of the repository. */
  readonly folder: string;
}

/**
 * A page of our own documentation, for a terminal: headings stand out, a patch has its colours, links say where they lead, and each
 * row of a table begins with its first cell. It knows as much Markdown as those pages have.
 *
 * @param columns of the terminal
 */
export function formatPage(markdown: string, folder: string, colors: Colors, columns: number | undefined): string {
  const style = { colors, folder, width: Math.min(columns ?? WIDTH, WIDTH) };
  // A block of code holds blank lines; all other blocks end at one.
  const parts = markdown.trimEnd().split(/^(`{3,}\w*\n[\s\S]*?^`{3,})$/m);
  const blocks = parts.flatMap((part, at) => (at % 2 === 1 ? [part] : part.split(/\n{2,}/)));
  const shown = blocks.map((block) => block.trim()).filter((block) => block !== '');
  return `${shown.map((block) => formatBlock(block, style)).join('\n\n')}\n`;
}

function formatBlock(block: string, style: Style): string {
  if (block.startsWith('```')) return formatCode(block, style.colors);
  if (block.startsWith('#')) return style.colors.strong(block.replace(/^#+ /, ''));
  if (block.startsWith('|')) return formatTable(block, style);
  if (!block.startsWith('- ')) return wrap(inline(block, style), style.width).join('\n');
  const items = block.split(/^- /m).slice(1);
  return items.map((item) => `- ${wrap(inline(item.trimEnd(), style), style.width - 2).join('\n  ')}`).join('\n');
}

function formatCode(block: string, { header, hunk, added, removed }: Colors): string {
  const [fence = '', ...lines] = block.split('\n');
  const plain = (line: string) => line;
  const colorOf = (line: string) =>
    /^(---|\+\+\+) /.test(line) ? header : ({ '@': hunk, '+': added, '-': removed }[line.charAt(0)] ?? plain);
  const paint = (line: string) => (fence.endsWith('diff') ? colorOf(line)(line) : line);
  return lines
    .slice(0, -1)
    .map((line) => `  ${paint(line)}`.trimEnd())
    .join('\n');
}

/** What stands in the third cell and behind it has the name of its column before it. */
function formatTable(block: string, style: Style): string {
  const [head = [], , ...rows] = block.split('\n').map(cellsOf);
  const indent = Math.max(...rows.map(([name = '']) => inline(name, style).length)) + 4;
  const lines = rows.flatMap(([name = '', about = '', ...others]) => {
    const cells = [about, ...others.flatMap((cell, at) => (cell === '' ? [] : `${head[at + 2]}: ${cell}`))];
    const texts = cells.flatMap((cell) => wrap(inline(cell, style), style.width - indent));
    return texts.map((text, at) => (at === 0 ? `  ${inline(name, style)}` : '').padEnd(indent) + text);
  });
  return lines.join('\n');
}

function cellsOf(row: string): string[] {
  const cells = row.split(/(?<!\\)\|/).slice(1, -1);
  return cells.map((cell) => cell.trim().replaceAll('\\|', '|'));
}

/** Text in one line. Backquotes stay: what stands between them is to be typed. */
function inline(text: string, { colors, folder }: Style): string {
  return text
    .replace(/\s*\n\s*/g, ' ')
    .replace(/\[((?:[^[\]`]|`[^`]*`)*)\]\(([^)\s]+)\)/g, (_, name: string, target: string) => {
      return `${name} (${new URL(target, REPOSITORY + folder).href})`;
    })
    .replace(/\*\*(.+?)\*\*/g, (_, strong: string) => colors.strong(strong));
}
