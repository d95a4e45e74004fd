import { readFileSync, symlinkSync } from 'node:fs';
import path from 'node:path';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { layOut, type Tree } from '../discover/tree.js';
import { deployment, kubemend } from './kubemend.js';

const schema = JSON.parse(readFileSync('docs/kubemend.schema.json', 'utf8')) as object;
const isValid = new Ajv2020({ strictTypes: false, strictTuples: false, strictRequired: false }).compile(schema);

const inNamespace = (namespace: string, name = 'web') => deployment(name).replace('namespace: shop', `namespace: ${namespace}`);
const CUSTOM = `apiVersion: example.com/v1
kind: Machine
metadata: {name: m}
spec:
  worker:
    template:
      spec:
        containers: [{name: m, image: m:1}]
`;

const TREES: Readonly<Record<string, { readonly tree: Tree; readonly says: readonly string[] }>> = {
  'plain manifests': {
    tree: { 'deploy/web.yaml': deployment(), 'deploy/db.yaml': deployment('db') },
    says: ['# Found: 2 files of manifests with 2 workloads.\n'],
  },
  'kustomizations with environments': {
    tree: {
      'base/web.yaml': deployment(),
      'base/kustomization.yaml': 'resources: [web.yaml]\n',
      'overlays/dev/kustomization.yaml': 'resources: [../../base, extra.yaml]\npatches: [{path: patch.yaml}]\n',
      'overlays/dev/patch.yaml': deployment(),
      'overlays/dev/extra.yaml': deployment('extra'),
      'overlays/prod/extra.yaml': deployment('extra'),
    },
    says: [
      '; 2 kustomizations.',
      '# Folders that may be environments: overlays/dev, overlays/prod.',
      '\n#   - paths: [/overlays/dev/]\n',
    ],
  },
  'charts that say which versions they are for': {
    tree: {
      'charts/web/Chart.yaml': 'apiVersion: v2\nname: web\nversion: 1.0.0\nkubeVersion: ">=1.27.0-0"\n',
      'charts/web/templates/web.yaml': 'kind: Deployment\nmetadata: {name: {{ .Release.Name }}}\n',
      'charts/web/values.yaml': 'image: web\n',
    },
    says: [
      '1 Helm chart (charts/web)',
      '3 chart files.',
      '# charts/web/Chart.yaml is for 1.27 and later.',
      '# kubernetesVersion: "1.27-1.',
    ],
  },
  'old API versions': {
    tree: {
      'pdb.yaml': 'apiVersion: policy/v1beta1\nkind: PodDisruptionBudget\nmetadata: {name: p}\n',
      'web.yaml': deployment(),
    },
    says: ['policy/v1beta1 PodDisruptionBudget in pdb.yaml:1 is not served any more since 1.25'],
  },
  'namespaces of the cluster and of others, and custom resources': {
    tree: { 'a.yaml': inNamespace('kube-system'), 'b.yaml': inNamespace('flux-system'), 'm.yaml': CUSTOM },
    says: [
      'Left alone already: kube-system (1 workload).',
      'Looked at, though somebody else may keep them: flux-system (1 workload).',
      '# systemNamespaces: [flux-system]',
      '\n# kinds:\n#   - {group: example.com, kind: Machine, podTemplate: spec.worker.template}',
      'Not looked at: 1 object of Machine (example.com), first in m.yaml:1, with a pod at spec.worker.template.',
    ],
  },
  'files made for tests, vendored and with odd names': {
    tree: {
      'e2e/[a] #1/web.yaml': deployment(),
      'te*st/testdata/web.yaml': deployment(),
      'vendor/x/web.yaml': deployment(),
      'dev: x\u001b[31m/"q"/web.yaml': deployment(),
    },
    says: [
      'These look as if they were made for tests:',
      '#   - /e2e/ # 1 file',
      '#   - "/te\\\\*st/testdata/" # 1 file',
      '1 vendored folder',
    ],
  },
  'names that would be more than a name': {
    tree: {
      'a.yaml': CUSTOM.replace('example.com/v1', '"example.com\\nexclude: [\'*\']\\n#/v1"'),
      'b.yaml': CUSTOM.replace('Machine', '"Machine\\nexclude: [\'*\']"'),
      'c.yaml': CUSTOM.replace('worker', '"worker: }\\nexclude: [\'*\']"'),
      'd.yaml': inNamespace('"x\\nexclude: []\\n-system"'),
      'dev\nexclude: ["*"]/Chart.yaml': 'apiVersion: v2\nname: web\nversion: 1.0.0\nkubeVersion: ">=1.27.0-0"\n',
      'testdata\nexclude: ["*"]/web.yaml': deployment(),
    },
    says: ['# Found: 2 files of manifests with 2 workloads; 1 Helm chart', '\n# systemNamespaces: ["platform-*"]\n'],
  },
  'nothing yet': { tree: { 'README.md': '' }, says: ['# Found: 0 files of manifests with 0 workloads.'] },
};

describe.each(Object.entries(TREES).map(([name, { tree, says }]) => ({ name, tree, says })))(
  'kubemend init: $name',
  ({ tree, says }) => {
    test('writes what it found, as a configuration that holds', async () => {
      const folder = layOut(tree, { isRepository: true });
      const printed = await kubemend(folder, ['init', '--stdout']);
      expect(printed).toMatchObject({ code: 0, stderr: '' });
      expect(await kubemend(folder, ['init'])).toMatchObject({
        code: 0,
        stdout: '',
        stderr: 'kubemend.yaml is written. What holds now: kubemend config\n',
      });
      const text = readFileSync(path.join(folder, 'kubemend.yaml'), 'utf8');
      expect(printed.stdout).toBe(text);
      expect(text).toMatch(
        /^# yaml-language-server: \$schema=https:\/\/raw\.githubusercontent\.com\/\S+\/docs\/kubemend\.schema\.json\n/,
      );
      for (const words of says) expect(text.replace(/\n# {3}(?=\w)/g, ' ')).toContain(words);
      expect(isValid(parse(text))).toBe(true);
      expect(Object.keys(parse(text) as object)).toEqual(['profile', 'maxRisk']);
      expect(await kubemend(folder, ['config'])).toMatchObject({ code: 0, stderr: '' });
      // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is meant
      expect(text).not.toMatch(/[\u0000-\u0009\u000b-\u001f]/);
      for (const line of text.split('\n')) expect(line.length).toBeLessThanOrEqual(130);
    });

    test('suggests what holds, too, once it is no comment any more', async () => {
      const folder = layOut(tree, { isRepository: true });
      const { stdout } = await kubemend(folder, ['init', '--stdout']);
      const bare = stdout.replace(/^# (?=(?:kubernetesVersion|exclude|kinds|transforms|systemNamespaces|overrides):| {2})/gm, '');
      const value = parse(bare.replace(/^ {2}(?! *(?:- |[\w-]+:(?: |$))).*$/gm, '')) as Record<string, unknown>;
      expect(
        Object.keys(value)
          .filter((key) => key !== 'kinds')
          .sort(),
      ).toEqual(['exclude', 'kubernetesVersion', 'maxRisk', 'overrides', 'profile', 'systemNamespaces', 'transforms'].sort());
      expect([isValid(value), isValid.errors]).toEqual([true, null]);
    });
  },
);

describe('kubemend init', () => {
  test('never writes over what is there', async () => {
    const folder = layOut({ 'kubemend.yaml': 'maxRisk: low # mine\n', 'sub/web.yaml': deployment() });
    expect(await kubemend(folder, ['init'])).toMatchObject({
      code: 2,
      stderr:
        'kubemend: "kubemend.yaml" is there already and stays as it is; "kubemend init --stdout" prints what would be new\n',
    });
    expect(readFileSync(path.join(folder, 'kubemend.yaml'), 'utf8')).toBe('maxRisk: low # mine\n');
    symlinkSync('nowhere', path.join(folder, 'sub/kubemend.yaml'));
    expect((await kubemend(folder, ['init', 'sub'])).stderr).toContain('"kubemend init --stdout sub" prints');
  });

  test('takes a folder', async () => {
    const folder = layOut({ 'sub/web.yaml': deployment() });
    expect((await kubemend(folder, ['init', 'sbu'])).stderr).toBe(
      'kubemend: "sbu" is no folder; name the one that the file is for\n',
    );
    expect((await kubemend(folder, ['init', 'sub'])).stderr).toMatch(/^sub\/kubemend\.yaml is written/);
    expect((await kubemend(folder, ['init', 'a', 'b'])).code).toBe(2);
  });

  test('names the schema of the package where it is installed', async () => {
    const folder = layOut({ 'web.yaml': deployment(), 'node_modules/kubemend/docs/kubemend.schema.json': '{}' });
    expect((await kubemend(folder, ['init', '--stdout'])).stdout).toMatch(
      /^# yaml-language-server: \$schema=\.\/node_modules\/kubemend\/docs\/kubemend\.schema\.json\n/,
    );
  });
});
