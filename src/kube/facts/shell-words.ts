/**
 * The commands of a script, word by word. Quotes go, since what is asked for is names; `$(…)` and `${{ … }}` stay in one word. A
 * comment ends with its line.
 */
export function* splitCommands(script: string): Iterable<readonly string[]> {
  // A line that goes on is one with the next.
  const text = script.replace(/\\\r?\n/g, ' ');
  let words: string[] = [];
  let word: string | undefined;
  let quote: string | undefined;
  const endWord = () => {
    if (word !== undefined && word !== '') words.push(word);
    word = undefined;
  };
  for (let at = 0; at < text.length; at++) {
    const char = text[at] as string;
    if (char === '\\' && quote !== "'") {
      word = (word ?? '') + (text[++at] ?? '');
    } else if (char === '$' && quote !== "'" && /[({]/.test(text[at + 1] ?? '')) {
      const end = endOfExpansion(text, at + 1);
      word = (word ?? '') + text.slice(at, end);
      at = end - 1;
    } else if (quote !== undefined) {
      if (char === quote) quote = undefined;
      else word = (word ?? '') + char;
    } else if (char === '"' || char === "'") {
      quote = char;
      word ??= '';
    } else if (char === '#' && word === undefined) {
      const end = text.indexOf('\n', at);
      at = (end < 0 ? text.length : end) - 1;
    } else if (/[\n;&|()]/.test(char)) {
      endWord();
      if (words.length > 0) yield words;
      words = [];
    } else if (/\s/.test(char)) endWord();
    else word = (word ?? '') + char;
  }
  endWord();
  if (words.length > 0) yield words;
}

/** How far an expansion may reach. */
const LONGEST = 256;

/** Behind the bracket that closes the one at `start`; of what is not closed nearby, behind that. */
function endOfExpansion(text: string, start: number): number {
  let depth = 0;
  for (let at = start; at < text.length && at < start + LONGEST; at++) {
    const char = text[at] as string;
    if (char === '(' || char === '{') depth++;
    else if ((char === ')' || char === '}') && --depth === 0) return at + 1;
  }
  return start + 1;
}
