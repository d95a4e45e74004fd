import type { Change } from '../../core/change.js';
import { formatPath, isObject, type Json, type JsonObject, type Path, valueAt } from '../../core/json.js';
import type { KnownKind, PodTemplate, ReadPod } from './types.js';
import { asList, asMap, isSet, itemsAt } from './values.js';

/** What a template has that makes a pod. Templates of other types (`dag`, `steps`, `suspend`, `http`) make none of their own. */
const CONTAINERS = ['container', 'script', 'containerSet'] as const;

/** What a template takes from the workflow where it says nothing itself, whole. */
const INHERITED = ['securityContext', 'automountServiceAccountToken', 'serviceAccountName', 'nodeSelector', 'affinity'];

/** What only the workflow can say, for all its pods. */
const OF_WORKFLOW = ['hostNetwork', 'dnsPolicy', 'dnsConfig'];

/**
 * The pod that the controller makes of a template: `container` or `script` is its container `main`, or those of `containerSet` are its
 * containers; `sidecars` are containers too.
 *
 * Source: `workflow/controller/workflowpod.go` of Argo Workflows v3.
 */
function read(object: JsonObject, podSpec: Path): ReadPod {
  const workflow = podSpec.slice(0, -2);
  const template = asMap(valueAt(object, podSpec));
  const fields: Record<string, Path> = {};
  const spec: Record<string, Json> = {};
  for (const field of INHERITED) {
    const own = [...podSpec, field];
    const shared = [...workflow, field];
    fields[field] = !isSet(valueAt(object, own)) && isSet(valueAt(object, shared)) ? shared : own;
  }
  for (const field of OF_WORKFLOW) fields[field] = [...workflow, field];
  for (const [field, path] of Object.entries(fields)) {
    const value = valueAt(object, path);
    if (isSet(value)) spec[field] = value;
  }
  const items = {
    containers: [...mainContainers(template, podSpec), ...itemsAt(template, podSpec, ['sidecars'])],
    initContainers: itemsAt(template, podSpec, ['initContainers']),
    volumes: volumesOf(object, template, podSpec),
  };
  for (const [field, paths] of Object.entries(items)) {
    if (paths.length > 0) spec[field] = paths.map((path) => valueAt(object, path) ?? null);
  }
  return { spec, items, fields };
}

function mainContainers(template: JsonObject, podSpec: Path): readonly Path[] {
  if (isObject(template.containerSet)) return itemsAt(template, podSpec, ['containerSet', 'containers']);
  for (const key of ['container', 'script']) if (isSet(template[key])) return [[...podSpec, key]];
  return [];
}

/** Its own volumes, and those of the workflow that one of its containers mounts; a name of its own wins. */
function volumesOf(object: JsonObject, template: JsonObject, podSpec: Path): readonly Path[] {
  const own = itemsAt(template, podSpec, ['volumes']);
  const names = new Set(own.map((path) => valueAt(object, [...path, 'name'])));
  const workflow = podSpec.slice(0, -2);
  const shared = itemsAt(asMap(valueAt(object, workflow)), workflow, ['volumes']).filter((path) => {
    const name = valueAt(object, [...path, 'name']);
    return typeof name === 'string' && !names.has(name) && mounts(template, name);
  });
  return [...own, ...shared];
}

function mounts(template: JsonObject, name: string): boolean {
  const lists = [['containerSet', 'containers'], ['sidecars'], ['initContainers']];
  const listed = lists.flatMap((path) => asList(valueAt(template, path)));
  const containers = [template.container, template.script, ...listed];
  const uses = [...containers, template.containerSet].flatMap((each) => asList(valueAt(each, ['volumeMounts'])));
  return uses.some((mount) => valueAt(mount, ['name']) === name);
}

function objection(object: JsonObject, { podSpec }: PodTemplate, change: Change): string | undefined {
  const { path } = change;
  const workflow = podSpec.slice(0, -2);
  const template = asMap(valueAt(object, podSpec));
  if (isSet(template.podSpecPatch) || isSet(valueAt(object, [...workflow, 'podSpecPatch']))) {
    return 'podSpecPatch, a text that is merged over the pod, may say otherwise; write it there';
  }
  const workflowDefaults = [...workflow, 'templateDefaults'];
  if (isSet(valueAt(object, workflowDefaults)))
    return `${formatPath(workflowDefaults)} may say so already, or otherwise; write it there`;
  const field = path.at(-1);
  if (field === 'automountServiceAccountToken' && !hasExecutor(object, podSpec)) {
    return 'kept: the executor reports through the API with it; set executor.serviceAccountName first, to an account for it';
  }
  if (field === 'readOnlyRootFilesystem' && 'value' in change && change.value === true && writesOutputs(template)) {
    return 'its outputs are files, which may be on its root file system; write them to a volume first';
  }
  return undefined;
}

function hasExecutor(object: JsonObject, podSpec: Path): boolean {
  return [podSpec, podSpec.slice(0, -2)].some((at) => {
    const name = valueAt(object, [...at, 'executor', 'serviceAccountName']);
    return typeof name === 'string' && name !== '';
  });
}

function writesOutputs({ outputs }: JsonObject): boolean {
  return (
    asList(valueAt(outputs, ['artifacts'])).length > 0 ||
    asList(valueAt(outputs, ['parameters'])).some((parameter) => isSet(valueAt(parameter, ['valueFrom', 'path'])))
  );
}

/** @param workflow where the specification of the workflow is, from the object's root */
function workflowAt(workflow: readonly string[], immutable = false): KnownKind {
  const template = [...workflow, 'templates', '*'];
  return {
    places: [{ podSpec: template, metadata: [...template, 'metadata'] }],
    pods: {
      immutable,
      containerLevelOnly: 'the containers that Argo Workflows adds would take it too',
      claims: [...workflow, 'volumeClaimTemplates'],
      shape: { isPod: (value) => CONTAINERS.some((key) => isSet(value[key])), read },
      objection,
    },
    isBuiltIn: false,
  };
}

/** The kinds of Argo Workflows, in the group `argoproj.io`. */
export const argoWorkflows: Readonly<Record<string, KnownKind>> = {
  Workflow: workflowAt(['spec'], true),
  WorkflowTemplate: workflowAt(['spec']),
  ClusterWorkflowTemplate: workflowAt(['spec']),
  CronWorkflow: workflowAt(['spec', 'workflowSpec']),
};
