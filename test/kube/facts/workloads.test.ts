import { describe, expect, it } from 'vitest';
import type { Json, JsonObject } from '../../../src/core/json.js';
import { workloadKinds } from '../../../src/kube/kinds.js';
import { createRepoIndex } from '../../../src/kube/repo-index.js';

const pod = (namespace?: string, container: JsonObject = {}, more: JsonObject = {}): JsonObject => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name: 'web', ...(namespace !== undefined && { namespace }) },
  spec: { containers: [{ name: 'main', image: 'ghcr.io/acme/web:1', ...container }], ...more },
});

function indexOf(objects: readonly (readonly [file: string, line: number, value: Json])[]) {
  const index = createRepoIndex({ asked: workloadKinds });
  for (const [file, line, value] of objects) index.add(file, line, value);
  return index;
}

describe('the first workload', () => {
  const at = (namespace?: string, file = 'c.yaml') => ({ file, namespace });

  it('of a namespace is that of the first file and the first line, whatever was read first', () => {
    const index = indexOf([
      ['b.yaml', 1, pod('shop')],
      ['a.yaml', 9, pod('shop')],
      ['a.yaml', 2, pod('shop')],
      ['a.yaml', 1, pod('data')],
    ]);
    expect(index.firstWorkload(at('shop'))).toMatchObject({ file: 'a.yaml', line: 2, where: 'Pod web in a.yaml:2' });
    expect(index.firstWorkload(at('none'))).toBeUndefined();
  });

  it('is known by its place in a list', () => {
    const list = { apiVersion: 'v1', kind: 'List', items: [{ apiVersion: 'v1', kind: 'ConfigMap' }, pod('shop'), pod('shop')] };
    expect(indexOf([['a.yaml', 4, list]]).firstWorkload(at('shop'))).toMatchObject({ line: 4, root: ['items', 1] });
  });

  it.each([undefined, 'default', '$NAMESPACE'])('of the folder, where the namespace is %s', (namespace) => {
    const index = indexOf([
      ['a/x.yaml', 1, pod(namespace)],
      ['b/y.yaml', 1, pod(namespace)],
      ['b/x.yaml', 5, pod(namespace)],
    ]);
    expect(index.firstWorkload(at(namespace, 'b/y.yaml'))).toMatchObject({ file: 'b/x.yaml', line: 5 });
  });

  it('is none that is a part of an object, and none where nobody asks for workloads', () => {
    const part = {
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      metadata: { name: 'web', namespace: 'shop' },
      spec: { replicas: 2 },
    };
    expect(indexOf([['a.yaml', 1, part]]).firstWorkload(at('shop'))).toBeUndefined();
    const unasked = createRepoIndex();
    unasked.add('a.yaml', 1, pod('shop'));
    expect(unasked.firstWorkload(at('shop'))).toBeUndefined();
  });
});

describe('what is known of a workload', () => {
  const read = (object: JsonObject) =>
    indexOf([['a.yaml', 1, object]]).workloadsOf({ file: 'a.yaml', namespace: 'shop' })[0]?.pods[0];

  it('Services that it names, and variables that name what is outside, without their values', () => {
    const env = [
      { name: 'DB', value: 'postgres://user:secret@db.data.svc.cluster.local:5432/x' },
      { name: 'CACHE', value: 'cache-0.cache.data.svc:6379' },
      { name: 'PAY', value: 'https://key:secret@api.example.com/v1?token=secret' },
      { name: 'OWN', value: 'http://localhost:8080' },
      { name: 'NODE', value: 'http://10.0.0.7:8080' },
      { name: 'SHORT', value: 'http://db:5432' },
      { name: 'REF', valueFrom: { secretKeyRef: { name: 'x', key: 'y' } } },
      { name: 'NUMBER', value: 5 },
    ];
    const found = read(pod('shop', { env, args: ['--upstream=http://api.other.svc/'], command: ['db.data.svc'] }));
    expect(found?.asked).toEqual([
      { name: 'db', namespace: 'data' },
      { name: 'cache', namespace: 'data' },
      { name: 'api', namespace: 'other' },
    ]);
    expect(found?.outside).toEqual(['PAY']);
    expect(JSON.stringify(found)).not.toContain('secret');
  });

  it('reads long and hostile values in no time', () => {
    const start = performance.now();
    for (const text of ['a.', 'a-', 'a', 'https://a.', '.svc', 'a.svc'].map((part) => part.repeat(200_000))) {
      read(pod('shop', { env: [{ name: 'X', value: text }], args: [`${text}.svc`] }));
    }
    expect(performance.now() - start).toBeLessThan(1000);
  });

  it('the host’s network, the token and its account', () => {
    expect(read(pod('shop'))).toMatchObject({ usesHostNetwork: false, automount: undefined, account: 'default' });
    const more = { hostNetwork: true, automountServiceAccountToken: false, serviceAccountName: 'robot', resources: {} };
    expect(read(pod('shop', {}, more))).toMatchObject({
      usesHostNetwork: true,
      automount: false,
      account: 'robot',
      hasPodResources: true,
    });
  });

  it('what containers state, and which of them end first', () => {
    const initContainers = [
      { name: 'a', image: 'x' },
      { name: 'b', image: 'x', restartPolicy: 'Always' },
    ];
    const resources = { requests: { cpu: '100m', memory: '$MEMORY' }, limits: { cpu: 2 } };
    const found = read(pod('shop', { resources }, { initContainers }));
    expect(found?.containers.map(({ isEarly }) => isEarly)).toEqual([true, false, false]);
    expect(found?.containers.at(-1)).toMatchObject({
      requests: { cpu: { text: '100m', amount: 0.1 }, memory: { amount: undefined } },
      limits: { cpu: { text: '2', amount: 2 }, memory: undefined },
    });
  });

  it.each<[number, JsonObject]>([
    [2, {}],
    [1, { replicas: 0, strategy: { rollingUpdate: { maxSurge: 1 } } }],
    [5, { replicas: 4 }],
    [4, { replicas: 4, strategy: { type: 'Recreate' } }],
    [6, { replicas: 4, strategy: { rollingUpdate: { maxSurge: '50%' } } }],
    [4, { replicas: 4, strategy: { rollingUpdate: { maxSurge: '$SURGE' } } }],
  ])('%s pods of a Deployment at one time', (count, spec) => {
    const { spec: podSpec } = pod();
    const template = { metadata: { labels: { app: 'web' } }, spec: podSpec ?? {} };
    const deployment = {
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      metadata: { name: 'web', namespace: 'shop' },
      spec: { selector: { matchLabels: { app: 'web' } }, template, ...spec },
    };
    expect(read(deployment)?.count).toBe(count);
  });

  it('pods of a CronJob', () => {
    const template = { spec: { ...(pod().spec as JsonObject), restartPolicy: 'Never' } };
    const job = { spec: { parallelism: 3, template } };
    const cron = {
      apiVersion: 'batch/v1',
      kind: 'CronJob',
      metadata: { name: 'x', namespace: 'shop' },
      spec: { jobTemplate: job },
    };
    expect(read(cron)?.count).toBe(3);
  });

  it('of the namespace alone', () => {
    const index = indexOf([
      ['a/a.yaml', 1, pod('shop')],
      ['b/b.yaml', 1, pod('data')],
      ['a/c.yaml', 1, pod()],
      ['b/d.yaml', 1, pod()],
    ]);
    const found = index.workloadsOf({ file: 'a/namespace.yaml', namespace: 'shop' });
    expect(found.map(({ file }) => file)).toEqual(['a/a.yaml', 'a/c.yaml']);
  });
});
