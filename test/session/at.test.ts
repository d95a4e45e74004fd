import { describe, expect, it } from 'vitest';
import { createSession, type PathOptions } from '../../src/session.js';
import type { Profile } from '../../transforms/profiles.js';
import { deployment } from '../cli/kubemend.js';

const statuses = (session: ReturnType<typeof createSession>, path: string, text = deployment()) => {
  const { findings } = session.fix(path, text);
  return Object.fromEntries(findings.map(({ transform, status }) => [transform, status]));
};

describe('options of a path', () => {
  const own: PathOptions = { maxRisk: 'high', skip: ['set-resources'] };
  const session = createSession({ at: (path) => (path.startsWith('dev/') ? own : undefined) });

  it('stand in place of those of the run, there only', () => {
    expect(statuses(session, 'dev/web.yaml')).toMatchObject({ 'drop-capabilities': 'ready' });
    expect(statuses(session, 'dev/web.yaml')).not.toHaveProperty('set-resources');
    expect(statuses(session, 'web.yaml')).toMatchObject({ 'drop-capabilities': 'held', 'set-resources': 'held' });
  });

  it('may leave no transform, which the run may not', () => {
    const none: Profile = { name: 'none', about: 'nothing', transforms: {} };
    expect(() => createSession({ profile: none })).toThrow('no transform is left to run');
    expect(createSession({ at: () => ({ profile: none }) }).fix('web.yaml', deployment())).toMatchObject({
      status: 'unchanged',
      findings: [],
    });
  });

  it('are made ready once for each object', () => {
    let reads = 0;
    const counted = {
      get maxRisk() {
        reads++;
        return 'low' as const;
      },
    };
    const counting = createSession({ at: () => counted });
    for (const name of ['a', 'b', 'c']) counting.fix(`${name}.yaml`, deployment(name));
    expect(reads).toBe(1);
  });

  it('rest on the facts of all files', () => {
    const joint = createSession({ at: (path) => (path.startsWith('dev/') ? own : undefined) });
    const text = deployment().replace('      containers:', '      serviceAccountName: web\n      containers:');
    joint.survey('dev/web.yaml', text);
    expect(statuses(joint, 'dev/web.yaml', text)).toHaveProperty('disable-token-automount', 'ready');
    joint.survey(
      'rbac.yaml',
      'apiVersion: v1\nkind: ServiceAccount\nmetadata: {name: web, namespace: shop}\nautomountServiceAccountToken: false\n',
    );
    expect(statuses(joint, 'dev/web.yaml', text)).not.toHaveProperty('disable-token-automount');
  });

  it('count for what is judged', () => {
    const system = deployment().replace('namespace: shop', 'namespace: kube-system');
    const judging = createSession({ at: (path) => (path === 'a.yaml' ? { includeSystem: true } : undefined) });
    expect(judging.judge('a.yaml', system, 'restricted').objects[0]).not.toHaveProperty('left');
    expect(judging.judge('b.yaml', system, 'restricted').objects[0]).toHaveProperty('left');
  });
});

describe('a limit for one transform', () => {
  it('stands in place of that of the run', () => {
    const higher = createSession({ maxRisk: 'low', risks: { 'drop-capabilities': 'high' } });
    expect(statuses(higher, 'a.yaml')).toMatchObject({ 'drop-capabilities': 'ready', 'read-only-root-filesystem': 'held' });
    const lower = createSession({ maxRisk: 'high', risks: { 'drop-capabilities': 'medium' } });
    expect(statuses(lower, 'a.yaml')).toMatchObject({ 'drop-capabilities': 'held', 'read-only-root-filesystem': 'ready' });
  });

  it('leaves the outlook at another risk as it is', () => {
    const outlook = (maxRisk: 'low' | 'high', risks: PathOptions['risks'] = {}) =>
      createSession({ maxRisk, risks, forecast: ['low', 'medium', 'high'] }).fix('a.yaml', deployment()).objects[0]?.podSecurity;
    const { at } = outlook('low') ?? {};
    expect(at).toMatchObject({ high: 'restricted' });
    expect(outlook('low', { 'drop-capabilities': 'high' })?.at).toEqual(at);
    expect(outlook('high', { 'drop-capabilities': 'low' })).toMatchObject({ after: 'baseline', at });
  });

  it('is of a transform that there is', () => {
    expect(() => createSession({ risks: { 'drop-caps': 'low' } })).toThrow('there is no transform "drop-caps"');
  });
});

describe('system namespaces of your own', () => {
  it('are left alone', () => {
    const session = createSession({ systemNamespaces: ['platform-*'] });
    const at = (namespace: string) => session.fix('a.yaml', deployment().replace('namespace: shop', `namespace: ${namespace}`));
    expect(at('platform-ci').objects[0]?.left).toBe('system namespace platform-ci (--include-system)');
    expect(at('platform').objects[0]?.left).toBeUndefined();
  });
});

describe('a profile of your own', () => {
  it('has the transforms that it names', () => {
    const profile: Profile = { name: 'ours', about: 'one thing', transforms: { 'set-seccomp-profile': { why: 'ours' } } };
    const session = createSession({ profile });
    expect(session.transforms.map(({ id }) => id)).toEqual(['set-seccomp-profile']);
    expect(statuses(session, 'a.yaml')).toEqual({ 'set-seccomp-profile': 'ready' });
  });
});
