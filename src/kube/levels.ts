import type { TransformContext } from './types.js';

/**
 * Whether a field that pods and containers have must be written on containers: where the pod does not take it, or where someone said
 * no for a container, which the pod's value would reach from above.
 */
export function needsContainerLevel({ pod, containers, isSuppressed }: TransformContext): boolean {
  return pod.containerLevelOnly !== undefined || (!isSuppressed(pod) && containers.some(isSuppressed));
}

/** Why nothing is written on pods that may or may not run on Windows. */
export const MAYBE_WINDOWS = 'the pod may run on Windows, where the field does not work; set spec.os.name';

/** Why a value of the pod's is not changed that a container takes for which someone said no. */
export const REACHES_SUPPRESSED = 'it would reach a container for which someone said no';
