import { type JsonObject, type Path, valueAt } from '../../core/json.js';
import { findPodTemplates, type Kinds, type ObjectType, type PodTemplate, readPlacedPod } from '../kinds.js';
import { policiesOf, strictestPoliciesOf } from '../versions/policy.js';
import type { CheckId, KubernetesVersion, PodSecurityLevel, Policy, VersionRange } from '../versions/types.js';
import { asRange, compareVersions } from '../versions/versions.js';
import { CHECKS } from './checks.js';
import { type PodFacts, type PodSource, readPodFacts } from './pod.js';
import type { CheckResult, FailedCheck, ReachedLevel } from './types.js';

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
  return evaluateFacts(readPodFacts(pod), level, versions);
}

function evaluateFacts(
  facts: PodFacts,
  level: PodSecurityLevel,
  versions: KubernetesVersion | VersionRange,
): readonly CheckResult[] {
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
 * Judges the pods that an object is or makes; `undefined` where it has none. Of several pods a check forbids all that it forbids one of.
 * @param type what the object is read as, where it does not say so itself
 */
export function evaluateObject(
  object: JsonObject,
  level: PodSecurityLevel,
  versions: KubernetesVersion | VersionRange,
  type?: ObjectType,
  kinds?: Kinds,
): readonly CheckResult[] | undefined {
  const templates = findPodTemplates(object, type, kinds);
  if (templates.length === 0) return undefined;
  return mergeResults(templates.map((template) => evaluatePod(object, template, level, versions, type)));
}

/** Judges one of the pods of an object. */
export function evaluatePod(
  object: JsonObject,
  template: PodTemplate,
  level: PodSecurityLevel,
  versions: KubernetesVersion | VersionRange,
  type?: ObjectType,
): readonly CheckResult[] {
  const pod = findPod(object, template, type);
  if (pod === undefined) return [];
  return evaluatePodSecurity(pod.source, level, versions).map((result) =>
    result.allowed ? result : { ...result, ...pod.name(result.detail), paths: result.paths.map(pod.place) },
  );
}

/**
 * The strictest level whose checks all allow the pods, on every version; `undefined` where the object has none, or does not hold
 * all of them. A pod that cannot be decoded reaches none.
 * @param type what the object is read as, where it does not say so itself
 */
export function reachedLevel(
  object: JsonObject,
  versions: KubernetesVersion | VersionRange,
  type?: ObjectType,
  kinds?: Kinds,
): ReachedLevel | undefined {
  let lowest: ReachedLevel | undefined;
  for (const template of findPodTemplates(object, type, kinds)) {
    if (template.kind.unseen !== undefined) return undefined;
    const pod = findPod(object, template, type);
    const reached = pod && levelOf(readPodFacts(pod.source), versions);
    if (reached === 'privileged') return reached;
    if (reached !== undefined && lowest !== 'baseline') lowest = reached;
  }
  return lowest;
}

/** What the checks look at in the pods of an object, to judge them once the object is let go. */
export function readPods(object: JsonObject, type: ObjectType, kinds?: Kinds): readonly PodFacts[] {
  return findPodTemplates(object, type, kinds).flatMap((template) => {
    const pod = findPod(object, template, type);
    return pod ? [readPodFacts(pod.source)] : [];
  });
}

/** The strictest level whose checks all allow the pods, and the first check of the next level that does not. */
export function judgePods(
  pods: readonly PodFacts[],
  versions: VersionRange,
): { readonly level: ReachedLevel; readonly failed?: FailedCheck } {
  const judged = pods.map((facts) => ({ facts, level: levelOf(facts, versions) }));
  for (const level of ['privileged', 'baseline'] as const) {
    const lowest = judged.find((pod) => pod.level === level);
    if (lowest === undefined) continue;
    const next = level === 'privileged' ? 'baseline' : 'restricted';
    const failed = evaluateFacts(lowest.facts, next, versions).find((result) => !result.allowed);
    return { level, ...(failed && { failed }) };
  }
  return { level: 'restricted' };
}

function levelOf(facts: PodFacts, versions: KubernetesVersion | VersionRange): ReachedLevel {
  if (facts.undecodable.length > 0) return 'privileged';
  const policies = strictestPoliciesOf(versions);
  if (isAllowed(facts, 'restricted', policies)) return 'restricted';
  return isAllowed(facts, 'baseline', policies) ? 'baseline' : 'privileged';
}

/** Whether a level has the check on one of the versions. */
export function isPartOf(check: CheckId, level: PodSecurityLevel, versions: KubernetesVersion | VersionRange): boolean {
  return policiesOf(versions).some((policy) => policy.checks[level].some(({ id }) => id === check));
}

interface FoundPod {
  readonly source: PodSource;
  /** A place that the checks name, in the object. */
  place(path: Path): Path;
  /** What is said of it, with its name where the object has several. */
  name(detail: string): { readonly detail: string };
}

/** A pod of an object, with its places; `undefined` where there is none. */
function findPod(object: JsonObject, template: PodTemplate, type?: ObjectType): FoundPod | undefined {
  const placed = readPlacedPod(object, template);
  if (placed === undefined) return undefined;
  const { podSpec, metadata, kind, label } = template;
  return {
    source: {
      spec: placed.spec,
      specPath: kind.shape ? [] : podSpec,
      metadata: valueAt(object, metadata),
      metadataPath: kind.shape ? METADATA : metadata,
      isPod: (type ?? object).kind === 'Pod' && podSpec.length === 1,
    },
    place: (path) => {
      if (kind.shape === undefined) return path;
      return path[0] === METADATA[0] ? [...metadata, ...path.slice(1)] : placed.place(path);
    },
    name: (detail) => ({ detail: label === '' ? detail : `${label}: ${detail}` }),
  };
}

/** No field of a pod spec is called so. */
const METADATA: Path = ['metadata'];

/** By check: what forbids one of the pods forbids the object. */
function mergeResults(pods: readonly (readonly CheckResult[])[]): readonly CheckResult[] {
  const [first = [], ...others] = pods;
  if (others.length === 0) return first;
  const merged = new Map<CheckResult['id'], CheckResult>();
  for (const result of pods.flat()) {
    const known = merged.get(result.id);
    if (known === undefined || known.allowed) merged.set(result.id, result);
    else if (!result.allowed) {
      const version = compareVersions(result.version, known.version) < 0 ? result.version : known.version;
      const detail = `${known.detail}; ${result.detail}`;
      merged.set(result.id, { ...known, version, detail, paths: [...known.paths, ...result.paths] });
    }
  }
  return [...merged.values()];
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
