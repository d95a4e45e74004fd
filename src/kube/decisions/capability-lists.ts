import type { Change } from '../../core/change.js';
import { isList, type Json, type Path } from '../../core/json.js';
import { isOpaque } from '../opaque.js';
import { BASELINE_CAPABILITIES } from '../pod-security/checks/privileges.js';
import type { ContainerView } from '../types.js';
import type { Obstacle } from './obstacle.js';

/** Capabilities as a container's manifest lists them, read and written. */
type CapabilityList = 'drop' | 'add';

export function pathOf(list: CapabilityList): readonly string[] {
  return ['securityContext', 'capabilities', list];
}

/** What the container says it drops or adds; nothing where that is no list. */
export function readCapabilities(container: ContainerView, list: CapabilityList): readonly Json[] {
  const { value } = container.get(pathOf(list));
  return isList(value) ? value : [];
}

/**
 * Where a variable stands for what the container adds; the first of several. One for all capabilities, or for all of the security
 * context, stands for what it drops as well, and is left out where that is asked for too.
 */
export function findUnknownAdded(container: ContainerView, isDropAsked: boolean): Path | undefined {
  const { state, value } = container.get(pathOf('add'));
  if (state === 'opaque') {
    return isDropAsked && container.securityContext.capabilities.state === 'opaque' ? undefined : pathOf('add');
  }
  const position = isList(value) ? value.findIndex(isOpaque) : -1;
  return position < 0 ? undefined : [...pathOf('add'), position];
}

/** How the Pod Security Standards spell a capability: in capitals, without `CAP_`. */
export function spellCapability(written: Json): string {
  return typeof written === 'string' ? written.toUpperCase().replace(/^CAP_/, '') : '';
}

/** Where `drop` says ALL in another case, which runtimes understand and the Pod Security Standards do not. */
export function findMisspelledAll(drop: readonly Json[]): number | undefined {
  const position = drop.findIndex((item) => typeof item === 'string' && item.toUpperCase() === 'ALL');
  return position < 0 ? undefined : position;
}

/** Runtimes add ALL before they drop ALL, and nothing would be left of it. */
export function findUndoing(container: ContainerView): Obstacle | undefined {
  const isUndone = readCapabilities(container, 'add').some((item) => spellCapability(item) === 'ALL');
  return isUndone ? { unless: 'ALL is added beside it, which this would undo; fix that first' } : undefined;
}

/** The changes that put names behind those of a list, or make the list. */
export function extend(container: ContainerView, list: CapabilityList, names: readonly string[]): readonly Change[] {
  const path = pathOf(list);
  if (names.length === 0) return [];
  const isPresent = container.get(path).state !== 'absent';
  return isPresent ? names.map((name) => container.append(path, name)) : [container.set(path, names)];
}

/** What runtimes give by default. */
export const DEFAULT_CAPABILITIES: ReadonlySet<string> = new Set([...BASELINE_CAPABILITIES, 'NET_RAW']);

const CAPABILITIES: ReadonlySet<string> = new Set(
  (
    'AUDIT_CONTROL AUDIT_READ AUDIT_WRITE BLOCK_SUSPEND BPF CHECKPOINT_RESTORE CHOWN DAC_OVERRIDE DAC_READ_SEARCH FOWNER FSETID ' +
    'IPC_LOCK IPC_OWNER KILL LEASE LINUX_IMMUTABLE MAC_ADMIN MAC_OVERRIDE MKNOD NET_ADMIN NET_BIND_SERVICE NET_BROADCAST NET_RAW ' +
    'PERFMON SETFCAP SETGID SETPCAP SETUID SYSLOG SYS_ADMIN SYS_BOOT SYS_CHROOT SYS_MODULE SYS_NICE SYS_PACCT SYS_PTRACE SYS_RAWIO ' +
    'SYS_RESOURCE SYS_TIME SYS_TTY_CONFIG WAKE_ALARM'
  ).split(' '),
);

/** A capability of Linux as {@link spellCapability} spells it; `undefined` where there is none of that name. */
export function readCapability(name: string): string | undefined {
  const spelled = spellCapability(name);
  return CAPABILITIES.has(spelled) ? spelled : undefined;
}
