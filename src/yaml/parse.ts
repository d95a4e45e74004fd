import { Composer, type Document, Parser } from 'yaml';
import { ManifestError } from '../core/errors.js';
import type { DocumentSlice } from './documents.js';
import { positionOf } from './position.js';
import { readQuickly } from './quick.js';
import { readTree } from './read-tree.js';
import { type Fault, syntaxError } from './syntax-error.js';
import type { LineIndex, Node, YamlDocument } from './tree.js';

/** An object in the cluster has 1.5 MB at most; this is room for lists. */
const MAX_LENGTH = 10 * 1024 * 1024;
/** Line feeds and the signs that make an item, each of which takes the memory of hundreds of characters. */
const PARTS: ReadonlySet<number> = new Set([...'\n,[{-?'].map((sign) => sign.charCodeAt(0)));
const MAX_PARTS = 1_000_000;

/**
 * Reads one document. `undefined` where it holds nothing.
 * @throws {ManifestError} with line and column in the file, when it is not YAML as Kubernetes reads it.
 */
export function parseDocument(lines: LineIndex, slice: DocumentSlice): YamlDocument | undefined {
  refuseLarge(lines, slice);
  return readQuickly(lines, slice) ?? parseFully(lines, slice);
}

/**
 * {@link parseDocument} for those who leave templates alone: where a template marker stands in place of a value, nobody asks what
 * else is wrong.
 * @throws {ManifestError}
 */
export function parseManifest(lines: LineIndex, slice: DocumentSlice): YamlDocument | undefined {
  refuseLarge(lines, slice);
  const quick = readQuickly(lines, slice, (at) => {
    throw new ManifestError('SYNTAX', 'a template marker stands in place of a value', positionOf(lines, at));
  });
  return quick ?? parseFully(lines, slice);
}

function refuseLarge(lines: LineIndex, { start, end }: DocumentSlice): void {
  const { text } = lines;
  const isLong = end - start > MAX_LENGTH;
  if (!isLong && (end - start <= MAX_PARTS || countParts(text, start, end) <= MAX_PARTS)) return;
  const limit = isLong ? `${MAX_LENGTH / 1024 / 1024} MB` : 'a million lines and items';
  throw new ManifestError('TOO_LARGE', `a document of more than ${limit} is not read; split it`, positionOf(lines, start));
}

function countParts(text: string, start: number, end: number): number {
  let count = 0;
  for (let at = start; at < end; at++) if (PARTS.has(text.charCodeAt(at))) count++;
  return count;
}

/** {@link parseDocument} by the `yaml` package, whatever the document looks like. */
export function parseFully(lines: LineIndex, slice: DocumentSlice): YamlDocument | undefined {
  const { text } = lines;
  const source = slice.start === 0 && slice.end === text.length ? text : text.slice(slice.start, slice.end);
  refuseLoneReturns(lines, slice.start, source);
  const parsed = compose(source, lines, slice.start);
  const contents = parsed?.contents;
  if (!parsed || !contents || contents.range === undefined) return undefined;
  const { root, hasAliases } = readTree(parsed, contents, lines, slice.start, source);
  if (root.kind === 'scalar' && root.style === 'empty') return undefined;
  const isJson = root.kind === 'map' && root.isFlow && isJsonNode(root);
  return { text, lines, start: slice.start, end: slice.end, index: slice.index, root, hasAliases, isJson };
}

function compose(source: string, lines: LineIndex, base: number): Document.Parsed | undefined {
  const tokens = new Parser();
  const composer = new Composer({
    keepSourceTokens: true,
    uniqueKeys: false,
    schema: 'failsafe',
    logLevel: 'silent',
    strict: true,
  });
  let first: Document.Parsed | undefined;
  try {
    for (const document of composer.compose(tokens.parse(source), true, source.length)) {
      const [error] = document.errors;
      if (error) throw refusal(lines, base, source, { code: error.code, message: error.message, offset: error.pos[0] }, document);
      first ??= document;
      if (first !== document && document.contents) {
        const fault = { code: 'UNEXPECTED_TOKEN', message: 'more content', offset: document.range?.[0] ?? 0 };
        throw refusal(lines, base, source, fault, document);
      }
    }
  } catch (error) {
    if (error instanceof RangeError) throw new ManifestError('TOO_DEEP', TOO_DEEP, positionOf(lines, base));
    throw error;
  }
  return first;
}

/** A carriage return without a line feed ends a line for Kubernetes, and for YAML, but neither in editors nor in our parsers. */
function refuseLoneReturns(lines: LineIndex, base: number, source: string): void {
  for (let at = source.indexOf('\r'); at >= 0; at = source.indexOf('\r', at + 1)) {
    if (source[at + 1] !== '\n')
      throw new ManifestError('SYNTAX', 'a carriage return without a line feed', positionOf(lines, base + at));
  }
}

const TOO_DEEP = 'nested too deeply to be read';

function refusal(lines: LineIndex, base: number, source: string, fault: Fault, document: Document.Parsed): ManifestError {
  const position = positionOf(lines, base + fault.offset);
  // The parser catches its own stack overflow and reports it as any other error.
  if (fault.message.includes('call stack')) return new ManifestError('TOO_DEEP', TOO_DEEP, position);
  if (fault.code === 'TAB_AS_INDENT') return new ManifestError('TAB_INDENT', 'a tab where YAML takes spaces only', position);
  return syntaxError(lines, base, source, fault, document);
}

function isJsonNode(node: Node): boolean {
  if (node.kind === 'map')
    return node.isFlow && node.pairs.every((pair) => pair.keyNode.style === 'double' && isJsonNode(pair.value));
  if (node.kind === 'seq') return node.isFlow && node.items.every((item) => isJsonNode(item.value));
  return node.kind === 'scalar' && (node.style === 'double' || node.style === 'plain');
}
