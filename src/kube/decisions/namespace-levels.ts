import { childOf, type Json, valueAt } from '../../core/json.js';
import { isOpaque } from '../opaque.js';
import type { ReachedLevel } from '../pod-security/types.js';
import type { WorkloadLevel } from '../repo-facts.js';
import type { KubernetesVersion, PodSecurityLevel, VersionRange } from '../versions/types.js';
import { compareVersions } from '../versions/versions.js';

/** What the API server does about a pod below a level: refuse it, note it in the audit log, warn who made it. */
export type Mode = 'enforce' | 'audit' | 'warn';

export const MODES: readonly Mode[] = ['enforce', 'audit', 'warn'];

/** Those that are written. */
export function modesOf(enforce: string): readonly Mode[] {
  return enforce === 'reached' ? MODES : MODES.filter((mode) => mode !== 'enforce');
}

/** Whether a controller of OpenShift keeps the labels. */
export function isSynchronized(labels: Json | undefined): boolean {
  return valueAt(labels, ['security.openshift.io/scc.podSecurityLabelSync']) === 'true';
}

/** From the weakest to the strictest. */
const LEVELS: readonly string[] = ['privileged', 'baseline', 'restricted'] satisfies ReachedLevel[];

/** What a label says: something valid, nothing, a variable, or what Kubernetes refuses. */
type Said<Value> = { readonly is: 'valid'; readonly value: Value } | { readonly is: 'absent' | 'opaque' | 'invalid' };

/** What a Namespace says for one mode. */
export interface Stated {
  readonly mode: Mode;
  /** Keys of its labels. */
  readonly levelLabel: string;
  readonly versionLabel: string;
  readonly level: Said<ReachedLevel>;
  readonly version: Said<string>;
}

/**
 * What the labels of a Namespace say of a mode.
 *
 * Source: `ParseLevel` and `ParseVersion` of `k8s.io/pod-security-admission/api/helpers.go`. The API server refuses a new Namespace with
 * any other value.
 */
export function readStated(labels: Json | undefined, mode: Mode): Stated {
  const levelLabel = `pod-security.kubernetes.io/${mode}`;
  const versionLabel = `${levelLabel}-version`;
  const read = <Value extends string>(key: string, isValid: (text: string) => text is Value): Said<Value> => {
    const value = childOf(labels, key) ?? null;
    if (value === null) return { is: 'absent' };
    if (isOpaque(value)) return { is: 'opaque' };
    return typeof value === 'string' && isValid(value) ? { is: 'valid', value } : { is: 'invalid' };
  };
  return { mode, levelLabel, versionLabel, level: read(levelLabel, isLevel), version: read(versionLabel, isVersion) };
}

/** Whether a mode might say more than it does, if all workloads reached it. */
export function isBelowHighest({ level }: Stated): boolean {
  return level.is !== 'opaque' && !(level.is === 'valid' && level.value === 'restricted');
}

/** The version that counts: what is written, else `latest` where a level is, as Kubernetes has it, else what is to be. */
export function versionOf({ level, version }: Stated, given: string): string {
  if (version.is === 'valid') return version.value;
  return version.is === 'invalid' || level.is === 'absent' ? given : 'latest';
}

function isLevel(text: string): text is ReachedLevel {
  return LEVELS.includes(text);
}

function isVersion(text: string): text is string {
  return /^(?:latest|v1\.(?:0|[1-9]\d{0,8}))$/.test(text);
}

/** Whether a level is stricter than another one. */
export function isStricter(level: ReachedLevel, other: ReachedLevel): boolean {
  return LEVELS.indexOf(level) > LEVELS.indexOf(other);
}

/** The standards that clusters of these versions judge by where a label names a version: their own, where it is newer than they are. */
export function judgedBy(version: string, { from, to }: VersionRange): VersionRange {
  if (version === 'latest') return { from, to };
  const named: KubernetesVersion = { major: 1, minor: Number(version.slice('v1.'.length)) };
  const older = (own: KubernetesVersion) => (compareVersions(named, own) < 0 ? named : own);
  return { from: older(from), to: older(to) };
}

/** The level that all workloads of a namespace reach, or why none can be claimed. */
export type Claim =
  | { readonly level: PodSecurityLevel; readonly evidence: string; readonly why?: never }
  | { readonly level?: never; readonly evidence?: never; readonly why: string };

export function claimFrom(workloads: readonly WorkloadLevel[]): Claim {
  if (workloads.length === 0) return { why: 'no workload in these files is in it, so nothing tells what its pods reach' };
  const unknown = workloads.filter(({ level }) => level === undefined);
  if (unknown.length > 0) return { why: `what all of its pods reach cannot be told: ${list(unknown)}` };
  const weak = workloads.filter(({ level }) => level === 'privileged');
  if (weak.length > 0) return { why: `below baseline: ${list(weak)}` };
  const rest = workloads.filter(({ level }) => level === 'baseline');
  if (rest.length === 0) return { level: 'restricted', evidence: `${countOf(workloads)} restricted` };
  return { level: 'baseline', evidence: `${countOf(workloads)} baseline; below restricted: ${list(rest)}` };
}

function countOf(workloads: readonly WorkloadLevel[]): string {
  return workloads.length === 1 ? 'its workload reaches' : 'all its workloads reach';
}

/** What is said of a mode, and what may be said; no claim where nobody weighed the workloads. */
export interface Looked extends Stated {
  readonly claim: Claim | undefined;
}

/** A warning that nobody set is for the level that is enforced, where that is stricter than the cluster's own. */
export function whyFollows(missing: readonly Looked[], enforced: Looked | undefined): string | undefined {
  if (enforced?.level.is !== 'valid' || !missing.some(({ mode }) => mode === 'warn')) return undefined;
  const { value } = enforced.level;
  const lower = missing.find(({ claim }) => claim?.level && isStricter(value, claim.level));
  return lower && `enforce: ${value} is stricter, and refuses some of its pods; ${lower.claim?.evidence}`;
}

/** Names of more would not be read. */
const MOST = 3;

function list(workloads: readonly WorkloadLevel[]): string {
  const named = workloads.slice(0, MOST).map(({ where, why }) => (why === undefined ? where : `${where} (${why})`));
  const more = workloads.length > MOST ? ` and ${workloads.length - MOST} more` : '';
  return `${named.join(', ')}${more}`;
}
