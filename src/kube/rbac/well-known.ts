import type { View } from '../types.js';

/** A role by what a binding names. */
interface NamedRole {
  readonly kind: string;
  readonly name: string;
}

/** ClusterRoles that the API server makes beside those named `system:`. */
const BUILT_IN: ReadonlySet<string> = new Set(['cluster-admin', 'admin', 'edit', 'view']);

/** The Role in kube-system that extension API servers are bound to, and those that the API server makes there and in kube-public. */
const IN_SYSTEM = /^(?:extension-apiserver-authentication-reader|system:.*)$/;

/** What OpenShift makes in each cluster. */
const OPENSHIFT: ReadonlySet<string> = new Set([
  'basic-user',
  'cluster-reader',
  'cluster-status',
  'registry-admin',
  'registry-editor',
  'registry-viewer',
  'self-access-reviewer',
  'self-provisioner',
  'storage-admin',
]);

/**
 * Whether Kubernetes, or a distribution of it, makes the role.
 * @see https://kubernetes.io/docs/reference/access-authn-authz/rbac/#default-roles-and-role-bindings
 */
export function isOfKubernetes({ kind, name }: NamedRole): boolean {
  if (kind === 'Role') return IN_SYSTEM.test(name);
  return BUILT_IN.has(name) || OPENSHIFT.has(name) || isSystemName(name);
}

/** Names that are Kubernetes' own, and kubeadm's; but others use them, too. */
function isSystemName(name: string): boolean {
  return name.startsWith('system:') || name.startsWith('kubeadm:');
}

/**
 * Whether a role or a binding is one of those that the API server writes anew at each start: by its name, and by the label that it
 * gives them.
 */
export function isDefault(object: View): boolean {
  const { value: name } = object.get('metadata.name');
  const label = object.get(['metadata', 'labels', 'kubernetes.io/bootstrapping']);
  return typeof name === 'string' && (name.startsWith('system:') || BUILT_IN.has(name)) && label.is('rbac-defaults');
}

/** What everybody may know of every cluster: its version, its APIs, and the keys by which tokens are checked. */
const PUBLIC: ReadonlySet<string> = new Set([
  'system:basic-user',
  'system:discovery',
  'system:public-info-viewer',
  'system:service-account-issuer-discovery',
]);

export function isPublicRole({ kind, name }: NamedRole): boolean {
  return kind === 'ClusterRole' && PUBLIC.has(name);
}

/**
 * Whether a role is made for all accounts of a namespace: that of OpenShift by which their pods pull images.
 * @see https://docs.openshift.com/rosa/openshift_images/managing_images/using-image-pull-secrets.html
 */
export function isForAccounts({ kind, name }: NamedRole): boolean {
  return kind === 'ClusterRole' && name === 'system:image-puller';
}
