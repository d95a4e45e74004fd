import { describe } from 'vitest';
import { append, itRenders, remove, set, yaml } from './table.js';

const SECURE = { allowPrivilegeEscalation: false, capabilities: { drop: ['ALL'] } };

describe('block scalars', () => {
  itRenders([
    {
      name: 'that end in a # line',
      before: yaml`
        kind: Pod
        spec:
          containers:
            - name: a
              command:
                - |
                  echo
                  # not a comment
      `,
      changes: [set('spec.containers.0.securityContext', SECURE), append('spec.containers.0.command', 'x')],
      after: yaml`
        kind: Pod
        spec:
          containers:
            - name: a
              securityContext:
                allowPrivilegeEscalation: false
                capabilities:
                  drop:
                    - ALL
              command:
                - |
                  echo
                  # not a comment
                - x
      `,
    },
    {
      name: 'that end the container in a # line',
      before: yaml`
        containers:
        - name: a
          s: |
            echo
            # not a comment
        - name: b
      `,
      changes: [set('containers.0.t', true)],
      after: yaml`
        containers:
        - name: a
          s: |
            echo
            # not a comment
          t: true
        - name: b
      `,
    },
    {
      name: '|+',
      before: yaml`
        a:
          s: |+
            x

        b: 1
      `,
      changes: [set('a.t', 1)],
      after: yaml`
        a:
          s: |+
            x

          t: 1
        b: 1
      `,
    },
    {
      name: '|-',
      before: yaml`
        a:
          s: |-
            x
          # about t
          t: 1
      `,
      changes: [set('a.u', 1)],
      after: yaml`
        a:
          s: |-
            x
          # about t
          t: 1
          u: 1
      `,
    },
    {
      name: '> and >-',
      before: yaml`
        a:
          r: >
            x

            w
          s: >-
            x
            w

          # about t
          t: 1
      `,
      changes: [set('a.u', 1)],
      after: yaml`
        a:
          r: >
            x

            w
          s: >-
            x
            w

          # about t
          t: 1
          u: 1
      `,
    },
    {
      name: 'with blank lines behind them',
      before: yaml`
        a:
          s: |
            x


        b: 1
      `,
      changes: [set('a.t', 1)],
      after: yaml`
        a:
          s: |
            x
          t: 1


        b: 1
      `,
    },
    {
      name: 'with what looks like a marker',
      before: yaml`
        a:
          s: |
            -----BEGIN CERTIFICATE-----
            ---
        b: 1
      `,
      changes: [set('a.t', 1)],
      after: yaml`
        a:
          s: |
            -----BEGIN CERTIFICATE-----
            ---
          t: 1
        b: 1
      `,
    },
    {
      name: 'replaced by a string, the comment of the header kept',
      before: yaml`
        a:
          s: | # c
            x
            # no comment
          t: 1
      `,
      changes: [set('a.s', 'z')],
      after: yaml`
        a:
          s: z # c
          t: 1
      `,
    },
    {
      name: 'replaced by a map',
      before: yaml`
        a:
          s: |-
            x
            w
          t: 1
      `,
      changes: [set('a.s', { q: 1 })],
      after: yaml`
        a:
          s:
            q: 1
          t: 1
      `,
    },
    {
      name: 'before a removed key',
      before: yaml`
        a: |
          x
        b: 1
          # about b
        c: 1
      `,
      changes: [remove('b')],
      after: yaml`
        a: |
          x
        c: 1
      `,
      lost: ['# about b'],
    },
    {
      name: '|+ before a removed key with blank lines behind',
      before: yaml`
        a: |+
          x
        b: 1


        c: 1
      `,
      changes: [remove('b')],
      after: yaml`
        a: |+
          x
        c: 1
      `,
    },
    {
      name: 'before a removed key with a line of blanks behind that reaches further than the scalar',
      before: 'a: |\n echo\nb:\n\n  \n\nc: 1\n',
      changes: [remove('b')],
      after: 'a: |\n echo\n\nc: 1\n',
    },
    {
      name: '|- before a removed key with a line of blanks behind that reaches no further',
      before: 'a: |-\n  echo\nb: 1\n  \nc: 1\n',
      changes: [remove('b')],
      after: 'a: |-\n  echo\n  \nc: 1\n',
    },
    {
      name: 'with an indent of their own before a removed key with blanks behind',
      before: 'a: |1\n  echo\nb: 1\n  \nc: 1\n',
      changes: [remove('b')],
      after: 'a: |1\n  echo\nc: 1\n',
    },
    {
      name: 'before a removed key with blanks behind that end the file, CRLF',
      before: 'a: >\r\n echo\r\nb: 1\r\n   \r\n',
      changes: [remove('b')],
      after: 'a: >\r\n echo\r\n',
    },
    {
      name: 'before a removed key that ends the file without a line break',
      before: 'a: |\n  x\nb: 1',
      changes: [remove('b')],
      after: yaml`
        a: |
          x
      `,
    },
  ]);
});
