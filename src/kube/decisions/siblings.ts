import { readStart } from '../facts/siblings.js';
import type { ContainerView, SiblingFacts } from '../types.js';
import { knowImage } from './image.js';

/*
 * What other workloads of the repository state of the same image. Whatever one of them says it needs raises a risk; what it says it
 * can do without lowers one only where it starts the same way, and where nobody says otherwise.
 *
 * What kubemend itself wrote into one of them must not be evidence for the next run. So nothing here may lower a risk by a statement
 * that kubemend would have made for a reason which the other container does not share.
 */

/** Those that start the same program. */
function listTwins(container: ContainerView): readonly SiblingFacts[] {
  const { siblings } = container;
  if (siblings.length === 0) return siblings;
  const start = readStart(container.get('command').value, container.get('args').value);
  return siblings.filter((sibling) => sibling.start === start);
}

/**
 * Those whose needs may be needs of this one. What the catalogue knows is run by many, for purposes of their own: there only those of
 * the same application count.
 */
function listKin(container: ContainerView): readonly SiblingFacts[] {
  const { siblings } = container;
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

/** The user that all who name one run the image as. */
export function findUserOfTwins(container: ContainerView): { readonly id: number; readonly evidence: string } | undefined {
  if (findRootSibling(container) !== undefined) return undefined;
  const named = listTwins(container).filter(({ user }) => user !== undefined);
  const [first] = named;
  if (first?.user === undefined || named.some(({ user }) => user !== first.user)) return undefined;
  return { id: first.user, evidence: `${first.where} runs it as user ${first.user}` };
}

/** What those add that drop all capabilities, and run as the same user. */
export function findCapabilitiesOfTwins(
  container: ContainerView,
): { readonly add: readonly string[]; readonly evidence: string } | undefined {
  if (findPrivilegedSibling(container) !== undefined) return undefined;
  const user = container.effective('runAsUser').value;
  const nonRoot = container.effective('runAsNonRoot').value;
  const alike = listTwins(container).filter(
    (twin) => twin.drop.includes('ALL') && twin.user === user && twin.nonRoot === nonRoot,
  );
  const [first] = alike;
  if (first === undefined) return undefined;
  const add = [...new Set(alike.flatMap((twin) => twin.add))].sort();
  return { add, evidence: `${first.where} drops all but ${add.length === 0 ? 'none' : add.join(', ')}` };
}

/** Where an empty volume makes up for a read-only root file system, by those that have one. */
export function findPathsOfTwins(
  container: ContainerView,
): { readonly paths: readonly string[]; readonly elsewhere: readonly string[]; readonly evidence: string } | undefined {
  if (findWritableSibling(container) !== undefined) return undefined;
  const [first] = listTwins(container).filter(({ isReadOnly }) => isReadOnly === true);
  if (first === undefined) return undefined;
  const pathsOf = (isEmpty: boolean) => first.writable.filter((mount) => mount.isEmpty === isEmpty).map(({ path }) => path);
  return {
    paths: pathsOf(true),
    elsewhere: pathsOf(false),
    evidence: `${first.where} runs it with readOnlyRootFilesystem: true`,
  };
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

/** One that asks for the token. */
export function findTokenSibling(container: ContainerView): string | undefined {
  const found = listKin(container).find(({ automount }) => automount === true);
  return found && `${found.where} runs ${container.image} with automountServiceAccountToken: true`;
}
