import { addLimitRange } from '../../transforms/add-limit-range.js';
import { itCreates, itLeaves, itReports, manifest } from './harness.js';

const namespace = manifest`
  apiVersion: v1
  kind: Namespace
  metadata:
    name: shop # ours
`;
const pod = (resources: string, pod = '', namespace = 'shop') => `apiVersion: v1
kind: Pod
metadata:
  name: web
  namespace: ${namespace}
spec:
  containers:
    - name: web
      image: ghcr.io/acme/web:1
      resources: ${resources}
${pod}`;
const range = (limit: string, request = 'cpu: 100m memory: 128Mi', name = 'container-defaults') => {
  const [, ...values] = /cpu: (\S+) memory: (\S+)/.exec(limit) ?? [];
  const [, ...requests] = /cpu: (\S+) memory: (\S+)/.exec(request) ?? [];
  return `---
apiVersion: v1
kind: LimitRange
metadata:
  name: ${name}
  namespace: shop
spec:
  limits:
    - type: Container
      default:
        cpu: ${values[0]}
        memory: ${values[1]}
      defaultRequest:
        cpu: ${requests[0]}
        memory: ${requests[1]}
`;
};

itCreates(addLimitRange, [
  { name: 'the usual numbers', risk: 'high', before: namespace, after: namespace + range('cpu: 500m memory: 256Mi') },
  {
    name: 'beside the first workload where there is no Namespace',
    risk: 'high',
    before: pod('{limits: {cpu: 2, memory: 1Gi}}'),
    after: pod('{limits: {cpu: 2, memory: 1Gi}}') + range('cpu: 500m memory: 256Mi'),
  },
  {
    name: 'a limit that no request in the namespace is above',
    risk: 'high',
    others: [pod('{requests: {cpu: 1500m, memory: 64Mi}, limits: {memory: 4Gi}}')],
    before: namespace,
    after: namespace + range('cpu: 1500m memory: 256Mi'),
  },
  {
    name: 'the highest request where a container states neither, which may take it over',
    risk: 'high',
    others: [
      pod('{requests: {memory: 3Gi}, limits: {memory: 4Gi}}'),
      pod('{requests: {cpu: 10m}}').replace('name: web', 'name: job'),
    ],
    before: namespace,
    after: namespace + range('cpu: 500m memory: 3Gi'),
  },
  {
    name: 'requests of another namespace do not count',
    risk: 'high',
    others: [pod('{requests: {cpu: 8, memory: 64Gi}}', '', 'data')],
    before: namespace,
    after: namespace + range('cpu: 500m memory: 256Mi'),
  },
  {
    name: 'what is set, and a limit that is no lower than the request',
    risk: 'high',
    settings: { 'cpu-request': '750m', 'memory-request': '64Mi', 'memory-limit': '1G', name: 'limits' },
    before: namespace,
    after: namespace + range('cpu: 750m memory: 1G', 'cpu: 750m memory: 64Mi', 'limits'),
  },
]);

const found = (reason: RegExp) => [{ line: 1, message: /^no LimitRange gives defaults to containers/, reason }];

itReports(addLimitRange, [
  { name: 'no namespace', manifest: pod('{}').replace('  namespace: shop\n', ''), found: found(/^no namespace is written here/) },
  { name: 'the namespace default', manifest: pod('{}', '', 'default'), found: found(/^default is the namespace of all/) },
  {
    name: 'resources of a pod as a whole',
    manifest: namespace,
    others: [pod('{}', '  resources: {limits: {cpu: 1}}\n')],
    found: found(/^Pod web in other-0.yaml:1 states resources for the pod as a whole/),
  },
  {
    name: 'a request that another tool fills in',
    manifest: namespace,
    others: [pod('{requests: {cpu: $CPU}}')],
    found: found(/^the requests of Pod web in other-0.yaml:1 are filled in by another tool/),
  },
  {
    name: 'a LimitRange that says nothing of containers',
    manifest: namespace,
    others: [
      'apiVersion: v1\nkind: LimitRange\nmetadata: {name: claims, namespace: shop}\nspec: {limits: [{type: PersistentVolumeClaim}]}\n',
    ],
    found: found(/^LimitRange claims in other-0.yaml:1 is there without them/),
  },
]);

itLeaves(addLimitRange, [
  { name: 'a namespace that has one', manifest: namespace, others: [range('cpu: 1 memory: 1Gi').replace('---\n', '')] },
  {
    name: 'one that only says the most',
    manifest: namespace,
    others: [
      'apiVersion: v1\nkind: LimitRange\nmetadata: {name: max, namespace: shop}\nspec: {limits: [{type: Container, max: {cpu: 4}}]}\n',
    ],
  },
  { name: 'a system namespace', manifest: namespace.replace('shop', 'kube-system') },
  { name: 'a workload whose Namespace is elsewhere', manifest: pod('{}'), others: [namespace] },
]);
