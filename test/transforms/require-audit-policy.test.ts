import { expect, it } from 'vitest';
import { createSession } from '../../src/session.js';
import { requireAuditPolicy } from '../../transforms/require-audit-policy.js';
import { itLeaves, itReports, manifest } from './harness.js';

const REASON = /level: Metadata for everything is a beginning/;

itReports(requireAuditPolicy, [
  {
    name: 'None for everything',
    manifest: manifest`
      apiVersion: audit.k8s.io/v1
      kind: Policy
      rules:
        - level: None
    `,
    found: [{ line: 4, message: /^nothing is ever logged/, reason: REASON }],
  },
  {
    name: 'None for everything after None for some, before a rule that logs',
    manifest: manifest`
      apiVersion: audit.k8s.io/v1
      kind: Policy
      rules:
        - level: None
          users: [system:kube-proxy]
        - level: None # for now
          resources: []
        - level: Metadata
    `,
    found: [{ line: 6, message: /^nothing is ever logged/, reason: REASON }],
  },
  {
    name: 'None for everything before the end',
    manifest: manifest`
      apiVersion: audit.k8s.io/v1
      kind: Policy
      rules:
        - level: Metadata
          verbs: [create]
        - level: None
        - level: Request
          verbs: [delete]
        - level: Request
          verbs: [patch]
    `,
    found: [{ line: 6, message: /^level None for everything: the 2 rules behind it are never asked$/, reason: REASON }],
  },
  {
    name: 'None for all that it names, and nothing else',
    manifest: manifest`
      apiVersion: audit.k8s.io/v1beta1
      kind: Policy
      rules:
        - level: None
          users: [admin]
        - level: None
          verbs: [watch]
    `,
    found: [{ line: 3, message: /^nothing is ever logged/, reason: REASON }],
  },
  {
    name: 'no rule, with which the API server does not start',
    manifest: manifest`
      apiVersion: audit.k8s.io/v1
      kind: Policy
    `,
    found: [{ line: 1, message: /^no rule: the API server does not start with it/, reason: REASON }],
  },
]);

itLeaves(requireAuditPolicy, [
  {
    name: 'None for some, and something for the rest',
    manifest: manifest`
      apiVersion: audit.k8s.io/v1
      kind: Policy
      omitStages: [RequestReceived]
      rules:
        - level: None
          nonResourceURLs: [/healthz*]
        - level: None
          userGroups: [system:nodes]
        - level: Metadata
    `,
  },
  {
    name: 'None for everything at the end, as it is anyway',
    manifest: manifest`
      apiVersion: audit.k8s.io/v1
      kind: Policy
      rules:
        - level: RequestResponse
          namespaces: [prod]
        - level: None
    `,
  },
  {
    name: 'a level that another tool fills in',
    manifest: manifest`
      apiVersion: audit.k8s.io/v1
      kind: Policy
      rules:
        - level: $LEVEL
    `,
  },
]);

it('leaves a Policy of another group', () => {
  const session = createSession({ profile: 'all' });
  const text = 'apiVersion: kyverno.io/v1\nkind: Policy\nmetadata: {name: none}\nspec: {rules: []}\n';
  session.survey('policy.yaml', text);
  expect(session.fix('policy.yaml', text)).toMatchObject({ text, findings: [] });
});
