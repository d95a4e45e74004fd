import type { Json } from '../../core/json.js';
import { REACHES_SUPPRESSED } from '../levels.js';
import type { TransformContext } from '../types.js';
import { isDefaultOn } from '../versions/policy.js';
import { formatVersion } from '../versions/versions.js';
import { findGroupVolume } from './file-group.js';
import { findWindows, type Obstacle } from './obstacle.js';
import { startsAsRoot } from './user-id.js';

/** What is asked for of the groups that only pods can name. */
export interface PodGroups {
  readonly 'fs-group': number | undefined;
  readonly 'supplemental-groups': readonly number[] | undefined;
  readonly 'supplemental-groups-policy': 'leave' | 'strict';
}

/** A field of the pod's security context that is to be written. */
interface PodField {
  readonly field: 'fsGroup' | 'supplementalGroups' | 'supplementalGroupsPolicy';
  readonly message: string;
  readonly value: Json;
  readonly evidence: string;
  readonly obstacle: Obstacle | undefined;
}

/** The fields that are asked for and that the pod lacks. All containers take them, so all must admit them. */
export function* findPodFields(context: TransformContext, groups: PodGroups): Iterable<PodField> {
  const { pod } = context;
  const obstacle = findPodObstacle(context);
  const isAbsent = (field: string) => pod.get(['securityContext', field]).state === 'absent';
  const { 'fs-group': fsGroup, 'supplemental-groups': supplemental = [], 'supplemental-groups-policy': policy } = groups;

  const volume = fsGroup !== undefined && isAbsent('fsGroup') ? findVolume(context) : undefined;
  if (fsGroup !== undefined && volume !== undefined) {
    const evidence = `the kubelet gives the files of volume "${volume}" to the group`;
    yield { field: 'fsGroup', message: 'no fsGroup', value: fsGroup, evidence, obstacle };
  }

  if (supplemental.length > 0 && isAbsent('supplementalGroups')) {
    const evidence = 'every container gets the groups';
    yield { field: 'supplementalGroups', message: 'no supplementalGroups', value: supplemental, evidence, obstacle };
  }

  const written = pod.get('securityContext.supplementalGroupsPolicy');
  if (policy !== 'strict' || written.is('Strict')) return;
  const evidence = 'the groups that the image gives its user go, and a node whose runtime cannot do that refuses the pod';
  yield {
    field: 'supplementalGroupsPolicy',
    message: written.state === 'set' ? `supplementalGroupsPolicy: ${written.value}` : 'groups of the image count',
    value: 'Strict',
    evidence: written.state === 'set' ? `someone wrote it; ${evidence}` : evidence,
    obstacle: obstacle ?? findPolicyObstacle(context),
  };
}

/** A volume that a container writes to which is not root, who needs no group. */
function findVolume(context: TransformContext): string | undefined {
  for (const container of context.containers) {
    const volume = startsAsRoot(container) ? undefined : findGroupVolume(context, container);
    if (volume !== undefined) return volume;
  }
  return undefined;
}

function findPodObstacle({ pod, containers, isSuppressed }: TransformContext): Obstacle | undefined {
  if (pod.os !== 'linux') return findWindows(pod.os);
  if (pod.containerLevelOnly !== undefined) return { unless: pod.containerLevelOnly };
  return !isSuppressed(pod) && containers.some(isSuppressed) ? { unless: REACHES_SUPPRESSED } : undefined;
}

function findPolicyObstacle({ versions }: TransformContext): Obstacle | undefined {
  if (isDefaultOn('supplementalGroupsPolicy', versions)) return undefined;
  return {
    unless: `Kubernetes ${formatVersion(versions.from)} does not have supplementalGroupsPolicy, or only behind a feature gate`,
    obstacle: 'VERSION',
  };
}
