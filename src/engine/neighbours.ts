import { ManifestError } from '../core/errors.js';
import { objectsIn } from '../kube/kinds.js';
import { splitDocuments } from '../yaml/documents.js';
import { parseManifest } from '../yaml/parse.js';
import { indexLines, type YamlDocument } from '../yaml/tree.js';
import { documentValue } from '../yaml/value.js';
import { type Identity, identify, mayBeSame } from './check-created.js';

/** All documents of a file, those included that no transform looks at: read only where an object is to be created. */
export interface Neighbours {
  /** How many documents there are. */
  readonly count: number;
  /** Those that can be read. */
  readonly documents: readonly YamlDocument[];
  /** Where the file has the object already, or may have it: `line 12`. */
  has(identity: Identity): string | undefined;
}

function nameOf({ kind, name }: Identity): string {
  return `${kind} ${name}`;
}

export function readNeighbours(text: string): Neighbours {
  const lines = indexLines(text);
  const slices = splitDocuments(text);
  const documents: YamlDocument[] = [];
  const unread: string[] = [];
  for (const slice of slices) {
    try {
      const document = parseManifest(lines, slice);
      if (document) documents.push(document);
    } catch (error) {
      if (!(error instanceof ManifestError)) throw error;
      unread.push(text.slice(slice.start, slice.end));
    }
  }
  // By kind and name: one file may hold thousands.
  const known = new Map<string, Identity[]>();
  for (const document of documents) {
    for (const { value, apiVersion, kind } of objectsIn(documentValue(document))) {
      const identity = identify({ ...value, apiVersion, kind });
      if (identity === undefined) continue;
      const namesakes = known.get(nameOf(identity));
      if (namesakes) namesakes.push(identity);
      else known.set(nameOf(identity), [identity]);
    }
  }
  return {
    count: slices.length,
    documents,
    has(identity) {
      if (known.get(nameOf(identity))?.some((each) => mayBeSame(each, identity))) return 'in this file';
      return unread.some((part) => part.includes(identity.kind)) ? 'in a document of this file that cannot be read' : undefined;
    },
  };
}
