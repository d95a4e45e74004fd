import { describe, expect, test } from 'vitest';
import { leftByHeader } from '../../src/discover/classify.js';
import { createSurvey } from '../../src/discover/survey.js';

function leftOf(path: string, files: Readonly<Record<string, string>>) {
  const survey = createSurvey();
  for (const [name, text] of Object.entries(files)) survey.add(name, text);
  return survey.left(path);
}

describe('kustomizations', () => {
  const kustomization = `
resources: [base.yaml]
patches:
  - path: by-path.yaml
  - path: ./sub/../by-dots.yaml
    target: {kind: Deployment}
  - patch: |-
      - op: remove
        path: /spec/replicas
patchesStrategicMerge:
  - merge.yaml
  - |-
    apiVersion: apps/v1
    kind: Deployment
patchesJson6902:
  - target: {kind: Deployment}
    path: json.json
components: [../../components/x]
`;
  const files = { 'overlays/dev/kustomization.yaml': kustomization };

  test.each(['by-path.yaml', 'by-dots.yaml', 'merge.yaml', 'json.json'])('%s is a patch', (name) => {
    expect(leftOf(`overlays/dev/${name}`, files)).toEqual({
      code: 'PATCH',
      text: 'patch of overlays/dev/kustomization.yaml: partial on purpose',
    });
  });

  test.each(['overlays/dev/base.yaml', 'by-path.yaml', 'overlays/prod/by-path.yaml'])('%s is none', (path) => {
    expect(leftOf(path, files)).toBeUndefined();
  });

  test.each(['kustomization.yaml', 'a/kustomization.yml', 'a/b/Kustomization'])('%s itself is left alone', (path) => {
    expect(leftOf(path, {})).toMatchObject({ code: 'KUSTOMIZATION' });
  });

  test('a patch may lie outside of the folder, above the one that paths are relative to', () => {
    const text = 'patches: [{path: ../../../shared/p.yaml}, {path: ../q.yaml}]\n';
    expect(leftOf('../shared/p.yaml', { 'a/b/kustomization.yaml': text })).toMatchObject({ code: 'PATCH' });
    expect(leftOf('a/q.yaml', { 'a/b/kustomization.yaml': text })).toMatchObject({ code: 'PATCH' });
  });

  test('the kustomization may lie above the folder that paths are relative to', () => {
    const survey = createSurvey('/repo/app/dev');
    survey.add('../kustomization.yaml', 'patches: [{path: dev/p.yaml}]\n');
    survey.add('../../Chart.yaml', '');
    expect(survey.left('p.yaml')).toMatchObject({ code: 'PATCH', text: 'patch of ../kustomization.yaml: partial on purpose' });
    expect(survey.left('q.yaml')).toBeUndefined();
    expect(survey.left('../../templates/q.yaml')).toMatchObject({ text: 'template of the Helm chart in "../.."' });
  });

  test('a patch transformer names patches, too', () => {
    const text = 'apiVersion: builtin\nkind: PatchStrategicMergeTransformer\nmetadata: {name: x}\npaths: [p.yaml]\n';
    expect(leftOf('a/p.yaml', { 'a/t.yaml': text })).toMatchObject({ code: 'PATCH' });
  });

  test('one that cannot be read says so, unless it names no patch', () => {
    const broken = (text: string) => () => createSurvey().add('kustomization.yaml', text);
    expect(broken('patches: [{path: p.yaml}\n')).toThrow(expect.objectContaining({ name: 'ManifestError', code: 'SYNTAX' }));
    expect(broken('resources: [a.yaml\n')).not.toThrow();
    const many = Array.from({ length: 2000 }, (_, index) => `k${index}: v`).join(', ');
    const bomb = `patches: []\na: &a {${many}}\nb:\n${'  - <<: *a\n'.repeat(2000)}`;
    expect(broken(bomb)).toThrow(expect.objectContaining({ code: 'ALIAS_BOMB' }));
  });
});

describe('what a kustomization reads that is no object', () => {
  const text = `
resources: [both.yaml]
transformers: [t.yaml]
configMapGenerator: [{name: c, files: [both.yaml, key=data.yaml]}]
patches: [{path: patches}]
`;
  const files = { 'a/kustomization.yaml': text };

  test.each([
    ['a/t.yaml', 'transformer that a/kustomization.yaml reads: no object of its own'],
    ['a/data.yaml', 'content of a ConfigMap that a/kustomization.yaml reads: no object of its own'],
  ])('%s', (path, why) => expect(leftOf(path, files)).toEqual({ code: 'KUSTOMIZE_INPUT', text: why }));

  test('unless it is an object, too', () => expect(leftOf('a/both.yaml', files)).toBeUndefined());
  test('a folder of patches', () => expect(leftOf('a/patches/p.yaml', files)).toMatchObject({ code: 'PATCH' }));

  test('a transformer written in place names patches', () => {
    const inline = 'transformers:\n- |\n  kind: PatchTransformer\n  metadata: {name: x}\n  path: p.yaml\n';
    expect(leftOf('b/p.yaml', { 'b/kustomization.yaml': inline })).toMatchObject({ code: 'PATCH' });
  });
});

describe('bases', () => {
  const survey = createSurvey();
  survey.add('base/kustomization.yaml', 'resources: [web.yaml, ../more]\n');
  survey.add('more/kustomization.yaml', 'resources: [job.yaml]\n');
  survey.add('dev/kustomization.yaml', 'resources: [../base, own.yaml]\n');
  survey.add('prod/kustomization.yaml', 'kind: Component\nresources: [../base, ../shared.yaml]\n');
  survey.add('ring/a/kustomization.yaml', 'resources: [../b, x.yaml]\n');
  survey.add('ring/b/kustomization.yaml', 'resources: [../a, ../../shared.yaml]\n');

  test.each([
    ['base/web.yaml', ['dev/kustomization.yaml', 'prod/kustomization.yaml']],
    ['more/job.yaml', ['base/kustomization.yaml', 'dev/kustomization.yaml', 'prod/kustomization.yaml']],
    ['dev/own.yaml', []],
    ['elsewhere.yaml', []],
    ['shared.yaml', ['prod/kustomization.yaml', 'ring/a/kustomization.yaml', 'ring/b/kustomization.yaml']],
  ])('%s', (path, overlays) => expect(survey.overlaysOf(path)).toEqual(overlays));

  test('what is remote is named, without its password, and not fetched', () => {
    survey.add('far/kustomization.yaml', 'resources: ["https://me:secret@example.com/x?ref=v1"]\n');
    const odd = [
      'https://me:p@ss@example.com/y?sshkey=secret&ref=v2',
      'git::https://me@example.com/z.git',
      'git@github.com:a/b.git',
    ];
    survey.add('odd/kustomization.yaml', `resources: ${JSON.stringify(odd)}\n`);
    expect(survey.left('odd/kustomization.yaml')?.text).toMatch(
      /fetched: https:\/\/example\.com\/y\?sshkey=…&ref=v2, git::https:\/\/example\.com\/z\.git, git@github\.com:a\/b\.git$/,
    );
    expect(survey.left('far/kustomization.yaml')?.text).toMatch(/; not fetched: https:\/\/example\.com\/x\?ref=v1$/);
    expect(survey.left('prod/kustomization.yaml')?.text).toMatch(/^a component: /);
  });
});

describe('what a repository says is its own', () => {
  test('counts for the code that it names', () => {
    const survey = createSurvey();
    survey.keep('vendor/ours.yaml', ['VENDORED']);
    survey.keep('vendor/other.yaml', ['GENERATED']);
    expect(survey.left('vendor/ours.yaml')).toBeUndefined();
    expect(survey.left('vendor/other.yaml')).toMatchObject({ code: 'VENDORED' });
    expect(survey.isKept('vendor/other.yaml', 'GENERATED')).toBe(true);
  });

  test('flux bootstrap writes its components anew', () => {
    expect(leftOf('clusters/x/flux-system/gotk-components.yaml', {})).toMatchObject({ code: 'GENERATED' });
    expect(leftOf('clusters/x/flux-system/gotk-patches.yaml', {})).toBeUndefined();
  });
});

describe('charts', () => {
  const chart = { 'charts/web/Chart.yaml': 'name: web\n' };

  test.each([
    ['charts/web/Chart.yaml', 'description of the Helm chart in "charts/web"'],
    ['charts/web/values.yaml', 'values of the Helm chart in "charts/web"'],
    ['charts/web/values-prod.yml', 'values of the Helm chart in "charts/web"'],
    ['charts/web/prod.values.yaml', 'values of the Helm chart in "charts/web"'],
    ['charts/web/ci/default-values.yaml', 'values of the Helm chart in "charts/web"'],
    ['charts/web/templates/deployment.yaml', 'template of the Helm chart in "charts/web"'],
    ['charts/web/templates/tests/pod.yaml', 'template of the Helm chart in "charts/web"'],
    ['charts/web/files/pod.yaml', 'file of the Helm chart in "charts/web"'],
    ['charts/web/crds/x.yaml', 'custom resource definition of the Helm chart in "charts/web"'],
    ['charts/web/charts/dep/templates/x.yaml', 'dependency of the Helm chart in "charts/web"'],
  ])('%s', (path, text) => {
    expect(leftOf(path, chart)).toEqual({ code: 'CHART', text });
  });

  test.each(['charts/web/examples/pod.yaml', 'charts/other/templates/x.yaml', 'templates/x.yaml'])(
    '%s belongs to none',
    (path) => {
      expect(leftOf(path, chart)).toBeUndefined();
    },
  );

  test('a chart in the folder that paths are relative to', () => {
    expect(leftOf('templates/x.yaml', { 'Chart.yaml': '' })).toEqual({
      code: 'CHART',
      text: 'template of the Helm chart in "."',
    });
    expect(leftOf('deploy/x.yaml', { 'Chart.yaml': '' })).toBeUndefined();
  });
});

describe('folders of others', () => {
  test.each(['vendor/x.yaml', 'a/third_party/b/x.yaml', 'node_modules/p/x.yaml'])('%s', (path) => {
    expect(leftOf(path, {})).toMatchObject({ code: 'VENDORED' });
  });
  test.each(['vendor.yaml', 'vendors/x.yaml', 'a/my-vendor/x.yaml'])('%s is ours', (path) => {
    expect(leftOf(path, {})).toBeUndefined();
  });
});

describe('generated files', () => {
  test.each([
    [
      '# Code generated by controller-gen. DO NOT EDIT.\napiVersion: v1\n',
      'line 1 says "Code generated by controller-gen. DO NOT EDIT."',
    ],
    ['# Copyright\n#\n---\n# Code generated by x; DO NOT EDIT\na: 1\n', 'line 4 says "Code generated by x; DO NOT EDIT"'],
    ['\ufeff# Code generated by x. DO NOT EDIT.\r\na: 1\r\n', 'line 1 says "Code generated by x. DO NOT EDIT."'],
    [
      '# WARNING: This file is autogenerated. Do not manually edit.\na: 1\n',
      'line 1 says "WARNING: This file is autogenerated. Do not manually edit."',
    ],
    ['# This file was generated by make.\n# Do not modify.\na: 1\n', 'line 1 says "This file was generated by make."'],
  ])('%j', (text, says) => {
    expect(leftByHeader(text)).toEqual({ code: 'GENERATED', text: `generated: ${says}` });
  });

  test.each([
    'a: 1\n# Code generated by x. DO NOT EDIT.\n',
    'a: "# Code generated by x. DO NOT EDIT."\n',
    '# please do not edit\na: 1\n',
    '# generated by hand\na: 1\n',
    '',
    '# only a comment',
  ])('not %j', (text) => {
    expect(leftByHeader(text)).toBeUndefined();
  });
});
