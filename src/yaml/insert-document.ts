import type { JsonObject } from '../core/json.js';
import type { Placement } from '../core/placement.js';
import { headerStart } from './documents.js';
import { fileLayout } from './flow-text.js';
import { endsInBlockScalar } from './line-breaks.js';
import type { Splice } from './splice.js';
import { styleBehind } from './style.js';
import { lineAt, lineBreak, type YamlDocument } from './tree.js';
import { blockPair, type Writer, writeJson } from './write.js';

/**
 * A splice that puts new documents behind one, in its own style. All that stands there stays, byte for byte, and means the same:
 *
 * - comments before the next `---` head what follows it, so the new ones go above them;
 * - what `...` ends, it ends still: the new ones go before it;
 * - a file without a last line break gets one where the new `---` needs it, and has none at its end then;
 * - blank lines that may be part of a block scalar stay behind that.
 *
 * Not for a document that ends the file in a block scalar without a line break: see `endsInOpenScalar`.
 * @param edits splices of the same document
 * @param others the other documents of the file, for what this one does not show of its style
 */
export function insertDocuments(
  document: YamlDocument,
  values: readonly JsonObject[],
  placement: Placement,
  others: readonly YamlDocument[],
  edits: readonly Splice[] = [],
): Splice {
  const { text, lines } = document;
  const at = spotBehind(document, edits);
  const eol = lineBreak(lines, document.root.start);
  const writer: Writer = { style: styleBehind(document, others), placement };
  // As the file does it: a blank line before each marker, or none.
  const isSpaced = at < document.end && /^[ \t]*\r?\n/.test(text.slice(at, document.end));
  const lead = isSpaced ? `${eol}---${eol}` : `---${eol}`;
  const written = values.map((value) => lead + blockText(writer, value, eol)).join('');
  const isOpenEnd = at === text.length && !text.endsWith('\n');
  return { start: at, end: at, insert: isOpenEnd ? eol + written.slice(0, -eol.length) : written };
}

/** The line, from 0, behind which new documents come. */
export function lineBefore(document: YamlDocument): number {
  const at = spotBehind(document, []);
  return lineAt(document.lines, at) - (document.text[at - 1] === '\n' ? 1 : 0);
}

function spotBehind(document: YamlDocument, edits: readonly Splice[]): number {
  const { text, end, start } = document;
  const last = Math.max(start, text.lastIndexOf('\n', end - 2) + 1);
  if (/^\.\.\.(?=\s|$)/.test(text.slice(last, end))) return last;
  if (end === text.length) return end;
  const header = headerStart(text, document);
  const isCut = edits.some((edit) => edit.end > header);
  return endsInBlockScalar(document) || isCut ? behindBlanks(text, header, end) : header;
}

function behindBlanks(text: string, from: number, end: number): number {
  return from + (/^(?:[ \t]*\r?\n)*/.exec(text.slice(from, end))?.[0].length ?? 0);
}

/** The lines of a whole object in block style, each with its line break. */
function blockText(writer: Writer, value: JsonObject, eol: string): string {
  const lines = Object.entries(value).flatMap(([key, inner]) => blockPair(writer, [], key, inner, 0));
  return lines.map((line) => line + eol).join('');
}

/**
 * The text of a new file of one object, as the file of `model` is written: JSON as JSON, its line ends, with or without a first `---`.
 * It always ends in a line break.
 */
export function writeFile(model: YamlDocument, value: JsonObject, placement: Placement): string {
  const { text, lines, start } = model;
  const style = styleBehind(model, []);
  const eol = lineBreak(lines, start);
  if (model.isJson) return writeJson(value, fileLayout(model, style), [], placement) + eol;
  return (text.startsWith('---', start) ? `---${eol}` : '') + blockText({ style, placement }, value, eol);
}
