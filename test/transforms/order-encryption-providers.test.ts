import { expect, it } from 'vitest';
import { createSession } from '../../src/session.js';
import { orderEncryptionProviders } from '../../transforms/order-encryption-providers.js';
import { itLeaves, itReports, manifest } from './harness.js';

const REASON = /a key has to be made and kept, and Secrets be written anew/;

itReports(orderEncryptionProviders, [
  {
    name: 'identity before the others',
    manifest: manifest`
      apiVersion: apiserver.config.k8s.io/v1
      kind: EncryptionConfiguration
      resources:
        - resources: [configmaps, secrets]
          providers:
            - identity: {}
            - secretbox:
                keys: [{name: a, secret: c2VjcmV0}]
    `,
    found: [{ line: 6, message: /^identity stands first for secrets: they lie in etcd as they are$/, reason: REASON }],
  },
  {
    name: 'identity alone, for everything',
    manifest: manifest`
      apiVersion: apiserver.config.k8s.io/v1
      kind: EncryptionConfiguration
      resources:
        - resources: [events]
          providers: [identity: {}]
        - resources: ['*.*']
          providers: [identity: {}]
    `,
    found: [{ line: 7, message: /^identity is the only provider for secrets/, reason: REASON }],
  },
  {
    name: 'identity in the first of two entries, which counts',
    manifest: manifest`
      apiVersion: apiserver.config.k8s.io/v1
      kind: EncryptionConfiguration
      resources:
        - resources: [secrets]
          providers:
            - identity: {}
        - resources: ['*.']
          providers: [{kms: {apiVersion: v2, name: vault, endpoint: unix:///s}}]
    `,
    found: [{ line: 6, message: /^identity is the only provider/, reason: REASON }],
  },
  {
    name: 'other resources only',
    manifest: manifest`
      apiVersion: apiserver.config.k8s.io/v1
      kind: EncryptionConfiguration
      resources:
        - resources: [configmaps]
          providers: [{aescbc: {keys: [{name: a, secret: c2VjcmV0}]}}]
    `,
    found: [{ line: 3, message: /^no entry is for secrets/, reason: REASON }],
  },
  {
    name: 'nothing at all, in the oldest form',
    manifest: manifest`
      kind: EncryptionConfig
      apiVersion: v1
    `,
    found: [{ line: 1, message: /^no entry is for secrets/, reason: REASON }],
  },
]);

itLeaves(orderEncryptionProviders, [
  {
    name: 'a key first, identity last',
    manifest: manifest`
      apiVersion: apiserver.config.k8s.io/v1
      kind: EncryptionConfiguration
      resources:
        - resources: [secrets]
          providers:
            - aescbc: {keys: [{name: a, secret: c2VjcmV0}]}
            - identity: {}
    `,
  },
  {
    name: 'identity for other resources, beside an entry for all',
    manifest: manifest`
      apiVersion: apiserver.config.k8s.io/v1
      kind: EncryptionConfiguration
      resources:
        - resources: [events]
          providers: [identity: {}]
        - resources: ['*.*']
          providers: [{secretbox: {keys: [{name: a, secret: c2VjcmV0}]}}]
    `,
  },
  {
    name: 'an entry that another tool fills in',
    manifest: manifest`
      apiVersion: apiserver.config.k8s.io/v1
      kind: EncryptionConfiguration
      resources:
        - resources: [secrets]
          providers:
            - $PROVIDER
            - identity: {}
    `,
  },
]);

it('leaves an object of another group', () => {
  const session = createSession({ profile: 'all' });
  const text = 'apiVersion: example.com/v1\nkind: EncryptionConfiguration\n';
  session.survey('other.yaml', text);
  expect(session.fix('other.yaml', text)).toMatchObject({ text, findings: [] });
});

it('shows no key', () => {
  const text = manifest`
    apiVersion: apiserver.config.k8s.io/v1
    kind: EncryptionConfiguration
    resources:
      - resources: [secrets]
        providers: [{identity: {}}, {aescbc: {keys: [{name: a, secret: VG9wU2VjcmV0}]}}]
  `;
  const session = createSession({ profile: 'all', transforms: ['order-encryption-providers'] });
  session.survey('encryption.yaml', text);
  const { findings } = session.fix('encryption.yaml', text);
  expect(findings).toHaveLength(1);
  expect(JSON.stringify(findings)).not.toContain('VG9wU2VjcmV0');
});
