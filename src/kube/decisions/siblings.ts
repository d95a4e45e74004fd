import { readStart, readWords } from '../facts/siblings.js';
import type { SiblingFacts } from '../repo-facts.js';
import type { ContainerView } from '../types.js';
import { knowImage } from './image.js';

/*
 * What other workloads of the repository state of the same image. Whatever one of them says it needs raises a risk; what it says it
 * can do without lowers one only where it starts the same way, and where nobody says otherwise.
 *
 * What kubemend wrote into one of them, or took out of it, must not be evidence for the next run, or a run that was stopped half-way
 * would end otherwise than a whole one. So needs and their absence move the risk alone, never what is written. And what is written
 * comes from what nobody but its authors gives a workload (volumes, ports, numbers that kubemend would not have chosen).
 */

function listOthers({ siblings }: ContainerView): readonly SiblingFacts[] {
  return siblings.length === 0 ? siblings : siblings.filter(({ isOwn }) => !isOwn);
}

/** Those that start the same program. */
function listTwins(container: ContainerView): readonly SiblingFacts[] {
  const siblings = listOthers(container);
  if (siblings.length === 0) return siblings;
  const start = readStart(container.get('command').value, container.get('args').value);
  return siblings.filter((sibling) => sibling.start === start);
}

/**
 * Those whose needs may be needs of this one. What the catalogue knows is run by many, for purposes of their own: there only those of
 * the same application count.
 */
function listKin(container: ContainerView): readonly SiblingFacts[] {
  const siblings = listOthers(container);
  if (siblings.length === 0 || !knowImage(container)?.isTrusted) return siblings;
  return siblings.filter(({ isNear }) => isNear);
}

/** One that is root, or may do what root may: `Deployment x in a.yaml:1 runs it as root`. */
export function findRootSibling(container: ContainerView): string | undefined {
  for (const { where, user, nonRoot, isPrivileged } of listKin(container)) {
    if (isPrivileged) return `${where} runs it privileged`;
    if (user === 0) return `${where} runs it as root`;
    if (nonRoot === false) return `${where} says runAsNonRoot: false`;
  }
  return undefined;
}

/** Evidence that the image is not root of its own accord: one runs it so, and names no user. */
export function findNonRootTwin(container: ContainerView): string | undefined {
  if (findRootSibling(container) !== undefined) return undefined;
  const twin = listTwins(container).find(({ user, nonRoot }) => nonRoot === true && user === undefined);
  return twin && `${twin.where} runs it with runAsNonRoot: true`;
}

/** Whether one runs it without root, whatever others say. */
export function isNonRootSomewhere(container: ContainerView): boolean {
  return listTwins(container).some(({ user, nonRoot }) => nonRoot === true && user === undefined);
}

/** The user that all run the image as who name one, root aside. */
export function findUserOfTwins(container: ContainerView): { readonly id: number; readonly evidence: string } | undefined {
  const named = listTwins(container).filter(({ otherUser }) => otherUser !== undefined);
  const [first] = named;
  const id = first?.otherUser;
  if (first === undefined || id === undefined || named.some(({ otherUser }) => otherUser !== id)) return undefined;
  return { id, evidence: first.user === id ? `${first.where} runs it as user ${id}` : `${first.where} names user ${id}` };
}

/** What others do with capabilities. */
export interface CapabilitiesOfTwins {
  /** What those add that are told the same, as whichever user. The right to a low port goes with the port. */
  readonly add: readonly string[];
  /** One that drops all, and runs as the same user; `undefined` where none does. */
  readonly evidence: string | undefined;
  /** What one of them has beside it, perhaps for a reason of its own: in words that follow a "but". */
  readonly doubt: string | undefined;
}

export function findCapabilitiesOfTwins(container: ContainerView): CapabilitiesOfTwins {
  const twins = listTwins(container);
  if (twins.length === 0) return { add: [], evidence: undefined, doubt: undefined };
  const user = container.effective('runAsUser').value;
  const nonRoot = container.effective('runAsNonRoot').value;
  const words = readWords(container.get('command').value, container.get('args').value);
  const isExplained = (twin: SiblingFacts, name: string) =>
    name === 'NET_BIND_SERVICE' ? twin.listensLow : twin.words === words;
  const add = twins.flatMap((twin) => (twin.words === words ? twin.add.filter((name) => name !== 'NET_BIND_SERVICE') : []));
  const alike = twins.find((twin) => twin.drop.includes('ALL') && twin.user === user && twin.nonRoot === nonRoot);
  const other = twins.find((twin) => twin.add.some((name) => !isExplained(twin, name)));
  return {
    add: [...new Set(add)].sort(),
    evidence: alike && `${alike.where} drops all but ${join(alike.add)}`,
    doubt: other && `${other.where} adds ${join(other.add)}`,
  };
}

function join(capabilities: readonly string[]): string {
  return capabilities.length === 0 ? 'none' : [...capabilities].sort().join(', ');
}

/** Where those that start the same program have an empty volume, in the order of the alphabet. */
export function listPathsOfTwins(container: ContainerView): readonly string[] {
  const start = readStart(container.get('command').value, container.get('args').value);
  const twins = container.siblings.filter((sibling) => sibling.start === start);
  return [...new Set(twins.flatMap(({ writable }) => writable.filter(({ isEmpty }) => isEmpty).map(({ path }) => path)))].sort();
}

/** One that has a read-only root file system, and where any of them writes to volumes that are more than empty ones. */
export function findReadOnlyTwin(
  container: ContainerView,
): { readonly elsewhere: readonly string[]; readonly evidence: string } | undefined {
  const twins = listTwins(container);
  const first = twins.find(({ isReadOnly }) => isReadOnly === true);
  if (first === undefined) return undefined;
  const elsewhere = twins.flatMap(({ writable }) => writable.filter(({ isEmpty }) => !isEmpty).map(({ path }) => path));
  return { elsewhere, evidence: `${first.where} runs it with readOnlyRootFilesystem: true` };
}

/** One that says that it writes to its root file system. */
export function findWritableSibling(container: ContainerView): string | undefined {
  const found = listKin(container).find(({ isReadOnly }) => isReadOnly === false);
  return found && `${found.where} says readOnlyRootFilesystem: false`;
}

/** One that says that it gains privileges. */
export function findGainingSibling(container: ContainerView): string | undefined {
  const found = listKin(container).find(({ escalates, isPrivileged }) => escalates === true || isPrivileged);
  return found && `${found.where} says ${found.isPrivileged ? 'privileged' : 'allowPrivilegeEscalation'}: true`;
}

/** One that has every capability. */
export function findPrivilegedSibling(container: ContainerView): string | undefined {
  const found = listKin(container).find(({ isPrivileged }) => isPrivileged);
  return found && `${found.where} runs it privileged`;
}

/** A port below 1024 that one says it listens on. */
export function findPortOfTwins(container: ContainerView): number | undefined {
  return listTwins(container).find(({ lowPort }) => lowPort !== undefined)?.lowPort;
}

/** One that asks for the token. */
export function findTokenSibling(container: ContainerView): string | undefined {
  const found = listKin(container).find(({ automount }) => automount === true);
  return found && `${found.where} runs ${container.image} with automountServiceAccountToken: true`;
}
