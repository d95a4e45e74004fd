import { isList, isObject, type Json, type JsonObject, type Path, valueAt } from '../core/json.js';
import type { ImageOverride, PatchTarget } from '../core/kustomization.js';
import type { OverlayStep } from './facts/overlays.js';
import { findPodTemplates, type Kinds, type ObjectType } from './kinds.js';
import { applyJsonPatch, isOperations } from './patches/json-patch.js';
import { type PatchedPlace, placesOf } from './patches/places.js';
import { mergeStrategically } from './patches/strategic-merge.js';

/** An object as kustomizations make it, one after the other, as far as it concerns pods: with their patches, namespaces and images. */
export function applySteps(object: JsonObject, type: ObjectType, steps: readonly OverlayStep[], kinds?: Kinds): JsonObject {
  let result = object;
  for (const [step, names] of withNames(object, steps)) result = applyStep(result, { type, names, kinds }, step);
  return result;
}

/** The places that the JSON 6902 patches among the steps name in the object. */
export function patchedPlaces(object: JsonObject, type: ObjectType, steps: readonly OverlayStep[]): readonly PatchedPlace[] {
  const places: PatchedPlace[] = [];
  for (const [{ patches }, names] of withNames(object, steps)) {
    for (const { target, values } of patches) {
      if (target === undefined || !isMeant({ type, names }, target)) continue;
      for (const value of values) if (isOperations(value)) places.push(...value.flatMap(placesOf));
    }
  }
  return places;
}

/** Each step with the names that the object has had until then: patches may call it by any of them. */
function* withNames(
  object: JsonObject,
  steps: readonly OverlayStep[],
): Iterable<readonly [step: OverlayStep, names: readonly string[]]> {
  const name = valueAt(object, ['metadata', 'name']);
  const names = [typeof name === 'string' ? name : ''];
  for (const step of steps) {
    yield [step, names];
    if (step.namePrefix + step.nameSuffix !== '') names.push(`${step.namePrefix}${names.at(-1)}${step.nameSuffix}`);
  }
}

interface Known {
  readonly type: ObjectType;
  /** Those that it had, and the one that it has. */
  readonly names: readonly string[];
  readonly kinds: Kinds | undefined;
}

function applyStep(object: JsonObject, known: Known, { namespace, images, patches }: OverlayStep): JsonObject {
  let result = object;
  for (const { target, values } of patches) {
    for (const value of values) {
      if (isOperations(value)) {
        if (target && isMeant(known, target)) result = asObject(applyJsonPatch(result, value)) ?? result;
      } else if (isObject(value) && isMeant(known, target ?? targetOf(value))) {
        result = asObject(mergeStrategically(result, withoutIdentity(value))) ?? result;
      }
    }
  }
  const metadata = asObject(result.metadata);
  if (namespace !== undefined && metadata?.namespace !== namespace) result = { ...result, metadata: { ...metadata, namespace } };
  return images.length === 0 ? result : replaceImages(result, known.type, images, known.kinds);
}

function asObject(value: Json | undefined): JsonObject | undefined {
  return isObject(value) ? value : undefined;
}

/** The object that a strategic-merge patch without a target is for. */
function targetOf(patch: JsonObject): PatchTarget {
  const name = valueAt(patch, ['metadata', 'name']);
  return {
    ...(typeof patch.kind === 'string' && { kind: patch.kind }),
    ...(typeof name === 'string' && { name }),
  };
}

/** With a target, what the patch calls itself is not written. */
function withoutIdentity({ apiVersion: _, kind: __, metadata, ...rest }: JsonObject): JsonObject {
  if (!isObject(metadata)) return rest;
  const { name: ___, namespace: ____, ...others } = metadata;
  return { ...rest, metadata: others };
}

function isMeant({ type, names }: Pick<Known, 'type' | 'names'>, target: PatchTarget): boolean {
  return matches(target.kind, type.kind) && names.some((name) => matches(target.name, name));
}

/** Targets are anchored patterns. One that may be anything but a plain list of names is taken to match, which can only raise a risk. */
function matches(pattern: string | undefined, text: string): boolean {
  if (pattern === undefined) return true;
  const names = pattern.replace(/^\^|\$$/g, '').split('|');
  return names.some((name) => (/^[\w.-]+$/.test(name) && !name.includes('.') ? name === text : true));
}

const LISTS = ['containers', 'initContainers'];

/** In the lists that kustomize looks for, wherever an object of the type keeps a pod. */
function replaceImages(object: JsonObject, type: ObjectType, images: readonly ImageOverride[], kinds?: Kinds): JsonObject {
  return findPodTemplates(object, type, kinds).reduce((result, { podSpec: at }) => {
    const podSpec = valueAt(result, at);
    if (!isObject(podSpec)) return result;
    const replaced = Object.fromEntries(
      LISTS.flatMap((list) => {
        const items = podSpec[list];
        if (!isList(items)) return [];
        const made = items.map((item) => replaceImage(item, images));
        return made.every((item, at) => item === items[at]) ? [] : [[list, made] as const];
      }),
    );
    return Object.keys(replaced).length === 0 ? result : putAt(result, at, { ...podSpec, ...replaced });
  }, object);
}

function replaceImage(container: Json, images: readonly ImageOverride[]): Json {
  if (!isObject(container) || typeof container.image !== 'string') return container;
  const image = images.reduce(overrideImage, container.image);
  return image === container.image ? container : { ...container, image };
}

/** As kustomize does: by the name without tag and digest; a new tag, a digest, or the two together, take the place of both. */
export function overrideImage(image: string, { name, newName, newTag, digest }: ImageOverride): string {
  const [, own = image, suffix = ''] = /^(.*?)((?::[^:/@]*)?(?:@.*)?)$/s.exec(image) ?? [];
  if (own !== name) return image;
  const version = `${newTag === undefined ? '' : `:${newTag}`}${digest === undefined ? '' : `@${digest}`}`;
  return `${newName ?? own}${version === '' ? suffix : version}`;
}

function putAt(value: Json | undefined, [step, ...rest]: Path, put: Json): JsonObject {
  const inner = (at: Json | undefined): Json => (rest.length === 0 ? put : putAt(at, rest, put));
  if (isList(value) && typeof step === 'number') return value.with(step, inner(value[step])) as unknown as JsonObject;
  return isObject(value) && step !== undefined ? { ...value, [step]: inner(value[step]) } : (put as JsonObject);
}
