import type {
  CheckEntry,
  CheckId,
  FieldSupport,
  KubernetesVersion,
  PodSecurityLevel,
  Policy,
  VersionedField,
  VersionRange,
} from './types.js';
import { asRange, compareVersions, readVersion } from './versions.js';
import data from './versions.json' with { type: 'json' };

const CHECKS: readonly CheckEntry[] = data.checks.map(({ id, level, since, overrides }) => ({
  id: id as CheckId,
  level: level as PodSecurityLevel,
  since: readVersion(since),
  overrides: overrides as CheckId | undefined,
}));

const FIELDS: ReadonlyMap<string, FieldSupport> = new Map(
  data.fields.map(({ id, at, known, default: byDefault }) => [
    id,
    { at, known: readVersion(known), default: readVersion(byDefault) },
  ]),
);

/** The versions with which something in the standards changed, the oldest first. */
const POLICIES: readonly Policy[] = boundaries().map(policySince);

function boundaries(): readonly KubernetesVersion[] {
  const entries = [...data.checks, ...data.safeSysctls, ...data.seLinuxTypes, ...Object.values(data.revisions)];
  const minors = new Set(entries.map(({ since }) => readVersion(since).minor));
  return [...minors].sort((a, b) => a - b).map((minor) => ({ major: 1, minor }));
}

function policySince(since: KubernetesVersion): Policy {
  const applies = (first: string) => compareVersions(readVersion(first), since) <= 0;
  const valuesOf = (list: readonly { readonly value: string; readonly since: string }[]) =>
    new Set(list.filter((entry) => applies(entry.since)).map(({ value }) => value));
  const { seccompFields, windowsExempt, userNamespacesRelax } = data.revisions;
  const current = CHECKS.filter((check) => compareVersions(check.since, since) <= 0);
  const baseline = current.filter(({ level }) => level === 'baseline').sort(byId);
  const restricted = current.filter(({ level }) => level === 'restricted').sort(byId);
  const overridden = new Set(restricted.map(({ overrides }) => overrides));
  return {
    since,
    checks: { baseline, restricted: [...baseline.filter(({ id }) => !overridden.has(id)), ...restricted] },
    safeSysctls: valuesOf(data.safeSysctls),
    seLinuxTypes: valuesOf(data.seLinuxTypes),
    hasSeccompFields: applies(seccompFields.since),
    exemptsWindows: applies(windowsExempt.since),
    relaxesUserNamespaces: applies(userNamespacesRelax.since),
  };
}

function byId(a: CheckEntry, b: CheckEntry): number {
  return a.id < b.id ? -1 : 1;
}

/**
 * The policies of a version or of a range, the oldest first: one for every revision of the standards that is in force somewhere in
 * it. A version newer than the data has the newest policy.
 */
export function policiesOf(versions: KubernetesVersion | VersionRange): readonly Policy[] {
  const { from, to } = asRange(versions);
  const first = POLICIES.findLastIndex(({ since }) => compareVersions(since, from) <= 0);
  return POLICIES.filter(({ since }, at) => at >= Math.max(first, 0) && (at === first || compareVersions(since, to) <= 0));
}

const strictest = new WeakMap<KubernetesVersion | VersionRange, readonly Policy[]>();

/** Of {@link policiesOf}, those without which a pod may pass that one of the others forbids: most versions only allow more. */
export function strictestPoliciesOf(versions: KubernetesVersion | VersionRange): readonly Policy[] {
  let found = strictest.get(versions);
  if (found === undefined) {
    const policies = policiesOf(versions);
    found = policies.filter((policy, at) => !policies.slice(0, at).some((earlier) => isAsStrict(earlier, policy)));
    strictest.set(versions, found);
  }
  return found;
}

/** Whether one policy forbids whatever the other does. */
function isAsStrict(one: Policy, other: Policy): boolean {
  const levels = ['baseline', 'restricted'] as const;
  return (
    levels.every((level) => other.checks[level].every(({ id }) => one.checks[level].some((check) => check.id === id))) &&
    [...one.safeSysctls].every((name) => other.safeSysctls.has(name)) &&
    [...one.seLinuxTypes].every((name) => other.seLinuxTypes.has(name)) &&
    one.hasSeccompFields === other.hasSeccompFields &&
    one.exemptsWindows === other.exemptsWindows &&
    one.relaxesUserNamespaces === other.relaxesUserNamespaces
  );
}

/** Every version with which something in the standards changed. */
export function policyVersions(): readonly KubernetesVersion[] {
  return POLICIES.map(({ since }) => since);
}

/** When a field came to be taken by API servers. */
export function fieldSupport(field: VersionedField): FieldSupport {
  const found = FIELDS.get(field);
  if (found === undefined) throw new RangeError(`no such field: ${field}`);
  return found;
}

/** Whether API servers of every version of the range know the field, be it behind a feature gate. */
export function isKnownOn(field: VersionedField, versions: KubernetesVersion | VersionRange): boolean {
  return compareVersions(fieldSupport(field).known, asRange(versions).from) <= 0;
}

/** Whether API servers of every version of the range keep the field without anyone opening a feature gate. */
export function isDefaultOn(field: VersionedField, versions: KubernetesVersion | VersionRange): boolean {
  return compareVersions(fieldSupport(field).default, asRange(versions).from) <= 0;
}
