import { isList, isObject, type Json, valueAt } from '../../core/json.js';
import type { ContainerView, TransformContext } from '../types.js';

/** Volumes whose files need no group, or get none: writable by all, made by the kubelet, or of the host. */
const WITHOUT_GROUP: readonly string[] = ['emptyDir', 'configMap', 'secret', 'projected', 'downwardAPI', 'hostPath', 'image'];

/** The name of a volume that the container may write to, and whose files a group can be given by `fsGroup`. */
export function findGroupVolume({ pod }: TransformContext, container: ContainerView): string | undefined {
  const names = new Set([...itemsOf(pod.get('volumes').value).filter(takesGroup).map(nameOf), ...pod.claims]);
  for (const mount of itemsOf(container.get('volumeMounts').value)) {
    const name = nameOf(mount);
    if (typeof name === 'string' && names.has(name) && valueAt(mount, ['readOnly']) !== true) return name;
  }
  return undefined;
}

/**
 * That files of a volume may still be root's, for one that was root so far and writes to it, in words of evidence. The kubelet would
 * give them to the group that `fsGroup` names; which one that is to be, a person says.
 * @param gid the group of the user that takes root's place, where it is known
 */
export function findRootFiles(context: TransformContext, container: ContainerView, gid: number | undefined): string | undefined {
  const { pod } = context;
  if (pod.os === 'windows' || pod.get('securityContext.fsGroup').state !== 'absent') return undefined;
  const volume = findGroupVolume(context, container);
  const field = gid === undefined ? 'fsGroup' : `fsGroup: ${gid}`;
  return volume && `files of volume "${volume}" may be root's, unless ${field} gives them to its group`;
}

function takesGroup(volume: Json): boolean {
  if (!isObject(volume)) return false;
  const sources = Object.keys(volume).filter((key) => key !== 'name');
  return sources.length > 0 && !sources.some((source) => WITHOUT_GROUP.includes(source));
}

function nameOf(item: Json): Json | undefined {
  return valueAt(item, ['name']);
}

function itemsOf(value: Json | undefined): readonly Json[] {
  return isList(value) ? value : [];
}
