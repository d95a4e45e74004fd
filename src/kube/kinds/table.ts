import type { Path } from '../../core/json.js';
import { argoWorkflows } from './argo-workflows.js';
import { templateAt } from './places.js';
import { rayPods } from './ray.js';
import { heedConstraints } from './rules.js';
import { spark } from './spark.js';
import { strimzi } from './strimzi.js';
import { tekton } from './tekton.js';
import type { KindName, Kinds, KnownKind, PodKind, PodPlace } from './types.js';

type Group = Readonly<Record<string, KnownKind>>;

/** @param template from the object's root to what holds the metadata and the spec of the pods, dotted; `*` for every item */
function placeAt(template: string): PodPlace {
  const steps = template === '' ? [] : template.split('.');
  return { podSpec: [...steps, 'spec'], metadata: [...steps, 'metadata'] };
}

/** A kind with ordinary pod templates. */
export function makeKind(templates: readonly string[], pods: Partial<PodKind> = {}, isBuiltIn = false): KnownKind {
  const places = templates.map(placeAt);
  const kind: PodKind = { immutable: false, ...pods };
  const [first] = places;
  const isOnly = first !== undefined && places.length === 1 && !first.podSpec.includes('*');
  return { places, pods: kind, isBuiltIn, ...(isOnly ? { only: templateAt(first, kind) } : {}) };
}

const CLAIMS: Path = ['spec', 'volumeClaimTemplates'];
const IMMUTABLE = { immutable: true };

const builtIn = (template: string, pods?: Partial<PodKind>) => makeKind([template], pods, true);
const ordinary = builtIn('spec.template');
const job = builtIn('spec.template', IMMUTABLE);

const custom = makeKind(['spec.template']);
const withClaims = makeKind(['spec.template'], { claims: CLAIMS });

const KNATIVE = {
  containerLevelOnly: 'Knative takes no security context of the pod',
  lacks: ['appArmorProfile', 'capabilities.add'],
};
const knative = makeKind(['spec.template'], KNATIVE);

const deploymentConfig = makeKind(['spec.template'], { objection: heedConstraints });

/** What a job of Kubeflow's training operator calls its replicas. */
const training = (replicas: string) => makeKind([`spec.${replicas}.*.template`], IMMUTABLE);

const rayPlaces = (cluster: string) => [`${cluster}.headGroupSpec.template`, `${cluster}.workerGroupSpecs.*.template`];

/**
 * By API group, then by kind. All versions of a group keep the template at one place, the old ones (`extensions/v1beta1`,
 * `apps/v1beta2`, `batch/v2alpha1`) included. docs/kinds.md is the same for people.
 */
const KINDS: Readonly<Record<string, Group>> = {
  '': {
    Pod: builtIn('', IMMUTABLE),
    PodTemplate: builtIn('template'),
    ReplicationController: ordinary,
    DeploymentConfig: deploymentConfig,
  },
  apps: {
    Deployment: ordinary,
    StatefulSet: builtIn('spec.template', { claims: CLAIMS }),
    DaemonSet: ordinary,
    ReplicaSet: ordinary,
  },
  extensions: { Deployment: ordinary, DaemonSet: ordinary, ReplicaSet: ordinary, Job: job },
  batch: { Job: job, CronJob: builtIn('spec.jobTemplate.spec.template') },
  'apps.openshift.io': { DeploymentConfig: deploymentConfig },
  'argoproj.io': { Rollout: custom, ...argoWorkflows },
  'sparkoperator.k8s.io': spark,
  'kafka.strimzi.io': strimzi,
  'tekton.dev': tekton,
  'serving.knative.dev': {
    Service: knative,
    Configuration: knative,
    // A revision is the pod template, stored: its own metadata is that of the pods.
    Revision: makeKind([''], { ...IMMUTABLE, ...KNATIVE }),
  },
  'apps.kruise.io': {
    CloneSet: withClaims,
    StatefulSet: withClaims,
    DaemonSet: custom,
    BroadcastJob: makeKind(['spec.template'], IMMUTABLE),
    AdvancedCronJob: makeKind(['spec.template.jobTemplate.spec.template', 'spec.template.broadcastJobTemplate.spec.template']),
  },
  'keda.sh': { ScaledJob: makeKind(['spec.jobTargetRef.template']) },
  'batch.volcano.sh': { Job: makeKind(['spec.tasks.*.template'], IMMUTABLE) },
  'jobset.x-k8s.io': { JobSet: makeKind(['spec.replicatedJobs.*.template.spec.template'], IMMUTABLE) },
  'leaderworkerset.x-k8s.io': {
    LeaderWorkerSet: makeKind(['spec.leaderWorkerTemplate.leaderTemplate', 'spec.leaderWorkerTemplate.workerTemplate'], {
      claims: ['spec', 'leaderWorkerTemplate', 'volumeClaimTemplates'],
    }),
  },
  'kubeflow.org': {
    TFJob: training('tfReplicaSpecs'),
    PyTorchJob: training('pytorchReplicaSpecs'),
    XGBoostJob: training('xgbReplicaSpecs'),
    PaddleJob: training('paddleReplicaSpecs'),
    JAXJob: training('jaxReplicaSpecs'),
    Notebook: makeKind(['spec.template'], {
      containerLevelOnly: 'the notebook controller gives fsGroup 100 only to pods without a security context',
    }),
  },
  'ray.io': {
    RayCluster: makeKind(rayPlaces('spec'), { ...IMMUTABLE, ...rayPods }),
    RayJob: makeKind([...rayPlaces('spec.rayClusterSpec'), 'spec.submitterPodTemplate'], { ...IMMUTABLE, ...rayPods }),
    RayCronJob: makeKind([...rayPlaces('spec.jobTemplate.rayClusterSpec'), 'spec.jobTemplate.submitterPodTemplate'], rayPods),
    RayService: makeKind(rayPlaces('spec.rayClusterConfig'), rayPods),
  },
};

/**
 * Kinds that make pods, by group, whose objects are left alone: the pods are described in fields of their own, which are no pod spec,
 * are merged over what an operator makes, or take its place.
 */
const LEFT: Readonly<Record<string, readonly string[]>> = {
  'apps.kruise.io': ['SidecarSet', 'UnitedDeployment'],
  'kubeflow.org': ['MPIJob'],
  'monitoring.coreos.com': ['Alertmanager', 'Prometheus', 'PrometheusAgent', 'ThanosRuler'],
  'serving.kserve.io': ['InferenceService'],
  'tekton.dev': ['Pipeline', 'PipelineRun', 'TaskRun'],
};

/** A kind of someone's own. */
export interface NamedKind {
  readonly group: string;
  readonly name: string;
  readonly kind: KnownKind;
}

/** The kinds that kubemend knows, and those of a run. */
export function createKinds(own: readonly NamedKind[]): Kinds {
  const groups = new Map(Object.entries(KINDS).map(([group, kinds]) => [group, new Map(Object.entries(kinds))]));
  for (const { group, name, kind } of own) groups.set(group, new Map(groups.get(group)).set(name, kind));
  const groupsOf = new Map<string, string[]>();
  const builtIns = new Set<string>();
  for (const [group, kinds] of groups) {
    for (const [name, kind] of kinds) {
      groupsOf.set(name, [...(groupsOf.get(name) ?? []), group]);
      // In the core group nothing but `v1` tells whose it is.
      if (kind.isBuiltIn || group === '') builtIns.add(name);
    }
  }
  for (const [group, kinds] of Object.entries(LEFT)) {
    for (const name of kinds) groupsOf.set(name, [...(groupsOf.get(name) ?? []), group]);
  }
  const names = new Set(groupsOf.keys());
  for (const name of builtIns) groupsOf.delete(name);
  const find: Kinds['find'] = ({ apiVersion, kind }) =>
    apiVersion === '' ? undefined : groups.get(groupOf(apiVersion))?.get(kind);
  return {
    names,
    groupsOf,
    find,
    leftOf(type) {
      const { apiVersion, kind } = type;
      const group = groupOf(apiVersion);
      const isLeft = Object.hasOwn(LEFT, group) && LEFT[group]?.includes(kind) && find(type) === undefined;
      if (!isLeft) return undefined;
      return `a custom resource: how ${kind} of ${group} makes its pods is not known well enough`;
    },
  };
}

/** The kinds that kubemend knows of its own accord. */
export const knownKinds: Kinds = createKinds([]);

/** The names of kinds whose objects run pods, those that Kubernetes has and those that kubemend knows. A `PodTemplate` runs none. */
export const workloadKinds: readonly KindName[] = Object.entries(KINDS).flatMap(([group, kinds]) =>
  Object.keys(kinds).flatMap((kind) => (kind === 'PodTemplate' ? [] : [{ group, kind }])),
);

/** `''` for the core group. */
export function groupOf(apiVersion: string): string {
  const slash = apiVersion.indexOf('/');
  return slash < 0 ? '' : apiVersion.slice(0, slash);
}
