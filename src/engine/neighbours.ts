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
  const known = documents.flatMap((document) =>
    objectsIn(documentValue(document)).flatMap(({ value, apiVersion, kind }) => identify({ ...value, apiVersion, kind }) ?? []),
  );
  return {
    count: slices.length,
    documents,
    has(identity) {
      if (known.some((each) => mayBeSame(each, identity))) return 'in this file';
      return unread.some((part) => part.includes(identity.kind)) ? 'in a document of this file that cannot be read' : undefined;
    },
  };
}
