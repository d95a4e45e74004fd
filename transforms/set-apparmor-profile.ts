import type { Change } from '../src/core/change.js';
import type { Finding } from '../src/core/finding.js';
import type { JsonObject } from '../src/core/json.js';
import {
  type AppArmorContext,
  DISAGREEMENT,
  findStrays,
  isForbiddenAnnotation,
  nameAnnotation,
  nameForbiddenProfile,
  readAppArmor,
  readAppArmorAnnotation,
  readAppArmorAnnotations,
  removeAnnotation,
} from '../src/kube/decisions/app-armor.js';
import { finding } from '../src/kube/finding.js';
import { MAYBE_WINDOWS, needsContainerLevel, REACHES_SUPPRESSED } from '../src/kube/levels.js';
import { choice } from '../src/kube/settings.js';
import { type ContainerView, defineTransform, type View } from '../src/kube/types.js';

/**
 * AppArmor keeps a program to the files and operations that its profile names. A container that says nothing gets the profile of
 * the container runtime on nodes that have AppArmor; `Unconfined` takes that away, and is removed, as field and as annotation.
 *
 * From Kubernetes 1.30 on the field `appArmorProfile` replaces the annotations
 * `container.apparmor.security.beta.kubernetes.io/…`. They move there, in one change with the annotation, since the API server
 * refuses the two where they disagree. An annotation for a container that does not exist is refused as well, and removed.
 *
 * With `missing: runtime-default` the profile of the runtime is asked for where nobody asks for one; else that is left alone.
 *
 * ## Risk
 * High where a value goes that someone wrote: the program may do what the profile does not allow, such as mounting. Medium where
 * an annotation moves to the field. Writing a profile is high: a node without AppArmor refuses the pod.
 *
 * ## References
 * - [Pod Security Standards: AppArmor](https://kubernetes.io/docs/concepts/security/pod-security-standards/#baseline)
 * - [Restrict a container's access to resources with AppArmor](https://kubernetes.io/docs/tutorials/security/apparmor/)
 */
export const setAppArmorProfile = defineTransform({
  id: 'set-apparmor-profile',
  title: 'Remove AppArmor profiles that confine nothing',
  risk: 'high',
  checks: ['appArmorProfile'],
  words: ['apparmor', 'appArmor'],
  settings: {
    missing: choice('what becomes of containers for which nobody asks for a profile', ['leave', 'runtime-default']),
  },
  *check(asked, { missing }) {
    const context = readAppArmor(asked);
    const isFilled = missing === 'runtime-default' && context.level === undefined;
    const forbidden = nameForbiddenProfile(context.pod);
    if (forbidden !== undefined) {
      yield finding(context.pod, `AppArmor profile ${forbidden}`, {
        changes: correct(context, context.pod, isFilled),
        risk: 'high',
        evidence: 'someone wrote it',
        unless: context.containers.filter(isSilent).some(context.isSuppressed) && REACHES_SUPPRESSED,
      });
    }
    for (const container of context.containers) yield* mend(context, container, isFilled);
    yield* removeStrays(context);
    if (isFilled) yield* fill(context);
  },
});

const FIELD = 'securityContext.appArmorProfile';
/** Whether it leaves the profile to the pod, or to an annotation. */
const isSilent = (container: ContainerView) => container.get(FIELD).state === 'absent';
const RUNTIME_DEFAULT = { type: 'RuntimeDefault' };

/** Takes a forbidden profile away, or puts the runtime's in its place where that is to be there anyway. */
function correct(context: AppArmorContext, view: View, isFilled: boolean): readonly Change[] {
  // Where the type is a variable, the engine holds what would be done to it.
  const isOpaque = view.get(`${FIELD}.type`).state === 'opaque';
  const isBare = view === context.pod || context.pod.get(FIELD).state === 'absent';
  const isWritten = isFilled && isBare && !isOpaque && context.obstacle === undefined;
  return [isWritten ? view.set(FIELD, RUNTIME_DEFAULT) : view.remove(isOpaque ? `${FIELD}.type` : FIELD)];
}

function* mend(context: AppArmorContext, container: ContainerView, isFilled: boolean): Iterable<Finding> {
  const annotation = context.annotations.get(container.name);
  const isForbidden = isForbiddenAnnotation(annotation);
  const forbidden = nameForbiddenProfile(container);
  // What may run on Windows is reported: it may as well not.
  const isMovable = context.level === undefined && (context.obstacle?.unless ?? MAYBE_WINDOWS) === MAYBE_WINDOWS;
  const moved = isMovable ? readAppArmorAnnotation(annotation) : undefined;
  if (forbidden !== undefined && moved !== undefined && context.os === 'linux') {
    yield finding(container, `AppArmor profile ${forbidden} beside an annotation that says otherwise`, {
      changes: [container.set(FIELD, moved), removeAnnotation(context, container.name)],
      risk: 'high',
      evidence: `someone wrote it; the annotation asks for ${annotation}`,
    });
  } else if (forbidden !== undefined || isForbidden) {
    yield finding(container, `AppArmor profile ${forbidden ?? `${nameAnnotation(annotation)}, by annotation`}`, {
      changes: [
        ...(forbidden === undefined ? [] : correct(context, container, isFilled)),
        ...(isForbidden ? [removeAnnotation(context, container.name)] : []),
      ],
      risk: 'high',
      evidence: 'someone wrote it',
    });
  } else if (moved !== undefined) yield move(context, container, moved);
}

/** From the annotation to the field that took its place. */
function move(context: AppArmorContext, container: ContainerView, profile: JsonObject): Finding {
  const inForce = container.effective('appArmorProfile');
  // In a Pod the server makes the annotation the container's own; in a template the pod's profile stands against it.
  const beside = context.ref.kind === 'Pod' ? container.get(FIELD) : inForce;
  const isSame = inForce.is(profile);
  const isWritten = !isSame && beside.state === 'absent';
  return finding(container, 'AppArmor profile in an annotation, which the field replaced', {
    changes: [...(isWritten ? [container.set(FIELD, profile)] : []), removeAnnotation(context, container.name)],
    risk: 'medium',
    evidence: isSame ? 'the field says the same' : 'the same profile; deprecated as an annotation since 1.30',
    ...(isSame || isWritten ? isWritten && context.obstacle : { unless: DISAGREEMENT }),
  });
}

/** Annotations that speak of none of the containers. What is no one's is refused, whatever it says. */
function* removeStrays(context: AppArmorContext): Iterable<Finding> {
  for (const { name, value, isNobodys } of findStrays(context.pod, context.containers)) {
    if (!isForbiddenAnnotation(value) && (context.level !== undefined || !isNobodys)) continue;
    yield finding(context.pod, `AppArmor annotation ${nameAnnotation(value)} for ${isNobodys ? 'no ' : ''}container "${name}"`, {
      changes: [removeAnnotation(context, name)],
      risk: 'high',
      evidence: `someone wrote it${isNobodys ? '; the API server refuses it without such a container' : ''}`,
    });
  }
}

function* fill(context: AppArmorContext): Iterable<Finding> {
  const { pod, containers, os } = context;
  if (os === 'windows' || pod.get(FIELD).state !== 'absent') return;
  const silent = containers.filter(isSilent);
  const left = readAppArmorAnnotations(pod);
  const open = silent.filter(({ name }) => !left.has(name));
  if (open.length === 0) return;
  const isForAll = open.length === silent.length && !needsContainerLevel(context);
  for (const view of isForAll ? [pod] : open) {
    yield finding(view, 'no AppArmor profile', {
      changes: [view.set(FIELD, RUNTIME_DEFAULT)],
      risk: 'high',
      evidence: 'a node without AppArmor refuses the pod',
      ...context.obstacle,
    });
  }
}
