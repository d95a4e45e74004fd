import { ManifestError } from '../core/errors.js';
import type { Path } from '../core/json.js';
import { objectsIn } from '../kube/kinds.js';
import { splitDocuments } from '../yaml/documents.js';
import { entryEnd } from '../yaml/extent.js';
import { parseDocument } from '../yaml/parse.js';
import { rangeOfPath } from '../yaml/places.js';
import { columnAt, indexLines, lineAt, lineEnd, type YamlDocument } from '../yaml/tree.js';
import { documentValue } from '../yaml/value.js';

/** Lines of a file, from 1, both included. */
export interface Extent {
  readonly from: number;
  readonly to: number;
}

const MARKER = /^(?:---(?=\s|$)|%)/;

/**
 * The lines that an object takes, from its root in the document: with the comments that stand right above it in its column, also
 * above its `---`, and those behind it that are indented deeper.
 */
export function extentOf(document: YamlDocument, root: Path): Extent {
  const { text, lines } = document;
  const { start, end } = rangeOfPath(document, root);
  const column = columnAt(lines, start);
  let from = lineAt(lines, start);
  for (let at = from - 1; at >= 0; at--) {
    const offset = lines.starts[at] as number;
    const line = text.slice(offset, lineEnd(lines, offset));
    const content = line.trimStart();
    if (content.startsWith('#') && line.length - content.length === column) from = at;
    else if (root.length > 0 || !MARKER.test(line)) break;
  }
  return { from: from + 1, to: lineAt(lines, entryEnd(document, end, column)) + 1 };
}

/** The lines that each object of a file takes, whatever its kind. Documents that cannot be read are passed over. */
function objectExtents(text: string): readonly Extent[] {
  const lines = indexLines(text);
  return splitDocuments(text).flatMap((slice) => {
    try {
      const document = parseDocument(lines, slice);
      return document ? objectsIn(documentValue(document)).map(({ root }) => extentOf(document, root)) : [];
    } catch (error) {
      if (error instanceof ManifestError) return [];
      throw error;
    }
  });
}

/**
 * Which objects of a file stand in an older version of it, letter by letter, by their lines as {@link extentOf} gives them. What was
 * only moved is as it was; of more copies than there were, the last ones are new.
 */
export function unchangedObjects(before: string, after: string): (fromLine: number, toLine: number) => boolean {
  const old = new Map<string, number>();
  for (const words of textsOf(before).values()) old.set(words, (old.get(words) ?? 0) + 1);
  const unchanged = new Set<string>();
  for (const [lines, words] of textsOf(after)) {
    const amount = old.get(words) ?? 0;
    old.set(words, amount - 1);
    if (amount > 0) unchanged.add(lines);
  }
  return (from, to) => unchanged.has(`${from}-${to}`);
}

/** The text of each object, by its lines, without what others behind it ask for: document markers, a comma, a last line break. */
function textsOf(text: string): ReadonlyMap<string, string> {
  const lines = text.replace(/^\ufeff/, '').split('\n');
  return new Map(
    objectExtents(text).map(({ from, to }) => {
      const own = lines.slice(from - 1, to).filter((line) => !MARKER.test(line));
      return [`${from}-${to}`, own.join('\n').replace(/,?\r?$/, '')];
    }),
  );
}
