import type { Change } from '../../core/change.js';
import { formatPath, isObject, type Json, type JsonObject, type Path, valueAt } from '../../core/json.js';
import type { KnownKind, PodKind, PodTemplate, ReadPod } from './types.js';
import { asList, asMap, isSet, itemsAt } from './values.js';

/** What of a driver or an executor is its pod's, by the name that the pod spec has for it. */
const OF_POD: Readonly<Record<string, string>> = {
  securityContext: 'podSecurityContext',
  serviceAccountName: 'serviceAccount',
  hostNetwork: 'hostNetwork',
  shareProcessNamespace: 'shareProcessNamespace',
  affinity: 'affinity',
};

/** What of it is its Spark container's, by the same name. */
const OF_CONTAINER = ['securityContext', 'env', 'envFrom', 'ports', 'volumeMounts', 'lifecycle'];

/** Fields of a driver and of an executor in which something may be changed. */
const WRITABLE = new Set<unknown>([
  ...['podSecurityContext', 'securityContext', 'hostNetwork', 'shareProcessNamespace'],
  ...['volumeMounts', 'sidecars', 'initContainers', 'annotations'],
]);

/**
 * The pod of a driver, or of an executor. Its Spark container is written in the same map as the pod itself. Spark gives neither a
 * security context of its own, so that none is lost when the operator puts these in.
 *
 * Source: `api/v1beta2/sparkapplication_types.go` and `internal/webhook/sparkpod_defaulter.go` of Kubeflow's Spark operator v2.
 */
function read(object: JsonObject, podSpec: Path): ReadPod {
  const application = podSpec.slice(0, -1);
  const pod = asMap(valueAt(object, podSpec));
  const template = readTemplate(object, podSpec);
  const fields: Record<string, Path> = {};
  for (const field of Object.keys(template.spec)) fields[field] = [...template.at, field];
  for (const [field, name] of Object.entries(OF_POD)) {
    const own = [...podSpec, name];
    if (fields[field] === undefined || isSet(valueAt(object, own))) fields[field] = own;
  }
  if (isSet(pod.nodeSelector)) fields.nodeSelector = [...podSpec, 'nodeSelector'];
  else fields.nodeSelector ??= [...application, 'nodeSelector'];
  const spec: Record<string, Json> = {};
  for (const [field, path] of Object.entries(fields)) {
    const value = valueAt(object, path);
    if (isSet(value)) spec[field] = value;
  }
  fields.volumes = [...application, 'volumes'];
  const items = {
    containers: [podSpec, ...itemsAt(pod, podSpec, ['sidecars']), ...template.sidecars],
    initContainers: [...itemsAt(pod, podSpec, ['initContainers']), ...itemsAt(template.spec, template.at, ['initContainers'])],
    volumes: [...volumesOf(object, application, pod), ...itemsAt(template.spec, template.at, ['volumes'])],
  };
  for (const [list, paths] of Object.entries(items)) {
    if (paths.length > 0) spec[list] = paths.map((path) => valueAt(object, path) ?? null);
  }
  const [, ...others] = items.containers.map((path) => valueAt(object, path) ?? null);
  spec.containers = [{ ...template.main, ...sparkContainer(object, podSpec) }, ...others];
  return { spec, items, fields };
}

interface Template {
  readonly at: Path;
  readonly spec: JsonObject;
  /** What it says of the container in which Spark runs. */
  readonly main: JsonObject;
  readonly sidecars: readonly Path[];
}

/** The template of a pod, into which Spark writes the rest: the container is the one that is named, or the first. */
function readTemplate(object: JsonObject, podSpec: Path): Template {
  const at = [...podSpec, 'template', 'spec'];
  const spec = asMap(valueAt(object, at));
  const containers = itemsAt(spec, at, ['containers']);
  const key = `spark.kubernetes.${String(podSpec.at(-1))}.podTemplateContainerName`;
  const name = valueAt(object, [...podSpec.slice(0, -1), 'sparkConf', key]);
  const named = containers.findIndex((path) => isSet(name) && valueAt(object, [...path, 'name']) === name);
  const main = containers[Math.max(named, 0)];
  return {
    at,
    spec,
    main: main === undefined ? {} : asMap(valueAt(object, main)),
    sidecars: containers.filter((path) => path !== main),
  };
}

/** The operator adds those that the Spark container mounts, and no other. */
function volumesOf(object: JsonObject, application: Path, pod: JsonObject): readonly Path[] {
  const mounted = new Set(asList(pod.volumeMounts).map((mount) => valueAt(mount, ['name'])));
  return itemsAt(asMap(valueAt(object, application)), application, ['volumes']).filter((path) => {
    const name = valueAt(object, [...path, 'name']);
    return typeof name === 'string' && mounted.has(name);
  });
}

function sparkContainer(object: JsonObject, podSpec: Path): JsonObject {
  const role = String(podSpec.at(-1));
  const application = asMap(valueAt(object, podSpec.slice(0, -1)));
  const pod = asMap(valueAt(object, podSpec));
  const conf = asMap(application.sparkConf);
  const shared = conf[`spark.kubernetes.${role}.container.image`] ?? conf['spark.kubernetes.container.image'];
  const image = pod.image ?? application.image ?? shared;
  const container: Record<string, Json> = { resources: resourcesOf(pod, role, conf) };
  for (const field of OF_CONTAINER) {
    const value = pod[field];
    if (isSet(value)) container[field] = value;
  }
  return isSet(image) ? { ...container, image } : container;
}

/** Spark asks for cores and memory in any case, and takes the memory for a limit; only a limit of cores has to be written. */
function resourcesOf(pod: JsonObject, role: string, conf: JsonObject): JsonObject {
  const memory = toQuantity(pod.memory ?? conf[`spark.${role}.memory`] ?? '1g');
  const cores = pod.coreRequest ?? conf[`spark.kubernetes.${role}.request.cores`] ?? pod.cores ?? conf[`spark.${role}.cores`];
  const limit = pod.coreLimit ?? conf[`spark.kubernetes.${role}.limit.cores`];
  return { requests: { cpu: cores ?? 1, memory }, limits: { memory, ...(isSet(limit) ? { cpu: limit } : {}) } };
}

const UNITS: Readonly<Record<string, string>> = { b: '', k: 'Ki', m: 'Mi', g: 'Gi', t: 'Ti' };

/** `512m` of the JVM are mebibytes, as are `512`. What is no such amount stays as it is. */
function toQuantity(memory: Json): Json {
  const found = /^([0-9]{1,15})([bkmgt]?)b?$/i.exec(String(memory));
  const unit = (found?.[2] || 'm').toLowerCase();
  return found === null ? memory : `${found[1]}${UNITS[unit]}`;
}

function objection(object: JsonObject, { podSpec }: PodTemplate, change: Change): string | undefined {
  const { path } = change;
  const role = String(podSpec.at(-1));
  const field = path.at(-1);
  const isToken = field === 'automountServiceAccountToken';
  if (isToken && role === 'driver') return 'kept: the driver makes its executors through the API with it';
  const elsewhere = mergedPlace(object, podSpec, role);
  if (elsewhere !== undefined) return `${elsewhere} describes the pod as well; write it there`;
  if (/\/v1(?:alpha|beta)1$/.test(String(object.apiVersion))) {
    return 'its version has another securityContext; move it to sparkoperator.k8s.io/v1beta2 first';
  }
  if (isToken) return 'an executor has no field for it; set it on a service account of its own';
  if (field === 'readOnlyRootFilesystem' && 'value' in change && change.value === true) {
    return 'Spark and what it runs write to folders that are not known; find them out and mount a volume at each first';
  }
  if (!podSpec.every((key, at) => path[at] === key)) return undefined;
  return ownObjection(object, podSpec, path);
}

/** Where the pod is described a second time, by a template that Spark reads. */
function mergedPlace(object: JsonObject, podSpec: Path, role: string): string | undefined {
  const template = [...podSpec, 'template'];
  if (isSet(valueAt(object, template))) return formatPath(template);
  const file = `spark.kubernetes.${role}.podTemplateFile`;
  return isSet(valueAt(object, [...podSpec.slice(0, -1), 'sparkConf', file])) ? `the file of ${file}` : undefined;
}

/** Scratch space of Spark is a volume with such a name. */
const SCRATCH = 'spark-local-dir-';

function ownObjection(object: JsonObject, podSpec: Path, path: Path): string | undefined {
  const [field, position] = path.slice(podSpec.length);
  if (field === 'resources') return 'cores, coreLimit and memory stand for it; write them';
  if (!WRITABLE.has(field)) return `an application has no ${formatPath(path)}`;
  if (field !== 'volumeMounts' || typeof position !== 'number') return undefined;
  const name = valueAt(object, [...podSpec, field, position, 'name']);
  return typeof name === 'string' && name.startsWith(SCRATCH) ? 'Spark writes its temporary files there' : undefined;
}

/** @param application where the specification of the application is, from the object's root */
function applicationAt(application: readonly string[], more: Partial<PodKind> = {}): KnownKind {
  const places = ['driver', 'executor'].map((role) => [...application, role]);
  return {
    places: places.map((path) => ({ podSpec: path, metadata: path })),
    pods: { immutable: false, ...more, shape: { isPod: isObject, read }, objection },
    isBuiltIn: false,
  };
}

/** The kinds of Kubeflow's Spark operator, in the group `sparkoperator.k8s.io`. */
export const spark: Readonly<Record<string, KnownKind>> = {
  SparkApplication: applicationAt(['spec'], { interrupts: 'a change kills a running application and runs it anew' }),
  ScheduledSparkApplication: applicationAt(['spec', 'template']),
};
