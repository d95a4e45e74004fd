import { describe, expect, it } from 'vitest';
import type { Risk } from '../../src/core/finding.js';
import type { JsonObject } from '../../src/core/json.js';
import { createSession } from '../../src/session.js';
import { fc } from '../fc.js';

/*
 * What kubemend wrote into one workload is no evidence for another: a run that was stopped half-way, and the one after it, give what
 * one whole run gives.
 */

type Files = ReadonlyMap<string, string>;

function fix(files: Files, maxRisk: Risk): Map<string, string> {
  const session = createSession({ maxRisk, forecast: [] });
  for (const [path, text] of files) session.survey(path, text);
  return new Map([...files].map(([path, text]) => [path, session.fix(path, text).text]));
}

const quantities = fc.record(
  { cpu: fc.constantFrom('10m', '100m', '2'), memory: fc.constantFrom('32Mi', '128Mi', '2Gi') },
  { requiredKeys: [] },
);

const securityContext = fc.record(
  {
    runAsUser: fc.constantFrom(0, 999, 1000, 65535),
    runAsGroup: fc.constantFrom(0, 1000),
    runAsNonRoot: fc.boolean(),
    privileged: fc.constantFrom(true, false),
    allowPrivilegeEscalation: fc.boolean(),
    readOnlyRootFilesystem: fc.boolean(),
    capabilities: fc.record(
      { drop: fc.constantFrom(['ALL'], ['NET_RAW']), add: fc.constantFrom(['CHOWN'], ['NET_BIND_SERVICE'], ['SYS_TIME']) },
      { requiredKeys: [] },
    ),
  },
  { requiredKeys: [] },
);

const container = fc.record(
  {
    name: fc.constant('a'),
    image: fc.constantFrom(
      'acme.dev/web:1',
      'acme.dev/web:1',
      'redis:7',
      'nginx:1.27',
      'registry.k8s.io/pause:3.9',
      'grafana/grafana:11.0.0',
    ),
    command: fc.constantFrom(['/web'], ['sh', '-c', 'chown 1 /data; exec /web']),
    args: fc.constantFrom(['serve'], ['--kubeconfig=/x']),
    ports: fc.constantFrom([{ containerPort: 80 }], [{ containerPort: 8080 }]),
    volumeMounts: fc.constantFrom(
      [{ name: 'empty', mountPath: '/cache' }],
      [{ name: 'empty', mountPath: '/tmp' }],
      [{ name: 'host', mountPath: '/var/log' }],
      [{ name: 'claim', mountPath: '/data' }],
    ),
    securityContext,
    resources: fc.record({ requests: quantities, limits: quantities }, { requiredKeys: [] }),
  },
  { requiredKeys: ['name', 'image'] },
);

const podSpec = fc.record(
  {
    automountServiceAccountToken: fc.boolean(),
    serviceAccountName: fc.constantFrom('web', 'default'),
    hostNetwork: fc.boolean(),
    securityContext: fc.record(
      // Where a container says 0 beneath another user, which of the two numbers was meant is gone once the 0 is.
      { runAsNonRoot: fc.boolean(), runAsUser: fc.constant(0), fsGroup: fc.constant(2000) },
      { requiredKeys: [] },
    ),
    containers: fc.uniqueArray(container, { minLength: 1, maxLength: 2, selector: ({ image }) => image }),
    volumes: fc.constant([
      { name: 'empty', emptyDir: {} },
      { name: 'host', hostPath: { path: '/var/log' } },
      { name: 'claim', persistentVolumeClaim: { claimName: 'data' } },
    ]),
  },
  { requiredKeys: ['containers', 'volumes'] },
);

function write(kind: string, name: string, spec: JsonObject): string {
  const containers = (spec.containers as JsonObject[]).map((item, position) => ({ ...item, name: `c${position}` }));
  const template = { metadata: { labels: { app: name } }, spec: { ...spec, containers } };
  const object =
    kind === 'Pod'
      ? { apiVersion: 'v1', kind, metadata: { name }, spec: template.spec }
      : { apiVersion: 'apps/v1', kind, metadata: { name }, spec: { selector: { matchLabels: { app: name } }, template } };
  return `${JSON.stringify(object, null, 2)}\n`;
}

const workload = fc.record({
  kind: fc.constantFrom('Deployment', 'Pod'),
  folder: fc.constantFrom('a', 'b'),
  spec: podSpec as unknown as fc.Arbitrary<JsonObject>,
  isWritten: fc.boolean(),
});

describe('a run that was stopped half-way', () => {
  it.each(['low', 'medium', 'high'] as const)(
    'is made whole by the next one, at %s',
    (risk) => {
      fc.assert(
        fc.property(fc.array(workload, { minLength: 2, maxLength: 4 }), (workloads) => {
          const texts = workloads.map(({ kind, folder, spec }, position) => {
            const name = `w${position}`;
            return [`${folder}/${name}.json`, write(kind, name, spec)] as [string, string];
          });
          const before = new Map(texts);
          const after = fix(before, risk);
          const half = new Map(
            texts.map(([path, text], position) => [path, workloads[position]?.isWritten ? (after.get(path) ?? '') : text]),
          );
          const now = fix(half, risk);
          for (const [path, text] of after) expect(now.get(path), path).toBe(text);
        }),
        { numRuns: Number(process.env.KUBEMEND_RUNS ?? 60) },
      );
    },
    600_000,
  );
});
