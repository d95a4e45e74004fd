/** A minor release of Kubernetes. Patches change neither fields nor policies, so they are not kept. */
export interface KubernetesVersion {
  readonly major: 1;
  readonly minor: number;
}

/** From one minor to another, both included. What is asked of a range must hold on all of it. */
export interface VersionRange {
  readonly from: KubernetesVersion;
  readonly to: KubernetesVersion;
}

/** A level of the Pod Security Standards that forbids something. */
export type PodSecurityLevel = 'baseline' | 'restricted';

/** The checks of the Pod Security Standards, by the ids of `k8s.io/pod-security-admission`. */
export type CheckId =
  | 'allowPrivilegeEscalation'
  | 'appArmorProfile'
  | 'capabilities_baseline'
  | 'capabilities_restricted'
  | 'hostNamespaces'
  | 'hostPathVolumes'
  | 'hostPorts'
  | 'hostProbesAndHostLifecycle'
  | 'privileged'
  | 'procMount'
  | 'procMount_restricted'
  | 'restrictedVolumes'
  | 'runAsNonRoot'
  | 'runAsUser'
  | 'seLinuxOptions'
  | 'seccompProfile_baseline'
  | 'seccompProfile_restricted'
  | 'sysctls'
  | 'windowsHostProcess';

/** Fields of pods and containers that not every version has. */
export type VersionedField =
  | 'allowPrivilegeEscalation'
  | 'appArmorProfile'
  | 'fsGroupChangePolicy'
  | 'hostProcess'
  | 'hostUsers'
  | 'imageVolume'
  | 'osName'
  | 'podResources'
  | 'procMount'
  | 'recursiveReadOnly'
  | 'runAsGroup'
  | 'seLinuxChangePolicy'
  | 'seccompProfile'
  | 'sidecar'
  | 'supplementalGroupsPolicy';

/** A check of one level, and since when it is part of it. */
export interface CheckEntry {
  readonly id: CheckId;
  readonly level: PodSecurityLevel;
  readonly since: KubernetesVersion;
  /** The check of the lower level that it takes the place of. */
  readonly overrides: CheckId | undefined;
}

/** The Pod Security Standards as one version has them. */
export interface Policy {
  /** The first version that has them so. */
  readonly since: KubernetesVersion;
  /** Checks in the order in which the admission plugin reports: baseline by id, then restricted by id. */
  readonly checks: Readonly<Record<PodSecurityLevel, readonly CheckEntry[]>>;
  readonly safeSysctls: ReadonlySet<string>;
  readonly seLinuxTypes: ReadonlySet<string>;
  /** Whether `seccompProfile` is judged; else the annotations that were there before it. */
  readonly hasSeccompFields: boolean;
  /** Whether `spec.os.name: windows` lifts the checks of fields that Windows does not have. */
  readonly exemptsWindows: boolean;
  /** Whether `hostUsers: false` lifts the checks of what root in the container may do. */
  readonly relaxesUserNamespaces: boolean;
}

/** When API servers came to take a field. */
export interface FieldSupport {
  /** Where it is: `pod.hostUsers`, `container.securityContext.procMount`. */
  readonly at: readonly string[];
  /** The first version that knows it. Older ones warn of an unknown field and drop it; `kubectl` refuses to send it. */
  readonly known: KubernetesVersion;
  /** The first version that keeps it by default. In between it is behind a feature gate, and dropped silently without it. */
  readonly default: KubernetesVersion;
}
