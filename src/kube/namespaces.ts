import { matchesWildcard } from '../core/wildcard.js';

/** Kubernetes' own: the control plane, what every cluster may read, and the nodes' heartbeats. */
const KUBERNETES: ReadonlySet<string> = new Set(['kube-system', 'kube-public', 'kube-node-lease']);

/**
 * Namespaces whose content a distribution or a cloud owns and puts back as it was: OpenShift's payload (`openshift`,
 * `openshift-*`, with security context constraints of its own), GKE's managed add-ons (`gke-managed-*`) and its managed
 * Prometheus (`gke-gmp-system`, `gmp-system`, `gmp-public`), AKS's (`aks-command`).
 *
 * Namespaces of things that people install themselves are not here, CNI plugins and operators included: what those need is a
 * matter of evidence, not of a name.
 */
const PROVIDERS = /^(?:openshift(?:-.*)?|gke-managed-.*|gke-gmp-system|gmp-system|gmp-public|aks-command)$/;

/**
 * Whether a namespace belongs to the cluster itself, and is left alone unless asked.
 * @param more names that count as well; each may hold `*`
 */
export function isSystemNamespace(namespace: string | undefined, more: readonly string[] = []): boolean {
  if (namespace === undefined) return false;
  return KUBERNETES.has(namespace) || PROVIDERS.test(namespace) || more.some((pattern) => matchesWildcard(pattern, namespace));
}
