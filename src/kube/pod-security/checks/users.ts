import type { CheckPod } from '../types.js';
import { containersNamed, settersNamed } from '../wording.js';

/**
 * Every container must run as another user than root, by its own word or the pod's; who says the opposite fails, even where it is
 * overridden. From 1.35 on a pod with a user namespace is exempt.
 *
 * Source: `check_runAsNonRoot.go`.
 */
export const checkRunAsNonRoot: CheckPod = ({ hostUsers, securityContext, containers }, { relaxesUserNamespaces }) => {
  if (relaxesUserNamespaces && hostUsers === false) return undefined;
  const reason = 'runAsNonRoot != true';
  const isPodBad = securityContext.runAsNonRoot === false;
  const bad = containers.filter((container) => container.securityContext.runAsNonRoot === false);
  if (isPodBad || bad.length > 0) {
    const names = bad.map(({ name }) => name);
    const contexts = [...(isPodBad ? [securityContext] : []), ...bad.map((container) => container.securityContext)];
    return {
      reason,
      detail: `${settersNamed(isPodBad, names)} must not set securityContext.runAsNonRoot=false`,
      paths: contexts.map(({ path }) => [...path, 'runAsNonRoot']),
    };
  }
  if (securityContext.runAsNonRoot === true) return undefined;
  const silent = containers.filter((container) => container.securityContext.runAsNonRoot === undefined);
  if (silent.length === 0) return undefined;
  const names = silent.map(({ name }) => name);
  return {
    reason,
    detail: `pod or ${containersNamed(names)} must set securityContext.runAsNonRoot=true`,
    paths: silent.map(({ path }) => path),
  };
};

/**
 * Nobody may ask for user 0. From 1.35 on a pod with a user namespace may.
 *
 * Source: `check_runAsUser.go`.
 */
export const checkRunAsUser: CheckPod = ({ hostUsers, securityContext, containers }, { relaxesUserNamespaces }) => {
  if (relaxesUserNamespaces && hostUsers === false) return undefined;
  const isPodBad = securityContext.runAsUser === 0;
  const bad = containers.filter((container) => container.securityContext.runAsUser === 0);
  if (!isPodBad && bad.length === 0) return undefined;
  const names = bad.map(({ name }) => name);
  const contexts = [...(isPodBad ? [securityContext] : []), ...bad.map((container) => container.securityContext)];
  return {
    reason: 'runAsUser=0',
    detail: `${settersNamed(isPodBad, names)} must not set runAsUser=0`,
    paths: contexts.map(({ path }) => [...path, 'runAsUser']),
  };
};
