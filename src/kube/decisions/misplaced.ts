import { isList, isObject, type Json } from '../../core/json.js';

/** Where a field belongs: in the security context of a container, of a pod, of either, or in the pod itself. */
export type Home = 'container' | 'pod' | 'either' | 'spec';

interface MisplacedField {
  readonly home: Home;
  /** Whether the value is what Kubernetes expects, and surely takes something away from who breaks in. */
  hardens(value: Json): boolean;
  /** Whether a Windows pod may have it. */
  readonly isForWindows?: boolean;
}

const isTrue = (value: Json) => value === true;
const isFalse = (value: Json) => value === false;
const isId = (value: Json) => Number.isInteger(value) && (value as number) > 0;
const isText = (value: Json) => typeof value === 'string' && value !== '';
const isProfile = (value: Json) => isObject(value) && ['RuntimeDefault', 'Localhost'].includes(value.type as string);
/** What is added besides, others judge one by one, so it must not come with what is moved. */
const dropsAll = (value: Json) => isObject(value) && isList(value.drop) && value.drop.join() === 'ALL' && value.add === undefined;
const hasOnlyLevel = (value: Json) => isObject(value) && Object.keys(value).join() === 'level' && isText(value.level ?? null);
const areIds = (value: Json) => isList(value) && value.length > 0 && value.every(isId);
const staysInContainer = (value: Json) => isObject(value) && value.hostProcess !== true;

/**
 * Fields that people write at a level that does not have them. Source: `PodSpec`, `PodSecurityContext`, `Container` and
 * `SecurityContext` of k8s.io/api/core/v1.
 */
export const MISPLACED: Readonly<Record<string, MisplacedField>> = {
  capabilities: { home: 'container', hardens: dropsAll },
  privileged: { home: 'container', hardens: isFalse },
  allowPrivilegeEscalation: { home: 'container', hardens: isFalse },
  readOnlyRootFilesystem: { home: 'container', hardens: isTrue },
  procMount: { home: 'container', hardens: (value) => value === 'Default' },
  runAsNonRoot: { home: 'either', hardens: isTrue, isForWindows: true },
  runAsUser: { home: 'either', hardens: isId },
  runAsGroup: { home: 'either', hardens: isId },
  seccompProfile: { home: 'either', hardens: isProfile },
  seLinuxOptions: { home: 'either', hardens: hasOnlyLevel },
  windowsOptions: { home: 'either', hardens: staysInContainer, isForWindows: true },
  fsGroup: { home: 'pod', hardens: isId },
  fsGroupChangePolicy: { home: 'pod', hardens: isText },
  supplementalGroups: { home: 'pod', hardens: areIds },
  sysctls: { home: 'pod', hardens: () => false },
  automountServiceAccountToken: { home: 'spec', hardens: isFalse, isForWindows: true },
  serviceAccountName: { home: 'spec', hardens: isText, isForWindows: true },
};
