import { describe } from 'vitest';
import { append, itRenders, remove, set, yaml } from './table.js';

describe('JSON', () => {
  itRenders([
    {
      name: '{} and []',
      before: '{\n' + '  "spec": {\n' + '    "a": {},\n' + '    "b": []\n' + '  }\n' + '}',
      changes: [set('spec.a.x', { b: 1 }), append('spec.b', 'q')],
      after:
        '{\n' +
        '  "spec": {\n' +
        '    "a": {\n' +
        '      "x": {\n' +
        '        "b": 1\n' +
        '      }\n' +
        '    },\n' +
        '    "b": [\n' +
        '      "q"\n' +
        '    ]\n' +
        '  }\n' +
        '}',
    },
    {
      name: '{} and [] at the root',
      before: yaml`
        {
          "kind": "Pod",
          "a": {},
          "b": []
        }
      `,
      changes: [set('a.x', { b: 1 }), append('b', { z: [1] })],
      after: yaml`
        {
          "kind": "Pod",
          "a": {
            "x": {
              "b": 1
            }
          },
          "b": [
            {
              "z": [
                1
              ]
            }
          ]
        }
      `,
    },
    {
      name: 'null',
      before: yaml`
        {
          "a": null
        }
      `,
      changes: [set('a.b.c', [1])],
      after: yaml`
        {
          "a": {
            "b": {
              "c": [
                1
              ]
            }
          }
        }
      `,
    },
    {
      name: 'remove keys',
      before: yaml`
        {
          "a": 1,
          "b": 2,
          "c": {
            "d": 1
          }
        }
      `,
      changes: [remove('b'), remove('c.d')],
      after: yaml`
        {
          "a": 1,
          "c": {}
        }
      `,
    },
    {
      name: 'remove the last key',
      before: yaml`
        {
          "a": 1,
          "b": {
            "c": 1
          }
        }
      `,
      changes: [remove('b')],
      after: yaml`
        {
          "a": 1
        }
      `,
    },
    {
      name: 'remove the first item',
      before: yaml`
        {
          "a": [
            {
              "b": 1
            },
            {
              "b": 2
            }
          ]
        }
      `,
      changes: [remove('a.0')],
      after: yaml`
        {
          "a": [
            {
              "b": 2
            }
          ]
        }
      `,
    },
    {
      name: 'append items',
      before: '{\n' + '\t"l": [\n' + '\t\t1,\n' + '\t\t2\n' + '\t]\n' + '}',
      changes: [append('l', 3), append('l', { a: 1 })],
      after:
        '{\n' + '\t"l": [\n' + '\t\t1,\n' + '\t\t2,\n' + '\t\t3,\n' + '\t\t{\n' + '\t\t\t"a": 1\n' + '\t\t}\n' + '\t]\n' + '}',
    },
    {
      name: 'strings that YAML would not escape',
      before: yaml`
        {
          "a": 1
        }
      `,
      changes: [set('b', ' "\n'), set('c', 'é')],
      after: '{\n' + '  "a": 1,\n' + '  "b": "\\u2028\\u007f\\"\\n",\n' + '  "c": "é"\n' + '}\n',
    },
  ]);
});
