import { describe } from 'vitest';
import { append, itRenders, remove, set, yaml } from './table.js';

describe('lists on one line', () => {
  itRenders([
    {
      name: 'append; spacing and quotes of the others stay',
      before: yaml`
        a: [x,   'b']  # c
      `,
      changes: [append('a', 'd')],
      after: yaml`
        a: [x,   'b', d]  # c
      `,
    },
    {
      name: 'replace one; spacing and quotes of the others stay',
      before: yaml`
        a: [x,   'b' ,c]  # c
      `,
      changes: [set('a.2', 'z')],
      after: yaml`
        a: [x,   'b' ,z]  # c
      `,
    },
    {
      name: 'append where a comma ends the list',
      before: yaml`
        a: [x, b,]
      `,
      changes: [append('a', 'd')],
      after: yaml`
        a: [x, b, d,]
      `,
    },
    {
      name: 'remove the first',
      before: yaml`
        a: [x, b, z] # c
      `,
      changes: [remove('a.0')],
      after: yaml`
        a: [b, z] # c
      `,
    },
    {
      name: 'remove one in the middle',
      before: yaml`
        a: [x, b, z] # c
      `,
      changes: [remove('a.1')],
      after: yaml`
        a: [x, z] # c
      `,
    },
    {
      name: 'remove the last',
      before: yaml`
        a: [x, b, z] # c
      `,
      changes: [remove('a.2')],
      after: yaml`
        a: [x, b] # c
      `,
    },
    {
      name: 'remove the first two',
      before: yaml`
        a: [ x, b, z ] # c
      `,
      changes: [remove('a.0'), remove('a.1')],
      after: yaml`
        a: [ z ] # c
      `,
    },
    {
      name: 'remove the last two',
      before: yaml`
        a: [x, b, z] # c
      `,
      changes: [remove('a.1'), remove('a.2')],
      after: yaml`
        a: [x] # c
      `,
    },
    {
      name: 'remove all',
      before: yaml`
        a: [x, b, z] # c
      `,
      changes: [remove('a.0'), remove('a.1'), remove('a.2')],
      after: yaml`
        a: [] # c
      `,
    },
    {
      name: 'remove one, append one',
      before: yaml`
        a: [x, b, z] # c
      `,
      changes: [remove('a.2'), append('a', 'd')],
      after: yaml`
        a: [x, b, d] # c
      `,
    },
    {
      name: 'remove the last where a comma ends the list',
      before: yaml`
        a: [x, b,]
      `,
      changes: [remove('a.1')],
      after: yaml`
        a: [x,]
      `,
    },
    {
      name: 'over two lines',
      before: yaml`
        a: [x, b,
            z, d]
      `,
      changes: [remove('a.2'), append('a', 'e')],
      after: yaml`
        a: [x, b,
            d, e]
      `,
    },
    {
      name: 'the whole second line',
      before: yaml`
        a: [x, b,
            z, d]
      `,
      changes: [remove('a.2'), remove('a.3')],
      after: yaml`
        a: [x, b]
      `,
    },
  ]);
});
