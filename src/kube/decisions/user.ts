import type { ContainerView } from '../types.js';
import type { Decision } from './decision.js';
import { type KnownImage, knowImage } from './image.js';
import type { NodeWork } from './node-work.js';
import { findHostFolder, findRootWork } from './root-work.js';
import { findNonRootTwin, findRootSibling } from './siblings.js';

/** Who the process is when the container starts, before anything steps down. */
export interface StartingUser {
  /** `undefined` unknown. */
  readonly isRoot: boolean | undefined;
  /** `runAsUser: 1000`, `redis:7 starts as root`; `undefined` where nothing is known. */
  readonly why: string | undefined;
}

/** By the manifest, which the kubelet enforces; by the image where the manifest leaves it to that. */
export function findStartingUser(container: ContainerView, known = knowImage(container)): StartingUser {
  return byManifest(container) ?? byImage(known) ?? { isRoot: undefined, why: undefined };
}

/** The same, by the word of other workloads where nothing else tells: for a risk, not for what is written. */
export function guessStartingUser(container: ContainerView, known = knowImage(container)): StartingUser {
  const user = findStartingUser(container, known);
  return user.isRoot === undefined && user.why === undefined ? (byTwin(container) ?? user) : user;
}

/** What `runAsUser` and `runAsNonRoot` in force say; `undefined` where they leave it to the image. */
export function byManifest(container: ContainerView): StartingUser | undefined {
  const user = container.effective('runAsUser');
  if (typeof user.value === 'number') return { isRoot: user.value === 0, why: `runAsUser: ${user.value}` };
  if (user.state !== 'absent') return { isRoot: undefined, why: undefined };
  if (container.effective('runAsNonRoot').is(true)) return { isRoot: false, why: 'runAsNonRoot: true' };
  return undefined;
}

function byImage(known: KnownImage | undefined): StartingUser | undefined {
  if (known === undefined || !known.isTrusted || known.facts.user === null) return undefined;
  const { user } = known.facts;
  const isRoot = typeof user === 'number' ? user === 0 : user.name === 'root';
  return { isRoot, why: `${known.cited} starts as ${isRoot ? 'root' : userName(user)}` };
}

function byTwin(container: ContainerView): StartingUser | undefined {
  const why = findNonRootTwin(container);
  return why === undefined ? undefined : { isRoot: false, why };
}

function userName(user: number | { readonly name: string }): string {
  return typeof user === 'number' ? `user ${user}` : `user ${user.name}`;
}

/** Whether the kubelet would start the container with `runAsNonRoot: true`; `refusal` says why it would not, and what would work. */
export interface NonRootAnswer {
  readonly isPossible: boolean;
  readonly refusal?: string;
}

/**
 * @param hostVolumes the volumes of the pod that are folders of the host
 * @param rootImages `require`: also where the image is known to start as root, or names its user
 */
export function canRunAsNonRoot(
  container: ContainerView,
  hostVolumes: ReadonlySet<string>,
  rootImages: 'leave' | 'require',
): Decision<NonRootAnswer> {
  const user = container.effective('runAsUser');
  if (user.value === 0) return refuse('runAsUser: 0 is in force; set an id that the image works with first');
  if (typeof user.value === 'number') return allow('low', `runAsUser: ${user.value}`);
  if (user.state !== 'absent') return allow('high', 'runAsUser cannot be read here');
  const known = knowImage(container);
  const doubt = findRootWork(container)?.reason ?? findHostFolder(container, hostVolumes) ?? findRootSibling(container);
  if (known === undefined || known.facts.user === null) {
    const twin = findNonRootTwin(container);
    const evidence = [twin ?? 'the user of the image is not known', doubt].filter((text) => text !== undefined);
    return allow(twin === undefined || doubt !== undefined ? 'high' : 'medium', evidence.join(', but '));
  }
  const { facts, cited, isTrusted } = known;
  if (typeof facts.user === 'number' && facts.user !== 0) {
    const evidence = `${cited} starts as user ${facts.user}`;
    if (doubt !== undefined) return allow('high', `${evidence}, but ${doubt}`);
    return allow(isTrusted ? 'medium' : 'high', evidence);
  }
  const obstacle = describeRoot(known);
  return rootImages === 'leave' ? refuse(obstacle) : allow('high', `the kubelet will not start it as it is: ${obstacle}`);
}

/** Where nobody knows the user of the image, and its work, or what it finds in its volumes, is that of root more often than not. */
export function keepRoot(container: ContainerView, work: NodeWork): Decision<NonRootAnswer> | undefined {
  if (container.effective('runAsUser').state === 'set' || findStartingUser(container).isRoot === false) return undefined;
  const need = work.findNeed(container) ?? work.findForeignFiles(container);
  return need && refuse(need.unless);
}

/** Why the kubelet does not start the image with `runAsNonRoot: true`, and what would help. */
function describeRoot(known: KnownImage): string {
  const { facts, cited } = known;
  const { user } = facts;
  if (typeof user !== 'object' || user === null || user.name === 'root') return `${cited} starts as root; ${wayOut(known)}`;
  const uid = user.uid ?? facts.nonRoot?.uid;
  const how = uid === undefined ? 'set runAsUser to its id first' : `set runAsUser: ${uid} with it`;
  return `${cited} names its user "${user.name}", which the kubelet cannot verify; ${how}`;
}

/** What would have to be done to run an image without root that starts with it. */
function wayOut({ facts: { nonRoot } }: KnownImage): string {
  if (nonRoot === undefined) return 'no other user is known to work';
  const { possible, uid, anyUid, condition } = nonRoot;
  if (!possible) return `it needs that${condition === undefined ? '' : `: ${condition}`}`;
  const other = anyUid === true ? 'it can run as any other user' : 'it can run as another user';
  const id = uid === undefined ? other : `runAsUser: ${uid} can work`;
  return condition === undefined ? id : `${id}: ${condition}`;
}

function allow(risk: Decision<NonRootAnswer>['risk'], evidence: string): Decision<NonRootAnswer> {
  return { answer: { isPossible: true }, risk, evidence: [evidence] };
}

function refuse(refusal: string): Decision<NonRootAnswer> {
  return { answer: { isPossible: false, refusal }, risk: 'high', evidence: [] };
}
