import { type Finding, highest } from '../src/core/finding.js';
import { placeGroup } from '../src/kube/decisions/container-groups.js';
import { openLowPort } from '../src/kube/decisions/low-port.js';
import { readNodeWork } from '../src/kube/decisions/node-work.js';
import { findWindows } from '../src/kube/decisions/obstacle.js';
import { findPodFields, type PodGroups } from '../src/kube/decisions/pod-groups.js';
import { replaceRootUser } from '../src/kube/decisions/root-user.js';
import {
  chooseGroup,
  findLeftByRoot,
  findRefusal,
  findRootNeed,
  placeUsers,
  reasonsOf,
  startsAsRoot,
  type ToldIds,
} from '../src/kube/decisions/user-id.js';
import { finding } from '../src/kube/finding.js';
import { choice, integer, integers } from '../src/kube/settings.js';
import { type ContainerView, defineTransform, type TransformContext, type View } from '../src/kube/types.js';
import { policiesOf } from '../src/kube/versions/policy.js';

const ID = { min: 1, max: 2 ** 31 - 1 };

/**
 * A process that is root in its container is root on the node once it gets out. `runAsUser: 0` goes, and for an image that names
 * its user instead of numbering it, whom the kubelet cannot tell from root, the number is written down.
 *
 * Ids come from the settings, from what is known of the image, and from workloads that run it as a user; none is made up. The group
 * is written beside the user of an image that is known to have it. Else it, `fsGroup` (where a volume other than an `emptyDir` is
 * written to) and the supplementary groups are written only where they are set. Where a container that loses root listens on a port
 * below 1024, the sysctl is set that lets everyone in the pod do so; it is safe at every level. One that writes to a volume is told
 * that its files may be root's: which group they are to have, a person says (`fsGroup`).
 *
 * ## Risk
 * High: a program that needs root, or files that root owns, stops working. Medium where the id is that of the image's own user.
 * No change is offered on images known to need root, nor, unless the run is for a level, on containers that show signs of work on
 * their node, or that mount folders of it.
 *
 * ## References
 * - [Pod Security Standards: non-root users](https://kubernetes.io/docs/concepts/security/pod-security-standards/#restricted)
 * - [Configure a security context](https://kubernetes.io/docs/tasks/configure-pod-container/security-context/)
 */
export const setUserGroup = defineTransform({
  id: 'set-user-group',
  title: 'Replace runAsUser: 0, and set the users and groups that are known',
  risk: 'high',
  writtenWords: ['securityContext'],
  checks: ['runAsUser', 'runAsNonRoot'],
  settings: {
    uid: integer('user of containers whose image has none of its own', ID),
    gid: integer('group of containers that name none, or 0', ID),
    'fs-group': integer('group of the volumes of pods that name none', ID),
    'supplemental-groups': integers('supplementary groups of pods that name none', ID),
    'supplemental-groups-policy': choice('which groups of the image count', ['leave', 'strict']),
  },
  *check(context, settings) {
    const { pod, versions, level } = context;
    // In a user namespace root of the container is nobody on the node.
    const isLifted = pod.get('hostUsers').is(false) && policiesOf(versions).every((policy) => policy.relaxesUserNamespaces);
    if (context.asks('runAsUser') && !isLifted) yield* replaceRoot(context, settings);
    if (pod.os === 'windows') return;
    if (context.asks('runAsNonRoot')) yield* nameUsers(context, settings);
    if (level !== undefined) return;
    if (settings.gid !== undefined) yield* setGroup(context, settings.gid);
    yield* setOnPod(context, settings);
  },
});

const USER = 'securityContext.runAsUser';
const GROUP = 'securityContext.runAsGroup';

function* replaceRoot(context: TransformContext, told: ToldIds): Iterable<Finding> {
  const { pod, containers } = context;
  const concerned = containers.filter((container) => container.get(USER).state === 'absent');
  if (pod.get(USER).is(0)) yield replace(context, pod, concerned, told);
  for (const container of containers) if (container.get(USER).is(0)) yield replace(context, container, [container], told);
}

function replace(context: TransformContext, view: View, concerned: readonly ContainerView[], told: ToldIds): Finding {
  const { changes, evidence, obstacle } = replaceRootUser(context, view, concerned, told);
  return finding(view, 'runAsUser: 0', { changes, risk: 'high', evidence: ['someone wrote it', ...evidence], ...obstacle });
}

function* nameUsers(context: TransformContext, told: ToldIds): Iterable<Finding> {
  const work = readNodeWork(context);
  for (const place of placeUsers(context, told.uid)) {
    const { view, id, of } = place;
    // One that is not root of its own accord listens on its port already.
    const opened = openLowPort(
      of.filter(({ container, answer }) => !answer.isOwn && startsAsRoot(container)).map(({ container }) => container),
      context.pod,
    );
    const group = chooseGroup(context, place, told.gid);
    yield finding(view, 'no runAsUser', {
      changes: [
        ...(id === undefined ? [] : [view.set(USER, id), ...opened.changes]),
        ...(group === undefined ? [] : [view.set(GROUP, group)]),
      ],
      risk: highest(of.map(({ risk }) => risk)),
      evidence: [...reasonsOf(of), ...opened.evidence, ...findLeftByRoot(context, of, told)],
      ...(findWindows(context.pod.os) ?? findRefusal(of) ?? findRootNeed(of, work)),
    });
  }
}

function* setGroup(context: TransformContext, gid: number): Iterable<Finding> {
  for (const { view, change, isWritten, obstacle } of placeGroup(context, gid)) {
    yield finding(view, isWritten ? 'runAsGroup: 0' : 'no runAsGroup', {
      changes: [change],
      risk: 'high',
      evidence: `${isWritten ? 'someone wrote it; ' : ''}what only the group of the image may read or write is out of reach`,
      ...obstacle,
    });
  }
}

function* setOnPod(context: TransformContext, groups: PodGroups): Iterable<Finding> {
  for (const { field, message, value, evidence, obstacle } of findPodFields(context, groups)) {
    const changes = [context.pod.set(['securityContext', field], value)];
    yield finding(context.pod, message, { changes, risk: 'high', evidence, ...obstacle });
  }
}
