import { findPodTemplates, type Kinds } from '../kube/kinds.js';
import { evaluateObject } from '../kube/pod-security/evaluate.js';
import type { FailedCheck } from '../kube/pod-security/types.js';
import type { PodSecurityLevel, VersionRange } from '../kube/versions/types.js';
import { lineOfPath } from '../yaml/places.js';
import type { YamlDocument } from '../yaml/tree.js';
import { documentValue } from '../yaml/value.js';
import { NO_OBJECTS, readDocuments } from './read.js';
import { findTargets } from './targets.js';
import type { FileVerdict, ObjectVerdict, Touched } from './types.js';

/** What an object is judged by. */
export interface Standard {
  readonly level: PodSecurityLevel;
  readonly versions: VersionRange;
  readonly includeSystem: boolean;
  readonly kinds?: Kinds;
  readonly touched?: Touched;
  readonly systemNamespaces?: readonly string[];
}

/** Which checks of a level the workloads of a file fail, as it is. Never throws for what is in the file. */
export function judgeFile(standard: Standard, file: string, text: string): FileVerdict {
  const judge = (document: YamlDocument): readonly ObjectVerdict[] => {
    const value = documentValue(document);
    return findTargets(standard, file, document, value).flatMap(({ ref, at, left }): ObjectVerdict[] => {
      if (left !== undefined) return [{ ref, left, failed: [] }];
      const results = evaluateObject(at.value, standard.level, standard.versions, at, standard.kinds);
      if (results === undefined) return [];
      const unseen = findPodTemplates(at.value, at, standard.kinds).find(({ kind }) => kind.unseen !== undefined)?.kind.unseen;
      // What is written fails or does not; that the rest passes, nobody can say.
      if (unseen !== undefined && results.every(({ allowed }) => allowed)) return [{ ref, left: unseen, failed: [] }];
      const located = (check: FailedCheck) => ({ ...check, line: lineOfPath(document, [...at.root, ...(check.paths[0] ?? [])]) });
      return [{ ref, failed: results.flatMap((result) => (result.allowed ? [] : [located(result)])) }];
    });
  };
  const read = readDocuments(text, judge, standard.kinds);
  if (!('results' in read)) return { file, objects: [], ...read };
  const objects = read.results.flat();
  return objects.length === 0 ? { file, objects, ...NO_OBJECTS } : { file, status: 'judged', objects };
}
