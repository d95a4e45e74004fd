import { valueAt } from '../core/json.js';
import type { ObjectAt } from './kinds.js';

/** Where kubeadm has kubelets look for static pods. */
const MANIFESTS = /(?:^|\/)etc\/kubernetes\/manifests\/[^/]+$/;

/**
 * Whether a Pod is one that a kubelet starts from a file: such a one is started anew when its file changes. Told by the folder of the file,
 * or by the label that kubeadm gives the control plane; any other Pod is taken for one of the API server.
 *
 * Source: https://kubernetes.io/docs/tasks/configure-pod-container/static-pod/
 */
export function isStaticPod(file: string, { apiVersion, kind, value }: ObjectAt): boolean {
  if (apiVersion !== 'v1' || kind !== 'Pod') return false;
  const isControlPlane =
    valueAt(value, ['metadata', 'namespace']) === 'kube-system' &&
    valueAt(value, ['metadata', 'labels', 'tier']) === 'control-plane';
  return isControlPlane || MANIFESTS.test(file);
}
