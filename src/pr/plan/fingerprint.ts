import type { DecidedFinding } from '../../core/finding.js';
import type { Json } from '../../core/json.js';
import { entryOf } from '../../report/baseline.js';
import type { Sha256 } from './labels.js';

/** A finding and the file that it is in, from the repository's root. */
export interface FindingInFile {
  readonly path: string;
  readonly finding: DecidedFinding;
}

/**
 * What a group changes, in 64 digits: the same where lines, files or items of lists only moved; another one where a change came,
 * went or writes another value.
 */
export function fingerprintOf(findings: readonly FindingInFile[], sha256: Sha256): string {
  return sha256(findings.map(describe).sort().join('\n'));
}

function describe({ path, finding }: FindingInFile): string {
  const { file, object, transform, subject } = entryOf(finding, path);
  const changes = finding.changes.map((change) => [
    change.op,
    // The subject names the item; its place in the list is nobody's business.
    change.path.map((step) => (typeof step === 'number' ? '*' : step)),
    'value' in change ? sortKeys(change.value) : null,
  ]);
  return JSON.stringify([file, object, transform, subject, changes]);
}

function sortKeys(value: Json): Json {
  if (Array.isArray(value)) return value.map(sortKeys);
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  return Object.fromEntries(entries.map(([key, inner]) => [key, sortKeys(inner)]));
}
