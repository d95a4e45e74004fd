import { expect, test } from 'vitest';
import { credentialsIn } from '../../../src/pr/forge/credentials.js';
import { redact } from '../../../src/pr/forge/redact.js';
import { createRedactor } from '../../../src/pr/git/secrets.js';
import { fc } from '../../fc.js';

const AT = { github: 'https://api.github.com', gitlab: 'https://gitlab.com', gitea: 'https://codeberg.org' } as const;
const PEM = '-----BEGIN RSA PRIVATE KEY-----\nabc\n-----END RSA PRIVATE KEY-----\n';
const APP = { KUBEMEND_APP_ID: '12', KUBEMEND_APP_PRIVATE_KEY: PEM, KUBEMEND_APP_INSTALLATION_ID: '34' };

test('a token is that of the forge, and one for kubemend alone comes first', () => {
  const env = { GITHUB_TOKEN: 'of-github', GITLAB_TOKEN: ' of-gitlab\n', FORGEJO_TOKEN: 'of-forgejo' };
  expect(credentialsIn('github', AT.github, env)).toEqual({ token: 'of-github', tokenFrom: 'GITHUB_TOKEN' });
  expect(credentialsIn('gitlab', AT.gitlab, env)).toEqual({ token: 'of-gitlab', tokenFrom: 'GITLAB_TOKEN' });
  expect(credentialsIn('gitea', AT.gitea, env)).toEqual({ token: 'of-forgejo', tokenFrom: 'FORGEJO_TOKEN' });
  expect(credentialsIn('gitea', AT.gitea, { ...env, KUBEMEND_TOKEN: 'own' })).toEqual({
    token: 'own',
    tokenFrom: 'KUBEMEND_TOKEN',
  });
  expect(credentialsIn('gitea', AT.gitea, { GITHUB_TOKEN: 'x' })).toBeUndefined();
  expect(credentialsIn('github', AT.github, { GITHUB_TOKEN: '' })).toBeUndefined();
  expect(() => credentialsIn('github', AT.github, { GITHUB_TOKEN: 'two words' })).toThrow('the token in GITHUB_TOKEN has blanks');
});

test("the token of GitHub's pipelines goes to GitHub, or to where the pipeline runs, and nowhere else", () => {
  const env = { GITHUB_TOKEN: 'of-the-job', GH_ENTERPRISE_TOKEN: 'of-another' };
  const elsewhere = 'https://git.example.com/api/v3';
  expect(credentialsIn('github', elsewhere, { GITHUB_TOKEN: 'of-the-job' })).toBeUndefined();
  expect(credentialsIn('github', elsewhere, env)).toEqual({ token: 'of-another', tokenFrom: 'GH_ENTERPRISE_TOKEN' });
  expect(credentialsIn('github', elsewhere, { ...env, GITHUB_SERVER_URL: 'https://git.example.com' })).toEqual({
    token: 'of-the-job',
    tokenFrom: 'GITHUB_TOKEN',
  });
  expect(credentialsIn('github', 'https://api.acme.ghe.com', env)).toEqual({ token: 'of-the-job', tokenFrom: 'GITHUB_TOKEN' });
});

test('an App of GitHub asks where it is named, with its key on one line or several', () => {
  const app = { appId: '12', privateKey: PEM, installationId: 34 };
  expect(credentialsIn('github', AT.github, { ...APP, GITHUB_TOKEN: 'x' })).toEqual({ token: '', app });
  expect(credentialsIn('github', AT.github, { ...APP, KUBEMEND_APP_PRIVATE_KEY: PEM.replaceAll('\n', '\\n') })).toEqual({
    token: '',
    app,
  });
  expect(credentialsIn('gitlab', AT.gitlab, APP)).toBeUndefined();
  const { KUBEMEND_APP_ID: _, ...half } = APP;
  expect(() => credentialsIn('github', AT.github, half)).toThrow('set all three, or none');
  expect(() => credentialsIn('github', AT.github, { ...APP, KUBEMEND_APP_INSTALLATION_ID: 'x' })).toThrow(
    'KUBEMEND_APP_INSTALLATION_ID is no number',
  );
  const wrong = () => credentialsIn('github', AT.github, { ...APP, KUBEMEND_APP_PRIVATE_KEY: '/run/secrets/key.pem' });
  expect(wrong).toThrow('KUBEMEND_APP_PRIVATE_KEY is no private key');
  expect(wrong).not.toThrow('/run/secrets');
});

test('no secret is left in a text, however it is written', () => {
  fc.assert(
    fc.property(fc.string({ minLength: 8, maxLength: 60 }), fc.string(), fc.string(), (secret, before, after) => {
      const forms = [secret, encodeURIComponent(secret), Buffer.from(`x-access-token:${secret}`).toString('base64')];
      for (const form of forms) {
        const text = redact(`${before}${form}${after}`, [secret]);
        expect(text.replaceAll('[redacted]', '')).not.toContain(secret);
      }
    }),
  );
});

test('secrets are redacted in every form that git and forges write them in', () => {
  const secret = 's3cr3t/T0ken+of~=mine??>';
  const bytes = (text: string) => Buffer.from(text);
  const percent = encodeURIComponent(secret);
  const base64 = [secret, `:${secret}`, `oauth2:${secret}`].flatMap((text) => [
    bytes(text).toString('base64'),
    bytes(text).toString('base64').replace(/=+$/, ''),
    bytes(text).toString('base64url'),
    encodeURIComponent(bytes(text).toString('base64')),
  ]);
  const redactor = createRedactor([{ value: secret, users: ['oauth2'] }]);
  for (const form of [secret, percent, percent.toLowerCase().replace('s3cr3t%2ft0ken', 's3cr3t%2fT0ken'), ...base64]) {
    expect(redact(`a ${form} b`, [secret])).toMatch(/^a \[redacted\]\S{0,6} b$/);
    expect(redactor(`a ${form} b`)).toMatch(/^a \*\*\*\S{0,6} b$/);
  }
});

test('credentials in addresses and tokens of forges are redacted unknown', () => {
  const text =
    'https://me:pw@host/a git+ssh://x@host ghp_abcdefghijklmnopqrst glpat-abcdefghij1234567890 http://host/a@b me@host';
  expect(redact(text, [])).toBe(
    'https://[redacted]@host/a git+ssh://[redacted]@host [redacted] [redacted] http://host/a@b me@host',
  );
});
