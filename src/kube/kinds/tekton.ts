import type { Change } from '../../core/change.js';
import { isObject, type Json, type JsonObject, type Path, valueAt } from '../../core/json.js';
import type { KnownKind, PodTemplate, ReadPod } from './types.js';
import { asList, asMap, isSet, itemsAt } from './values.js';

/** Whether it says what it runs itself; a step with a `ref` is a StepAction's. */
function isOwn(step: Json): boolean {
  return isObject(step) && !isSet(step.ref);
}

/**
 * The pod of a run: each step is a container, and each sidecar. All else of the pod is a matter of the run (`podTemplate`).
 *
 * Source: `pkg/apis/pipeline/v1/container_types.go` and `merge.go` of Tekton Pipelines.
 */
function read(object: JsonObject, podSpec: Path): ReadPod {
  const task = asMap(valueAt(object, podSpec));
  const steps = itemsAt(task, podSpec, ['steps']).filter((path) => isOwn(valueAt(object, path) ?? null));
  const sidecars = itemsAt(task, podSpec, ['sidecars']);
  const volumes = itemsAt(task, podSpec, ['volumes']);
  const template = asMap(task.stepTemplate);
  const containers = [
    ...steps.map((path) => asContainer(asMap(valueAt(object, path)), template)),
    ...sidecars.map((path) => asContainer(asMap(valueAt(object, path)), {})),
  ];
  const spec = { containers, ...(isSet(task.volumes) ? { volumes: task.volumes } : {}) };
  return { spec, items: { containers: [...steps, ...sidecars], volumes }, fields: {} };
}

/** What the template of the steps says holds where the step says nothing. A script takes the place of the image's command. */
function asContainer(step: JsonObject, template: JsonObject): JsonObject {
  const { script, computeResources, resources } = step;
  const securityContext = { ...asMap(template.securityContext), ...asMap(step.securityContext) };
  const command = isSet(script) ? ['/tekton/scripts'] : (step.command ?? template.command);
  const own = computeResources ?? resources ?? template.computeResources ?? template.resources;
  return {
    ...template,
    ...step,
    ...(Object.keys(securityContext).length > 0 ? { securityContext } : {}),
    ...(isSet(command) ? { command } : {}),
    ...(isSet(own) ? { resources: own } : {}),
  };
}

function objection(object: JsonObject, { podSpec }: PodTemplate, { path }: Change): string | undefined {
  const [list] = path.slice(podSpec.length);
  if (list !== 'steps' && list !== 'sidecars' && list !== 'volumes') {
    return 'a task has no field for it; set it in the podTemplate of its runs';
  }
  if (path.includes('resources')) {
    return 'requests of steps add up, although steps run one after another; write computeResources for what the task needs as a whole';
  }
  const isWritten = valueAt(object, path) !== undefined;
  const isShared = list === 'steps' && !isWritten && isSet(valueAt(object, [...podSpec, 'stepTemplate', 'securityContext']));
  return isShared && path.includes('securityContext')
    ? 'stepTemplate.securityContext is for all steps; write it there'
    : undefined;
}

const task: KnownKind = {
  places: [{ podSpec: ['spec'], metadata: ['metadata'] }],
  pods: {
    immutable: false,
    containerLevelOnly: 'a task has no security context of the pod',
    shape: { isPod: ({ steps }) => asList(steps).some(isOwn), read },
    objection,
  },
  isBuiltIn: false,
};

/** The kinds of Tekton whose pods are described in themselves, in the group `tekton.dev`. */
export const tekton: Readonly<Record<string, KnownKind>> = { Task: task, ClusterTask: task };
