import { isList, type JsonObject, type Path } from '../../core/json.js';
import { isSet, type Pod, type Report } from './pod.js';

/** Fields of a container's security context that Windows does not have, whatever their value. */
const LINUX_ON_CONTAINER = [
  'allowPrivilegeEscalation',
  'appArmorProfile',
  'capabilities',
  'privileged',
  'procMount',
  'readOnlyRootFilesystem',
  'runAsGroup',
  'runAsUser',
  'seLinuxOptions',
  'seccompProfile',
] as const;

/** The same of a pod's. */
const LINUX_ON_POD = [
  'appArmorProfile',
  'fsGroup',
  'fsGroupChangePolicy',
  'runAsGroup',
  'runAsUser',
  'seLinuxChangePolicy',
  'seLinuxOptions',
  'seccompProfile',
  'supplementalGroups',
  'supplementalGroupsPolicy',
] as const;

/** Fields of one operating system in a pod that names the other. A pod that names none may hold both. */
export function checkOs(pod: Pod, report: Report): void {
  if (pod.os === undefined) return;
  const podContext = [...pod.specPath, 'securityContext'];
  if (pod.os === 'linux') {
    forbid(pod.securityContext, ['windowsOptions'], podContext, 'pod: ', 'linux', report);
    for (const { securityContext, path, subject } of pod.containers) {
      forbid(securityContext, ['windowsOptions'], [...path, 'securityContext'], `${subject}: `, 'linux', report);
    }
    return;
  }
  forbid(pod.spec, ['hostUsers', 'resources', 'shareProcessNamespace'], pod.specPath, 'pod: ', 'windows', report);
  for (const field of ['hostPID', 'hostIPC'] as const) {
    // `false` is what is not said, here.
    if (pod.spec[field] === true) report('os-field', [...pod.specPath, field], `pod: ${field} is not for windows`);
  }
  forbid(pod.securityContext, LINUX_ON_POD, podContext, 'pod: ', 'windows', report);
  const { sysctls } = pod.securityContext;
  if (isList(sysctls) && sysctls.some(isSet)) report('os-field', [...podContext, 'sysctls'], 'pod: sysctls is not for windows');
  for (const { securityContext, path, subject } of pod.containers) {
    forbid(securityContext, LINUX_ON_CONTAINER, [...path, 'securityContext'], `${subject}: `, 'windows', report);
  }
}

function forbid(value: JsonObject, fields: readonly string[], path: Path, subject: string, os: string, report: Report): void {
  for (const field of fields)
    if (isSet(value[field])) report('os-field', [...path, field], `${subject}${field} is not for ${os}`);
}
