import { commentsBetween } from './comments.js';
import { lineAt, lineEnd, lineStart, type YamlDocument } from './tree.js';

/**
 * Where the lines of a block entry end, before the line break: the rest of the line on which its value ends, and the comment
 * lines below it that are indented deeper than the entry, or that stand for a commented-out item of its unindented list.
 * Comments at the entry's own column head what follows.
 */
export function entryEnd(document: YamlDocument, end: number, column: number, listColumn = -1): number {
  const { text, lines } = document;
  let last = lineEnd(lines, end);
  let isInItem = false;
  for (let at = text.indexOf('\n', last) + 1; at > 0 && at < document.end; at = text.indexOf('\n', at) + 1) {
    const line = text.slice(at, lineEnd(lines, at));
    const content = line.trimStart();
    if (content === '') continue;
    if (!content.startsWith('#')) break;
    const indent = line.length - content.length;
    isInItem = listColumn === indent && (/^#\s*- /.test(content) || (isInItem && /^#\s{2,}\S/.test(content)));
    if (indent <= column && !isInItem) break;
    last = at + line.length;
  }
  return last;
}

/** The end of the line before the one that holds `offset`, before its line break; -1 on the first line. */
export function previousLineEnd({ text, lines }: YamlDocument, offset: number): number {
  const start = lineStart(lines, offset);
  if (start === 0 || text[start - 1] !== '\n') return -1;
  return text[start - 2] === '\r' ? start - 2 : start - 1;
}

/** Whether only white space stands before `offset` on its line. */
export function startsLine({ text, lines }: YamlDocument, offset: number): boolean {
  return text.slice(lineStart(lines, offset), offset).trim() === '';
}

/** Whether only white space or a comment stands behind `offset` on its line. */
export function endsLine({ text, lines }: YamlDocument, offset: number): boolean {
  return /^\s*(#|$)/.test(text.slice(offset, lineEnd(lines, offset)));
}

export function isSameLine({ lines }: YamlDocument, a: number, b: number): boolean {
  return lineAt(lines, a) === lineAt(lines, b);
}

/** The first comment on a line of its own between two offsets. */
export function firstCommentBetween(document: YamlDocument, from: number, to: number): number | undefined {
  return commentsBetween(document, from, to).find((comment) => comment.isOwnLine)?.start;
}

/** The white space before `offset` on its line, tabs as they are. */
export function indentBefore({ text, lines }: YamlDocument, offset: number): string {
  const start = lineStart(lines, offset);
  return /^\s*/.exec(text.slice(start, offset))?.[0] ?? '';
}
