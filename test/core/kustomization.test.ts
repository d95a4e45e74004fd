import { describe, expect, test } from 'vitest';
import type { JsonObject } from '../../src/core/json.js';
import { readKustomization, readPatchTransformer } from '../../src/core/kustomization.js';
import { isRemote } from '../../src/core/remotes.js';

describe('what a kustomization names', () => {
  const value: JsonObject = {
    kind: 'Component',
    namespace: 'shop',
    namePrefix: 'a-',
    resources: ['web.yaml', '../base', 'https://example.com/x//y?ref=v1', ''],
    bases: ['../old'],
    components: ['../part', 'github.com/acme/part'],
    images: [{ name: 'nginx', newName: 'acme/web', newTag: 1.27 }, { newTag: '2' }, 'nginx'],
    patches: [{ path: 'a.yaml', target: { kind: 'Deployment', labelSelector: 'a=b' } }, { patch: '- op: remove\n  path: /x\n' }],
    patchesStrategicMerge: ['b.yaml', 'kind: Pod\nspec: {}\n', '{"kind": "Pod"}'],
    patchesJson6902: [{ path: 'c.json', target: { kind: 'Pod', name: 'x' } }, 'nonsense'],
    transformers: ['t.yaml', 'kind: LabelTransformer\nmetadata: {}\n'],
    configurations: ['names.yaml'],
    crds: ['schema.json'],
    openapi: { path: 'openapi.json' },
    replacements: [{ path: 'r.yaml' }, { source: {} }],
    configMapGenerator: [{ name: 'c', files: ['key=data.yaml', 'plain.yaml'] }],
    helmCharts: [{ name: 'x', valuesFile: 'values.yaml', additionalValuesFiles: ['more.yaml'] }],
    helmChartInflationGenerator: [{ chartName: 'y', values: 'old.yaml' }],
  };
  const read = readKustomization(value);

  test('objects, and what is elsewhere', () => {
    expect(read).toMatchObject({
      isComponent: true,
      namespace: 'shop',
      namePrefix: 'a-',
      nameSuffix: '',
      resources: ['web.yaml', '../base', '../old', '../part'],
      components: ['../part'],
      remotes: ['https://example.com/x//y?ref=v1', 'github.com/acme/part'],
      images: [{ name: 'nginx', newName: 'acme/web', newTag: '1.27' }],
    });
  });

  test('patches, in files and in place', () => {
    expect(read.patches).toEqual([
      { file: 'b.yaml', at: ['patchesStrategicMerge', 0] },
      { text: 'kind: Pod\nspec: {}\n', at: ['patchesStrategicMerge', 1] },
      { text: '{"kind": "Pod"}', at: ['patchesStrategicMerge', 2] },
      { file: 'a.yaml', at: ['patches', 0, 'path'], target: { kind: 'Deployment' } },
      { text: '- op: remove\n  path: /x\n', at: ['patches', 1, 'patch'] },
      { file: 'c.json', at: ['patchesJson6902', 0, 'path'], target: { kind: 'Pod', name: 'x' } },
    ]);
  });

  test('files that hold neither', () => {
    expect(read.inputs).toEqual([
      { file: 't.yaml', as: 'transformer' },
      { file: 'names.yaml', as: 'configuration' },
      { file: 'schema.json', as: 'schema' },
      { file: 'openapi.json', as: 'schema' },
      { file: 'r.yaml', as: 'replacement' },
      { file: 'data.yaml', as: 'content of a ConfigMap' },
      { file: 'plain.yaml', as: 'content of a ConfigMap' },
      { file: 'values.yaml', as: 'values of a chart' },
      { file: 'more.yaml', as: 'values of a chart' },
      { file: 'old.yaml', as: 'values of a chart' },
    ]);
    expect(read.inline).toEqual([{ text: 'kind: LabelTransformer\nmetadata: {}\n', at: ['transformers', 1] }]);
  });

  test('nothing of another shape', () => {
    const wrong = { resources: 'x.yaml', patches: {}, images: null, openapi: [], configMapGenerator: [1], transformers: [{}] };
    expect(readKustomization(wrong)).toMatchObject({ resources: [], patches: [], inputs: [], images: [], remotes: [] });
  });

  test('a transformer that patches', () => {
    const transformer = { path: 'a.yaml', paths: ['b.yaml'], patch: 'x: 1', jsonOp: '[]', target: { name: 'web' } };
    expect(readPatchTransformer(transformer).map(({ file, text }) => file ?? text)).toEqual(['a.yaml', 'x: 1', '[]', 'b.yaml']);
  });
});

test.each([
  'https://github.com/acme/x',
  'ssh://git@example.com/x',
  'git@github.com:acme/x.git',
  'git::https://example.com/x',
  'github.com/acme/x//deploy?ref=v1',
  'example.com/acme/x.git//deploy',
  'example.com/acme/x?ref=main',
])('%s is of another repository', (path) => expect(isRemote(path)).toBe(true));

test.each(['../base', 'github/base', './x.github.yaml', 'a/.gitops/x.yaml', 'deploy.yaml'])('%s is of this one', (path) =>
  expect(isRemote(path)).toBe(false),
);
