import { EngineError, ManifestError } from '../core/errors.js';
import { type Kinds, knownKinds } from '../kube/kinds.js';
import { type DocumentSlice, headerStart, splitDocuments } from '../yaml/documents.js';
import { parseManifest } from '../yaml/parse.js';
import { indexLines, type YamlDocument } from '../yaml/tree.js';
import { ownerOf, templateLeft } from './owned.js';
import { mayHoldObjects, mayHoldPods } from './scan.js';
import type { FileResult } from './types.js';

/** What became of a file of which nothing is known but that. */
export type Outcome = Pick<FileResult, 'left' | 'error' | 'bug'> & {
  readonly status: Exclude<FileResult['status'], 'changed' | 'created' | 'unchanged'>;
};

export const NO_OBJECTS: Outcome = {
  status: 'left',
  left: { code: 'NO_OBJECTS', text: 'no object of a kind that any transform knows' },
};

const NO_NAMES: ReadonlySet<string> = new Set();

/**
 * Parses the documents of a file that may hold an object of interest, one after the other, and keeps what is made of each; or says
 * why the file is left alone or refused. Never throws for what is in the file.
 * @param use gets a document and where the gap before it starts, comments in which belong to it
 * @param names kinds without pods that are of interest, too
 */
export function readDocuments<Result>(
  text: string,
  use: (document: YamlDocument, gapStart: number) => Result,
  kinds: Kinds = knownKinds,
  names: ReadonlySet<string> = NO_NAMES,
): { readonly results: readonly Result[] } | Outcome {
  const slices = splitDocuments(text);
  const wanted = new Set(slices.filter((slice) => mayHoldPods(text, slice, kinds) || mayHoldObjects(text, slice, names)));
  if (wanted.size === 0) return NO_OBJECTS;
  const left = ownerOf(text);
  if (left) return { status: 'left', left };
  try {
    return { results: useDocuments(text, slices, wanted, use) };
  } catch (error) {
    return failure(text, error);
  }
}

function useDocuments<Result>(
  text: string,
  slices: readonly DocumentSlice[],
  wanted: ReadonlySet<DocumentSlice>,
  use: (document: YamlDocument, gapStart: number) => Result,
): Result[] {
  const lines = indexLines(text);
  const results: Result[] = [];
  for (const [at, slice] of slices.entries()) {
    const document = wanted.has(slice) ? parseManifest(lines, slice) : undefined;
    if (!document) continue;
    const before = slices[at - 1];
    results.push(use(document, before ? headerStart(text, before) : 0));
  }
  return results;
}

/** What an error says of a file. */
export function failure(text: string, error: unknown): Outcome {
  if (error instanceof ManifestError) {
    const left = error.code === 'SYNTAX' || error.code === 'COMPLEX_KEY' ? templateLeft(text) : undefined;
    return left ? { status: 'left', left } : { status: 'refused', error };
  }
  const code = error instanceof EngineError ? error.code : 'CRASH';
  // Parsers quote the text behind the first line.
  const [what] = (error instanceof Error ? error.message : String(error)).split('\n', 1);
  const where = error instanceof EngineError ? '' : ` ${stackOf(error)}`;
  return { status: 'failed', bug: { code, text: `${what}${where}` } };
}

/** The functions of the stack without their places on this machine. */
function stackOf(error: unknown): string {
  if (!(error instanceof Error) || error.stack === undefined) return '';
  const names = [...error.stack.matchAll(/^\s+at (\S+)/gm)]
    .map((match) => match[1] as string)
    .filter((name) => !/[/\\]/.test(name));
  return names.length === 0 ? '' : `(in ${names.slice(0, 6).join(' < ')})`;
}
