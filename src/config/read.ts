import { type ConfigProblem, ManifestError, type Position } from '../core/errors.js';
import { formatPath, type Path } from '../core/json.js';
import { splitDocuments } from '../yaml/documents.js';
import { parseDocument } from '../yaml/parse.js';
import { positionOf } from '../yaml/position.js';
import { dereference, findPair, indexLines, type LineIndex, type YamlDocument } from '../yaml/tree.js';
import { configShape } from './keys.js';
import type { Reader, Shape } from './shape.js';
import type { ConfigFile } from './types.js';

/** Longer files are none that a person wrote. */
const MAX_LENGTH = 1024 * 1024;
/** More values than such a file holds: only aliases of aliases have them. */
const MAX_VALUES = 100_000;
/** More problems than anybody reads at once. */
const MAX_PROBLEMS = 100;

const START: Position = { line: 1, column: 1 };

/**
 * Reads a configuration. What is wrong is left out, and listed; the rest can be looked at further.
 * @param file as messages name it
 */
export function readConfig(
  file: string,
  text: string,
): { readonly config: ConfigFile; readonly problems: readonly ConfigProblem[] } {
  const { values = {}, position, problems } = readShaped(file, text, configShape());
  return { config: { file, values, position }, problems };
}

/** A file of one document, as far as it could be read. */
interface Shaped<Value> {
  readonly values: Value | undefined;
  readonly problems: readonly ConfigProblem[];
  /** Where a key or a list item stands; the beginning of the file for one that does not. */
  position(path: Path): Position;
}

/**
 * Reads a file of a shape; what is wrong is left out, and listed.
 * @param file as messages name it
 */
export function readShaped<Value>(file: string, text: string, shape: Shape<Value>): Shaped<Value> {
  const problems: ConfigProblem[] = [];
  const places = new Map<string, Position>();
  const position = (path: Path) => places.get(formatPath(path)) ?? START;
  const report = (at: Position, what: string) => {
    if (problems.length < MAX_PROBLEMS) problems.push({ file, position: at, text: what });
  };
  const lines = indexLines(text);
  const document = readDocument(text, lines, report);
  if (!document) return { values: undefined, position, problems };
  let left = MAX_VALUES;
  const reader: Reader = {
    report: (offset, what) => report(positionOf(lines, offset), what),
    keep: (path, offset) => void places.set(formatPath(path), positionOf(lines, offset)),
    has(node, key) {
      const map = dereference(node);
      return map.kind === 'map' && findPair(map, key) !== undefined;
    },
    mayRead() {
      if (--left === 0) report(positionOf(lines, document.root.start), `aliases expand to more than ${MAX_VALUES} values`);
      return left > 0;
    },
  };
  return { values: shape.read(reader, document.root, []), position, problems };
}

/** The only document of the text. */
function readDocument(text: string, lines: LineIndex, report: (at: Position, what: string) => void): YamlDocument | undefined {
  if (text.length > MAX_LENGTH) {
    report(START, 'more than 1 MB, which no configuration has');
    return undefined;
  }
  try {
    const [first, second] = splitDocuments(text).flatMap((slice) => parseDocument(lines, slice) ?? []);
    if (second) report(positionOf(lines, second.root.start), 'a second document; a configuration is one');
    return first;
  } catch (error) {
    if (!(error instanceof ManifestError)) throw error;
    report(error.position, error.message);
    return undefined;
  }
}
