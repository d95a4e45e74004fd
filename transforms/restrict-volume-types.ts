import { removeVolumes, type VolumeView, viewVolumes } from '../src/kube/mounts.js';
import { ALLOWED_VOLUME_TYPES, FORBIDDEN_VOLUME_TYPES } from '../src/kube/pod-security/pod.js';
import { defineTransform } from '../src/kube/types.js';

/**
 * Volumes by which a pod names storage of its own, such as `nfs` or `gitRepo`, reach past what the cluster's owners have made
 * available, and have the node mount what the pod says. The restricted standard allows `configMap`, `csi`, `downwardAPI`,
 * `emptyDir`, `ephemeral`, `image`, `persistentVolumeClaim`, `projected` and `secret` only.
 *
 * A volume of another type that no container mounts is removed. One that a container mounts is reported: the same storage has to
 * be offered as a PersistentVolume, and claimed. `hostPath` volumes are the matter of disallow-host-path.
 *
 * ## Risk
 * Medium: nothing in the file mounts the volume, though a patch or an injected container elsewhere still could.
 *
 * ## References
 * - [Pod Security Standards: volume types](https://kubernetes.io/docs/concepts/security/pod-security-standards/#restricted)
 * - [Persistent volumes](https://kubernetes.io/docs/concepts/storage/persistent-volumes/)
 */
export const restrictVolumeTypes = defineTransform({
  id: 'restrict-volume-types',
  title: 'Remove volumes of types that restricted forbids and nothing mounts, and report the others',
  risk: 'medium',
  checks: ['restrictedVolumes'],
  words: FORBIDDEN_VOLUME_TYPES,
  // They change the same list.
  after: ['read-only-root-filesystem', 'disallow-host-path'],
  *check(context) {
    const faults = viewVolumes(context.pod).flatMap((volume) => {
      const { sources } = volume;
      if (sources.includes('hostPath') || sources.some((source) => ALLOWED_VOLUME_TYPES.includes(source))) return [];
      return [{ volume, message: `${sources.join(', ')}, a type that restricted forbids`, advice: adviceFor(volume) }];
    });
    yield* removeVolumes(context, faults);
  },
});

function adviceFor({ sources }: VolumeView): string {
  return sources.includes('gitRepo')
    ? 'clone into an emptyDir in an init container instead'
    : 'claim the same storage through a PersistentVolume and a persistentVolumeClaim instead';
}
