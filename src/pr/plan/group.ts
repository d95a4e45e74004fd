import { type DecidedFinding, highest } from '../../core/finding.js';
import type { FileResult } from '../../engine/types.js';
import { patchBetween } from '../../report/patch.js';
import { nameObject } from '../../report/text.js';
import type { Group, PrSettings, WorkloadOutlook } from '../types.js';
import { evaluateAlone, type FileToGroup, readyOf } from './alone.js';
import type { OwnersOf } from './codeowners.js';
import { countWorkloads, findingsOf, makeCommits, type Part } from './commits.js';
import { fingerprintOf } from './fingerprint.js';
import { inert } from './inert.js';
import { inLabelOrder, labelsOf, nameGroups, type Sha256 } from './labels.js';
import { withoutValues } from './redact.js';
import { titleOf } from './titles.js';

export interface GroupOptions extends Pick<PrSettings, 'groupBy' | 'commitType' | 'commitScope'> {
  readonly sha256: Sha256;
  /** By CODEOWNERS; without it, nobody owns anything. */
  readonly ownersOf?: OwnersOf;
  /** The folder that the run is limited to, from the repository's root; `.` for the root. */
  readonly inside?: string;
}

export interface Grouping {
  /** In the order in which they are worth opening. */
  readonly groups: readonly Group[];
  /** Files in which the changes of a group alone could not be proved: bugs of ours. The group goes on without them. */
  readonly failed: readonly FileResult[];
}

const NOBODY: OwnersOf = () => [];

/**
 * Puts what a run would change into groups, each for a branch of its own from the same base. Merged one after the other, each made
 * anew on what was merged before, they end where one run over everything ends.
 */
export function groupFindings(files: readonly FileToGroup[], options: GroupOptions): Grouping {
  const { groupBy, ownersOf = NOBODY } = options;
  const byLabel = new Map<string, Part[]>();
  const failed: FileResult[] = [];
  for (const file of files.toSorted((a, b) => (a.path < b.path ? -1 : 1))) {
    if (file.result.status !== 'changed') continue;
    for (const [label, result] of evaluateAlone(file, labelsOf(groupBy, file, ownersOf))) {
      if (result.status === 'failed') failed.push(result);
      if (result.status !== 'changed') continue;
      const parts = byLabel.get(label) ?? [];
      parts.push({ file, result });
      byLabel.set(label, parts);
    }
  }
  const labels = inLabelOrder(groupBy, byLabel.keys());
  const names = nameGroups(labels, options.sha256);
  const grouped = new Set([...byLabel.values()].flatMap((parts) => parts.flatMap(identify)));
  const groups = labels.map((label) => {
    const parts = byLabel.get(label) as Part[];
    return makeGroup(label, names.get(label) as string, parts, grouped, options);
  });
  return { groups, failed };
}

function identify({ file, result }: Part): readonly string[] {
  return readyOf(result).map(({ key }) => `${file.path}\0${key}`);
}

function makeGroup(
  label: string,
  name: string,
  parts: readonly Part[],
  grouped: ReadonlySet<string>,
  options: GroupOptions,
): Group {
  const findings = findingsOf(parts);
  const fingerprint = fingerprintOf(findings, options.sha256);
  const commits = makeCommits(parts, { name, fingerprint }, options);
  const where = whereOf(options, label);
  return {
    name,
    risk: highest(findings.map(({ finding }) => finding.risk)),
    title: titleOf(options, {
      // What there is most of, first.
      transforms: commits.toSorted((a, b) => b.changes - a.changes).map(({ transform }) => transform),
      workloads: countWorkloads(findings),
      ...(where !== undefined && { where }),
    }),
    commits,
    findings: findings.map(({ path, finding }) => inRepository(finding, path)),
    leaves: parts.flatMap((part) => leavesOf(part, grouped).map((finding) => inRepository(finding, part.file.path))),
    workloads: parts.flatMap(workloadsOf),
    diff: parts.map(({ file, result }) => patchBetween(file.path, file.text, result.text)).join(''),
    shown: parts.map(({ file, result }) => ({
      path: file.path,
      diff: patchBetween(file.path, withoutValues(file.text), withoutValues(result.text)),
    })),
    fingerprint,
    owners: [...new Set(parts.flatMap(({ file }) => options.ownersOf?.(file.path) ?? []))].sort(),
  };
}

function whereOf({ groupBy, inside = '.' }: GroupOptions, label: string): string | undefined {
  if (groupBy === 'directory') return label === 'root' ? ' in the root' : ` in ${inert(label, 60)}`;
  if (groupBy === 'owner') return label === 'unowned' ? ' without an owner' : ` of ${inert(label, 60)}`;
  return inside === '.' ? undefined : ` in ${inert(inside, 60)}`;
}

/** A session may look from another folder. */
function inRepository(finding: DecidedFinding, file: string): DecidedFinding {
  return finding.object.file === file ? finding : { ...finding, object: { ...finding.object, file } };
}

const WAITS = 'waits: what it does depends on another pull request';

/** What is not mended in the files of a group: all but what other groups mend. */
function leavesOf({ file, result }: Part, grouped: ReadonlySet<string>): readonly DecidedFinding[] {
  const isElsewhere = ({ key }: DecidedFinding) => grouped.has(`${file.path}\0${key}`);
  const left = result.findings.filter((finding) => finding.status !== 'ready' && !isElsewhere(finding));
  const seen = new Set(result.findings.map(({ key }) => key));
  // What the first look found and this one did not, and no other.
  const lost = readyOf(file.result).filter((finding) => !seen.has(finding.key) && !isElsewhere(finding));
  return [...left.map((finding) => (finding.status === 'declined' ? waiting(finding) : finding)), ...lost.map(waiting)];
}

function waiting(finding: DecidedFinding): DecidedFinding {
  return { ...finding, status: 'declined', reason: { code: 'DECLINED', text: WAITS } };
}

function workloadsOf({ file, result }: Part): readonly WorkloadOutlook[] {
  return result.objects.flatMap(({ ref, isChanged, isImmutable, podSecurity }) => {
    if (!isChanged || podSecurity === undefined) return [];
    const { now, after } = podSecurity;
    return [{ object: nameObject(ref), file: file.path, line: ref.line, now, after, isImmutable }];
  });
}
