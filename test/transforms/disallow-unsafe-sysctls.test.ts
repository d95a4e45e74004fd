import { describe, expect, it } from 'vitest';
import type { JsonObject } from '../../src/core/json.js';
import { disallowUnsafeSysctls } from '../../transforms/disallow-unsafe-sysctls.js';
import { deployment, evaluate, podOf } from './evaluate.js';
import { container, itFixes, itLeaves, pod } from './harness.js';

const CONTAINERS = '      containers:\n        - name: web\n          image: ghcr.io/acme/web:1\n';

itFixes(disallowUnsafeSysctls, [
  {
    name: 'the only one, with its key',
    risk: 'high',
    level: 'baseline',
    before: pod`
      securityContext:
        runAsNonRoot: true # as built
        sysctls:
          - name: net.core.somaxconn
            value: "1024"
    `.concat(CONTAINERS),
    after: pod`
      securityContext:
        runAsNonRoot: true # as built
    `.concat(CONTAINERS),
  },
  {
    name: 'those that are not safe, beside one that is',
    risk: 'high',
    before: pod`
      securityContext:
        sysctls:
          - {name: kernel.msgmax, value: "65536"}
          - {name: net.ipv4.ip_unprivileged_port_start, value: "0"} # port 80
          - {name: net.core.somaxconn, value: "1024"}
    `.concat(CONTAINERS),
    after: pod`
      securityContext:
        sysctls:
          - {name: net.ipv4.ip_unprivileged_port_start, value: "0"} # port 80
    `.concat(CONTAINERS),
  },
  {
    name: 'one that is safe on the newest version of the range only',
    risk: 'high',
    kubernetes: '1.31-1.33',
    before: pod`
      securityContext:
        runAsNonRoot: true
        sysctls: [{name: net.ipv4.tcp_rmem, value: 4096 87380 6291456}]
    `.concat(CONTAINERS),
    after: pod`
      securityContext:
        runAsNonRoot: true
    `.concat(CONTAINERS),
  },
  {
    name: 'the spelling of one that is safe',
    risk: 'medium',
    level: 'restricted',
    before: pod`
      securityContext:
        sysctls:
          - name: net/ipv4/ip_unprivileged_port_start # as in /proc/sys
            value: "0"
    `.concat(CONTAINERS),
    after: pod`
      securityContext:
        sysctls:
          - name: net.ipv4.ip_unprivileged_port_start # as in /proc/sys
            value: "0"
    `.concat(CONTAINERS),
  },
  {
    name: 'a spelling beside the other, since the same name twice is refused',
    risk: 'high',
    before: pod`
      securityContext:
        sysctls:
          - {name: net/ipv4/tcp_syncookies, value: "1"}
          - {name: net.ipv4.tcp_syncookies, value: "1"}
    `.concat(CONTAINERS),
    after: pod`
      securityContext:
        sysctls:
          - {name: net.ipv4.tcp_syncookies, value: "1"}
    `.concat(CONTAINERS),
  },
  {
    name: 'all but those that are to stay',
    risk: 'high',
    settings: { allow: ['net.core.*', 'kernel/msgmax'] },
    before: pod`
      securityContext:
        sysctls:
          - {name: net.core.somaxconn, value: "1024"}
          - {name: net/core/rmem_max, value: "1024"}
          - {name: kernel.msgmax, value: "65536"}
          - {name: kernel.msgmnb, value: "65536"}
    `.concat(CONTAINERS),
    after: pod`
      securityContext:
        sysctls:
          - {name: net.core.somaxconn, value: "1024"}
          - {name: net/core/rmem_max, value: "1024"}
          - {name: kernel.msgmax, value: "65536"}
    `.concat(CONTAINERS),
  },
  {
    name: 'one on Windows, where the field is refused',
    risk: 'high',
    before: pod`
      os: {name: windows}
      securityContext:
        runAsNonRoot: true
        sysctls:
          - {name: net.core.somaxconn, value: "1024"}
    `.concat(CONTAINERS),
    after: pod`
      os: {name: windows}
      securityContext:
        runAsNonRoot: true
    `.concat(CONTAINERS),
  },
]);

itLeaves(disallowUnsafeSysctls, [
  { name: 'a pod without sysctls', manifest: container`` },
  {
    name: 'an empty list',
    manifest: pod`
      securityContext: {sysctls: []}
    `.concat(CONTAINERS),
  },
  {
    name: 'those that are safe on all versions',
    manifest: pod`
      securityContext:
        sysctls:
          - {name: kernel.shm_rmid_forced, value: "0"}
          - {name: net.ipv4.ip_local_port_range, value: "1024 65535"}
          - {name: net.ipv4.tcp_rmem, value: "4096 87380 6291456"}
    `.concat(CONTAINERS),
  },
  {
    name: 'one that became safe with the version',
    kubernetes: '1.29',
    level: 'baseline',
    manifest: pod`
      securityContext:
        sysctls:
          - {name: net.ipv4.tcp_fin_timeout, value: "30"}
    `.concat(CONTAINERS),
  },
  {
    name: 'what is to stay, in slashes too',
    settings: { allow: ['net.*'] },
    manifest: pod`
      securityContext:
        sysctls:
          - {name: net/core/somaxconn, value: "1024"}
          - {name: net.ipv4.ip_forward, value: "1"}
    `.concat(CONTAINERS),
  },
  {
    name: 'what is to stay, in a run for a level',
    settings: { allow: ['net.core.somaxconn'] },
    level: 'restricted',
    manifest: pod`
      securityContext:
        sysctls:
          - {name: net.core.somaxconn, value: "1024"}
    `.concat(CONTAINERS),
  },
  {
    name: 'a variable for a name',
    manifest: pod`
      securityContext:
        sysctls:
          - {name: $SYSCTL, value: "1024"}
    `.concat(CONTAINERS),
    reason: /name is filled in by another tool/,
  },
  {
    name: 'a variable for all, in a run for a level',
    level: 'baseline',
    manifest: pod`
      securityContext:
        sysctls: $SYSCTLS
    `.concat(CONTAINERS),
    reason: /sysctls is filled in by another tool/,
  },
  {
    name: 'an item in which more keys may appear',
    manifest: pod`
      securityContext:
        sysctls:
          - {name: net.core.somaxconn, value: "1024", $MORE: x}
    `.concat(CONTAINERS),
    reason: /filled in by another tool/,
  },
]);

describe('disallow-unsafe-sysctls', () => {
  const withSysctls = (...names: readonly string[]): JsonObject =>
    deployment({}, { securityContext: { sysctls: names.map((name) => ({ name, value: '1' })) } });
  const messagesOf = (...names: readonly string[]) =>
    evaluate([disallowUnsafeSysctls], withSysctls(...names)).findings.map(
      ({ subject, message, evidence }) => `${subject}: ${message} (${evidence})`,
    );

  it('has a finding for each, or one where all go', () => {
    expect(messagesOf('net.core.somaxconn')).toEqual(['sysctl net.core.somaxconn: not safe (someone wrote it)']);
    expect(messagesOf('kernel.sem', 'vm.swappiness')).toEqual([
      'pod: sysctls that are not safe: kernel.sem, vm.swappiness (someone wrote it)',
    ]);
    expect(messagesOf('kernel.sem', 'net.ipv4.tcp_syncookies', 'vm.swappiness')).toEqual([
      'sysctl kernel.sem: not safe (someone wrote it)',
      'sysctl vm.swappiness: not safe (someone wrote it)',
    ]);
  });

  it('says from when on one is safe, and what stands beside it', () => {
    expect(messagesOf('net.ipv4.tcp_notsent_lowat')).toEqual([
      'sysctl net.ipv4.tcp_notsent_lowat: not safe (someone wrote it; net.ipv4.tcp_notsent_lowat is safe from 1.37 on)',
    ]);
    expect(messagesOf('net/ipv4/tcp_syncookies', 'net.ipv4.tcp_syncookies')).toEqual([
      'sysctl net/ipv4/tcp_syncookies: not safe (someone wrote it; net.ipv4.tcp_syncookies stands beside it)',
    ]);
  });

  it('does not respell two to the same name, nor dots of an interface', () => {
    const { value } = evaluate([disallowUnsafeSysctls], withSysctls('net/ipv4/tcp_syncookies', 'net/ipv4/tcp_syncookies'));
    expect(podOf(value).securityContext).toEqual({ sysctls: [{ name: 'net.ipv4.tcp_syncookies', value: '1' }] });
    expect(messagesOf('net/ipv4.tcp_syncookies')).toEqual(['sysctl net/ipv4.tcp_syncookies: not safe (someone wrote it)']);
    expect(messagesOf('net.ipv4/tcp_syncookies')).toEqual(['sysctl net.ipv4/tcp_syncookies: not safe (someone wrote it)']);
  });

  it('removes one by one where someone said no for one of them', () => {
    const suppressed = [['spec', 'template', 'spec', 'securityContext', 'sysctls', 1]];
    const { value } = evaluate([disallowUnsafeSysctls], withSysctls('kernel.sem', 'vm.swappiness'), { suppressed });
    expect(podOf(value).securityContext).toEqual({ sysctls: [{ name: 'vm.swappiness', value: '1' }] });
  });

  it('takes names as the kubelet does, and no other text', () => {
    const { allow } = disallowUnsafeSysctls.settings;
    expect(allow?.read('net.core.somaxconn,kernel.msg*,net/ipv4/conf/eth0.100/forwarding')).toEqual([
      'net.core.somaxconn',
      'kernel.msg*',
      'net/ipv4/conf/eth0.100/forwarding',
    ]);
    expect(allow?.read('net.*')).toEqual(['net.*']);
    for (const wrong of ['Net.core', 'net..core', 'net.*.core', 'net core', '-net', `${'a'.repeat(254)}`]) {
      expect(allow?.read(wrong), wrong).toBeUndefined();
    }
  });
});
