import { isList, isObject, type Json, type JsonObject, type Path, valueAt } from '../core/json.js';
import { expand, readPlacedPod } from './kinds/places.js';
import { groupOf, knownKinds } from './kinds/table.js';
import type { KindName, Kinds, ObjectType, PodTemplate } from './kinds/types.js';

export { type PlacedPod, readPlacedPod } from './kinds/places.js';
export { knownKinds, workloadKinds } from './kinds/table.js';
export type { KindName, Kinds, ObjectType, PodTemplate } from './kinds/types.js';

/** Where a pod keeps the containers that come with it; ephemeral ones are only ever added to a running pod. */
export const CONTAINER_LISTS: readonly string[] = ['containers', 'initContainers'];

/** An object of a document, with the type that `kubectl` reads it as. */
export interface ObjectAt {
  /** From the root of the document: empty, or `['items', 3]`. */
  readonly root: Path;
  readonly value: JsonObject;
  /** As written; for an item of a typed list (`PodList`) that names none, what the list says. `''` where unknown. */
  readonly apiVersion: string;
  readonly kind: string;
}

/** Kinds that the repo index reads. */
export const FACT_KINDS: ReadonlySet<string> = new Set(['ServiceAccount', 'RoleBinding', 'ClusterRoleBinding', 'LimitRange']);

function typeOf(value: JsonObject): { readonly apiVersion: string; readonly kind: string } {
  return {
    apiVersion: typeof value.apiVersion === 'string' ? value.apiVersion : '',
    kind: typeof value.kind === 'string' ? value.kind : '',
  };
}

/** Whether an object is of one of the kinds. */
export function isOfKind({ apiVersion, kind }: ObjectType, kinds: readonly KindName[]): boolean {
  return kinds.some((name) => name.kind === kind && apiVersion !== '' && name.group === groupOf(apiVersion));
}

/** The pods that an object makes; none where its kind makes none, or where none is written. */
export function findPodTemplates(
  value: JsonObject,
  type: ObjectType = typeOf(value),
  kinds: Kinds = knownKinds,
): readonly PodTemplate[] {
  // Without an API version nothing says that a `Pod` is Kubernetes'.
  const known = kinds.find(type);
  return known === undefined ? [] : expand(known, value);
}

/** The first pod that an object makes; `undefined` where there is none. */
export function findPodTemplate(value: JsonObject, type?: ObjectType, kinds?: Kinds): PodTemplate | undefined {
  return findPodTemplates(value, type, kinds)[0];
}

/** Whether the kind is that of a list of objects: `List`, `PodList`. Whether it is one also needs `items`. */
export function isListKind(apiVersion: string, kind: string): boolean {
  return apiVersion !== '' && kind.endsWith('List');
}

/** The objects of a document: the object itself, or the items of a list, of nested lists too, in the order of the text. */
export function objectsIn(documentValue: Json): readonly ObjectAt[] {
  const found: ObjectAt[] = [];
  if (isObject(documentValue)) collect({ root: [], value: documentValue, ...typeOf(documentValue) }, found);
  return found;
}

function collect(object: ObjectAt, found: ObjectAt[]): void {
  const { items } = object.value;
  if (!isListKind(object.apiVersion, object.kind) || !isList(items)) {
    found.push(object);
    return;
  }
  const itemKind = object.kind.slice(0, -'List'.length);
  for (const [index, value] of items.entries()) {
    if (!isObject(value)) continue;
    const own = typeOf(value);
    // As kubectl does: items of a typed list need not name their type.
    const type = own.apiVersion === '' && own.kind === '' ? { apiVersion: object.apiVersion, kind: itemKind } : own;
    collect({ root: [...object.root, 'items', index], value, ...type }, found);
  }
}

/** Strategic-merge directives: `$patch`, `$retainKeys`, `$setElementOrder/…`, `$deleteFromPrimitiveList/…`. */
const DIRECTIVE = /^\$(?:patch|retainKeys|setElementOrder\/|deleteFromPrimitiveList\/)/;

function hasDirective(value: Json | undefined, depth: number): boolean {
  if (depth < 0 || typeof value !== 'object' || value === null) return false;
  if (isList(value)) return value.some((item) => hasDirective(item, depth - 1));
  for (const key in value) if (DIRECTIVE.test(key) || hasDirective(value[key], depth - 1)) return true;
  return false;
}

/**
 * Why an object is visibly a part of one, meant to be merged into another; `undefined` where it may be whole. Every reason is one for
 * which the object would not run as it stands, so that no working object is taken for a patch. A missing selector alone is none:
 * kustomizations that set labels give it to their bases.
 */
export function isPartial(value: JsonObject, type: ObjectType = typeOf(value), kinds: Kinds = knownKinds): string | undefined {
  const known = kinds.find(type);
  if (known === undefined) return undefined;
  const depth = Math.max(...known.places.map(({ podSpec }) => podSpec.length));
  // Deep enough for a container's env and volume mounts.
  if (hasDirective(value, depth + 5)) return 'a patch: it holds a strategic-merge directive';
  const templates = expand(known, value);
  // Custom resources may refer to a template elsewhere (`workloadRef`).
  if (templates.length === 0) return known.isBuiltIn ? 'a part of an object: no pod template' : undefined;
  for (const template of templates) {
    if (template.kind.unseen !== undefined) continue;
    const podSpec = readPlacedPod(value, template)?.spec;
    const reason = podSpec && isPartialPod(value, podSpec, type);
    if (reason !== undefined) return templates.length === 1 ? reason : `${reason} (${template.label})`;
  }
  return undefined;
}

function isPartialPod(value: JsonObject, podSpec: JsonObject, type: ObjectType): string | undefined {
  const { containers } = podSpec;
  if (containers === undefined || containers === null) return 'a part of an object: no containers';
  if (!isList(containers)) return undefined;
  const images = containers.filter((container) => !isObject(container) || hasImage(container));
  if (images.length === 0) return 'a part of an object: no container has an image';
  if (!lacksSelector(value, type)) return undefined;
  if (images.length < containers.length) return 'a part of an object: no selector, and a container without an image';
  return isBare(value, podSpec, containers) ? 'a part of an object: no selector, and nothing but an image' : undefined;
}

function hasImage(container: JsonObject): boolean {
  return container.image !== undefined && container.image !== null;
}

/** Required since apps/v1beta2; before, the server took the template's labels. */
function lacksSelector(value: JsonObject, { apiVersion }: ObjectType): boolean {
  const isRequired = groupOf(apiVersion) === 'apps' && apiVersion !== 'apps/v1beta1';
  return isRequired && valueAt(value, ['spec', 'selector']) === undefined;
}

function isBare(value: JsonObject, podSpec: JsonObject, containers: readonly Json[]): boolean {
  const hasOnly = (map: Json | undefined, keys: readonly string[]) =>
    isObject(map) && Object.keys(map).every((key) => keys.includes(key));
  return (
    hasOnly(value.spec, ['template']) &&
    hasOnly(podSpec, ['containers']) &&
    containers.every((container) => hasOnly(container, ['name', 'image', 'imagePullPolicy']))
  );
}
