import { describe, expect, it } from 'vitest';
import type { JsonObject } from '../../src/core/json.js';
import { disallowPrivilegeEscalation } from '../../transforms/disallow-privilege-escalation.js';
import { disallowPrivileged } from '../../transforms/disallow-privileged.js';
import { dropCapabilities } from '../../transforms/drop-capabilities.js';
import { containerOf as containerAt, deployment, evaluate } from './evaluate.js';
import { container, containerOf, itFixes, itLeaves, pod } from './harness.js';

itFixes(disallowPrivilegeEscalation, [
  {
    name: 'a container that does not say',
    risk: 'medium',
    before: container`
      # the storefront
      ports: [{containerPort: 8080}] # http
    `,
    after: container`
      securityContext:
        allowPrivilegeEscalation: false
      # the storefront
      ports: [{containerPort: 8080}] # http
    `,
  },
  {
    name: 'an explicit true',
    risk: 'high',
    before: container`
      securityContext:
        allowPrivilegeEscalation: true
    `,
    after: container`
      securityContext:
        allowPrivilegeEscalation: false
    `,
  },
  {
    name: 'SYS_ADMIN as the API server spells it',
    risk: 'high',
    before: container`
      securityContext:
        capabilities:
          add: [SYS_ADMIN]
    `,
    after: container`
      securityContext:
        allowPrivilegeEscalation: false
        capabilities:
          add: [SYS_ADMIN]
    `,
  },
  {
    name: 'a builder that maps its users by set-uid programs',
    risk: 'high',
    before: containerOf('moby/buildkit:v0.17.0-rootless')``,
    after: containerOf('moby/buildkit:v0.17.0-rootless')`
      securityContext:
        allowPrivilegeEscalation: false
    `,
  },
  {
    name: 'a command that runs sudo',
    risk: 'high',
    before: container`
      command: [sh, -c, "sudo /start.sh"]
    `,
    after: container`
      securityContext:
        allowPrivilegeEscalation: false
      command: [sh, -c, "sudo /start.sh"]
    `,
  },
  {
    name: 'a user that is not root, whom an added capability reaches through the file that it executes',
    risk: 'high',
    before: container`
      securityContext:
        runAsUser: 1000
        capabilities: {drop: [ALL], add: [NET_BIND_SERVICE]}
    `,
    after: container`
      securityContext:
        runAsUser: 1000
        allowPrivilegeEscalation: false
        capabilities: {drop: [ALL], add: [NET_BIND_SERVICE]}
    `,
  },
  {
    name: 'an image whose binaries have file capabilities',
    risk: 'high',
    before: containerOf('registry.k8s.io/ingress-nginx/controller:v1.11.2')``,
    after: containerOf('registry.k8s.io/ingress-nginx/controller:v1.11.2')`
      securityContext:
        allowPrivilegeEscalation: false
    `,
  },
  {
    name: 'for a level, only the container that lacks it',
    risk: 'medium',
    level: 'restricted',
    before: pod`
      initContainers:
        - name: migrate
          image: ghcr.io/acme/migrate:1
          securityContext: {allowPrivilegeEscalation: false}
      containers:
        - name: web
          image: ghcr.io/acme/web:1
    `,
    after: pod`
      initContainers:
        - name: migrate
          image: ghcr.io/acme/migrate:1
          securityContext: {allowPrivilegeEscalation: false}
      containers:
        - name: web
          image: ghcr.io/acme/web:1
          securityContext:
            allowPrivilegeEscalation: false
    `,
  },
]);

itLeaves(disallowPrivilegeEscalation, [
  {
    name: 'a container that says false',
    manifest: container`
      securityContext: {allowPrivilegeEscalation: false}
    `,
  },
  {
    name: 'a privileged container: the API server refuses the two together',
    manifest: container`
      securityContext:
        privileged: true
    `,
    reason: /^privileged: true stands beside it/,
  },
  {
    name: 'a container that may be privileged',
    manifest: container`
      securityContext:
        privileged: $PRIVILEGED
    `,
    reason: /privileged is a variable/,
  },
  {
    name: 'CAP_SYS_ADMIN in just this spelling',
    manifest: container`
      securityContext:
        capabilities:
          add: [CAP_SYS_ADMIN]
    `,
    reason: /^CAP_SYS_ADMIN is added beside it/,
  },
  {
    name: 'capabilities that are a variable',
    manifest: container`
      securityContext:
        capabilities:
          add: ["$CAPABILITY"]
    `,
    reason: /capabilities.add is a variable/,
  },
  {
    name: 'a Windows pod',
    manifest: pod`
      os: {name: windows}
      containers:
        - {name: web, image: ghcr.io/acme/web:1}
    `,
  },
  {
    name: 'a pod on nodes that are only labelled as Windows',
    manifest: pod`
      nodeSelector: {kubernetes.io/os: windows}
      containers:
        - {name: web, image: ghcr.io/acme/web:1}
    `,
    reason: /may run on Windows/,
  },
  {
    name: 'a field that a template fills in',
    manifest: container`
      securityContext:
        allowPrivilegeEscalation: $ESCALATE
    `,
    reason: /filled in by another tool/,
  },
  {
    name: 'a level that does not ask for it',
    level: 'baseline',
    manifest: container`
      securityContext: {allowPrivilegeEscalation: true}
    `,
  },
  {
    name: 'for a level, a Windows pod of a version that exempts it',
    level: 'restricted',
    kubernetes: '1.25',
    manifest: pod`
      os: {name: windows}
      containers:
        - {name: web, image: ghcr.io/acme/web:1}
    `,
  },
  {
    name: 'for a level, a Windows pod of a version that does not',
    level: 'restricted',
    kubernetes: '1.24-1.25',
    manifest: pod`
      os: {name: windows}
      containers:
        - {name: web, image: ghcr.io/acme/web:1}
    `,
    reason: /refuses the field on Windows/,
  },
  {
    name: 'versions before the field',
    kubernetes: '1.7-1.9',
    manifest: container``,
    reason: /^Kubernetes 1\.7 does not have allowPrivilegeEscalation$/,
  },
]);

describe('disallow-privilege-escalation', () => {
  const all = [disallowPrivileged, dropCapabilities, disallowPrivilegeEscalation];

  it('sees that privileged was taken away before it', () => {
    const object = deployment({ securityContext: { privileged: true } });
    expect(containerAt(evaluate(all, object).value).securityContext).toMatchObject({
      privileged: false,
      allowPrivilegeEscalation: false,
    });
    expect(containerAt(evaluate(all, object, { maxRisk: 'medium' }).value).securityContext).toEqual({ privileged: true });
  });

  it('sees that CAP_SYS_ADMIN was taken away before it', () => {
    const object = deployment({ securityContext: { capabilities: { add: ['CAP_SYS_ADMIN'] } } });
    expect(containerAt(evaluate(all, object).value).securityContext).toEqual({
      capabilities: { drop: ['ALL'] },
      allowPrivilegeEscalation: false,
    });
  });

  it('quotes what someone wrote', () => {
    const { findings } = evaluate(all.slice(2), deployment({ securityContext: { allowPrivilegeEscalation: true } }));
    const evidence = 'someone wrote it; nothing here says that it uses set-uid programs';
    expect(findings).toMatchObject([{ message: 'allowPrivilegeEscalation: true', risk: 'high', evidence }]);
  });
});

describe('why disallow-privilege-escalation makes no change', () => {
  it.each<[string, JsonObject, JsonObject, string]>([
    ['privileged beside it', { privileged: true }, {}, 'NEEDED'],
    ['CAP_SYS_ADMIN beside it', { capabilities: { add: ['CAP_SYS_ADMIN'] } }, {}, 'NEEDED'],
    ['a pod that may run on Windows', {}, { nodeSelector: { 'kubernetes.io/os': 'windows' } }, 'WINDOWS'],
  ])('%s', (_, securityContext, spec, obstacle) => {
    const { findings } = evaluate([disallowPrivilegeEscalation], deployment({ securityContext }, spec));
    expect(findings).toMatchObject([{ obstacle }]);
  });
});
