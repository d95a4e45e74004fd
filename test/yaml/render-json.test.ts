import { describe } from 'vitest';
import { append, itRenders, remove, set, yaml } from './table.js';

const SECURE = { allowPrivilegeEscalation: false, capabilities: { drop: ['ALL'] } };

describe('JSON', () => {
  itRenders([
    {
      name: 'two spaces, lists with a line for each item',
      before: yaml`
        {
          "kind": "Pod",
          "spec": {
            "containers": [
              {
                "name": "a",
                "args": [
                  "x"
                ]
              }
            ]
          }
        }
      `,
      changes: [
        set('spec.containers.0.securityContext', SECURE),
        append('spec.containers.0.args', 'b'),
        set('spec.securityContext', {}),
      ],
      after: yaml`
        {
          "kind": "Pod",
          "spec": {
            "securityContext": {},
            "containers": [
              {
                "name": "a",
                "securityContext": {
                  "allowPrivilegeEscalation": false,
                  "capabilities": {
                    "drop": [
                      "ALL"
                    ]
                  }
                },
                "args": [
                  "x",
                  "b"
                ]
              }
            ]
          }
        }
      `,
    },
    {
      name: 'lists on one line',
      before: yaml`
        {
          "kind": "Pod",
          "spec": {
            "containers": [
              {
                "name": "a",
                "args": ["x"]
              }
            ]
          }
        }
      `,
      changes: [set('spec.containers.0.securityContext', SECURE), append('spec.containers.0.args', 'b')],
      after: yaml`
        {
          "kind": "Pod",
          "spec": {
            "containers": [
              {
                "name": "a",
                "securityContext": {
                  "allowPrivilegeEscalation": false,
                  "capabilities": {
                    "drop": ["ALL"]
                  }
                },
                "args": ["x", "b"]
              }
            ]
          }
        }
      `,
    },
    {
      name: 'a container on one line',
      before: '{\n' + '  "spec": {\n' + '    "containers": [{"name": "a", "args": ["x"]}]\n' + '  }\n' + '}',
      changes: [set('spec.containers.0.securityContext', SECURE), append('spec.containers.0.args', 'b')],
      after:
        '{\n' +
        '  "spec": {\n' +
        '    "containers": [{"name": "a", "securityContext": {"allowPrivilegeEscalation": false, "capabilities": {"drop": ["ALL"]}}, "args": ["x", "b"]}]\n' +
        '  }\n' +
        '}',
    },
    {
      name: 'four spaces',
      before: yaml`
        {
            "spec": {
                "containers": [
                    {
                        "name": "a"
                    }
                ]
            }
        }
      `,
      changes: [set('spec.containers.0.securityContext', SECURE)],
      after: yaml`
        {
            "spec": {
                "containers": [
                    {
                        "name": "a",
                        "securityContext": {
                            "allowPrivilegeEscalation": false,
                            "capabilities": {
                                "drop": [
                                    "ALL"
                                ]
                            }
                        }
                    }
                ]
            }
        }
      `,
    },
    {
      name: 'tabs',
      before:
        '{\n' +
        '\t"spec": {\n' +
        '\t\t"containers": [\n' +
        '\t\t\t{\n' +
        '\t\t\t\t"name": "a"\n' +
        '\t\t\t}\n' +
        '\t\t]\n' +
        '\t}\n' +
        '}\n',
      changes: [set('spec.containers.0.securityContext', SECURE)],
      after:
        '{\n' +
        '\t"spec": {\n' +
        '\t\t"containers": [\n' +
        '\t\t\t{\n' +
        '\t\t\t\t"name": "a",\n' +
        '\t\t\t\t"securityContext": {\n' +
        '\t\t\t\t\t"allowPrivilegeEscalation": false,\n' +
        '\t\t\t\t\t"capabilities": {\n' +
        '\t\t\t\t\t\t"drop": [\n' +
        '\t\t\t\t\t\t\t"ALL"\n' +
        '\t\t\t\t\t\t]\n' +
        '\t\t\t\t\t}\n' +
        '\t\t\t\t}\n' +
        '\t\t\t}\n' +
        '\t\t]\n' +
        '\t}\n' +
        '}\n',
    },
    {
      name: 'minified',
      before: '{"kind":"Pod","spec":{"containers":[{"name":"a"}]}}',
      changes: [set('spec.containers.0.securityContext', SECURE)],
      after:
        '{"kind":"Pod","spec":{"containers":[{"name":"a","securityContext":{"allowPrivilegeEscalation":false,"capabilities":{"drop":["ALL"]}}}]}}',
    },
    {
      name: 'on one line with spaces',
      before: yaml`
        {"kind": "Pod", "spec": {"containers": [{"name": "a"}]}}
      `,
      changes: [set('spec.containers.0.securityContext', SECURE)],
      after: yaml`
        {"kind": "Pod", "spec": {"containers": [{"name": "a", "securityContext": {"allowPrivilegeEscalation": false, "capabilities": {"drop": ["ALL"]}}}]}}
      `,
    },
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
      name: 'CRLF and no line break at the end',
      before: '{\r\n' + '  "a": {\r\n' + '    "b": 1\r\n' + '  }\r\n' + '}',
      changes: [set('a.c', { d: 1 })],
      after: '{\r\n' + '  "a": {\r\n' + '    "b": 1,\r\n' + '    "c": {\r\n' + '      "d": 1\r\n' + '    }\r\n' + '  }\r\n' + '}',
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
