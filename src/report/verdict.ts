import type { FileVerdict, ObjectVerdict } from '../engine/types.js';
import type { PodSecurityLevel } from '../kube/versions/types.js';
import type { Colors } from './colors.js';
import { count } from './summary.js';
import type { LeftEntry, Trouble } from './tally.js';
import { nameObject } from './text.js';
import { visible } from './visible.js';
import { wrap } from './wrap.js';

/** What a level says of the files, added up. */
export interface VerdictSummary {
  readonly level: PodSecurityLevel;
  /** `1.31`, `1.28-1.33` */
  readonly kubernetesVersion: string;
  readonly files: number;
  readonly workloads: number;
  readonly passing: number;
  /** Objects and files that were not judged. */
  readonly left: number;
  readonly refused: number;
  readonly troubles: number;
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

/** The columns in front of a check's words. */
const COLUMN = 2 + 10 + 2 + 'hostProbesAndHostLifecycle'.length + 2;

function formatObject(name: string, { ref, left, failed }: ObjectVerdict, options: VerdictOptions): string {
  const { colors, isVerbose, from, width } = options;
  const head = `${colors.strong(`${name}:${ref.line}`)} · ${visible(nameObject(ref))}`;
  if (left !== undefined) return isVerbose ? `${head}  ${colors.faint(`left alone: ${visible(left)}`)}\n` : '';
  if (failed.length === 0) return isVerbose ? `${head}  ${colors.low('passes')}\n` : '';
  const rows = failed.map(({ id, level, line, detail, version }) => {
    const since = `1.${version.minor}`;
    const words = `line ${line}: ${visible(detail)}${since === from ? '' : ` (from Kubernetes ${since})`}`;
    const lines = wrap(words, width === undefined ? undefined : width - COLUMN);
    const color = level === 'baseline' ? colors.high : colors.medium;
    return `  ${color(level.padEnd(12))}${id.padEnd(COLUMN - 14)}${lines.join(`\n${' '.repeat(COLUMN)}`)}\n`;
  });
  return `${head}\n${rows.join('')}`;
}

/** `restricted (Kubernetes 1.35-1.37): 3 of 9 workloads pass, 6 fail` */
export function formatVerdictSummary(summary: VerdictSummary, colors: Colors): string {
  const { level, kubernetesVersion, files, workloads, passing, left, refused, troubles } = summary;
  const failing = workloads - passing;
  const parts = [
    `${level} (Kubernetes ${kubernetesVersion}): ${passing} of ${count(workloads, 'workload')} ${passing === 1 ? 'passes' : 'pass'}`,
    failing === 0 ? '' : colors.strong(`${failing} ${failing === 1 ? 'fails' : 'fail'}`),
    count(files, 'file'),
    left === 0 ? '' : `${left} left alone`,
    refused === 0 ? '' : colors.error(`${refused} refused`),
    troubles === 0 ? '' : colors.error(`${troubles} could not be read`),
  ];
  return `${parts.filter((part) => part !== '').join(' · ')}\n`;
}

/** The version of the document's shape, as that of the other report. */
const FORMAT = 1;

/** One JSON document with every workload and the checks that it fails. */
export function formatVerdictJson(
  version: string,
  summary: VerdictSummary,
  files: readonly FileVerdict[],
  left: readonly LeftEntry[],
  troubles: readonly Trouble[],
): string {
  const document = { format: FORMAT, tool: { name: 'kubemend', version }, files: files.map(fileToJson), left, troubles, summary };
  return `${JSON.stringify(document, null, 2)}\n`;
}

function fileToJson({ file, status, objects, left, error, bug }: FileVerdict) {
  return {
    path: file,
    status,
    left,
    error: error && { code: error.code, message: error.message, ...error.position },
    bug,
    objects: objects.map(({ ref, left, failed }) => ({
      apiVersion: ref.apiVersion,
      kind: ref.kind,
      namespace: ref.namespace,
      name: ref.name,
      line: ref.line,
      document: ref.document,
      root: ref.root,
      left,
      passes: left === undefined ? failed.length === 0 : undefined,
      failed: failed.map(({ id, level, reason, detail, line, paths, version }) => ({
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
