import type { Change } from '../../core/change.js';
import { type Json, type JsonObject, type Path, valueAt } from '../../core/json.js';
import type { KnownKind, PodTemplate, ReadPod } from './types.js';
import { asMap, isSet } from './values.js';

/**
 * The containers of a template for which a security context is written, an empty one included: it takes the place of all that the
 * operator gives, so that what it does not say is missing in the container, too. Where none is written, the operator decides.
 *
 * The build of Kafka Connect is another pod, in which Kaniko has to be root.
 */
function writtenContainers(template: JsonObject): readonly string[] {
  const isContainer = (key: string) => (key === 'container' || key.endsWith('Container')) && key !== 'buildContainer';
  return Object.keys(template).filter((key) => isContainer(key) && isSet(asMap(template[key]).securityContext));
}

function isPod(template: JsonObject): boolean {
  return isSet(asMap(template.pod).securityContext) || writtenContainers(template).length > 0;
}

const INIT = 'initContainer';

/**
 * What is known of the pod that the operator makes of a component: its own security context, and those of its containers.
 *
 * Source: `BaselinePodSecurityProvider.java`, `RestrictedPodSecurityProvider.java` and `model/common/template` of Strimzi.
 */
function read(object: JsonObject, podSpec: Path): ReadPod {
  const template = asMap(valueAt(object, podSpec));
  const pod = [...podSpec, 'pod'];
  const written = writtenContainers(template);
  const containers = written.filter((key) => key !== INIT);
  const initContainers = written.filter((key) => key === INIT);
  const context = valueAt(object, [...pod, 'securityContext']);
  const spec: Record<string, Json> = {
    ...(isSet(context) ? { securityContext: context } : {}),
    containers: containers.map((key) => asContainer(object, podSpec, key)),
    initContainers: initContainers.map((key) => ({ name: key, ...asMap(template[key]) })),
  };
  const paths = (keys: readonly string[]) => keys.map((key) => [...podSpec, key]);
  return {
    spec,
    items: { containers: paths(containers), initContainers: paths(initContainers) },
    fields: { securityContext: [...pod, 'securityContext'] },
  };
}

/** Which of the operators in one pod a container is. */
const OPERATORS: Readonly<Record<string, string>> = {
  topicOperatorContainer: 'topicOperator',
  userOperatorContainer: 'userOperator',
};

/** Its image stands beside the template, where it is not the operator's. */
function asContainer(object: JsonObject, podSpec: Path, key: string): JsonObject {
  const operator = Object.hasOwn(OPERATORS, key) ? OPERATORS[key] : undefined;
  const component = [...podSpec.slice(0, -1), ...(operator === undefined ? [] : [operator])];
  const { image } = asMap(valueAt(object, component));
  return { name: key, ...asMap(valueAt(object, [...podSpec, key])), ...(isSet(image) ? { image } : {}) };
}

/** Whether it is in a security context that is written. */
function holds(object: JsonObject, path: Path): boolean {
  const at = path.indexOf('securityContext');
  return at >= 0 && isSet(valueAt(object, path.slice(0, at + 1)));
}

const IDS = new Set<unknown>(['runAsUser', 'runAsGroup', 'fsGroup', 'supplementalGroups']);

function objection(object: JsonObject, _: PodTemplate, change: Change): string | undefined {
  const { op, path } = change;
  if (!holds(object, path)) return 'the operator decides about what is not written here; set it by hand';
  const field = path.at(path.indexOf('securityContext') + 1);
  if (op !== 'remove' && IDS.has(field)) {
    return 'its images have a user of their own, and OpenShift refuses other ids than those that it gives; set it by hand';
  }
  if (field === 'readOnlyRootFilesystem' && op === 'set' && change.value === true) {
    return 'where it writes besides the volumes that the operator mounts is not known; find that out, and set it by hand';
  }
  return undefined;
}

/** @param components where what the operator runs is, from the object's root, dotted */
function componentsAt(...components: readonly string[]): KnownKind {
  const templates = components.map((component) => [...component.split('.'), 'template']);
  return {
    places: templates.map((template) => ({ podSpec: template, metadata: [...template, 'pod', 'metadata'] })),
    pods: {
      immutable: false,
      unseen: 'what else the operator puts into the pod is not written here',
      containerLevelOnly: 'a security context of the pod would replace the fsGroup that the operator gives',
      shape: { isPod, read, nameOf: (path) => String(path.at(-1)) },
      holds,
      objection,
    },
    isBuiltIn: false,
    left: 'a custom resource: it has no security context, and one that is made anew would replace all that the operator gives',
  };
}

const ofObject = componentsAt('spec');

/** The kinds of Strimzi whose pods the operator makes, in the group `kafka.strimzi.io`. */
export const strimzi: Readonly<Record<string, KnownKind>> = {
  Kafka: componentsAt('spec.kafka', 'spec.zookeeper', 'spec.entityOperator', 'spec.cruiseControl', 'spec.kafkaExporter'),
  KafkaNodePool: ofObject,
  KafkaConnect: ofObject,
  KafkaBridge: ofObject,
  KafkaMirrorMaker: ofObject,
  KafkaMirrorMaker2: ofObject,
};
