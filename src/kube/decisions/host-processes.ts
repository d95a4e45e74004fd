import type { PodView, View } from '../types.js';

export const WINDOWS_OPTIONS = 'securityContext.windowsOptions';

/** Where a pod and its containers say that they are processes of a Windows node. */
export const HOST_PROCESS = `${WINDOWS_OPTIONS}.hostProcess`;

/**
 * Whether the pod, or a container of it, says so or may say so. A variable counts where it stands for just this field; one for all of a
 * security context does on Windows only.
 */
export function mayBeHostProcess(pod: PodView, view: View): boolean {
  const field = view.get(HOST_PROCESS);
  if (field.state !== 'opaque') return field.is(true);
  return pod.os !== 'linux' || view.get(WINDOWS_OPTIONS).state === 'set';
}
