import { describe } from 'vitest';
import { itRenders, set, yaml } from './table.js';

describe('block and inline', () => {
  itRenders([
    {
      name: 'a block becomes a number',
      before: yaml`
        a: # c
          b: 1 # d
          # e
        c: 1
      `,
      changes: [set('a', 5)],
      after: yaml`
        a: 5 # c
          # e
        c: 1
      `,
      lost: ['# d'],
    },
    {
      name: 'a number becomes a block',
      before: yaml`
        a: 5 # c
        b: 1
      `,
      changes: [set('a', { x: 1 })],
      after: yaml`
        a: # c
          x: 1
        b: 1
      `,
    },
    {
      name: 'a number becomes a list',
      before: yaml`
        a: 5 # c
        b: 1
      `,
      changes: [set('a', [{ x: 1, z: 2 }])],
      after: yaml`
        a: # c
          - x: 1
            z: 2
        b: 1
      `,
    },
    {
      name: 'a list becomes a map',
      before: yaml`
        a:
        - 1
        - 2
        b: 1
      `,
      changes: [set('a', { x: 1 })],
      after: yaml`
        a:
          x: 1
        b: 1
      `,
    },
    {
      name: 'a map becomes a list',
      before: yaml`
        a:
          x: 1
        b: 1
      `,
      changes: [set('a', [{ x: 1 }])],
      after: yaml`
        a:
          - x: 1
        b: 1
      `,
    },
    {
      name: 'a map is replaced key by key',
      before: yaml`
        a:
          x: 1 # one
          w: 2 # two
      `,
      changes: [set('a', { x: 3, z: 4 })],
      after: yaml`
        a:
          x: 3 # one
          z: 4
      `,
      lost: ['# two'],
    },
  ]);
});
