import type { Change } from '../src/core/change.js';
import { type Finding, highest, type Risk } from '../src/core/finding.js';
import { needsMoreSyscalls, readSeccompAnnotation, type SeccompProfile } from '../src/kube/decisions/seccomp.js';
import { finding } from '../src/kube/finding.js';
import { MAYBE_WINDOWS, needsContainerLevel, REACHES_SUPPRESSED } from '../src/kube/levels.js';
import { type ContainerView, defineTransform, type Field, type TransformContext, type View } from '../src/kube/types.js';

/**
 * Without a seccomp profile a container may call all of the kernel. `RuntimeDefault` is the profile of the container runtime.
 *
 * The alpha annotations, which runtimes have ignored since Kubernetes 1.27, move into the field.
 *
 * ## Risk
 * Low: Docker always ran with that profile, so ordinary programs do not notice. High for browsers, nested containers, debuggers and
 * programs built on io_uring, and where someone wrote `Unconfined`. Medium where a profile of the node's takes effect again.
 *
 * ## References
 * - [Pod Security Standards: seccomp](https://kubernetes.io/docs/concepts/security/pod-security-standards/#restricted)
 * - [Restrict a container's syscalls with seccomp](https://kubernetes.io/docs/tutorials/security/seccomp/)
 */
export const setSeccompProfile = defineTransform({
  id: 'set-seccomp-profile',
  title: 'Set the seccomp profile RuntimeDefault',
  risk: 'low',
  controls: {
    pss: 'baseline, restricted',
    nsa: 'pod-security',
    cis: '5.6.2',
    kubescape: 'C-0055, C-0210',
    checkov: 'CKV_K8S_31',
    trivy: 'KSV030, KSV104',
  },
  *check(context) {
    const { pod, containers } = context;
    if (pod.os === 'windows') return;
    const open = containers.filter((container) => !hasProfile(container));
    for (const container of containers) if (!open.includes(container)) yield* correct(context, container, [container]);
    if (hasProfile(pod)) yield* correct(context, pod, open);
    else if (open.length === 0) return;
    else if (needsContainerLevel(context)) for (const container of open) yield propose(context, container, [container]);
    else yield propose(context, pod, open);
  },
});

const FIELD = 'securityContext.seccompProfile';
const RUNTIME_DEFAULT: SeccompProfile = { type: 'RuntimeDefault' };

/** Whether something is written; an empty profile, which the API server refuses, is nothing. */
function hasProfile(view: View): boolean {
  const profile = view.get(FIELD);
  return profile.state !== 'absent' && !profile.is({});
}

/** What is written there is right, or is made so. */
function* correct(context: TransformContext, view: View, concerned: readonly ContainerView[]): Iterable<Finding> {
  const type = view.get(`${FIELD}.type`);
  const localhostProfile = view.get(`${FIELD}.localhostProfile`);
  const isRight = type.is('RuntimeDefault') || type.is('Localhost');
  const isLeftOver = !type.is('Localhost') && localhostProfile.state !== 'absent';
  if (isRight && !isLeftOver) return;
  const message = isRight ? 'localhostProfile beside a profile of another type' : `seccomp profile ${shown(type)}`;
  yield finding(view, message, {
    changes: [
      ...(isRight
        ? []
        : [view.set(`${FIELD}.type`, 'RuntimeDefault'), ...removeAnnotation(context, annotationOf(context, view))]),
      ...(isLeftOver ? [view.remove(`${FIELD}.localhostProfile`)] : []),
    ],
    risk: 'high',
    evidence: ['someone wrote it', ...reasonsOf(concerned)].join('; '),
    unless:
      context.pod.os === 'maybe-windows'
        ? MAYBE_WINDOWS
        : concerned.some(context.isSuppressed) && view === context.pod && REACHES_SUPPRESSED,
  });
}

function shown({ state, value }: Field): string {
  return state === 'set' ? String(value) : state === 'opaque' ? 'may be Unconfined' : 'without a type';
}

/** Nothing is written there: what the annotations ask for, else the runtime's default. */
function propose(context: TransformContext, view: View, concerned: readonly ContainerView[]): Finding {
  const { pod } = context;
  const own = annotationOf(context, view);
  // What a pod's annotation says holds for the containers that are mended one by one.
  const moved = move(own.state === 'absent' ? annotationOf(context, pod) : own);
  const changes: Change[] = [view.set(FIELD, moved.profile), ...removeAnnotation(context, own)];
  const risks: Risk[] = [moved.risk, ...concerned.map((container) => needsMoreSyscalls(container).risk)];
  let unless = moved.unless;
  for (const container of view === pod ? concerned : []) {
    const annotation = annotationOf(context, container);
    if (annotation.state === 'absent') continue;
    const inner = move(annotation);
    changes.push(...removeAnnotation(context, annotation));
    if (inner.profile.type !== moved.profile.type || inner.profile.localhostProfile !== moved.profile.localhostProfile) {
      changes.push(container.set(FIELD, inner.profile));
    }
    risks.push(inner.risk);
    unless ??= inner.unless;
  }
  const isAnnotated = changes.some((change) => change.op === 'remove');
  return finding(view, isAnnotated ? 'seccomp profile only in annotations, which runtimes ignore' : 'no seccomp profile', {
    changes,
    risk: highest(risks),
    evidence: reasonsOf(concerned).join('; '),
    unless: pod.os === 'maybe-windows' ? MAYBE_WINDOWS : unless,
  });
}

interface Move {
  readonly profile: SeccompProfile;
  readonly risk: Risk;
  readonly unless: string | undefined;
}

function move({ state, value }: Field): Move {
  if (state !== 'set') return { profile: RUNTIME_DEFAULT, risk: 'low', unless: undefined };
  const asked = readSeccompAnnotation(value);
  if (asked === 'Unconfined') return { profile: RUNTIME_DEFAULT, risk: 'high', unless: undefined };
  if (asked === undefined)
    return { profile: RUNTIME_DEFAULT, risk: 'high', unless: `an annotation asks for "${value}", which is no profile` };
  return { profile: asked, risk: asked.type === 'Localhost' ? 'medium' : 'low', unless: undefined };
}

/** The alpha annotation that speaks of the pod, or of the container. */
function annotationOf({ pod, containers }: TransformContext, view: View): Field {
  const container = containers.find((other) => other.path === view.path);
  const key = container
    ? `container.seccomp.security.alpha.kubernetes.io/${container.name}`
    : 'seccomp.security.alpha.kubernetes.io/pod';
  return pod.metadata.get(['annotations', key]);
}

function removeAnnotation({ pod }: TransformContext, annotation: Field): readonly Change[] {
  if (annotation.state === 'absent') return [];
  return [pod.metadata.remove(annotation.path.slice(pod.metadata.path.length))];
}

function reasonsOf(concerned: readonly ContainerView[]): readonly string[] {
  const decisions = concerned.map(needsMoreSyscalls);
  const reasons = decisions.filter(({ answer }) => answer).map(({ evidence }) => evidence);
  return [
    ...new Set((reasons.length > 0 ? reasons : decisions.map(({ evidence }) => evidence)).filter((text) => text !== undefined)),
  ];
}
