import type { Change } from '../src/core/change.js';
import { type Finding, highest } from '../src/core/finding.js';
import { findUnknown, findWindows, type Obstacle } from '../src/kube/decisions/obstacle.js';
import { needsMoreSyscalls, reasonsOf } from '../src/kube/decisions/seccomp.js';
import { annotationOf, correctAnnotation, moveAnnotations, removeAnnotation } from '../src/kube/decisions/seccomp-annotations.js';
import { finding } from '../src/kube/finding.js';
import { needsContainerLevel, REACHES_SUPPRESSED } from '../src/kube/levels.js';
import { type ContainerView, defineTransform, type Field, type PodView, type TransformContext } from '../src/kube/types.js';

/**
 * Without a seccomp profile a container may call all of the kernel. `RuntimeDefault` is the profile of the container runtime.
 *
 * The alpha annotations, which runtimes have ignored since Kubernetes 1.27, move into the field. For versions before 1.19, which do not
 * have the field, a weak annotation becomes `runtime/default`, and nothing else is written.
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
  writtenWords: ['securityContext', 'seccomp'],
  checks: ['seccompProfile_baseline', 'seccompProfile_restricted'],
  *check(context) {
    const { pod, containers, level, asks, versions } = context;
    const { os } = pod;
    if (os === 'windows' && level === undefined) return;
    const windows = findWindows(os);
    const isMissing = asks('seccompProfile_restricted');
    const unwritable = findUnknown('seccompProfile', versions) ?? (os === 'windows' || !isMissing ? windows : undefined);
    if (unwritable) {
      yield* takeBack(context, unwritable, level === undefined ? windows : undefined);
      return;
    }
    // In a run for no level an empty profile, which the API server refuses, is nothing.
    const hasProfile = (view: PodView | ContainerView) => isWritten(view) && (level !== undefined || !view.get(FIELD).is({}));
    const open = containers.filter((container) => !hasProfile(container));
    for (const container of containers) if (hasProfile(container)) yield* correct(context, container, [container], windows);
    if (hasProfile(pod)) yield* correct(context, pod, open, windows);
    else if (open.length === 0 || !isMissing) return;
    else if (needsContainerLevel(context)) for (const each of open) yield propose(pod, each, [each], windows);
    else yield propose(pod, pod, open, windows);
  },
});

const FIELD = 'securityContext.seccompProfile';

function isWritten(view: PodView | ContainerView): boolean {
  return view.get(FIELD).state !== 'absent';
}

function isRight(view: PodView | ContainerView): boolean {
  const type = view.get(`${FIELD}.type`);
  return type.is('RuntimeDefault') || type.is('Localhost');
}

/** What is written there is right, or is made so. */
function* correct(
  { pod, level, isSuppressed }: TransformContext,
  view: PodView | ContainerView,
  concerned: readonly ContainerView[],
  windows: Obstacle | undefined,
): Iterable<Finding> {
  const type = view.get(`${FIELD}.type`);
  const isLeftOver = !type.is('Localhost') && view.get(`${FIELD}.localhostProfile`).state !== 'absent';
  // What is left of another profile is refused by the API server, and no matter of the standards.
  if (isRight(view) && (!isLeftOver || level !== undefined)) return;
  const changes: Change[] = isLeftOver ? [view.remove(`${FIELD}.localhostProfile`)] : [];
  if (!isRight(view)) changes.unshift(view.set(`${FIELD}.type`, 'RuntimeDefault'), ...removeAnnotation(pod, view));
  const isReached = view === pod && concerned.some(isSuppressed);
  yield finding(view, isRight(view) ? 'localhostProfile beside a profile of another type' : `seccomp profile ${shown(type)}`, {
    changes,
    risk: 'high',
    evidence: ['someone wrote it', ...reasonsOf(concerned)],
    ...(windows ?? (isReached ? { unless: REACHES_SUPPRESSED } : {})),
  });
}

function shown({ state, value }: Field): string {
  return state === 'set' ? String(value) : state === 'opaque' ? 'may be Unconfined' : 'without a type';
}

/** Nothing is written there: what the annotations ask for, else the runtime's default. */
function propose(
  pod: PodView,
  view: PodView | ContainerView,
  concerned: readonly ContainerView[],
  windows: Obstacle | undefined,
): Finding {
  const { changes, risks, reasons, byDefault, unless } = moveAnnotations(pod, view, FIELD, concerned);
  const isAnnotated = changes.some((change) => change.op === 'remove');
  return finding(view, isAnnotated ? 'seccomp profile only in annotations, which runtimes ignore' : 'no seccomp profile', {
    changes,
    risk: highest([...risks, ...concerned.map((container) => needsMoreSyscalls(container).risk)]),
    evidence: [...reasons, ...reasonsOf(byDefault)],
    ...(windows ?? { unless }),
  });
}

/** Where the field cannot be written: what is weak goes, in the field; in the annotations that old versions read, it is corrected. */
function* takeBack(context: TransformContext, unwritable: Obstacle, windows: Obstacle | undefined): Iterable<Finding> {
  const { pod, containers, level, asks, versions, isSuppressed } = context;
  const { os } = pod;
  const isOld = findUnknown('seccompProfile', versions) !== undefined;
  const isJudged = level === undefined || findUnknown('seccompProfile', { from: versions.to, to: versions.to }) === undefined;
  for (const view of [...containers, pod]) {
    const annotation = isOld ? correctAnnotation(pod, view) : undefined;
    const isWrong = (isJudged || annotation !== undefined) && isWritten(view) && !isRight(view);
    if (annotation === undefined && !isWrong) continue;
    const corrected = annotation && (os === 'linux' ? annotation.set : annotation.remove);
    const isReached = view === pod && containers.some(isSuppressed);
    yield finding(
      view,
      isWrong ? `seccomp profile ${shown(view.get(`${FIELD}.type`))}` : `seccomp annotation ${annotation?.written}`,
      {
        changes: [...(corrected ? [corrected] : []), ...(isWrong ? [view.remove(FIELD)] : [])],
        risk: 'high',
        evidence: 'someone wrote it',
        ...(windows ?? (isReached ? { unless: REACHES_SUPPRESSED } : {})),
      },
    );
  }
  if (!asks('seccompProfile_restricted')) return;
  const isSaid = (view: PodView | ContainerView) =>
    isWritten(view) || (level === undefined && annotationOf(pod, view).state !== 'absent');
  if (isSaid(pod) || containers.every(isSaid)) return;
  yield finding(pod, 'no seccomp profile', { risk: 'high', ...unwritable });
}
