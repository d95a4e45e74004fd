import type { Change } from '../../core/change.js';
import { REACHES_SUPPRESSED } from '../levels.js';
import type { ContainerView, TransformContext, View } from '../types.js';
import { openLowPort } from './low-port.js';
import { readNodeWork } from './node-work.js';
import type { Obstacle } from './obstacle.js';
import { chooseUsers, findLeftByRoot, findRefusal, findRootNeed, reasonsOf, type ToldIds } from './user-id.js';

/** What takes the place of a `runAsUser: 0`, and what that rests on. */
export interface RootUserReplaced {
  readonly changes: readonly Change[];
  readonly evidence: readonly string[];
  readonly obstacle: Obstacle | undefined;
}

const USER = 'securityContext.runAsUser';

/**
 * One id for all that the value reaches, else one for each of which one is known; none where it may be Windows.
 * @param view where the 0 is: the pod, or one container
 * @param concerned the containers that it reaches
 */
export function replaceRootUser(
  context: TransformContext,
  view: View,
  concerned: readonly ContainerView[],
  told: ToldIds,
): RootUserReplaced {
  const { pod, isSuppressed } = context;
  const isPod = view === pod;
  const choices = pod.os === 'linux' ? chooseUsers(concerned, told.uid) : [];
  const id = choices[0]?.answer.id;
  const isOne = id !== undefined && choices.every(({ answer }) => answer.id === id);
  // A container that loses a 0 of its own must not get the id of another one's image.
  const isShared = isPod && (pod.hidesContainers || context.containers.some((container) => container.get(USER).is(0)));
  const isTaken = isPod ? pod.containerLevelOnly === undefined && (id === told.uid || !isShared) : !pod.get(USER).is(id ?? 0);
  const unnamed = isPod ? choices.filter(({ answer }) => answer.id !== undefined && !answer.isOwn) : [];
  const others = unnamed.map(({ container, answer }) => container.set(USER, answer.id as number));
  const opened = openLowPort(concerned, pod);
  const isOfPodThen = !isPod && id === undefined && pod.get(USER).state === 'set';
  const known = isOfPodThen ? [`runAsUser: ${pod.get(USER).value} of the pod holds without it`] : reasonsOf(choices);
  const evidence = [...known, ...opened.evidence, ...findLeftByRoot(context, choices, told)];
  return {
    changes: [...(isOne && isTaken ? [view.set(USER, id)] : [view.remove(USER), ...others]), ...opened.changes],
    evidence: pod.os === 'windows' ? ['refused on Windows'] : evidence,
    obstacle:
      isPod && concerned.some(isSuppressed)
        ? { unless: REACHES_SUPPRESSED }
        : (findRefusal(choices) ?? findRootNeed(choices, readNodeWork(context))),
  };
}
