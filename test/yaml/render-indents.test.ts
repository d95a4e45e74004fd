import { describe } from 'vitest';
import { itRenders, set, yaml } from './table.js';

const SECURE = { allowPrivilegeEscalation: false, capabilities: { drop: ['ALL'] } };

describe('indents', () => {
  itRenders([
    {
      name: 'of four',
      before: yaml`
        spec:
            template:
                spec:
                    containers:
                        - name: a
                          image: b
      `,
      changes: [
        set('spec.template.spec.containers.0.securityContext', SECURE),
        set('spec.template.spec.securityContext.seccompProfile.type', 'RuntimeDefault'),
      ],
      after: yaml`
        spec:
            template:
                spec:
                    securityContext:
                        seccompProfile:
                            type: RuntimeDefault
                    containers:
                        - name: a
                          image: b
                          securityContext:
                              allowPrivilegeEscalation: false
                              capabilities:
                                  drop: [ALL]
      `,
    },
    {
      name: 'of four, lists unindented',
      before: yaml`
        spec:
            x:
                w: 1
            l:
            - a
      `,
      changes: [set('spec.z', { q: [{ r: 1 }] })],
      after: yaml`
        spec:
            x:
                w: 1
            l:
            - a
            z:
                q:
                - r: 1
      `,
    },
    {
      name: 'of one',
      before: yaml`
        spec:
         x:
          w: 1
      `,
      changes: [set('spec.z', { q: [{ r: 1 }] })],
      after: yaml`
        spec:
         x:
          w: 1
         z:
          q:
           - r: 1
      `,
    },
    {
      name: 'that change within the file',
      before: yaml`
        a:
            b:
                c: 1
        d:
          e:
            f: 1
          g: 1
      `,
      changes: [set('d.h', { i: 1 }), set('a.h', { i: 1 })],
      after: yaml`
        a:
            b:
                c: 1
            h:
                i: 1
        d:
          e:
            f: 1
          g: 1
          h:
            i: 1
      `,
    },
  ]);
});
