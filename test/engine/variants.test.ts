import { describe, expect, test } from 'vitest';
import { createSession, inSurveyOrder, type SessionOptions } from '../../src/session.js';

const web = (image = 'nginx:1.27') => `apiVersion: apps/v1
kind: Deployment
metadata: {name: web}
spec:
  selector: {matchLabels: {a: b}}
  template:
    metadata: {labels: {a: b}}
    spec:
      containers:
        - name: web
          image: ${image}
`;

const base = { 'base/kustomization.yaml': 'resources: [web.yaml]\n', 'base/web.yaml': web() };

function decide(files: Readonly<Record<string, string>>, options: SessionOptions = {}) {
  const session = createSession(options);
  const all = { ...base, ...files };
  for (const [path, text] of inSurveyOrder(Object.entries(all), ([path]) => path)) session.survey(path, text);
  const { findings, text } = session.fix('base/web.yaml', all['base/web.yaml']);
  const of = (id: string) => findings.find(({ transform }) => transform === id);
  const again = () => session.fix('base/web.yaml', text).status;
  return { of, again, findings };
}

const overlay = (text: string) => ({ 'dev/kustomization.yaml': `resources: [../base]\n${text}` });

describe('the image of an overlay', () => {
  test('alone decides nothing', () => {
    expect(decide({}).of('drop-capabilities')).toMatchObject({ status: 'ready', risk: 'medium' });
    expect(decide(overlay('images: [{name: apache, newName: x}]\n')).of('drop-capabilities')).toMatchObject({ risk: 'medium' });
  });

  test.each([
    ['another name', 'images: [{name: nginx, newName: registry.example.com/web}]\n'],
    ['through a component', 'components: [../part]\n'],
    ['by a patch', 'patches:\n  - path: p.yaml\n'],
    [
      'by a patch in place',
      `patches:\n  - target: {kind: Deployment}\n    patch: '[{"op": "replace", "path": "/spec/template/spec/containers/0/image", "value": "example.com/web:1"}]'\n`,
    ],
  ])('counts beside that of the base: %s', (_, text) => {
    const part = 'kind: Component\nimages: [{name: nginx, newName: example.com/web, newTag: "1"}]\n';
    const patch =
      'apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: web}\nspec: {template: {spec: {containers: [{name: web, image: example.com/web}]}}}\n';
    const files = { ...overlay(text), 'part/kustomization.yaml': part, 'dev/p.yaml': patch };
    const { of, again } = decide(files);
    expect(of('drop-capabilities')).toMatchObject({ status: 'held', risk: 'high' });
    expect(of('set-resources')).toMatchObject({ evidence: expect.stringMatching(/^as dev\/kustomization\.yaml has it: /) });
    expect(of('read-only-root-filesystem')).toMatchObject({ status: 'held', risk: 'high' });
    // Whatever the image, this is the same.
    expect(of('set-seccomp-profile')).toMatchObject({ status: 'ready', risk: 'low' });
    expect(again()).toBe('unchanged');
  });

  test('the worst of several, by a second overlay on the first', () => {
    const files = {
      ...overlay('namespace: dev\n'),
      'prod/kustomization.yaml': 'resources: [../dev]\nimages: [{name: nginx, newName: example.com/web}]\n',
    };
    expect(decide(files).of('set-resources')?.evidence).toMatch(/^as prod\/kustomization\.yaml has it/);
  });

  test('a tag of the same image changes nothing', () => {
    expect(decide(overlay('images: [{name: nginx, newTag: "1.28"}]\n')).of('drop-capabilities')).toMatchObject({
      status: 'ready',
    });
  });
});

describe('the namespace of an overlay', () => {
  const binding = `apiVersion: rbac.authorization.k8s.io/v1
kind: RoleBinding
metadata: {name: b, namespace: far}
roleRef: {kind: Role, name: r, apiGroup: rbac.authorization.k8s.io}
subjects: [{kind: ServiceAccount, name: default, namespace: far}]
`;

  test('brings the bindings there', () => {
    const named = { 'base/web.yaml': web().replace('{name: web}', '{name: web, namespace: near}') };
    const before = decide({ ...named, 'rbac/b.yaml': binding }).of('disable-token-automount');
    expect(before).toMatchObject({ status: 'ready' });
    const after = decide({ ...named, 'rbac/b.yaml': binding, ...overlay('namespace: far\n') }).of('disable-token-automount');
    expect(after?.status).not.toBe('ready');
    expect(after?.reason?.text).toContain('RoleBinding b in rbac/b.yaml:1');
  });
});

describe('the patches of an overlay', () => {
  const patch = (spec: string, name = 'web') =>
    overlay(`patches:
  - patch: |
      apiVersion: apps/v1
      kind: Deployment
      metadata: {name: ${name}}
      spec: {template: {spec: ${spec}}}
`);
  const privileged = '{containers: [{name: web, securityContext: {privileged: true}}]}';

  test('what they make impossible is not offered', () => {
    expect(decide(patch(privileged)).of('disallow-privilege-escalation')).toMatchObject({
      status: 'manual',
      reason: { code: 'NEEDED', text: 'as dev/kustomization.yaml has it: privileged: true stands beside it; fix that first' },
    });
  });

  test('a patch of another object says nothing', () => {
    expect(decide(patch(privileged, 'other')).of('disallow-privilege-escalation')).toMatchObject({ status: 'ready' });
  });

  test.each([
    ['takes away', '{op: remove, path: /spec/template/spec/hostIPC}', 'disallow-host-namespaces'],
    ['tests', '{op: test, path: /spec/template/spec/hostIPC, value: true}', 'disallow-host-namespaces'],
    ['moves', '{op: move, from: /spec/template/spec/hostIPC, path: /spec/template/spec/hostPID}', 'disallow-host-namespaces'],
    ['goes into', '{op: replace, path: /spec/template/spec/volumes/0/hostPath/path, value: /a}', 'disallow-host-path'],
    ['counts behind', '{op: add, path: /spec/template/spec/volumes/1/emptyDir/medium, value: Memory}', 'disallow-host-path'],
  ])('what one %s stays in the base: %s', (_, operation, id) => {
    const spec =
      'hostIPC: true\n      volumes: [{name: h, hostPath: {path: /etc/x}}, {name: e, emptyDir: {}}]\n      containers:';
    const weak = { 'base/web.yaml': web().replace('containers:', spec) };
    const patching = overlay(`patches:\n  - target: {kind: Deployment}\n    patch: |\n      - ${operation}\n`);
    expect(decide(weak, { maxRisk: 'high' }).of(id)).toMatchObject({ status: 'ready' });
    expect(decide({ ...weak, ...patching }, { maxRisk: 'high' }).of(id)).toMatchObject({
      status: 'manual',
      reason: {
        text: expect.stringMatching(/^a JSON patch of dev\/kustomization\.yaml is for \/spec\/\S+, which this changes; mend/),
      },
    });
    const other = overlay(`patches:\n  - target: {kind: StatefulSet}\n    patch: |\n      - ${operation}\n`);
    expect(decide({ ...weak, ...other }, { maxRisk: 'high' }).of(id)).toMatchObject({ status: 'ready' });
  });

  test('what is added to, or put in the place of a key, may be gone', () => {
    const weak = { 'base/web.yaml': web().replace('containers:', 'hostIPC: true\n      containers:') };
    const operations = [
      '{op: replace, path: /spec/template/spec/hostIPC, value: false}',
      '{op: add, path: /spec/template/spec/volumes, value: []}',
    ];
    const patching = overlay(
      `patches:\n  - target: {kind: Deployment}\n    patch: |\n      - ${operations.join('\n      - ')}\n`,
    );
    expect(decide({ ...weak, ...patching }, { maxRisk: 'high' }).of('disallow-host-namespaces')).toMatchObject({
      status: 'ready',
    });
  });

  test('of the name that a base below, or a component, has given', () => {
    const files = (name: string) => ({
      'base/kustomization.yaml': 'resources: [web.yaml]\nnamePrefix: shop-\nnameSuffix: -v1\n',
      'mid/kustomization.yaml': 'resources: [../base]\nnamePrefix: eu-\ncomponents: [../part]\n',
      'part/kustomization.yaml': 'kind: Component\nnameSuffix: -x\n',
      'dev/kustomization.yaml': patch(privileged, name)['dev/kustomization.yaml'].replace('../base', '../mid'),
    });
    for (const name of ['eu-shop-web-v1-x', 'shop-web-v1-x', 'shop-web-v1', 'web'])
      expect([name, decide(files(name)).of('disallow-privilege-escalation')?.status]).toEqual([name, 'manual']);
    for (const name of ['eu-web', 'shop-web', 'shop-v1'])
      expect([name, decide(files(name)).of('disallow-privilege-escalation')?.status]).toEqual([name, 'ready']);
  });

  test('of components of components', () => {
    const files = {
      ...overlay('components: [../part]\n'),
      'part/kustomization.yaml': 'kind: Component\ncomponents: [inner]\nimages: [{name: nginx, newName: example.com/web}]\n',
      'part/inner/kustomization.yaml': patch(privileged)['dev/kustomization.yaml'].replace(
        'resources: [../base]',
        'kind: Component',
      ),
    };
    expect(decide(files).of('disallow-privilege-escalation')).toMatchObject({ status: 'manual' });
    expect(decide(files).of('set-resources')?.evidence).toMatch(/^as dev\/kustomization\.yaml has it/);
  });

  test('components in a ring, or by more ways than anyone writes, end', () => {
    const files: Record<string, string> = { ...overlay('components: [../c0, ../c1]\n') };
    for (let at = 0; at < 40; at++)
      files[`c${at}/kustomization.yaml`] = `kind: Component\ncomponents: [../c${(at + 1) % 40}, ../c${(at + 2) % 40}]\n`;
    expect(decide(files).of('drop-capabilities')).toMatchObject({ status: 'ready' });
  });

  test('a value that the overlay writes itself wins over that of the base', () => {
    const { of } = decide(patch('{automountServiceAccountToken: true}'));
    expect(of('disable-token-automount')).toMatchObject({ status: 'ready', risk: 'low' });
  });

  test('a container that the overlay takes away, or that one adds, is none of the base', () => {
    const { of } = decide(patch('{containers: [{name: extra, image: example.com/x}]}'));
    expect(of('disallow-privilege-escalation')).toMatchObject({ subject: 'container web', status: 'ready' });
    expect(decide(patch('{containers: [{name: web, $patch: delete}]}')).of('drop-capabilities')).toMatchObject({
      status: 'ready',
    });
  });

  test('more ways than anyone writes end', () => {
    const files: Record<string, string> = {};
    for (let at = 0; at < 40; at++) {
      const below = at === 0 ? ['../base'] : [`../a${at - 1}`, `../b${at - 1}`];
      for (const side of ['a', 'b']) files[`${side}${at}/kustomization.yaml`] = `resources: [${below.join(', ')}]\n`;
    }
    expect(decide(files).of('drop-capabilities')).toMatchObject({ status: 'ready' });
  });
});
