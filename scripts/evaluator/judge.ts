import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Json, JsonObject } from '../../src/core/json.js';
import { type ObjectAt, objectsIn } from '../../src/kube/kinds.js';
import { formatVersion, type KubernetesVersion } from '../../src/kube/versions/versions.js';
import { splitDocuments } from '../../src/yaml/documents.js';
import { parseDocument } from '../../src/yaml/parse.js';
import { indexLines } from '../../src/yaml/tree.js';
import { documentValue } from '../../src/yaml/value.js';
import { judge, type Verdicts } from '../conformance/ask.js';
import { readCorpus } from '../corpus/files.js';

/** An object, as we read it, and what Kubernetes says of it. */
export interface Judged {
  readonly where: string;
  readonly object: ObjectAt;
  /** Absent where Kubernetes sees no pod: it does not know the kind, or cannot decode the object. */
  readonly verdicts: Verdicts | undefined;
}

export interface JudgedFolder {
  readonly judged: readonly Judged[];
  /** Pods that the oracle reads and we do not. */
  readonly unread: number;
}

const FILES_OF = 1000;

/** Every object below a folder that both read. */
export function judgeFolder(oracle: string, folder: string, versions: readonly KubernetesVersion[]): JudgedFolder {
  const named = versions.map((version) => `v${formatVersion(version)}`);
  const verdicts = new Map(
    judge(oracle, folder, { versions: named }).map((line) => [placeOf(line.file, line.doc, line.item), line]),
  );
  const judged: Judged[] = [];
  for (const { path, text } of readCorpus(folder)) {
    for (const { document, item, object } of objectsOf(text)) {
      const place = placeOf(join(folder, path), document, item);
      const line = verdicts.get(place);
      if (line)
        judged.push({ where: item < 0 ? `${path} #${document}` : `${path} #${document}.${item}`, object, verdicts: line.psa });
      verdicts.delete(place);
    }
  }
  return { judged, unread: [...verdicts.values()].filter(({ psa }) => psa !== undefined).length };
}

/** Objects that are only data: they are written to files for the time of the question. */
export function judgeObjects(
  oracle: string,
  objects: readonly JsonObject[],
  versions: readonly KubernetesVersion[],
): JudgedFolder {
  const folder = mkdtempSync(join(tmpdir(), 'kubemend-evaluator-'));
  try {
    for (let at = 0; at < objects.length; at += FILES_OF) {
      const list = { apiVersion: 'v1', kind: 'List', items: objects.slice(at, at + FILES_OF) };
      writeFileSync(join(folder, `${at / FILES_OF}.json`), JSON.stringify(list));
    }
    return judgeFolder(oracle, folder, versions);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** By which both name an object: its file, its document, and its position in a `List`. */
export function placeOf(file: string, document: number, item: number): string {
  return `${file}\n${document}\n${item}`;
}

/** Objects are counted as the oracle counts them: each item of a list, also one that is no map. */
export function* objectsOf(text: string): Iterable<{ document: number; item: number; object: ObjectAt }> {
  for (const { document, value } of documentsOf(text)) {
    const objects = objectsIn(value);
    const isList = objects.length !== 1 || objects[0]?.root.length !== 0;
    for (const [index, object] of objects.entries()) yield { document, item: isList ? index : -1, object };
  }
}

function documentsOf(text: string): { document: number; value: Json }[] {
  const lines = indexLines(text);
  const found: { document: number; value: Json }[] = [];
  for (const slice of splitDocuments(text)) {
    try {
      const parsed = parseDocument(lines, slice);
      if (parsed) found.push({ document: slice.index, value: documentValue(parsed) });
    } catch {
      // A chart's template. The oracle cannot read most of them either.
    }
  }
  return found;
}
