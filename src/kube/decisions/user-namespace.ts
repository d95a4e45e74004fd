import { isList, isObject, type Json, valueAt } from '../../core/json.js';
import type { ContainerView, TransformContext, View } from '../types.js';
import { readCapabilities, spellCapability } from './capability-lists.js';
import { listOf } from './deviations.js';
import { readNodeWork } from './node-work.js';
import { findGated, findOwnFields, findWindows, needed, type Obstacle } from './obstacle.js';

/*
 * What does not go together with a user namespace of the pod's own.
 * https://kubernetes.io/docs/concepts/workloads/pods/user-namespaces/
 */

/** Why `hostUsers: false` is not written; `undefined` where nothing in the manifest speaks against it. */
export function findHostUser(context: TransformContext): Obstacle | undefined {
  const { pod, containers, versions } = context;
  return (
    findWindows(pod.os) ??
    findGated('hostUsers', versions) ??
    findOwnFields(pod, 'hostUsers') ??
    findHostNamespace(pod) ??
    first(containers, findDevices) ??
    first(containers, findPrivilege) ??
    first(containers, readNodeWork(context).findNeed) ??
    findVolume(pod) ??
    first([pod, ...containers], findId) ??
    findForeignIds(context) ??
    (pod.hidesContainers ? { unless: 'not all of its containers can be read here' } : undefined)
  );
}

function first<Item extends View>(views: readonly Item[], find: (view: Item) => Obstacle | undefined): Obstacle | undefined {
  for (const view of views) {
    const found = find(view);
    if (found !== undefined) return found;
  }
  return undefined;
}

function findHostNamespace(pod: View): Obstacle | undefined {
  const field = ['hostNetwork', 'hostPID', 'hostIPC'].find((name) => pod.get(name).is(true) || pod.get(name).state === 'opaque');
  return field === undefined ? undefined : needed(`the API server refuses it beside ${field}: true`);
}

function findDevices(container: ContainerView): Obstacle | undefined {
  const isUsed = container.get('volumeDevices').state !== 'absent';
  return isUsed ? needed(`the API server refuses it beside the volumeDevices of ${container.subject}`) : undefined;
}

/** What the kernel asks for in the namespace of the node, whatever a process has in its own. */
const OF_THE_NODE: ReadonlySet<string> = new Set([
  'ALL',
  'AUDIT_CONTROL',
  'AUDIT_READ',
  'BLOCK_SUSPEND',
  'BPF',
  // Of `mlock` beyond the limit, as databases and Vault do it: https://man7.org/linux/man-pages/man7/user_namespaces.7.html
  'IPC_LOCK',
  'LEASE',
  'LINUX_IMMUTABLE',
  'MAC_ADMIN',
  'MAC_OVERRIDE',
  'MKNOD',
  'PERFMON',
  'SYSLOG',
  'SYS_BOOT',
  'SYS_MODULE',
  'SYS_NICE',
  'SYS_PACCT',
  'SYS_RAWIO',
  'SYS_RESOURCE',
  'SYS_TIME',
  'SYS_TTY_CONFIG',
  'WAKE_ALARM',
]);

function findPrivilege(container: ContainerView): Obstacle | undefined {
  const { privileged } = container.securityContext;
  const { subject } = container;
  if (privileged.is(true) || privileged.state === 'opaque')
    return needed(`privileged: true of ${subject} would no longer reach the node`);
  const name = readCapabilities(container, 'add')
    .map(spellCapability)
    .find((added) => OF_THE_NODE.has(added));
  return name === undefined ? undefined : needed(`capability ${name} of ${subject} has no effect in a user namespace`);
}

/** Volumes whose file systems support no idmapped mounts, or not in every kernel that Kubernetes asks for. */
const WITHOUT_IDMAP = ['nfs', 'azureFile', 'cephfs', 'glusterfs', 'quobyte', 'flexVolume'];

function findVolume(pod: View): Obstacle | undefined {
  for (const volume of listOf(pod.get('volumes').value)) {
    if (!isObject(volume)) continue;
    const name = typeof volume.name === 'string' ? `volume "${volume.name}"` : 'a volume';
    const sort = WITHOUT_IDMAP.find((each) => isObject(volume[each]));
    if (sort !== undefined) return needed(`${name} is of ${sort}, which may not support idmapped mounts`);
    if (isObject(volume.hostPath))
      return needed(`${name} is of the host, whose file system there may not support idmapped mounts`);
  }
  return undefined;
}

const IDS = ['runAsUser', 'runAsGroup', 'fsGroup', 'supplementalGroups'];

/** Of a user namespace the kubelet maps so many ids, from 0. */
const MAPPED = 65_536;

function findId(view: View): Obstacle | undefined {
  const context = view.get('securityContext').value;
  for (const field of IDS) {
    const value: Json | undefined = valueAt(context, [field]);
    const id = (isList(value) ? value : [value]).find((each) => typeof each === 'number' && each >= MAPPED);
    if (id !== undefined)
      return needed(`${field} ${String(id)} of ${view.subject} is none of the ids of a user namespace, 0 to ${MAPPED - 1}`);
  }
  return undefined;
}

/** OpenShift numbers users from a range of the namespace, far above those. */
function findForeignIds({ ref }: TransformContext): Obstacle | undefined {
  if (!/^apps\.openshift\.io\//.test(ref.apiVersion) && ref.kind !== 'DeploymentConfig') return undefined;
  return needed(`OpenShift may give it a user above ${MAPPED - 1}; its constraint decides (restricted-v3 takes user namespaces)`);
}

/** What every node of the cluster needs, and what the manifest cannot say. */
export function describeNodes({ pod }: Pick<TransformContext, 'pod'>, claims: readonly string[] = pod.claims): readonly string[] {
  const mounted = listOf(pod.get('volumes').value).flatMap((volume) => {
    const name = valueAt(volume, ['persistentVolumeClaim', 'claimName']) ?? undefined;
    return typeof name === 'string' ? [name] : [];
  });
  const [claim] = [...mounted, ...claims];
  return [
    'its nodes need Linux 6.3, containerd 2.0 or CRI-O 1.25, and runc 1.2 or crun 1.9: else the pods do not start',
    ...(claim === undefined ? [] : [`the volume of claim "${claim}" must support idmapped mounts, which NFS does not`]),
  ];
}
