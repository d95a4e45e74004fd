import { ManifestError } from '../core/errors.js';
import { detach, type Json } from '../core/json.js';
import { FACT_KINDS, type Kinds, knownKinds } from '../kube/kinds.js';
import type { GrowingRepoIndex } from '../kube/repo-index.js';
import { splitDocuments } from '../yaml/documents.js';
import { parseDocument, parseManifest } from '../yaml/parse.js';
import { indexLines, type LineIndex, lineAt } from '../yaml/tree.js';
import { documentValue } from '../yaml/value.js';
import { ownerOf } from './owned.js';
import { mayHoldFacts, mayServeLowPort, mayStateNeeds } from './scan.js';
import type { EvidenceKind } from './types.js';

const KUSTOMIZATION = /(?:^|\/)(?:kustomization\.ya?ml|Kustomization)$/;

/** Which folders are applied together, and what becomes of names, namespaces, images and values, in texts of kustomizations. */
const NAMES_OTHERS = /^(?:namespace|namePrefix|nameSuffix|resources|bases|components|images|patches\w*)[ \t]*:/m;

/** A workload, or a Service. */
const MAY_BE_EVIDENCE = /image["']?\s*:|\bkind:[ \t]+["']?Service\b/;

interface FactOptions {
  readonly kinds?: Kinds | undefined;
  /** Names of further kinds that transforms ask about. */
  readonly asked?: ReadonlySet<string>;
  /** The documents of a kustomization, where they are at hand. */
  readonly read?: readonly Json[] | undefined;
}

const NONE: ReadonlySet<string> = new Set();

/**
 * Keeps the small facts of a manifest, and which folders a kustomization applies together.
 * @throws {ManifestError} when a document that may hold some cannot be read; those of the others are kept all the same
 */
export function addFacts(
  index: GrowingRepoIndex,
  file: string,
  text: string,
  { kinds = knownKinds, asked = NONE, read }: FactOptions = {},
): void {
  index.addFile(file);
  if (KUSTOMIZATION.test(file)) {
    // One that cannot be read is reported where its patches are looked for.
    if (NAMES_OTHERS.test(text))
      for (const value of read ?? valuesIn(text)) index.addKustomization(file, value, (patch) => [...valuesIn(patch)]);
    return;
  }
  if (index.isPatch(file)) for (const value of valuesIn(text)) index.addPatch(file, value);
  const names = asked.size === 0 ? FACT_KINDS : new Set([...FACT_KINDS, ...asked]);
  const mayHold = [...names].some((kind) => text.includes(kind));
  if ((!mayHold && !MAY_BE_EVIDENCE.test(text)) || ownerOf(text)) return;
  let lines: LineIndex | undefined;
  let refused: ManifestError | undefined;
  for (const slice of splitDocuments(text)) {
    const isFact = mayHold && mayHoldFacts(text, slice, names);
    if (!isFact && !mayStateNeeds(text, slice, kinds) && !mayServeLowPort(text, slice)) continue;
    lines ??= indexLines(text);
    try {
      const document = parseManifest(lines, slice);
      if (document) index.add(file, lineAt(lines, document.root.start) + 1, detach(documentValue(document)));
    } catch (error) {
      if (!(error instanceof ManifestError)) throw error;
      // What a workload states can be done without.
      if (isFact) refused ??= error;
    }
  }
  if (refused) throw refused;
}

/** Keeps what a file says that is no manifest. One that cannot be read says nothing. */
export function addEvidence(index: GrowingRepoIndex, kind: EvidenceKind, file: string, text: string): void {
  if (kind === 'dockerfile') index.addDockerfile(file, text);
  else if (kind === 'origin') index.addOrigin(text);
  else if (kind === 'makefile') index.addMakefile(file, text);
  else if (kind === 'build-file') for (const value of valuesIn(text)) index.addBuildFile(file, value);
  // Few of them build images.
  else if (text.includes('build')) for (const value of valuesIn(text)) index.addWorkflow(file, value);
}

/** The values of the documents that can be read. */
function* valuesIn(text: string): Iterable<Json> {
  const lines = indexLines(text);
  for (const slice of splitDocuments(text)) {
    try {
      const document = parseDocument(lines, slice);
      if (document) yield detach(documentValue(document));
    } catch (error) {
      if (!(error instanceof ManifestError)) throw error;
    }
  }
}
