/** C0 and C1 controls, line separators of Unicode, and the marks that turn the direction of what follows. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is meant
const STEERING = /[\u0000-\u001f\u007f-\u009f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]/g;
const LETTERS: Readonly<Record<string, string>> = { '\t': '\\t', '\n': '\\n', '\r': '\\r' };

/**
 * A text from a manifest or a file's name, safe to print: what would steer a terminal, or begin a line where a program reads
 * commands, is written as an escape.
 *
 * @param kept control characters that stay
 */
export function visible(text: string, kept = ''): string {
  return text.replace(STEERING, (character) => (kept.includes(character) ? character : escapeOf(character)));
}

function escapeOf(character: string): string {
  const code = character.charCodeAt(0);
  const hex = code < 0x80 ? `x${code.toString(16).padStart(2, '0')}` : `u${code.toString(16).padStart(4, '0')}`;
  return LETTERS[character] ?? `\\${hex}`;
}
