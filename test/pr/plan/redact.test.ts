import fs from 'node:fs';
import { describe, expect, it } from 'vitest';
import { withoutValues } from '../../../src/pr/plan/redact.js';

const SECRET = 'hunter2';

describe('a file without its values', () => {
  it.each([
    [
      'env of a container, names and references kept',
      `spec:
  containers:
    - name: web
      env:
        - name: PASSWORD # hunter2
          value: hunter2
        # - name: OLD
        #   value: hunter2
        - name: KEY
          valueFrom: {secretKeyRef: {name: key, key: key}}
        # was: hunter2
      # the image
      image: nginx`,
      `spec:
  containers:
    - name: web
      env:
        - name: PASSWORD # [comment left out]
          value: [value left out]
        # [comment left out]
        # [comment left out]
        - name: KEY
          valueFrom: {secretKeyRef: {name: key, key: key}}
        # [comment left out]
      # [comment left out]
      image: nginx`,
    ],
    [
      'a Secret and a ConfigMap, whatever their style',
      `apiVersion: v1
kind: List
items:
  - kind: Secret
    metadata: {name: db}
    stringData:
      password: |
        hunter2
        hunter2

        hunter2
      "other": 'hunter2'
    data: {a: hunter2, b: "hunter2"}
  - {kind: ConfigMap, data: {a: hunter2}}`,
      `apiVersion: v1
kind: List
items:
  - kind: Secret
    metadata: {name: db}
    stringData:
      password: [value left out]
        [value left out]
        [value left out]

        [value left out]
      "other": [value left out]
    data: {a: [value left out], b: [value left out]}
  - {kind: ConfigMap, data: {a: [value left out]}}`,
    ],
    [
      'the anchor that an alias of env stands for',
      'x: &p hunter2\nspec:\n  env:\n    - {name: A, value: *p}\n    - &e {name: B, value: hunter2}\n  initEnv: [*e]',
      'x: &p [value left out]\nspec:\n  env:\n    - {name: A, value: *p}\n    - &e {name: B, value: [value left out]}\n  initEnv: [*e]',
    ],
    [
      'env as a map',
      'driver:\n  envVars:\n    name2: hunter2\n    B: 1',
      'driver:\n  envVars:\n    name2: [value left out]\n    B: [value left out]',
    ],
    [
      'the copy that kubectl keeps',
      'metadata:\n  annotations:\n    kubectl.kubernetes.io/last-applied-configuration: |\n      {"value":"hunter2"}\n    a: b',
      'metadata:\n  annotations:\n    kubectl.kubernetes.io/last-applied-configuration: [value left out]\n      [value left out]\n    a: b',
    ],
    [
      'a list of its own kind, and a template of one',
      'kind: SecretList\nitems:\n- metadata: {name: a}\n  data: {a: hunter2}\n---\nkind: SealedSecret\nspec: {template: {data: {a: hunter2}, stringData: {b: hunter2}}}',
      'kind: SecretList\nitems:\n- metadata: {name: a}\n  data: {a: [value left out]}\n---\nkind: SealedSecret\nspec: {template: {data: {a: [value left out]}, stringData: {b: [value left out]}}}',
    ],
    [
      'what Kustomize makes them of',
      'kind: Kustomization\nsecretGenerator:\n- name: db\n  literals: [a=hunter2]\nconfigMapGenerator:\n- literals:\n  - b=hunter2\npatches:\n- patch: |-\n    env:\n    - name: A\n      value: hunter2\n  target: {kind: Deployment}',
      'kind: Kustomization\nsecretGenerator:\n- name: db\n  literals: [[value left out]]\nconfigMapGenerator:\n- literals:\n  - [value left out]\npatches:\n- patch: [value left out]\n    [value left out]\n    [value left out]\n      [value left out]\n  target: {kind: Deployment}',
    ],
    [
      'the copies that others keep',
      'metadata:\n  annotations:\n    kapp.k14s.io/original: hunter2\n    objectset.rio.cattle.io/applied: hunter2\n    banzaicloud.com/last-applied: hunter2',
      'metadata:\n  annotations:\n    kapp.k14s.io/original: [value left out]\n    objectset.rio.cattle.io/applied: [value left out]\n    banzaicloud.com/last-applied: [value left out]',
    ],
    [
      'a variable called name',
      'env: {name: hunter2, valueFrom: hunter2}',
      'env: {name: [value left out], valueFrom: [value left out]}',
    ],
    [
      'env by other names',
      'extraEnvironmentVars: {A: hunter2}\nenvironmentVariables: {A: hunter2}\nextraEnvs: [{name: A, value: hunter2}]',
      'extraEnvironmentVars: {A: [value left out]}\nenvironmentVariables: {A: [value left out]}\nextraEnvs: [{name: A, value: [value left out]}]',
    ],
    [
      'what is commented out, in any style',
      '# - {name: A, value: hunter2}\n# stringData:\n#   a: hunter2\n\n# data: {a: hunter2}\n# kind: Secret\n# env: # b\n#   A: hunter2\n# literals:\n# - a=hunter2\na: b\n',
      '# [comment left out]\n# stringData:\n# [comment left out]\n\n# [comment left out]\n# kind: Secret\n# env: # b\n# [comment left out]\n# literals:\n# [comment left out]\na: b\n',
    ],
    [
      'what is merged in',
      'x-a: &a {value: hunter2}\nx-b: &b\n  env: [{name: B, value: hunter2}]\nc:\n  <<: *b\n  initEnv: [{<<: *a, name: A}]',
      'x-a: &a {value: [value left out]}\nx-b: &b\n  env: [{name: B, value: [value left out]}]\nc:\n  <<: *b\n  initEnv: [{<<: *a, name: A}]',
    ],
    ['an entry that is commented out', '# - name: A\n#   value: hunter2\na: b', '# - name: A\n# [comment left out]\na: b'],
    ['CRLF', 'env:\r\n- name: A\r\n  value: hunter2\r\n', 'env:\r\n- name: A\r\n  value: [value left out]\r\n'],
    ['JSON', '{"env": [{"name": "A", "value": "hunter2"}]}', '{"env": [{"name": "A", "value": [value left out]}]}'],
    [
      'a document that cannot be read',
      'a: b\n---\nkind: Secret\ndata: {\n',
      'a: b\n[value left out]\n[value left out]\n[value left out]\n',
    ],
  ])('lacks those of %s', (_, text, shown) => {
    expect(withoutValues(text)).toBe(shown);
    expect(shown).not.toContain(SECRET);
  });

  it('is the file where there are none', () => {
    const text = fs.readFileSync('examples/gitops/apps/shop/base/worker.yaml', 'utf8');
    expect(withoutValues(text.replace(/^.*value:.*\n/gm, ''))).toContain('kind: Deployment');
    expect(withoutValues('a: {b: [c]} # d\n')).toBe('a: {b: [c]} # d\n');
  });
});
