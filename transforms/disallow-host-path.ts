import type { Finding } from '../src/core/finding.js';
import { findHostWork } from '../src/kube/decisions/host.js';
import { readNodeWork } from '../src/kube/decisions/node-work.js';
import { finding } from '../src/kube/finding.js';
import { type ItemView, viewItems } from '../src/kube/items.js';
import { isReplacedByClaim, removeVolumes, type VolumeView, viewVolumes } from '../src/kube/mounts.js';
import { ALLOWED_VOLUME_TYPES } from '../src/kube/pod-security/pod.js';
import { type ContainerView, defineTransform, type TransformContext } from '../src/kube/types.js';

/**
 * A `hostPath` volume hands a part of the node's file system to the pod: logs, credentials of the kubelet, the socket of the
 * container runtime. The baseline standard forbids each one, read-only or not.
 *
 * A volume that no container mounts is removed. One that a container mounts is reported, since nothing can stand in its place
 * without knowing what it is for: a PersistentVolumeClaim for data, an `emptyDir` for scratch files, a `projected` volume for
 * configuration.
 *
 * In a run that is for no level, `readOnly: true` is offered for mounts that may write. Read-only does not help against sockets
 * and devices, which take writes all the same: for those nothing is offered.
 *
 * ## Risk
 * Medium where nothing in the file mounts the volume: a patch or an injected container elsewhere still could. High for
 * `readOnly`: what the program writes there is not known. Nothing is changed beside a `Bidirectional` mount, by which a container
 * hands its own mounts to the node, for images that work on the host by nature, and for containers that show signs of it.
 *
 * ## References
 * - [Pod Security Standards: HostPath volumes](https://kubernetes.io/docs/concepts/security/pod-security-standards/#baseline)
 * - [Volumes: hostPath](https://kubernetes.io/docs/concepts/storage/volumes/#hostpath)
 */
export const disallowHostPath = defineTransform({
  id: 'disallow-host-path',
  title: 'Remove hostPath volumes that nothing mounts, and report the others',
  risk: 'high',
  checks: ['hostPathVolumes', 'restrictedVolumes'],
  words: ['hostPath'],
  // It may add volumes to the list.
  after: ['read-only-root-filesystem'],
  *check(context) {
    const volumes = viewVolumes(context.pod).filter((volume) => isForbidden(context, volume));
    const faults = volumes.map((volume) => ({ volume, message: describe(volume), advice: adviceFor(volume) }));
    yield* removeVolumes(context, faults);
    if (context.level !== undefined) return;
    // Whoever said no for a volume said so for what is done with it.
    const mended = volumes.filter(
      (volume) => !isSocketOrDevice(volume) && !isReplacedByClaim(context, volume) && !context.isSuppressed(volume),
    );
    const paths = new Map(mended.map((volume) => [volume.name, pathOf(volume) ?? 'a path']));
    const work = readNodeWork(context);
    for (const container of context.containers) {
      yield* offerReadOnly(container, paths, findHostWork(container) ?? work.findNeed(container)?.unless);
    }
  },
});

/** Of a volume with several types, which the API server refuses, an allowed one is enough for `restricted`. */
function isForbidden({ asks }: TransformContext, { sources }: VolumeView): boolean {
  if (!sources.includes('hostPath')) return false;
  return asks('hostPathVolumes') || !sources.some((source) => ALLOWED_VOLUME_TYPES.includes(source));
}

function pathOf(volume: VolumeView): string | undefined {
  const { value } = volume.get('hostPath.path');
  return typeof value === 'string' ? value : undefined;
}

function describe(volume: VolumeView): string {
  const path = pathOf(volume);
  return path === undefined ? 'hostPath' : `hostPath ${path}`;
}

const ADVICE = 'a claim, an emptyDir or a projected volume may do instead; else exempt its namespace from the standard';

function adviceFor(volume: VolumeView): string {
  return isSocketOrDevice(volume)
    ? `${ADVICE}. A read-only mount does not help: sockets and devices take writes all the same`
    : ADVICE;
}

const TYPES = ['Socket', 'CharDevice', 'BlockDevice'];

function isSocketOrDevice(volume: VolumeView): boolean {
  const path = pathOf(volume) ?? '';
  return TYPES.some((type) => volume.get('hostPath.type').is(type)) || /\.sock\/*$|^\/dev(?:\/(?!shm|hugepages)|$)/.test(path);
}

/**
 * @param paths of the host, by the names of their volumes
 * @param need why the container must write
 */
function* offerReadOnly(
  container: ContainerView,
  paths: ReadonlyMap<string | undefined, string>,
  need: string | undefined,
): Iterable<Finding> {
  const found = viewItems(container, ['volumeMounts'], () => container.subject).flatMap((mount) => {
    const { name } = mount.value;
    const path = typeof name === 'string' ? paths.get(name) : undefined;
    return path === undefined || mount.get('readOnly').is(true) ? [] : [{ mount, path }];
  });
  for (const { mount, path } of found.filter(isShared)) {
    const unless = `mount "${mount.value.name}" is Bidirectional: what the container mounts there is meant to reach the host`;
    yield finding(mount, `may write to ${path} of the host`, { risk: 'high', unless, obstacle: 'NEEDED' });
  }
  const plain = found.filter((use) => !isShared(use));
  if (plain.length === 0) return;
  const isWritten = plain.some(({ mount }) => mount.get('readOnly').state === 'set');
  yield finding(container, `may write to ${[...new Set(plain.map(({ path }) => path))].join(', ')} of the host`, {
    risk: 'high',
    changes: plain.map(({ mount }) => mount.set('readOnly', true)),
    evidence: isWritten ? 'someone wrote it' : 'what it writes there is not known',
    unless: need,
    obstacle: 'NEEDED',
  });
}

function isShared({ mount }: { readonly mount: ItemView }): boolean {
  return mount.get('mountPropagation').is('Bidirectional');
}
