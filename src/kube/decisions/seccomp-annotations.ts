import type { Change } from '../../core/change.js';
import type { Risk } from '../../core/finding.js';
import { isEqual, type Json, type JsonObject, type Path, valueAt } from '../../core/json.js';
import type { ContainerView, Field, PodView } from '../types.js';

/*
 * The alpha annotations that said which seccomp profile a pod or a container has, before there was a field (1.19). Up to 1.26 the API
 * server kept the two of a Pod alike; since 1.27 nobody reads the annotations.
 */

/** A profile as the field has it. */
type SeccompProfile = JsonObject;

const RUNTIME_DEFAULT: SeccompProfile = { type: 'RuntimeDefault' };

/** From the pod's metadata. */
function pathOf(view: PodView | ContainerView): Path {
  const key =
    'sort' in view ? `container.seccomp.security.alpha.kubernetes.io/${view.name}` : 'seccomp.security.alpha.kubernetes.io/pod';
  return ['annotations', key];
}

/** The annotation that speaks of the pod, or of the container. */
export function annotationOf(pod: PodView, view: PodView | ContainerView): Field {
  return pod.metadata.get(pathOf(view));
}

/** Whether it is there, be it without a value, which is one to the API server too. */
function isAnnotated(pod: PodView, view: PodView | ContainerView): boolean {
  const written = pod.metadata.get('annotations').value;
  return annotationOf(pod, view).state !== 'absent' || valueAt(written, pathOf(view).slice(1)) !== undefined;
}

export function removeAnnotation(pod: PodView, view: PodView | ContainerView): readonly Change[] {
  return isAnnotated(pod, view) ? [pod.metadata.remove(pathOf(view))] : [];
}

/** The change of an annotation that asks for no profile, or may do so; `undefined` where it asks for one, or is not there. */
export function correctAnnotation(
  pod: PodView,
  view: PodView | ContainerView,
): { readonly written: string; readonly set: Change; readonly remove: Change } | undefined {
  const path = pathOf(view);
  const isOpaque = annotationOf(pod, view).state === 'opaque';
  // A `null` is an annotation that says nothing.
  const value = valueAt(pod.metadata.get('annotations').value, path.slice(1));
  if (!isOpaque && (value === undefined || isAllowed(value))) return undefined;
  return {
    written: isOpaque ? 'that may be unconfined' : JSON.stringify(value),
    set: pod.metadata.set(path, 'runtime/default'),
    remove: pod.metadata.remove(path),
  };
}

/** As the Pod Security Standards have it. */
function isAllowed(value: Json): boolean {
  if (value === 'runtime/default' || value === 'docker/default') return true;
  return typeof value === 'string' && value.startsWith('localhost/');
}

/** What an annotation asks for, or `'Unconfined'`; `undefined` where its value is not one that Kubernetes knew. */
function read(value: Json | undefined): SeccompProfile | 'Unconfined' | undefined {
  if (typeof value !== 'string') return undefined;
  if (value === 'runtime/default' || value === 'docker/default') return RUNTIME_DEFAULT;
  if (value === 'unconfined') return 'Unconfined';
  const [, localhostProfile] = /^localhost\/(.+)$/.exec(value) ?? [];
  return localhostProfile === undefined ? undefined : { type: 'Localhost', localhostProfile };
}

/** What the field has to say in the place of an annotation. */
interface Move {
  readonly profile: SeccompProfile;
  readonly risk: Risk;
  /** What the risk rests on, where it is not that of the runtime's default. */
  readonly why: string | undefined;
  readonly unless: string | undefined;
}

function move({ state, value }: Field): Move {
  const byDefault: Move = { profile: RUNTIME_DEFAULT, risk: 'low', why: undefined, unless: undefined };
  if (state !== 'set') return byDefault;
  const asked = read(value);
  if (asked === 'Unconfined') return { ...byDefault, risk: 'high', why: 'someone wrote unconfined' };
  if (asked === undefined)
    return { ...byDefault, risk: 'high', unless: `an annotation asks for "${value}", which is no profile` };
  return asked.type === 'Localhost' ? { ...byDefault, profile: asked, risk: 'medium', why: OF_THE_NODE } : byDefault;
}

const OF_THE_NODE = 'someone asked for a profile of the node, which starts no container where it is missing';

/** Fields in the place of the annotations. */
export interface MovedAnnotations {
  readonly changes: readonly Change[];
  readonly risks: readonly Risk[];
  readonly reasons: readonly string[];
  /** The containers that get the default of the runtime. */
  readonly byDefault: readonly ContainerView[];
  /** Why they cannot be moved. */
  readonly unless: string | undefined;
}

/** Writes the field of the pod or of a container: what the annotations ask for, else the runtime's default. */
export function moveAnnotations(
  pod: PodView,
  view: PodView | ContainerView,
  field: string,
  containers: readonly ContainerView[],
): MovedAnnotations {
  const own = annotationOf(pod, view);
  // What a pod's annotation says holds for the containers that are mended one by one.
  const moved = move(own.state === 'absent' ? annotationOf(pod, pod) : own);
  const changes: Change[] = [view.set(field, moved.profile), ...removeAnnotation(pod, view)];
  const moves = new Map(containers.map((container) => [container, moved]));
  for (const container of view === pod ? containers : []) {
    if (!isAnnotated(pod, container)) continue;
    const inner = move(annotationOf(pod, container));
    changes.push(...removeAnnotation(pod, container));
    if (!isEqual(inner.profile, moved.profile)) changes.push(container.set(field, inner.profile));
    moves.set(container, inner);
  }
  const all = [moved, ...moves.values()];
  return {
    changes,
    risks: all.map(({ risk }) => risk),
    reasons: [...new Set(all.flatMap(({ why }) => why ?? []))],
    byDefault: containers.filter((container) => moves.get(container)?.profile === RUNTIME_DEFAULT),
    unless: all.find(({ unless }) => unless !== undefined)?.unless,
  };
}
