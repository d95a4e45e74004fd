import { describe } from 'vitest';
import { append, itRenders, set, yaml } from './table.js';

const SECURE = { allowPrivilegeEscalation: false, capabilities: { drop: ['ALL'] } };

describe('layouts of JSON', () => {
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
      name: 'CRLF and no line break at the end',
      before: '{\r\n' + '  "a": {\r\n' + '    "b": 1\r\n' + '  }\r\n' + '}',
      changes: [set('a.c', { d: 1 })],
      after: '{\r\n' + '  "a": {\r\n' + '    "b": 1,\r\n' + '    "c": {\r\n' + '      "d": 1\r\n' + '    }\r\n' + '  }\r\n' + '}',
    },
  ]);
});
