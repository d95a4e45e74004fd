import { describe, expect, it } from 'vitest';
import type { JsonObject } from '../../../src/core/json.js';
import { readNodeWork } from '../../../src/kube/decisions/node-work.js';
import { disallowPrivilegeEscalation } from '../../../transforms/disallow-privilege-escalation.js';
import { dropCapabilities } from '../../../transforms/drop-capabilities.js';
import { readOnlyRootFilesystem } from '../../../transforms/read-only-root-filesystem.js';
import { requireNonRoot } from '../../../transforms/require-non-root.js';
import { deploymentOf, evaluate } from '../../transforms/evaluate.js';
import { contextOf } from './container.js';

const mount = (path: string, more: JsonObject = {}) => ({
  container: { volumeMounts: [{ name: 'x', mountPath: '/x', ...more }] },
  pod: { volumes: [{ name: 'x', hostPath: { path } }] },
});

/** Why the first container may work on its node. */
function workOf(container: JsonObject, pod: JsonObject = {}, kind = 'Deployment'): string | undefined {
  const context = contextOf(container, pod);
  const { ref } = context;
  const [first] = context.containers;
  return first && readNodeWork({ ...context, ref: { ...ref, kind } }).decide(first).evidence[0];
}

describe('who works on its node', () => {
  it.each<[string, JsonObject, JsonObject, RegExp]>([
    ['by a process namespace', {}, { hostPID: true }, /^hostPID: true$/],
    ['by shared memory', {}, { hostIPC: true }, /^hostIPC: true$/],
    ['by sysctl, in words', { command: ['sysctl', '-w', 'vm.max_map_count=262144'] }, {}, /^its command runs sysctl$/],
    ['by sysctl, in a script', { command: ['sh', '-c', 'set -e; sysctl vm.swappiness=1'] }, {}, /^its command runs sysctl$/],
    ['by modprobe', { args: ['modprobe', 'nfs'] }, {}, /^its args run modprobe$/],
    ['by nsenter', { command: ['sh', '-c', 'exec nsenter -t 1 -m'] }, {}, /^its command runs nsenter$/],
    ['by iptables', { command: ['/sbin/iptables', '-A', 'INPUT'] }, {}, /^its command runs iptables$/],
    ['by routes', { command: ['sh', '-c', 'ip route add default via 10.0.0.1'] }, {}, /^its command runs ip$/],
    ['by NFS', { ports: [{ containerPort: 2049 }] }, {}, /^port 2049 is that of an NFS server$/],
    ['by nature', { image: 'docker:27-dind' }, {}, /is meant to be privileged \(privileged\)$/],
  ])('%s', (_, container, pod, evidence) => {
    expect(workOf(container, pod)).toMatch(evidence);
  });

  it.each([
    ['/'],
    ['/dev'],
    ['/run'],
    ['/var/run/netns'],
    ['/var/lib/kubelet/pods'],
    ['/opt/cni/bin/'],
    ['/etc/cni/net.d'],
    ['/usr/libexec/kubernetes/kubelet-plugins/volume/exec'],
    ['/sys/fs/bpf'],
  ])('by writing to %s', (path) => {
    const { container, pod } = mount(path);
    expect(workOf(container, pod)).toBe(`it may write to ${path} of the host`);
    const reading = mount(path, { readOnly: true });
    expect(workOf(reading.container, reading.pod)).toBeUndefined();
  });

  it.each([['/var/run/docker.sock'], ['/run/containerd/containerd.sock'], ['/lib/modules']])(
    'by %s, read-only or not',
    (path) => {
      for (const more of [{}, { readOnly: true }]) {
        const { container, pod } = mount(path, more);
        expect(workOf(container, pod)).toMatch(/of the host$/);
      }
    },
  );

  it('by a mount that others are to see', () => {
    const { container, pod } = mount('/srv', { mountPropagation: 'Bidirectional' });
    expect(workOf(container, pod)).toBe('mount "x" is Bidirectional');
  });

  it('on the network of every node, or where it keeps files on its own', () => {
    expect(workOf({}, { hostNetwork: true }, 'DaemonSet')).toBe('hostNetwork: true in a DaemonSet');
    expect(workOf({}, { hostNetwork: true })).toBeUndefined();
    const { container, pod } = mount('/srv/data');
    expect(workOf(container, { ...pod, hostNetwork: true })).toMatch(/^hostNetwork: true, and it may write to \/srv\/data/);
    expect(workOf(container, pod)).toBeUndefined();
  });

  it.each<[string, JsonObject, JsonObject]>([
    ['nothing of the node', {}, {}],
    ['words that only hold such a name', { command: ['sh', '-c', 'echo mount; ./sysctl-report'] }, {}],
    ['reading a sysctl', { command: ['sysctl', 'vm.swappiness'] }, {}],
    ['an image that only looks at the node', { image: 'quay.io/prometheus/node-exporter:v1.8.2' }, { hostPID: true }],
    ['a sidecar that is known', { image: 'quay.io/brancz/kube-rbac-proxy:v0.18.0' }, { hostPID: true }],
    ['the part of a plugin that runs anywhere', { image: 'public.ecr.aws/ebs-csi-driver/aws-ebs-csi-driver:v1.64.0' }, {}],
  ])('not: %s', (_, container, pod) => {
    expect(workOf(container, pod)).toBeUndefined();
  });
});

describe('what works on its node is left to a person', () => {
  const HARDENING = [dropCapabilities, disallowPrivilegeEscalation, requireNonRoot, readOnlyRootFilesystem];

  it('in a run for no level', () => {
    const { container, pod } = mount('/var/lib/kubelet');
    const object = deploymentOf({ containers: [{ name: 'web', image: 'ghcr.io/acme/web:1', ...container }], ...pod });
    const { findings, value } = evaluate(HARDENING, object);
    const reason = 'it may work on its node: it may write to /var/lib/kubelet of the host';
    expect(findings.map(({ unless, obstacle }) => [unless, obstacle])).toEqual(HARDENING.map(() => [reason, 'NEEDED']));
    expect(value).toEqual(object);
  });

  it('and not in a run for a level', () => {
    const { container, pod } = mount('/var/lib/kubelet');
    const object = deploymentOf({ containers: [{ name: 'web', image: 'ghcr.io/acme/web:1', ...container }], ...pod });
    const { findings } = evaluate(HARDENING, object, { level: 'restricted' });
    expect(findings.map(({ unless }) => unless)).toEqual(HARDENING.map(() => undefined));
  });
});

describe('whose files may be those of root', () => {
  const reasonOf = (pod: JsonObject) => evaluate([requireNonRoot], deploymentOf(pod)).findings.map(({ unless }) => unless);
  const driver = {
    name: 'driver',
    image: 'ghcr.io/acme/driver:1',
    volumeMounts: [
      { name: 'sockets', mountPath: '/csi' },
      { name: 'pods', mountPath: '/pods', mountPropagation: 'Bidirectional' },
    ],
  };
  const beside = (container: JsonObject) => ({
    containers: [driver, { name: 'web', image: 'ghcr.io/acme/web:1', ...container }],
    volumes: [
      { name: 'sockets', emptyDir: {} },
      { name: 'pods', hostPath: { path: '/srv/pods' } },
    ],
  });

  it('those of a neighbour that works on the node', () => {
    const volumeMounts = [{ name: 'sockets', mountPath: '/csi' }];
    expect(reasonOf(beside({ volumeMounts }))).toEqual([
      'it may work on its node: mount "pods" is Bidirectional',
      'volume "sockets" is shared with container driver, which works on the node',
    ]);
    expect(reasonOf(beside({}))).toEqual(['it may work on its node: mount "pods" is Bidirectional', undefined]);
    expect(reasonOf(beside({ volumeMounts, image: 'grafana/grafana:11.0.0' })).at(-1)).toBeUndefined();
  });

  it('those of the host, which it reads', () => {
    const volumeMounts = [{ name: 'pods', mountPath: '/pods', readOnly: true }];
    expect(reasonOf(beside({ volumeMounts })).at(-1)).toBe(`volume "pods" is a folder of the host, whose files may be root's`);
    expect(reasonOf(beside({ volumeMounts, securityContext: { runAsUser: 1000 } })).at(-1)).toBeUndefined();
  });
});
