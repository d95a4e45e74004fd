import type { Change } from '../../core/change.js';
import { type JsonObject, type Path, valueAt } from '../../core/json.js';
import type { PodKind, PodTemplate } from './types.js';

type Objection = NonNullable<PodKind['objection']>;

const IDS: ReadonlySet<unknown> = new Set(['runAsUser', 'runAsGroup', 'fsGroup', 'supplementalGroups']);

/** OpenShift gives every namespace a range of ids of its own; a number from outside of it is refused. */
export function forbidIds(_: JsonObject, __: PodTemplate, { op, path }: Change): string | undefined {
  if (op === 'remove' || path.at(-2) !== 'securityContext' || !IDS.has(path.at(-1))) return undefined;
  return 'OpenShift gives the ids, by the security context constraints of the namespace, and refuses others';
}

/**
 * The token stays in pods to which the controller adds a container that uses it.
 * @param flag where the object says that it does
 * @param isMeant whether these are pods that get the container
 */
export function keepTokenOf(flag: Path, isMeant: (podSpec: Path) => boolean, reason: string): Objection {
  return (object, { podSpec }, { path }) =>
    path.at(-1) === 'automountServiceAccountToken' && isMeant(podSpec) && (valueAt(object, flag) ?? false) !== false
      ? `kept: ${reason}`
      : undefined;
}
