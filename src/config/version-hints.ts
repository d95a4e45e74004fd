/** `[group/version, kind, minor]`: the minor that no longer serves it. Source: https://kubernetes.io/docs/reference/using-api/deprecation-guide/ */
const REMOVED: readonly (readonly [apiVersion: string, kind: string, minor: number])[] = [
  ['extensions/v1beta1', 'DaemonSet', 16],
  ['extensions/v1beta1', 'Deployment', 16],
  ['extensions/v1beta1', 'NetworkPolicy', 16],
  ['extensions/v1beta1', 'PodSecurityPolicy', 16],
  ['extensions/v1beta1', 'ReplicaSet', 16],
  ['apps/v1beta1', 'Deployment', 16],
  ['apps/v1beta1', 'StatefulSet', 16],
  ['apps/v1beta2', 'DaemonSet', 16],
  ['apps/v1beta2', 'Deployment', 16],
  ['apps/v1beta2', 'ReplicaSet', 16],
  ['apps/v1beta2', 'StatefulSet', 16],
  ['extensions/v1beta1', 'Ingress', 22],
  ['networking.k8s.io/v1beta1', 'Ingress', 22],
  ['networking.k8s.io/v1beta1', 'IngressClass', 22],
  ['rbac.authorization.k8s.io/v1beta1', 'ClusterRole', 22],
  ['rbac.authorization.k8s.io/v1beta1', 'ClusterRoleBinding', 22],
  ['rbac.authorization.k8s.io/v1beta1', 'Role', 22],
  ['rbac.authorization.k8s.io/v1beta1', 'RoleBinding', 22],
  ['apiextensions.k8s.io/v1beta1', 'CustomResourceDefinition', 22],
  ['admissionregistration.k8s.io/v1beta1', 'MutatingWebhookConfiguration', 22],
  ['admissionregistration.k8s.io/v1beta1', 'ValidatingWebhookConfiguration', 22],
  ['apiregistration.k8s.io/v1beta1', 'APIService', 22],
  ['scheduling.k8s.io/v1beta1', 'PriorityClass', 22],
  ['storage.k8s.io/v1beta1', 'StorageClass', 22],
  ['storage.k8s.io/v1beta1', 'CSIDriver', 22],
  ['batch/v1beta1', 'CronJob', 25],
  ['policy/v1beta1', 'PodDisruptionBudget', 25],
  ['policy/v1beta1', 'PodSecurityPolicy', 25],
  ['autoscaling/v2beta1', 'HorizontalPodAutoscaler', 25],
  ['node.k8s.io/v1beta1', 'RuntimeClass', 25],
  ['autoscaling/v2beta2', 'HorizontalPodAutoscaler', 26],
  ['storage.k8s.io/v1beta1', 'CSIStorageCapacity', 27],
  ['flowcontrol.apiserver.k8s.io/v1beta2', 'FlowSchema', 29],
  ['flowcontrol.apiserver.k8s.io/v1beta3', 'FlowSchema', 32],
];

const BY_TYPE: ReadonlyMap<string, number> = new Map(
  REMOVED.map(([apiVersion, kind, minor]) => [`${apiVersion}/${kind}`, minor]),
);

/** The minor of Kubernetes that no longer serves a type; `undefined` for what is still served, or not known. */
export function removedIn(apiVersion: string, kind: string): number | undefined {
  return BY_TYPE.get(`${apiVersion}/${kind}`);
}

/** The lowest minor that a chart's `kubeVersion` allows, where that is sure: `>=1.25.0-0`, `>= 1.25 < 1.33`, `^1.25`. */
export function lowestMinor(kubeVersion: string): number | undefined {
  if (kubeVersion.includes('||')) return undefined;
  const [, minor] = /^\s*(?:>=|\^)\s*v?1\.(\d{1,3})(?![\d])/.exec(kubeVersion) ?? [];
  return minor === undefined ? undefined : Number(minor);
}
