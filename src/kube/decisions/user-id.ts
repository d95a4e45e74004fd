import { isObject } from '../../core/json.js';
import type { ImageFacts } from '../images/types.js';
import { needsContainerLevel } from '../levels.js';
import type { ContainerView, TransformContext, View } from '../types.js';
import type { Decision } from './decision.js';
import { listOf } from './deviations.js';
import { findRootFiles } from './file-group.js';
import { type KnownImage, knowImage } from './image.js';
import type { NodeWork } from './node-work.js';
import { needed, type Obstacle } from './obstacle.js';
import { findRootWork } from './root-work.js';
import { findRootSibling, findUserOfTwins } from './siblings.js';
import { findStartingUser } from './user.js';

/** The user to run a container as, in the place of root or of nobody's word. Ids are told or known, never made up. */
interface UserChoice {
  /** `undefined` where none is known to work. */
  readonly id: number | undefined;
  /** The group of that user, where it is known. */
  readonly group?: number | undefined;
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
    byImage(known) ??
    byNeed(known) ??
    bySetting(known, told) ??
    byOther(byTwins(container), byCatalogue(known)) ??
    byNothing(known)
  );
}

/** The choice for one of several containers. */
interface ContainerChoice extends Decision<UserChoice> {
  readonly container: ContainerView;
}

export function chooseUsers(containers: readonly ContainerView[], told: number | undefined): readonly ContainerChoice[] {
  return containers.map((container) => ({ container, ...chooseUser(container, told) }));
}

/** Where a user is to be written, and for whom. */
interface UserPlace {
  readonly view: View;
  readonly id: number | undefined;
  readonly of: readonly ContainerChoice[];
}

/**
 * Where nobody says as whom to run, and the image would run as root, or as someone whom it does not number: on the pod where all
 * containers take the user that was told, else on each of them.
 */
export function placeUsers(context: TransformContext, told: number | undefined): readonly UserPlace[] {
  const { pod, containers, level } = context;
  const silent = containers.filter((container) => container.effective('runAsUser').state === 'absent');
  // A level asks for nothing where runAsNonRoot says it already.
  const open = silent.filter((container) => level === undefined || !container.effective('runAsNonRoot').is(true));
  const choices = chooseUsers(open, told);
  const wanted = choices.filter(({ answer }) => answer.isCertain || (answer.refusal !== undefined && told !== undefined));
  const isForAll = silent.length === open.length && choices.every(({ answer }) => answer.id === told);
  const isOne = told !== undefined && isForAll && !pod.hidesContainers && !needsContainerLevel(context);
  if (isOne && wanted.length > 0) return [{ view: pod, id: told, of: choices }];
  return wanted.map((choice) => ({ view: choice.container, id: choice.answer.id, of: [choice] }));
}

/**
 * The group to write beside the user of one container: else it would be that of root, unless the image lists the user.
 * @param told what all get in its place
 */
export function chooseGroup({ level }: TransformContext, { id, of }: UserPlace, told: number | undefined): number | undefined {
  const [choice, ...others] = of;
  if (level !== undefined || told !== undefined || id === undefined || choice === undefined || others.length > 0)
    return undefined;
  return choice.container.effective('runAsGroup').state === 'absent' ? choice.answer.group : undefined;
}

/** What only root may do there, or read, whatever the image is known to do elsewhere. */
export function findRootNeed(choices: readonly ContainerChoice[], work: NodeWork): Obstacle | undefined {
  for (const { container } of choices) {
    const need = startsAsRoot(container) ? (work.findNeed(container) ?? work.findForeignFiles(container)) : undefined;
    if (need !== undefined) return need;
  }
  return undefined;
}

/** What the choices rest on, each reason once. */
export function reasonsOf(choices: readonly ContainerChoice[]): readonly string[] {
  return [...new Set(choices.flatMap(({ evidence }) => evidence))];
}

/** What is told of ids, as far as it counts for the user. */
export interface ToldIds {
  readonly uid: number | undefined;
  readonly gid: number | undefined;
  readonly 'fs-group': number | undefined;
}

/** What those of them that lose root may find of it in their volumes. Where this run names their group, there is nothing to be said. */
export function findLeftByRoot(context: TransformContext, choices: readonly ContainerChoice[], told: ToldIds): readonly string[] {
  if (told['fs-group'] !== undefined && context.level === undefined) return [];
  const found = choices.map(({ container, answer: { id } }) => {
    if (findStartingUser(container).isRoot === false) return undefined;
    const known = knowImage(container);
    return findRootFiles(context, container, known && id !== undefined ? groupOf(known.facts, id) : undefined);
  });
  return [...new Set(found.filter((text) => text !== undefined))];
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
    { id: facts.user.uid, group: groupOf(facts, facts.user.uid), isCertain: true },
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
  const { uid, anyUid } = known?.facts.nonRoot ?? {};
  const isKnown = known?.isTrusted && known.runsEntrypoint && (uid === told || anyUid === true);
  const evidence = isKnown ? describeOther(known, told) : `whether ${image} works as user ${told} is not known`;
  return decide('high', { id: told, isCertain: true }, evidence);
}

/** What both say may be what the catalogue said of the twin: the word of the catalogue then, by the evidence of both. */
function byOther(
  twins: Decision<UserChoice> | undefined,
  catalogue: Decision<UserChoice> | undefined,
): Decision<UserChoice> | undefined {
  if (twins === undefined || catalogue === undefined || twins.answer.id !== catalogue.answer.id) return twins ?? catalogue;
  return { ...catalogue, risk: twins.risk, evidence: [...twins.evidence, ...catalogue.evidence] };
}

/** By another workload that runs the same image: files that it finds in volumes may still be those of root. */
function byTwins(container: ContainerView): Decision<UserChoice> | undefined {
  const found = findUserOfTwins(container);
  if (found === undefined) return undefined;
  const work = findRootWork(container)?.reason;
  const doubt = work ?? findRootSibling(container);
  const writes = listOf(container.get('volumeMounts').value).some((mount) => !isObject(mount) || mount.readOnly !== true);
  const evidence = doubt === undefined ? found.evidence : `${found.evidence}, but ${doubt}`;
  return decide(writes || doubt !== undefined ? 'high' : 'medium', { id: found.id, isCertain: work === undefined }, evidence);
}

function byCatalogue(known: KnownImage | undefined): Decision<UserChoice> | undefined {
  const id = known?.facts.nonRoot?.uid;
  if (!known?.isTrusted || !known.runsEntrypoint || id === undefined || id === 0) return undefined;
  const isCertain = isRoot(known.facts) && known.facts.nonRoot?.condition === undefined;
  return decide('high', { id, group: groupOf(known.facts, id), isCertain }, describeOther(known, id));
}

function groupOf({ nonRoot }: ImageFacts, id: number): number | undefined {
  return nonRoot?.uid === id && nonRoot.gid !== 0 ? nonRoot.gid : undefined;
}

/** `postgres:16 (…) can run as user 999: volume group 999 (fsGroup)`, `hello-world (…) can run as any user` */
function describeOther({ cited, facts: { nonRoot } }: KnownImage, id: number): string {
  const answer = `${cited} can run as ${nonRoot?.anyUid === true ? 'any user' : `user ${id}`}`;
  return nonRoot?.condition === undefined ? answer : `${answer}: ${nonRoot.condition}`;
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
  return { answer: { isOwn: false, isCertain: false, ...choice }, risk, evidence: evidence === undefined ? [] : [evidence] };
}
