import type { Finding } from '../src/core/finding.js';
import { isObject } from '../src/core/json.js';
import { finding, report } from '../src/kube/finding.js';
import { workloadKinds } from '../src/kube/kinds.js';
import { ENTRANCES } from '../src/kube/network/entrances.js';
import { findHome, HOMES, mayBeThere, objectsOf } from '../src/kube/network/home.js';
import {
  defaultsOf,
  findMesh,
  findMeshWide,
  ISTIO,
  isForAll,
  modeOf,
  PEER_AUTHENTICATION,
  versionOf,
} from '../src/kube/network/istio.js';
import { describeClients } from '../src/kube/network/peers.js';
import type { Place, RepoIndex } from '../src/kube/repo-facts.js';
import { objectName } from '../src/kube/settings.js';
import { defineTransform, type ObjectContext } from '../src/kube/types.js';

/**
 * Istio encrypts what its proxies send to each other, and by default still takes plain text from everybody else. With `STRICT` a
 * workload takes mutual TLS alone. A `PeerAuthentication` that says `PERMISSIVE` or `DISABLE` is corrected. Where Istio is in use and
 * none is for the whole namespace, or the whole mesh, one is written beside the Namespace, or beside the first workload.
 *
 * Istio is in use where the Namespace is labelled for it (`istio-injection: enabled`, `istio.io/rev`,
 * `istio.io/dataplane-mode: ambient`), or where an object of Istio's for its proxies is in the namespace.
 *
 * ## Risk
 * High: clients without a proxy are refused, such as those of other namespaces, of Prometheus and of load balancers, and the API server
 * that calls a webhook; who asks from elsewhere by the files is named. Probes go on, since Istio rewrites them, unless a pod says
 * `sidecar.istio.io/rewriteAppHTTPProbers: "false"`. Exceptions for ports (`portLevelMtls`) are reported: each has a client that
 * somebody knows.
 *
 * ## References
 * - [PeerAuthentication](https://istio.io/latest/docs/reference/config/security/peer_authentication/)
 * - [Health checking of Istio services](https://istio.io/latest/docs/ops/configuration/mesh/app-health-check/)
 * - [Mutual TLS migration](https://istio.io/latest/docs/tasks/security/authentication/mtls-migration/)
 */
export const requireMutualTls = defineTransform({
  id: 'require-mutual-tls',
  title: 'Require mutual TLS in a mesh of Istio',
  risk: 'high',
  settings: {
    'root-namespace': objectName('the root namespace of Istio, whose policies are for the whole mesh', 'istio-system'),
  },
  asksFor: [...ISTIO, ...ENTRANCES, ...workloadKinds],
  objects: {
    kinds: [...HOMES, PEER_AUTHENTICATION],
    *check(context, settings): Iterable<Finding> {
      const root = settings['root-namespace'];
      if (context.ref.kind === PEER_AUTHENTICATION.kind) yield* checkPolicy(context, root);
      else yield* checkNamespace(context, root);
    },
  },
});

function* checkPolicy({ object, ref, index }: ObjectContext, root: string): Iterable<Finding> {
  const spec = object.get('spec');
  const mode = modeOf(object.get('spec.mtls').value);
  // Without a mode, that of the namespace or the mesh holds; the one for all of the namespace is what then is missing.
  const isGeneral = isForAll({ spec: spec.value ?? {} });
  const isDefault = isGeneral && (ref.namespace === root || !findMeshWide(index, ref.file, root));
  if (mode === '' ? isDefault && spec.state !== 'opaque' : mode !== 'STRICT') {
    yield finding(object, mode === '' ? 'takes plain text: no mtls.mode' : `takes plain text: mtls.mode is ${mode}`, {
      changes: [object.set('spec.mtls.mode', 'STRICT')],
      risk: 'high',
      evidence: [
        ...(mode === '' ? [] : ['someone wrote it']),
        ...(isGeneral && ref.namespace === root ? ['it is for the whole mesh'] : []),
        describeRefused(index, ref),
      ],
    });
  }
  const ports = object.get('spec.portLevelMtls');
  for (const [port, value] of Object.entries(isObject(ports.value) ? ports.value : {})) {
    const own = modeOf(value);
    if (own === '' || own === 'STRICT') continue;
    yield report(object, `takes plain text at port ${port}: mtls.mode is ${own}`, EXCEPTION, [...ports.path, port, 'mode']);
  }
}

/** Who is likely to have no proxy: what comes from outside of the namespace, by way of nodes or the API server. */
function describeRefused(index: RepoIndex, place: Place): string {
  const clients = describeClients(index, place);
  return clients === undefined ? REFUSED : `${REFUSED}; from elsewhere come ${clients}`;
}

const REFUSED = 'clients without a proxy are refused';
const EXCEPTION = 'an exception for one port has a client that somebody knows; take it away when that has a proxy';

function* checkNamespace(context: ObjectContext, root: string): Iterable<Finding> {
  const home = findHome(context);
  if (home === undefined) return;
  const { object, index, ref } = context;
  const { place, namespace } = home;
  if (defaultsOf(index, place).length > 0 || findMeshWide(index, ref.file, root) !== undefined) return;
  const mesh = findMesh(context, place);
  if (mesh === undefined) return;
  const policy = {
    apiVersion: versionOf(index, ref.file),
    kind: PEER_AUTHENTICATION.kind,
    metadata: { name: 'default', namespace: namespace ?? '' },
    spec: { mtls: { mode: 'STRICT' } },
  };
  yield finding(object, `no PeerAuthentication requires mutual TLS${namespace === undefined ? '' : ` in ${namespace}`}`, {
    creates: [policy],
    risk: 'high',
    evidence: [`Istio is in use (${mesh.evidence})`, describeRefused(index, place)],
    unless: home.unless ?? objectTo(context, place, root),
  });
}

function objectTo({ index }: ObjectContext, place: Place, root: string): string | undefined {
  if (place.namespace === root) return 'in the root namespace it is for the whole mesh; require it in each namespace first';
  const { there, maybe } = objectsOf(index, place, PEER_AUTHENTICATION);
  const taken = there.find(({ name }) => name === 'default');
  return mayBeThere(maybe) ?? (taken && `${taken.where} has the name already, and is for some workloads only; rename it`);
}
