import type { ObstacleCode } from '../../core/finding.js';
import { MAYBE_WINDOWS } from '../levels.js';
import type { PodView } from '../types.js';
import { isKnownOn } from '../versions/policy.js';
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

/** What something beside the field, or the image, is known to need. */
export function needed(unless: string): Obstacle {
  return { unless, obstacle: 'NEEDED' };
}
