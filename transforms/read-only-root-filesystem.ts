import type { Change } from '../src/core/change.js';
import type { Finding } from '../src/core/finding.js';
import { isList, valueAt } from '../src/core/json.js';
import { findWritablePaths } from '../src/kube/decisions/writable-paths.js';
import { finding } from '../src/kube/finding.js';
import { MAYBE_WINDOWS } from '../src/kube/levels.js';
import { type ContainerView, defineTransform, type TransformContext, type View } from '../src/kube/types.js';

/**
 * Who breaks into a container cannot change its programs where the root file system is read-only. Paths that the image writes get an
 * empty volume each, one for each container and path.
 *
 * ## Risk
 * Medium where the catalogue knows all paths that the image writes, and that it ships nothing in them; high, with `/tmp` alone, where
 * it does not, and high where a mounted configuration, a path in the arguments or a hook may make it write elsewhere. No change is
 * offered where the image writes into its own files.
 *
 * ## References
 * - [Configure a security context](https://kubernetes.io/docs/tasks/configure-pod-container/security-context/)
 * - [NSA/CISA Kubernetes Hardening Guidance: immutable container file systems](https://media.defense.gov/2022/Aug/29/2003066362/-1/-1/0/CTR_KUBERNETES_HARDENING_GUIDANCE_1.2_20220829.PDF)
 */
export const readOnlyRootFilesystem = defineTransform({
  id: 'read-only-root-filesystem',
  title: 'Make root file systems read-only, with volumes for what is written',
  risk: 'high',
  controls: { nsa: 'immutable-file-systems', kubescape: 'C-0017', checkov: 'CKV_K8S_22', trivy: 'KSV014' },
  *check(context) {
    if (context.pod.os === 'windows') return;
    for (const container of context.containers) {
      if (!container.securityContext.readOnlyRootFilesystem.is(true)) yield propose(context, container);
    }
  },
});

function propose(context: TransformContext, container: ContainerView): Finding {
  const { pod } = context;
  const written = container.securityContext.readOnlyRootFilesystem;
  const isWritten = written.state === 'set';
  const { answer, risk, evidence } = findWritablePaths(container);
  const changes: Change[] = [container.set('securityContext.readOnlyRootFilesystem', true)];
  const taken = namesTaken(context);
  for (const path of answer.paths) {
    const name = nameVolume(path, container.name, taken);
    taken.add(name);
    changes.push(container.append('volumeMounts', { name, mountPath: path }), pod.append('volumes', { name, emptyDir: {} }));
  }
  return finding(container, isWritten ? `readOnlyRootFilesystem: ${written.value}` : 'the root file system is writable', {
    changes: answer.refusal === undefined ? changes : [],
    risk: isWritten ? 'high' : risk,
    evidence: [isWritten && 'someone wrote it', evidence].filter(Boolean).join('; '),
    unless: pod.os === 'maybe-windows' ? MAYBE_WINDOWS : answer.refusal,
  });
}

/** A claim of a StatefulSet takes the place of a volume of its name. */
const CLAIMS = 'spec.volumeClaimTemplates';

/** Names of volumes; those that only a mount says too, since its volume may come from elsewhere, such as a patch. */
function namesTaken({ object, pod, containers }: TransformContext): Set<string> {
  const uses = containers.flatMap((view) => [
    ...namesIn(view, 'volumeMounts', ['name']),
    ...namesIn(view, 'volumeDevices', ['name']),
  ]);
  return new Set([...namesIn(pod, 'volumes', ['name']), ...namesIn(object, CLAIMS, ['metadata', 'name']), ...uses]);
}

function namesIn(view: View, list: string, namePath: readonly string[]): readonly string[] {
  const { value } = view.get(list);
  if (!isList(value)) return [];
  return value.map((item) => valueAt(item, namePath)).filter((name) => typeof name === 'string');
}

/** As long as the name of a volume may be, and what of it the container's name may take. */
const DNS_LABEL = 63;
const SUFFIX = 40;

/** `var-cache-nginx`; with the name of the container, and then a number, where that is taken. */
function nameVolume(path: string, container: string, taken: ReadonlySet<string>): string {
  const base = toLabel(path) || 'writable';
  for (let attempt = 0; ; attempt++) {
    const suffix = attempt === 0 ? '' : `-${container.slice(0, SUFFIX)}${attempt === 1 ? '' : `-${attempt}`}`;
    const name = toLabel(base.slice(0, DNS_LABEL - suffix.length) + suffix);
    if (!taken.has(name)) return name;
  }
}

function toLabel(text: string): string {
  return text
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-|-$/g, '');
}
