import { join } from 'node:path';
import type { DecidedFinding } from '../../src/core/finding.js';
import { isList, isObject, type Path, valueAt } from '../../src/core/json.js';
import type { FileResult, ObjectResult } from '../../src/engine/types.js';
import { findPodTemplate, type ObjectAt } from '../../src/kube/kinds.js';
import { evaluateObject } from '../../src/kube/pod-security/evaluate.js';
import type { PodSecurityLevel } from '../../src/kube/versions/types.js';
import { formatVersion } from '../../src/kube/versions/versions.js';
import { transforms } from '../../transforms/registry.js';
import type { CorpusFile } from '../corpus/files.js';
import { checkOf } from '../evaluator/compare.js';
import { objectsOf, placeOf } from '../evaluator/judge.js';
import { judge, NEWEST, type OracleLine } from './ask.js';
import { withFolder, writeTree } from './folders.js';
import { mend, textsOf } from './mend.js';
import { type Outcome, percent, table } from './print.js';

/** How many pods reach a level, and what stands in the way of the others. */
export interface Reach {
  readonly level: PodSecurityLevel;
  readonly pods: number;
  readonly before: number;
  readonly after: number;
  /** Pods that a run may change, and that mount no volume that the level forbids. */
  readonly candidates: number;
  readonly candidatesAfter: number;
  /** By code, of how many pods it keeps some check from being met. One pod may have several. */
  readonly codes: ReadonlyMap<string, number>;
}

/** A pod that Kubernetes judges, and what our run said of it. */
interface Pod {
  readonly where: string;
  readonly line: OracleLine;
  readonly result: FileResult | undefined;
  readonly object: ObjectResult | undefined;
  readonly findings: readonly DecidedFinding[];
  /** As we read it, before and after; absent where we refuse the file. */
  readonly before: ObjectAt | undefined;
  readonly after: ObjectAt | undefined;
}

/** Hardens real manifests for a level at any risk. Each pod must reach it, or be accounted for by codes of a closed list. */
export function checkReach(
  oracle: string,
  files: readonly CorpusFile[],
  level: PodSecurityLevel,
): Outcome & { readonly reach: Reach } {
  const results = mend(files, { profile: `pss-${level}`, maxRisk: 'high' });
  const verdicts = (texts: readonly CorpusFile[]) => judgeTexts(oracle, texts, level);
  const linesBefore = verdicts(files);
  const linesAfter = verdicts(textsOf(results));
  const before = readObjects(files);
  const after = readObjects(textsOf(results));
  const codes = new Map<string, number>();
  const listed: string[] = [];
  const faults: string[] = [];
  const counts = { pods: 0, before: 0, after: 0, candidates: 0, candidatesAfter: 0 };
  for (const [place, line] of linesAfter) {
    if (line.psa === undefined) continue;
    const pod = podAt(place, line, results.get(line.file), before.get(place), after.get(place));
    const isReached = forbiddenOf(line).length === 0;
    const isMounted = mountsForbidden(pod, level);
    const isCandidate = isOurs(pod) && !isMounted;
    counts.pods++;
    const old = linesBefore.get(place);
    if (old?.psa !== undefined && forbiddenOf(old).length === 0) counts.before++;
    if (isReached) counts.after++;
    if (isCandidate) counts.candidates++;
    if (isCandidate && isReached) counts.candidatesAfter++;
    if (isReached) continue;
    const reasons = explain(pod, level);
    const found = new Set([...reasons.values()].flat());
    for (const code of found) codes.set(code, (codes.get(code) ?? 0) + 1);
    const text = `${pod.where}: ${[...reasons].map(([check, of]) => `${check} ${of.join('+')}`).join(', ')}`;
    listed.push(text);
    if (found.has('UNEXPLAINED')) faults.push(`pss-${level}: ${text}`);
    if (found.has('IN_USE') && !isMounted) faults.push(`pss-${level}: IN_USE, though nothing mounts such a volume: ${text}`);
  }
  const inOrder = new Map([...codes].sort(([a, times], [b, others]) => others - times || (a < b ? -1 : 1)));
  const reach = { level, ...counts, codes: inOrder };
  return { lines: print(reach, listed), faults, reach };
}

function print({ level, pods, before, after, candidates, candidatesAfter, codes }: Reach, listed: readonly string[]): string[] {
  const head = [`pss-${level}, --max-risk high, judged by ${formatVersion(NEWEST)}`, 'pods', 'before', 'after', 'share'];
  const rows = [
    ['all pods', pods, before, after, percent(after, pods)],
    ['may be changed, and mount no forbidden volume', candidates, '', candidatesAfter, percent(candidatesAfter, candidates)],
  ];
  return [
    ...table(
      head,
      rows.map((row) => row.map(String)),
    ),
    ...[...codes].map(([code, times]) => `  ${code.padEnd(16)} ${times}`),
    ...listed.map((line) => `    ${line}`),
  ];
}

function judgeTexts(oracle: string, files: readonly CorpusFile[], level: PodSecurityLevel): ReadonlyMap<string, OracleLine> {
  return withFolder((folder) => {
    writeTree(folder, files);
    const lines = judge(oracle, folder, { levels: [level], versions: [`v${formatVersion(NEWEST)}`] });
    const inFolder = lines.map((line) => ({ ...line, file: line.file.slice(join(folder, '/').length) }));
    return new Map(inFolder.map((line) => [placeOf(line.file, line.doc, line.item), line]));
  });
}

function readObjects(files: readonly CorpusFile[]): ReadonlyMap<string, ObjectAt & { readonly document: number }> {
  const found = new Map<string, ObjectAt & { readonly document: number }>();
  for (const { path, text } of files) {
    for (const { document, item, object } of objectsOf(text)) found.set(placeOf(path, document, item), { ...object, document });
  }
  return found;
}

function podAt(
  place: string,
  line: OracleLine,
  result: FileResult | undefined,
  before: (ObjectAt & { readonly document: number }) | undefined,
  after: ObjectAt | undefined,
): Pod {
  const [file, document, item] = place.split('\n');
  const where = `${file} #${document}${item === '-1' ? '' : `.${item}`} ${line.kind} ${line.name}`;
  const isIt = (ref: { document: number; root: Path }) =>
    before !== undefined && ref.document === before.document && ref.root.join('.') === before.root.join('.');
  const object = result?.objects.find(({ ref }) => isIt(ref));
  const findings = result?.findings.filter((finding) => isIt(finding.object)) ?? [];
  return { where, line, result, object, findings, before, after };
}

function forbiddenOf({ psa = {} }: OracleLine): readonly string[] {
  return Object.values(psa).flatMap(({ forbidden = [] }) => forbidden.map(({ reason }) => reason));
}

/** Whether a run may change it: a whole object, in a file that can be read and that no program writes. */
function isOurs({ result, object }: Pod): boolean {
  return result?.left === undefined && result?.error === undefined && object !== undefined && object.left === undefined;
}

/** The codes that say why each failing check is not met. */
function explain(pod: Pod, level: PodSecurityLevel): ReadonlyMap<string, readonly string[]> {
  const { result, object } = pod;
  const all = whyLeft(result, object);
  const reasons = forbiddenOf(pod.line);
  return new Map(
    reasons.map((reason) => {
      const check = checkOf(reason, level, NEWEST);
      const codes = all === undefined && check !== undefined ? codesFor(pod, check, level) : [all ?? 'UNEXPLAINED'];
      return [check ?? reason, codes];
    }),
  );
}

/** Why nothing of the object is looked at; `undefined` where it is. */
function whyLeft(result: FileResult | undefined, object: ObjectResult | undefined): string | undefined {
  if (result === undefined || result.status === 'failed') return 'UNEXPLAINED';
  if (result.status === 'refused') return 'UNREADABLE';
  if (result.left !== undefined) return result.left.code;
  if (object === undefined) return 'UNEXPLAINED';
  return object.left === undefined ? undefined : 'PARTIAL';
}

/** What the findings of the transforms that mend the check say; each container that fails it must be accounted for. */
function codesFor({ findings, after }: Pod, check: string, level: PodSecurityLevel): readonly string[] {
  const menders = transforms.filter(({ checks = [] }) => checks.some((id) => id === check)).map(({ id }) => id);
  const open = findings.filter(({ transform, status }) => status !== 'ready' && menders.includes(transform));
  const places = after === undefined ? [] : placesOf(after, check, level);
  const isExplained = open.length > 0 && places.every((place) => open.some(({ path }) => isNear(path, place)));
  const codes = new Set(open.map(({ reason }) => reason?.code ?? 'UNEXPLAINED'));
  return isExplained ? [...codes].sort() : [...codes, 'UNEXPLAINED'];
}

/** The containers that fail a check, from the object's root. What fails elsewhere has no place: any finding may be about it. */
function placesOf(object: ObjectAt, check: string, level: PodSecurityLevel): readonly Path[] {
  const spec = findPodTemplate(object.value, object)?.podSpec ?? [];
  const failed = evaluateObject(object.value, level, NEWEST, object)?.find(({ id }) => id === check);
  const paths = failed?.allowed === false ? failed.paths : [];
  return paths
    .filter((path) => ['containers', 'initContainers'].includes(String(path[spec.length])) && path.length > spec.length + 1)
    .map((path) => path.slice(0, spec.length + 2));
}

/** Whether one is at or above the other. */
function isNear(a: Path, b: Path): boolean {
  return a.slice(0, b.length).join('\n') === b.slice(0, a.length).join('\n');
}

/** Whether a container mounts a volume of a type that the level forbids. */
function mountsForbidden({ before }: Pod, level: PodSecurityLevel): boolean {
  if (before === undefined) return false;
  const check = level === 'baseline' ? 'hostPathVolumes' : 'restrictedVolumes';
  const failed = evaluateObject(before.value, level, NEWEST, before)?.find(({ id }) => id === check);
  const template = findPodTemplate(before.value, before);
  if (failed?.allowed !== false || template === undefined) return false;
  const { podSpec } = template;
  const names = failed.paths.map((path) => valueAt(before.value, [...path.slice(0, podSpec.length + 2), 'name']));
  const mounts = ['containers', 'initContainers'].flatMap((list) => itemsOf(valueAt(before.value, [...podSpec, list])));
  const uses = mounts.flatMap((container) => [...itemsOf(container.volumeMounts), ...itemsOf(container.volumeDevices)]);
  return uses.some(({ name }) => names.includes(name));
}

function itemsOf(value: Parameters<typeof isList>[0]) {
  return isList(value) ? value.filter(isObject) : [];
}
