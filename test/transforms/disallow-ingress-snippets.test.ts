import { disallowIngressSnippets } from '../../transforms/disallow-ingress-snippets.js';
import { itLeaves, itReports, manifest } from './harness.js';

const RUNS = /^nginx runs it as it is, so whoever writes an Ingress can read/;
const ALLOWS = /CVE-2021-25742/;

itReports(disallowIngressSnippets, [
  {
    name: 'every annotation whose value becomes configuration, without the value',
    manifest: manifest`
      apiVersion: networking.k8s.io/v1
      kind: Ingress
      metadata:
        name: shop
        annotations:
          nginx.ingress.kubernetes.io/ssl-redirect: "true"
          nginx.ingress.kubernetes.io/server-snippet: |
            location /x { return 403; }
          nginx.ingress.kubernetes.io/configuration-snippet: add_header x y;
          nginx.org/location-snippets: add_header x y;
    `,
    found: [
      { line: 7, message: /^nginx\.ingress\.kubernetes\.io\/server-snippet$/, reason: RUNS },
      { line: 9, message: /^nginx\.ingress\.kubernetes\.io\/configuration-snippet$/, reason: RUNS },
      { line: 10, message: /^nginx\.org\/location-snippets$/, reason: RUNS },
    ],
  },
  ...['auth', 'modsecurity', 'stream'].map((name) => ({
    name: `an Ingress of old, ${name}-snippet`,
    manifest: manifest`
      apiVersion: extensions/v1beta1
      kind: Ingress
      metadata: {name: shop, annotations: {nginx.ingress.kubernetes.io/${name}-snippet: x}}
    `,
    found: [{ line: 3, message: new RegExp(`/${name}-snippet$`), reason: RUNS }],
  })),
  {
    name: 'the ConfigMap that allows them',
    manifest: manifest`
      apiVersion: v1
      kind: ConfigMap
      metadata:
        name: ingress-nginx-controller
      data:
        proxy-body-size: 8m
        allow-snippet-annotations: "true"
    `,
    found: [{ line: 7, message: /^allow-snippet-annotations is on$/, reason: ALLOWS }],
  },
]);

function ingress(apiVersion: string, annotation: string): string {
  return manifest`
    apiVersion: ${apiVersion}
    kind: Ingress
    metadata:
      name: snippet
      annotations:
        ${annotation}
  `;
}

function config(value: string): string {
  return manifest`
    apiVersion: v1
    kind: ConfigMap
    metadata:
      name: ingress-nginx-controller
    data:
      allow-snippet-annotations: ${value}
  `;
}

itLeaves(disallowIngressSnippets, [
  { name: 'other annotations', manifest: ingress('networking.k8s.io/v1', 'nginx.ingress.kubernetes.io/proxy-body-size: 8m') },
  { name: 'annotations of somebody else', manifest: ingress('networking.k8s.io/v1', 'acme.com/configuration-snippet: x') },
  {
    name: 'no annotation at all',
    manifest: ingress('networking.k8s.io/v1', '{}').replace(/annotations:\n.*\n/, 'labels: {a: snippet}\n'),
  },
  { name: 'the ConfigMap that forbids them', manifest: config('"false"') },
  { name: 'a variable', manifest: config('"$(ALLOW_SNIPPETS)"') },
  { name: 'a ConfigMap without data', manifest: config('"true"').replace('\ndata:', '\nbinaryData:') },
]);
