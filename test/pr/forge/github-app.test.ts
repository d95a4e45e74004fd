import { generateKeyPairSync } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createGitHub } from '../../../src/pr/forge/github/adapter.js';
import { checkExchanges } from './contract.js';
import { type Answered, FaultyServer } from './faulty-server.js';
import { FakeGitHub } from './github/server.js';
import { expectRefusal } from './rows/types.js';
import { accessOf, hurried } from './subject.js';

const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
const key = privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
const github = new FakeGitHub();
const problems: string[] = [];
beforeAll(async () => {
  await github.server.start();
  await checkExchanges(github.server, problems);
});
afterAll(() => github.server.stop());

/** As GitHub: a token of an installation is had by what its key signed, and is somebody without a user. */
function appOf(installationId: number) {
  github.server.reset();
  github.server.fail({
    on: /^GET \/user$/,
    times: 99,
    how: { status: 403, body: { message: 'Resource not accessible by integration' } },
  });
  const token: Answered = {
    status: 201,
    body: { token: 'ghs_the-token-of-the-app', expires_at: new Date(Date.now() + 3.6e6).toISOString(), permissions: {} },
  };
  github.server.fail({ on: /^POST \/app\/installations\/34\/access_tokens$/, times: 99, how: token });
  github.state.tokens.set('ghs_the-token-of-the-app', 'kubemend[bot]');
  const access = { ...accessOf(github.server.url, 'acme/web', ''), app: { appId: '12', privateKey: key, installationId } };
  return createGitHub(access, hurried());
}

test('an App asks as its installation, and git with the same token', async () => {
  github.state.add('acme', 'web', { branches: new Map([['main', '1'.repeat(40)]]), members: new Set(['kubemend[bot]']) });
  const app = appOf(34);
  expect(await app.self()).toBe('kubemend[bot]');
  expect(await app.repository()).toMatchObject({ fullName: 'acme/web', canPush: true });
  expect(await app.gitCredentials?.()).toEqual({ username: 'x-access-token', password: 'ghs_the-token-of-the-app' });
  const asked = github.server.asked.filter(({ url }) => url.pathname.endsWith('/access_tokens'));
  expect(asked).toHaveLength(1);
  expect(asked[0]?.headers.authorization).toMatch(/^bearer [\w-]+\.[\w-]+\.[\w-]+$/);
  expect(problems).toEqual([]);
});

test('an installation that there is not is told, without what signed for it', async () => {
  const error = await expectRefusal(appOf(99).repository(), 'UNAUTHENTICATED', /Bad credentials/);
  expect(error.message).not.toMatch(/eyJ|PRIVATE KEY/);
});

test('GitHub Enterprise is asked below its path, for GraphQL beside it', async () => {
  const enterprise = new FaultyServer(({ url }) =>
    url.pathname === '/api/graphql'
      ? { status: 200, body: { data: { viewer: { login: 'app[bot]' } } } }
      : { status: 404, body: { message: 'Not Found' } },
  );
  await enterprise.start();
  try {
    const forge = createGitHub(accessOf(`${enterprise.url}/api/v3`, 'acme/web', 'ghs_0123456789abcdef'), hurried());
    expect(await forge.self()).toBe('app[bot]');
    await expectRefusal(forge.repository(), 'NOT_FOUND');
    expect(enterprise.lines).toEqual(['POST /api/graphql', 'GET /api/v3/repos/acme/web']);
  } finally {
    await enterprise.stop();
  }
});
