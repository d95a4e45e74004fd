import { EngineError } from '../core/errors.js';
import { highest } from '../core/finding.js';
import type { Splice } from '../yaml/splice.js';
import { listFile } from './list-file.js';
import { failure } from './read.js';
import type { FileResult, LookAt, NewFile } from './types.js';

/**
 * The new files of a run, in order of their paths, and then the kustomizations that list them, each once. So whoever writes them in
 * this order and is stopped has at worst a file that nothing applies yet, which the next run lists.
 *
 * @param order ids of transforms, as they change files
 * @param lookAt gives the texts of the kustomizations
 * @param take told of each new file; who says no has not made it, so it is not listed
 */
export function completeFiles(
  wanted: readonly NewFile[],
  order: readonly string[],
  lookAt: LookAt,
  take: (result: FileResult) => boolean = () => true,
): readonly FileResult[] {
  const results: FileResult[] = [];
  const listed = new Map<string, NewFile[]>();
  for (const file of wanted.toSorted((a, b) => (a.path < b.path ? -1 : 1))) {
    const result = file.isThere ? undefined : createdFile(file);
    if (result) results.push(result);
    const { listing } = file;
    if ((result && !take(result)) || !listing) continue;
    listed.set(listing.kustomization, [...(listed.get(listing.kustomization) ?? []), file]);
  }
  const rank = (file: NewFile) => order.indexOf(file.for.transform);
  for (const [path, files] of [...listed].sort(([a], [b]) => (a < b ? -1 : 1))) {
    const ranked = files.toSorted((a, b) => rank(a) - rank(b));
    results.push(listAll(path, ranked, lookAt));
  }
  return results;
}

const NOTHING = { findings: [], objects: [], suppressions: [] };

function createdFile({ path, text, for: asked }: NewFile): FileResult {
  const { transform, risk } = asked;
  return {
    file: path,
    status: 'created',
    text,
    splices: [{ start: 0, end: 0, insert: text }],
    ...NOTHING,
    series: [{ transform, risk, changes: 1, text }],
    for: [asked],
  };
}

function listAll(path: string, files: readonly NewFile[], lookAt: LookAt): FileResult {
  const before = lookAt(path);
  if (before === undefined || before === 'taken') return failed(path, files, 'it is not there any more');
  const series: FileResult['series'][number][] = [];
  let { text } = before;
  for (const { listing, isThere, for: asked } of files) {
    const next = listFile(text, listing?.entry ?? '');
    if (next === undefined) return failed(path, files, `${listing?.entry} cannot be listed`);
    text = next;
    const last = series.at(-1)?.transform === asked.transform ? series.pop() : undefined;
    const changes = (last?.changes ?? 0) + (isThere ? 1 : 0);
    series.push({ transform: asked.transform, risk: highest([asked.risk, last?.risk ?? 'low']), changes, text });
  }
  return {
    file: path,
    status: text === before.text ? 'unchanged' : 'changed',
    text,
    splices: spliceBetween(before.text, text),
    ...NOTHING,
    series,
    for: files.map(({ for: asked }) => asked),
  };
}

function failed(file: string, files: readonly NewFile[], why: string): FileResult {
  const asked = files.map((each) => each.for);
  return { file, text: '', splices: [], ...NOTHING, series: [], for: asked, ...failure('', new EngineError('UNPROVEN', why)) };
}

/** One splice for what lies between the beginning and the end that two texts share. */
function spliceBetween(before: string, after: string): readonly Splice[] {
  if (before === after) return [];
  let start = 0;
  while (start < before.length && before[start] === after[start]) start++;
  let tail = 0;
  const most = Math.min(before.length, after.length) - start;
  while (tail < most && before[before.length - 1 - tail] === after[after.length - 1 - tail]) tail++;
  return [{ start, end: before.length - tail, insert: after.slice(start, after.length - tail) }];
}
