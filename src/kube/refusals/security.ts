import { isList, type Json, type JsonObject, type Path } from '../../core/json.js';
import { isSet, type PlacedContainer, type Pod, type Report } from './pod.js';

/** User and group ids are what fits into 31 bits. */
const MAX_ID = 2 ** 31 - 1;

/** Values of fields that take one of a few words. */
const WORDS = {
  fsGroupChangePolicy: ['OnRootMismatch', 'Always'],
  procMount: ['Default', 'Unmasked'],
  seLinuxChangePolicy: ['Recursive', 'MountOption'],
  supplementalGroupsPolicy: ['Merge', 'Strict'],
} as const;

/** What a security context may not hold, or not together. */
export function checkSecurityContexts(pod: Pod, report: Report): void {
  const path = [...pod.specPath, 'securityContext'];
  checkIds(pod.securityContext, path, 'pod', report);
  checkWords(pod.securityContext, path, 'pod', report);
  for (const container of pod.containers) {
    const { securityContext, subject } = container;
    if (!isSet(container.value.securityContext)) continue;
    const here = [...container.path, 'securityContext'];
    checkIds(securityContext, here, subject, report);
    checkWords(securityContext, here, subject, report);
    checkEscalation(securityContext, here, subject, report);
    if (securityContext.procMount === 'Unmasked' && pod.spec.hostUsers !== false) {
      report('proc-mount', [...here, 'procMount'], `${subject}: procMount: Unmasked needs hostUsers: false`);
    }
  }
}

/** What only the kubelet refuses: it starts no container that must not be root, and is told to be. */
export function checkKubelet(pod: Pod, report: Report): void {
  if (pod.os === 'windows') return;
  for (const container of pod.containers) {
    const nonRoot = inForce(pod, container, 'runAsNonRoot');
    if (nonRoot === true && inForce(pod, container, 'runAsUser') === 0) {
      // The container, since either value may be the pod's.
      report('kubelet:run-as-root', container.path, `${container.subject}: runAsNonRoot: true with runAsUser: 0 never starts`);
    }
  }
}

function inForce(pod: Pod, container: PlacedContainer, field: 'runAsNonRoot' | 'runAsUser'): Json | undefined {
  const own = container.securityContext[field];
  return isSet(own) ? own : pod.securityContext[field];
}

function checkEscalation(
  { allowPrivilegeEscalation, privileged, capabilities }: JsonObject,
  path: Path,
  subject: string,
  report: Report,
): void {
  if (allowPrivilegeEscalation !== false) return;
  const here = [...path, 'allowPrivilegeEscalation'];
  if (privileged === true) {
    report('privilege-escalation', here, `${subject}: allowPrivilegeEscalation: false beside privileged: true`);
  }
  const add = isSet(capabilities) ? (capabilities as JsonObject).add : undefined;
  // Without the prefix it passes: the server compares the text.
  if (isList(add) && add.includes('CAP_SYS_ADMIN')) {
    report('privilege-escalation', here, `${subject}: allowPrivilegeEscalation: false beside the capability CAP_SYS_ADMIN`);
  }
}

function checkIds(context: JsonObject, path: Path, subject: string, report: Report): void {
  for (const field of ['runAsUser', 'runAsGroup', 'fsGroup'] as const) {
    if (!isId(context[field])) report('id-range', [...path, field], `${subject}: ${field} must be from 0 to ${MAX_ID}`);
  }
  const groups = context.supplementalGroups;
  if (!isList(groups)) return;
  for (const [index, group] of groups.entries()) {
    if (!isId(group)) {
      report('id-range', [...path, 'supplementalGroups', index], `${subject}: supplementalGroups must be from 0 to ${MAX_ID}`);
    }
  }
}

/** Whether the value can be an id. Another type is none of its business. */
function isId(value: Json | undefined): boolean {
  return typeof value !== 'number' || (value >= 0 && value <= MAX_ID);
}

function checkWords(context: JsonObject, path: Path, subject: string, report: Report): void {
  for (const field of Object.keys(WORDS) as (keyof typeof WORDS)[]) {
    const value = context[field];
    const words: readonly string[] = WORDS[field];
    if (typeof value === 'string' && !words.includes(value)) {
      report('unsupported-value', [...path, field], `${subject}: ${field} must be ${words.join(' or ')}`);
    }
  }
}
