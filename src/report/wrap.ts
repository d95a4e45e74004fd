// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is meant
const COLOR = /\u001b\[\d+m/g;

/**
 * Lines of at most `width` columns, broken at separators; what is longer has a line of its own.
 *
 * @param width one line where absent
 */
export function wrap(text: string, width: number | undefined, separator = ' '): string[] {
  if (width === undefined) return [text];
  const lines: string[] = [];
  let line: string | undefined;
  for (const word of text.split(separator)) {
    if (line === undefined) line = word;
    else if (columnsOf(line + separator + word) > width) {
      lines.push(line);
      line = word;
    } else line += separator + word;
  }
  return [...lines, line ?? ''];
}

function columnsOf(text: string): number {
  return text.replace(COLOR, '').length;
}
