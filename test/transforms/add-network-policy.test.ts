import { addNetworkPolicy } from '../../transforms/add-network-policy.js';
import { itCreates, itLeaves, itReports, manifest } from './harness.js';

const namespace = manifest`
  apiVersion: v1
  kind: Namespace
  metadata:
    name: shop # ours
`;
const workload = (namespace: string, more = '') => manifest`
  apiVersion: apps/v1
  kind: Deployment
  metadata:
    name: web${namespace}
  spec:
    selector:
      matchLabels:
        app: web
    template:
      metadata:
        labels:
          app: web
      spec:
        containers:
          - name: web
            image: ghcr.io/acme/web:1${more}
`;
const inShop = workload('\n    namespace: shop');

const deny = (name: string, types: string) => manifest`
  ---
  apiVersion: networking.k8s.io/v1
  kind: NetworkPolicy
  metadata:
    name: ${name}
    namespace: shop
  spec:
    podSelector: {}
    policyTypes:
${types}
`;
const BOTH = '      - Ingress\n      - Egress';
const dns = (to: string, port = 53) => manifest`
  ---
  apiVersion: networking.k8s.io/v1
  kind: NetworkPolicy
  metadata:
    name: allow-dns
    namespace: shop
  spec:
    podSelector: {}
    policyTypes:
      - Egress
    egress:
      - to:
          - namespaceSelector:
              matchLabels:
${to}
        ports:
          - protocol: UDP
            port: ${String(port)}
          - protocol: TCP
            port: ${String(port)}
`;
const kubeDns = `                kubernetes.io/metadata.name: kube-system
            podSelector:
              matchExpressions:
                - key: k8s-app
                  operator: In
                  values:
                    - kube-dns
          - ipBlock:
              cidr: "169.254.20.10/32"`;
const openshiftDns = `                kubernetes.io/metadata.name: openshift-dns
            podSelector:
              matchExpressions:
                - key: dns.operator.openshift.io/daemonset-dns
                  operator: In
                  values:
                    - default`;
const sameNamespace = manifest`
  ---
  apiVersion: networking.k8s.io/v1
  kind: NetworkPolicy
  metadata:
    name: allow-same-namespace
    namespace: shop
  spec:
    podSelector: {}
    policyTypes:
      - Ingress
      - Egress
    ingress:
      - from:
          - podSelector: {}
    egress:
      - to:
          - podSelector: {}
`;

itCreates(addNetworkPolicy, [
  {
    name: 'a default, DNS and the namespace itself, beside the Namespace',
    risk: 'high',
    before: namespace,
    after: namespace + deny('default-deny', BOTH) + dns(kubeDns) + sameNamespace,
  },
  {
    name: 'beside the first workload where there is no Namespace',
    risk: 'high',
    before: inShop,
    after: inShop + deny('default-deny', BOTH) + dns(kubeDns) + sameNamespace,
  },
  {
    name: 'without the namespace itself where each pod is to have a policy',
    risk: 'high',
    settings: { 'same-namespace': 'deny' },
    before: namespace,
    after: namespace + deny('default-deny', BOTH) + dns(kubeDns),
  },
  {
    name: 'the DNS of Cloud DNS',
    risk: 'high',
    settings: { 'same-namespace': 'deny', dns: 'gke' },
    before: namespace,
    after: `${namespace}${deny('default-deny', BOTH)}${dns(`${kubeDns}\n          - ipBlock:\n              cidr: "169.254.169.254/32"`)}`,
  },
  {
    name: 'the DNS of OpenShift, and names of one’s own',
    risk: 'high',
    settings: { 'same-namespace': 'deny', dns: 'openshift', 'deny-name': 'closed' },
    before: namespace,
    after: namespace + deny('closed', BOTH) + dns(openshiftDns, 5353),
  },
  {
    name: 'the direction that is missing',
    risk: 'high',
    settings: { 'same-namespace': 'deny', 'deny-name': 'no-egress' },
    others: [deny('default-deny', '      - Ingress')],
    before: namespace,
    after: namespace + deny('no-egress', '      - Egress') + dns(kubeDns),
  },
  {
    name: 'where some pods are isolated, what opens nothing for them',
    risk: 'high',
    settings: { 'same-namespace': 'deny' },
    others: [deny('default', '      - Ingress').replace('{}', '{matchLabels: {app: db}}')],
    before: namespace,
    after: namespace + deny('default-deny', BOTH) + dns(kubeDns),
  },
]);

const policy = (spec: string, more = 'namespace: shop') => `apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: theirs, ${more}}
spec: ${spec}
`;
const found = (reason: RegExp, message = /no NetworkPolicy denies ingress and egress by default in shop/) => [
  { line: 1, message, reason },
];

itReports(addNetworkPolicy, [
  {
    name: 'a workload that names no namespace',
    manifest: workload(''),
    found: found(/^no namespace is written here/, /by default$/),
  },
  {
    name: 'the namespace default',
    manifest: workload('\n    namespace: default'),
    found: found(/^default is the namespace of all/, /in default$/),
  },
  {
    name: 'a namespace that another tool fills in',
    manifest: workload('\n    namespace: $NAMESPACE'),
    found: found(/^the namespace is filled in by another tool/, /by default$/),
  },
  {
    name: 'a Namespace that another tool names',
    manifest: manifest`
      apiVersion: v1
      kind: Namespace
      metadata:
        name: $NAMESPACE
    `,
    found: found(/^the namespace is filled in by another tool/, /by default$/),
  },
  {
    name: 'a policy of Cilium',
    manifest: namespace,
    others: ['apiVersion: cilium.io/v2\nkind: CiliumNetworkPolicy\nmetadata: {name: theirs, namespace: shop}\nspec: {}\n'],
    found: found(/^someone else's policy is there \(CiliumNetworkPolicy theirs in other-0.yaml:1\)/),
  },
  {
    name: 'a policy for the whole cluster',
    manifest: namespace,
    others: ['apiVersion: policy.networking.k8s.io/v1alpha1\nkind: AdminNetworkPolicy\nmetadata: {name: theirs}\nspec: {}\n'],
    found: found(/AdminNetworkPolicy theirs in other-0.yaml:1/),
  },
  {
    name: 'a policy that lets everything in',
    manifest: namespace,
    others: [policy('{podSelector: {}, ingress: [{}]}')],
    found: found(/^NetworkPolicy theirs in other-0.yaml:1 lets all traffic through/),
  },
  {
    name: 'a policy for some pods, which what lets all through would open',
    manifest: namespace,
    others: [policy('{podSelector: {matchLabels: {app: db}}, policyTypes: [Egress]}')],
    found: found(
      /through would let those of NetworkPolicy theirs in other-0.yaml:1 through as well; write egress of the others by hand$/,
    ),
  },
  {
    name: 'the same for ingress, where nothing need let all through',
    manifest: namespace,
    others: [policy('{podSelector: {matchLabels: {app: db}}, policyTypes: [Ingress]}')],
    found: found(/; write ingress of the others by hand, or set add-network-policy.same-namespace=deny$/),
  },
  ...['istio-system', 'linkerd'].map((name) => ({
    name: `the control plane of a mesh: ${name}`,
    manifest: namespace.replace('shop', name),
    found: found(/^the proxies of the whole mesh ask what is there/, new RegExp(`by default in ${name}$`)),
  })),
  {
    name: 'a policy for whatever another tool fills in',
    manifest: namespace,
    others: [policy('{podSelector: {matchLabels: $LABELS}}')],
    found: found(/filled in by another tool, and may be the default already/),
  },
  {
    name: 'names that are taken',
    manifest: namespace,
    settings: { 'same-namespace': 'deny' },
    others: [policy('{podSelector: {}}').replace('theirs', 'allow-dns')],
    found: found(/^NetworkPolicy allow-dns in other-0.yaml:1 has the name already/, /denies egress/),
  },
  {
    name: 'names that are one',
    manifest: namespace,
    settings: { 'dns-name': 'default-deny' },
    found: found(/would be called default-deny/),
  },
]);

itLeaves(addNetworkPolicy, [
  {
    name: 'a namespace in which all is denied by default',
    manifest: namespace,
    others: [policy('{podSelector: {}, policyTypes: [Ingress, Egress]}')],
  },
  {
    name: 'the same in two policies, with what each lets through',
    manifest: namespace,
    others: [
      policy('{policyTypes: [Ingress], ingress: [{from: [{podSelector: {}}]}]}'),
      policy('{podSelector: {matchLabels: {}}, policyTypes: [Egress]}'),
    ],
  },
  { name: 'a workload whose Namespace is elsewhere', manifest: inShop, others: [namespace] },
  { name: 'a workload that is not the first', manifest: inShop, others: [workload('\n    namespace: shop')] },
  { name: 'a workload that may be in the Namespace beside it', manifest: workload(''), others: [namespace] },
  { name: 'a system namespace', manifest: namespace.replace('shop', 'kube-system') },
]);
