import type { ObstacleCode } from '../../core/finding.js';
import { MAYBE_WINDOWS } from '../levels.js';
import type { PodView } from '../types.js';
import { isDefaultOn, isKnownOn } from '../versions/policy.js';
import type { VersionedField, VersionRange } from '../versions/types.js';
import { formatVersion } from '../versions/versions.js';

/** Why a change is not made, and of which sort that is; without a code, it is advice for a person. */
export interface Obstacle {
  readonly unless: string;
  readonly obstacle?: ObstacleCode;
}

/** What keeps a field of Linux from being written in the pod; `undefined` where it runs on Linux. */
export function findWindows(os: PodView['os']): Obstacle | undefined {
  if (os === 'linux') return undefined;
  const unless = os === 'windows' ? 'the API server refuses the field on Windows' : MAYBE_WINDOWS;
  return { unless, obstacle: 'WINDOWS' };
}

/** What keeps a field from being written that the oldest of the versions does not have; `undefined` where all have it. */
export function findUnknown(field: VersionedField, versions: VersionRange): Obstacle | undefined {
  if (isKnownOn(field, versions)) return undefined;
  return { unless: `Kubernetes ${formatVersion(versions.from)} does not have ${field}`, obstacle: 'VERSION' };
}

/** The same for a field that API servers drop without a word where a feature gate is closed. */
export function findGated(field: VersionedField, versions: VersionRange): Obstacle | undefined {
  if (isDefaultOn(field, versions)) return undefined;
  const unless = `Kubernetes ${formatVersion(versions.from)} drops ${field} unless its feature gate is open`;
  return findUnknown(field, versions) ?? { unless, obstacle: 'VERSION' };
}

/** What keeps a field of a pod from being written where its kind does not have it, or may not. */
export function findOwnFields({ isPodSpec, containerLevelOnly }: PodView, field: string): Obstacle | undefined {
  if (!isPodSpec) return { unless: `its kind has no ${field} for its pods; set it by hand where it has a place for it` };
  return containerLevelOnly === undefined
    ? undefined
    : { unless: `whether its kind takes ${field} is not known; set it by hand` };
}

/** What something beside the field, or the image, is known to need. */
export function needed(unless: string): Obstacle {
  return { unless, obstacle: 'NEEDED' };
}
