import type { Change } from '../../core/change.js';
import type { JsonObject } from '../../core/json.js';
import type { PodTemplate } from './types.js';

const CONSTRAINTS = 'by its security context constraints';

/** What OpenShift's constraints refuse in a pod, by the field of a security context. */
const REFUSED: Readonly<Record<string, string>> = {
  runAsUser: `OpenShift gives the ids, ${CONSTRAINTS}, and refuses others`,
  runAsGroup: `OpenShift gives the ids, ${CONSTRAINTS}, and refuses others`,
  fsGroup: `OpenShift gives the ids, ${CONSTRAINTS}, and refuses others`,
  supplementalGroups: `OpenShift gives the ids, ${CONSTRAINTS}, and refuses others`,
  add: `OpenShift refuses capabilities.add, ${CONSTRAINTS}, unless they allow it`,
  seccompProfile: `OpenShift before 4.11 refuses a seccomp profile, ${CONSTRAINTS}; since then it gives RuntimeDefault itself`,
};

/** The constraints give every namespace a range of ids of its own, and the strictest of them, which most pods get, little else. */
export function heedConstraints(_: JsonObject, __: PodTemplate, { op, path }: Change): string | undefined {
  const at = path.lastIndexOf('securityContext');
  if (op === 'remove' || at < 0) return undefined;
  const field = path.slice(at + 1).find((key) => typeof key === 'string' && Object.hasOwn(REFUSED, key));
  return field === undefined ? undefined : REFUSED[field];
}
