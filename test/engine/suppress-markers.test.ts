import { describe, expect, it } from 'vitest';
import type { FileResult } from '../../src/engine/types.js';
import type { Controls } from '../../src/kube/types.js';
import { transforms } from '../../transforms/registry.js';
import { deployment, fixWith, setOnContainers, setOnPod } from './run.js';

const token = {
  ...setOnPod('no-token', 'automountServiceAccountToken', false),
  controls: { checkov: 'CKV_K8S_38', trivy: 'KSV036' },
};
const readOnly = {
  ...setOnContainers('read-only', 'securityContext.readOnlyRootFilesystem', true),
  controls: {
    checkov: 'CKV_K8S_21, CKV_K8S_22',
    kubeLinter: 'no-read-only-root-fs',
    polaris: 'notReadOnlyRootFilesystem',
    trivy: 'KSV014',
  },
};
const plain = setOnContainers('plain', 'securityContext.privileged', false);

const text = deployment('containers:\n  - name: web\n    image: web\n  - name: proxy\n    image: proxy\n');

function fix(manifest: string, today = '2026-06-01'): FileResult {
  return fixWith([readOnly, token, plain], manifest, { today });
}

/** What is suppressed, as `transform subject`. */
function suppressed({ findings }: FileResult): string[] {
  return findings.filter(({ status }) => status === 'suppressed').map(({ transform, subject }) => `${transform} ${subject}`);
}

function reasonOf({ findings }: FileResult): string | undefined {
  return findings.find(({ status }) => status === 'suppressed')?.reason?.text;
}

const annotated = (line: string) => text.replace('name: web\n', `name: web\n  annotations:\n    ${line}\n`);
const inTemplate = (line: string) => text.replace('      labels: {', `      annotations:\n        ${line}\n      labels: {`);
const everywhere = ['read-only container web', 'read-only container proxy'];

describe('annotations for other tools say no for the object', () => {
  it.each([
    [
      'ignore-check.kube-linter.io/no-read-only-root-fs: "writes a cache"',
      everywhere,
      `kube-linter's no-read-only-root-fs: "writes a cache"`,
    ],
    ['ignore-check.kube-linter.io/no-read-only-root-fs: ""', everywhere, `kube-linter's no-read-only-root-fs`],
    ['kube-linter.io/ignore-all: "upstream"', everywhere, 'kube-linter: "upstream"'],
    ['checkov.io/skip1: CKV_K8S_22=writes a=b', everywhere, `Checkov's CKV_K8S_22: "writes a=b"`],
    ['checkov.io/skip: CKV_K8S_22', everywhere, `Checkov's CKV_K8S_22`],
    ['checkov.io/skip-token: "CKV_K8S_38 = asks the API"', ['no-token pod'], `Checkov's CKV_K8S_38: "asks the API"`],
    ['polaris.fairwinds.com/notReadOnlyRootFilesystem-exempt: "true"', everywhere, `Polaris's notReadOnlyRootFilesystem`],
    ['polaris.fairwinds.com/exempt: "True"', everywhere, 'Polaris'],
  ])('%s', (line, expected, named) => {
    const result = fix(annotated(line));
    expect(suppressed(result)).toEqual(expected);
    expect(reasonOf(result)).toBe(`suppressed on line 6 by ${named}`);
    expect(result.suppressions).toEqual([]);
  });

  it.each([
    'ignore-check.kube-linter.io/no-liveness-probe: "a job"',
    'ignore-check.kube-linter.io/No-Read-Only-Root-Fs: "x"',
    'kube-linter.io/ignore: "x"',
    'checkov.io/skip1: CKV_K8S_8=none',
    'checkov.io/skip1: CKV_K8S_2=x',
    'checkov.io/other: CKV_K8S_22=x',
    'evil.checkov.io/skip1: CKV_K8S_22=x',
    'polaris.fairwinds.com/notReadOnlyRootFilesystem-exempt: "false"',
    'polaris.fairwinds.com/exempt: yes please',
    'polaris.fairwinds.com/notReadOnlyRootFilesystem: "true"',
    'checkov.io/skip1: 22',
  ])('not %s, of which nothing is said', (line) => {
    const result = fix(annotated(line));
    expect(suppressed(result)).toEqual([]);
    expect(result.suppressions).toEqual([]);
  });

  it('Checkov reads those of the pods, too; the others do not', () => {
    expect(suppressed(fix(inTemplate('checkov.io/skip1: CKV_K8S_22=x')))).toEqual(everywhere);
    expect(suppressed(fix(inTemplate('ignore-check.kube-linter.io/no-read-only-root-fs: x')))).toEqual([]);
  });

  it('one that matches nothing is not called stale: the other tool may find what we do not', () => {
    const right = annotated('checkov.io/skip1: CKV_K8S_38=x').replace(
      'containers:',
      'automountServiceAccountToken: false\n      containers:',
    );
    expect(fix(right)).toMatchObject({ suppressions: [] });
    expect(suppressed(fix(right))).toEqual([]);
  });
});

describe('comments for Trivy say no for what they stand above', () => {
  const above = (comment: string) => text.replace('        - name: proxy', `        ${comment}\n        - name: proxy`);
  it.each([
    ['# trivy:ignore:KSV014', ['read-only container proxy'], `Trivy's KSV014`],
    ['#trivy:ignore:AVD-KSV-0014', ['read-only container proxy'], `Trivy's AVD-KSV-0014`],
    ['#trivy:ignore:ksv-0014 trivy:ignore:KSV036', ['read-only container proxy'], `Trivy's ksv-0014`],
    ['# trivy:ignore:KSV014:exp:2026-06-01', ['read-only container proxy'], `Trivy's KSV014 (expires 2026-06-01)`],
    ['# trivy:ignore:*', ['read-only container proxy'], 'Trivy'],
  ])('%s', (comment, expected, named) => {
    const result = fix(above(comment));
    expect(suppressed(result)).toEqual(expected);
    expect(reasonOf(result)).toBe(`suppressed on line 16 by ${named}`);
    expect(result.suppressions).toEqual([]);
  });

  it.each([
    '# trivy:ignore:KSV014:exp:2026-05-31',
    '# trivy:ignore:KSV014:exp:soon',
    '# trivy:ignore:KSV014:ws:dev',
    '# trivy:ignore:KSV014[name=proxy]',
    '# trivy:ignore:KSV0141',
    '# see trivy:ignore:KSV014',
    '# trivy:ignored:KSV014',
  ])('not %s', (comment) => {
    const result = fix(above(comment));
    expect(suppressed(result)).toEqual([]);
    expect(result.suppressions).toEqual([]);
  });

  it('before the marker of a document, for all of it', () => {
    expect(suppressed(fix(`# trivy:ignore:KSV036\n---\n${text}`))).toEqual(['no-token pod']);
  });
});

describe('the ids of other tools', () => {
  const named = (tool: keyof Controls) => transforms.flatMap(({ controls }) => controls[tool]?.split(', ') ?? []);
  it.each([
    ['kubeLinter', /^[a-z]+(-[a-z]+)+$/],
    ['polaris', /^[a-z]+([A-Z]+[a-z]+)+$|^hostIPCSet$|^hostPIDSet$/],
    ['checkov', /^CKV2?_K8S_\d+$/],
    ['trivy', /^K[CS]V-\d{4,5}$/],
  ] as const)('%s are spelled as it spells them', (tool, form) => {
    const ids = named(tool);
    expect(ids.length).toBeGreaterThan(10);
    for (const id of ids) expect(id).toMatch(form);
  });
});

it('in an object of several pods, a marker for Checkov in a template holds for that pod', () => {
  const template = (name: string, more: string) => `    - name: ${name}\n${more}      container: {name: main, image: ${name}}\n`;
  const workflow = `apiVersion: argoproj.io/v1alpha1
kind: Workflow
metadata: {name: build}
spec:
  entrypoint: one
  templates:
${template('one', '      metadata: {annotations: {checkov.io/skip1: CKV_K8S_22=writes}}\n')}${template('two', '')}`;
  expect(suppressed(fix(workflow))).toEqual(['read-only template one: container main']);
});
