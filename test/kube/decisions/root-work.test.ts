import { describe, expect, it } from 'vitest';
import type { JsonObject } from '../../../src/core/json.js';
import { chooseCapabilityRule, findCapabilityNeeds } from '../../../src/kube/decisions/capabilities.js';
import { findHostFolder, findRootWork, listHostVolumes } from '../../../src/kube/decisions/root-work.js';
import { canRunAsNonRoot } from '../../../src/kube/decisions/user.js';
import { contextOf } from './container.js';

const workOf = (container: JsonObject) => findRootWork(contextOf(container).containers[0] as never);

describe('findRootWork', () => {
  it.each<[string, readonly string[], string]>([
    ['chown', ['sh', '-c', 'chown -R 1000 /data'], 'its command runs chown'],
    ['chown', ['chown', '-R', '1000', '/data'], 'its command runs chown'],
    ['chown', ['/bin/chown', '1000', '/data'], 'its command runs chown'],
    ['a package manager', ['sh', '-c', 'set -e\napt-get update && apt-get install -y curl'], 'its command runs apt-get'],
    ['several', ['sh', '-c', 'if true; then useradd x; fi; mount -t tmpfs x /y'], 'its command runs useradd, mount'],
    ['a sysctl', ['sh', '-c', 'sysctl -w vm.max_map_count=262144'], 'its command runs sysctl'],
    ['a firewall', ['sh', '-c', '(iptables -t nat -A X)'], 'its command runs iptables'],
    ['behind exec', ['sh', '-c', 'exec su-exec web /server'], 'its command runs su-exec'],
  ])('sees %s', (_, command, reason) => {
    expect(workOf({ command })?.reason).toBe(reason);
  });

  it('says which option asks for root', () => {
    expect(workOf({ args: ['serve', '--user', '0:0'] })?.reason).toBe('its args have --user 0');
    expect(workOf({ command: ['notebook', '--allow-root'] })?.reason).toBe('its command has --allow-root');
  });

  it('looks at arguments and hooks too', () => {
    expect(workOf({ args: ['chown x y'] })?.reason).toBe('its args run chown');
    const lifecycle = { postStart: { exec: { command: ['sh', '-c', 'chown x y'] } } };
    expect(workOf({ lifecycle })?.reason).toBe('its postStart hook runs chown');
  });

  it.each([
    [['--mount', '/data']],
    [['echo', 'how to chown a file']],
    [['sysctl', '-a']],
    [['/opt/mount-checker']],
    [['--su=x', 'sudoku']],
  ])('bears %j', (command) => {
    expect(workOf({ command })).toBeUndefined();
  });

  it('says nothing of what stands behind the program', () => {
    expect(JSON.stringify(workOf({ command: ['sh', '-c', 'chown secret /x'] }))).not.toContain('secret');
  });
});

describe('what root does', () => {
  const needsOf = (container: JsonObject, pod: JsonObject = {}) => {
    const context = contextOf(container, pod);
    const rule = chooseCapabilityRule(context, { add: undefined, needed: 'keep' });
    return findCapabilityNeeds(context.containers[0] as never, context.pod, rule);
  };
  const command = ['sh', '-c', 'chown -R 1000 /data'];

  it('gets the capabilities back that it takes', () => {
    expect(needsOf({ command })).toMatchObject({
      answer: { add: ['CHOWN', 'DAC_OVERRIDE', 'FOWNER'] },
      risk: 'high',
      evidence: ['what it needs is not known', 'its command runs chown'],
    });
  });

  it('is not done by others', () => {
    expect(needsOf({ command, securityContext: { runAsUser: 1000 } })).toMatchObject({ answer: { add: [] }, risk: 'medium' });
  });

  it('raises the risk of an image that is not root of its own accord', () => {
    const risk = (container: JsonObject, pod: JsonObject = {}) => {
      const context = contextOf({ image: 'quay.io/prometheus/prometheus:v2.50.0', ...container }, pod);
      return canRunAsNonRoot(context.containers[0] as never, listHostVolumes(context.pod), 'leave').risk;
    };
    const before = risk({});
    expect(risk({ args: ['chown x y'] })).toBe('high');
    const volumes = [{ name: 'logs', hostPath: { path: '/var/log' } }];
    expect(risk({ volumeMounts: [{ name: 'logs', mountPath: '/l' }] }, { volumes })).toBe('high');
    expect(risk({ volumeMounts: [{ name: 'logs', mountPath: '/l', readOnly: true }] }, { volumes })).toBe(before);
  });
});

describe('findHostFolder', () => {
  it('names the volume', () => {
    const { pod, containers } = contextOf(
      { volumeMounts: [{ name: 'logs', mountPath: '/l' }] },
      { volumes: [{ name: 'logs', hostPath: { path: '/var/log' } }] },
    );
    expect(findHostFolder(containers[0] as never, listHostVolumes(pod))).toBe(
      'volume "logs" is a folder of the host, whose files may be root\'s',
    );
  });
});
