import { describe } from 'vitest';
import { itRenders, remove, set, yaml } from './table.js';

describe('removals', () => {
  itRenders([
    {
      name: 'the first key of an item',
      before: yaml`
        a:
        - name: x
          image: w
      `,
      changes: [remove('a.0.name')],
      after: yaml`
        a:
        - image: w
      `,
    },
    {
      name: 'the first key of an item, before a comment',
      before: yaml`
        a:
        - name: x # n
          # about image
          image: w
      `,
      changes: [remove('a.0.name')],
      after: yaml`
        a:
        - # about image
          image: w
      `,
      lost: ['# n'],
    },
    {
      name: 'the first two keys of an item',
      before: yaml`
        a:
        - name: x
          image: w
          b: 1
      `,
      changes: [remove('a.0.name'), remove('a.0.image')],
      after: yaml`
        a:
        - b: 1
      `,
    },
    {
      name: 'the last key of a map',
      before: yaml`
        a:
          b: 1 # c
        d: 1
      `,
      changes: [remove('a.b')],
      after: yaml`
        a: {}
        d: 1
      `,
      lost: ['# c'],
    },
    {
      name: 'the last key of an item',
      before: yaml`
        a:
        - b: 1 # c
      `,
      changes: [remove('a.0.b')],
      after: yaml`
        a:
        - {}
      `,
      lost: ['# c'],
    },
    {
      name: 'the last key, while another one is added',
      before: yaml`
        a:
          b: 1
      `,
      changes: [remove('a.b'), set('a.c', 1)],
      after: yaml`
        a:
          c: 1
      `,
    },
    {
      name: 'the first item',
      before: yaml`
        a:
        - x: 1
          w: 2
        - z: 1
      `,
      changes: [remove('a.0')],
      after: yaml`
        a:
        - z: 1
      `,
    },
    {
      name: 'an item between comments',
      before: yaml`
        a:
          # first
          - x
          # second
          - w
          # end
        b: 1
      `,
      changes: [remove('a.1')],
      after: yaml`
        a:
          # first
          - x
          # second
          # end
        b: 1
      `,
    },
    {
      name: 'all items',
      before: yaml`
        a:
        - x: 1
          w: 2
        - z: 1
        b: 1
      `,
      changes: [remove('a.0'), remove('a.1')],
      after: yaml`
        a: []
        b: 1
      `,
    },
    {
      name: 'a key that a comment heads',
      before: yaml`
        a:
          b: 1
          # about c
          c: 1
          d: 1
      `,
      changes: [remove('a.c')],
      after: yaml`
        a:
          b: 1
          # about c
          d: 1
      `,
    },
    {
      name: 'a block with comments in it',
      before: yaml`
        a:
          sc:
            # deep
            p: true # why
            # q: 1
          d: 1
      `,
      changes: [remove('a.sc')],
      after: yaml`
        a:
          d: 1
      `,
      lost: ['# deep', '# why', '# q: 1'],
    },
    {
      name: 'the first key of a document',
      before: yaml`
        a: 1
        b: 2
      `,
      changes: [remove('a')],
      after: yaml`
        b: 2
      `,
    },
    {
      name: 'the last key of a document',
      before: yaml`
        a: 1
        b: 2
      `,
      changes: [remove('b')],
      after: yaml`
        a: 1
      `,
    },
    {
      name: 'the last key of a file without a last line break',
      before: 'a: 1\nb: 2',
      changes: [remove('b')],
      after: 'a: 1',
    },
  ]);
});
