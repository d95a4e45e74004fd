import { isList, isObject, type Json, type JsonObject, type Path, valueAt } from '../core/json.js';

/** Where an object keeps the pods that it makes. */
export interface PodTemplate {
  readonly podSpec: Path;
  /** The metadata that the pods get: annotations that concern pods live here. */
  readonly metadata: Path;
  /** Whether it cannot be changed in place once it is created. */
  readonly immutable: boolean;
  /** Whether fields that exist on pod and container are refused on the pod (Knative). */
  readonly containerLevelOnly: boolean;
}

/** An object of a document, with the type that `kubectl` reads it as. */
export interface ObjectAt {
  /** From the root of the document: empty, or `['items', 3]`. */
  readonly root: Path;
  readonly value: JsonObject;
  /** As written; for an item of a typed list (`PodList`) that names none, what the list says. `''` where unknown. */
  readonly apiVersion: string;
  readonly kind: string;
}

type Kinds = Readonly<Record<string, PodTemplate>>;

function template(under: Path, options: { immutable?: boolean; containerLevelOnly?: boolean } = {}): PodTemplate {
  const { immutable = false, containerLevelOnly = false } = options;
  return { podSpec: [...under, 'spec'], metadata: [...under, 'metadata'], immutable, containerLevelOnly };
}

const pod = template([], { immutable: true });
const ordinary = template(['spec', 'template']);
const job = template(['spec', 'template'], { immutable: true });
const cronJob = template(['spec', 'jobTemplate', 'spec', 'template']);
const knative = template(['spec', 'template'], { containerLevelOnly: true });
// A revision is the pod template, stored: its own metadata is that of the pods.
const revision = template([], { immutable: true, containerLevelOnly: true });

/**
 * By API group, then by kind. All versions of a group keep the template at one place, the old ones (`extensions/v1beta1`,
 * `apps/v1beta2`, `batch/v2alpha1`) included.
 */
const KINDS: Readonly<Record<string, Kinds>> = {
  '': { Pod: pod, PodTemplate: template(['template']), ReplicationController: ordinary },
  apps: { Deployment: ordinary, StatefulSet: ordinary, DaemonSet: ordinary, ReplicaSet: ordinary },
  extensions: { Deployment: ordinary, DaemonSet: ordinary, ReplicaSet: ordinary, Job: job },
  batch: { Job: job, CronJob: cronJob },
  'argoproj.io': { Rollout: ordinary },
  'serving.knative.dev': { Service: knative, Configuration: knative, Revision: revision },
};

/** The groups of the API server itself, which validates what it gets; other groups by their CRD. */
const BUILT_IN: ReadonlySet<string> = new Set(['', 'apps', 'extensions', 'batch']);

/** Names of the kinds with a pod template, for a scan of the text. `Service` is among them, for Knative. */
export const KINDS_OF_INTEREST: ReadonlySet<string> = new Set(Object.values(KINDS).flatMap((kinds) => Object.keys(kinds)));

/** Kinds that the repo index reads. */
export const FACT_KINDS: ReadonlySet<string> = new Set(['ServiceAccount', 'RoleBinding', 'ClusterRoleBinding', 'LimitRange']);

/** `''` for the core group. */
function groupOf(apiVersion: string): string {
  const slash = apiVersion.indexOf('/');
  return slash < 0 ? '' : apiVersion.slice(0, slash);
}

function typeOf(value: JsonObject): { readonly apiVersion: string; readonly kind: string } {
  return {
    apiVersion: typeof value.apiVersion === 'string' ? value.apiVersion : '',
    kind: typeof value.kind === 'string' ? value.kind : '',
  };
}

type ObjectType = Pick<ObjectAt, 'apiVersion' | 'kind'>;

/** Where objects of a type keep the template. Without an API version nothing says that a `Pod` is Kubernetes'. */
function templateOf({ apiVersion, kind }: ObjectType): PodTemplate | undefined {
  const group = groupOf(apiVersion);
  const kinds = apiVersion !== '' && Object.hasOwn(KINDS, group) ? KINDS[group] : undefined;
  return kinds !== undefined && Object.hasOwn(kinds, kind) ? kinds[kind] : undefined;
}

/** The pod template of an object; `undefined` where its kind has none, or where none is written. */
export function findPodTemplate(value: JsonObject, type: ObjectType = typeOf(value)): PodTemplate | undefined {
  const found = templateOf(type);
  return found !== undefined && isObject(valueAt(value, found.podSpec)) ? found : undefined;
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
export function isPartial(value: JsonObject, type: ObjectType = typeOf(value)): string | undefined {
  const kind = templateOf(type);
  if (kind === undefined) return undefined;
  // Deep enough for a container's env and volume mounts.
  if (hasDirective(value, kind.podSpec.length + 5)) return 'a patch: it holds a strategic-merge directive';
  const podSpec = valueAt(value, kind.podSpec);
  // Custom resources may refer to a template elsewhere (`workloadRef`).
  if (!isObject(podSpec)) return BUILT_IN.has(groupOf(type.apiVersion)) ? 'a part of an object: no pod template' : undefined;
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
