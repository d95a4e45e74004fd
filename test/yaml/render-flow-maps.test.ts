import { describe } from 'vitest';
import { itRenders, remove, set, yaml } from './table.js';

const SECURE = { allowPrivilegeEscalation: false, capabilities: { drop: ['ALL'] } };

describe('maps on one line', () => {
  itRenders([
    {
      name: 'a value of one entry, and a new one',
      before: yaml`
        kind: Pod
        spec:
          containers:
            - name: a
              securityContext: {readOnlyRootFilesystem: false}
      `,
      changes: [
        set('spec.containers.0.securityContext.readOnlyRootFilesystem', true),
        set('spec.containers.0.securityContext.capabilities.drop', ['ALL']),
      ],
      after: yaml`
        kind: Pod
        spec:
          containers:
            - name: a
              securityContext: {readOnlyRootFilesystem: true, capabilities: {drop: [ALL]}}
      `,
    },
    {
      name: 'spaces inside the braces',
      before: yaml`
        kind: Pod
        spec:
          containers:
            - name: a
              securityContext: { readOnlyRootFilesystem: false }  # c
      `,
      changes: [
        set('spec.containers.0.securityContext.allowPrivilegeEscalation', false),
        set('spec.containers.0.securityContext.capabilities', { drop: ['ALL'], add: [] }),
      ],
      after: yaml`
        kind: Pod
        spec:
          containers:
            - name: a
              securityContext: { allowPrivilegeEscalation: false, readOnlyRootFilesystem: false, capabilities: { drop: [ALL], add: [] } }  # c
      `,
    },
    {
      name: 'a container on one line',
      before: yaml`
        kind: Pod
        spec:
          containers:
            - {name: a, image: b}
      `,
      changes: [set('spec.containers.0.securityContext', SECURE)],
      after: yaml`
        kind: Pod
        spec:
          containers:
            - {name: a, image: b, securityContext: {allowPrivilegeEscalation: false, capabilities: {drop: [ALL]}}}
      `,
    },
    {
      name: 'a container on one line, in double quotes',
      before: yaml`
        kind: Pod
        spec:
          containers:
            - {"name": "a", "image": "b"} # c
      `,
      changes: [set('spec.containers.0.securityContext', SECURE)],
      after: yaml`
        kind: Pod
        spec:
          containers:
            - {"name": "a", "image": "b", "securityContext": {"allowPrivilegeEscalation": false, "capabilities": {"drop": ["ALL"]}}} # c
      `,
    },
    {
      name: 'JSON behind a key',
      before: yaml`
        apiVersion: v1
        spec: {"containers":[{"name":"a"}]}
      `,
      changes: [set('spec.containers.0.securityContext', SECURE)],
      after: yaml`
        apiVersion: v1
        spec: {"containers":[{"name":"a", "securityContext": {"allowPrivilegeEscalation": false, "capabilities": {"drop": ["ALL"]}}}]}
      `,
    },
    {
      name: 'a document on one line',
      before: yaml`
        {a: 1, b: {c: 2}}
      `,
      changes: [set('b.d', 3), set('e', { f: 1 })],
      after: yaml`
        {a: 1, b: {c: 2, d: 3}, e: {f: 1}}
      `,
    },
    {
      name: 'a key without a value',
      before: yaml`
        a: {b: , c: }
      `,
      changes: [set('a.d', 1)],
      after: yaml`
        a: {b: , c: , d: 1 }
      `,
    },
    {
      name: 'a key without a value that comes to be the last',
      before: yaml`
        a: {b: , c: 1}
      `,
      changes: [remove('a.c')],
      after: yaml`
        a: {b: }
      `,
    },
    {
      name: 'a value for a key without one',
      before: yaml`
        a: {b: , c: 1}
      `,
      changes: [set('a.b', 1)],
      after: yaml`
        a: {b: 1 , c: 1}
      `,
    },
    {
      name: 'remove the first',
      before: yaml`
        a: { x: 1, b: 2, z: 3 }
      `,
      changes: [remove('a.x')],
      after: yaml`
        a: { b: 2, z: 3 }
      `,
    },
    {
      name: 'remove one in the middle',
      before: yaml`
        a: { x: 1, b: 2, z: 3 }
      `,
      changes: [remove('a.b')],
      after: yaml`
        a: { x: 1, z: 3 }
      `,
    },
    {
      name: 'remove the last',
      before: yaml`
        a: { x: 1, b: 2, z: 3 }
      `,
      changes: [remove('a.z')],
      after: yaml`
        a: { x: 1, b: 2 }
      `,
    },
    {
      name: 'remove the last two',
      before: yaml`
        a: { x: 1, b: 2, z: 3 }
      `,
      changes: [remove('a.b'), remove('a.z')],
      after: yaml`
        a: { x: 1 }
      `,
    },
    {
      name: 'remove all',
      before: yaml`
        a: { x: 1, b: 2 } # c
      `,
      changes: [remove('a.x'), remove('a.b')],
      after: yaml`
        a: {} # c
      `,
    },
    {
      name: 'remove all, and add one',
      before: yaml`
        a: { x: 1, b: 2 }
      `,
      changes: [remove('a.x'), remove('a.b'), set('a.z', 3)],
      after: yaml`
        a: { z: 3 }
      `,
    },
    {
      name: 'remove the last, and add one',
      before: yaml`
        a: { x: 1, b: 2 }
      `,
      changes: [remove('a.b'), set('a.z', 3)],
      after: yaml`
        a: { x: 1, z: 3 }
      `,
    },
  ]);
});
