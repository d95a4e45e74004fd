import { isList, isObject, type Json } from '../../core/json.js';
import { BASELINE_CAPABILITIES } from '../pod-security/checks/privileges.js';
import type { ContainerView, PodView } from '../types.js';
import type { Decision } from './decision.js';
import { knowImage } from './image.js';
import { findLowPort } from './low-port.js';
import { needsMoreSyscalls } from './seccomp.js';
import { findGainingSibling, isNonRootSomewhere } from './siblings.js';
import { findStartingUser } from './user.js';

/** Builders and engines that run without root: they map their users by newuidmap and newgidmap. */
const ROOTLESS = /rootless|buildah|podman/i;

/** A program that only its set-uid bit makes useful, where a command or a script names it. */
const SET_UID_PROGRAM = /(?:^|[\s;&|(/])(sudo|su|doas|pkexec|ping6?|mount|umount|newuidmap|newgidmap|fusermount3?)(?=\s|$)/;

/**
 * Programs with file capabilities in the image that their projects publish: vault (IPC_LOCK), caddy and coredns (NET_BIND_SERVICE).
 * Their forks and mirrors keep the name.
 */
const FILE_CAPABILITIES = /(?:^|\/)(?:vault|openbao|caddy|coredns)(?=[:@]|$)/i;

/** Images whose users are meant to run sudo: every job of a runner may. */
const SUDO = /(?:^|\/)actions-runner(?:-\w+)*(?=[:@]|$)/i;

/** Variables by which images let their user run sudo. */
const SUDO_SWITCHES: readonly Json[] = ['GRANT_SUDO', 'SUDO_ACCESS'];
const ON: readonly Json[] = ['yes', 'true', '1'];

function findSudoSwitch(container: ContainerView): string | undefined {
  const { value } = container.get('env');
  const isOn = (item: Json) =>
    isObject(item) && SUDO_SWITCHES.includes(item.name ?? null) && ON.includes(String(item.value).toLowerCase());
  const item = isList(value) ? value.find(isOn) : undefined;
  return isObject(item) ? `env ${String(item.name)} lets its user run sudo` : undefined;
}

/** What of the container gets rights at exec that its process does not have, by its image and by its command. */
export function findExecGain(container: ContainerView): string | undefined {
  const gain = findImageGain(container);
  if (gain !== undefined) return gain;
  for (const field of ['command', 'args']) {
    const program = findProgram(container.get(field).value);
    if (program !== undefined) return `its ${field} runs ${program}, a set-uid program`;
  }
  return findSudoSwitch(container);
}

/** By the catalogue; by the image's name where nobody has read the image, of which general knowledge may have missed it. */
function findImageGain(container: ContainerView): string | undefined {
  const { image = '' } = container;
  const known = knowImage(container);
  if (known?.facts.gains !== undefined)
    return `${known.cited}: ${known.facts.entrypoint ?? 'a program that gains rights at exec'}`;
  const { host, sometimes } = known?.facts ?? {};
  // The API server refuses a privileged container that must not escalate.
  if (host?.includes('privileged') || sometimes?.includes('privileged')) return `${known?.cited} is meant to be privileged`;
  if (known?.isTrusted) return undefined;
  if (SUDO.test(image)) return `${image} lets its user run sudo`;
  if (ROOTLESS.test(image)) return `${image} maps its users by set-uid programs`;
  if (FILE_CAPABILITIES.test(image)) return `the program in ${image} has file capabilities`;
  return undefined;
}

function findProgram(words: Json | undefined): string | undefined {
  if (!isList(words)) return undefined;
  for (const word of words) {
    const program = typeof word === 'string' ? SET_UID_PROGRAM.exec(word)?.[1] : undefined;
    if (program !== undefined) return program;
  }
  return undefined;
}

/** Without ambient capabilities, what is added to a process that is not root reaches it through the file that it executes. */
function findAddedGain(container: ContainerView): string | undefined {
  const { value } = container.get('securityContext.capabilities.add');
  if (!isList(value)) return undefined;
  const names = value.filter((name) => typeof name === 'string');
  const { isRoot, why } = findStartingUser(container);
  if (names.length === 0 || isRoot === true) return undefined;
  if (isRoot !== false) {
    const beyond = names.filter((name) => !BASELINE_CAPABILITIES.has(name));
    return beyond.length === 0
      ? undefined
      : `the added ${beyond.join(', ')} may come by file capabilities: its user is not known`;
  }
  return `${why}: a process that is not root has the added ${names.join(', ')} by file capabilities only`;
}

/** Someone who is not root, and listens on such a port all the same, has the right to from somewhere. */
function findPortGain(container: ContainerView, pod: PodView): string | undefined {
  const port = findLowPort(container, pod);
  if (port === undefined) return undefined;
  // Where workloads say different things of the user, here it is safer to believe who says that it is not root.
  const { isRoot = isNonRootSomewhere(container) ? false : undefined } = findStartingUser(container);
  if (isRoot !== false) return undefined;
  return `port ${port} of a process that is not root may rest on file capabilities`;
}

/** What makes a sandbox or a container of its own, a browser for example, often does so by a set-uid helper. */
function findSandbox(container: ContainerView): string | undefined {
  const { answer, evidence } = needsMoreSyscalls(container);
  return answer ? evidence.join('; ') : undefined;
}

/** Whether the container relies on gaining privileges that its parent does not have. */
export function needsEscalation(container: ContainerView, pod: PodView): Decision<boolean> {
  const known = knowImage(container);
  const reason =
    findExecGain(container) ??
    findAddedGain(container) ??
    findPortGain(container, pod) ??
    findSandbox(container) ??
    findGainingSibling(container);
  if (reason !== undefined) return { answer: true, risk: 'high', evidence: [reason] };
  const evidence = known?.isTrusted
    ? `no use of set-uid programs known of ${known.cited}`
    : 'nothing here says that it uses set-uid programs';
  return { answer: false, risk: 'medium', evidence: [evidence] };
}
