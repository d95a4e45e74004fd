import { describe, expect, it } from 'vitest';
import { disallowProcMount } from '../../transforms/disallow-proc-mount.js';
import { containerOf as containerAt, deployment, evaluate } from './evaluate.js';
import { container, itFixes, itLeaves, pod } from './harness.js';

itFixes(disallowProcMount, [
  {
    name: 'an unmasked container without a user namespace, which the API server refuses',
    risk: 'high',
    before: container`
      securityContext:
        procMount: Unmasked
        runAsNonRoot: true # as built
    `,
    after: container`
      securityContext:
        runAsNonRoot: true # as built
    `,
  },
  {
    name: 'one with a user namespace, where a version does not allow it yet',
    risk: 'high',
    level: 'baseline',
    kubernetes: '1.34-1.36',
    before: pod`
      hostUsers: false
      containers:
        - name: build
          image: ghcr.io/acme/build:1
          securityContext:
            allowPrivilegeEscalation: false
            procMount: Unmasked
    `,
    after: pod`
      hostUsers: false
      containers:
        - name: build
          image: ghcr.io/acme/build:1
          securityContext:
            allowPrivilegeEscalation: false
    `,
  },
  {
    name: 'one with a user namespace, in a run for no level and an old version',
    risk: 'high',
    kubernetes: '1.33',
    before: pod`
      hostUsers: false
      containers:
        - name: build
          image: ghcr.io/acme/build:1
          securityContext: {procMount: Unmasked, privileged: false}
    `,
    after: pod`
      hostUsers: false
      containers:
        - name: build
          image: ghcr.io/acme/build:1
          securityContext: {privileged: false}
    `,
  },
  {
    name: 'one with a user namespace, at the restricted level',
    risk: 'high',
    level: 'restricted',
    before: pod`
      hostUsers: false
      initContainers:
        - name: prepare
          image: ghcr.io/acme/build:1
          securityContext: {procMount: Unmasked, privileged: false}
      containers:
        - name: build
          image: ghcr.io/acme/build:1
    `,
    after: pod`
      hostUsers: false
      initContainers:
        - name: prepare
          image: ghcr.io/acme/build:1
          securityContext: {privileged: false}
      containers:
        - name: build
          image: ghcr.io/acme/build:1
    `,
  },
  {
    name: 'a Windows container, on which the field is refused',
    risk: 'high',
    before: pod`
      os: {name: windows}
      containers:
        - name: web
          image: ghcr.io/acme/web:1
          securityContext:
            procMount: Unmasked
            runAsNonRoot: true
    `,
    after: pod`
      os: {name: windows}
      containers:
        - name: web
          image: ghcr.io/acme/web:1
          securityContext:
            runAsNonRoot: true
    `,
  },
]);

const IN_USER_NAMESPACE = pod`
  hostUsers: false
  containers:
    - name: build
      image: ghcr.io/acme/build:1
      securityContext:
        procMount: Unmasked
`;

itLeaves(disallowProcMount, [
  { name: 'a container that does not say', manifest: container`` },
  {
    name: 'one that says Default',
    manifest: container`
      securityContext: {procMount: Default}
    `,
  },
  {
    name: 'one that says null',
    manifest: container`
      securityContext: {procMount: null}
    `,
  },
  { name: 'one with a user namespace, in a run for no level', manifest: IN_USER_NAMESPACE },
  { name: 'the same at the baseline level', level: 'baseline', manifest: IN_USER_NAMESPACE },
  { name: 'the same for one version', kubernetes: '1.35', manifest: IN_USER_NAMESPACE },
  {
    name: 'a pod that passes restricted in this, though not in all',
    level: 'restricted',
    manifest: pod`
      hostNetwork: true
      containers:
        - name: web
          image: ghcr.io/acme/web:1
          securityContext: {procMount: Default}
    `,
  },
  {
    name: 'a variable',
    manifest: container`
      securityContext:
        procMount: $PROC_MOUNT
    `,
    reason: /filled in by another tool/,
  },
  {
    name: 'a variable in a run for a level',
    level: 'baseline',
    manifest: container`
      securityContext:
        procMount: \${PROC_MOUNT}
    `,
    reason: /filled in by another tool/,
  },
]);

describe('disallow-proc-mount', () => {
  it('does not take a variable for a user namespace', () => {
    const { value } = evaluate(
      [disallowProcMount],
      deployment({ securityContext: { procMount: 'Unmasked' } }, { hostUsers: '$X' }),
    );
    expect(containerAt(value).securityContext).toEqual({});
  });

  it('removes values that no API server takes', () => {
    const { findings } = evaluate([disallowProcMount], deployment({ securityContext: { procMount: 'unmasked' } }));
    expect(findings.map(({ subject, message }) => `${subject}: ${message}`)).toEqual(['container web: procMount: unmasked']);
  });
});
