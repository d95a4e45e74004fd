import { expect, it } from 'vitest';
import { requireMutualTls } from '../../transforms/require-mutual-tls.js';
import { findIn } from '../network/created.js';
import { itCreates, itFixes, itLeaves, itReports, manifest } from './harness.js';

const namespace = (labels: string) => manifest`
  apiVersion: v1
  kind: Namespace
  metadata:
    name: shop # ours
    labels:
      ${labels}
`;
const policy = (spec: string, namespace = 'shop', name = 'theirs') => `apiVersion: security.istio.io/v1
kind: PeerAuthentication
metadata:
  name: ${name}
  namespace: ${namespace}
spec:
${spec}`;
const mode = (mode: string) => `  mtls:\n    mode: ${mode} # for now\n`;
const selector = '  selector: {matchLabels: {app: web}}\n';
const strict = (version = 'v1') => manifest`
  ---
  apiVersion: security.istio.io/${version}
  kind: PeerAuthentication
  metadata:
    name: default
    namespace: shop
  spec:
    mtls:
      mode: STRICT
`;
const pod = manifest`
  apiVersion: v1
  kind: Pod
  metadata:
    name: web
    namespace: shop
  spec:
    containers:
      - name: web
        image: ghcr.io/acme/web:1
`;
const rules = (version = 'v1') =>
  `apiVersion: security.istio.io/${version}\nkind: AuthorizationPolicy\nmetadata: {name: x, namespace: shop}\nspec: {}\n`;

itFixes(requireMutualTls, [
  { name: 'PERMISSIVE', risk: 'high', before: policy(mode('PERMISSIVE')), after: policy(mode('STRICT')) },
  {
    name: 'DISABLE for some workloads',
    risk: 'high',
    before: policy(selector + mode('DISABLE')),
    after: policy(selector + mode('STRICT')),
  },
  {
    name: 'no mode in what is for the whole namespace',
    risk: 'high',
    before: policy('  mtls: {}\n'),
    after: policy('  mtls:\n    mode: STRICT\n'),
  },
  {
    name: 'the default of the mesh',
    risk: 'high',
    before: policy(mode('UNSET'), 'istio-system'),
    after: policy(mode('STRICT'), 'istio-system'),
  },
]);

itCreates(requireMutualTls, [
  {
    name: 'the default of a namespace with sidecars',
    risk: 'high',
    before: namespace('istio-injection: enabled'),
    after: namespace('istio-injection: enabled') + strict(),
  },
  {
    name: 'of one in an ambient mesh',
    risk: 'high',
    before: namespace('istio.io/dataplane-mode: ambient'),
    after: namespace('istio.io/dataplane-mode: ambient') + strict(),
  },
  {
    name: 'of one with a revision, although some workloads have their own',
    risk: 'high',
    others: [policy(selector + mode('STRICT'))],
    before: namespace('istio.io/rev: stable'),
    after: namespace('istio.io/rev: stable') + strict(),
  },
  {
    name: 'beside a workload, where an object of Istio’s is there, in its version',
    risk: 'high',
    others: [rules('v1beta1')],
    before: pod,
    after: pod + strict('v1beta1'),
  },
]);

const service = {
  apiVersion: 'v1',
  kind: 'Service',
  metadata: { name: 'web', namespace: 'shop' },
  spec: { type: 'LoadBalancer', ports: [{ port: 80 }] },
};
const meshed = { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'shop', labels: { 'istio-injection': 'enabled' } } };
const permissive = (namespace: string) => ({
  apiVersion: 'security.istio.io/v1',
  kind: 'PeerAuthentication',
  metadata: { name: 'default', namespace },
  spec: { mtls: { mode: 'PERMISSIVE' } },
});
const AT_RISK = 'clients without a proxy are refused; from elsewhere come Service web (LoadBalancer, to port 80)';

it.each([
  ['a new policy', meshed, ['Istio is in use (the label istio-injection: enabled)', AT_RISK]],
  ['one that is there', permissive('shop'), ['someone wrote it', AT_RISK]],
  [
    'that of the mesh',
    permissive('istio-system'),
    ['someone wrote it', 'it is for the whole mesh', 'clients without a proxy are refused'],
  ],
])('names who may be refused: %s', (_, object, evidence) => {
  expect(findIn(requireMutualTls, [object, service]).map((found) => found.evidence)).toEqual([evidence.join('; ')]);
});

itReports(requireMutualTls, [
  {
    name: 'exceptions for ports',
    manifest: policy(`${selector}${mode('STRICT')}  portLevelMtls:\n    8080: {mode: DISABLE}\n    9090: {mode: STRICT}\n`),
    found: [
      { line: 11, message: /^takes plain text at port 8080: mtls.mode is DISABLE$/, reason: /a client that somebody knows/ },
    ],
  },
  {
    name: 'the root namespace',
    manifest: namespace('istio-injection: enabled').replace('shop', 'istio-system'),
    found: [{ line: 1, message: /in istio-system$/, reason: /^in the root namespace it is for the whole mesh/ }],
  },
  {
    name: 'a name that is taken',
    manifest: namespace('istio-injection: enabled'),
    others: [policy(selector + mode('STRICT'), 'shop', 'default')],
    found: [
      {
        line: 1,
        message: /^no PeerAuthentication/,
        reason: /^PeerAuthentication default in other-0.yaml:1 has the name already/,
      },
    ],
  },
  {
    name: 'a mode that another tool fills in',
    manifest: policy(mode('$MODE')),
    found: [{ line: 8, message: /^takes plain text: mtls.mode is \$MODE$/, reason: /filled in by another tool/ }],
  },
]);

itLeaves(requireMutualTls, [
  { name: 'STRICT', manifest: policy(mode('STRICT')) },
  {
    name: 'some workloads without a mode, for which that of the namespace holds',
    manifest: policy(`${selector}  mtls: {mode: UNSET}\n`),
  },
  {
    name: 'no mode where the mesh demands it',
    manifest: policy('  mtls: {}\n'),
    others: [policy(mode('STRICT'), 'istio-system')],
  },
  {
    name: 'a namespace that has a default',
    manifest: namespace('istio-injection: enabled'),
    others: [policy(mode('PERMISSIVE'))],
  },
  {
    name: 'a namespace of a mesh that demands it',
    manifest: namespace('istio-injection: enabled'),
    others: [policy(mode('STRICT'), 'istio-system')],
  },
  { name: 'a namespace without Istio', manifest: namespace('team: shop') },
  { name: 'a namespace that is left out', manifest: namespace('istio-injection: disabled'), others: [rules()] },
  {
    name: 'what only a gateway heeds',
    manifest: namespace('team: shop'),
    others: ['apiVersion: networking.istio.io/v1\nkind: VirtualService\nmetadata: {name: x, namespace: shop}\nspec: {}\n'],
  },
  { name: 'a workload without Istio', manifest: pod },
]);
