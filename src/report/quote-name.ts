const ESCAPES: Readonly<Record<number, string>> = {
  7: '\\a',
  8: '\\b',
  9: '\\t',
  10: '\\n',
  11: '\\v',
  12: '\\f',
  13: '\\r',
  34: '\\"',
  92: '\\\\',
};

/**
 * A file's name as git writes it in a patch: in double quotes with escapes when a byte is no plain ASCII; followed by a TAB
 * when it holds a space, which marks where the name ends.
 *
 * Source: `quote_c_style` with `core.quotePath`, and `builtin_diff` of git.
 */
export function quoteName(name: string): string {
  let quoted = '';
  for (const byte of new TextEncoder().encode(name)) {
    const letter = ESCAPES[byte];
    if (letter) quoted += letter;
    else if (byte < 32 || byte > 126) quoted += `\\${byte.toString(8).padStart(3, '0')}`;
    else quoted += String.fromCharCode(byte);
  }
  const tab = name.includes(' ') ? '\t' : '';
  return (quoted === name ? name : `"${quoted}"`) + tab;
}
