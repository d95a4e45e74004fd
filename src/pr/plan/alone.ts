import type { DecidedFinding } from '../../core/finding.js';
import type { Accept } from '../../engine/admit.js';
import type { FileResult } from '../../engine/types.js';

/** A file of which the first look has found something to mend. */
export interface FileToGroup {
  /** From the repository's root, with `/`. */
  readonly path: string;
  readonly text: string;
  /** With all that can be made, and the text after each transform (`series`). */
  readonly result: FileResult;
  /** The same with what is accepted alone. */
  readonly fix: (accept: Accept) => FileResult;
}

/** Which group a finding belongs to. */
export type LabelOf = (finding: DecidedFinding) => string;

/**
 * What becomes of a file in each of its groups, every one of which starts from the file as it is.
 *
 * A group holds its own findings by how *it* judges them: what is risky only without the changes of another group is not slipped
 * into a group of low risk, and what comes up only without them belongs where it says it does. Where a transform has more than one
 * thing to say of a container, a later one is not made before an earlier one. So a finding may be in none; it waits
 * until another group is merged. The first finding that can be made at all is always in one, so all is made in the end.
 */
export function evaluateAlone(file: FileToGroup, labelOf: LabelOf): ReadonlyMap<string, FileResult> {
  const labels = new Set(readyOf(file.result).map(labelOf));
  const results = new Map<string, FileResult>();
  if (labels.size === 1) {
    for (const label of labels) results.set(label, file.result);
    return results;
  }
  // What one group shows may belong to a group that the first look did not know of.
  for (const label of labels) {
    const result = evaluateOne(file, label, labelOf);
    results.set(label, result);
    for (const finding of result.findings) if (finding.status === 'declined') labels.add(labelOf(finding));
  }
  return results;
}

function evaluateOne(file: FileToGroup, label: string, labelOf: LabelOf): FileResult {
  const wanted = new Set(
    readyOf(file.result)
      .filter((finding) => labelOf(finding) === label)
      .map(({ key }) => key),
  );
  const unwanted = new Set<string>();
  // Each round takes a finding in for the first time, or puts it out for good.
  for (;;) {
    const result = file.fix((key) => wanted.has(key));
    const declined = new Set<string>();
    let isSettled = true;
    for (const finding of result.findings) {
      const { key, status } = finding;
      const isOwn = labelOf(finding) === label;
      if (status === 'ready' && (!isOwn || declined.has(placeOf(finding)))) {
        unwanted.add(key);
        wanted.delete(key);
        isSettled = false;
      } else if (status === 'declined' && isOwn && !unwanted.has(key)) {
        wanted.add(key);
        isSettled = false;
      } else if (status === 'declined') declined.add(placeOf(finding));
    }
    if (isSettled) return result;
  }
}

/** What a transform says of one container, it says in an order that counts: limits without requests are requests, too. */
function placeOf({ transform, object, subject }: DecidedFinding): string {
  return JSON.stringify([transform, object.document, object.root, subject]);
}

/** What is made of a file; what comes with another finding is made where that is. */
export function readyOf({ findings }: FileResult): readonly DecidedFinding[] {
  return findings.filter((finding) => finding.status === 'ready' && !comesWithAnother(finding));
}

function comesWithAnother({ changes, created = [] }: DecidedFinding): boolean {
  return created.length > 0 && changes.length === 0 && created.every(({ isShared }) => isShared);
}
