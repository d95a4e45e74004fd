import type { Change } from '../../core/change.js';
import { needsContainerLevel, REACHES_SUPPRESSED } from '../levels.js';
import type { TransformContext, View } from '../types.js';
import { findWindows, type Obstacle } from './obstacle.js';

/** Where a group is to be written. */
interface GroupPlace {
  readonly view: View;
  readonly change: Change;
  /** Whether root's group is written there. */
  readonly isWritten: boolean;
  readonly obstacle: Obstacle | undefined;
}

const GROUP = 'securityContext.runAsGroup';

/** In the place of root's group, and where none is named: on the pod where that is for all containers, else on each. */
export function placeGroup(context: TransformContext, gid: number): readonly GroupPlace[] {
  const { pod, containers, isSuppressed } = context;
  const wrong = [pod, ...containers].filter((view) => view.get(GROUP).is(0));
  const silent = containers.filter((container) => container.effective('runAsGroup').state === 'absent');
  const isForAll = silent.length > 0 && !pod.hidesContainers && !needsContainerLevel(context);
  return [...wrong, ...(isForAll ? [pod] : silent)].map((view) => {
    const reaches =
      view === pod && containers.some((container) => container.get(GROUP).state === 'absent' && isSuppressed(container));
    return {
      view,
      change: view !== pod && pod.get(GROUP).is(gid) ? view.remove(GROUP) : view.set(GROUP, gid),
      isWritten: wrong.includes(view),
      obstacle: findWindows(pod.os) ?? (reaches ? { unless: REACHES_SUPPRESSED } : undefined),
    };
  });
}
