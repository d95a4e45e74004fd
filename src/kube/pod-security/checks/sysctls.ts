import type { CheckPod } from '../types.js';

/**
 * Only sysctls that are namespaced, and isolated from other pods, may be set. Names with slashes are none of them.
 *
 * Source: `check_sysctls.go`; from 1.37 on kubernetes/kubernetes#138389.
 */
export const checkSysctls: CheckPod = ({ sysctls }, { safeSysctls }) => {
  const bad = sysctls.filter(({ value }) => !safeSysctls.has(value));
  if (bad.length === 0) return undefined;
  return {
    reason: 'forbidden sysctls',
    detail: bad.map(({ value }) => value).join(', '),
    paths: bad.map(({ path }) => path),
  };
};
