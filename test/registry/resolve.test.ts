import { describe, expect, it } from 'vitest';
import { AS_IT_IS, type Tuning } from '../../src/http/tuning.js';
import { readFullName } from '../../src/kube/images/full-name.js';
import { createResolve, type Resolved, type ResolveOptions } from '../../src/registry/resolve.js';
import { type Answer, DIGEST, MANIFEST, manifestWith, sendManifest, startRegistry, TYPE, withToken } from './server.js';

const QUICK: Tuning = { ...AS_IT_IS, second: 1, timeout: 500 };

function resolveImage(image: string, options: Partial<ResolveOptions> = {}, tuning: Partial<Tuning> = {}): Promise<Resolved> {
  const { tag = '', ...name } = readFullName(image) ?? { registry: '', path: '' };
  const asked = { named: new Set<string>(), credentials: new Map<string, string>(), userAgent: 'kubemend/0', ...options };
  return createResolve(asked, { ...QUICK, ...tuning })({ ...name, tag });
}

async function ask(answer: Answer, options: Partial<ResolveOptions> = {}, tuning?: Partial<Tuning>) {
  const registry = await startRegistry(answer);
  const resolved = await resolveImage(`${registry.host}/acme/web:1.2`, { named: new Set([registry.host]), ...options }, tuning);
  return { ...registry, resolved };
}

const basic = Buffer.from('me:secret').toString('base64');

describe('the digest of a tag', () => {
  it('is what a registry says of it, asked without its body', async () => {
    const { resolved, asked } = await ask(sendManifest);
    expect(resolved).toEqual({ digest: DIGEST });
    expect(asked.map(({ method, path, authorization }) => [method, path, authorization])).toEqual([
      ['HEAD', '/v2/acme/web/manifests/1.2', undefined],
    ]);
    expect(asked[0]?.accept?.split(', ')).toEqual([
      'application/vnd.oci.image.index.v1+json',
      'application/vnd.docker.distribution.manifest.list.v2+json',
      'application/vnd.oci.image.manifest.v1+json',
      'application/vnd.docker.distribution.manifest.v2+json',
    ]);
  });

  it.each<[string, Answer]>([
    ['says none', manifestWith(() => ({}))],
    [
      'does not know HEAD',
      (request, response, host) =>
        request.method === 'HEAD' ? response.writeHead(405).end() : sendManifest(request, response, host),
    ],
    [
      'says the same with the body',
      manifestWith((method): Record<string, string> => (method === 'HEAD' ? {} : { 'docker-content-digest': DIGEST })),
    ],
  ])('is the hash of the body where the registry %s', async (_, answer) => {
    const { resolved, asked } = await ask(answer);
    expect(resolved).toEqual({ digest: DIGEST });
    expect(asked.map(({ method }) => method)).toEqual(['HEAD', 'GET']);
  });

  it.each<[string, Answer, RegExp]>([
    [
      'another hash than its own',
      manifestWith(() => ({ 'docker-content-digest': 'sha512:00' })),
      /^localhost:\d+ gives no digest of SHA-256$/,
    ],
    [
      'a body that is not the one it names',
      manifestWith(
        (method): Record<string, string> => (method === 'HEAD' ? {} : { 'docker-content-digest': `sha256:${'0'.repeat(64)}` }),
      ),
      /^localhost:\d+ gives a manifest that is not the one it names$/,
    ],
    [
      'a page for people',
      (_, response) => response.writeHead(200, { 'content-type': 'text/html' }).end('<html>'),
      /^what localhost:\d+ gives is no manifest$/,
    ],
    [
      'nothing of that name',
      (_, response) => response.writeHead(404).end(),
      /^localhost:\d+ has no such image, or no tag 1\.2 of it$/,
    ],
    [
      'a refusal without a word',
      (_, response) => response.writeHead(401).end(),
      /^localhost:\d+ refuses without saying what it wants \(401\)$/,
    ],
    [
      'a refusal for good',
      (_, response) => response.writeHead(403).end(),
      /^localhost:\d+ wants credentials; give those for localhost:\d+ in DOCKER_AUTH_CONFIG/,
    ],
    ['errors without end', (_, response) => response.writeHead(503).end(), /^localhost:\d+ answers 503$/],
    [
      'a limit without end',
      (_, response) => response.writeHead(429, { 'retry-after': '60' }).end(),
      /takes no more requests for now/,
    ],
    [
      'more than a manifest has',
      (request, response) =>
        request.method === 'HEAD'
          ? response.writeHead(405).end()
          : response.writeHead(200, { 'content-type': TYPE }).end(Buffer.alloc(5 * 1024 * 1024)),
      /^the answer of localhost:\d+ has more than 4096 KiB$/,
    ],
    [
      'a ring of redirects',
      (request, response) => response.writeHead(307, { location: request.url ?? '' }).end(),
      /redirects more than 5 times$/,
    ],
    ['no answer at all', () => undefined, /^no answer from localhost:\d+ \(no answer in time\)$/],
    ['a cut', (request) => request.socket.destroy(), /^no answer from localhost:\d+ \(/],
  ])('is none where the registry gives %s', async (_, answer, trouble) => {
    const { resolved } = await ask(answer, {}, { timeout: 200 });
    expect(resolved).toEqual({ trouble: expect.stringMatching(trouble) });
  });

  it('is not waited for where the registry gave no answer to another one', async () => {
    const registry = await startRegistry((request) => request.socket.destroy());
    const other = await startRegistry(sendManifest);
    const named = new Set([registry.host, other.host]);
    const resolve = createResolve({ named, credentials: new Map(), userAgent: 'kubemend/0' }, QUICK);
    const first = await resolve({ registry: registry.host, path: 'acme/web', tag: '1' });
    const { length } = registry.asked;
    expect(length).toBeGreaterThan(1);
    expect(await resolve({ registry: registry.host, path: 'acme/api', tag: '1' })).toEqual(first);
    expect(registry.asked).toHaveLength(length);
    expect(await resolve({ registry: other.host, path: 'acme/web', tag: '1' })).toEqual({ digest: DIGEST });
  });

  it('is asked for again where the registry is overloaded, or has had enough for now', async () => {
    const answers = [503, 429, 502];
    const { resolved, asked } = await ask((request, response) => {
      const status = answers.shift();
      if (status === undefined) sendManifest(request, response, '');
      else response.writeHead(status, { 'retry-after': '1' }).end();
    });
    expect(resolved).toEqual({ digest: DIGEST });
    expect(asked).toHaveLength(4);
  });
});

describe('who asks', () => {
  it('is nobody, with a token for the one repository, to read', async () => {
    const { resolved, asked, queries } = await ask(withToken(sendManifest));
    expect(resolved).toEqual({ digest: DIGEST });
    expect(asked.map(({ method, path, authorization }) => [method, path, authorization])).toEqual([
      ['HEAD', '/v2/acme/web/manifests/1.2', undefined],
      ['GET', '/token', undefined],
      ['HEAD', '/v2/acme/web/manifests/1.2', 'Bearer abc'],
    ]);
    expect(queries).toEqual(['?scope=repository%3Aacme%2Fweb%3Apull&service=registry.example.com']);
  });

  it('is said to the registry whose credentials they are', async () => {
    const registry = await startRegistry(withToken(sendManifest));
    const credentials = new Map([
      [registry.host, basic],
      ['other.example.com', 'b3RoZXI6eA=='],
    ]);
    const resolved = await resolveImage(`${registry.host}/acme/web:1`, { named: new Set([registry.host]), credentials });
    expect(resolved).toEqual({ digest: DIGEST });
    expect(registry.asked.map(({ authorization }) => authorization)).toEqual([undefined, `Basic ${basic}`, 'Bearer abc']);
  });

  it('is said in plain where the registry wants that', async () => {
    const registry = await startRegistry((request, response) => {
      if (request.headers.authorization === `Basic ${basic}`) sendManifest(request, response, '');
      else response.writeHead(401, { 'www-authenticate': 'Basic realm="registry"' }).end();
    });
    const named = new Set([registry.host]);
    const image = `${registry.host}/acme/web:1`;
    expect(await resolveImage(image, { named, credentials: new Map([[registry.host, basic]]) })).toEqual({ digest: DIGEST });
    expect(await resolveImage(image, { named })).toEqual({ trouble: expect.stringMatching(/wants credentials; give those/) });
  });

  it.each<[string, string]>([
    ['another machine', 'https://10.0.0.1/token'],
    ['this machine', 'http://localhost:1/token'],
    ['what is not encrypted', 'http://auth.example.com/token'],
    ['another port', 'https://auth.example.com:8443/token'],
    ['a network of its own', 'https://metadata.google.internal/token'],
    ['a Service of a cluster', 'https://kubernetes.default.svc/token'],
    ['a router', 'https://router.home.arpa/token'],
    ['a name without a network', 'https://intranet./token'],
    ['an address in one number', 'https://2852039166/token'],
    ['an address in octal numbers', 'https://0251.0376.0251.0376/token'],
    ['no web at all', 'file:///etc/passwd'],
    ['nothing', ''],
    ['someone with a password', 'https://a:b@auth.example.com/token'],
  ])('is not said, and no token is fetched, at %s', async (_, realm) => {
    const hosts: string[] = [];
    const { resolved, asked } = await ask(
      withToken(sendManifest, 'abc', () => realm),
      {},
      {
        fetch: (url, init) => {
          hosts.push(new URL(String(url)).host);
          return fetch(url as string, init as RequestInit);
        },
      },
    );
    expect(resolved).toEqual({
      trouble: expect.stringMatching(
        /^localhost:\d+ (?:has its tokens at .*, which is not asked|names no address for its tokens)$/,
      ),
    });
    expect(asked.map(({ path }) => path)).toEqual(['/v2/acme/web/manifests/1.2']);
    expect(new Set(hosts).size).toBe(1);
  });

  it('is not said to another host that gives tokens, unless that is named, too', async () => {
    const auth = await startRegistry(withToken(sendManifest));
    const registry = await startRegistry(withToken(sendManifest, 'abc', () => `http://${auth.host}/token`));
    const image = `${registry.host}/acme/web:1`;
    const credentials = new Map([[registry.host, basic]]);
    const first = await resolveImage(image, { named: new Set([registry.host]), credentials });
    expect(first).toHaveProperty('trouble');
    expect(auth.asked).toEqual([]);
    const second = await resolveImage(image, { named: new Set([registry.host, auth.host]), credentials });
    expect(second).toEqual({ digest: DIGEST });
    expect(auth.asked.map(({ authorization }) => authorization)).toEqual([`Basic ${basic}`]);
  });

  it.each(['not JSON', '{}', '{"token": 7}', '{"token": "a\\nb"}', '[]', 'null'])(
    'is not said with what is no token: %s',
    async (token) => {
      const { resolved } = await ask((request, response, host) => {
        if (request.url?.startsWith('/token')) response.writeHead(200).end(token);
        else response.writeHead(401, { 'www-authenticate': `Bearer realm="http://${host}/token"` }).end();
      });
      expect(resolved).toEqual({ trouble: expect.stringMatching(/^what localhost:\d+ gives is no token$/) });
    },
  );

  it('may be refused, which is said without the credentials', async () => {
    const registry = await startRegistry((request, response, host) => {
      const challenge = { 'www-authenticate': `Bearer realm="http://${host}/token"` };
      response.writeHead(401, request.url?.startsWith('/token') ? {} : challenge).end('me:secret');
    });
    const options = { named: new Set([registry.host]), credentials: new Map([[registry.host, basic]]) };
    expect(await resolveImage(`${registry.host}/acme/web:1`, options)).toEqual({
      trouble: `${registry.host} does not take the credentials for ${registry.host}`,
    });
  });
});

describe('a redirect', () => {
  it('to another host is followed without the token, and asked for its own', async () => {
    const mirror = await startRegistry(withToken(sendManifest, 'own'));
    const registry = await startRegistry(
      withToken((request, response) => response.writeHead(307, { location: `http://${mirror.host}${request.url}` }).end()),
    );
    const options = { named: new Set([registry.host, mirror.host]), credentials: new Map([[registry.host, basic]]) };
    const resolved = await resolveImage(`${registry.host}/acme/web:1`, options);
    expect(mirror.asked[0]?.authorization).toBeUndefined();
    expect(mirror.asked.map(({ authorization }) => authorization)).not.toContain(`Basic ${basic}`);
    // One token is enough for a run that means well; what wants a second one is not the registry that was named.
    expect(resolved).toEqual({ trouble: expect.stringMatching(/wants credentials/) });
  });

  it('of a registry that asks for nothing leads to one that wants a token', async () => {
    const mirror = await startRegistry(withToken(sendManifest, 'own'));
    const registry = await startRegistry((request, response) =>
      response.writeHead(307, { location: `http://${mirror.host}${request.url}` }).end(),
    );
    const options = { named: new Set([registry.host, mirror.host]), credentials: new Map([[registry.host, basic]]) };
    expect(await resolveImage(`${registry.host}/acme/web:1`, options)).toEqual({ digest: DIGEST });
    expect(mirror.asked.map(({ authorization }) => authorization)).toEqual([undefined, undefined, 'Bearer own']);
  });

  it.each([
    'http://10.0.0.1/',
    'http://localhost:1/x',
    'https://169.254.169.254/latest',
    'file:///etc/passwd',
    'http://quay.io/',
    '//[::1]/',
  ])('to %s is not followed', async (location) => {
    const { resolved, asked } = await ask((_, response) => response.writeHead(302, { location }).end());
    expect(resolved).toEqual({
      trouble: expect.stringMatching(
        /^localhost:\d+ redirects to (?:no address that is asked|.*which is not asked; where it is meant, name it)/,
      ),
    });
    expect(asked).toHaveLength(1);
  });
});

describe('what is asked', () => {
  const nobody: Tuning['fetch'] = () => Promise.reject(new Error('nobody is to be asked'));

  it.each([
    'registry.example.com/web:1',
    'localhost:5000/web:1',
    '127.0.0.1:5000/web:1',
    '10.0.0.1/web:1',
    '[::1]:5000/web:1',
    'evil-docker.pkg.dev.example.com/web:1',
    'quay.io:8443/web:1',
  ])('is no registry that manifests alone name: %s', async (image) => {
    const resolved = await resolveImage(image, {}, { fetch: nobody });
    const registry = readFullName(image)?.registry;
    expect(resolved).toEqual({ trouble: `${registry} is none of the public registries; to ask it: --registry ${registry}` });
  });

  it.each([
    ['nginx:1.27', 'https://registry-1.docker.io/v2/library/nginx/manifests/1.27'],
    ['quay.io/acme/web:v1', 'https://quay.io/v2/acme/web/manifests/v1'],
    ['europe-docker.pkg.dev/acme/web:v1', 'https://europe-docker.pkg.dev/v2/acme/web/manifests/v1'],
  ])('is, of %s, %s', async (image, url) => {
    const asked: string[] = [];
    const resolved = await resolveImage(
      image,
      {},
      {
        fetch: async (input) => {
          asked.push(String(input));
          return new Response(null, { status: 200, headers: { 'docker-content-digest': DIGEST } });
        },
      },
    );
    expect([resolved, asked]).toEqual([{ digest: DIGEST }, [url]]);
  });

  it('sends the credentials of Docker Hub to where its tokens are', async () => {
    const asked: [string, string | null][] = [];
    const resolved = await resolveImage(
      'nginx:1',
      { credentials: new Map([['docker.io', basic]]) },
      {
        fetch: async (input, init) => {
          const { host } = new URL(String(input));
          const authorization = new Headers(init?.headers).get('authorization');
          asked.push([host, authorization]);
          if (host === 'auth.docker.io') return Response.json({ token: 't' });
          if (authorization === 'Bearer t') return new Response(MANIFEST, { headers: { 'content-type': TYPE } });
          return new Response(null, {
            status: 401,
            headers: { 'www-authenticate': 'Bearer realm="https://auth.docker.io/token",service="registry.docker.io"' },
          });
        },
      },
    );
    expect(resolved).toEqual({ digest: DIGEST });
    expect(asked).toEqual([
      ['registry-1.docker.io', null],
      ['auth.docker.io', `Basic ${basic}`],
      ['registry-1.docker.io', 'Bearer t'],
      ['registry-1.docker.io', 'Bearer t'],
    ]);
  });
});
