import type { FileVerdict, ObjectVerdict } from '../engine/types.js';
import type { PodSecurityLevel } from '../kube/versions/types.js';
import type { Colors } from './colors.js';
import { objectToJson } from './json.js';
import { count, formatLeftAlone, joinParts } from './summary.js';
import { createLeftTally, type LeftCounts, type LeftEntry, type Trouble } from './tally.js';
import { nameObject } from './text.js';
import { visible } from './visible.js';
import { wrap } from './wrap.js';

/** What a level says of the files, added up: each file and each workload is in exactly one of the numbers. */
export interface VerdictSummary extends LeftCounts {
  /** Files that were taken for manifests: judged, refused, failed or unreadable. */
  readonly files: number;
  readonly workloads: number;
  readonly passing: number;
  readonly refused: number;
  /** Files on which we failed: bugs. */
  readonly failed: number;
  /** Files and folders that the system would not let us read. */
  readonly troubles: number;
}

/** What it is judged by. */
export interface VerdictOrder {
  readonly level: PodSecurityLevel;
  readonly includeSystem: boolean;
  /** `1.31`, `1.28-1.33` */
  readonly kubernetesVersion: string;
}

export interface VerdictTally {
  add(verdict: FileVerdict): void;
  addLeft(entry: LeftEntry): void;
  addUnread(): void;
  summary(): VerdictSummary;
}

export function createVerdictTally(): VerdictTally {
  const counts = { files: 0, workloads: 0, passing: 0, refused: 0, failed: 0, troubles: 0 };
  const left = createLeftTally();
  return {
    add(file) {
      if (file.left) {
        left.addFile(file.left.code);
        return;
      }
      counts.files++;
      if (file.status === 'refused' || file.status === 'failed') counts[file.status]++;
      for (const object of file.objects) {
        if (object.left !== undefined) left.addObject(object.left);
        else counts.workloads++;
        if (passes(object)) counts.passing++;
      }
    },
    addLeft: left.addEntry,
    addUnread() {
      counts.files++;
      counts.troubles++;
    },
    summary: () => ({ ...counts, ...left.summary() }),
  };
}

/** `undefined` for what was not judged. */
function passes({ left, failed }: ObjectVerdict): boolean | undefined {
  return left === undefined ? failed.length === 0 : undefined;
}

export interface VerdictOptions {
  readonly colors: Colors;
  readonly isVerbose: boolean;
  /** The oldest version that is judged by: what a newer one alone forbids says so. */
  readonly from: string;
  readonly width?: number;
}

/** The workloads of a file that fail, each with its checks; ends in a newline, empty where there is nothing to say. */
export function formatVerdict({ file, objects }: FileVerdict, options: VerdictOptions): string {
  return objects.map((object) => formatObject(visible(file), object, options)).join('');
}

/** The columns in front of a check's name. */
const MARGIN = 2 + 10 + 2;
/** The columns in front of a check's words. */
const COLUMN = MARGIN + 'hostProbesAndHostLifecycle'.length + 2;
/** With less room than this beside the name, the words go below it. */
const ROOM = 48;

function formatObject(name: string, { ref, left, failed }: ObjectVerdict, options: VerdictOptions): string {
  const { colors, isVerbose, from, width } = options;
  const head = `${colors.strong(`${name}:${ref.line}`)} · ${visible(nameObject(ref))}`;
  if (left !== undefined) return isVerbose ? `${head}  ${colors.faint(`left alone: ${visible(left)}`)}\n` : '';
  if (failed.length === 0) return isVerbose ? `${head}  ${colors.low('passes')}\n` : '';
  const rows = failed.map(({ id, level, line, detail, version }) => {
    const since = `1.${version.minor}`;
    const words = `line ${line}: ${visible(detail)}${since === from ? '' : ` (from Kubernetes ${since})`}`;
    const isBelow = width !== undefined && width - COLUMN < ROOM;
    const column = isBelow ? MARGIN : COLUMN;
    const text = wrap(words, width && width - column).join(`\n${' '.repeat(column)}`);
    const color = level === 'baseline' ? colors.high : colors.medium;
    const name = isBelow ? `${id}\n${' '.repeat(column)}` : id.padEnd(COLUMN - MARGIN);
    return `  ${color(level.padEnd(MARGIN - 2))}${name}${text}\n`;
  });
  return `${head}\n${rows.join('')}`;
}

/** `restricted (Kubernetes 1.35-1.37): 3 of 9 workloads pass · 6 fail · 12 files`, and what was left alone. */
export function formatVerdictSummary(
  { level, kubernetesVersion }: VerdictOrder,
  summary: VerdictSummary,
  { colors, isVerbose, width }: Omit<VerdictOptions, 'from'>,
): string {
  const { files, workloads, passing, refused, failed, troubles } = summary;
  const failing = workloads - passing;
  const passed = `${passing} of ${count(workloads, 'workload')} ${passing === 1 ? 'passes' : 'pass'}`;
  const parts = [
    `${level} (Kubernetes ${kubernetesVersion}): ${workloads === 0 ? 'no workload to judge' : passed}`,
    failing === 0 ? '' : colors.strong(`${failing} ${failing === 1 ? 'fails' : 'fail'}`),
    count(files, 'file'),
    refused === 0 ? '' : colors.error(`${refused} refused`),
    failed === 0 ? '' : colors.error(`${failed} not judged`),
    troubles === 0 ? '' : colors.error(`${troubles} could not be read`),
  ];
  return joinParts(parts, width) + formatLeftAlone(summary, isVerbose, width && width - 2);
}

/** The version of the document's shape, as that of the other report. */
const FORMAT = 1;

export interface VerdictReport extends VerdictOrder {
  readonly version: string;
  readonly files: readonly FileVerdict[];
  readonly left: readonly LeftEntry[];
  readonly troubles: readonly Trouble[];
  readonly summary: VerdictSummary;
}

/** One JSON document with every workload and the checks that it fails; `docs/check-pss.schema.json` says what it holds. */
export function formatVerdictJson(report: VerdictReport): string {
  const { version, level, includeSystem, kubernetesVersion, files, left, troubles, summary } = report;
  const document = {
    format: FORMAT,
    tool: { name: 'kubemend', version },
    options: { level, includeSystem, kubernetesVersion },
    files: files.map(fileToJson),
    left,
    troubles,
    summary,
  };
  return `${JSON.stringify(document, null, 2)}\n`;
}

function fileToJson({ file, status, objects, left, error, bug }: FileVerdict) {
  return {
    path: file,
    status,
    left,
    error: error && { code: error.code, message: error.message, ...error.position },
    bug,
    objects: objects.map((object) => ({
      ...objectToJson(object.ref),
      left: object.left,
      passes: passes(object),
      failed: object.failed.map(({ id, level, reason, detail, line, paths, version }) => ({
        check: id,
        level,
        reason,
        detail,
        line,
        paths,
        since: `1.${version.minor}`,
      })),
    })),
  };
}
