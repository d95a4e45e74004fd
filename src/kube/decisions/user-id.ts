import { isObject } from '../../core/json.js';
import type { ImageFacts } from '../images/types.js';
import type { ContainerView } from '../types.js';
import type { Decision } from './decision.js';
import { listOf } from './deviations.js';
import { type KnownImage, knowImage } from './image.js';
import { needed, type Obstacle } from './obstacle.js';
import { findRootWork } from './root-work.js';
import { findUserOfTwins } from './siblings.js';

/** The user to run a container as, in the place of root or of nobody's word. Ids are told or known, never made up. */
export interface UserChoice {
  /** `undefined` where none is known to work. */
  readonly id: number | undefined;
  /** Whether the image starts as that number of its own accord, so that it need not be written. */
  readonly isOwn: boolean;
  /** Whether it can be written unasked: it takes nothing else, and the image would do otherwise. */
  readonly isCertain: boolean;
  /** Why the container must stay root. */
  readonly refusal?: string;
}

/**
 * By the image's own user, which surely works; else as it was told; else by another user that the image is known to work with.
 * @param told the id to use where the image has none of its own
 */
function chooseUser(container: ContainerView, told: number | undefined): Decision<UserChoice> {
  const known = knowImage(container);
  return (
    byImage(known) ?? byNeed(known) ?? bySetting(known, told) ?? byTwins(container) ?? byCatalogue(known) ?? byNothing(known)
  );
}

/** The choice for one of several containers. */
interface ContainerChoice extends Decision<UserChoice> {
  readonly container: ContainerView;
}

export function chooseUsers(containers: readonly ContainerView[], told: number | undefined): readonly ContainerChoice[] {
  return containers.map((container) => ({ container, ...chooseUser(container, told) }));
}

/** What the choices rest on, each reason once. */
export function reasonsOf(choices: readonly ContainerChoice[]): readonly string[] {
  return [...new Set(choices.flatMap(({ evidence }) => evidence ?? []))];
}

/** Why one of the containers must stay root. */
export function findRefusal(choices: readonly ContainerChoice[]): Obstacle | undefined {
  const refusal = choices.find(({ answer }) => answer.refusal !== undefined)?.answer.refusal;
  return refusal === undefined ? undefined : needed(refusal);
}

/** Whether the container is known to start as root: by `runAsUser`, else by its image. `runAsNonRoot` gives it no other user. */
export function startsAsRoot(container: ContainerView): boolean {
  const user = container.effective('runAsUser');
  if (user.state !== 'absent') return user.is(0);
  const known = knowImage(container);
  return known?.isTrusted === true && isRoot(known.facts);
}

function byImage(known: KnownImage | undefined): Decision<UserChoice> | undefined {
  if (!known?.isTrusted || isRoot(known.facts)) return undefined;
  const { facts, cited } = known;
  if (typeof facts.user === 'number') {
    return decide('medium', { id: facts.user, isOwn: true }, `${cited} starts as user ${facts.user}`);
  }
  if (typeof facts.user?.uid !== 'number') return undefined;
  return decide(
    'medium',
    { id: facts.user.uid, isCertain: true },
    `${cited} starts as user "${facts.user.name}", whose id is ${facts.user.uid}`,
  );
}

function byNeed(known: KnownImage | undefined): Decision<UserChoice> | undefined {
  if (!known?.runsEntrypoint || known.facts.nonRoot?.possible !== false) return undefined;
  const { condition } = known.facts.nonRoot;
  const refusal = `${known.cited} needs root${condition === undefined ? '' : `: ${condition}`}`;
  return decide('high', { id: undefined, refusal }, undefined);
}

function bySetting(known: KnownImage | undefined, told: number | undefined): Decision<UserChoice> | undefined {
  if (told === undefined) return undefined;
  const image = known?.cited ?? 'the image';
  const isKnown = known?.isTrusted && known.runsEntrypoint && known.facts.nonRoot?.uid === told;
  const evidence = isKnown ? describeOther(known, told) : `whether ${image} works as user ${told} is not known`;
  return decide('high', { id: told, isCertain: true }, evidence);
}

/** By another workload that runs the same image: files that it finds in volumes may still be those of root. */
function byTwins(container: ContainerView): Decision<UserChoice> | undefined {
  const found = findUserOfTwins(container);
  if (found === undefined || found.id === 0) return undefined;
  const doubt = findRootWork(container)?.reason;
  const writes = listOf(container.get('volumeMounts').value).some((mount) => !isObject(mount) || mount.readOnly !== true);
  const evidence = doubt === undefined ? found.evidence : `${found.evidence}, but ${doubt}`;
  return decide(writes || doubt !== undefined ? 'high' : 'medium', { id: found.id, isCertain: doubt === undefined }, evidence);
}

function byCatalogue(known: KnownImage | undefined): Decision<UserChoice> | undefined {
  const id = known?.facts.nonRoot?.uid;
  if (!known?.isTrusted || !known.runsEntrypoint || id === undefined || id === 0) return undefined;
  const isCertain = isRoot(known.facts) && known.facts.nonRoot?.condition === undefined;
  return decide('high', { id, isCertain }, describeOther(known, id));
}

/** `pause:3.4 (…) can run as user 65535: any uid works` */
function describeOther({ cited, facts: { nonRoot } }: KnownImage, id: number): string {
  return `${cited} can run as user ${id}${nonRoot?.condition === undefined ? '' : `: ${nonRoot.condition}`}`;
}

function byNothing(known: KnownImage | undefined): Decision<UserChoice> {
  const evidence =
    known?.isTrusted && isRoot(known.facts) ? `${known.cited} starts as root` : 'no id is known that the image works with';
  return decide('high', { id: undefined }, evidence);
}

function isRoot({ user }: ImageFacts): boolean {
  return user === 0 || (typeof user === 'object' && (user?.name === 'root' || user?.uid === 0));
}

function decide(
  risk: Decision<UserChoice>['risk'],
  choice: Partial<UserChoice> & Pick<UserChoice, 'id'>,
  evidence: string | undefined,
): Decision<UserChoice> {
  return { answer: { isOwn: false, isCertain: false, ...choice }, risk, evidence };
}
