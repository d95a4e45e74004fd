import type { Container, Pod } from './pod.js';

/** What a field says, and when something else says the opposite. Texts are as a manifest has them. */
export interface Rule<View> {
  readonly field: string;
  /** The transforms that decide about it. */
  readonly transforms: readonly string[];
  /** What must stay open, where it says so. */
  need?(theirs: View): string | undefined;
  /** What it shuts. */
  hardening?(theirs: View): string | undefined;
  /** What it sets, where that neither opens nor shuts anything. */
  setting?(theirs: View): string | undefined;
  /** What we say that theirs says must not be. */
  contradiction(theirs: View, ours: View): string | undefined;
  /** Whether ours shuts what theirs shuts. */
  isMadeAgain?(theirs: View, ours: View): boolean;
}

type Flag = 'allowPrivilegeEscalation' | 'readOnlyRootFilesystem';

/** A field of containers with one value that hardens, and another that says no to it. */
function flag(field: Flag, hard: boolean, transform: string): Rule<Container> {
  const says = (container: Container, value: boolean) => (container[field] === value ? `${field}: ${value}` : undefined);
  return {
    field,
    transforms: [transform],
    need: (theirs) => says(theirs, !hard),
    hardening: (theirs) => says(theirs, hard),
    contradiction: (theirs, ours) => (theirs[field] === !hard ? says(ours, hard) : undefined),
    isMadeAgain: (_, ours) => ours[field] === hard,
  };
}

function profile(field: 'seccompProfile' | 'appArmorProfile', transform: string): Rule<Container> {
  const hardens = (container: Container) => container[field] !== undefined && container[field] !== 'Unconfined';
  const says = (container: Container) => `${field}: ${container[field]}`;
  return {
    field,
    transforms: [transform],
    need: (theirs) => (theirs[field] === 'Unconfined' ? says(theirs) : undefined),
    hardening: (theirs) => (hardens(theirs) ? says(theirs) : undefined),
    contradiction: (theirs, ours) => (theirs[field] === 'Unconfined' && hardens(ours) ? says(ours) : undefined),
    isMadeAgain: (_, ours) => hardens(ours),
  };
}

const capabilities: Rule<Container> = {
  field: 'capabilities',
  transforms: ['drop-capabilities'],
  need: ({ add }) => (add.length === 0 ? undefined : `add: [${add.join(', ')}]`),
  hardening: ({ drop }) => (drop.length === 0 ? undefined : `drop: [${drop.join(', ')}]`),
  contradiction: (theirs, ours) => (theirs.add.every((name) => !isDropped(ours, name)) ? undefined : describeLists(ours)),
  isMadeAgain(theirs, ours) {
    if (!theirs.drop.includes('ALL')) return theirs.drop.every((name) => theirs.add.includes(name) || isDropped(ours, name));
    return ours.drop.includes('ALL') && ours.add.every((name) => theirs.add.includes(name) || theirs.add.includes('ALL'));
  },
};

function isDropped({ drop, add }: Container, name: string): boolean {
  return (drop.includes('ALL') || drop.includes(name)) && !add.includes(name) && !add.includes('ALL');
}

function describeLists({ drop, add }: Container): string {
  return `drop: [${drop.join(', ')}]${add.length === 0 ? '' : `, add: [${add.join(', ')}]`}`;
}

/** What is set of our own accord, and shut with `privileged: true` in place. */
const privileged: Rule<Container> = {
  field: 'privileged',
  transforms: ['disallow-privilege-escalation', 'drop-capabilities'],
  need: (theirs) => (theirs.privileged ? 'privileged: true' : undefined),
  contradiction(theirs, ours) {
    if (!theirs.privileged) return undefined;
    if (ours.allowPrivilegeEscalation === false) return 'allowPrivilegeEscalation: false';
    return isDropped(ours, 'ALL') ? describeLists(ours) : undefined;
  },
};

const runAsNonRoot: Rule<Container> = {
  field: 'runAsNonRoot',
  transforms: ['require-non-root', 'set-user-group'],
  need: (theirs) => (theirs.runAsNonRoot === false ? 'runAsNonRoot: false' : undefined),
  hardening: (theirs) => (theirs.runAsNonRoot === true ? 'runAsNonRoot: true' : undefined),
  contradiction: (theirs, ours) => (theirs.runAsNonRoot === false ? sayNonRoot(ours) : undefined),
  isMadeAgain: (_, ours) => ours.runAsNonRoot === true,
};

function sayNonRoot({ runAsNonRoot: isRequired, runAsUser }: Container): string | undefined {
  if (isRequired) return 'runAsNonRoot: true';
  return runAsUser === undefined || runAsUser === 0 ? undefined : `runAsUser: ${runAsUser}`;
}

const runAsUser: Rule<Container> = {
  field: 'runAsUser',
  transforms: ['set-user-group', 'require-non-root'],
  need: (theirs) => (theirs.runAsUser === 0 ? 'runAsUser: 0' : undefined),
  hardening: (theirs) => (theirs.runAsUser ? `runAsUser: ${theirs.runAsUser}` : undefined),
  contradiction(theirs, ours) {
    if (theirs.runAsUser === 0) return sayNonRoot(ours);
    const isOther = theirs.runAsUser !== undefined && ours.runAsUser !== undefined && ours.runAsUser !== theirs.runAsUser;
    return isOther ? `runAsUser: ${ours.runAsUser}` : undefined;
  },
  // Where no number is written, the image has the word, and the kubelet sees to it that it is not root.
  isMadeAgain: (theirs, ours) =>
    ours.runAsUser === theirs.runAsUser || (ours.runAsUser === undefined && ours.runAsNonRoot === true),
};

const runAsGroup: Rule<Container> = {
  field: 'runAsGroup',
  transforms: ['set-user-group'],
  // The group of root gives no rights of root; images that run as any user keep their files in it.
  setting: (theirs) => (theirs.runAsGroup === 0 ? 'runAsGroup: 0' : undefined),
  hardening: (theirs) => (theirs.runAsGroup ? `runAsGroup: ${theirs.runAsGroup}` : undefined),
  contradiction: (theirs, ours) => otherNumber('runAsGroup', theirs.runAsGroup, ours.runAsGroup),
  isMadeAgain: (theirs, ours) => ours.runAsGroup === theirs.runAsGroup,
};

function otherNumber(field: string, theirs: number | undefined, ours: number | undefined): string | undefined {
  return theirs !== undefined && ours !== undefined && ours !== theirs ? `${field}: ${ours}` : undefined;
}

/** A value that opens something, and that we may take back by writing another. */
function opening(field: 'procMount' | 'seLinuxOptions', transform: string): Rule<Container> {
  return {
    field,
    transforms: [transform],
    need: (theirs) => (theirs[field] === undefined || theirs[field] === 'Default' ? undefined : `${field}: ${theirs[field]}`),
    contradiction: (theirs, ours) =>
      theirs[field] !== undefined && ours[field] !== undefined && ours[field] !== theirs[field]
        ? `${field}: ${ours[field]}`
        : undefined,
  };
}

/** Of each container. */
export const CONTAINER_RULES: readonly Rule<Container>[] = [
  capabilities,
  privileged,
  flag('allowPrivilegeEscalation', false, 'disallow-privilege-escalation'),
  flag('readOnlyRootFilesystem', true, 'read-only-root-filesystem'),
  runAsNonRoot,
  runAsUser,
  runAsGroup,
  profile('seccompProfile', 'set-seccomp-profile'),
  profile('appArmorProfile', 'set-apparmor-profile'),
  opening('seLinuxOptions', 'set-selinux-options'),
  opening('procMount', 'disallow-proc-mount'),
];

/** A pod, and what the repository says of its account. */
export interface PodAndAccount extends Pod {
  readonly binding: string | undefined;
  readonly isAccountOff: boolean;
}

const token: Rule<PodAndAccount> = {
  field: 'automountServiceAccountToken',
  transforms: ['disable-token-automount'],
  need({ automountServiceAccountToken: isOn, binding }) {
    if (isOn === true) return 'automountServiceAccountToken: true';
    return isOn === undefined ? binding : undefined;
  },
  hardening: (theirs) => (theirs.automountServiceAccountToken === false ? 'automountServiceAccountToken: false' : undefined),
  contradiction: (theirs, ours) =>
    token.need?.(theirs) !== undefined && ours.automountServiceAccountToken === false
      ? 'automountServiceAccountToken: false'
      : undefined,
  isMadeAgain: (_, { automountServiceAccountToken: isOn, isAccountOff }) =>
    isOn === false || (isOn === undefined && isAccountOff),
};

function hostNamespace(field: 'hostNetwork' | 'hostPID' | 'hostIPC'): Rule<PodAndAccount> {
  return {
    field,
    transforms: ['disallow-host-namespaces'],
    need: (theirs) => (theirs[field] ? `${field}: true` : undefined),
    contradiction: (theirs, ours) => (theirs[field] && !ours[field] ? `no ${field}` : undefined),
  };
}

const hostPath: Rule<PodAndAccount> = {
  field: 'hostPath',
  transforms: ['disallow-host-path'],
  need: ({ hostPaths }) => (hostPaths.length === 0 ? undefined : `hostPath ${hostPaths.join(', ')}`),
  contradiction(theirs, ours) {
    const gone = theirs.hostPaths.filter((name) => !ours.hostPaths.includes(name));
    return gone.length === 0 ? undefined : `no hostPath ${gone.join(', ')}`;
  },
};

/** Files of a volume are the group's then, which neither opens nor shuts what others may do. */
const fsGroup: Rule<PodAndAccount> = {
  field: 'fsGroup',
  transforms: ['set-user-group'],
  setting: (theirs) => (theirs.fsGroup === undefined ? undefined : `fsGroup: ${theirs.fsGroup}`),
  contradiction: (theirs, ours) => otherNumber('fsGroup', theirs.fsGroup, ours.fsGroup),
};

/** Of each pod. */
export const POD_RULES: readonly Rule<PodAndAccount>[] = [
  token,
  hostNamespace('hostNetwork'),
  hostNamespace('hostPID'),
  hostNamespace('hostIPC'),
  hostPath,
  fsGroup,
];

export const FIELDS: readonly string[] = [...CONTAINER_RULES, ...POD_RULES].map(({ field }) => field);
