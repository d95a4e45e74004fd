import type { DecidedFinding, ObjectRef, Risk } from '../core/finding.js';
import { formatPath } from '../core/json.js';
import type { SuppressionNote } from '../engine/types.js';
import type { FileReport, LeftEntry, Summary, Trouble } from './tally.js';

/** The version of the document's shape: counts up when something a reader may rely on goes or changes. */
const FORMAT = 1;

/** What is asked for, of a run or of a file. */
export interface JsonAsked {
  readonly profile: string;
  readonly transforms: readonly string[];
  readonly maxRisk: Risk;
  readonly includeSystem: boolean;
  /** `1.31`, `1.28-1.33` */
  readonly kubernetesVersion: string;
}

export interface JsonReport extends JsonAsked {
  readonly version: string;
  /** What is asked for of a file, where that differs from what is asked of the run. */
  readonly askedOf: (file: string) => JsonAsked | undefined;
  /** Which part was looked at, and what was known before, where that was said. */
  readonly since?: string;
  readonly staged?: boolean;
  readonly wholeFiles?: boolean;
  readonly baseline?: string;
  readonly files: readonly FileReport[];
  readonly left: readonly LeftEntry[];
  readonly troubles: readonly Trouble[];
  /** What is said of suppressions of the configuration. */
  readonly suppressions: readonly SuppressionNote[];
  readonly summary: Summary;
}

/** One JSON document; `docs/report.schema.json` says what it holds. Values of a manifest are in it only where a change writes them. */
export function formatJson(report: JsonReport): string {
  const {
    version,
    profile,
    transforms,
    maxRisk,
    includeSystem,
    kubernetesVersion,
    files,
    left,
    troubles,
    suppressions,
    summary,
  } = report;
  const { since, staged, wholeFiles, baseline } = report;
  const document = {
    format: FORMAT,
    tool: { name: 'kubemend', version },
    options: {
      profile,
      transforms,
      maxRisk,
      includeSystem,
      kubernetesVersion,
      since,
      staged: staged || undefined,
      wholeFiles: wholeFiles || undefined,
      baseline,
    },
    files: files.map((file) => fileToJson(file, report.askedOf(file.file))),
    left,
    troubles,
    suppressions: suppressions.map(({ file, line, kind, text }) => ({ path: file, line, kind, text })),
    summary,
  };
  return `${JSON.stringify(document, null, 2)}\n`;
}

function fileToJson(
  { file, status, isWritten, findings, objects, suppressions, left, error, bug }: FileReport,
  options: JsonAsked | undefined,
) {
  return {
    path: file,
    status,
    options,
    written: isWritten,
    left,
    error: error && { code: error.code, message: error.message, ...error.position },
    bug,
    objects: objects.map(({ ref, isWorkload, isImmutable, isChanged, left, podSecurity }) => ({
      ...objectToJson(ref),
      isWorkload,
      isImmutable,
      isChanged,
      left,
      podSecurity,
    })),
    findings: findings.map(findingToJson),
    suppressions: suppressions.map(({ line, kind, text }) => ({ line, kind, text })),
  };
}

export function objectToJson({ document, root, line, apiVersion, kind, namespace, name }: ObjectRef) {
  return { apiVersion, kind, namespace, name, line, document, root };
}

function findingToJson(finding: DecidedFinding) {
  const { transform, alsoBy, rule, status, risk, line, object, path, subject, message, evidence, reason } = finding;
  const { changes, creates, created, lostComments } = finding;
  return {
    transform,
    alsoBy,
    rule,
    status,
    risk,
    line,
    object: objectToJson(object),
    path,
    field: formatPath(path),
    subject,
    message,
    evidence,
    reason,
    changes,
    creates,
    created,
    lostComments,
  };
}
