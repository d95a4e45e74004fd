import { isObject, type Json, type JsonObject, valueAt } from '../../core/json.js';
import type { KindName } from '../kinds.js';
import type { NearObject, Place, RepoIndex } from '../repo-facts.js';
import type { ObjectContext } from '../types.js';
import { NAMESPACE, objectsOf } from './home.js';

export const PEER_AUTHENTICATION: KindName = { group: 'security.istio.io', kind: 'PeerAuthentication' };

/**
 * Objects of which each configures the proxies of workloads. A VirtualService is no sign: a gateway heeds it, whatever is behind that has
 * no proxy.
 */
const USES: readonly KindName[] = [
  { group: 'security.istio.io', kind: 'AuthorizationPolicy' },
  { group: 'security.istio.io', kind: 'RequestAuthentication' },
  { group: 'networking.istio.io', kind: 'Sidecar' },
];

/** The kinds that are asked for. */
export const ISTIO: readonly KindName[] = [NAMESPACE, PEER_AUTHENTICATION, ...USES];

/** What a PeerAuthentication demands of who connects; `''` where it says nothing, so that what is above it holds. */
export function modeOf(value: Json | undefined): string {
  const mode = valueAt(value, ['mode']);
  return typeof mode === 'string' && mode !== 'UNSET' ? mode : '';
}

/** Whether a PeerAuthentication is for all workloads of its namespace. */
export function isForAll(value: JsonObject): boolean {
  const selector = valueAt(value, ['spec', 'selector']);
  const labels = valueAt(selector, ['matchLabels']);
  return !isObject(selector) || !isObject(labels) || Object.keys(labels).length === 0;
}

/** The PeerAuthentications that are for all of a namespace, or of the mesh. */
export function defaultsOf(index: RepoIndex, at: Place): readonly NearObject[] {
  return objectsOf(index, at, PEER_AUTHENTICATION).there.filter(({ value }) => isForAll(value));
}

/** The mesh's own one that demands mutual TLS, in the root namespace of Istio. */
export function findMeshWide(index: RepoIndex, file: string, rootNamespace: string): NearObject | undefined {
  const inRoot = defaultsOf(index, { file, namespace: rootNamespace });
  return inRoot.find((each) => each.nearness === 'sure' && modeOf(valueAt(each.value, ['spec', 'mtls'])) === 'STRICT');
}

/** How it is known that workloads are in the mesh, and whether by ztunnel, a proxy of the node, and not by one of their own. */
export interface Mesh {
  readonly evidence: string;
  readonly isAmbient: boolean;
}

/**
 * What says that the workloads of a namespace are in the mesh: a label of the Namespace, or an object of Istio's in it. `undefined`
 * where nothing does, or the Namespace says that they are not.
 */
export function findMesh({ object, ref, index }: ObjectContext, at: Place): Mesh | undefined {
  if (ref.kind === 'Namespace') {
    const labels = object.get('metadata.labels').value;
    const says = (label: string) => valueAt(labels, [label]);
    if (says('istio.io/dataplane-mode') === 'ambient')
      return { evidence: 'the label istio.io/dataplane-mode: ambient', isAmbient: true };
    if (says('istio-injection') === 'enabled') return { evidence: 'the label istio-injection: enabled', isAmbient: false };
    if (says('istio-injection') === 'disabled' || says('istio.io/dataplane-mode') === 'none') return undefined;
    if (typeof says('istio.io/rev') === 'string') return { evidence: 'the label istio.io/rev', isAmbient: false };
  }
  const [found] = [PEER_AUTHENTICATION, ...USES].flatMap((kind) => objectsOf(index, at, kind).there);
  return found && { evidence: found.where, isAmbient: false };
}

/** `v1` came with Istio 1.22; a repository that writes the version before it may be for an older one. */
export function versionOf(index: RepoIndex, file: string): string {
  const others = [PEER_AUTHENTICATION, ...USES.filter(({ group }) => group === PEER_AUTHENTICATION.group)];
  const written = others.flatMap((kind) => index.objectsNear({ file }, kind)).map(({ value }) => value.apiVersion);
  const isOlder = written.includes('security.istio.io/v1beta1') && !written.includes('security.istio.io/v1');
  return `security.istio.io/${isOlder ? 'v1beta1' : 'v1'}`;
}
