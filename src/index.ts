/**
 * kubemend as a library: texts in, texts, findings and verdicts out. Needs no Node API, reads no clock, runs in a browser.
 */

import type { FileResult, FileVerdict, SuppressionNote } from './engine/types.js';
import { readDockerfile } from './kube/facts/dockerfile.js';
import type { PodSecurityLevel } from './kube/versions/types.js';
import { createTally, type Summary } from './report/tally.js';
import { createSession, inSurveyOrder, type SessionOptions } from './session.js';

export type { Profile } from '../transforms/profiles.js';
export type { Change } from './core/change.js';
export { EngineError, ManifestError, type Position, type RefusalCode, UsageError } from './core/errors.js';
export type { CreatedPlace, DecidedFinding, Finding, ObjectRef, ReasonCode, Risk, Status } from './core/finding.js';
export type { Json, JsonObject, Path } from './core/json.js';
export type {
  Deed,
  FileResult,
  FileRole,
  FileVerdict,
  FindingIdentity,
  Known,
  LeftCode,
  LookAt,
  NewFile,
  ObjectResult,
  ObjectVerdict,
  PodSecurityOutlook,
  Role,
  SuppressionNote,
  Touched,
} from './engine/types.js';
export { readDockerfile } from './kube/facts/dockerfile.js';
export type { DigestOf } from './kube/images/full-name.js';
export type { Confidence, ExecGain, HostAccess, ImageEntry, ImageFacts, MemoryClass, NonRootFacts } from './kube/images/types.js';
export type { CustomKind } from './kube/kinds/custom.js';
export { evaluateObject, evaluatePodSecurity, reachedLevel } from './kube/pod-security/evaluate.js';
export type { CheckResult, FailedCheck, ReachedLevel, Violation } from './kube/pod-security/types.js';
export type { DockerfileFacts, DockerfileReader } from './kube/repo-facts.js';
export type { Setting, SettingValue, SettingValues } from './kube/settings.js';
export type { Controls } from './kube/types.js';
export type { CheckId, KubernetesVersion, PodSecurityLevel, VersionRange } from './kube/versions/types.js';
export { formatRange, formatVersion, parseVersion, parseVersionRange, SUPPORTED_RANGE } from './kube/versions/versions.js';
export { patchOf } from './report/patch.js';
export type { LevelCounts, PodSecuritySummary, Summary } from './report/tally.js';
export {
  type ConfiguredSuppression,
  createSession,
  type GivenSettings,
  type PathOptions,
  profiles,
  type Session,
  type SessionOptions,
  type TransformInfo,
  transforms,
} from './session.js';
export { VERSION } from './version.js';
export type { Splice } from './yaml/splice.js';

/** The text of one file, its byte order mark and line ends included. */
export interface SourceFile {
  /** Relative to one folder for all files, with `/`: it says which file is a patch, or belongs to a chart. */
  readonly path: string;
  readonly text: string;
}

/**
 * Hardens manifests. Files are judged together: a binding in one file keeps the token of a workload in another.
 *
 * A file that cannot be read is an outcome (`status: 'refused'`), not an exception.
 * @returns one result for each file, in the order given; behind them one for each new file and, once more, for each kustomization that
 * lists one; and their sum
 * @throws {UsageError} when an option names a profile, transform, setting or version that does not exist
 */
export function fix(
  files: readonly SourceFile[],
  options: SessionOptions = {},
): {
  readonly files: readonly FileResult[];
  /** What there is to say of `options.suppressions`, the files being all that there are. */
  readonly suppressions: readonly SuppressionNote[];
  readonly summary: Summary;
} {
  const texts = new Map(files.map(({ path, text }) => [path, { text }]));
  const session = createSession({ readDockerfile, lookAt: (path) => texts.get(path), ...options });
  for (const { path, text } of inSurveyOrder(files, ({ path }) => path)) session.survey(path, text);
  if (session.awaiting().length > 0) for (const { path, text } of files) session.weigh(path, text);
  const results = files.map(({ path, text }) => session.fix(path, text));
  results.push(...session.complete());
  const tally = createTally();
  for (const result of results) tally.add(result);
  const suppressions = session.finish(['.']);
  tally.addNotes(suppressions);
  return { files: results, suppressions, summary: tally.summary() };
}

/**
 * Which checks of a level of the Pod Security Standards the workloads of the files fail, as they are. Files are judged together: one
 * says which other is a patch.
 *
 * A file that cannot be read is an outcome (`status: 'refused'`), not an exception.
 * @returns one verdict for each file, in the order given
 * @throws {UsageError} for a version that does not exist
 */
export function judge(
  files: readonly SourceFile[],
  level: PodSecurityLevel,
  options: Pick<SessionOptions, 'kubernetesVersion' | 'includeSystem' | 'kinds' | 'base' | 'touched'> = {},
): readonly FileVerdict[] {
  const session = createSession({ ...options, profile: `pss-${level}` });
  for (const { path, text } of inSurveyOrder(files, ({ path }) => path)) session.survey(path, text);
  return files.map(({ path, text }) => session.judge(path, text, level));
}
