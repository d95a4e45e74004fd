import { describe } from 'vitest';
import { itRenders, remove, set, yaml } from './table.js';

describe('files', () => {
  itRenders([
    {
      name: 'a comment header before ---',
      before: yaml`
        # licence
        # of three lines

        ---
        # head
        kind: Pod
        # tail
      `,
      changes: [set('spec.x', 1)],
      after: yaml`
        # licence
        # of three lines

        ---
        # head
        kind: Pod
        spec:
          x: 1
        # tail
      `,
    },
    {
      name: '--- # comment',
      before: yaml`
        --- # first
        a: 1
        --- # second
        b: 1
        --- # third
        c: 1
      `,
      changes: [set('z', 1)],
      after: yaml`
        --- # first
        a: 1
        --- # second
        b: 1
        z: 1
        --- # third
        c: 1
      `,
      document: 1,
    },
    {
      name: 'a document that is only comments, and one that is another thing',
      before: yaml`
        ---
        # nothing
        ---
        kind: Service
        ---
        kind: Pod
      `,
      changes: [set('z', 1)],
      after: yaml`
        ---
        # nothing
        ---
        kind: Service
        ---
        kind: Pod
        z: 1
      `,
      document: 2,
    },
    {
      name: 'several documents',
      before: yaml`
        a: 1
        ---
        b: 1
        ---
        c: 1
      `,
      changes: [set('z', 1)],
      after: yaml`
        a: 1
        ---
        b: 1
        z: 1
        ---
        c: 1
      `,
      document: 1,
    },
    {
      name: '...',
      before: yaml`
        a:
          x: 1
        ...
      `,
      changes: [set('a.z', 2)],
      after: yaml`
        a:
          x: 1
          z: 2
        ...
      `,
    },
    {
      name: '... and a directive',
      before: yaml`
        a: 1
        ...
        %YAML 1.1
        ---
        b: 1
      `,
      changes: [set('z', 2)],
      after: yaml`
        a: 1
        ...
        %YAML 1.1
        ---
        b: 1
        z: 2
      `,
      document: 1,
    },
    {
      name: 'CRLF',
      before: 'a:\r\n' + '  x: 1\r\n' + 'b: 2\r\n',
      changes: [set('a.z', { q: 1 })],
      after: 'a:\r\n' + '  x: 1\r\n' + '  z:\r\n' + '    q: 1\r\n' + 'b: 2\r\n',
    },
    {
      name: 'mixed line endings',
      before: 'a:\n' + '  x: 1\r\n' + 'b: 2\n',
      changes: [set('a.z', { q: 1 }), set('c', 1)],
      after: 'a:\n' + '  x: 1\r\n' + '  z:\r\n' + '    q: 1\r\n' + 'b: 2\n' + 'c: 1\n',
    },
    {
      name: 'a byte order mark',
      before: '\ufeffa: 1\n',
      changes: [set('b', 1)],
      after: '\ufeffa: 1\nb: 1\n',
    },
    {
      name: 'a byte order mark before a removed key',
      before: '\ufeffa: 1\nb: 2\n',
      changes: [remove('a')],
      after: '\ufeffb: 2\n',
    },
    {
      name: 'no line break at the end',
      before: 'a:\n  b: 1',
      changes: [set('a.c', [1])],
      after: 'a:\n  b: 1\n  c: [1]',
    },
  ]);
});
