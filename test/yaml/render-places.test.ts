import { describe } from 'vitest';
import { itRenders, set, yaml } from './table.js';

const SECURE = { allowPrivilegeEscalation: false, capabilities: { drop: ['ALL'] } };

describe('places', () => {
  itRenders([
    {
      name: 'pod level before the containers, container level after the image',
      before: yaml`
        apiVersion: apps/v1
        kind: Deployment
        spec:
          template:
            spec:
              restartPolicy: Always
              # the one and only
              containers:
                - name: web
                  image: nginx # pinned below
                  ports:
                    - containerPort: 80
      `,
      changes: [
        set('spec.template.spec.containers.0.resources', { requests: { memory: '64Mi', cpu: '100m' } }),
        set('spec.template.spec.containers.0.securityContext', SECURE),
        set('spec.template.spec.securityContext.runAsNonRoot', true),
        set('spec.template.spec.automountServiceAccountToken', false),
      ],
      after: yaml`
        apiVersion: apps/v1
        kind: Deployment
        spec:
          template:
            spec:
              restartPolicy: Always
              automountServiceAccountToken: false
              securityContext:
                runAsNonRoot: true
              # the one and only
              containers:
                - name: web
                  image: nginx # pinned below
                  securityContext:
                    allowPrivilegeEscalation: false
                    capabilities:
                      drop: [ALL]
                  ports:
                    - containerPort: 80
                  resources:
                    requests:
                      cpu: 100m
                      memory: 64Mi
      `,
    },
    {
      name: 'before the comment that heads what follows',
      before: yaml`
        a:
          x: 1

        # about b
        b: 1
      `,
      changes: [set('a.z', 2)],
      after: yaml`
        a:
          x: 1
          z: 2

        # about b
        b: 1
      `,
    },
    {
      name: 'before a blank line',
      before: yaml`
        a:
          x: 1

        b: 1
      `,
      changes: [set('a.z', 2)],
      after: yaml`
        a:
          x: 1
          z: 2

        b: 1
      `,
    },
    {
      name: 'before a comment at the end of the map',
      before: yaml`
        a:
          x: 1
          # trailing of a
        b: 1
      `,
      changes: [set('a.z', 1)],
      after: yaml`
        a:
          x: 1
          z: 1
          # trailing of a
        b: 1
      `,
    },
    {
      name: 'behind a comment that is indented deeper',
      before: yaml`
        a:
          x: 1
            # more on x
        b: 1
      `,
      changes: [set('a.z', 1)],
      after: yaml`
        a:
          x: 1
            # more on x
          z: 1
        b: 1
      `,
    },
    {
      name: 'sorted maps stay sorted',
      before: yaml`
        a:
          b: 1
          d: 2
          f: 3
      `,
      changes: [set('a.c', 1), set('a.e', 1), set('a.g', 1), set('a.a', 1)],
      after: yaml`
        a:
          a: 1
          b: 1
          c: 1
          d: 2
          e: 1
          f: 3
          g: 1
      `,
    },
    {
      name: 'a map that is not sorted gets its new keys last',
      before: yaml`
        a:
          d: 1
          b: 2
          f: 3
      `,
      changes: [set('a.c', 1)],
      after: yaml`
        a:
          d: 1
          b: 2
          f: 3
          c: 1
      `,
    },
    {
      name: 'an object of a List',
      before: yaml`
        kind: List
        items:
        - kind: Pod
          spec:
            containers:
            - name: a
        - kind: Service
      `,
      changes: [set('items.0.spec.containers.0.securityContext', SECURE)],
      after: yaml`
        kind: List
        items:
        - kind: Pod
          spec:
            containers:
            - name: a
              securityContext:
                allowPrivilegeEscalation: false
                capabilities:
                  drop: [ALL]
        - kind: Service
      `,
    },
    {
      name: 'a map with an explicit key',
      before: yaml`
        ? a
        : b
        c: 1
      `,
      changes: [set('d', 1)],
      after: yaml`
        ? a
        : b
        c: 1
        d: 1
      `,
    },
  ]);
});
