import { describe } from 'vitest';
import { append, itRenders, remove, set, yaml } from './table.js';

describe('anchors', () => {
  itRenders([
    {
      name: 'all uses want it: one edit at the anchor',
      before: yaml`
        a: &x
          p: 1
        b: *x
      `,
      changes: [set('a.q', 2), set('b.q', 2)],
      after: yaml`
        a: &x
          p: 1
          q: 2
        b: *x
      `,
    },
    {
      name: 'in a list',
      before: yaml`
        base: &x
          drop: [NET_RAW]
        items:
        - sc: *x # one
        - sc: *x # two
      `,
      changes: [append('base.drop', 'ALL'), append('items.0.sc.drop', 'ALL'), append('items.1.sc.drop', 'ALL')],
      after: yaml`
        base: &x
          drop: [NET_RAW, ALL]
        items:
        - sc: *x # one
        - sc: *x # two
      `,
    },
    {
      name: 'emptied at all uses',
      before: yaml`
        a: &x
          p: 1
        b: *x
      `,
      changes: [remove('a.p'), remove('b.p')],
      after: yaml`
        a: &x {}
        b: *x
      `,
    },
    {
      name: 'a scalar that all uses want otherwise',
      before: yaml`
        a: &x foo # c
        b: *x
      `,
      changes: [set('a', 'bar'), set('b', 'bar')],
      after: yaml`
        a: &x bar # c
        b: *x
      `,
    },
    {
      name: 'a scalar becomes a map at all uses',
      before: yaml`
        a:
          - &x foo # c
          - *x
      `,
      changes: [set('a.0', { p: 1 }), set('a.1', { p: 1 })],
      after: yaml`
        a:
          - &x # c
            p: 1
          - *x
      `,
    },
    {
      name: 'an alias alone is replaced, its anchor left',
      before: yaml`
        a: &x foo # c
        b: *x   # d
      `,
      changes: [set('b', 'bar')],
      after: yaml`
        a: &x foo # c
        b: bar   # d
      `,
    },
    {
      name: 'an alias of a map alone is replaced',
      before: yaml`
        a: &x
          p: 1
        b: *x   # d
        c: 1
      `,
      changes: [set('b', { q: 1 })],
      after: yaml`
        a: &x
          p: 1
        b:   # d
          q: 1
        c: 1
      `,
    },
    {
      name: 'an alias alone is removed',
      before: yaml`
        a: &x
          p: 1
        b: *x   # d
        c: 1
      `,
      changes: [remove('b')],
      after: yaml`
        a: &x
          p: 1
        c: 1
      `,
      lost: ['# d'],
    },
    {
      name: 'a change beside the anchor',
      before: yaml`
        a: &x
          p: 1
        b: *x
      `,
      changes: [set('c.d', 1)],
      after: yaml`
        a: &x
          p: 1
        b: *x
        c:
          d: 1
      `,
    },
  ]);
});

describe('merge keys', () => {
  itRenders([
    {
      name: 'a new key of the merging map is its own',
      before: yaml`
        base: &x
          p: 1
        b:
          <<: *x
          r: 1
      `,
      changes: [set('b.q', 2)],
      after: yaml`
        base: &x
          p: 1
        b:
          <<: *x
          r: 1
          q: 2
      `,
    },
    {
      name: 'a merging map without keys of its own',
      before: yaml`
        base: &x
          p: 1
        b:
          <<: *x
      `,
      changes: [set('b.q', 2)],
      after: yaml`
        base: &x
          p: 1
        b:
          <<: *x
          q: 2
      `,
    },
    {
      name: 'what the base is given is not written twice',
      before: yaml`
        base: &x
          p: 1
        b:
          <<: *x
          r: 1
      `,
      changes: [set('base.q', 2), set('b.q', 2)],
      after: yaml`
        base: &x
          p: 1
          q: 2
        b:
          <<: *x
          r: 1
      `,
    },
    {
      name: 'a key of the base that all want otherwise',
      before: yaml`
        base: &x
          p: 1
        b:
          <<: *x
      `,
      changes: [set('base.p', 2), set('b.p', 2)],
      after: yaml`
        base: &x
          p: 2
        b:
          <<: *x
      `,
    },
    {
      name: 'the own key of a merging map',
      before: yaml`
        base: &x
          p: 1
        b:
          <<: *x
          p: 2
      `,
      changes: [set('b.p', 3)],
      after: yaml`
        base: &x
          p: 1
        b:
          <<: *x
          p: 3
      `,
    },
    {
      name: 'on one line',
      before: yaml`
        base: &x {p: 1}
        b: {<<: *x}
      `,
      changes: [set('b.q', 2)],
      after: yaml`
        base: &x {p: 1}
        b: {<<: *x, q: 2}
      `,
    },
    {
      name: 'of two bases',
      before: yaml`
        x: &x {p: 1}
        z: &z {r: 1}
        b:
          <<: [*x, *z]
      `,
      changes: [set('b.q', 2)],
      after: yaml`
        x: &x {p: 1}
        z: &z {r: 1}
        b:
          <<: [*x, *z]
          q: 2
      `,
    },
    {
      name: 'never before the merge, even in a sorted map',
      before: yaml`
        base: &x {p: 1}
        b:
          <<: *x
          d: 1
          e: 1
          f: 1
      `,
      changes: [set('b.a', 2)],
      after: yaml`
        base: &x {p: 1}
        b:
          <<: *x
          a: 2
          d: 1
          e: 1
          f: 1
      `,
    },
  ]);
});
