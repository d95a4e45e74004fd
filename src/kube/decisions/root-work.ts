import { isObject, valueAt } from '../../core/json.js';
import type { ContainerView, PodView } from '../types.js';
import { listOf, stringsIn } from './deviations.js';

/*
 * What a manifest suggests a container does as root. Words in a command prove nothing: they may raise a risk, never lower one.
 */

/** Work that only root does, as far as a word in the manifest tells. */
export interface RootWork {
  /** `its command runs chown`: in words that follow a "but". */
  readonly reason: string;
  /** What of the default capabilities it takes. */
  readonly capabilities: readonly string[];
}

const FILES = ['CHOWN', 'DAC_OVERRIDE', 'FOWNER'];
const PACKAGES = [...FILES, 'FSETID', 'SETGID', 'SETUID'];

/** Programs of root, and the capabilities that they take of those that containers have. */
const PROGRAMS: Readonly<Record<string, readonly string[]>> = {
  adduser: FILES,
  addgroup: FILES,
  apk: PACKAGES,
  apt: PACKAGES,
  'apt-get': PACKAGES,
  arping: ['NET_RAW'],
  chgrp: FILES,
  chown: FILES,
  chroot: ['SYS_CHROOT'],
  dnf: PACKAGES,
  dpkg: PACKAGES,
  gosu: ['SETGID', 'SETUID'],
  groupadd: FILES,
  ip6tables: ['NET_RAW'],
  iptables: ['NET_RAW'],
  'iptables-restore': ['NET_RAW'],
  microdnf: PACKAGES,
  mknod: ['MKNOD'],
  modprobe: [],
  mount: [],
  nft: ['NET_RAW'],
  nsenter: ['SYS_CHROOT'],
  rpm: PACKAGES,
  runuser: ['SETGID', 'SETUID'],
  setcap: ['SETFCAP'],
  setpriv: ['SETGID', 'SETPCAP', 'SETUID'],
  su: ['SETGID', 'SETUID'],
  'su-exec': ['SETGID', 'SETUID'],
  sudo: ['SETGID', 'SETUID'],
  tcpdump: ['NET_RAW', 'SETGID', 'SETUID'],
  umount: [],
  useradd: FILES,
  usermod: FILES,
  yum: PACKAGES,
};

/** A program where a command begins: at the start of a word, after what separates commands, or after what takes one. */
const PROGRAM = new RegExp(
  String.raw`(?:^|[;&|(\n]|\b(?:exec|then|do|else|xargs|env|time)\s)\s*(?:/[\w./-]*/)?(${Object.keys(PROGRAMS).join('|')}|sysctl(?=\s+(?:-\w*[wp]|[\w.]+=)))(?=[\s;&|)]|$)`,
  'g',
);

const FIELDS: readonly string[] = ['command', 'args', 'lifecycle.postStart.exec.command'];

/** By the commands and hooks of the container, and by what it mounts of the host. */
export function findRootWork(container: ContainerView): RootWork | undefined {
  for (const field of FIELDS) {
    const programs = programsIn(stringsIn(listOf(container.get(field).value)));
    if (programs.length === 0) continue;
    const where = field.startsWith('lifecycle')
      ? 'its postStart hook runs'
      : field === 'args'
        ? 'its args run'
        : 'its command runs';
    const capabilities = [...new Set(programs.flatMap((program) => PROGRAMS[program] ?? []))].sort();
    return { reason: `${where} ${programs.join(', ')}`, capabilities };
  }
  return findRootOption(container);
}

/** Options by which a program is told that it is root, or is to stay root. */
const ROOT_OPTION = /(?:^|\s)(--?(?:allow-root|allow-run-as-root|(?:run-as-)?user[= ](?:root|0)))(?=[\s:]|$)/;

function findRootOption(container: ContainerView): RootWork | undefined {
  for (const field of ['command', 'args']) {
    const option = ROOT_OPTION.exec(stringsIn(listOf(container.get(field).value)).join(' '))?.[1];
    if (option !== undefined) return { reason: `its ${field} ${field === 'args' ? 'have' : 'has'} ${option}`, capabilities: [] };
  }
  return undefined;
}

function programsIn(words: readonly string[]): readonly string[] {
  // The name of a program only: what stands behind it may be a secret.
  return [...new Set(words.flatMap((word) => [...word.matchAll(PROGRAM)].map((match) => match[1] ?? '')))];
}

/** The names of the volumes that are folders of the host. */
export function listHostVolumes(pod: PodView): ReadonlySet<string> {
  const volumes = listOf(pod.get('volumes').value).filter((volume) => isObject(volume) && isObject(volume.hostPath));
  return new Set(volumes.map((volume) => valueAt(volume, ['name'])).filter((name) => typeof name === 'string'));
}

/** A folder of the host that the container writes to, which is root's more often than not. */
export function findHostFolder(container: ContainerView, hostVolumes: ReadonlySet<string>): string | undefined {
  if (hostVolumes.size === 0) return undefined;
  for (const mount of listOf(container.get('volumeMounts').value)) {
    if (isObject(mount) && typeof mount.name === 'string' && hostVolumes.has(mount.name) && mount.readOnly !== true) {
      return `volume "${mount.name}" is a folder of the host, whose files may be root's`;
    }
  }
  return undefined;
}
