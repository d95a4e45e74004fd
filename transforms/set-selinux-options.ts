import type { Finding } from '../src/core/finding.js';
import { isObject, type JsonObject } from '../src/core/json.js';
import { findHostWork } from '../src/kube/decisions/host.js';
import { finding } from '../src/kube/finding.js';
import { REACHES_SUPPRESSED } from '../src/kube/levels.js';
import { isOpaque } from '../src/kube/opaque.js';
import { type ContainerView, defineTransform, type TransformContext, type View } from '../src/kube/types.js';
import { policiesOf } from '../src/kube/versions/policy.js';

/**
 * On nodes with SELinux a container runs as `container_t`, which keeps it from the files and processes of the node and of other
 * containers. A pod can name another type, such as `spc_t`, which SELinux does not confine at all, or a user and a role.
 *
 * Types that the Pod Security Standards do not know go, and so do user and role: what the container runtime chooses then holds. A
 * `level`, by which pods share volumes, stays. `container_engine_t` is allowed from Kubernetes 1.31 on.
 *
 * ## Risk
 * High: someone wrote it, and a container that reads files of the node may stop working. On nodes without SELinux nothing
 * changes. Nothing is changed for images that work on the host by nature.
 *
 * ## References
 * - [Pod Security Standards: SELinux](https://kubernetes.io/docs/concepts/security/pod-security-standards/#baseline)
 * - [Configure a security context: SELinux](https://kubernetes.io/docs/tasks/configure-pod-container/security-context/)
 */
export const setSelinuxOptions = defineTransform({
  id: 'set-selinux-options',
  title: 'Remove SELinux types, users and roles that lift the confinement of containers',
  risk: 'high',
  checks: ['seLinuxOptions'],
  words: ['seLinuxOptions'],
  *check(context) {
    const { pod, containers } = context;
    // A container's own options take the place of all of the pod's.
    const open = containers.filter((container) => container.get(FIELD).state === 'absent');
    yield* correct(context, pod, open, open.some(context.isSuppressed) ? REACHES_SUPPRESSED : undefined);
    for (const container of containers) yield* correct(context, container, [container]);
  },
});

const FIELD = 'securityContext.seLinuxOptions';

/** What a view says is right, or is made so; `concerned` are the containers for which it holds. */
function* correct(
  context: TransformContext,
  view: View,
  concerned: readonly ContainerView[],
  obstacle?: string,
): Iterable<Finding> {
  const { state, value } = view.get(FIELD);
  const forbidden = isObject(value) ? findForbidden(context, value) : [];
  if (forbidden.length === 0 && state !== 'opaque') return;
  const isWhole = isObject(value) ? saysNothingBut(forbidden, value) : true;
  const ofPod = isWhole && view !== context.pod ? context.pod.get(FIELD) : undefined;
  const work = concerned.map(findHostWork).find((reason) => reason !== undefined);
  const isNoBetter = ofPod?.state === 'opaque' || (isObject(ofPod?.value) && findForbidden(context, ofPod.value).length > 0);
  yield finding(view, isObject(value) ? describe(forbidden, value) : 'SELinux options that are not known here', {
    risk: 'high',
    changes: isWhole ? [view.remove(FIELD)] : forbidden.map((field) => view.remove(`${FIELD}.${field}`)),
    evidence: ofPod?.state === 'set' ? "someone wrote it; the pod's options hold without it" : 'someone wrote it',
    unless: obstacle ?? work ?? (isNoBetter && "the pod's options would hold instead, and are no better; fix those first"),
    obstacle: obstacle === undefined ? 'NEEDED' : undefined,
  });
}

/** A type must be allowed on every version. What a variable stands for may be anything. */
function findForbidden({ versions }: TransformContext, options: JsonObject): readonly string[] {
  const isAllowed = (type: string) => policiesOf(versions).every(({ seLinuxTypes }) => seLinuxTypes.has(type));
  return ['type', 'user', 'role'].filter((field) => {
    const value = options[field];
    return typeof value === 'string' && value !== '' && (field !== 'type' || !isAllowed(value));
  });
}

/** A variable keeps the rest: the engine holds changes at its place, not above it. */
function saysNothingBut(forbidden: readonly string[], options: JsonObject): boolean {
  return Object.entries(options).every(
    ([field, value]) => value === null || value === '' || (forbidden.includes(field) && !isOpaque(value)),
  );
}

function describe(forbidden: readonly string[], options: JsonObject): string {
  return `SELinux ${forbidden.map((field) => `${field} ${options[field]}`).join(', ')}`;
}
