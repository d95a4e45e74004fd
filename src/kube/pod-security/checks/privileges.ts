import type { Path } from '../../../core/json.js';
import type { ContainerFacts, PodFacts } from '../pod.js';
import type { CheckPod, Violation } from '../types.js';
import { containersNamed, distinct, quoted } from '../wording.js';

/**
 * Privileged containers are forbidden.
 *
 * Source: `check_privileged.go`.
 */
export const checkPrivileged: CheckPod = ({ containers }) => {
  const bad = containers.filter(({ securityContext }) => securityContext.privileged);
  if (bad.length === 0) return undefined;
  return {
    reason: 'privileged',
    detail: `${containersNamed(namesOf(bad))} must not set securityContext.privileged=true`,
    paths: bad.map(({ securityContext }) => [...securityContext.path, 'privileged']),
  };
};

/**
 * Every container must say that its processes gain no privileges. Windows pods are exempt from 1.25 on.
 *
 * Source: `check_allowPrivilegeEscalation.go`.
 */
export const checkPrivilegeEscalation: CheckPod = ({ isWindows, containers }, { exemptsWindows }) => {
  if (exemptsWindows && isWindows) return undefined;
  const bad = containers.filter(({ securityContext }) => securityContext.allowPrivilegeEscalation !== false);
  if (bad.length === 0) return undefined;
  return {
    reason: 'allowPrivilegeEscalation != false',
    detail: `${containersNamed(namesOf(bad))} must set securityContext.allowPrivilegeEscalation=false`,
    paths: bad.map(({ path, securityContext }) =>
      securityContext.allowPrivilegeEscalation ? [...securityContext.path, 'allowPrivilegeEscalation'] : path,
    ),
  };
};

/** The capabilities that container runtimes give by default, without `NET_RAW`. Spelled exactly so, without `CAP_`. */
export const BASELINE_CAPABILITIES: ReadonlySet<string> = new Set([
  'AUDIT_WRITE',
  'CHOWN',
  'DAC_OVERRIDE',
  'FOWNER',
  'FSETID',
  'KILL',
  'MKNOD',
  'NET_BIND_SERVICE',
  'SETFCAP',
  'SETGID',
  'SETPCAP',
  'SETUID',
  'SYS_CHROOT',
]);

/** The only one that `restricted` lets containers add. */
const RESTRICTED_CAPABILITIES: ReadonlySet<string> = new Set(['NET_BIND_SERVICE']);

/**
 * Containers may add default capabilities only.
 *
 * Source: `check_capabilities_baseline.go`.
 */
export const checkBaselineCapabilities: CheckPod = ({ containers }) => {
  const added = forbiddenAdditions(containers, BASELINE_CAPABILITIES);
  return added && { reason: 'non-default capabilities', ...added };
};

/**
 * Containers must drop `ALL`, and may add `NET_BIND_SERVICE` only. Windows pods are exempt from 1.25 on.
 *
 * Source: `check_capabilities_restricted.go`.
 */
export const checkRestrictedCapabilities: CheckPod = ({ isWindows, containers }, { exemptsWindows }) => {
  if (exemptsWindows && isWindows) return undefined;
  const details: string[] = [];
  const paths: Path[] = [];
  const keeping = containers.filter(({ securityContext }) =>
    securityContext.droppedCapabilities.every(({ value }) => value !== 'ALL'),
  );
  if (keeping.length > 0) {
    details.push(`${containersNamed(namesOf(keeping))} must set securityContext.capabilities.drop=["ALL"]`);
    paths.push(...keeping.map(({ path }) => path));
  }
  const added = forbiddenAdditions(containers, RESTRICTED_CAPABILITIES);
  if (added !== undefined) {
    details.push(added.detail);
    paths.push(...added.paths);
  }
  return details.length === 0 ? undefined : { reason: 'unrestricted capabilities', detail: details.join('; '), paths };
};

function forbiddenAdditions(
  containers: readonly ContainerFacts[],
  allowed: ReadonlySet<string>,
): Omit<Violation, 'reason'> | undefined {
  const names: string[] = [];
  const found: { value: string; path: Path }[] = [];
  for (const { name, securityContext } of containers) {
    const forbidden = securityContext.addedCapabilities.filter(({ value }) => !allowed.has(value));
    if (forbidden.length > 0) names.push(name);
    found.push(...forbidden);
  }
  if (found.length === 0) return undefined;
  const capabilities = quoted(distinct(found.map(({ value }) => value)));
  return {
    detail: `${containersNamed(names)} must not include ${capabilities} in securityContext.capabilities.add`,
    paths: found.map(({ path }) => path),
  };
}

/**
 * The masks over `/proc` must stay. From 1.35 on a pod with a user namespace may take them off.
 *
 * Source: `check_procMount_baseline.go`.
 */
export const checkBaselineProcMount: CheckPod = (pod, policy) =>
  policy.relaxesUserNamespaces && pod.hostUsers === false ? undefined : unmasked(pod);

/**
 * The masks over `/proc` must stay, with a user namespace too.
 *
 * Source: `check_procMount_restricted.go`.
 */
export const checkRestrictedProcMount: CheckPod = unmasked;

function unmasked({ containers }: PodFacts): Violation | undefined {
  const bad = containers.filter(({ securityContext: { procMount } }) => procMount !== undefined && procMount !== 'Default');
  if (bad.length === 0) return undefined;
  const types = distinct(bad.map(({ securityContext }) => securityContext.procMount ?? ''));
  return {
    reason: 'procMount',
    detail: `${containersNamed(namesOf(bad))} must not set securityContext.procMount to ${quoted(types)}`,
    paths: bad.map(({ securityContext }) => [...securityContext.path, 'procMount']),
  };
}

function namesOf(containers: readonly ContainerFacts[]): readonly string[] {
  return containers.map(({ name }) => name);
}
