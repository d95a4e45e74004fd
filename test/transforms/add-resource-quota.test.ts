import { addResourceQuota } from '../../transforms/add-resource-quota.js';
import { itCreates, itLeaves, itReports, manifest } from './harness.js';

const namespace = manifest`
  apiVersion: v1
  kind: Namespace
  metadata:
    name: shop # ours
`;
const web = (resources: string, more = 'replicas: 3') => `apiVersion: apps/v1
kind: Deployment
metadata: {name: web, namespace: shop}
spec:
  ${more}
  selector: {matchLabels: {app: web}}
  template:
    metadata: {labels: {app: web}}
    spec:
      containers: [{name: web, image: ghcr.io/acme/web:1, resources: ${resources}}]
      initContainers: [{name: init, image: ghcr.io/acme/web:1, resources: ${resources}}]
`;
const quota = (hard: string, name = 'compute-resources') => `---
apiVersion: v1
kind: ResourceQuota
metadata:
  name: ${name}
  namespace: shop
spec:
  hard:
${hard}`;
const limits = (item: string) => `apiVersion: v1
kind: LimitRange
metadata: {name: x, namespace: shop}
spec: {limits: [${item}]}
`;

itCreates(addResourceQuota, [
  {
    name: 'what is set',
    risk: 'high',
    settings: { 'requests-cpu': '4', 'requests-memory': '8Gi', 'limits-cpu': '500m', 'limits-memory': '16Gi', pods: 20 },
    before: namespace,
    after:
      namespace +
      quota('    requests.cpu: "4"\n    requests.memory: 8Gi\n    limits.cpu: 500m\n    limits.memory: 16Gi\n    pods: "20"\n'),
  },
  {
    name: 'just what the workloads add up to, with the pod that a rollout adds',
    risk: 'high',
    settings: { 'requests-cpu': '400m', pods: 4, name: 'quota' },
    others: [web('{requests: {cpu: 100m}}')],
    before: namespace,
    after: namespace + quota('    requests.cpu: 400m\n    pods: "4"\n', 'quota'),
  },
  {
    name: 'one pod after the other',
    risk: 'high',
    settings: { 'requests-cpu': '300m' },
    others: [web('{limits: {cpu: 100m}}', 'replicas: 3\n  strategy: {type: Recreate}')],
    before: namespace,
    after: namespace + quota('    requests.cpu: 300m\n'),
  },
  {
    name: 'where a pod as a whole states what is counted',
    risk: 'high',
    settings: { 'requests-cpu': '8' },
    others: [web('{}').replace('containers:', 'resources: {requests: {cpu: 2}}\n      containers:')],
    before: namespace,
    after: namespace + quota('    requests.cpu: "8"\n'),
  },
  {
    name: 'where a LimitRange fills in what is missing',
    risk: 'high',
    settings: { 'limits-memory': '8Gi' },
    others: [web('{}'), limits('{type: Container, default: {memory: 1Gi}}')],
    before: namespace,
    after: namespace + quota('    limits.memory: 8Gi\n'),
  },
]);

const found = (reason: RegExp) => [{ line: 1, message: /^no ResourceQuota/, reason }];

itReports(addResourceQuota, [
  {
    name: 'that nobody says how much',
    manifest: namespace,
    others: [web('{requests: {cpu: 150m, memory: 1Gi}, limits: {memory: 1.5Gi}}')],
    found: found(/add up to at least requests.cpu 600m, requests.memory 4Gi, limits.memory 6Gi, 4 pods; set add-resource-quota/),
  },
  {
    name: 'the same without workloads',
    manifest: namespace,
    found: found(/no workload of it is in the files; set add-resource-quota/),
  },
  {
    name: 'less than the workloads state',
    manifest: namespace,
    settings: { 'requests-cpu': '399m' },
    others: [web('{requests: {cpu: 100m}}')],
    found: found(/add up to requests.cpu 400m; set more$/),
  },
  {
    name: 'fewer pods than the workloads have',
    manifest: namespace,
    settings: { pods: 5 },
    others: [web('{}', 'replicas: 5\n  strategy: {rollingUpdate: {maxSurge: 2}}')],
    found: found(/are 7 pods at one time/),
  },
  {
    name: 'a workload that states nothing',
    manifest: namespace,
    settings: { 'limits-cpu': '4' },
    others: [web('{requests: {cpu: 100m}}')],
    found: found(/^Deployment web in other-0.yaml:1 states no limits.cpu, so its pods would be refused/),
  },
  {
    name: 'one that states what another tool fills in',
    manifest: namespace,
    settings: { 'requests-cpu': '4' },
    others: [web('{requests: {cpu: $CPU}}')],
    found: found(/states no requests.cpu/),
  },
  {
    name: 'less than what a LimitRange fills in',
    manifest: namespace,
    settings: { 'limits-memory': '3Gi' },
    others: [web('{}'), limits('{type: Container, default: {memory: 1Gi}}')],
    found: found(/add up to limits.memory 4Gi, with what LimitRange x in other-1.yaml:1 fills in; set more$/),
  },
  {
    name: 'a container that starts beside the sidecars before it',
    manifest: namespace,
    settings: { 'requests-cpu': '5' },
    others: [
      web('{requests: {cpu: 100m}}', 'replicas: 1\n  strategy: {type: Recreate}').replace(
        'initContainers: [',
        `initContainers: [{name: proxy, image: "a:1", restartPolicy: Always, resources: {requests: {cpu: 3}}},
          {name: load, image: "a:1", resources: {requests: {cpu: 4}}}, `,
      ),
    ],
    found: found(/add up to requests.cpu 7; set more$/),
  },
  {
    name: 'what is stated for a pod as a whole',
    manifest: namespace,
    settings: { 'requests-cpu': '5' },
    others: [web('{requests: {cpu: 100m}}').replace('containers:', 'resources: {requests: {cpu: 2}}\n      containers:')],
    found: found(/add up to requests.cpu 8; set more$/),
  },
  {
    name: 'the namespace default',
    manifest: namespace.replace('shop', 'default'),
    settings: { pods: 9 },
    found: found(/^default is the namespace of all/),
  },
]);

itLeaves(addResourceQuota, [
  {
    name: 'a namespace that has one',
    manifest: namespace,
    settings: { pods: 9 },
    others: [quota('    pods: 1\n').replace('---\n', '')],
  },
  { name: 'a system namespace', manifest: namespace.replace('shop', 'kube-system'), settings: { pods: 9 } },
]);
