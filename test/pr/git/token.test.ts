import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import process from 'node:process';
import { expect, onTestFinished, test, vi } from 'vitest';
import { parseAddress } from '../../../src/pr/git/address.js';
import { openCheckout } from '../../../src/pr/git/checkout.js';
import { openRepository } from '../../../src/pr/git/repository.js';
import type { GitSettings } from '../../../src/pr/git/types.js';
import { git } from '../../discover/tree.js';
import { AUTHOR, branchOf, cloneOf, createRemote, makeFolder, openFor } from './remote.js';
import { type Answer, serve } from './server.js';

const TOKEN = 's3cr3t/T0ken+of=mine';
const token = { value: TOKEN, user: 'x-access-token' };
const BASIC = `Basic ${Buffer.from(`x-access-token:${TOKEN}`).toString('base64')}`;
const FORMS = [TOKEN, encodeURIComponent(TOKEN), BASIC.slice(6)];

const status =
  (code: number, body = '', headers: Record<string, string> = {}): Answer =>
  (_, response) => {
    response.writeHead(code, headers).end(body);
    return true;
  };

async function open(url: string, settings: GitSettings = {}) {
  return openRepository({ address: parseAddress(url, '/') }, { author: AUTHOR, ...settings });
}

test('every request has the token, once; nothing else gets to see it', async () => {
  const remote = createRemote({ 'a.yaml': 'a: 1\n', 'b.go': 'package b\n' });
  const server = await serve(remote.folder, (request, response) => {
    return request.headers.authorization === BASIC ? false : status(401)(request, response);
  });
  const trace = path.join(makeFolder(), 'trace');
  const env = {
    ...process.env,
    GIT_TRACE2_EVENT: trace,
    GIT_TRACE: trace,
    GIT_TRACE_CURL: trace,
    GITHUB_TOKEN: TOKEN,
    GIT_TRACE_REDACT: '0',
  };
  const repository = await openFor({ address: parseAddress(server.url, '/') }, { token, env });
  const folder = path.join(makeFolder(), 'files');
  expect((await repository.materialise(folder)).files).toEqual(['a.yaml']);
  const commit = await repository.commit(branchOf(remote.base, { 'a.yaml': 'a: 2\n' }));
  expect(await repository.origin.push('kubemend/low', commit)).toBe('pushed');
  expect(await repository.origin.read('kubemend/')).toMatchObject([{ sha: commit }]);
  expect(await repository.origin.remove('kubemend/low', commit)).toBe('pushed');
  expect(server.asked.length).toBeGreaterThan(8);
  for (const { authorization } of server.asked) expect(authorization).toEqual([BASIC]);
  // The command lines of all the gits there were, and what went over the wire.
  const seen = readFileSync(trace, 'utf8');
  expect(seen).toContain('"argv":["git"');
  expect(seen).toMatch(/Authorization: Basic <redacted>/i);
  for (const form of FORMS) expect(seen).not.toContain(form);
  const config = readFileSync(path.join(folder, '.git', 'config'), 'utf8');
  expect(config).toBe(`[remote "origin"]\n\turl = ${server.url}\n`);
});

test('nothing that is left on the disk holds it', async () => {
  const remote = createRemote();
  const server = await serve(remote.folder);
  const folder = makeFolder();
  vi.stubEnv('TMPDIR', folder);
  onTestFinished(() => void vi.unstubAllEnvs());
  const repository = await open(server.url.replace('http://', `http://bot:${encodeURIComponent(TOKEN)}@`));
  const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  expect(files.map(({ name }) => name)).toContain('config');
  for (const { parentPath, name } of files) {
    const text = readFileSync(path.join(parentPath, name), 'latin1');
    for (const form of FORMS) expect(text).not.toContain(form);
  }
  expect(repository.url).toBe(server.url);
  repository.close();
  expect(readdirSync(folder)).toEqual([]);
  expect(server.asked[0]?.authorization).toEqual([`Basic ${Buffer.from(`bot:${TOKEN}`).toString('base64')}`]);
});

test('what signs does not see it', async () => {
  const remote = createRemote();
  const server = await serve(remote.folder);
  const folder = makeFolder();
  const [config, program, seen] = ['config', 'gpg.sh', 'seen'].map((name) => path.join(folder, name)) as [string, string, string];
  const text = `#!/bin/sh\nenv > ${seen}\ncat > /dev/null\nprintf '\\n[GNUPG:] SIG_CREATED \\n' >&2\necho signature\n`;
  writeFileSync(program, text, { mode: 0o755 });
  writeFileSync(config, `[commit]\n\tgpgSign = true\n[gpg]\n\tprogram = ${program}\n`);
  const env = { ...process.env, GIT_CONFIG_GLOBAL: config };
  const repository = await openFor({ address: parseAddress(server.url, '/') }, { token, env });
  const commit = await repository.commit(branchOf(remote.base, { 'a.yaml': 'a: 2\n' }));
  expect(await repository.origin.push('k/x', commit)).toBe('pushed');
  expect(remote.git('cat-file', '-p', commit)).toContain('gpgsig signature');
  expect(readFileSync(seen, 'utf8')).toContain('GIT_DIR=');
  for (const form of FORMS) expect(readFileSync(seen, 'utf8')).not.toContain(form);
});

test('what signs gets no token of any forge, and git none that it does not need', async () => {
  const folder = makeFolder();
  const [config, program, seen] = ['config', 'gpg.sh', 'seen'].map((name) => path.join(folder, name)) as [string, string, string];
  const text = `#!/bin/sh\nenv >> ${seen}\ncat > /dev/null\nprintf '\\n[GNUPG:] SIG_CREATED \\n' >&2\necho signature\n`;
  writeFileSync(program, text, { mode: 0o755 });
  writeFileSync(config, `[commit]\n\tgpgSign = true\n[gpg]\n\tprogram = ${program}\n`);
  const names = ['KUBEMEND_TOKEN', 'GITHUB_TOKEN', 'GH_TOKEN', 'GH_ENTERPRISE_TOKEN', 'GITLAB_TOKEN', 'GITEA_TOKEN'];
  const tokens = [...names, 'FORGEJO_TOKEN', 'CODEBERG_TOKEN', 'KUBEMEND_APP_PRIVATE_KEY'].map((name) => [name, TOKEN]);
  const env = { ...process.env, ...Object.fromEntries(tokens), GIT_CONFIG_GLOBAL: config };
  const remote = createRemote();
  const repository = await openFor(remote, { env });
  await repository.commit(branchOf(remote.base, { 'a.yaml': 'a: 2\n' }));
  expect(readFileSync(seen, 'utf8')).toContain('GIT_DIR=');
  for (const form of FORMS) expect(readFileSync(seen, 'utf8')).not.toContain(form);
});

test('traces that are asked for by name hold none', async () => {
  const server = await serve(createRemote().folder);
  const trace = path.join(makeFolder(), 'trace');
  const asked = {
    GIT_TRACE2_CONFIG_PARAMS: 'http.*,*',
    GIT_TRACE2_ENV_VARS: 'GIT_CONFIG_VALUE_0,GIT_CONFIG_VALUE_1,GIT_CONFIG_VALUE_2',
  };
  await open(server.url, { token, env: { ...process.env, GIT_TRACE2: trace, GIT_TRACE2_EVENT: `${trace}-2`, ...asked } });
  for (const name of [trace, `${trace}-2`]) for (const form of FORMS) expect(readFileSync(name, 'utf8')).not.toContain(form);
});

test('a fork is not looked for on this disk where the forge says so', async () => {
  const remote = createRemote();
  const repository = await open((await serve(remote.folder)).url, { token });
  await expect(repository.fork(remote.folder)).rejects.toMatchObject({ code: 'REDIRECTED' });
  await expect(repository.fork('http://git.example.com/bot/r.git')).rejects.toThrow('a token would go unencrypted');
});

test('credentials that a workflow left in a checkout give way to a token, and do without one', async () => {
  const remote = createRemote();
  const server = await serve(remote.folder);
  const folder = cloneOf(remote);
  git(folder, 'remote', 'set-url', 'origin', server.url);
  const { origin } = new URL(server.url);
  const persisted = `Basic ${Buffer.from('x-access-token:persisted').toString('base64')}`;
  git(folder, 'config', `http.${origin}/.extraheader`, `AUTHORIZATION: ${persisted}`);
  const checkout = await openCheckout(folder);
  await openFor(checkout);
  expect(server.asked.map(({ authorization }) => authorization)).toEqual(server.asked.map(() => [persisted]));
  const count = server.asked.length;
  await openFor(checkout, { token });
  expect(server.asked.slice(count).length).toBeGreaterThan(1);
  for (const { authorization } of server.asked.slice(count)) expect(authorization).toEqual([BASIC]);
});

test('a redirect is not followed', async () => {
  const remote = createRemote();
  const thief = await serve(remote.folder);
  const server = await serve(remote.folder, (request, response) => {
    return status(301, '', { location: `${new URL(thief.url).origin}${request.url}` })(request, response);
  });
  const config = path.join(makeFolder(), 'config');
  writeFileSync(config, `[http "${server.url}"]\n\tfollowRedirects = true\n`);
  await expect(open(server.url, { token, env: { ...process.env, GIT_CONFIG_GLOBAL: config } })).rejects.toMatchObject({
    code: 'REDIRECTED',
    message: expect.stringContaining('answers with a redirect, which is not followed'),
  });
  expect(thief.asked).toEqual([]);
});

test('a helper is asked where there is no token, and only then', async () => {
  const remote = createRemote();
  const server = await serve(remote.folder, (request, response) => {
    return request.headers.authorization ? false : status(401, '', { 'www-authenticate': 'Basic realm="x"' })(request, response);
  });
  const folder = makeFolder();
  const canary = path.join(folder, 'canary');
  const config = path.join(folder, 'config');
  const helper = path.join(folder, 'helper.sh');
  writeFileSync(helper, `#!/bin/sh\ncat >> ${canary}\necho username=me\necho password=helped\n`, { mode: 0o755 });
  writeFileSync(config, `[credential]\n\thelper = ${helper}\n`);
  const env = { ...process.env, GIT_CONFIG_GLOBAL: config };
  await openFor({ address: parseAddress(server.url, '/') }, { env });
  expect(readFileSync(canary, 'utf8')).toContain(`host=${new URL(server.url).host}`);
  writeFileSync(canary, '');
  server.answer = status(401, '', { 'www-authenticate': 'Basic realm="x"' });
  await expect(open(server.url, { env, token })).rejects.toMatchObject({ code: 'UNAUTHENTICATED' });
  expect(readFileSync(canary, 'utf8')).toBe('');
});

test.each([
  [401, 'UNAUTHENTICATED'],
  [403, 'FORBIDDEN'],
  [404, 'NOT_FOUND'],
  [429, 'RATE_LIMITED'],
  [500, 'UNREACHABLE'],
  [503, 'UNREACHABLE'],
] as const)('%i is %s, without the token that the server says back', async (code, expected) => {
  const server = await serve(
    createRemote().folder,
    status(code, `you sent ${FORMS.join(' ')}`, { 'content-type': 'text/plain' }),
  );
  const error = await open(server.url, { token }).catch((error: Error) => error);
  expect(error).toMatchObject({ code: expected, message: expect.stringContaining(`reading ${new URL(server.url).host}: `) });
  const { message, stack, cause } = error as Error;
  const shown = [message, stack, (cause as Error).message, JSON.stringify(cause)].join('\n');
  for (const form of FORMS) expect(shown).not.toContain(form);
});

test('a push that is refused, or cut off, says so and can be done again', async () => {
  const remote = createRemote();
  const server = await serve(remote.folder);
  const repository = await openFor({ address: parseAddress(server.url, '/') }, { token });
  const commit = await repository.commit(branchOf(remote.base, { 'a.yaml': 'a: 2\n' }));
  server.answer = (request, response) => request.url?.includes('receive-pack') === true && status(403)(request, response);
  await expect(repository.origin.push('k/x', commit)).rejects.toMatchObject({ code: 'FORBIDDEN' });
  // The network goes when the pack is on its way; after that, the same push does it.
  server.answer = (request) =>
    request.method === 'POST' && request.url?.includes('receive-pack') === true && !!request.socket.destroy();
  await expect(repository.origin.push('k/x', commit)).rejects.toMatchObject({ code: 'UNREACHABLE' });
  expect(remote.branches()).toEqual({ main: remote.base });
  server.answer = () => false;
  expect(await repository.origin.push('k/x', commit)).toBe('pushed');
});

test('nobody there, and somebody who never answers', async () => {
  const server = await serve(createRemote().folder, () => true);
  await expect(open('http://127.0.0.1:1/o/r', { token })).rejects.toMatchObject({ code: 'UNREACHABLE' });
  await expect(open(server.url, { token, timeout: 1000 })).rejects.toMatchObject({
    code: 'UNREACHABLE',
    message: `reading ${new URL(server.url).host}: no answer within 1 seconds; run again`,
  });
  const stop = new AbortController();
  const opened = open(server.url, { token, signal: stop.signal });
  server.answer = () => {
    stop.abort();
    return true;
  };
  await expect(opened).rejects.toThrow('stopped');
  // What git started went with it.
  expect(processesWith(server.url)).toEqual([]);
});

test.runIf(existsSync('/proc'))('Ctrl-C ends what was started, and this process as it would without it', async () => {
  const server = await serve(createRemote().folder, () => true);
  const script = `
    import { openRepository } from '${path.resolve('src/pr/git/repository.ts')}';
    const address = { url: '${server.url}', protocol: 'http', host: 'x' };
    await openRepository({ address }).catch(() => undefined);
  `;
  const file = path.join(makeFolder(), 'run.mts');
  writeFileSync(file, script);
  const child = spawn(process.execPath, ['--import', 'tsx', file], { cwd: path.resolve('.'), stdio: 'ignore' });
  await expect.poll(() => server.asked.length, { timeout: 15_000 }).toBe(1);
  expect(processesWith(server.url).length).toBeGreaterThan(0);
  child.kill('SIGINT');
  const [code, signal] = (await once(child, 'exit')) as [number | null, string | null];
  expect({ code, signal }).toEqual({ code: null, signal: 'SIGINT' });
  await expect.poll(() => processesWith(server.url)).toEqual([]);
});

/** The command lines that hold a text. */
function processesWith(text: string): string[] {
  const names = existsSync('/proc') ? readdirSync('/proc') : [];
  return names.flatMap((name) => {
    const line = /^\d+$/.test(name) ? readIfThere(`/proc/${name}/cmdline`) : '';
    return line.includes(text) ? [line] : [];
  });
}

function readIfThere(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return '';
  }
}

test('an empty repository, and a branch that is not there', async () => {
  await expect(openFor(createRemote({}))).rejects.toMatchObject({
    code: 'EMPTY',
    message: expect.stringContaining('the repository has no commit on its default branch'),
  });
  await expect(openFor(createRemote(), { base: 'none' })).rejects.toThrow(
    'there is no branch "none" at the disk; name another with --base',
  );
  const detached = createRemote();
  detached.git('update-ref', '--no-deref', 'HEAD', detached.base);
  await expect(openFor(detached)).rejects.toThrow('does not say which branch is the default; name one with --base');
  expect((await openFor(detached, { base: 'main' })).base).toEqual({ branch: 'main', commit: detached.base });
});
