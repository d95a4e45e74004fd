import { restrictLoadBalancer } from '../../transforms/restrict-load-balancer.js';
import { itFixes, itLeaves, itReports } from './harness.js';

const service = (spec: string, annotations = '') => `apiVersion: v1
kind: Service
metadata:
  name: web
  namespace: shop${annotations === '' ? '' : `\n  annotations: {${annotations}}`}
spec:
  type: LoadBalancer
  selector: {app: web}
  ports:
    - port: 80 # http
${spec}`;
const ranges = { ranges: ['203.0.113.0/24', '2001:db8::/32'] };
const restricted = '  loadBalancerSourceRanges: ["203.0.113.0/24", "2001:db8::/32"]\n';

itFixes(restrictLoadBalancer, [
  { name: 'a Service that says nothing', risk: 'high', settings: ranges, before: service(''), after: service(restricted) },
  {
    name: 'an empty list',
    risk: 'high',
    settings: ranges,
    before: service('  loadBalancerSourceRanges: []\n'),
    after: service('  loadBalancerSourceRanges: ["203.0.113.0/24", "2001:db8::/32"]\n'),
  },
  {
    name: 'an annotation that says that it is not internal',
    risk: 'high',
    settings: { ranges: ['10.0.0.0/8'] },
    before: service('', 'service.beta.kubernetes.io/azure-load-balancer-internal: "false"'),
    after: service(
      '  loadBalancerSourceRanges: ["10.0.0.0/8"]\n',
      'service.beta.kubernetes.io/azure-load-balancer-internal: "false"',
    ),
  },
]);

const found = (line: number, reason: RegExp, message = /^everybody reaches it: no loadBalancerSourceRanges$/) => [
  { line, message, reason },
];

itReports(restrictLoadBalancer, [
  ...['scheme: internet-facing', 'internal: "false"'].map((says) => ({
    name: `a load balancer of AWS that says ${says}`,
    manifest: service('', `X-type: external, X-${says}`.replaceAll('X', 'service.beta.kubernetes.io/aws-load-balancer')),
    found: found(1, /set restrict-load-balancer.ranges/),
  })),
  { name: 'what nobody set', manifest: service(''), found: found(1, /set restrict-load-balancer.ranges, or make it internal/) },
  {
    name: 'all addresses that someone wrote',
    manifest: service('  loadBalancerSourceRanges:\n    - 10.0.0.0/8\n    - 0.0.0.0/0\n'),
    settings: ranges,
    found: found(11, /^someone wrote it/, /^everybody reaches it: 0\.0\.0\.0\/0$/),
  },
  {
    name: 'all addresses of IPv6 in the annotation',
    manifest: service('', 'service.beta.kubernetes.io/load-balancer-source-ranges: "10.0.0.0/8, ::/0"'),
    settings: ranges,
    found: found(6, /^someone wrote it/, /^everybody reaches it: ::\/0$/),
  },
  {
    name: 'ranges in the words of a cloud',
    manifest: service('', 'service.beta.kubernetes.io/azure-allowed-service-tags: AzureFrontDoor.Backend'),
    settings: ranges,
    found: found(1, /azure-allowed-service-tags is there/),
  },
  {
    name: 'a controller of one’s own',
    manifest: service('  loadBalancerClass: example.com/lb\n'),
    settings: ranges,
    found: found(1, /of a controller that need not heed ranges/),
  },
]);

itLeaves(restrictLoadBalancer, [
  { name: 'the class of AWS, internal by default', manifest: service('  loadBalancerClass: service.k8s.aws/nlb\n') },
  { name: 'ranges', manifest: service(restricted), settings: { ranges: ['10.0.0.0/8'] } },
  {
    name: 'ranges in the annotation',
    manifest: service('', 'service.beta.kubernetes.io/load-balancer-source-ranges: 10.0.0.0/8'),
  },
  {
    name: 'ranges that win over the annotation',
    manifest: service(restricted, 'service.beta.kubernetes.io/load-balancer-source-ranges: 0.0.0.0/0'),
  },
  ...[
    'service.beta.kubernetes.io/aws-load-balancer-scheme: internal',
    'service.beta.kubernetes.io/aws-load-balancer-internal: "true"',
    'service.beta.kubernetes.io/aws-load-balancer-internal: 0.0.0.0/0',
    'networking.gke.io/load-balancer-type: Internal',
    'cloud.google.com/load-balancer-type: Internal',
    'service.beta.kubernetes.io/azure-load-balancer-internal: "true"',
    'service.beta.kubernetes.io/oci-load-balancer-internal: "true"',
    'load-balancer.hetzner.cloud/disable-public-network: "true"',
    'service.beta.kubernetes.io/aws-load-balancer-type: external',
    'service.beta.kubernetes.io/aws-load-balancer-type: nlb-ip',
    'networking.gke.io/load-balancer-type: $TYPE',
  ].map((annotation) => ({ name: annotation, manifest: service('', annotation), settings: ranges })),
  { name: 'a Service of the cluster', manifest: service('').replace('LoadBalancer', 'ClusterIP'), settings: ranges },
  {
    name: 'ranges that another tool fills in',
    manifest: service('', 'service.beta.kubernetes.io/load-balancer-source-ranges: $RANGES'),
  },
]);
