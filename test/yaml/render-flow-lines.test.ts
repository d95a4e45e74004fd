import { describe } from 'vitest';
import { append, itRenders, remove, set, yaml } from './table.js';

describe('collections with a line for each entry', () => {
  itRenders([
    {
      name: 'a new last entry',
      before: yaml`
        a: {
          x: 1,
          b: 2
          }
      `,
      changes: [set('a.z', 3)],
      after: yaml`
        a: {
          x: 1,
          b: 2,
          z: 3
          }
      `,
    },
    {
      name: 'a new last entry behind a comma',
      before: yaml`
        a: {
          x: 1,
          b: 2,
          }
      `,
      changes: [set('a.z', 3)],
      after: yaml`
        a: {
          x: 1,
          b: 2,
          z: 3,
          }
      `,
    },
    {
      name: 'comments behind the commas',
      before: yaml`
        a: {
          x: 1, # one
          b: 2 # two
          }
      `,
      changes: [set('a.z', 3)],
      after: yaml`
        a: {
          x: 1, # one
          b: 2, # two
          z: 3
          }
      `,
    },
    {
      name: 'comments behind the commas, the last entry removed',
      before: yaml`
        a: {
          x: 1, # one
          b: 2 # two
          }
      `,
      changes: [remove('a.b')],
      after: yaml`
        a: {
          x: 1 # one
          }
      `,
      lost: ['# two'],
    },
    {
      name: 'comments behind the commas, the first entry removed',
      before: yaml`
        a: {
          x: 1, # one
          b: 2 # two
          }
      `,
      changes: [remove('a.x')],
      after: yaml`
        a: {
          b: 2 # two
          }
      `,
      lost: ['# one'],
    },
    {
      name: 'comments behind the commas, the last entry replaced by another',
      before: yaml`
        a: {
          x: 1, # one
          b: 2 # two
          }
      `,
      changes: [remove('a.b'), set('a.z', { q: 1 })],
      after: yaml`
        a: {
          x: 1, # one
          z: {q: 1}
          }
      `,
      lost: ['# two'],
    },
    {
      name: 'a comment on a line of its own before a removed item',
      before: yaml`
        a: [
          x, # one
          # two
          b
          ]
      `,
      changes: [remove('a.1')],
      after: yaml`
        a: [
          x # one
          # two
          ]
      `,
    },
    {
      name: 'commas before the entries',
      before: yaml`
        a: {
          x: 1
          , b: 2
          }
      `,
      changes: [set('a.z', 3)],
      after: yaml`
        a: {
          x: 1
          , b: 2, z: 3
          }
      `,
    },
    {
      name: 'a list of maps',
      before: yaml`
        a: [
          {name: x},
          {name: z}
          ]
      `,
      changes: [append('a', { name: 'd' }), set('a.0.image', 'i')],
      after: yaml`
        a: [
          {name: x, image: i},
          {name: z},
          {name: d}
          ]
      `,
    },
  ]);
});
