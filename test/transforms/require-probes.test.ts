import { requireProbes } from '../../transforms/require-probes.js';
import { container, itLeaves, itReports, manifest, pod } from './harness.js';

const AUTHORS = /^write what shows that the program works/;

itReports(requireProbes, [
  {
    name: 'each container that lacks one or both',
    manifest: pod`
      containers:
        - name: both
          image: ghcr.io/acme/web:1
          readinessProbe: {tcpSocket: {port: 80}}
          livenessProbe: {tcpSocket: {port: 80}}
        - name: ready
          image: ghcr.io/acme/web:1
          readinessProbe: {tcpSocket: {port: 80}}
        - name: alive
          image: ghcr.io/acme/web:1
          livenessProbe: {tcpSocket: {port: 80}}
        - name: neither
          image: ghcr.io/acme/web:1
          startupProbe: {tcpSocket: {port: 80}}
          readinessProbe: null
    `,
    found: [
      { line: 19, message: /^no liveness probe$/, reason: AUTHORS },
      { line: 22, message: /^no readiness probe$/, reason: AUTHORS },
      { line: 25, message: /^no readiness and no liveness probe$/, reason: AUTHORS },
    ],
  },
  {
    name: 'a Pod that starts its containers again',
    manifest: manifest`
      apiVersion: v1
      kind: Pod
      metadata:
        name: web
      spec:
        containers:
          - name: web
            image: ghcr.io/acme/web:1
    `,
    found: [{ line: 7, message: /^no readiness and no liveness probe$/, reason: AUTHORS }],
  },
]);

function job(apiVersion: string, kind: string, more = ''): string {
  return manifest`
    apiVersion: ${apiVersion}
    kind: ${kind}
    metadata:
      name: web
    spec:
      ${more}
      containers: [{name: web, image: "ghcr.io/acme/web:1"}]
      template: {spec: {containers: [{name: web, image: "ghcr.io/acme/web:1"}]}}
      jobTemplate: {spec: {template: {spec: {containers: [{name: web, image: "ghcr.io/acme/web:1"}]}}}}
  `;
}

itLeaves(requireProbes, [
  {
    name: 'both probes, and what a variable may be',
    manifest: container`
      readinessProbe: {httpGet: {path: /ready, port: 80}}
      livenessProbe: "\${LIVENESS}"
    `,
  },
  {
    name: 'init containers and sidecars',
    manifest: pod`
      initContainers:
        - name: prepare
          image: ghcr.io/acme/web:1
        - name: proxy
          image: ghcr.io/acme/web:1
          restartPolicy: Always
      containers:
        - name: web
          image: ghcr.io/acme/web:1
          readinessProbe: {tcpSocket: {port: 80}}
          livenessProbe: {tcpSocket: {port: 80}}
    `,
  },
  { name: 'a Job', manifest: job('batch/v1', 'Job', 'parallelism: 1') },
  { name: 'a CronJob', manifest: job('batch/v1', 'CronJob', 'schedule: "@daily"') },
  { name: 'a Pod that ends', manifest: job('v1', 'Pod', 'restartPolicy: Never') },
  { name: 'a Pod that ends once it succeeds', manifest: job('v1', 'Pod', 'restartPolicy: OnFailure') },
  { name: 'a Knative Service, whose controller adds a probe', manifest: job('serving.knative.dev/v1', 'Service', 'traffic: []') },
]);
