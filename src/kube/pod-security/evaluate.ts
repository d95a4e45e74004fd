import { isObject, type JsonObject, valueAt } from '../../core/json.js';
import { findPodTemplate } from '../kinds.js';
import { policiesOf, strictestPoliciesOf } from '../versions/policy.js';
import type { CheckId, KubernetesVersion, PodSecurityLevel, Policy, VersionRange } from '../versions/types.js';
import { asRange, compareVersions } from '../versions/versions.js';
import { CHECKS } from './checks.js';
import { type PodFacts, type PodSource, readPodFacts } from './pod.js';
import type { CheckResult, ReachedLevel } from './types.js';

/** What an object is read as, where it does not say so itself (an item of a typed list). */
interface ObjectType {
  readonly apiVersion: string;
  readonly kind: string;
}

/**
 * Judges a pod by a level of the Pod Security Standards, as the PodSecurity admission plugin of a current API server does when a
 * namespace pins the level to that version: after decoding and defaulting, and whatever validation would say.
 *
 * `restricted` takes in the checks of `baseline`, but for those that it replaces by stricter ones.
 *
 * Takes any value without throwing. Only what the checks look at is decoded; see {@link CheckResult} for values of a wrong type. The
 * gaps that removed list items leave must be closed (`withoutRemoved`): here as there, `null` is an item that says nothing.
 *
 * Source: `k8s.io/pod-security-admission` v0.35.4, `policy/registry.go`; the data of `versions.json` for newer versions.
 * @param versions one version, or a range on all of which the pod must be allowed
 * @returns one result for each check that is in force somewhere in the range: baseline by id, then restricted by id
 */
export function evaluatePodSecurity(
  pod: PodSource,
  level: PodSecurityLevel,
  versions: KubernetesVersion | VersionRange,
): readonly CheckResult[] {
  const facts = readPodFacts(pod);
  const { from } = asRange(versions);
  const results = new Map<CheckId, CheckResult>();
  for (const policy of policiesOf(versions)) {
    for (const check of policy.checks[level]) {
      if (results.get(check.id)?.allowed === false) continue;
      const violation = CHECKS[check.id](facts, policy);
      const { id, level: own } = check;
      // A policy may have been in force before the range begins.
      const version = compareVersions(policy.since, from) < 0 ? from : policy.since;
      results.set(id, violation ? { id, level: own, allowed: false, version, ...violation } : { id, level: own, allowed: true });
    }
  }
  return [...undecodable(facts, from), ...inOrder(results.values())];
}

/**
 * Judges the pod that an object is or makes; `undefined` where it has none.
 * @param type what the object is read as, where it does not say so itself
 */
export function evaluateObject(
  object: JsonObject,
  level: PodSecurityLevel,
  versions: KubernetesVersion | VersionRange,
  type?: ObjectType,
): readonly CheckResult[] | undefined {
  const pod = findPod(object, type);
  return pod && evaluatePodSecurity(pod, level, versions);
}

/**
 * The strictest level whose checks all allow the pod, on every version; `undefined` where the object has no pod. A pod that cannot be
 * decoded reaches none.
 * @param type what the object is read as, where it does not say so itself
 */
export function reachedLevel(
  object: JsonObject,
  versions: KubernetesVersion | VersionRange,
  type?: ObjectType,
): ReachedLevel | undefined {
  const pod = findPod(object, type);
  if (pod === undefined) return undefined;
  const facts = readPodFacts(pod);
  if (facts.undecodable.length > 0) return 'privileged';
  const policies = strictestPoliciesOf(versions);
  if (isAllowed(facts, 'restricted', policies)) return 'restricted';
  return isAllowed(facts, 'baseline', policies) ? 'baseline' : 'privileged';
}

/** Whether a level has the check on one of the versions. */
export function isPartOf(check: CheckId, level: PodSecurityLevel, versions: KubernetesVersion | VersionRange): boolean {
  return policiesOf(versions).some((policy) => policy.checks[level].some(({ id }) => id === check));
}

/** The pod of an object, with its places; `undefined` where it has none. */
function findPod(object: JsonObject, type?: ObjectType): PodSource | undefined {
  const template = findPodTemplate(object, type);
  const spec = template && valueAt(object, template.podSpec);
  if (template === undefined || !isObject(spec)) return undefined;
  return {
    spec,
    specPath: template.podSpec,
    metadata: valueAt(object, template.metadata),
    metadataPath: template.metadata,
    isPod: (type ?? object).kind === 'Pod',
  };
}

function isAllowed(facts: PodFacts, level: PodSecurityLevel, policies: readonly Policy[]): boolean {
  return policies.every((policy) => policy.checks[level].every(({ id }) => CHECKS[id](facts, policy) === undefined));
}

function undecodable({ undecodable: paths }: PodFacts, version: KubernetesVersion): readonly CheckResult[] {
  if (paths.length === 0) return [];
  const detail = 'a value is of a type that the API server does not decode';
  return [{ id: 'decoding', level: 'baseline', allowed: false, version, reason: 'unreadable', detail, paths }];
}

/** A check that a later version brings goes among its like. */
function inOrder(results: Iterable<CheckResult>): readonly CheckResult[] {
  return [...results].sort((a, b) => {
    if (a.level !== b.level) return a.level === 'baseline' ? -1 : 1;
    return a.id < b.id ? -1 : 1;
  });
}
