import type { WorkloadFacts } from '../facts/workloads.js';
import type { RepoIndex } from '../repo-facts.js';
import { findAliases, findEntrances } from './entrances.js';
import type { Home } from './home.js';
import type { Direction } from './policies.js';

/** Traffic that a default cuts off although the files suggest that it is meant, with what to do about it. */
export interface CutOff {
  readonly message: string;
  readonly unless: string;
}

/** More are counted, and not named. */
const MOST = 6;

/** @param cut the directions in which the pods are isolated by the default. */
export function findCutOff(index: RepoIndex, { place }: Home, cut: readonly Direction[]): readonly CutOff[] {
  const workloads = index.workloadsOf(place);
  const found: CutOff[] = [];
  const add = (what: string, names: readonly string[], unless: string) => {
    if (names.length > 0) found.push({ message: `${what}: ${list(names)}`, unless });
  };
  if (cut.includes('Ingress'))
    add('pods are asked from outside of the namespace', findEntrances(index, place), 'write who may ask them, as ingress');
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
  }
  const onHost = workloads.filter(({ pods }) => pods.some(({ usesHostNetwork }) => usesHostNetwork)).map(({ label }) => label);
  add("pods on the host's network", onHost, 'no NetworkPolicy governs them; disallow-host-namespaces says what they need');
  return found;
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

function list(names: readonly string[]): string {
  const shown = [...new Set(names)];
  const rest = shown.length - MOST;
  return rest > 0 ? `${shown.slice(0, MOST).join(', ')} and ${rest} more` : shown.join(', ');
}
