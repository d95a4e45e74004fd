import { describe } from 'vitest';
import { append, itRenders, set, yaml } from './table.js';

const SECURE = { allowPrivilegeEscalation: false, capabilities: { drop: ['ALL'] } };

describe('lists', () => {
  itRenders([
    {
      name: 'comments between items',
      before: yaml`
        a:
          # first
          - x
          # second
          - w
          # end
        b: 1
      `,
      changes: [append('a', 'z')],
      after: yaml`
        a:
          # first
          - x
          # second
          - w
          - z
          # end
        b: 1
      `,
    },
    {
      name: 'unindented',
      before: yaml`
        spec:
          containers:
          - name: a
            args:
            - x
      `,
      changes: [set('spec.containers.0.securityContext', SECURE), append('spec.containers.0.args', 'w')],
      after: yaml`
        spec:
          containers:
          - name: a
            securityContext:
              allowPrivilegeEscalation: false
              capabilities:
                drop:
                - ALL
            args:
            - x
            - w
      `,
    },
    {
      name: 'unindented, with items commented out',
      before: yaml`
        spec:
          args:
          - x
          # - w
          #   z
          # other
          b: 1
      `,
      changes: [append('spec.args', 'm')],
      after: yaml`
        spec:
          args:
          - x
          # - w
          #   z
          - m
          # other
          b: 1
      `,
    },
    {
      name: 'unindented, with items commented out, and a key behind',
      before: yaml`
        spec:
          args:
          - x
          # - w
      `,
      changes: [set('spec.z', 1)],
      after: yaml`
        spec:
          args:
          - x
          # - w
          z: 1
      `,
    },
    {
      name: 'wide dashes',
      before: yaml`
        spec:
          containers:
          -   name: a
              image: b
      `,
      changes: [set('spec.containers.0.securityContext', SECURE), append('spec.containers', { name: 'c', image: 'd' })],
      after: yaml`
        spec:
          containers:
          -   name: a
              image: b
              securityContext:
                allowPrivilegeEscalation: false
                capabilities:
                  drop: [ALL]
          -   name: c
              image: d
      `,
    },
    {
      name: 'one item with a dash of its own width',
      before: yaml`
        a:
          - x
          -   w
      `,
      changes: [set('a.1', { b: 1, c: { d: 2 } })],
      after: yaml`
        a:
          - x
          -   b: 1
              c:
                d: 2
      `,
    },
    {
      name: 'an item on the line below its dash',
      before: yaml`
        a:
          -
           x
           w
      `,
      changes: [set('a.0', { b: 1, c: { d: [1, [2]], e: [{ f: 1 }] } })],
      after: yaml`
        a:
          -
           b: 1
           c:
             d:
               - 1
               - [2]
             e:
               - f: 1
      `,
    },
    {
      name: 'lists in lists',
      before: yaml`
        a:
          - - x
            - w
      `,
      changes: [append('a.0', 'z'), append('a', ['q'])],
      after: yaml`
        a:
          - - x
            - w
            - z
          - [q]
      `,
    },
    {
      name: 'an item becomes a map',
      before: yaml`
        a:
          - x # c
          - w
      `,
      changes: [set('a.0', { p: 1, q: { r: 1 } })],
      after: yaml`
        a:
          - p: 1 # c
            q:
              r: 1
          - w
      `,
    },
    {
      name: 'written [a, b] where others are',
      before: yaml`
        a: [x]
        b:
          c: 1
      `,
      changes: [set('b.d', ['p', 'q'])],
      after: yaml`
        a: [x]
        b:
          c: 1
          d: [p, q]
      `,
    },
    {
      name: 'written with dashes where others are',
      before: yaml`
        a:
          - x
        b:
          c: 1
      `,
      changes: [set('b.d', ['p', 'q'])],
      after: yaml`
        a:
          - x
        b:
          c: 1
          d:
            - p
            - q
      `,
    },
  ]);
});
