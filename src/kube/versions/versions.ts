import { UsageError } from '../../core/errors.js';
import type { KubernetesVersion, VersionRange } from './types.js';
import data from './versions.json' with { type: 'json' };

export type { KubernetesVersion, VersionRange } from './types.js';

/** `1.31`, `v1.31.4`, and what clusters say of themselves: `v1.31.4-eks-1de2ab1`, `1.30.2+k3s1`. No range. */
const VERSION = /^(?!.*-v?1\.\d)v?1\.(0|[1-9]\d{0,2})(?:\.\d+(?:[+-][\w.+-]+)?)?$/;

function version(minor: number): KubernetesVersion {
  return { major: 1, minor };
}

/** The minors that upstream supports as of {@link SUPPORTED_AS_OF}, the oldest first. Data: `versions.json`. */
export const SUPPORTED: readonly KubernetesVersion[] = data.support.minors.map((entry) => readVersion(entry.version));

/** The day, `YYYY-MM-DD`, on which {@link SUPPORTED} was looked up. */
export const SUPPORTED_AS_OF: string = data.support.asOf;

/** The newest minor that the data knows. A newer one is taken for this one, as the admission plugin does with policies. */
export const LATEST: KubernetesVersion = SUPPORTED.at(-1) ?? version(0);

/** All of {@link SUPPORTED}: what a fix must be valid on when nobody says otherwise. */
export const SUPPORTED_RANGE: VersionRange = { from: SUPPORTED[0] ?? LATEST, to: LATEST };

/** Below 0 when `a` is older than `b`, 0 when they are the same. */
export function compareVersions(a: KubernetesVersion, b: KubernetesVersion): number {
  return a.minor - b.minor;
}

/** `1.31` */
export function formatVersion({ major, minor }: KubernetesVersion): string {
  return `${major}.${minor}`;
}

/** `1.31`, or `1.28-1.33`. */
export function formatRange({ from, to }: VersionRange): string {
  return compareVersions(from, to) === 0 ? formatVersion(from) : `${formatVersion(from)}-${formatVersion(to)}`;
}

/**
 * Reads `1.31`, `v1.31`, `1.31.4` or `latest`.
 * @throws {UsageError}
 */
export function parseVersion(text: string): KubernetesVersion {
  if (text === 'latest') return LATEST;
  const found = readMinor(text);
  if (found === undefined) throw new UsageError(`no Kubernetes version: ${text}. Write 1.31 or latest`);
  return found;
}

/** Characters; no version of a distribution comes near. */
const LONGEST = 200;

/**
 * Reads a range such as `1.28-1.33` or `1.30-latest`; a single version is a range of one.
 * @throws {UsageError}
 */
export function parseVersionRange(text: string): VersionRange {
  if (text.length > LONGEST) {
    throw new UsageError(`no Kubernetes version or range: ${text.slice(0, LONGEST)}…. Write 1.31, 1.28-1.33 or latest`);
  }
  const only = text === 'latest' ? LATEST : readMinor(text);
  if (only !== undefined) return { from: only, to: only };
  // Versions may hold a hyphen themselves, so that every one is tried.
  for (let at = text.indexOf('-'); at >= 0; at = text.indexOf('-', at + 1)) {
    const from = readMinor(text.slice(0, at));
    const last = text.slice(at + 1);
    const to = last === 'latest' ? LATEST : readMinor(last);
    if (from === undefined || to === undefined) continue;
    if (compareVersions(from, to) > 0) throw new UsageError(`the range ${text} ends before it begins`);
    return { from, to };
  }
  throw new UsageError(`no Kubernetes version or range: ${text}. Write 1.31, 1.28-1.33 or latest`);
}

/** The range as it is, or the one of a single version. */
export function asRange(versions: KubernetesVersion | VersionRange): VersionRange {
  return 'minor' in versions ? { from: versions, to: versions } : versions;
}

function readMinor(text: string): KubernetesVersion | undefined {
  const minor = VERSION.exec(text)?.[1];
  return minor === undefined ? undefined : version(Number(minor));
}

/** A version of the data, which the tests hold to be right. */
export function readVersion(text: string): KubernetesVersion {
  return readMinor(text) ?? version(0);
}
