import { describe, expect, it } from 'vitest';
import type { JsonObject } from '../../../src/core/json.js';
import { dropCapabilities } from '../../../transforms/drop-capabilities.js';
import { containerOf as containerAt, deployment, evaluate } from '../../transforms/evaluate.js';

describe('what a container needs of its capabilities', () => {
  const check = (container: JsonObject, pod: JsonObject = {}) => evaluate([dropCapabilities], deployment(container, pod));
  const capabilities = (container: JsonObject, pod: JsonObject = {}) =>
    (containerAt(check(container, pod).value).securityContext as JsonObject).capabilities;

  it('says how many of them a known image needs, and who says so', () => {
    expect(check({ image: 'nginx:1.27' }).findings).toMatchObject([
      {
        subject: 'container web',
        message: 'keeps all default capabilities',
        evidence: 'nginx:1.27 (docker-nginx, Dockerfile) starts as root and needs 4 of them',
      },
    ]);
  });

  it.each([
    ['memcached:1.6', 'low', 'memcached:1.6 (memcached, Dockerfile) needs none'],
    ['evil.example/library/memcached:1.6', 'medium', 'memcached:1.6 (memcached, Dockerfile), by its name, needs none'],
  ])('says of %s that it is %s', (image, risk, evidence) => {
    expect(check({ image }).findings).toMatchObject([{ risk, evidence }]);
  });

  it('does not rest on the image alone where a hook runs besides', () => {
    const lifecycle = { postStart: { exec: { command: ['chown', '1000', '/x'] } } };
    expect(check({ image: 'memcached:1.6', lifecycle }).findings).toMatchObject([
      { risk: 'high', evidence: 'memcached:1.6 (memcached, Dockerfile) needs none, but its postStart hook does more' },
    ]);
  });

  it('takes nothing from the catalogue where a command replaces the entrypoint', () => {
    const { findings, value } = check({ image: 'nginx:1.27', command: ['sleep', 'infinity'] });
    expect(findings).toMatchObject([{ risk: 'high' }]);
    expect(containerAt(value).securityContext).toEqual({ capabilities: { drop: ['ALL'] } });
  });

  it.each([
    [['nginx', '-g', 'daemon off;'], 'medium'],
    [['/usr/sbin/nginx'], 'medium'],
    [['nginx-debug'], 'high'],
    [['$NGINX'], 'high'],
  ])('takes the command %j for what the name of the image says', (command, risk) => {
    expect(check({ image: 'nginx:1.27', command }).findings).toMatchObject([{ risk }]);
  });

  it('takes an option with a variable for an argument of the image', () => {
    expect(check({ image: 'redis:7', args: ['--port=$(PORT)'] }).findings).toMatchObject([{ risk: 'medium' }]);
  });

  it.each([['redis-server'], ['--appendonly'], ['/usr/local/bin/redis-server']])(
    'knows %s for an argument of the image',
    (first) => {
      expect(check({ image: 'redis:7', args: [first, 'yes'] }).findings).toMatchObject([{ risk: 'medium' }]);
    },
  );

  it.each([[['sh', '-c', 'x']], [['$COMMAND']], ['$ARGUMENTS']])('takes %j for a program of the manifest', (args) => {
    expect(check({ image: 'redis:7', args }).findings).toMatchObject([{ risk: 'high' }]);
  });

  it('gives a root entrypoint nothing back where the manifest starts it as another user', () => {
    expect(capabilities({ image: 'nginx:1.27', securityContext: { runAsUser: 101 } })).toEqual({ drop: ['ALL'] });
    expect(capabilities({ image: 'nginx:1.27' }, { securityContext: { runAsUser: 101 } })).toEqual({ drop: ['ALL'] });
  });

  it('gives file capabilities back to any user', () => {
    const image = 'registry.k8s.io/ingress-nginx/controller:v1.11.2';
    expect(capabilities({ image, securityContext: { runAsUser: 101 } })).toEqual({ drop: ['ALL'], add: ['NET_BIND_SERVICE'] });
  });

  it('does not rest on what an image needs as its own user where the manifest makes it root', () => {
    expect(check({ image: 'grafana/grafana:11.0.0', securityContext: { runAsUser: 0 } }).findings).toMatchObject([
      { risk: 'high' },
    ]);
    expect(check({ image: 'grafana/grafana:11.0.0', securityContext: { runAsUser: '$UID' } }).findings).toMatchObject([
      { risk: 'high' },
    ]);
  });

  it('does not add NET_BIND_SERVICE where the pod lets everyone bind low ports', () => {
    const sysctls = [{ name: 'net.ipv4.ip_unprivileged_port_start', value: '0' }];
    const ports = [{ containerPort: 80 }];
    expect(capabilities({ ports }, { securityContext: { sysctls } })).toEqual({ drop: ['ALL'] });
    expect(capabilities({ ports }, { securityContext: { sysctls }, hostNetwork: true })).toEqual({
      drop: ['ALL'],
      add: ['NET_BIND_SERVICE'],
    });
  });

  it('removes and adds in one list when it does both', () => {
    const before = { image: 'redis:7', securityContext: { capabilities: { add: ['SYS_ADMIN'] } } };
    expect(capabilities(before)).toEqual({ add: ['CHOWN', 'DAC_OVERRIDE', 'SETGID', 'SETUID'], drop: ['ALL'] });
  });

  it('does not undo an added ALL that stays', () => {
    const before = { securityContext: { runAsUser: 1000, capabilities: { add: ['ALL'] } } };
    expect(capabilities(before)).toEqual({ drop: ['ALL'] });
    const { findings, value } = evaluate([dropCapabilities], deployment(before), { maxRisk: 'medium' });
    expect(findings).toMatchObject([{ risk: 'high' }, { unless: expect.stringMatching(/^ALL is added beside it/) }]);
    expect(containerAt(value).securityContext).toEqual(before.securityContext);
  });

  describe('where folders of the host are mounted', () => {
    const volumes = [
      { name: 'logs', hostPath: { path: '/var/log' } },
      { name: 'zone', hostPath: { path: '/etc/localtime' } },
      { name: 'data', emptyDir: {} },
    ];
    const mounting = (name: string) => ({ volumeMounts: [{ name, mountPath: '/x', readOnly: true }] });
    const riskOf = (container: JsonObject) => check(container, { volumes }).findings[0];
    const evidence = expect.stringMatching(/volume "logs" is of the host, and without DAC_OVERRIDE root reads there only what/);

    it.each<[string, JsonObject]>([
      ['an image that needs none', { image: 'memcached:1.6', securityContext: { runAsUser: 0 } }],
      ['a log collector', { image: 'fluent/fluent-bit:3.1.7' }],
      ['another log collector', { image: 'timberio/vector:0.40.0-alpine' }],
      ['an unknown image', {}],
      ['an unknown image as root', { securityContext: { runAsUser: 0 } }],
    ])('%s may read files of other users there', (_, container) => {
      expect(riskOf({ ...container, ...mounting('logs') })).toMatchObject({ risk: 'high', evidence });
    });

    it('makes a collector without any an image like others', () => {
      expect(riskOf({ image: 'fluent/fluent-bit:3.1.7' })).toMatchObject({
        risk: 'medium',
        evidence: expect.stringMatching(/needs none$/),
      });
    });

    it.each<[string, JsonObject]>([
      ['a process that is not root', { image: 'memcached:1.6', ...mounting('logs') }],
      ['what keeps the capability', { image: 'redis:7', ...mounting('logs') }],
      ['what adds it', { ...mounting('logs'), securityContext: { capabilities: { add: ['DAC_READ_SEARCH'] } } }],
      ['what did without it', { ...mounting('logs'), securityContext: { capabilities: { drop: ['DAC_OVERRIDE'] } } }],
      ['files that are open to all', { ...mounting('zone') }],
      ['another volume', { ...mounting('data') }],
      ['nothing mounted', {}],
      ['an image that is documented to read them without', { image: 'grafana/promtail:3.1.0', ...mounting('logs') }],
    ])('not %s', (_, container) => {
      expect(String(riskOf(container)?.evidence)).not.toContain('is of the host');
    });

    it.each([
      ['/etc/localtime', 'low'],
      ['/etc/ssl/certs/ca.pem', 'low'],
      ['/lib/modules', 'low'],
      ['/proc', 'low'],
      ['/sys/class/net', 'low'],
      ['/usr/share/zoneinfo', 'low'],
      ['/etc/ssl/private', 'high'],
      ['/etc/localtime.d', 'high'],
      ['/srv/etc/localtime', 'high'],
    ])('%s of the host is %s for root that needs no capability', (path, risk) => {
      const container = { image: 'registry:2', ...mounting('host') };
      expect(check(container, { volumes: [{ name: 'host', hostPath: { path } }] }).findings).toMatchObject([{ risk }]);
    });
  });

  it('removes ALL from what is added', () => {
    expect(capabilities({ securityContext: { capabilities: { add: ['ALL'], drop: ['ALL'] } } })).toEqual({ drop: ['ALL'] });
  });
});
