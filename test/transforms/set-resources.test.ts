import { describe, expect, it } from 'vitest';
import type { JsonObject } from '../../src/core/json.js';
import { parseQuantity } from '../../src/kube/quantity.js';
import type { SettingValues } from '../../src/kube/settings.js';
import { setResources } from '../../transforms/set-resources.js';
import { containerOf as containerAt, deployment, deploymentOf, evaluate } from './evaluate.js';
import { container, itFixes, itLeaves, manifest, pod } from './harness.js';

const limitRange = manifest`
  apiVersion: v1
  kind: LimitRange
  metadata:
    name: defaults
    namespace: shop
  spec:
    limits:
      - type: Container
        default: {cpu: "1", memory: 1Gi}
`;
const inShop = (text: string) => text.replace('  name: web\n', '  name: web\n  namespace: shop\n');

itFixes(setResources, [
  {
    name: 'a container that states nothing',
    risk: 'high',
    before: container`
      ports: [{containerPort: 8080}] # http
    `,
    after: container`
      ports: [{containerPort: 8080}] # http
      resources:
        requests:
          cpu: 100m
          memory: 128Mi
        limits:
          cpu: 500m
          memory: 256Mi
    `,
  },
  {
    name: 'limits for the requests that are there',
    risk: 'high',
    before: container`
      resources:
        requests: {cpu: "0.5", memory: 512Mi} # measured
    `,
    after: container`
      resources:
        requests: {cpu: "0.5", memory: 512Mi} # measured
        limits:
          cpu: 2500m
          memory: 1Gi
    `,
  },
  {
    name: 'a memory request where a cpu limit is there, which is the cpu request',
    risk: 'high',
    before: container`
      resources:
        limits:
          cpu: 2
    `,
    after: container`
      resources:
        requests:
          memory: 128Mi
        limits:
          cpu: 2
          memory: 256Mi
    `,
  },
  {
    name: 'what a container of the same image states',
    risk: 'medium',
    before: pod`
      initContainers:
        - name: migrate
          image: ghcr.io/acme/web:1
          resources:
            limits: {cpu: 1}
      containers:
        - name: web
          image: ghcr.io/acme/web:1
          resources:
            requests: {cpu: 250m, memory: 300M}
            limits: {cpu: 1, memory: 600M}
    `,
    after: pod`
      initContainers:
        - name: migrate
          image: ghcr.io/acme/web:1
          resources:
            requests:
              memory: 300M
            limits: {cpu: 1, memory: 600M}
      containers:
        - name: web
          image: ghcr.io/acme/web:1
          resources:
            requests: {cpu: 250m, memory: 300M}
            limits: {cpu: 1, memory: 600M}
    `,
  },
  {
    name: 'the requests of the settings, and no cpu limit where none is wanted',
    risk: 'high',
    settings: { 'cpu-request': '50m', 'memory-request': '200M', 'cpu-limit': 'never' },
    before: container`
      ports: [{containerPort: 8080}] # http
    `,
    after: container`
      ports: [{containerPort: 8080}] # http
      resources:
        requests:
          cpu: 50m
          memory: 200M
        limits:
          memory: 400M
    `,
  },
]);

itLeaves(setResources, [
  {
    name: 'numbers that someone wrote',
    manifest: container`
      resources:
        requests: {cpu: "2", memory: 128974848}
        limits: {cpu: 3e0, memory: 0.5Gi}
    `,
  },
  {
    name: 'limits alone, which are the requests',
    manifest: container`
      resources: {limits: {cpu: 500m, memory: 1Gi}}
    `,
  },
  {
    name: 'numbers that are variables',
    manifest: container`
      resources:
        requests: {cpu: $CPU, memory: $MEMORY}
        limits: {cpu: $CPU, memory: $MEMORY}
    `,
  },
  {
    name: 'resources that are a variable',
    manifest: container`
      resources: $RESOURCES
    `,
  },
  { name: 'a namespace whose LimitRange fills the gap', manifest: inShop(container``), others: [limitRange] },
  {
    name: 'a namespace that may be that of a LimitRange',
    manifest: container``,
    others: [limitRange],
    reason: /^LimitRange defaults in other-0.yaml:1 may bound what containers state here$/,
  },
  {
    name: 'a LimitRange that fills only a part',
    manifest: inShop(container``),
    others: [limitRange.replace('default: {cpu: "1", memory: 1Gi}', 'max: {cpu: "1"}')],
    reason: /^LimitRange defaults in other-0.yaml:1 bounds what containers state here$/,
  },
  {
    name: 'a pod that states resources for all its containers',
    manifest: pod`
      resources:
        limits: {cpu: 1, memory: 1Gi}
      containers:
        - {name: web, image: ghcr.io/acme/web:1}
    `,
  },
  {
    name: 'a pod that states some',
    manifest: pod`
      resources:
        requests: {cpu: 1}
      containers:
        - {name: web, image: ghcr.io/acme/web:1}
    `,
    reason: /^the pod states resources for all its containers/,
  },
  {
    name: 'a cpu without a limit, where none is wanted',
    settings: { 'cpu-limit': 'never' },
    manifest: container`
      resources:
        requests: {cpu: 1, memory: 1Gi}
        limits: {memory: 1Gi}
    `,
  },
  {
    name: 'a pod that states all but the cpu limit, where none is wanted',
    settings: { 'cpu-limit': 'never' },
    manifest: pod`
      resources:
        requests: {cpu: 1, memory: 1Gi}
        limits: {memory: 1Gi}
      containers:
        - {name: web, image: ghcr.io/acme/web:1}
    `,
  },
]);

describe('set-resources', () => {
  const check = (object: JsonObject) => evaluate([setResources], object);
  const resources = (container: JsonObject) => containerAt(check(deployment(container)).value).resources;

  it('reports requests, the memory limit and the cpu limit each on its own', () => {
    expect(check(deployment()).findings.map(({ message, risk, evidence }) => [message, risk, evidence])).toEqual([
      ['no requests', 'medium', 'usual requests, not measured'],
      ['no memory limit', 'high', '2 times the request that kubemend proposes, not measured'],
      ['no cpu limit', 'high', '5 times the request that kubemend proposes, not measured'],
    ]);
  });

  it('states what a known image uses', () => {
    expect(resources({ image: 'nginx:1.27' })).toEqual({
      requests: { cpu: '100m', memory: '32Mi' },
      limits: { cpu: '500m', memory: '64Mi' },
    });
  });

  it.each([
    ['0.1', '500m'],
    ['1', '5'],
    [2, '10'],
    ['1e0', '5'],
    ['333m', '1665m'],
    ['1n', '1m'],
    ['0', '500m'],
  ])('writes a cpu limit for a request of %s', (cpu, limit) => {
    expect(resources({ resources: { requests: { cpu, memory: '1Gi' }, limits: { memory: '1Gi' } } })).toMatchObject({
      limits: { cpu: limit },
    });
  });

  it.each([
    ['128Mi', '256Mi'],
    ['0.5Gi', '1Gi'],
    [128974848, '246Mi'],
    ['100M', '200M'],
    ['1e9', '1953125Ki'],
    ['1500', '3000'],
  ])('writes a memory limit for a request of %s', (memory, limit) => {
    const made = resources({ resources: { requests: { memory, cpu: 1 }, limits: { cpu: 1 } } });
    expect(made).toMatchObject({ limits: { memory: limit } });
    expect(parseQuantity(limit)).toBe(2 * (parseQuantity(memory) ?? 0));
  });

  it('takes no limit of a sibling that is below the request', () => {
    const sibling = {
      name: 'b',
      image: 'x',
      resources: { requests: { cpu: 1, memory: '1Mi' }, limits: { cpu: 1, memory: '2Mi' } },
    };
    const own = { name: 'a', image: 'x', resources: { requests: { cpu: 1, memory: '1Gi' }, limits: { cpu: 1 } } };
    const { value, findings } = check(deploymentOf({ containers: [own, sibling] }));
    expect(findings).toMatchObject([{ risk: 'high' }]);
    expect(containerAt(value).resources).toMatchObject({ limits: { memory: '2Gi' } });
  });

  it('says whose request a limit is a multiple of', () => {
    const { findings } = check(deployment({ resources: { requests: { cpu: '50m' } } }));
    expect(findings.map(({ message, evidence }) => [message, evidence])).toEqual([
      ['no memory request', 'usual requests, not measured'],
      ['no memory limit', '2 times the request that kubemend proposes, not measured'],
      ['no cpu limit', '5 times the request, not measured'],
    ]);
  });

  it('takes no guess about a sibling for evidence', () => {
    const { findings } = check(deploymentOf({ containers: ['a', 'b'].map((name) => ({ name, image: 'x' })) }));
    const expected = [
      { risk: 'medium', evidence: 'usual requests, not measured' },
      { message: 'no memory limit', risk: 'high', evidence: '2 times the request that kubemend proposes, not measured' },
      { message: 'no cpu limit', risk: 'high' },
    ];
    expect(findings).toMatchObject([...expected, ...expected]);
  });

  it('chooses no limit for a request that it cannot read', () => {
    for (const memory of ['$MEMORY', 'lots', true]) {
      const { findings } = check(deployment({ resources: { requests: { cpu: 1, memory }, limits: { cpu: 1 } } }));
      expect(findings).toMatchObject([
        { message: 'no memory limit', changes: [], unless: 'the memory request cannot be read here' },
      ]);
    }
  });

  it('leaves the amounts of other resources alone', () => {
    const before = { 'ephemeral-storage': '1Gi', 'nvidia.com/gpu': 1 };
    expect(resources({ resources: { limits: before } })).toMatchObject({ limits: before });
  });

  it('takes Windows containers too', () => {
    const { findings } = check(deployment({}, { os: { name: 'windows' } }));
    expect(findings).toHaveLength(3);
  });
});

describe('the settings of set-resources', () => {
  const check = (container: JsonObject, settings: SettingValues) => evaluate([setResources], deployment(container), { settings });

  it('have a request for each memory class of the catalogue', () => {
    const { value, findings } = check({ image: 'nginx:1.27' }, { 'memory-tiny': '48Mi', 'memory-request': '1Gi' });
    expect(containerAt(value).resources).toMatchObject({ requests: { memory: '48Mi' }, limits: { memory: '96Mi' } });
    expect(findings[0]?.evidence).toMatch(
      /^usual requests, not measured; nginx:1.27 .* is tiny in memory, for which the settings say 48Mi$/,
    );
  });

  it('are named where a number comes from them', () => {
    const { findings } = check({}, { 'cpu-request': '50m' });
    expect(findings[0]?.evidence).toBe('the cpu request of the settings, not measured; usual requests, not measured');
  });

  it('are what a limit is a multiple of where the request is nothing', () => {
    const resources = { requests: { cpu: '0', memory: '1Gi' }, limits: { memory: '1Gi' } };
    const { value } = check({ resources }, { 'cpu-request': '20m' });
    expect(containerAt(value).resources).toMatchObject({ limits: { cpu: '100m' } });
  });

  it('take quantities above nothing', () => {
    for (const given of ['0', 'lots', '-1', '']) expect(setResources.settings['cpu-request']?.read(given)).toBeUndefined();
    expect(setResources.settings['cpu-request']?.read('0.1')).toBe('0.1');
  });
});
