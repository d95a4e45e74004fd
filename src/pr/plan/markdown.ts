import { breakActing, cut, legible, shorten } from './inert.js';

/** Letters, digits and signs that are text to every renderer, wherever they stand in a line. */
const PLAIN = /^[\p{L}\p{N}.,;:()'"+=?-]+$/u;

/** What is linked, or made a picture, although it is plain: hosts, commits, keys of trackers, `:tada:`. */
const LINKED = /www\.|[\p{L}\p{N}]\.\p{L}|[0-9a-f]{7}|[A-Z]\w*-\d|:[\w+-]+:/iu;

/**
 * A text from a manifest in a code span: there no forge looks for mentions, references, links or tags. A `|` would end a cell of a
 * table, and no way to escape it is read alike by all, so `¦` stands for it.
 */
export function code(text: string, most = 200): string {
  const shown = shorten(text, most).replaceAll('|', '¦');
  if (shown === '') return '(empty)';
  const fence = '`'.repeat(longestRun(shown, '`') + 1);
  const pad = /^`|`$/.test(shown) ? ' ' : '';
  return `${fence}${pad}${shown}${pad}${fence}`;
}

/** A sentence that quotes a manifest: words that could be more than text stand in code spans. */
export function prose(text: string, most = 300): string {
  return cut(legible(text.slice(0, 4 * most)), most)
    .split(' ')
    .map(wordToMarkdown)
    .join(' ');
}

function wordToMarkdown(word: string): string {
  if (isPlain(word)) return word;
  const [, before = '', inner = word, after = ''] = /^([("']*)(.*?)([.,;:)"']*)$/.exec(word) ?? [];
  if (inner === '') return code(word);
  const isQuoted = before !== '' && !isPlain(before + after);
  return isQuoted ? code(word) : `${before}${code(inner)}${after}`;
}

function isPlain(word: string): boolean {
  return word === '' || (PLAIN.test(word) && !LINKED.test(word));
}

/** Text of several lines, as it is but for what no eye sees; the fence is longer than any in it. */
export function codeBlock(text: string, language: string): string {
  // A command is copied, and holds nothing of a manifest.
  const show = language === 'sh' ? showLine : (line: string) => breakActing(showLine(line));
  const shown = text.replace(/\n$/, '').split('\n').map(show).join('\n');
  const fence = '`'.repeat(Math.max(3, longestRun(shown, '`') + 1));
  return `${fence}${language}\n${shown}\n${fence}`;
}

/** Blanks stay: they are what YAML is made of. */
function showLine(line: string): string {
  const [, blanks = '', rest = ''] = /^([ \t]*)([\s\S]*)$/.exec(line.replace(/\r$/, '')) ?? [];
  const parts = rest.split(/([ \t]+)/);
  return blanks + parts.map((part) => (/^[ \t]/.test(part) ? part : legible(part))).join('');
}

function longestRun(text: string, character: string): number {
  let longest = 0;
  let run = 0;
  for (const one of text) {
    run = one === character ? run + 1 : 0;
    longest = Math.max(longest, run);
  }
  return longest;
}

/** A table; cells are Markdown already. */
export function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n');
}

/** The folded part of a page: blank lines, so that what is inside is Markdown again. */
export function folded(summary: string, inside: string): string {
  return `<details>\n<summary>${summary}</summary>\n\n${inside}\n\n</details>`;
}
