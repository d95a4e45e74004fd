import { describe, expect, it } from 'vitest';
import { UsageError } from '../../src/core/errors.js';
import { createSession, type SessionOptions } from '../../src/session.js';
import { profiles } from '../../transforms/profiles.js';
import { transforms } from '../../transforms/registry.js';

const pod = (container = '') => `apiVersion: v1
kind: Pod
metadata: {name: web}
spec:
  containers:
    - name: web
      image: registry.example.com/web:1
${container}`;

function idsOf(options: SessionOptions): readonly string[] {
  return createSession(options).transforms.map(({ id }) => id);
}

function complaint(options: SessionOptions): string {
  try {
    createSession(options);
  } catch (error) {
    if (error instanceof UsageError) return error.message;
    throw error;
  }
  return 'none';
}

describe('profiles', () => {
  const byId = new Map(transforms.map((transform) => [transform.id, transform]));

  it('name transforms and settings that there are, with values that they take', () => {
    for (const { name, transforms: members } of profiles) {
      for (const [id, { why, settings = {} }] of Object.entries(members)) {
        const transform = byId.get(id);
        expect(transform, `${name} names ${id}`).toBeDefined();
        expect(why).not.toBe('');
        for (const [key, value] of Object.entries(settings)) {
          expect(transform?.settings[key]?.read(value), `${name}: ${id}.${key}`).toEqual(value);
        }
      }
    }
  });

  it('are for all transforms, in `all`', () => {
    expect([...idsOf({ profile: 'all' })].sort()).toEqual([...byId.keys()].sort());
  });

  it.each(profiles.filter(({ level }) => level).map((profile) => [profile.name, profile] as const))(
    '%s has just the transforms that mend a check of its level',
    (_, { level, transforms: members }) => {
      const levels = level === 'restricted' ? ['baseline', 'restricted'] : ['baseline'];
      const wanted = transforms.filter(({ controls }) => levels.some((other) => controls.pss?.split(', ').includes(other)));
      expect(Object.keys(members).sort()).toEqual(wanted.map(({ id }) => id).sort());
      for (const { id, checks } of wanted) expect(checks, id).not.toHaveLength(0);
    },
  );

  it('are recommended by default', () => {
    expect(createSession().profile.name).toBe('recommended');
    expect(idsOf({})).toEqual(idsOf({ profile: 'recommended' }));
  });
});

describe('a selection', () => {
  it('is of what the profile has', () => {
    expect(idsOf({ profile: 'pss-baseline', transforms: ['disallow-privileged'] })).toEqual(['disallow-privileged']);
    expect(idsOf({ profile: 'pss-baseline', skip: ['disallow-privileged'] })).not.toContain('disallow-privileged');
  });

  it.each<[string, SessionOptions]>([
    ['unknown profile "pss-strict"', { profile: 'pss-strict' }],
    ['unknown transform "drop-capability"; did you mean "drop-capabilities"? All: ', { skip: ['drop-capability'] }],
    [
      '"set-resources" is not part of the profile "pss-restricted"; --profile recommended, nsa and all have it',
      { profile: 'pss-restricted', transforms: ['set-resources'] },
    ],
    [
      '"set-resources" is not part of the profile "pss-restricted"; --profile recommended, nsa and all have it',
      { profile: 'pss-restricted', settings: { 'set-resources': { 'cpu-limit': 'never' } } },
    ],
    [
      'no transform is left to run: every one that was asked for is skipped',
      { transforms: ['set-resources'], skip: ['set-resources'] },
    ],
    [
      'set-user-group.uid is set, but "set-user-group" does not run',
      { transforms: ['set-resources'], settings: { 'set-user-group': { uid: 1 } } },
    ],
    [
      'set-user-group.uid is set, but "set-user-group" does not run',
      { skip: ['set-user-group'], settings: { 'set-user-group': { uid: 1 } } },
    ],
    ['no Kubernetes version or range: 1.x. Write 1.31, 1.28-1.33 or latest', { kubernetesVersion: '1.x' }],
  ])('says %s', (message, options) => {
    expect(complaint(options)).toContain(message);
  });
});

describe('settings', () => {
  it.each<[string, SessionOptions['settings']]>([
    ['set-user-group.uid takes an integer from 1 to 2147483647, not "0"', { 'set-user-group': { uid: '0' } }],
    ['set-user-group.uid takes an integer from 1 to 2147483647, not 1.5', { 'set-user-group': { uid: 1.5 } }],
    ['unknown setting of "set-user-group": "uidd"; did you mean "uid"? All: uid, ', { 'set-user-group': { uidd: 1 } }],
    ['unknown setting of "set-user-group": "__proto__"', { 'set-user-group': JSON.parse('{"__proto__":1}') }],
    ['unknown transform "set-user"', { 'set-user': { uid: 1 } }],
    ['"disallow-privileged" has no settings, so "x" cannot be set', { 'disallow-privileged': { x: 1 } }],
    ['set-resources.cpu-limit takes always or never, not "sometimes"', { 'set-resources': { 'cpu-limit': 'sometimes' } }],
  ])('say %s', (message, settings) => {
    expect(complaint({ settings: settings ?? {} })).toContain(message);
  });

  it('reach the transform, as text and as numbers', () => {
    for (const uid of ['10001', 10001]) {
      const session = createSession({ maxRisk: 'high', settings: { 'set-user-group': { uid } } });
      expect(session.fix('x.yaml', pod()).text).toContain('runAsUser: 10001');
    }
  });

  it('of the caller win over those of the profile', () => {
    const nginx = pod().replace('registry.example.com/web:1', 'nginx:1.27');
    const fix = (options: SessionOptions) =>
      createSession({ profile: 'pss-restricted', maxRisk: 'high', ...options }).fix('x.yaml', nginx).text;
    expect(fix({})).toContain('runAsNonRoot: true');
    expect(fix({ settings: { 'require-non-root': { 'root-images': 'leave' } } })).not.toContain('runAsNonRoot');
  });
});

describe('a run for a level', () => {
  const restricted = { profile: 'pss-restricted', maxRisk: 'high' } as const;

  it('leaves what passes byte for byte, whatever else could be said of it', () => {
    const passing = pod(
      '      securityContext: {runAsNonRoot: true, allowPrivilegeEscalation: false, capabilities: {drop: [ALL]}, seccompProfile: {type: RuntimeDefault}}\n',
    );
    expect(createSession(restricted).fix('x.yaml', passing)).toMatchObject({ status: 'unchanged', text: passing, findings: [] });
  });

  it('asks for what fails on one of the versions', () => {
    const unmasked = pod('      securityContext: {procMount: Unmasked}\n').replace('spec:\n', 'spec:\n  hostUsers: false\n');
    const fix = (kubernetesVersion: string) =>
      createSession({ profile: 'pss-baseline', maxRisk: 'high', kubernetesVersion }).fix('x.yaml', unmasked);
    expect(fix('1.34').text).not.toContain('Unmasked');
    expect(fix('1.34-1.36').text).not.toContain('Unmasked');
    expect(fix('1.35').status).toBe('unchanged');
  });

  it('speaks of a variable that may stand for something forbidden', () => {
    const result = createSession({ profile: 'pss-baseline' }).fix('x.yaml', pod('      securityContext: {privileged: $(P)}\n'));
    expect(result.findings.map(({ transform, reason }) => [transform, reason?.code])).toEqual([
      ['disallow-privileged', 'OPAQUE'],
    ]);
  });
});
