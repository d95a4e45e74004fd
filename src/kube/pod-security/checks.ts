import type { CheckId } from '../versions/types.js';
import { checkHostNamespaces, checkHostPorts, checkHostProbes, checkWindowsHostProcess } from './checks/host.js';
import {
  checkBaselineCapabilities,
  checkBaselineProcMount,
  checkPrivileged,
  checkPrivilegeEscalation,
  checkRestrictedCapabilities,
  checkRestrictedProcMount,
} from './checks/privileges.js';
import { checkAppArmorProfile, checkBaselineSeccomp, checkRestrictedSeccomp } from './checks/profiles.js';
import { checkSeLinuxOptions } from './checks/selinux.js';
import { checkSysctls } from './checks/sysctls.js';
import { checkRunAsNonRoot, checkRunAsUser } from './checks/users.js';
import { checkHostPathVolumes, checkRestrictedVolumes } from './checks/volumes.js';
import type { CheckPod } from './types.js';

/** Which version has which of them is data: `versions.json`. */
export const CHECKS: Readonly<Record<CheckId, CheckPod>> = {
  allowPrivilegeEscalation: checkPrivilegeEscalation,
  appArmorProfile: checkAppArmorProfile,
  capabilities_baseline: checkBaselineCapabilities,
  capabilities_restricted: checkRestrictedCapabilities,
  hostNamespaces: checkHostNamespaces,
  hostPathVolumes: checkHostPathVolumes,
  hostPorts: checkHostPorts,
  hostProbesAndHostLifecycle: checkHostProbes,
  privileged: checkPrivileged,
  procMount: checkBaselineProcMount,
  procMount_restricted: checkRestrictedProcMount,
  restrictedVolumes: checkRestrictedVolumes,
  runAsNonRoot: checkRunAsNonRoot,
  runAsUser: checkRunAsUser,
  seLinuxOptions: checkSeLinuxOptions,
  seccompProfile_baseline: checkBaselineSeccomp,
  seccompProfile_restricted: checkRestrictedSeccomp,
  sysctls: checkSysctls,
  windowsHostProcess: checkWindowsHostProcess,
};
