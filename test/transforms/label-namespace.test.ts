import { labelNamespace } from '../../transforms/label-namespace.js';
import { itFixes, itLeaves, itReports, manifest } from './harness.js';

const RESTRICTED = deployment(
  'web',
  `
      securityContext: {runAsNonRoot: true, seccompProfile: {type: RuntimeDefault}}
      containers:
        - name: web
          image: ghcr.io/acme/web:1
          securityContext: {allowPrivilegeEscalation: false, capabilities: {drop: [ALL]}}
`,
);
const BASELINE = deployment('api', '\n      containers: [{name: api, image: "ghcr.io/acme/api:1"}]\n');
const PRIVILEGED = deployment(
  'agent',
  '\n      hostPID: true\n      containers: [{name: agent, image: "ghcr.io/acme/agent:1"}]\n',
);

function deployment(name: string, spec: string, namespace = 'shop'): string {
  return `apiVersion: apps/v1
kind: Deployment
metadata: {name: ${name}, namespace: ${namespace}}
spec:
  selector: {matchLabels: {app: ${name}}}
  template:
    metadata: {labels: {app: ${name}}}
    spec:${spec}`;
}

/** A Namespace with these labels, in order. */
function shop(labels: Readonly<Record<string, string>> = {}): string {
  const lines = Object.entries(labels).map(([key, value]) => `    ${key}: ${value}\n`);
  return `apiVersion: v1\nkind: Namespace\nmetadata:\n  name: shop # all of it\n${lines.length > 0 ? '  labels:\n' : ''}${lines.join('')}`;
}

const PSS = 'pod-security.kubernetes.io/';

/** Labels of these modes, without versions. */
function levels(modes: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(modes).map(([mode, value]) => [`${PSS}${mode}`, value]));
}

/** Labels that tell of a level. */
function told(level: string, version = 'latest'): Record<string, string> {
  return levels({ audit: level, 'audit-version': version, warn: level, 'warn-version': version });
}

itFixes(labelNamespace, [
  { name: 'all at restricted', risk: 'low', others: [RESTRICTED], before: shop(), after: shop(told('restricted')) },
  { name: 'one at baseline', risk: 'low', others: [RESTRICTED, BASELINE], before: shop(), after: shop(told('baseline')) },
  {
    name: 'a workload that names no namespace, in the same folder',
    risk: 'low',
    others: [BASELINE.replace(', namespace: shop', '')],
    before: shop(),
    after: shop(told('baseline')),
  },
  {
    name: 'others in other namespaces',
    risk: 'low',
    others: [RESTRICTED, PRIVILEGED.replace('namespace: shop', 'namespace: node')],
    before: shop(),
    after: shop(told('restricted')),
  },
  {
    name: 'a version that is asked for, by whose rules it counts',
    risk: 'low',
    // The check of probes is not part of v1.30.
    others: [RESTRICTED.replace('image: ', 'livenessProbe: {httpGet: {host: 10.0.0.1, port: 80}}\n          image: ')],
    settings: { version: 'v1.30' },
    before: shop(),
    after: shop(told('restricted', 'v1.30')),
  },
  {
    name: 'between labels that are sorted',
    risk: 'low',
    others: [BASELINE],
    before: shop({ app: 'shop', 'kubernetes.io/metadata.name': 'shop', team: 'web' }),
    after: shop({ app: 'shop', 'kubernetes.io/metadata.name': 'shop', ...told('baseline'), team: 'web' }),
  },
  {
    name: 'labels before the annotations',
    risk: 'low',
    others: [BASELINE],
    before: manifest`
      apiVersion: v1
      kind: Namespace
      metadata:
        name: shop
        annotations:
          owner: web
    `,
    after: manifest`
      apiVersion: v1
      kind: Namespace
      metadata:
        name: shop
        labels:
          pod-security.kubernetes.io/audit: baseline
          pod-security.kubernetes.io/audit-version: latest
          pod-security.kubernetes.io/warn: baseline
          pod-security.kubernetes.io/warn-version: latest
        annotations:
          owner: web
    `,
  },
  {
    name: 'the one that is missing, whatever the other says',
    risk: 'low',
    others: [BASELINE],
    before: shop(levels({ warn: 'restricted', team: 'web' })),
    after: shop({ ...levels({ audit: 'baseline', 'audit-version': 'latest', warn: 'restricted', team: 'web' }) }),
  },
  {
    name: 'a level beside a version that someone wrote',
    risk: 'low',
    others: [RESTRICTED],
    before: shop(levels({ audit: 'restricted', 'warn-version': 'v1.30' })),
    after: shop(levels({ audit: 'restricted', warn: 'restricted', 'warn-version': 'v1.30' })),
  },
  {
    name: 'weaker ones that someone wrote',
    risk: 'high',
    others: [RESTRICTED],
    before: shop(told('baseline')),
    after: shop(told('restricted')),
  },
  {
    name: 'a level that there is not',
    risk: 'high',
    others: [RESTRICTED],
    before: shop(levels({ audit: 'strict', warn: 'restricted' })),
    after: shop(levels({ audit: 'restricted', warn: 'restricted' })),
  },
  {
    name: 'a version that there is not, whatever the level',
    risk: 'high',
    before: shop(levels({ audit: 'restricted', warn: 'restricted', 'warn-version': '1.31' })),
    after: shop(levels({ audit: 'restricted', warn: 'restricted', 'warn-version': 'latest' })),
  },
  {
    name: 'a version that there is not, without a level',
    risk: 'high',
    others: [RESTRICTED],
    before: shop(levels({ audit: 'restricted', 'warn-version': 'v1.031' })),
    after: shop(levels({ audit: 'restricted', warn: 'restricted', 'warn-version': 'latest' })),
  },
  {
    name: 'enforce, when asked',
    risk: 'high',
    others: [BASELINE],
    settings: { enforce: 'reached' },
    before: shop(told('baseline')),
    after: shop(
      levels({
        audit: 'baseline',
        'audit-version': 'latest',
        enforce: 'baseline',
        'enforce-version': 'latest',
        warn: 'baseline',
        'warn-version': 'latest',
      }),
    ),
  },
  {
    name: 'a weaker enforce, when asked',
    risk: 'high',
    others: [RESTRICTED],
    settings: { enforce: 'reached' },
    before: shop(levels({ audit: 'restricted', enforce: 'baseline', warn: 'restricted' })),
    after: shop(levels({ audit: 'restricted', enforce: 'restricted', warn: 'restricted' })),
  },
]);

const NONE = /lacks the Pod Security labels audit, warn/;

itReports(labelNamespace, [
  {
    name: 'what reaches no level, three by name',
    others: [
      PRIVILEGED,
      PRIVILEGED.replaceAll('agent', 'b'),
      PRIVILEGED.replaceAll('agent', 'c'),
      PRIVILEGED.replaceAll('agent', 'd'),
    ],
    manifest: shop(),
    found: [
      {
        line: 1,
        message: NONE,
        reason: /^below baseline: Deployment agent in other-0.yaml:1 \(host namespaces\), .* b .*, .* c .* and 1 more$/,
      },
    ],
  },
  {
    name: 'nothing in it',
    others: [RESTRICTED.replace('namespace: shop', 'namespace: web')],
    manifest: shop(),
    found: [{ line: 1, message: NONE, reason: /no workload in these files is in it/ }],
  },
  {
    name: 'a chart of Flux',
    others: [
      RESTRICTED,
      'apiVersion: helm.toolkit.fluxcd.io/v2\nkind: HelmRelease\nmetadata: {name: db, namespace: flux-system}\nspec: {targetNamespace: shop}\n',
    ],
    manifest: shop(),
    found: [{ line: 1, message: NONE, reason: /HelmRelease db in other-1.yaml:1 \(a chart is not among these files\)/ }],
  },
  {
    name: 'a custom resource whose pods an operator makes',
    others: [
      RESTRICTED,
      'apiVersion: monitoring.coreos.com/v1\nkind: Prometheus\nmetadata: {name: p, namespace: shop}\nspec: {replicas: 1}\n',
    ],
    manifest: shop(),
    found: [{ line: 1, message: NONE, reason: /Prometheus p in other-1.yaml:1 \(a custom resource/ }],
  },
  {
    name: 'a file that is broken',
    others: [RESTRICTED, 'kind: Deployment\nmetadata: {namespace: shop\n'],
    manifest: shop(),
    found: [{ line: 1, message: NONE, reason: /cannot be told: other-1.yaml \(line \d/ }],
  },
  {
    name: 'a value that no API server reads',
    others: [RESTRICTED.replace('runAsNonRoot: true', 'runAsNonRoot: "$NON_ROOT"')],
    manifest: shop(),
    found: [{ line: 1, message: NONE, reason: /web in other-0.yaml:1 \(unreadable\)/ }],
  },
  {
    name: 'keys that another tool fills in',
    others: [RESTRICTED.replace('{runAsNonRoot: true', '{"$MORE": 1, runAsNonRoot: true')],
    manifest: shop(),
    found: [{ line: 1, message: NONE, reason: /web in other-0.yaml:1 \(another tool fills in some of its keys\)/ }],
  },
  {
    name: 'a name that another tool fills in',
    others: [RESTRICTED],
    manifest: shop().replace('shop', '$NAME'),
    found: [{ line: 1, message: NONE, reason: /nothing here tells its name/ }],
  },
  {
    name: 'an enforce that some pods do not pass',
    others: [BASELINE],
    manifest: shop(levels({ enforce: 'restricted' })),
    found: [{ line: 1, message: NONE, reason: /^enforce: restricted is stricter, and refuses some of its pods; .*api/ }],
  },
  {
    name: 'an invalid enforce',
    others: [RESTRICTED],
    manifest: shop(levels({ audit: 'restricted', enforce: 'all', warn: 'restricted' })),
    found: [{ line: 7, message: /^enforce: Kubernetes takes/, reason: /for a person to say/ }],
  },
]);

itLeaves(labelNamespace, [
  { name: 'labels at the level', others: [BASELINE], manifest: shop(told('baseline')) },
  { name: 'stricter ones', others: [PRIVILEGED], manifest: shop(told('restricted')) },
  { name: 'labels, and nothing in it', manifest: shop(levels({ audit: 'privileged', warn: 'baseline' })) },
  {
    name: 'a level without a version, which means latest',
    others: [RESTRICTED],
    manifest: shop(levels({ audit: 'restricted', warn: 'restricted' })),
  },
  {
    name: 'a weaker enforce, unasked',
    others: [RESTRICTED],
    manifest: shop({ ...levels({ enforce: 'baseline' }), ...told('restricted') }),
  },
  {
    name: 'what OpenShift keeps',
    others: [RESTRICTED],
    manifest: shop({ 'security.openshift.io/scc.podSecurityLabelSync': '"true"' }),
  },
  {
    name: 'labels that another tool fills in',
    others: [RESTRICTED],
    manifest: 'apiVersion: v1\nkind: Namespace\nmetadata:\n  name: shop\n  labels: $LABELS\n',
  },
  {
    name: 'levels that another tool fills in',
    others: [RESTRICTED],
    manifest: shop(levels({ audit: '$LEVEL', warn: '$LEVEL' })),
  },
]);
