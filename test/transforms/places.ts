import { applyChange } from '../../src/core/apply.js';
import { isList, isObject, type Json, type JsonObject, type Path } from '../../src/core/json.js';
import type { ContainerSort } from '../../src/kube/types.js';

/** What a pod is made of: the metadata that pods get, and the spec. */
export interface PodParts {
  readonly metadata: JsonObject;
  readonly spec: JsonObject;
}

/** A kind that makes pods, where it keeps their template, and an object of it. */
export interface Place {
  readonly name: string;
  readonly kind: string;
  /** From the document's root to the metadata and the spec of the pods. */
  readonly template: Path;
  readonly takesContainerLevelOnly: boolean;
  make(pod: PodParts): JsonObject;
}

const ordinary: Path = ['spec', 'template'];
const labels = { app: 'web' };

function place(apiVersion: string, kind: string, template: Path, more: JsonObject = {}): Place {
  const object: JsonObject = { apiVersion, kind, metadata: { name: 'web' }, ...more };
  return {
    name: `${apiVersion} ${kind}`,
    kind,
    template,
    takesContainerLevelOnly: apiVersion.startsWith('serving.knative.dev/'),
    make: ({ metadata, spec }) => {
      const own = template.length === 0 ? { ...metadata, name: 'web' } : { labels, ...metadata };
      const withMetadata = applyChange(object, { op: 'set', path: [...template, 'metadata'], value: own });
      return applyChange(withMetadata as Json, { op: 'set', path: [...template, 'spec'], value: spec }) as JsonObject;
    },
  };
}

const selected = { spec: { selector: { matchLabels: labels } } };
const scheduled = { spec: { schedule: '0 4 * * *' } };
const cronJob: Path = ['spec', 'jobTemplate', 'spec', 'template'];

const objects: readonly Place[] = [
  place('v1', 'Pod', []),
  place('v1', 'PodTemplate', ['template']),
  place('v1', 'ReplicationController', ordinary),
  ...['Deployment', 'StatefulSet', 'DaemonSet', 'ReplicaSet'].map((kind) => place('apps/v1', kind, ordinary, selected)),
  place('apps/v1beta1', 'Deployment', ordinary),
  place('apps/v1beta2', 'StatefulSet', ordinary, selected),
  ...['Deployment', 'DaemonSet', 'ReplicaSet', 'Job'].map((kind) => place('extensions/v1beta1', kind, ordinary)),
  place('batch/v1', 'Job', ordinary),
  ...['batch/v1', 'batch/v1beta1', 'batch/v2alpha1'].map((version) => place(version, 'CronJob', cronJob, scheduled)),
  place('argoproj.io/v1alpha1', 'Rollout', ordinary, selected),
  ...['Service', 'Configuration'].map((kind) => place('serving.knative.dev/v1', kind, ordinary)),
  place('serving.knative.dev/v1', 'Revision', []),
  place('keda.sh/v1alpha1', 'ScaledJob', ['spec', 'jobTargetRef', 'template']),
  place('jobset.x-k8s.io/v1alpha2', 'JobSet', ['spec', 'replicatedJobs', 0, 'template', 'spec', 'template'], {
    spec: { replicatedJobs: [{ name: 'workers', template: { spec: { parallelism: 2 } } }] },
  }),
];

/** The object as the second item of a list, which may say the type in its place. */
function inList(inner: Place, kind: string, isTyped: boolean): Place {
  const list = (items: Json): JsonObject => ({ apiVersion: isTyped ? 'apps/v1' : 'v1', kind, items });
  return {
    ...inner,
    name: `${inner.name}, as an item of a ${kind}`,
    template: ['items', 1, ...inner.template],
    make: (pod) => {
      const { apiVersion, kind: own, ...rest } = inner.make(pod);
      if (isTyped) return list([{ metadata: { name: 'other' } }, rest]);
      return list([
        { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'other' } },
        { apiVersion, kind: own, ...rest } as Json,
      ]);
    },
  };
}

const deployment = place('apps/v1', 'Deployment', ordinary, selected);
const list = inList(deployment, 'List', false);

/** Every kind with a pod template, in every group that has it and at old versions; and lists. */
export const places: readonly Place[] = [
  ...objects,
  list,
  inList(deployment, 'DeploymentList', true),
  {
    ...list,
    name: `${list.name} of a List`,
    template: ['items', 0, ...list.template],
    make: (pod) => ({ apiVersion: 'v1', kind: 'List', items: [list.make(pod)] }),
  },
];

/** Nothing but what every level asks for, said at each container, where every kind takes it. */
const hardened: JsonObject = {
  resources: { requests: { cpu: '100m', memory: '128Mi' }, limits: { cpu: '500m', memory: '256Mi' } },
  securityContext: {
    allowPrivilegeEscalation: false,
    capabilities: { drop: ['ALL'] },
    readOnlyRootFilesystem: true,
    runAsNonRoot: true,
    runAsUser: 10001,
    runAsGroup: 10001,
    seccompProfile: { type: 'RuntimeDefault' },
  },
};

/** The same for Windows, where most of these fields are refused. */
const hardenedOnWindows: JsonObject = { resources: hardened.resources as Json, securityContext: { runAsNonRoot: true } };

/** Where the container in question is: beside another in its list, and of the sort. */
export const CONTAINER_PATHS: Readonly<Record<ContainerSort, Path>> = {
  container: ['containers', 1],
  init: ['initContainers', 1],
  sidecar: ['initContainers', 1],
};

/** Merge patches (RFC 7386, `null` removes) that make a hardened pod another one. */
export interface Patches {
  readonly metadata?: JsonObject;
  readonly pod?: JsonObject;
  /** Onto the container in question. */
  readonly container?: JsonObject;
  /** Onto every container, that one included. */
  readonly everyContainer?: JsonObject;
}

/** A hardened pod with the patches: two containers in the list of the container in question, one in `containers` at least. */
export function makePod(sort: ContainerSort, isWindows: boolean, patches: Patches): PodParts {
  const { metadata = {}, pod = {}, container = {}, everyContainer = {} } = patches;
  const base = isWindows ? hardenedOnWindows : hardened;
  const make = (name: string, more: JsonObject = {}) =>
    merge(merge({ name, image: `ghcr.io/acme/${name}:1`, ...more, ...base }, everyContainer), name === 'web' ? container : {});
  const other = make('other');
  const containers = sort === 'container' ? [other, make('web')] : [other];
  const isSidecar = sort === 'sidecar';
  const initContainers = [make('first'), make('web', isSidecar ? { restartPolicy: 'Always' } : {})];
  const spec: JsonObject = {
    ...(isWindows ? { os: { name: 'windows' } } : {}),
    automountServiceAccountToken: false,
    ...(sort === 'container' ? {} : { initContainers }),
    containers,
  };
  return { metadata, spec: merge(spec, pod) };
}

function merge(target: JsonObject, patch: JsonObject): JsonObject {
  const merged: Record<string, Json> = { ...target };
  for (const [key, value] of Object.entries(patch)) {
    const old = merged[key];
    if (value === null) delete merged[key];
    else merged[key] = isObject(value) ? merge(isObject(old) ? old : {}, value) : (value as Json);
  }
  return merged;
}

/** Without maps and lists that hold nothing. */
export function prune(value: Json): Json | undefined {
  if (isList(value)) {
    const items = value.map(prune).filter((item) => item !== undefined);
    return items.length === 0 ? undefined : items;
  }
  if (!isObject(value)) return value;
  const entries = Object.entries(value).flatMap(([key, inner]) => {
    const pruned = prune(inner as Json);
    return pruned === undefined ? [] : [[key, pruned] as const];
  });
  return entries.length === 0 ? undefined : Object.fromEntries(entries);
}
