import type { Transform } from '../src/kube/types.js';
import { addLimitRange } from './add-limit-range.js';
import { addNetworkPolicy } from './add-network-policy.js';
import { addResourceQuota } from './add-resource-quota.js';
import { disableTokenAutomount } from './disable-token-automount.js';
import { disallowHostNamespaces } from './disallow-host-namespaces.js';
import { disallowHostPath } from './disallow-host-path.js';
import { disallowHostPorts } from './disallow-host-ports.js';
import { disallowHostProbes } from './disallow-host-probes.js';
import { disallowHostProcess } from './disallow-host-process.js';
import { disallowPrivilegeEscalation } from './disallow-privilege-escalation.js';
import { disallowPrivileged } from './disallow-privileged.js';
import { disallowProcMount } from './disallow-proc-mount.js';
import { disallowUnsafeSysctls } from './disallow-unsafe-sysctls.js';
import { dropCapabilities } from './drop-capabilities.js';
import { hardenControlPlane } from './harden-control-plane.js';
import { hardenKubelet } from './harden-kubelet.js';
import { hardenRbac } from './harden-rbac.js';
import { labelNamespace } from './label-namespace.js';
import { orderEncryptionProviders } from './order-encryption-providers.js';
import { readOnlyRootFilesystem } from './read-only-root-filesystem.js';
import { requireAuditPolicy } from './require-audit-policy.js';
import { requireMutualTls } from './require-mutual-tls.js';
import { requireNonRoot } from './require-non-root.js';
import { restrictLoadBalancer } from './restrict-load-balancer.js';
import { restrictVolumeTypes } from './restrict-volume-types.js';
import { setAppArmorProfile } from './set-apparmor-profile.js';
import { setResources } from './set-resources.js';
import { setSeccompProfile } from './set-seccomp-profile.js';
import { setSelinuxOptions } from './set-selinux-options.js';
import { setUserGroup } from './set-user-group.js';

/** All transforms, each after those whose admitted changes it must see. */
export const transforms: readonly Transform[] = [
  disallowPrivileged,
  disallowHostProcess,
  disallowHostNamespaces,
  disallowHostPorts,
  disallowHostProbes,
  setUserGroup,
  dropCapabilities,
  disallowPrivilegeEscalation,
  requireNonRoot,
  setSeccompProfile,
  setAppArmorProfile,
  setSelinuxOptions,
  disallowProcMount,
  disallowUnsafeSysctls,
  readOnlyRootFilesystem,
  disallowHostPath,
  restrictVolumeTypes,
  disableTokenAutomount,
  setResources,
  labelNamespace,
  hardenRbac,
  hardenKubelet,
  hardenControlPlane,
  requireAuditPolicy,
  orderEncryptionProviders,
  addNetworkPolicy,
  addLimitRange,
  addResourceQuota,
  requireMutualTls,
  restrictLoadBalancer,
];
