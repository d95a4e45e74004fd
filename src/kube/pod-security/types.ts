import type { Path } from '../../core/json.js';
import type { CheckId, KubernetesVersion, PodSecurityLevel, Policy } from '../versions/types.js';
import type { PodFacts } from './pod.js';

/** The strictest level that a pod meets. */
export type ReachedLevel = 'privileged' | PodSecurityLevel;

/** Why a check forbids a pod. */
export interface Violation {
  /** In a few words, as the admission plugin puts it: `host namespaces`. */
  readonly reason: string;
  /** What exactly, as the admission plugin puts it: `hostPID=true`. */
  readonly detail: string;
  /**
   * From the object's root, in the order of the pod: the value that is forbidden, or the container or pod spec that lacks one.
   * Never empty.
   */
  readonly paths: readonly Path[];
}

/**
 * What one check says of a pod.
 *
 * `decoding` is no check of the standards: it fails where a value is of a type that no API server reads. No such pod is admitted
 * anywhere, whatever the other checks say, which take the value for absent.
 */
export type CheckResult = { readonly id: CheckId; readonly level: PodSecurityLevel; readonly allowed: true } | FailedCheck;

export interface FailedCheck extends Violation {
  readonly id: CheckId | 'decoding';
  readonly level: PodSecurityLevel;
  readonly allowed: false;
  /** The oldest version of those asked for that forbids it; reason, detail and paths are of this one. */
  readonly version: KubernetesVersion;
}

/** A check as a pure function; `undefined` where it allows the pod. */
export type CheckPod = (pod: PodFacts, policy: Policy) => Violation | undefined;
