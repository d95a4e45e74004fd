import { type CST, type Document, isCollection, isScalar, type Node, visit } from 'yaml';
import { ManifestError } from '../core/errors.js';
import { positionOf } from './position.js';
import type { LineIndex } from './tree.js';

/** What the `yaml` package says of a document that it cannot read. Offsets are those of its source. */
export interface Fault {
  readonly code: string;
  readonly message: string;
  readonly offset: number;
}

/** What is wrong, and where if not at the fault's own offset. */
interface Cause {
  readonly text: string;
  readonly offset?: number;
}

interface Context {
  readonly document: Document.Parsed;
  readonly source: string;
  readonly offset: number;
  readonly lineOf: (offset: number) => number;
}

type Explanation = readonly [pattern: RegExp, cause: string | ((context: Context) => Cause)];

/**
 * By the parser's message. What is said in its place names the repair, and quotes no value: it may be a secret. A message that no
 * pattern knows is not handed on, for the same reason.
 */
const EXPLANATIONS: readonly Explanation[] = [
  [/^Missing closing/, unclosedQuote],
  [/must be sufficiently indented and end with|Expected flow .* to end with/, unclosedBracket],
  [/^Nested mappings/, nestedMap],
  [/at node end$/, textBehindValue],
  [
    /^Unexpected flow-(map|seq)-end|^Unexpected [}\]]/,
    ({ source, offset }) => ({ text: `a "${source[offset]}" that closes nothing` }),
  ],
  [/^Plain value cannot start/, ({ source, offset }) => ({ text: `a value cannot begin with "${source[offset]}"; quote it` })],
  [/^Implicit (keys|map keys)|^Missing (: |.*map values)/, textWithoutKey],
  [
    /^A block sequence may not be|^Sequence item without/,
    ({ source, offset }) => ({
      text: 'a list item where a key is wanted; is it in the column of its list?',
      offset: contentOf(source, offset),
    }),
  ],
  [
    /must start at the same column/,
    ({ source, offset }) => ({ text: 'not in the column of the keys or items around it', offset: contentOf(source, offset) }),
  ],
  [/^Invalid escape sequence/, 'a backslash that means nothing in double quotes; double it, or use single quotes'],
  [/^Block scalar header/, 'text behind the | or > of a block; it begins on the next line'],
  [/^Block scalars? .*indent|leading empty lines|less than the/i, 'the lines of a block are not indented alike'],
  [/^Comments must be separated/, 'no space before a "#"; put one there, or quote the value'],
  [/^Block collections are not allowed/, 'a list item or a block inside of { } or [ ]'],
  [/^Unexpected ,|^Unexpected empty item/, 'a "," too many'],
  [/^Missing ,|^Unexpected \S+ token$/, 'something is missing before this: a ",", a ":" or a quote'],
  [/^Missing space after :/, 'no space behind a colon'],
  [/at most one|must not specify any properties/, 'more than one anchor or tag before a value, or one before an alias'],
  [/separated from the next token|must be after the/, 'no space behind an anchor or a tag, or none where it may stand'],
  [/directive|^Missing directives-end/i, 'a line that begins with "%" is for the parser alone, and "---" follows it'],
  [/at most 1024/, 'a key of more than 1024 characters'],
  [/^more content/, 'more content behind the end of the document'],
];

/**
 * A syntax error in plain words, at the place that is to be mended rather than where the parser gave up.
 *
 * @param base of `source` in the file
 */
export function syntaxError(
  lines: LineIndex,
  base: number,
  source: string,
  fault: Fault,
  document: Document.Parsed,
): ManifestError {
  const conflict = /^(?:<{7}|={7}|>{7})(?: .*)?\r?$/m.exec(source);
  if (conflict && /^<{7} /m.test(source) && /^>{7} /m.test(source)) {
    return new ManifestError('SYNTAX', 'a merge conflict of git is not resolved', positionOf(lines, base + conflict.index));
  }
  const { message, offset } = fault;
  if (isSecondJson(document, source, offset)) {
    const text = 'several JSON values in one file; put them into a List, or into one file each';
    return new ManifestError('SYNTAX', text, positionOf(lines, base + offset));
  }
  const lineOf = (at: number) => positionOf(lines, base + at).line;
  const [, found] = EXPLANATIONS.find(([pattern]) => pattern.test(message)) ?? [/./, 'not YAML'];
  const cause = typeof found === 'string' ? { text: found } : found({ document, source, offset, lineOf });
  return new ManifestError('SYNTAX', cause.text, positionOf(lines, base + (cause.offset ?? offset)));
}

function unclosedQuote(context: Context): Cause {
  const quoted = lastNode(context, (node) => isQuoted(node));
  return { text: 'the quote that opens here is not closed', ...(quoted && { offset: quoted }) };
}

function unclosedBracket(context: Context): Cause {
  const open = lastNode(
    context,
    (node) => isCollection(node) && node.srcToken?.type === 'flow-collection' && !node.srcToken.end.some(isClosing),
  );
  const text = 'the bracket that opens here is not closed before the indent of its key returns';
  return open === undefined ? { text: 'a bracket is not closed' } : { text, offset: open };
}

/** A second colon on the line, or lines below that are deeper than a key which has its value already. */
function nestedMap({ source, offset }: Context): Cause {
  const end = lineEnd(source, offset);
  if (/:(?:[ \t]|$)/.test(source.slice(offset, end).trimEnd())) return { text: 'a colon inside of a value; quote the value' };
  const below = contentOf(source, end);
  const text = 'indented deeper than a key above it that has its value already';
  return { text, ...(below < source.length && { offset: below }) };
}

function textBehindValue(context: Context): Cause {
  const quote = lastNode(context, isQuoted);
  const isSpread = quote !== undefined && context.lineOf(quote) < context.lineOf(context.offset);
  const text = 'text behind the end of a value';
  return { text: isSpread ? `${text}, whose quote opens on line ${context.lineOf(quote)}` : `${text}; quote all of it` };
}

/** `{…} {…}`, as programs write that print one object after the other. */
function isSecondJson({ contents }: Document.Parsed, source: string, offset: number): boolean {
  const isFlow = isCollection(contents) && contents.flow === true;
  return isFlow && offset >= (contents.range?.[1] ?? offset) && /[{[]/.test(source.charAt(offset));
}

function textWithoutKey({ source, offset }: Context): Cause {
  const at = contentOf(source, offset);
  const isTight = /^["']?[\w./-]+["']?:[^\s/]/.test(source.slice(at, lineEnd(source, at)));
  const text = isTight
    ? 'no space behind the colon of a key'
    : 'text that is neither a key nor part of the value above; is its indent right?';
  return { text, offset: at };
}

function isQuoted(node: Node): boolean {
  return isScalar(node) && /^(?:single|double)-quoted-scalar$/.test(node.srcToken?.type ?? '');
}

function isClosing(token: CST.SourceToken): boolean {
  return token.type === 'flow-map-end' || token.type === 'flow-seq-end';
}

/** Where the last node of a sort starts that stands before the fault. */
function lastNode({ document, offset }: Context, isMeant: (node: Node) => boolean): number | undefined {
  let last: number | undefined;
  visit(document, {
    Node(_, node) {
      const start = (node as Node).range?.[0];
      if (start !== undefined && start < offset && (last === undefined || start >= last) && isMeant(node as Node)) last = start;
    },
  });
  return last;
}

/** Before the line break. */
function lineEnd(source: string, offset: number): number {
  const feed = source.indexOf('\n', offset);
  if (feed < 0) return source.length;
  return source[feed - 1] === '\r' ? feed - 1 : feed;
}

const BLANK = /(?:[ \t]*(?:#.*)?\r?\n)*[ \t]*/y;

/** Behind the white space, the blank lines and the comments at `offset`. */
function contentOf(source: string, offset: number): number {
  BLANK.lastIndex = offset;
  BLANK.exec(source);
  return BLANK.lastIndex;
}
