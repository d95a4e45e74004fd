import { describe, expect, it } from 'vitest';
import type { JsonObject } from '../../../src/core/json.js';
import { chooseCapabilityRule, findCapabilityNeeds } from '../../../src/kube/decisions/capabilities.js';
import { contextOf } from './container.js';

const CLAIM = { name: 'data', persistentVolumeClaim: { claimName: 'data' } };
const EMPTY = { name: 'data', emptyDir: {} };
const MOUNT = { name: 'data', mountPath: '/var/lib/registry' };
const READ = { ...MOUNT, readOnly: true };
/** An image that is root and needs no capability. */
const ROOT = { image: 'registry:2', volumeMounts: [MOUNT] };

function decide(container: JsonObject, pod: JsonObject = {}) {
  const context = contextOf(container, pod);
  const rule = chooseCapabilityRule(context, { add: undefined, needed: 'keep' });
  const { risk, evidence } = findCapabilityNeeds(
    context.containers.find(({ name }) => name === 'web') as never,
    context.pod,
    rule,
  );
  return { risk, evidence: evidence.join('; ') };
}

const beside = (init: JsonObject, volume: JsonObject = CLAIM, own: JsonObject = ROOT, pod: JsonObject = {}) =>
  decide(own, {
    volumes: [volume],
    initContainers: [{ name: 'init', image: 'busybox', volumeMounts: [MOUNT], ...init }],
    ...pod,
  });

describe('files of others in volumes, of an image that is root and needs no capability', () => {
  it('is low where it mounts none, or one that nobody else writes to', () => {
    expect(decide({ image: 'registry:2' })).toMatchObject({ risk: 'low' });
    expect(decide(ROOT, { volumes: [EMPTY] })).toMatchObject({ risk: 'low' });
    expect(decide(ROOT, { volumes: [{ name: 'data', ephemeral: { volumeClaimTemplate: {} } }] })).toMatchObject({ risk: 'low' });
  });

  it.each<[string, JsonObject]>([
    ['configMap', { configMap: { name: 'x' } }],
    ['secret', { secret: { secretName: 'x' } }],
    ['downwardAPI', { downwardAPI: { items: [] } }],
    ['projected', { projected: { sources: [] } }],
    ['read-only csi', { csi: { driver: 'secrets-store.csi.k8s.io', readOnly: true } }],
  ])('is low where what it mounts is a %s volume, which the kubelet fills', (_, source) => {
    expect(decide(ROOT, { volumes: [{ name: 'data', ...source }] })).toMatchObject({ risk: 'low' });
  });

  it.each<[string, JsonObject]>([
    ['a claim', { persistentVolumeClaim: { claimName: 'data' } }],
    ['a share', { nfs: { server: 'x', path: '/' } }],
    ['a csi volume', { csi: { driver: 'x.example.com' } }],
  ])('is medium on %s, where files of another user may be from before', (_, source) => {
    const { risk, evidence } = decide(ROOT, { volumes: [{ name: 'data', ...source }] });
    expect(risk).toBe('medium');
    expect(evidence).toMatch(/needs none, but volume "data" may hold files of other users; without DAC_OVERRIDE root is a user/);
  });

  it('is medium on a volume that is not among those of the pod', () => {
    expect(decide(ROOT)).toMatchObject({ risk: 'medium' });
  });

  it('is low on a claim that fsGroup gives to a group, which root is in', () => {
    expect(decide(ROOT, { volumes: [CLAIM], securityContext: { fsGroup: 2000 } })).toMatchObject({ risk: 'low' });
  });

  it('is medium where another container writes as another user', () => {
    const { risk, evidence } = beside({ securityContext: { runAsUser: 1000 } }, EMPTY);
    expect(risk).toBe('medium');
    expect(evidence).toContain('but volume "data" is also written by init container init, as user 1000; without DAC_OVERRIDE');
  });

  it.each<[string, JsonObject, RegExp]>([
    ['nobody knows', { image: 'ghcr.io/acme/init:1' }, /init container init, as whom is not known/],
    ['runAsNonRoot says', { securityContext: { runAsNonRoot: true } }, /init container init, as another user/],
    ['an image says', { image: 'prom/prometheus:v2.53.0' }, /init container init, as user 65534/],
    ['a root that steps down becomes', { image: 'postgres:16' }, /init container init, which may leave files of other users/],
    ['a root that copies says', { command: ['sh', '-c', 'cp -a /seed/. /data'] }, /which may leave files of other users/],
    ['an unknown image makes of root', { image: 'ghcr.io/acme/init:1', securityContext: { runAsUser: 0 } }, /which may leave/],
  ])('is medium where another container writes as whom %s', (_, init, reason) => {
    const { risk, evidence } = beside(init, EMPTY);
    expect(risk).toBe('medium');
    expect(evidence).toMatch(reason);
  });

  it.each<[string, JsonObject]>([
    ['is root, and says what it does', { command: ['sh', '-c', 'echo x > /data/x'] }],
    ['is root, and known to give nothing away', { image: 'registry:2' }],
    ['only reads', { securityContext: { runAsUser: 1000 }, volumeMounts: [READ] }],
    ['mounts another volume', { securityContext: { runAsUser: 1000 }, volumeMounts: [{ name: 'other', mountPath: '/x' }] }],
  ])('stays low where another container %s', (_, init) => {
    expect(beside(init, EMPTY)).toMatchObject({ risk: 'low' });
  });

  it('is medium for a reader of what another user writes', () => {
    const reader = { ...ROOT, volumeMounts: [READ] };
    expect(beside({ securityContext: { runAsUser: 1000 } }, EMPTY, reader)).toMatchObject({ risk: 'medium' });
  });

  it('is low for such a reader in the group of the volume, and medium for a writer', () => {
    const [other, pod] = [{ securityContext: { runAsUser: 1000 } }, { securityContext: { fsGroup: 1000 } }];
    expect(beside(other, EMPTY, { ...ROOT, volumeMounts: [READ] }, pod)).toMatchObject({ risk: 'low' });
    expect(beside(other, EMPTY, ROOT, pod)).toMatchObject({ risk: 'medium' });
  });

  it.each<[string, JsonObject, string]>([
    ['in a shell', { command: ['sh', '-c', 'set -e; chown -R 1000:1000 /data'] }, 'user 1000'],
    ['as words', { command: ['chown', '-R', '-h', '1000:1000', '/data'] }, 'user 1000'],
    ['by arguments', { args: ['/bin/chown 999 /data'] }, 'user 999'],
    ['by name', { command: ['sh', '-c', 'chown registry. /data'] }, 'another user'],
    ['by a variable', { command: ['sh', '-c', 'chown "$OWNER" /data'] }, 'another user'],
    ['behind one that gives it to root', { command: ['sh', '-c', 'chown 0:0 /a && chown 5 /data'] }, 'user 5'],
    ['in a hook', { lifecycle: { postStart: { exec: { command: ['sh', '-c', 'chown 5 /data'] } } } }, 'user 5'],
  ])('is high where another container gives files away, %s', (_, init, owner) => {
    const { risk, evidence } = beside(init);
    expect(risk).toBe('high');
    expect(evidence).toContain(
      `needs none, but init container init gives files of volume "data" to ${owner}; without DAC_OVERRIDE`,
    );
    expect(evidence).not.toMatch(/OWNER|registry\. /);
  });

  it.each([[['sh', '-c', 'chown root:root /data']], [['sh', '-c', 'chown -R :2000 /data']], [['chown', '0', '/data']]])(
    'is not high where %j leaves them to root',
    (command) => {
      expect(beside({ command })).toMatchObject({ risk: 'medium' });
    },
  );

  it('is not high for a chown of someone who is not root, who cannot', () => {
    expect(beside({ command: ['chown', '1000', '/data'], securityContext: { runAsUser: 5 } })).toMatchObject({ risk: 'medium' });
  });

  it('counts the group for nothing where files are given away', () => {
    expect(beside({ command: ['chown', '5', '/data'] }, CLAIM, ROOT, { securityContext: { fsGroup: 5 } })).toMatchObject({
      risk: 'high',
    });
  });

  it('names the container that gives files away before one that writes', () => {
    const other = { name: 'other', image: 'ghcr.io/acme/other:1', volumeMounts: [MOUNT] };
    const giver = { name: 'giver', image: 'busybox', command: ['chown', '5', '/data'], volumeMounts: [MOUNT] };
    for (const initContainers of [
      [other, giver],
      [giver, other],
    ])
      expect(decide(ROOT, { volumes: [EMPTY], initContainers }).evidence).toContain('init container giver gives files');
  });

  it.each([1, 2])('does not take a container for another one, whichever of two asks: nginx of container %i', (position) => {
    const containers = ['other', 'web'].map((name) => ({ name, image: 'nginx:1.27', volumeMounts: [MOUNT] }));
    const ordered = position === 1 ? containers.toReversed() : containers;
    const { evidence } = decide({}, { volumes: [EMPTY], containers: ordered });
    expect(evidence).toContain('also written by container other, which may leave files of other users there');
  });

  it('asks of the worst of several volumes', () => {
    const volumes = [{ name: 'first', persistentVolumeClaim: { claimName: 'x' } }, EMPTY];
    const own = { image: 'registry:2', volumeMounts: [{ name: 'first', mountPath: '/first' }, MOUNT] };
    const initContainers = [{ name: 'init', image: 'busybox', command: ['chown', '5', '/data'], volumeMounts: [MOUNT] }];
    expect(decide(own, { volumes, initContainers })).toMatchObject({ risk: 'high' });
  });

  it('is high for a collector of logs, which is documented to open those of others by DAC_OVERRIDE', () => {
    const own = { image: 'fluent/fluent-bit:3.1', volumeMounts: [READ] };
    expect(beside({ securityContext: { runAsUser: 1000 } }, EMPTY, own)).toMatchObject({ risk: 'high' });
  });

  it('is medium for such a collector on a claim of its own', () => {
    const own = { image: 'fluent/fluent-bit:3.1', volumeMounts: [MOUNT] };
    expect(decide(own, { volumes: [CLAIM] })).toMatchObject({ risk: 'medium' });
  });

  it('is medium where a variable stands for what it mounts', () => {
    expect(decide({ ...ROOT, volumeMounts: '$MOUNTS' }, { volumes: [EMPTY] })).toMatchObject({ risk: 'medium' });
  });

  it('is medium where there may be containers that cannot be read', () => {
    expect(decide(ROOT, { volumes: [EMPTY], initContainers: '$INIT' })).toMatchObject({ risk: 'medium' });
  });

  it.each<[string, JsonObject]>([
    ['is not root', { securityContext: { runAsUser: 1000 } }],
    ['keeps DAC_OVERRIDE', { securityContext: { capabilities: { add: ['DAC_OVERRIDE'] } } }],
    ['does without DAC_OVERRIDE of its own accord', { securityContext: { capabilities: { drop: ['DAC_OVERRIDE'] } } }],
    ['is given DAC_OVERRIDE back', { image: 'redis:7' }],
  ])('says nothing of a container that %s', (_, more) => {
    expect(beside({ command: ['chown', '5', '/data'] }, CLAIM, { ...ROOT, ...more }).evidence).not.toContain('volume');
  });

  it('doubts the word of another workload, too', () => {
    const { evidence } = beside({ command: ['chown', '5', '/data'] }, CLAIM, { volumeMounts: [MOUNT] });
    expect(evidence).toContain('gives files of volume "data" to user 5');
  });

  // Quadratic, it would outlast the time that a test may take.
  it('reads a hostile command once', () => {
    const { evidence } = beside({ command: ['sh', '-c', `${'chown -R '.repeat(200_000)} ${'chown '.repeat(200_000)}`] });
    expect(evidence).not.toContain('to user');
  });
});
