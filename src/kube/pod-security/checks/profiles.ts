import type { Path } from '../../../core/json.js';
import type { PodFacts } from '../pod.js';
import type { CheckPod, Violation } from '../types.js';
import { containersNamed, counted, distinct, quoted, settersNamed } from '../wording.js';

const ALLOWED_TYPES: ReadonlySet<string> = new Set(['RuntimeDefault', 'Localhost']);

/** Whether a profile is one that confines. A profile without a type is none. */
function isAllowed(type: string): boolean {
  return ALLOWED_TYPES.has(type);
}

const APPARMOR_PREFIX = 'container.apparmor.security.beta.kubernetes.io/';

/**
 * AppArmor profiles must be those of the runtime or of the node, in fields and in annotations (for containers that do not exist, too).
 *
 * The words differ from the server's in one case: up to 1.35 it copies a Pod's annotation `unconfined` into the field, and so names
 * the container beside the annotation.
 *
 * Source: `check_appArmorProfile.go`.
 */
export const checkAppArmorProfile: CheckPod = (pod) => {
  const fields = badProfiles(pod, 'appArmorType');
  const annotations = pod.annotations.filter(({ key, value }) => key.startsWith(APPARMOR_PREFIX) && !isAllowedAppArmor(value));
  if (fields === undefined && annotations.length === 0) return undefined;
  const setters = fields === undefined ? [] : [fields.setters];
  const values = [...(fields?.types ?? []), ...annotations.map(({ key, value }) => `${key}=${JSON.stringify(value)}`).sort()];
  if (annotations.length > 0) setters.push(counted(annotations, 'annotation', 'annotations'));
  return {
    reason: counted(values, 'forbidden AppArmor profile', 'forbidden AppArmor profiles'),
    detail: `${setters.join(' and ')} must not set AppArmor profile type to ${quoted(values)}`,
    paths: [...(fields?.paths ?? []).map((path) => [...path, 'appArmorProfile', 'type']), ...annotations.map(({ path }) => path)],
  };
};

function isAllowedAppArmor(annotation: string): boolean {
  return annotation === '' || annotation === 'runtime/default' || annotation.startsWith('localhost/');
}

/**
 * Seccomp profiles, where there are any, must be those of the runtime or of the node. Before 1.19 they were annotations.
 *
 * Source: `check_seccompProfile_baseline.go`.
 */
export const checkBaselineSeccomp: CheckPod = (pod, { hasSeccompFields }) =>
  hasSeccompFields ? forbiddenSeccomp(pod) : forbiddenSeccompAnnotations(pod);

/**
 * Every container must have a seccomp profile of the runtime or of the node, its own or the pod's. Windows pods are exempt from 1.25
 * on.
 *
 * Source: `check_seccompProfile_restricted.go`.
 */
export const checkRestrictedSeccomp: CheckPod = (pod, { exemptsWindows }) => {
  if (exemptsWindows && pod.isWindows) return undefined;
  const forbidden = forbiddenSeccomp(pod);
  if (forbidden !== undefined || pod.securityContext.seccompType !== undefined) return forbidden;
  const silent = pod.containers.filter(({ securityContext }) => securityContext.seccompType === undefined);
  if (silent.length === 0) return undefined;
  const names = containersNamed(silent.map(({ name }) => name));
  return {
    reason: 'seccompProfile',
    detail: `pod or ${names} must set securityContext.seccompProfile.type to "RuntimeDefault" or "Localhost"`,
    paths: silent.map(({ path }) => path),
  };
};

function forbiddenSeccomp(pod: PodFacts): Violation | undefined {
  const bad = badProfiles(pod, 'seccompType');
  return (
    bad && {
      reason: 'seccompProfile',
      detail: `${bad.setters} must not set securityContext.seccompProfile.type to ${quoted(bad.types)}`,
      paths: bad.paths.map((path) => [...path, 'seccompProfile', 'type']),
    }
  );
}

const SECCOMP_POD = 'seccomp.security.alpha.kubernetes.io/pod';
const SECCOMP_CONTAINER = 'container.seccomp.security.alpha.kubernetes.io/';

function forbiddenSeccompAnnotations({ annotations, containers }: PodFacts): Violation | undefined {
  const keys = new Set([SECCOMP_POD, ...containers.map(({ name }) => SECCOMP_CONTAINER + name)]);
  const bad = annotations.filter(({ key, value }) => keys.has(key) && !isAllowedSeccomp(value));
  if (bad.length === 0) return undefined;
  const named = bad.map(({ key, value }) => `${key}=${JSON.stringify(value)}`).sort();
  return {
    reason: 'seccompProfile',
    detail: `forbidden ${counted(bad, 'annotation', 'annotations')} ${named.join(', ')}`,
    paths: bad.map(({ path }) => path),
  };
}

function isAllowedSeccomp(annotation: string): boolean {
  return annotation === 'runtime/default' || annotation === 'docker/default' || annotation.startsWith('localhost/');
}

/** Who sets a profile that does not confine: in words, which types, and the paths of the security contexts. */
function badProfiles(
  { securityContext, containers }: PodFacts,
  field: 'seccompType' | 'appArmorType',
): { readonly setters: string; readonly types: readonly string[]; readonly paths: readonly Path[] } | undefined {
  const types: string[] = [];
  const paths: Path[] = [];
  const names: string[] = [];
  const podType = securityContext[field];
  const isPodBad = podType !== undefined && !isAllowed(podType);
  if (isPodBad) {
    types.push(podType);
    paths.push(securityContext.path);
  }
  for (const { name, securityContext: own } of containers) {
    const type = own[field];
    if (type === undefined || isAllowed(type)) continue;
    types.push(type);
    paths.push(own.path);
    names.push(name);
  }
  return paths.length === 0 ? undefined : { setters: settersNamed(isPodBad, names), types: distinct(types), paths };
}
