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
