import type { Path } from '../../core/json.js';
import { type At, booleanIn, integerIn, mapIn, type Place, stringIn, stringsIn } from './decode.js';

/** A security context, of the pod or of a container. Where there is none, everything in it is absent. */
export interface SecurityContextFacts {
  /** Of the security context, be it there or not. */
  readonly path: Path;
  readonly runAsNonRoot: boolean | undefined;
  readonly runAsUser: number | undefined;
  /** The type of the profile: `''` where the profile names none, `undefined` where there is no profile. */
  readonly seccompType: string | undefined;
  readonly appArmorType: string | undefined;
  readonly seLinux: SeLinuxFacts | undefined;
  readonly hostProcess: boolean;
  /** The rest is never set for a pod: its security context has no such fields. */
  readonly privileged: boolean;
  readonly allowPrivilegeEscalation: boolean | undefined;
  readonly addedCapabilities: readonly At<string>[];
  readonly droppedCapabilities: readonly At<string>[];
  readonly procMount: string | undefined;
}

/** `''` where absent. */
interface SeLinuxFacts {
  readonly type: string;
  readonly user: string;
  readonly role: string;
}

const ABSENT: Omit<SecurityContextFacts, 'path'> = {
  runAsNonRoot: undefined,
  runAsUser: undefined,
  seccompType: undefined,
  appArmorType: undefined,
  seLinux: undefined,
  hostProcess: false,
  privileged: false,
  allowPrivilegeEscalation: undefined,
  addedCapabilities: [],
  droppedCapabilities: [],
  procMount: undefined,
};

export function readSecurityContext(place: Place | undefined, path: Path, of: 'pod' | 'container'): SecurityContextFacts {
  if (place === undefined) return { ...ABSENT, path };
  const seLinux = mapIn(place, 'seLinuxOptions');
  const windows = mapIn(place, 'windowsOptions');
  return {
    ...ABSENT,
    path,
    runAsNonRoot: booleanIn(place, 'runAsNonRoot'),
    runAsUser: integerIn(place, 'runAsUser', 64),
    seccompType: profileType(place, 'seccompProfile'),
    appArmorType: profileType(place, 'appArmorProfile'),
    seLinux: seLinux && {
      type: stringIn(seLinux, 'type') ?? '',
      user: stringIn(seLinux, 'user') ?? '',
      role: stringIn(seLinux, 'role') ?? '',
    },
    hostProcess: (windows && booleanIn(windows, 'hostProcess')) ?? false,
    ...(of === 'container' && readContainerFields(place)),
  };
}

function readContainerFields(place: Place) {
  const capabilities = mapIn(place, 'capabilities');
  return {
    privileged: booleanIn(place, 'privileged') ?? false,
    allowPrivilegeEscalation: booleanIn(place, 'allowPrivilegeEscalation'),
    addedCapabilities: capabilities ? stringsIn(capabilities, 'add') : [],
    droppedCapabilities: capabilities ? stringsIn(capabilities, 'drop') : [],
    procMount: stringIn(place, 'procMount'),
  };
}

function profileType(place: Place, key: string): string | undefined {
  const profile = mapIn(place, key);
  return profile && (stringIn(profile, 'type') ?? '');
}
