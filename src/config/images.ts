import { findEntryProblem } from '../kube/images/check.js';
import type { ImageEntry } from '../kube/images/types.js';
import { dereference, findPair } from '../yaml/tree.js';
import { nodeValue } from '../yaml/value.js';
import { nameOf, type Shape, wrong } from './shape.js';

/** More values than the facts on one image have. */
const MOST_VALUES = 1000;

/** The facts on one image. Its rules are those of the catalogue, in the file from which the schema takes them, too. */
export const imageEntry: Shape<ImageEntry> = {
  takes: 'a map with the facts on an image',
  schema: { $ref: '#/$defs/image' },
  read(reader, node, path) {
    if (!reader.mayRead()) return undefined;
    const found = dereference(node);
    if (found.kind !== 'map') return wrong(reader, node, path, this.takes);
    const entry = nodeValue(node, { left: MOST_VALUES });
    const problem = findEntryProblem(entry);
    if (problem === undefined) return entry as unknown as ImageEntry;
    const pair = problem.key === undefined ? undefined : findPair(found, problem.key);
    reader.report(pair?.start ?? found.start, `${nameOf(path)}${problem.isOfKey ? ': ' : ' '}${problem.text}`);
    return undefined;
  },
};
