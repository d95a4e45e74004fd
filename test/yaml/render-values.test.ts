import { describe } from 'vitest';
import { append, itRenders, set, yaml } from './table.js';

describe('scalars', () => {
  itRenders([
    {
      name: 'quotes stay where a string replaces a string',
      before: yaml`
        a: 'foo'
        b: ["all"]
        c:
          - "x"
        d: plain
      `,
      changes: [set('a', 'bar'), set('b', ['ALL']), append('c', 'y'), set('d', 'other')],
      after: yaml`
        a: 'bar'
        b: ["ALL"]
        c:
          - "x"
          - "y"
        d: other
      `,
    },
    {
      name: 'a comment keeps its distance',
      before: yaml`
        a: foo      # c
      `,
      changes: [set('a', 'longer')],
      after: yaml`
        a: longer      # c
      `,
    },
    {
      name: 'tabs behind values',
      before: 'a:\n' + '  x: 1\t# c\n' + '  w: 2\t\n',
      changes: [set('a.x', 3), set('a.z', 1)],
      after: 'a:\n' + '  x: 3\t# c\n' + '  w: 2\t\n' + '  z: 1\n',
    },
    {
      name: 'a tab before a value',
      before: 'a:\tfoo\n',
      changes: [set('a', ['x'])],
      after: yaml`
        a: [x]
      `,
    },
    {
      name: 'wide characters',
      before: yaml`
        a: 🚀 # 日本
        b: 日本語   # 🚀
      `,
      changes: [set('b', 'x'), set('c', '日本')],
      after: yaml`
        a: 🚀 # 日本
        b: x   # 🚀
        c: "日本"
      `,
    },
    {
      name: 'a value on the next line',
      before: yaml`
        a:
          foo # c
        b: 1
      `,
      changes: [set('a', 'x')],
      after: yaml`
        a:
          x # c
        b: 1
      `,
    },
    {
      name: 'a value on the next line becomes a map',
      before: yaml`
        a:
          foo # c
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
      name: 'a plain value of two lines',
      before: yaml`
        a: one
          two # c
        b: 1
      `,
      changes: [set('a', 'x')],
      after: yaml`
        a: x # c
        b: 1
      `,
    },
    {
      name: 'a quoted value of two lines becomes a map',
      before: yaml`
        a: "one
          two" # c
        b: 1
      `,
      changes: [set('a', { q: 1 })],
      after: yaml`
        a: # c
          q: 1
        b: 1
      `,
    },
    {
      name: 'double quotes where the file has them',
      before: yaml`
        a: "x"
        b: "w"
      `,
      changes: [set('c', 'z'), set('d', ['ALL'])],
      after: yaml`
        a: "x"
        b: "w"
        c: "z"
        d: ["ALL"]
      `,
    },
    {
      name: 'single quotes where the file has them',
      before: yaml`
        a: 'x'
        b: 'w'
      `,
      changes: [set('c', 'z'), set('d', 'yes'), set('e', "it's")],
      after: yaml`
        a: 'x'
        b: 'w'
        c: 'z'
        d: 'yes'
        e: 'it''s'
      `,
    },
    {
      name: 'no quotes around quantities and paths',
      before: yaml`
        a: x
      `,
      changes: [set('cpu', '100m'), set('memory', '64Mi'), set('path', '/tmp'), set('image', 'a.b/c-d')],
      after: yaml`
        a: x
        cpu: 100m
        memory: 64Mi
        path: /tmp
        image: a.b/c-d
      `,
    },
    {
      name: 'quotes around all that some reader takes for something else',
      before: yaml`
        a: x
      `,
      changes: [
        set('s', [
          'yes',
          'n',
          '0644',
          '1e3',
          'null',
          '~',
          '',
          'a: b',
          '- x',
          '#c',
          '2001-12-14',
          '12:30',
          '0x1',
          '.5',
          'a\tb',
          'é',
          '-x',
          '*a',
          '&a',
          '!a',
          '%a',
          '@a',
          '`a',
          '{',
          'a,b',
          '=',
          '<<',
        ]),
      ],
      after:
        'a: x\ns: ["yes", "n", "0644", "1e3", "null", "~", "", "a: b", "- x", "#c", "2001-12-14", "12:30", "0x1", ".5", "a\\tb", "é", "-x", "*a", "&a", "!a", "%a", "@a", "`a", "{", "a,b", "=", "<<"]\n',
    },
    {
      name: 'quotes around keys that are none',
      before: yaml`
        a: 1
      `,
      changes: [set('on', 1), set('y', 2), set(['8080'], 3), set(['a: b'], 4), set(['app.kubernetes.io/name'], 5)],
      after: yaml`
        a: 1
        "on": 1
        "y": 2
        "8080": 3
        "a: b": 4
        app.kubernetes.io/name: 5
      `,
    },
    {
      name: 'a tag goes with its value',
      before: yaml`
        a: !!str 5 # c
        b: !!int
          "6" # d
      `,
      changes: [set('a', 6), set('b', 'x')],
      after: yaml`
        a: 6 # c
        b: x # d
      `,
    },
    {
      name: 'a tag stays on a map that gains a key',
      before: yaml`
        a: !!map
          b: 1
      `,
      changes: [set('a.c', 2)],
      after: yaml`
        a: !!map
          b: 1
          c: 2
      `,
    },
  ]);
});
