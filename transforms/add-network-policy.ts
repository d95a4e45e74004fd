import type { Finding } from '../src/core/finding.js';
import { isList, type JsonObject } from '../src/core/json.js';
import { finding, report } from '../src/kube/finding.js';
import { workloadKinds } from '../src/kube/kinds.js';
import { aboutResolver, allowDns, allowSameNamespace, denyAll, type ResolverName } from '../src/kube/network/defaults.js';
import { ENTRANCES } from '../src/kube/network/entrances.js';
import { findHome, HOMES, type Home } from '../src/kube/network/home.js';
import { ISTIO } from '../src/kube/network/istio.js';
import { findCutOff } from '../src/kube/network/peers.js';
import { DIRECTIONS, type Existing, NETWORK_POLICY, OTHER_POLICIES, readExisting } from '../src/kube/network/policies.js';
import { choice, objectName } from '../src/kube/settings.js';
import { defineTransform } from '../src/kube/types.js';

/**
 * Without a NetworkPolicy every pod of a cluster reaches every other one, and whatever is outside. Each namespace gets three policies,
 * beside its Namespace or its first workload: one denies all, one lets all pods look up names, one lets the pods of the namespace
 * talk to each other. The namespace is what can be told from manifests; `same-namespace=deny` is for those who write a policy for
 * each pod. A direction in which a policy isolates all pods already is left alone, and where one isolates some pods nothing is written
 * that lets them through.
 *
 * What the files suggest that is cut off is reported and not written: Services and routes that let others in, workloads elsewhere
 * that name Services of the namespace, Services of other namespaces and addresses outside that variables name, pods that keep a token
 * of the API server or have an identity of the cloud. Pods on the host's network are not governed at all. In a mesh, what its proxies
 * need is reported first: without it no pod becomes ready.
 *
 * DNS is the pods `kube-dns` of `kube-system`, and NodeLocal DNSCache at 169.254.20.10. `dns=gke` adds the metadata server that Cloud
 * DNS answers at, `dns=openshift` means `openshift-dns` at port 5353.
 *
 * ## Risk
 * High: whatever else the pods reach, or are reached by, stops. No change is offered where a policy of Cilium, Calico, Antrea or an
 * administrator is there, where one lets everything through, in the namespaces of Istio's and Linkerd's control planes, in `default`, or where nothing says which namespace it is.
 *
 * ## References
 * - [Network policies](https://kubernetes.io/docs/concepts/services-networking/network-policies/)
 * - [NodeLocal DNSCache](https://kubernetes.io/docs/tasks/administer-cluster/nodelocaldns/)
 * - [DNS operator of OpenShift](https://github.com/openshift/cluster-dns-operator)
 */
export const addNetworkPolicy = defineTransform({
  id: 'add-network-policy',
  title: 'Add NetworkPolicies that deny by default, and allow DNS',
  risk: 'high',
  settings: {
    'same-namespace': choice('whether the pods of a namespace may go on talking to each other', ['allow', 'deny']),
    dns: choice('where pods look up names', ['kubernetes', 'gke', 'openshift']),
    'deny-name': objectName('what the policy is called that denies', 'default-deny'),
    'dns-name': objectName('what the policy is called that allows DNS', 'allow-dns'),
    'same-namespace-name': objectName('what the policy is called that allows the same namespace', 'allow-same-namespace'),
  },
  asksFor: [...ISTIO, NETWORK_POLICY, ...OTHER_POLICIES, ...ENTRANCES, ...workloadKinds],
  objects: {
    kinds: HOMES,
    *check(context, settings): Iterable<Finding> {
      const home = findHome(context);
      if (home === undefined) return;
      const { index, object } = context;
      const existing = readExisting(index, home.place);
      if (existing.open.length === 0) return;
      const creates = policiesOf(home.namespace ?? '', existing, settings);
      const unless =
        home.unless ?? findControl(home) ?? existing.unless ?? findWidened(existing, creates) ?? findTaken(existing, creates);
      const directions = existing.open.map((direction) => direction.toLowerCase()).join(' and ');
      const rest = settings['same-namespace'] === 'allow' ? ' and the namespace itself' : '';
      const of = home.namespace === undefined ? '' : ` in ${home.namespace}`;
      yield finding(object, `no NetworkPolicy denies ${directions} by default${of}`, {
        creates,
        risk: 'high',
        evidence: `all but DNS (${aboutResolver(settings.dns)})${rest} is cut off`,
        unless,
      });
      if (unless !== undefined) return;
      for (const { message, unless } of findCutOff(context, home, existing.open)) {
        yield report(object, message, unless);
      }
    },
  },
});

interface Told {
  readonly 'same-namespace': 'allow' | 'deny';
  readonly dns: ResolverName;
  readonly 'deny-name': string;
  readonly 'dns-name': string;
  readonly 'same-namespace-name': string;
}

function policiesOf(namespace: string, { open }: Existing, told: Told): readonly JsonObject[] {
  return [
    denyAll(told['deny-name'], namespace, open),
    ...(open.includes('Egress') ? [allowDns(told['dns-name'], namespace, told.dns)] : []),
    ...(told['same-namespace'] === 'allow' ? [allowSameNamespace(told['same-namespace-name'], namespace, open)] : []),
  ];
}

/** Every proxy asks the control plane of its mesh, from all namespaces, and none becomes ready without it. */
function findControl({ namespace }: Home): string | undefined {
  if (namespace === 'istio-system')
    return 'the proxies of the whole mesh ask what is there; have Istio write its policies, with global.networkPolicy.enabled';
  return namespace === 'linkerd' ? 'the proxies of the whole mesh ask what is there; write who may ask it by hand' : undefined;
}

/** What lets all pods through adds to what is there for some, and may open what someone has closed. */
function findWidened({ partial }: Existing, creates: readonly JsonObject[]): string | undefined {
  const letting = creates.map(({ spec }) => spec as JsonObject).filter(({ ingress, egress }) => ingress ?? egress);
  for (const direction of DIRECTIONS) {
    const some = partial[direction];
    if (some === undefined || !letting.some(({ policyTypes }) => isList(policyTypes) && policyTypes.includes(direction)))
      continue;
    const what = `what lets the other pods through would let those of ${some.where} through as well`;
    const other = partial.Egress === undefined ? ', or set add-network-policy.same-namespace=deny' : '';
    return `${what}; write ${direction.toLowerCase()} of the others by hand${other}`;
  }
  return undefined;
}

/** Two objects of one name are one object. */
function findTaken({ named }: Existing, creates: readonly JsonObject[]): string | undefined {
  const names = creates.map(({ metadata }) => (metadata as JsonObject).name);
  const twice = names.find((name, at) => names.indexOf(name) !== at);
  if (twice !== undefined) return `two of the policies would be called ${String(twice)}; give each a name of its own`;
  const taken = named.find(({ name }) => name !== undefined && names.includes(name));
  return taken && `${taken.where} has the name already, and denies something else; set other names`;
}
