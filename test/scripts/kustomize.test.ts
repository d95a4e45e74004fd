import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { readObjects } from '../../scripts/kustomize/build.js';
import { type Report, readCreated, readListed, unexplained } from '../../scripts/kustomize/explain.js';
import { readUses } from '../../scripts/roles/uses.js';

function folderWith(files: Readonly<Record<string, string>>): string {
  const folder = mkdtempSync(path.join(tmpdir(), 'kubemend-uses-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(path.dirname(path.join(folder, name)), { recursive: true });
    writeFileSync(path.join(folder, name), text);
  }
  return folder;
}

test('what kustomizations use files for is read from what is there', () => {
  const root = folderWith({
    'a/kustomization.yaml': `resources: [x.yaml, gone.yaml, ../b]
patches: [{path: p.yaml}, {patch: "- op: remove"}]
transformers: [t.yaml]
configMapGenerator: [{files: [key=c.yaml]}]
`,
    'a/x.yaml': '',
    'a/p.yaml': '',
    'a/q.yaml': '',
    'a/t.yaml': 'kind: PatchTransformer\npath: q.yaml\n',
    'a/c.yaml': '',
    'b/kustomization.yaml': 'bases: [../a/p.yaml]\n',
  });
  const uses = readUses(root, ['a/kustomization.yaml', 'b/kustomization.yaml']);
  expect(Object.fromEntries([...uses].map(([file, used]) => [file, [...used]]))).toEqual({
    'a/x.yaml': ['resource'],
    'a/p.yaml': ['patch', 'resource'],
    'a/t.yaml': ['input'],
    'a/q.yaml': ['patch'],
    'a/c.yaml': ['input'],
  });
});

describe('a difference between builds', () => {
  const pod = (spec: string) => `apiVersion: v1\nkind: Pod\nmetadata: {name: pre-web}\nspec: ${spec}\n`;
  const before = pod('{containers: [{name: web, args: [a]}], volumes: [{name: a}]}');
  const path = ['spec', 'containers', 0, 'securityContext'];

  function judge(after: string, changes: Report['files'][number]['findings'][number]['changes'], status = 'ready') {
    const root = folderWith({ 'pod.yaml': before.replace('pre-web', 'web') });
    const object = { kind: 'Pod', name: 'web', document: 0, root: [] };
    const report = { files: [{ path: 'pod.yaml', findings: [{ status, object, changes }] }] };
    const listed = readListed(report, root, new Set(['pod.yaml']));
    return unexplained(readObjects(before), readObjects(after), new Map([['v1 Pod /pre-web', 'pod.yaml']]), listed);
  }

  const set = (value: unknown) => [{ op: 'set', path, value }];
  const podWith = (context: string, rest = '') =>
    pod(`{containers: [{name: web, args: [a], securityContext: ${context}}], volumes: [{name: a}]${rest}}`);

  describe('that is a new object', () => {
    const policy = (name: string, rest = 'podSelector: {}') =>
      `---\napiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata: {name: ${name}, namespace: a}\nspec: {${rest}}\n`;
    const object = { kind: 'Pod', name: 'web', document: 0, root: [] };
    const place = { kind: 'NetworkPolicy', name: 'deny', file: 'pod.yaml', where: 'document' } as const;
    const creates = readObjects(policy('deny')).map(({ value }) => value);
    const compare = (after: string, more: Partial<typeof place & { isShared: true }> = {}, origin = 'pod.yaml') => {
      const findings = [{ status: 'ready', object, changes: [], creates, created: [{ ...place, ...more }] }];
      const created = readCreated({ files: [{ path: 'pod.yaml', findings }] });
      return unexplained(readObjects(before), readObjects(after), new Map([['v1 Pod /pre-web', origin]]), new Map(), created);
    };

    test.each(['deny', 'pre-deny'])('is explained as %s, once', (name) => {
      expect(compare(before + policy(name))).toEqual({ faults: [], explained: 0, created: 1 });
      expect(compare(before + policy(name) + policy('other-deny')).faults).toHaveLength(1);
    });

    test('has to be there, as it was written', () => {
      expect(compare(before).faults).toHaveLength(1);
      expect(compare(before + policy('other')).faults).toHaveLength(2);
      expect(compare(before + policy('deny', 'podSelector: {matchLabels: {app: web}}')).faults).toHaveLength(2);
    });

    test('is not to be there without its file, nor for what comes with another finding', () => {
      expect(compare(before + policy('deny'), {}, 'other.yaml').faults).toHaveLength(1);
      expect(compare(before, {}, 'other.yaml').faults).toEqual([]);
      expect(compare(before, { isShared: true }).faults).toEqual([]);
    });
  });

  test('is explained by the change that makes it', () => {
    expect(judge(podWith('{privileged: false}'), set({ privileged: false }))).toEqual({ faults: [], explained: 1, created: 0 });
    expect(judge(before, [])).toEqual({ faults: [], explained: 0, created: 0 });
    const first = [{ op: 'set', path: ['spec', 'containers', 0, 'args', 0], value: 'A' }];
    expect(judge(before.replace('[a]', '[A]'), first)).toEqual({ faults: [], explained: 1, created: 0 });
    const volume = [{ op: 'append', path: ['spec', 'volumes'], value: { name: 'b', emptyDir: {} } }];
    expect(judge(before.replace('[{name: a}]', '[{name: a}, {name: b, emptyDir: {}}]'), volume).faults).toEqual([]);
    const removed = [{ op: 'remove', path: ['spec', 'volumes', 0] }];
    expect(judge(before.replace(', volumes: [{name: a}]', ''), removed).faults).toEqual([]);
  });

  test.each<[string, string, Parameters<typeof judge>[1], string?]>([
    ['another value', podWith('{privileged: true}'), set({ privileged: false })],
    ['another place', podWith('{runAsUser: 1}'), set({ privileged: false })],
    ['a held change', podWith('{privileged: false}'), set({ privileged: false }), 'held'],
    ['no change', podWith('{}'), []],
    ['one more value', podWith('{privileged: false}', ', hostPID: false'), set({ privileged: false })],
    [
      'another item',
      before.replace('[{name: a}]', '[{name: a}, {name: c}]'),
      [{ op: 'append', path: ['spec', 'volumes'], value: { name: 'b' } }],
    ],
    ['a value that is gone', before.replace(', args: [a]', ''), set({})],
    ['an object that is gone', '', []],
  ])('is a fault: %s', (_, text, changes, status) => {
    expect(judge(text, changes, status).faults).toHaveLength(1);
  });
});
