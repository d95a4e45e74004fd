import { describe, expect, test } from 'vitest';
import { createEngine } from '../../src/engine/engine.js';
import type { FileResult } from '../../src/engine/types.js';
import { defineTransform } from '../../src/kube/types.js';
import { SUPPORTED_RANGE } from '../../src/kube/versions/versions.js';
import { createSession, inSurveyOrder, type SessionOptions } from '../../src/session.js';

function run(path: string, files: Readonly<Record<string, string>>, options: SessionOptions = {}): FileResult {
  const session = createSession(options);
  for (const [name, text] of inSurveyOrder(Object.entries(files), ([name]) => name)) session.survey(name, text);
  return session.fix(path, files[path] ?? '');
}

const said = ({ findings }: FileResult) => findings.map(({ line, subject, message }) => `${line} ${subject}: ${message}`).sort();

/** A strategic-merge patch of a Deployment; `spec` is indented by six. */
const patch = (spec: string) => `apiVersion: apps/v1
kind: Deployment
metadata:
  name: web
spec:
  template:
    spec:
${spec}`;

const inPatch = (spec: string, options?: SessionOptions) =>
  run('p.yaml', { 'kustomization.yaml': 'patches: [{path: p.yaml}]\n', 'p.yaml': patch(spec) }, options);

/** What hardening.md calls weak, where it stands. */
describe('a strategic-merge patch that weakens', () => {
  test.each([
    ['      hostNetwork: true\n', '8 pod: hostNetwork: true'],
    ['      hostPID: true\n', '8 pod: hostPID: true'],
    ['      automountServiceAccountToken: true\n', '8 pod: automountServiceAccountToken: true'],
    ['      securityContext: {runAsUser: 0}\n', '8 pod: runAsUser: 0'],
    ['      securityContext:\n        runAsNonRoot: false\n', '9 pod: runAsNonRoot: false'],
    ['      securityContext:\n        seccompProfile: {type: Unconfined}\n', '9 pod: seccomp profile Unconfined'],
    ['      volumes:\n        - name: h\n          hostPath: {path: /etc}\n', '9 volume h: hostPath /etc'],
    [
      '      containers:\n        - name: web\n          ports: [{containerPort: 80, hostPort: 80}]\n',
      '10 container web: hostPort 80',
    ],
  ])('%j', (spec, expected) => expect(said(inPatch(spec))).toEqual([expected]));

  test.each([
    ['privileged: true', 'privileged: true'],
    ['runAsUser: 0', 'runAsUser: 0'],
    ['runAsNonRoot: false', 'runAsNonRoot: false'],
    ['allowPrivilegeEscalation: true', 'allowPrivilegeEscalation: true'],
    ['readOnlyRootFilesystem: false', 'readOnlyRootFilesystem: false'],
    ['capabilities: {add: [SYS_ADMIN]}', 'adds SYS_ADMIN, beyond the baseline'],
    ['seccompProfile: {type: Unconfined}', 'seccomp profile Unconfined'],
    ['procMount: Unmasked', 'procMount: Unmasked'],
  ])('a container with %s', (field, message) => {
    const result = inPatch(`      containers:\n        - name: web\n          securityContext:\n            ${field}\n`);
    expect(said(result)).toEqual([`11 container web: ${message}`]);
    expect(result).toMatchObject({ status: 'left', left: { code: 'PATCH' }, splices: [] });
    expect(result.findings[0]).toMatchObject({ status: 'manual', changes: [], reason: { code: 'PATCH' }, risk: 'high' });
    expect(result.objects).toMatchObject([{ isWorkload: false, isChanged: false, ref: { kind: 'Deployment', name: 'web' } }]);
  });

  test('in a run for a level, what that level forbids', () => {
    const spec = '      hostNetwork: true\n      automountServiceAccountToken: true\n';
    expect(said(inPatch(spec, { profile: 'pss-baseline' }))).toEqual(['8 pod: hostNetwork: true']);
  });

  test('at the risk high, too, nothing is changed', () => {
    expect(inPatch('      hostPID: true\n', { maxRisk: 'high' })).toMatchObject({
      status: 'left',
      text: expect.stringContaining('hostPID'),
    });
  });

  test('may say why', () => {
    const result = inPatch('      hostPID: true # kubemend-ignore disallow-host-namespaces: reads /proc\n');
    expect(result.findings).toMatchObject([{ status: 'suppressed', reason: { text: 'suppressed on line 8: "reads /proc"' } }]);
    expect(result.suppressions).toEqual([]);
    expect(inPatch('      hostPID: false # kubemend-ignore disallow-host-namespaces: reads /proc\n').suppressions).toMatchObject([
      { kind: 'stale', line: 8 },
    ]);
  });
});

describe('a patch that weakens nothing', () => {
  test.each([
    '      securityContext: {runAsNonRoot: true, runAsUser: 1000, seccompProfile: {type: RuntimeDefault}}\n',
    '      containers: [{name: web, resources: {limits: {memory: 1Gi}}}]\n',
    '      containers: [{name: web, resources: {requests: {cpu: 1}}}]\n',
    '      containers: [{name: web, image: "nginx:1.27"}]\n',
    '      containers: [{name: web, securityContext: {capabilities: {drop: [NET_RAW]}}}]\n',
    '      containers: [{name: web, securityContext: {capabilities: {drop: [all], add: [NET_BIND_SERVICE]}}}]\n',
    '      containers: [{name: web, securityContext: {privileged: false, readOnlyRootFilesystem: true}}]\n',
    '      containers: [{name: web, $patch: delete}]\n',
    '      automountServiceAccountToken: false\n',
    '      nodeSelector: {a: b}\n',
  ])('%j', (spec) => expect(inPatch(spec)).toMatchObject({ findings: [], objects: [], suppressions: [] }));

  test('nor one of an object without a pod, or that cannot be read', () => {
    const owner = 'patches: [{path: p.yaml}]\n';
    for (const text of ['apiVersion: v1\nkind: Service\nspec: {hostNetwork: true}\n', 'a: [', '', '- 1\n', '42\n'])
      expect(run('p.yaml', { 'kustomization.yaml': owner, 'p.yaml': text })).toMatchObject({ status: 'left', findings: [] });
  });
});

describe('a JSON 6902 patch that weakens', () => {
  const owner = { 'kustomization.yaml': 'patches: [{path: p.yaml, target: {kind: StatefulSet, name: db}}]\n' };
  const of = (text: string) => run('p.yaml', { ...owner, 'p.yaml': text });
  const op = (path: string, value: string, name = 'add') => `- op: ${name}\n  path: ${path}\n  value: ${value}\n`;

  test.each([
    ['/spec/template/spec/containers/0/securityContext/privileged', 'true', '3 container #1: privileged: true'],
    ['/spec/template/spec/containers/1/securityContext', '{runAsUser: 0}', '3 container #2: runAsUser: 0'],
    [
      '/spec/template/spec/containers/0/securityContext/capabilities/add/-',
      'SYS_PTRACE',
      '3 container #1: adds SYS_PTRACE, beyond the baseline',
    ],
    ['/spec/template/spec/hostNetwork', 'true', '3 pod: hostNetwork: true'],
    ['/spec/template/spec/volumes/-', '{name: h, hostPath: {path: /}}', '3 volume h: hostPath /'],
    ['/spec/jobTemplate/spec/template/spec/hostPID', 'true', '3 pod: hostPID: true'],
    ['/spec/containers/0/securityContext/privileged', 'true', '3 container #1: privileged: true'],
    ['/spec/template/spec/containers/999999999/securityContext/privileged', 'true', '3 container #1: privileged: true'],
  ])('%s', (path, value, expected) => {
    expect(said(of(op(path, value)))).toEqual([expected]);
    expect(of(op(path, value)).findings[0]?.object).toMatchObject({ kind: 'StatefulSet', name: 'db', line: 1 });
    expect(said(of(op(path, value, 'test')))).toEqual([]);
  });

  test('each operation at its own lines, JSON too', () => {
    const json = `[
  {"op": "add", "path": "/metadata/labels/x", "value": "y"},
  {"op": "replace", "path": "/spec/template/spec/hostIPC", "value": true},
  {"op": "remove", "path": "/spec/template/spec/hostPID"}
]`;
    expect(said(of(json))).toEqual(['3 pod: hostIPC: true']);
  });

  test('what is no pointer into a pod is nothing', () => {
    for (const path of ['', 'spec', '/', '/spec', '/spec/template', '/metadata/x', '/spec/template/spec/__proto__/x'])
      expect(of(op(JSON.stringify(path), 'true'))).toMatchObject({ status: 'left', findings: [] });
  });
});

describe('a patch with a target', () => {
  const merge = (kind: string, target: string, spec = '{template: {spec: {hostPID: true}}}') =>
    run('kustomization.yaml', {
      'kustomization.yaml': `patches:\n- target: ${target}\n  patch: |\n    apiVersion: apps/v1\n    kind: ${kind}\n    metadata: {name: any}\n    spec: ${spec}\n`,
    });
  const operation = (target: string, path: string, options?: SessionOptions) =>
    run(
      'kustomization.yaml',
      {
        'kustomization.yaml': `patches:\n- target: ${target}\n  patch: |\n    - {op: add, path: ${path}, value: {privileged: true}}\n`,
      },
      options,
    );

  test.each([
    ['whatever', '{kind: Deployment, name: web}', 'Deployment web'],
    ['whatever', '{labelSelector: a=b}', 'whatever any'],
    ['Deployment', '{kind: StatefulSet}', 'StatefulSet any'],
    ['Deployment', '{name: "web-.*"}', 'Deployment any'],
  ])('need not name the kind: %s, for %s', (kind, target, object) => {
    const result = merge(kind, target);
    expect(said(result)).toEqual(['7 pod: hostPID: true']);
    expect(result.findings.map(({ object: { kind, name } }) => `${kind} ${name}`)).toEqual([object]);
  });

  test('says which kind it is a part of', () => {
    expect(said(merge('any', '{kind: Pod}', '{hostPID: true}'))).toEqual(['7 pod: hostPID: true']);
    expect(said(merge('any', '{kind: CronJob}', '{jobTemplate: {spec: {template: {spec: {hostPID: true}}}}}'))).toHaveLength(1);
    expect(said(merge('any', '{kind: Service}', '{hostPID: true}'))).toEqual([]);
    expect(said(merge('any', '{group: argoproj.io, kind: Workflow}', '{templates: [{name: a, hostPID: true}]}'))).toEqual([]);
    const step = '{templates: [{name: a, container: {image: x, securityContext: {privileged: true}}}]}';
    expect(said(merge('any', '{group: argoproj.io, kind: Workflow}', step))).toHaveLength(1);
  });

  test('by operations, of a kind that keeps its pods elsewhere', () => {
    const path = '/spec/templates/0/container/securityContext';
    expect(said(operation('{group: argoproj.io, kind: Workflow}', path))).toEqual([
      '4 template #1: container main: privileged: true',
    ]);
    expect(said(operation('{kind: Workflow}', path))).toHaveLength(1);
    expect(said(operation('{kind: Deployment}', path))).toEqual([]);
    const own = '/machine/spec/containers/0/securityContext';
    const kinds = [{ group: 'example.com', kind: 'Machine', podTemplate: 'machine' }];
    expect(said(operation('{kind: Machine}', own, { kinds }))).toEqual(['4 container #1: privileged: true']);
    expect(said(operation('{kind: Machine}', own))).toEqual([]);
  });
});

describe('a patch that takes away what hardens', () => {
  const owner = { 'kustomization.yaml': 'patches: [{path: p.yaml, target: {kind: StatefulSet, name: db}}]\n' };
  const removing = (path: string) => run('p.yaml', { ...owner, 'p.yaml': `- op: remove\n  path: /spec/template/spec/${path}\n` });

  test.each([
    ['securityContext/runAsNonRoot', ['2 pod: takes runAsNonRoot away: may run as root']],
    ['automountServiceAccountToken', ['2 pod: takes automountServiceAccountToken away: token mounted']],
    [
      'containers/1/securityContext/readOnlyRootFilesystem',
      ['2 container #2: takes readOnlyRootFilesystem away: the root file system is writable'],
    ],
    [
      'containers/0/securityContext/allowPrivilegeEscalation',
      ['2 container #1: takes allowPrivilegeEscalation away: may gain more privileges than its parent'],
    ],
    ['containers/0/securityContext/capabilities', ['2 container #1: takes capabilities away: keeps all default capabilities']],
    ['containers/0/securityContext/capabilities/drop', ['2 container #1: takes drop away: keeps all default capabilities']],
    ['securityContext/seccompProfile', ['2 pod: takes seccompProfile away: no seccomp profile']],
  ])('%s, by an operation', (path, expected) => {
    const result = removing(path);
    expect(said(result)).toEqual(expected);
    expect(result.findings[0]).toMatchObject({
      status: 'manual',
      reason: { code: 'PATCH' },
      changes: [],
      object: { name: 'db' },
    });
  });

  test.each([
    ['      automountServiceAccountToken: null\n', ['8 pod: takes automountServiceAccountToken away: token mounted']],
    ['      securityContext:\n        runAsNonRoot: null\n', ['9 pod: takes runAsNonRoot away: may run as root']],
    ['      securityContext: {seccompProfile: {$patch: delete}}\n', ['8 pod: takes seccompProfile away: no seccomp profile']],
  ])('by a merge: %j', (spec, expected) => {
    const result = inPatch(spec);
    expect(said(result)).toEqual(expected);
    expect(result.objects).toHaveLength(1);
  });

  test.each(['null', '{}'])('by an operation that leaves %s of it', (value) => {
    const replacing = (op: string) =>
      run('p.yaml', {
        ...owner,
        'p.yaml': `- op: ${op}\n  path: /spec/template/spec/containers/0/securityContext\n  value: ${value}\n`,
      });
    expect(said(replacing('replace'))).toContain('2 container #1: takes securityContext away: the root file system is writable');
    // To others, which write into it then.
    expect(said(replacing('add'))).toEqual([]);
  });

  test('a whole security context, each thing of it', () => {
    const emptied = inPatch('      containers:\n        - name: web\n          securityContext: {$patch: replace}\n');
    expect(emptied.findings).toHaveLength(3);
    const whole = inPatch('      containers:\n        - name: web\n          securityContext: null\n');
    expect(whole.findings.map(({ transform }) => transform).sort()).toEqual([
      'disallow-privilege-escalation',
      'drop-capabilities',
      'read-only-root-filesystem',
    ]);
    expect(said(whole).every((line) => line.startsWith('10 container web: takes securityContext away: '))).toBe(true);
  });

  test('may say why', () => {
    const text =
      '# kubemend-ignore require-non-root: an init container chowns\n- {op: remove, path: /spec/template/spec/securityContext/runAsNonRoot}\n';
    expect(run('p.yaml', { ...owner, 'p.yaml': text }).findings).toMatchObject([{ status: 'suppressed' }]);
  });

  test('both what it writes and what it takes away, of one object', () => {
    const result = inPatch('      hostPID: true\n      automountServiceAccountToken: null\n');
    expect(said(result)).toEqual(['8 pod: hostPID: true', '9 pod: takes automountServiceAccountToken away: token mounted']);
    expect(result.objects).toHaveLength(1);
  });

  test('in a run for a level, what that level asks for', () => {
    const spec = '      automountServiceAccountToken: null\n      securityContext: {runAsNonRoot: null}\n';
    expect(said(inPatch(spec, { profile: 'pss-baseline' }))).toEqual([]);
    expect(said(inPatch(spec, { profile: 'pss-restricted' }))).toEqual(['9 pod: takes runAsNonRoot away: may run as root']);
  });

  test('nothing else is missed', () => {
    for (const path of [
      'securityContext/runAsUser',
      'securityContext/fsGroup',
      'containers/0',
      'containers/0/image',
      'containers/0/resources/limits',
      'containers/0/securityContext/privileged',
      'containers/0/securityContext/capabilities/add',
      'hostNetwork',
      'volumes/0',
    ])
      expect([path, said(removing(path))]).toEqual([path, []]);
    for (const spec of [
      '      hostNetwork: null\n',
      '      containers: [{name: web, $patch: delete}]\n',
      '      volumes: null\n',
    ])
      expect([spec, said(inPatch(spec))]).toEqual([spec, []]);
  });
});

describe('a patch that no kustomization names', () => {
  const loose = (text: string, options?: SessionOptions) => run('p.yaml', { 'p.yaml': text }, options);
  const service = 'apiVersion: v1\nkind: Service\nmetadata: {name: s}\n';

  test('is searched where it is visibly one', () => {
    const text = `${service}---\n${patch('      hostPID: true\n      automountServiceAccountToken: null\n')}`;
    const result = loose(text);
    expect(said(result)).toEqual(['12 pod: hostPID: true', '13 pod: takes automountServiceAccountToken away: token mounted']);
    expect(result).toMatchObject({ status: 'unchanged', text, objects: [{ ref: { name: 'web', line: 5 }, isWorkload: false }] });
    expect(result.objects[0]?.left).toBeUndefined();
    expect(said(loose(text, { touched: (_, from) => from < 4 }))).toEqual([]);
  });

  test('by operations, too', () => {
    const operations = '- op: add\n  path: /spec/template/spec/hostIPC\n  value: true\n';
    expect(said(loose(operations))).toEqual(['3 pod: hostIPC: true']);
    expect(said(loose('[{"op": "replace", "path": "/spec/template/spec/hostIPC", "value": true}]'))).toEqual([
      '1 pod: hostIPC: true',
    ]);
    expect(said(loose(`sops: {mac: x}\n---\n${operations}`))).toEqual([]);
    expect(said(loose(`a: {op: add}\n---\n${operations.replace('true', 'false')}`))).toEqual([]);
  });

  test('stays as it is where it weakens nothing, or someone says why', () => {
    expect(loose(patch('      nodeSelector: {a: b}\n'))).toMatchObject({
      findings: [],
      objects: [{ left: 'a part of an object: no containers' }],
    });
    const kept = loose(patch('      hostPID: true # kubemend-ignore disallow-host-namespaces: reads /proc\n'));
    expect(kept).toMatchObject({ findings: [{ status: 'suppressed' }], suppressions: [] });
  });
});

describe('a patch in a kustomization', () => {
  const kustomization = `resources: [web.yaml]
patches:
  - patch: |-
      apiVersion: apps/v1
      kind: Deployment
      metadata: {name: web}
      spec:
        template:
          spec:
            hostNetwork: true
  # kubemend-ignore disallow-privileged: a build host
  - target: {kind: Deployment, name: web}
    patch: '[{"op": "add", "path": "/spec/template/spec/containers/0/securityContext", "value": {"privileged": true, "runAsUser": 0}}]'
patchesStrategicMerge:
  - |

    apiVersion: apps/v1
    kind: Deployment
    metadata: {name: web}
    spec:
      template:
        spec: {automountServiceAccountToken: true}
`;
  const result = run('kustomization.yaml', { 'kustomization.yaml': kustomization });

  test('is found at its line of the file', () => {
    expect(said(result)).toEqual([
      '10 pod: hostNetwork: true',
      '13 container #1: privileged: true',
      '13 container #1: runAsUser: 0',
      '22 pod: automountServiceAccountToken: true',
    ]);
    expect(result).toMatchObject({ status: 'left', left: { code: 'KUSTOMIZATION' }, text: kustomization });
  });

  test('is suppressed where it is named', () => {
    const suppressed = result.findings.filter(({ status }) => status === 'suppressed');
    expect(suppressed.map(({ transform, reason }) => [transform, reason?.text])).toEqual([
      ['disallow-privileged', 'suppressed on line 11: "a build host"'],
    ]);
  });

  test('a suppression in the patch is named by its line of the file', () => {
    const text = kustomization.replace('hostNetwork: true', 'hostNetwork: true # kubemend-ignore disallow-host-namespaces: x');
    const { findings } = run('kustomization.yaml', { 'kustomization.yaml': text });
    const first = findings.find(({ transform }) => transform === 'disallow-host-namespaces');
    expect(first?.reason?.text).toBe('suppressed on line 10: "x"');
  });

  test('of a transformer beside it, too', () => {
    const transformer =
      'kind: PatchTransformer\nmetadata: {name: x}\npatch: |\n  - {op: add, path: /spec/template/spec/hostPID, value: true}\n';
    const files = { 'kustomization.yaml': 'transformers: [t.yaml]\n', 't.yaml': transformer };
    expect(said(run('t.yaml', files))).toEqual(['4 pod: hostPID: true']);
  });
});

describe('a patch is looked at by those that may find something in it', () => {
  const looks = (text: string): number => {
    let count = 0;
    const counting = defineTransform({
      id: 'count-looks',
      title: 'Counts',
      risk: 'high',
      controls: {},
      writtenWords: ['securityContext'],
      check: () => {
        count++;
        return [];
      },
    });
    const options = { maxRisk: 'high', includeSystem: false, series: false, forecast: [] } as const;
    const engine = createEngine({ ...options, today: '2026-06-01', versions: SUPPORTED_RANGE, transforms: [counting] });
    engine.searchPatch('p.yaml', text, []);
    return count;
  };

  test.each([
    ['a word', '      securityContext: {runAsUser: 1}\n', 1],
    ['what may stand for it', `      "security\\x43ontext": {runAsUser: 1}\n`, 1],
    ['a variable', '      priorityClassName: $(NAME)\n', 1],
    ['none of its words', '      priorityClassName: high\n', 0],
    ['none, and a suppression', '      priorityClassName: high # kubemend-ignore count-looks: so\n', 0],
  ])('%s', (_, spec, times) => expect(looks(patch(spec))).toBe(times));
});
