import { describe, expect, it } from 'vitest';
import type { JsonObject } from '../../../src/core/json.js';
import { disallowPrivilegeEscalation } from '../../../transforms/disallow-privilege-escalation.js';
import { deployment, evaluate } from '../../transforms/evaluate.js';

describe('who gains privileges at exec', () => {
  const riskOf = (container: JsonObject, pod: JsonObject = {}) =>
    evaluate([disallowPrivilegeEscalation], deployment(container, pod)).findings.map(({ risk }) => risk);
  const port = { ports: [{ containerPort: 80 }], securityContext: { runAsUser: 1000 } };

  it.each<[string, JsonObject]>([
    ['vault, by file capabilities', { image: 'hashicorp/vault:1.17' }],
    ['caddy, by file capabilities', { image: 'caddy:2' }],
    ['a mirror of caddy', { image: 'registry.example/library/caddy@sha256:00' }],
    ['ping, of old', { image: 'registry.example/probe:1', command: ['ping', '-c1', 'db'] }],
    ['a browser, by the helper of its sandbox', { image: 'browserless/chrome:1' }],
    ['a builder in a container', { image: 'docker:27-dind' }],
    ['a runner, whose jobs run sudo', { image: 'ghcr.io/actions/actions-runner:2.317.0' }],
    ['whoever is given sudo', { image: 'registry.example/lab:1', env: [{ name: 'GRANT_SUDO', value: 'yes' }] }],
    ['whoever is not root and listens below 1024', { image: 'registry.example/web:1', ...port }],
    [
      'an unknown user with a capability beyond the default ones',
      { image: 'registry.example/web:1', securityContext: { capabilities: { add: ['IPC_LOCK'] } } },
    ],
  ])('%s: high', (_, container) => {
    expect(riskOf(container)).toEqual(['high']);
  });

  it.each<[string, JsonObject, JsonObject]>([
    ['whoever is not given sudo', { image: 'registry.example/lab:1', env: [{ name: 'SUDO_ACCESS', value: 'false' }] }, {}],
    ['an unknown image', { image: 'registry.example/web:1' }, {}],
    ['a name that only holds such a word', { image: 'registry.example/vault-sync:1' }, {}],
    [
      'whoever may listen anywhere',
      { image: 'registry.example/web:1', ...port },
      { securityContext: { sysctls: [{ name: 'net.ipv4.ip_unprivileged_port_start', value: '0' }] } },
    ],
  ])('%s: medium', (_, container, pod) => {
    expect(riskOf(container, pod)).toEqual(['medium']);
  });
});
