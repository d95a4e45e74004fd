import { highest } from '../../core/finding.js';
import type { FileResult } from '../../engine/types.js';
import { count } from '../../report/summary.js';
import { explain, nameObject } from '../../report/text.js';
import { wrap } from '../../report/wrap.js';
import { transformOrder } from '../../session.js';
import type { CommitPlan, PrSettings } from '../types.js';
import { type FileToGroup, readyOf } from './alone.js';
import type { FindingInFile } from './fingerprint.js';
import { inert } from './inert.js';
import { TITLE_WIDTH, titleOf } from './titles.js';

/** A file of a group, with what the group makes of it. */
export interface Part {
  readonly file: FileToGroup;
  readonly result: FileResult;
}

/** What the commits of a group say of it, so that a branch tells what it was made for. */
export interface GroupMark {
  readonly name: string;
  readonly fingerprint: string;
}

/** Findings that a message lists; a log is no report. */
const LISTED = 100;

/** One commit for each transform that changes something, in the order in which they do. */
export function makeCommits(
  parts: readonly Part[],
  mark: GroupMark,
  settings: Pick<PrSettings, 'commitType' | 'commitScope'>,
): readonly CommitPlan[] {
  const texts = new Map(parts.map(({ file }) => [file.path, file.text]));
  const commits: CommitPlan[] = [];
  for (const transform of transformOrder) {
    const files = new Map<string, string>();
    for (const { file, result } of parts) {
      const text = result.series.find((step) => step.transform === transform)?.text;
      // What an earlier transform asked for, too, is done already.
      if (text !== undefined && text !== texts.get(file.path)) files.set(file.path, text);
    }
    if (files.size === 0) continue;
    for (const [path, text] of files) texts.set(path, text);
    const findings = findingsOf(parts, transform);
    const title = titleOf(settings, { transforms: [transform], workloads: countWorkloads(findings) });
    commits.push({
      transform,
      title,
      message: `${title}\n\n${formatFindings(findings)}\n\n${formatTrailers(mark)}`,
      risk: highest(findings.map(({ finding }) => finding.risk)),
      changes: findings.length,
      files,
    });
  }
  return commits;
}

/** The ready findings of a group, with the file of each. */
export function findingsOf(parts: readonly Part[], transform?: string): readonly FindingInFile[] {
  return parts.flatMap(({ file, result }) =>
    readyOf(result)
      .filter((finding) => transform === undefined || finding.transform === transform)
      .map((finding) => ({ path: file.path, finding })),
  );
}

export function countWorkloads(findings: readonly FindingInFile[]): number {
  return new Set(findings.map(({ path, finding: { object } }) => JSON.stringify([path, object.document, object.root]))).size;
}

function formatFindings(findings: readonly FindingInFile[]): string {
  const items = findings.slice(0, LISTED).map(({ path, finding }) => {
    const place = `${inert(path)}: ${inert(nameObject(finding.object))}`;
    return [...indented(place, '- '), ...indented(inert(explain(finding)), '  ')].join('\n');
  });
  const more = findings.length - items.length;
  return [...items, ...(more > 0 ? [`- and ${count(more, 'more finding')}`] : [])].join('\n');
}

/** No line begins with what is in a manifest: git, GitLab and pipelines read commands and trailers there. */
function indented(text: string, first: string): readonly string[] {
  return wrap(text, TITLE_WIDTH - 2).map((line, index) => (index === 0 ? first : '  ') + line);
}

function formatTrailers({ name, fingerprint }: GroupMark): string {
  return `Kubemend-Group: ${name}\nKubemend-Fingerprint: ${fingerprint}\n`;
}
