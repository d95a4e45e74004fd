import type { Change } from '../src/core/change.js';
import type { Finding } from '../src/core/finding.js';
import { isList, valueAt } from '../src/core/json.js';
import { readNodeWork } from '../src/kube/decisions/node-work.js';
import { findWindows, needed, type Obstacle } from '../src/kube/decisions/obstacle.js';
import { findWritablePaths } from '../src/kube/decisions/writable-paths.js';
import { finding } from '../src/kube/finding.js';
import { type ContainerView, defineTransform, type PodView, type TransformContext, type View } from '../src/kube/types.js';

/**
 * Who breaks into a container cannot change its programs where the root file system is read-only. Paths that the image writes get an
 * empty volume each, one for each container and path.
 *
 * ## Risk
 * Medium where the catalogue knows all paths that the image writes, and that it ships nothing in them; high, with `/tmp` alone, where
 * it does not, and high where a mounted configuration, a path in the arguments or a hook may make it write elsewhere. No change is
 * offered where the image writes into its own files, and where the container shows signs of work on its node.
 *
 * ## References
 * - [Configure a security context](https://kubernetes.io/docs/tasks/configure-pod-container/security-context/)
 * - [NSA/CISA Kubernetes Hardening Guidance: immutable container file systems](https://media.defense.gov/2022/Aug/29/2003066362/-1/-1/0/CTR_KUBERNETES_HARDENING_GUIDANCE_1.2_20220829.PDF)
 */
export const readOnlyRootFilesystem = defineTransform({
  id: 'read-only-root-filesystem',
  title: 'Make root file systems read-only, with volumes for what is written',
  risk: 'high',
  writtenWords: ['securityContext'],
  *check(context) {
    const { pod, containers } = context;
    const { os } = pod;
    if (os === 'windows') return;
    const windows = findWindows(os);
    const work = readNodeWork(context);
    const names = createNames(namesTaken(context));
    for (const container of containers) {
      if (container.securityContext.readOnlyRootFilesystem.is(true)) continue;
      const { finding, volumes } = propose(pod, container, names, windows ?? work.findNeed(container));
      yield finding;
      // Only what was admitted takes its names.
      if (container.securityContext.readOnlyRootFilesystem.is(true)) names.take(volumes);
    }
  },
});

function propose(
  pod: PodView,
  container: ContainerView,
  names: VolumeNames,
  obstacle: Obstacle | undefined,
): { readonly finding: Finding; readonly volumes: readonly string[] } {
  const written = container.securityContext.readOnlyRootFilesystem;
  const isWritten = written.state === 'set';
  const { answer, risk, evidence } = findWritablePaths(container);
  const changes: Change[] = [container.set('securityContext.readOnlyRootFilesystem', true)];
  const volumes = names.choose(answer.paths, container.name);
  for (const [position, mountPath] of answer.paths.entries()) {
    const name = volumes[position] ?? '';
    changes.push(container.append('volumeMounts', { name, mountPath }), pod.append('volumes', { name, emptyDir: {} }));
  }
  const message = isWritten ? `readOnlyRootFilesystem: ${written.value}` : 'the root file system is writable';
  const details = {
    changes: answer.refusal === undefined ? changes : [],
    risk: isWritten ? ('high' as const) : risk,
    evidence: isWritten ? ['someone wrote it', ...evidence] : evidence,
    ...(obstacle ?? (answer.refusal === undefined ? {} : needed(answer.refusal))),
  };
  return { finding: finding(container, message, details), volumes };
}

/** Names of volumes; those that only a mount says too, since its volume may come from elsewhere, such as a patch. */
function namesTaken({ pod, containers }: TransformContext): Set<string> {
  const lists = ['volumeMounts', 'volumeDevices'];
  const uses = containers.flatMap((view) => lists.flatMap((list) => namesIn(view, list, ['name'])));
  return new Set([...namesIn(pod, 'volumes', ['name']), ...pod.claims, ...uses]);
}

function namesIn(view: View, list: string, namePath: readonly string[]): readonly string[] {
  const { value } = view.get(list);
  if (!isList(value)) return [];
  return value.map((item) => valueAt(item, namePath)).filter((name) => typeof name === 'string');
}

/** As long as the name of a volume may be, and what of it the container's name may take. */
const DNS_LABEL = 63;
const SUFFIX = 40;

interface VolumeNames {
  /** A free name for each path. */
  choose(paths: readonly string[], container: string): readonly string[];
  take(names: readonly string[]): void;
}

function createNames(taken: Set<string>): VolumeNames {
  /** By path and container, how many names are known to be taken: a pod may have thousands of containers of one name. */
  const tried = new Map<string, number>();
  /** `var-cache-nginx`; with the name of the container, and then a number, where that is taken. */
  const choose = (path: string, container: string, own: ReadonlySet<string>): string => {
    const base = toLabel(path) || 'writable';
    const key = `${base} ${container}`;
    for (let attempt = tried.get(key) ?? 0; ; attempt++) {
      const suffix = attempt === 0 ? '' : `-${container.slice(0, SUFFIX)}${attempt === 1 ? '' : `-${attempt}`}`;
      const name = toLabel(base.slice(0, DNS_LABEL - suffix.length) + suffix);
      if (taken.has(name)) tried.set(key, attempt);
      else if (!own.has(name)) return name;
    }
  };
  return {
    choose(paths, container) {
      const own = new Set<string>();
      for (const path of paths) own.add(choose(path, container, own));
      return [...own];
    },
    take(names) {
      for (const name of names) taken.add(name);
    },
  };
}

function toLabel(text: string): string {
  return text
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-|-$/g, '');
}
