import { describe, expect, it } from 'vitest';
import type { JsonObject } from '../../../src/core/json.js';
import { readOnlyRootFilesystem } from '../../../transforms/read-only-root-filesystem.js';
import { deployment, evaluate } from '../../transforms/evaluate.js';

describe('where a volume for a writable path may go', () => {
  const check = (container: JsonObject) =>
    evaluate([readOnlyRootFilesystem], deployment(container, { volumes: [{ name: 'shared', emptyDir: {} }] })).findings;
  const mounting = (image: string, mountPath: string) => check({ image, volumeMounts: [{ name: 'shared', mountPath }] });

  it.each([
    ['nginx:1.27', '/run'],
    ['nginx:1.27', '/run/php'],
    ['postgres:16', '/run/postgresql'],
    ['postgres:16', '/run'],
  ])('%s: not where it could hide what is mounted at %s by another name', (image, path) => {
    expect(mounting(image, path)).toMatchObject([{ unless: expect.stringContaining(`mounted at ${path}`) }]);
  });

  it('beside a mount of the same spelling', () => {
    expect(mounting('nginx:1.27', '/var/run')).toMatchObject([{ risk: 'medium' }]);
    expect(mounting('nginx:1.27', '/var/run')[0]).not.toHaveProperty('unless');
  });

  it.each<[string, JsonObject]>([
    ['env SECRET_DATA', { env: [{ name: 'SECRET_DATA', value: 'user=x password=/hunter2secret' }] }],
    ['args', { args: ['--password=/hunter2secret'] }],
  ])('says which %s may name another place, and not what stands there', (field, container) => {
    const [finding] = check({ image: 'postgres:16', ...container });
    expect(finding?.risk).toBe('high');
    expect(finding?.evidence).toContain(`its ${field} may name a place`);
    expect(JSON.stringify(finding)).not.toContain('hunter2');
  });

  it.each([
    ['adminer:4', 'ADMINER_DESIGN'],
    ['couchdb:3', 'NODENAME'],
    ['envoyproxy/envoy:v1.30.1', 'ENVOY_UID'],
  ])('%s: a start that writes elsewhere with %s', (image, name) => {
    expect(check({ image, env: [{ name: 'OTHER', value: 'x' }] })).toMatchObject([{ risk: 'medium' }]);
    expect(check({ image, env: [{ name, value: '' }] })).toMatchObject([{ risk: 'medium' }]);
    const [finding] = check({ image, env: [{ name, value: 'hunter2' }] });
    expect(finding).toMatchObject({ risk: 'high', evidence: expect.stringContaining(`but with env ${name} its start writes`) });
    expect(finding?.evidence).not.toContain('hunter2');
  });

  it('not around a mount that the image may have a link beside', () => {
    // A link of the image leads from the old place to the new one.
    const [refused] = mounting('postgres:18', '/var/lib/postgresql/data');
    expect(refused?.unless).toContain('ships files in /var/lib/postgresql');
    expect(mounting('postgres:18', '/var/lib/postgresql')[0]).not.toHaveProperty('unless');
    const [high] = mounting('mongo:7', '/data/configdb/sub');
    expect(high).toMatchObject({ risk: 'high', evidence: expect.stringContaining('would then lie in a new volume') });
    expect(mounting('mongo:7', '/tmp/sub')).toMatchObject([{ risk: 'medium' }]);
  });

  it('takes what lies beneath a mount for covered', () => {
    const told = (path: string) =>
      check({ image: 'memcached:1.6', args: [`--pidfile=${path}`], volumeMounts: [{ name: 'shared', mountPath: '/data/' }] });
    for (const path of ['/data', '/data/a/b', '/data/../data/x']) expect(told(path), path).toMatchObject([{ risk: 'medium' }]);
    for (const path of ['/database', '/dat', '/data/../x']) expect(told(path), path).toMatchObject([{ risk: 'high' }]);
  });
});
