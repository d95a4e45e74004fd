import { describe } from 'vitest';
import { append, itRenders, remove, set, yaml } from './table.js';

const SECURE = { allowPrivilegeEscalation: false, capabilities: { drop: ['ALL'] } };

describe('vacant values', () => {
  itRenders([
    {
      name: 'an item that starts on the line below its dash, one column behind it',
      before: yaml`
        list:
          -
           name: a
        other: b
      `,
      changes: [remove('list.0.name'), set('list.0.zone', true), set('list.0.zoom', 1)],
      after: yaml`
        list:
          - zone: true
            zoom: 1
        other: b
      `,
    },
    {
      name: 'an empty value',
      before: yaml`
        kind: Pod
        spec:
          containers:
            - name: a
              image: b
              securityContext:
      `,
      changes: [set('spec.containers.0.securityContext', SECURE)],
      after: yaml`
        kind: Pod
        spec:
          containers:
            - name: a
              image: b
              securityContext:
                allowPrivilegeEscalation: false
                capabilities:
                  drop: [ALL]
      `,
    },
    {
      name: 'an empty value with a comment',
      before: yaml`
        kind: Pod
        spec:
          containers:
            - name: a
              securityContext: # todo
              image: b
      `,
      changes: [set('spec.containers.0.securityContext.allowPrivilegeEscalation', false)],
      after: yaml`
        kind: Pod
        spec:
          containers:
            - name: a
              securityContext: # todo
                allowPrivilegeEscalation: false
              image: b
      `,
    },
    {
      name: 'an empty value in the first line of an item',
      before: yaml`
        a:
        - b:
          c: 1
      `,
      changes: [set('a.0.b.d', 1)],
      after: yaml`
        a:
        - b:
            d: 1
          c: 1
      `,
    },
    {
      name: 'an empty value with a comment below it',
      before: yaml`
        a:
          sc:
            # todo: fill
          b: 1
      `,
      changes: [set('a.sc.x', 1)],
      after: yaml`
        a:
          sc:
            x: 1
            # todo: fill
          b: 1
      `,
    },
    {
      name: '{} with a comment',
      before: yaml`
        kind: Pod
        spec:
          containers:
            - name: a
              securityContext: {}   # none
              image: b
      `,
      changes: [set('spec.containers.0.securityContext', SECURE)],
      after: yaml`
        kind: Pod
        spec:
          containers:
            - name: a
              securityContext:   # none
                allowPrivilegeEscalation: false
                capabilities:
                  drop: [ALL]
              image: b
      `,
    },
    {
      name: '{} of two lines',
      before: yaml`
        a: {
          }
      `,
      changes: [set('a.b', 1)],
      after: yaml`
        a:
          b: 1
      `,
    },
    {
      name: '~',
      before: yaml`
        kind: Pod
        spec:
          containers:
            - name: a
              securityContext: ~
      `,
      changes: [set('spec.containers.0.securityContext.runAsUser', 1)],
      after: yaml`
        kind: Pod
        spec:
          containers:
            - name: a
              securityContext:
                runAsUser: 1
      `,
    },
    {
      name: 'null with a comment',
      before: yaml`
        kind: Pod
        spec:
          containers:
            - name: a
              securityContext: null # none
      `,
      changes: [set('spec.containers.0.securityContext.capabilities.drop', ['ALL'])],
      after: yaml`
        kind: Pod
        spec:
          containers:
            - name: a
              securityContext: # none
                capabilities:
                  drop: [ALL]
      `,
    },
    {
      name: '[] to which a string goes',
      before: yaml`
        kind: Pod
        spec:
          containers:
            - name: a
              args: []
              image: b
      `,
      changes: [append('spec.containers.0.args', 'run')],
      after: yaml`
        kind: Pod
        spec:
          containers:
            - name: a
              args: [run]
              image: b
      `,
    },
    {
      name: '[] to which a map goes',
      before: yaml`
        kind: Pod
        spec:
          containers:
            - name: a
              volumeMounts: []
              image: b
      `,
      changes: [append('spec.containers.0.volumeMounts', { name: 'tmp', mountPath: '/tmp' })],
      after: yaml`
        kind: Pod
        spec:
          containers:
            - name: a
              volumeMounts:
                - name: tmp
                  mountPath: /tmp
              image: b
      `,
    },
    {
      name: 'an empty item',
      before: yaml`
        a:
          - x
          -
          - z
      `,
      changes: [set('a.1', { q: 1, r: 2 })],
      after: yaml`
        a:
          - x
          - q: 1
            r: 2
          - z
      `,
    },
  ]);
});
