import { visible } from '../report/visible.js';

/**
 * A command line that a POSIX shell reads as exactly these words. Words with control characters are written as in C, since they
 * must not reach a terminal as they are.
 */
export function quoteWords(words: readonly string[]): string {
  return words.map(quoteWord).join(' ');
}

function quoteWord(word: string): string {
  if (/^[\w@%+=:,./-]+$/.test(word)) return word;
  const shown = visible(word);
  if (shown === word) return `'${word.replaceAll("'", "'\\''")}'`;
  return `$'${visible(word.replace(/['\\]/g, '\\$&'))}'`;
}
