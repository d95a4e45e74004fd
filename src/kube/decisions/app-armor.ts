import type { Change } from '../../core/change.js';
import { isList, isObject, type Json, type JsonObject, valueAt } from '../../core/json.js';
import { isOpaque } from '../opaque.js';
import type { ContainerView, PodView, TransformContext, View } from '../types.js';
import { findUnknown, findWindows, type Obstacle } from './obstacle.js';

/** The annotation that speaks of a container is this and its name. */
const APPARMOR_ANNOTATION = 'container.apparmor.security.beta.kubernetes.io/';

/** The annotations of the pod about AppArmor, by the name of the container, as they are written. */
export function readAppArmorAnnotations(pod: PodView): ReadonlyMap<string, Json> {
  const written = valueAt(pod.metadata.get([]).value, ['annotations']);
  const found = Object.entries(isObject(written) ? written : {}).filter(([key]) => key.startsWith(APPARMOR_ANNOTATION));
  return new Map(found.map(([key, value]) => [key.slice(APPARMOR_ANNOTATION.length), value]));
}

export const DISAGREEMENT = 'the field says otherwise, or cannot be read here; the API server refuses two that disagree';

/** Whether the Pod Security Standards forbid the annotation. */
export function isForbiddenAnnotation(value: Json | undefined): boolean {
  if (typeof value !== 'string') return false;
  return value !== '' && value !== 'runtime/default' && !value.startsWith('localhost/');
}

/** The profile that an annotation asks for, as the field has it; `undefined` where it asks for none that confines. */
export function readAppArmorAnnotation(value: Json | undefined): JsonObject | undefined {
  if (typeof value !== 'string') return undefined;
  if (value === 'runtime/default') return { type: 'RuntimeDefault' };
  const [, localhostProfile] = /^localhost\/(.+)$/s.exec(value) ?? [];
  return localhostProfile === undefined ? undefined : { type: 'Localhost', localhostProfile };
}

/** The type of a profile that the Pod Security Standards forbid, in words; `undefined` where they forbid none. */
export function nameForbiddenProfile(view: View): string | undefined {
  const profile = view.get('securityContext.appArmorProfile');
  if (profile.state === 'absent' || (profile.state === 'set' && !isObject(profile.value))) return undefined;
  const type = view.get('securityContext.appArmorProfile.type');
  if (type.state === 'opaque') return 'that may be Unconfined';
  if (type.is('RuntimeDefault') || type.is('Localhost')) return undefined;
  return type.state === 'absent' || type.is('') ? 'without a type' : String(type.value);
}

/** What an annotation says, in words. */
export function nameAnnotation(value: Json | undefined): string {
  return isOpaque(value) ? 'that may be unconfined' : JSON.stringify(value);
}

/** An annotation that speaks of none of the containers that transforms see. */
interface Stray {
  readonly name: string;
  readonly value: Json;
  /** Whether there is surely no such container; else it may be ephemeral, or one that cannot be read here. */
  readonly isNobodys: boolean;
}

export function findStrays(pod: PodView, containers: readonly ContainerView[]): readonly Stray[] {
  const { value } = pod.get('ephemeralContainers');
  const seen = new Set(containers.map(({ name }) => name));
  const ephemeral = new Set(isList(value) ? value.map((container) => valueAt(container, ['name'])) : []);
  const annotations = [...readAppArmorAnnotations(pod)].filter(([name]) => !seen.has(name));
  return annotations.map(([name, annotation]) => {
    const isNobodys = !pod.hidesContainers && !isOpaque(name) && !ephemeral.has(name);
    return { name, value: annotation, isNobodys };
  });
}

/** What keeps the field from being written; `undefined` where nothing does. */
function findFieldObstacle({ pod, versions }: TransformContext): Obstacle | undefined {
  const unknown = findUnknown('appArmorProfile', versions);
  if (unknown !== undefined) return unknown;
  return pod.lacks('appArmorProfile') ? { unless: 'Knative does not take appArmorProfile' } : findWindows(pod.os);
}

/** What is asked for each container, and is the same for all: there may be thousands of them, and of annotations. */
export interface AppArmorContext extends TransformContext {
  readonly os: PodView['os'];
  /** Why the field must not be written. */
  readonly obstacle: Obstacle | undefined;
  readonly annotations: ReadonlyMap<string, Json>;
}

export function readAppArmor(context: TransformContext): AppArmorContext {
  const { pod } = context;
  return { ...context, os: pod.os, obstacle: findFieldObstacle(context), annotations: readAppArmorAnnotations(pod) };
}

/** Takes away the annotation that speaks of a container. */
export function removeAnnotation({ pod }: TransformContext, container: string): Change {
  return pod.metadata.remove(['annotations', APPARMOR_ANNOTATION + container]);
}
