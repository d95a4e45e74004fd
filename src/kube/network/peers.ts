import type { WorkloadFacts } from '../facts/workloads.js';
import type { Place, RepoIndex } from '../repo-facts.js';
import type { ObjectContext } from '../types.js';
import { findAliases, findEntrances } from './entrances.js';
import type { Home } from './home.js';
import { findMesh } from './istio.js';
import type { Direction } from './policies.js';

/** Traffic that a default cuts off although the files suggest that it is meant, with what to do about it. */
export interface CutOff {
  readonly message: string;
  readonly unless: string;
}

/** More are counted, and not named. */
const MOST = 6;

/** @param cut the directions in which the pods are isolated by the default. */
export function findCutOff(context: ObjectContext, { place }: Home, cut: readonly Direction[]): readonly CutOff[] {
  const { index } = context;
  const workloads = index.workloadsOf(place);
  const found = [...findProxies(context, place, cut)];
  const add = (what: string, names: readonly string[], unless: string) => {
    if (names.length > 0) found.push({ message: `${what}: ${list(names)}`, unless });
  };
  if (cut.includes('Ingress')) {
    add('pods are asked from outside of the namespace', findClients(index, place), 'write who may ask them, as ingress');
  }
  if (cut.includes('Egress')) {
    add('pods ask other namespaces', askedElsewhere(workloads, place.namespace), 'write that they may, as egress');
    const outside = [...namesOutside(workloads), ...findAliases(index, place)];
    add('addresses outside of the cluster are named', outside, 'write which of them are needed, as egress to their ipBlock');
    const clients = workloads.filter((workload) => asksApiServer(index, workload)).map(({ label }) => label);
    add(
      'pods keep a token of the API server',
      clients,
      'where it is used, write egress to the addresses of the API server; where it is not, disable-token-automount takes it away',
    );
    const identified = workloads.filter((workload) => hasIdentity(index, workload)).map(({ label }) => label);
    add(
      'pods have an identity of the cloud',
      identified,
      'write egress to the cloud, and to the metadata server where that gives it',
    );
  }
  const onHost = workloads.filter(({ pods }) => pods.some(({ usesHostNetwork }) => usesHostNetwork)).map(({ label }) => label);
  add("pods on the host's network", onHost, 'no NetworkPolicy governs them; disallow-host-namespaces says what they need');
  return found;
}

/**
 * What the proxies of a mesh need, without which no pod of it becomes ready.
 * https://istio.io/latest/docs/ambient/usage/networkpolicy/ and https://istio.io/latest/docs/ops/deployment/application-requirements/
 */
function* findProxies(context: ObjectContext, place: Place, cut: readonly Direction[]): Iterable<CutOff> {
  const mesh = findMesh(context, place);
  if (mesh?.isAmbient === true && cut.includes('Ingress')) {
    yield {
      message: `probes of an ambient mesh come from 169.254.7.127 (${mesh.evidence})`,
      unless: 'write ingress from 169.254.7.127/32, else no pod becomes ready; whoever else may ask needs port 15008, too',
    };
  }
  if (mesh?.isAmbient === false && cut.includes('Egress')) {
    yield {
      message: `proxies of Istio ask istiod (${mesh.evidence})`,
      unless: 'write egress to istiod in istio-system, port 15012, else no pod with a proxy becomes ready',
    };
  }
  const linkerd = context.object.get(['metadata', 'annotations', 'linkerd.io/inject']);
  if ((linkerd.is('enabled') || linkerd.is('ingress')) && cut.includes('Egress')) {
    yield {
      message: 'proxies of Linkerd ask its control plane (the annotation linkerd.io/inject)',
      unless: 'write egress to its namespace, else no pod with a proxy becomes ready',
    };
  }
}

function findClients(index: RepoIndex, place: Place): readonly string[] {
  return [...findEntrances(index, place), ...clientsOf(index, place)];
}

/** Who asks the pods of a namespace from elsewhere, by the files; `undefined` where these name nobody. */
export function describeClients(index: RepoIndex, place: Place): string | undefined {
  const clients = findClients(index, place);
  return clients.length === 0 ? undefined : list(clients);
}

/** `Deployment web in shop (asks db)` */
function clientsOf(index: RepoIndex, home: Place): readonly string[] {
  return index.clientsOf(home).map(({ label, namespace, pods }) => {
    const asked = pods.flatMap((pod) => pod.asked).filter((service) => service.namespace === home.namespace);
    const names = [...new Set(asked.map(({ name }) => name))].join(', ');
    return `${label}${namespace === undefined ? '' : ` in ${namespace}`} (asks ${names})`;
  });
}

/** `db in data (Deployment web)` */
function askedElsewhere(workloads: readonly WorkloadFacts[], own: string | undefined): readonly string[] {
  return workloads.flatMap(({ label, pods }) => {
    const asked = pods.flatMap((pod) => pod.asked).filter(({ namespace }) => namespace !== own);
    return [...new Set(asked.map(({ name, namespace }) => `${name} in ${namespace} (${label})`))];
  });
}

/** The names of variables, never what they are set to. */
function namesOutside(workloads: readonly WorkloadFacts[]): readonly string[] {
  return workloads.flatMap(({ label, pods }) =>
    [...new Set(pods.flatMap(({ outside }) => outside))].map((name) => `env ${name} (${label})`),
  );
}

/** The pod's own word counts first, then that of its account. */
function asksApiServer(index: RepoIndex, workload: WorkloadFacts): boolean {
  return workload.pods.some(({ automount, account, usesHostNetwork }) => {
    if (usesHostNetwork) return false;
    return automount ?? index.account(workload, account)?.automount ?? true;
  });
}

function hasIdentity(index: RepoIndex, workload: WorkloadFacts): boolean {
  return workload.pods.some(({ account }) => index.account(workload, account)?.identity !== undefined);
}

function list(names: readonly string[]): string {
  const shown = [...new Set(names)];
  const rest = shown.length - MOST;
  return rest > 0 ? `${shown.slice(0, MOST).join(', ')} and ${rest} more` : shown.join(', ');
}
