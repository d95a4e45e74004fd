/** A part of a file that may hold one document. */
export interface DocumentSlice {
  /** After a byte order mark. */
  readonly start: number;
  readonly end: number;
  /** Counted as YAML does: an empty document between two `---` counts, comments before the first `---` do not. */
  readonly index: number;
}

/**
 * The documents of a file, found by their markers alone: in YAML `---` or `...` at the start of a line, with white space or
 * nothing behind it, ends whatever stands before it, scalars included. (`-----BEGIN` is no marker.)
 *
 * A document starts at its `---`; directives (`%YAML`) go with the document behind them, comments before it do not.
 */
export function splitDocuments(text: string): DocumentSlice[] {
  const slices: DocumentSlice[] = [];
  let start = text.charCodeAt(0) === 0xfeff ? 1 : 0;
  let hasMarker = false;
  let index = 0;
  const push = (end: number) => {
    if (end > start && (hasMarker || hasContent(text, start, end))) slices.push({ start, end, index: index++ });
    else if (end > start) slices.push({ start, end, index: -1 });
  };
  for (const at of markers(text, start)) {
    if (text[at] === '-') {
      const directives = !hasMarker && isDirectives(text, start, at);
      if (!directives) {
        push(at);
        start = at;
      }
      hasMarker = true;
    } else {
      const feed = text.indexOf('\n', at);
      const end = feed < 0 ? text.length : feed + 1;
      push(end);
      start = end;
      hasMarker = false;
    }
  }
  push(text.length);
  return slices.filter((slice) => slice.index >= 0);
}

/**
 * Where the comments begin that stand at the margin behind all of a document, and so head the one behind the next `---`; the end of
 * the document where there are none.
 */
export function headerStart(text: string, { start, end }: { readonly start: number; readonly end: number }): number {
  let from = end;
  while (from > start) {
    const line = from < 2 ? 0 : text.lastIndexOf('\n', from - 2) + 1;
    if (line < start || !/^(?:#.*)?\s*$/.test(text.slice(line, from))) break;
    from = line;
  }
  return from;
}

const MARKER = /^(?:---|\.\.\.)(?=\s|$)/gm;

function* markers(text: string, from: number): Iterable<number> {
  for (const { index } of text.matchAll(MARKER)) {
    // `^` also matches behind a lone CR or a Unicode line separator, which end no line in YAML 1.2.
    if (index === from || text[index - 1] === '\n') yield index;
  }
}

/** Whether something other than comments, blank lines and an end marker stands there. */
function hasContent(text: string, start: number, end: number): boolean {
  return text
    .slice(start, end)
    .split('\n')
    .some((line) => !/^(\.\.\.)?\s*(#|$)/.test(line));
}

function isDirectives(text: string, start: number, end: number): boolean {
  const lines = text.slice(start, end).split('\n');
  return lines.some((line) => line.startsWith('%')) && lines.every((line) => /^(%|\s*(#|$))/.test(line));
}
