import type { Json } from '../../src/core/json.js';
import { generateDocument } from './generate.js';
import { generateJson } from './generate-json.js';
import type { Tape } from './tape.js';

/** A file of one document or more, one of which is known through and through. */
export interface GeneratedFile {
  readonly text: string;
  /** Which document it is, as `splitDocuments` counts. */
  readonly index: number;
  readonly value: Json;
  readonly comments: readonly string[];
}

const BEFORE: readonly (readonly [text: string, documents: number])[] = [
  ['', 0],
  ['---\n', 0],
  ['# licence\n# header\n---\n', 0],
  ['# licence\n\n', 0],
  ['--- # first\n', 0],
  ['%YAML 1.1\n---\n', 0],
  ['kind: Service\nspec: {ports: []}\n---\n', 1],
  ['---\nkind: Service\n...\n---\n', 1],
  ['---\n# only comments\n---\n', 1],
  ['kind: Secret\ndata: |\n  -----BEGIN X-----\n--- # next\n', 1],
  ['a: 1\n---\n\n---\nb: 2\n---   \n', 3],
];

const BEHIND = [
  '',
  '\n',
  '\n\n',
  '\n# the end\n',
  '\n---\nkind: Other\n',
  '\n...\n',
  '\n--- # more\n# and more\n',
  '\n...\n# after\n---\nx: 1',
];

/** The document in a file, with line breaks and a mark as some editors write them. */
export function generateFile(tape: Tape): GeneratedFile {
  const isJson = tape.chance(20);
  const { text, value, comments, isOpen } = isJson
    ? { comments: [], isOpen: false, ...generateJson(tape) }
    : generateDocument(tape);
  const [before, index] = isJson ? (['', 0] as const) : tape.pick(BEFORE);
  let behind = isJson ? tape.pick(['', '\n', '\n\n']) : tape.pick(BEHIND);
  // A block scalar counts the line breaks behind it: to leave out the last one, or to add some, would say something else.
  if (isOpen && (behind === '' || behind === '\n\n')) behind = '\n';
  let file = before + text + behind;
  const breaks = tape.below(12);
  if (breaks === 10) file = file.replaceAll('\n', '\r\n');
  else if (breaks === 11) file = file.replaceAll('\n', () => (tape.chance(30) ? '\r\n' : '\n'));
  if (tape.chance(5)) file = `\ufeff${file}`;
  return { text: file, index, value, comments };
}
