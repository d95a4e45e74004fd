import { describe, expect, test } from 'vitest';
import { UsageError } from '../../../src/core/errors.js';
import { AS_IT_IS } from '../../../src/http/tuning.js';
import { type DetectOptions, detectForge } from '../../../src/pr/forge/detect.js';

type Pages = Readonly<Record<string, readonly [status: number, body: unknown]>>;

/** A world in which only `pages` answer; what is asked is kept. */
function world(pages: Pages = {}) {
  const asked: { url: string; headers: unknown }[] = [];
  const ask: typeof fetch = async (url, init) => {
    asked.push({ url: String(url), headers: init?.headers });
    const [status, body] = pages[String(url)] ?? [404, '<html>'];
    return typeof body === 'string' ? new Response(body, { status }) : Response.json(body, { status });
  };
  return { asked, tuning: { ...AS_IT_IS, fetch: ask } };
}

const detect = (address: string, pages: Pages = {}, options: DetectOptions = {}, env: Record<string, string> = {}) =>
  detectForge(address, env, { tuning: world(pages).tuning, ...options });

describe('what kind of forge a remote is at', () => {
  const github = { kind: 'github', baseUrl: 'https://api.github.com', repository: 'Acme/Web.site' };
  const gitlab = { kind: 'gitlab', baseUrl: 'https://gitlab.com', repository: 'acme/platform/team/web' };
  test.each([
    ['https://github.com/Acme/Web.site.git', github],
    ['https://github.com/Acme/Web.site/', github],
    ['https://GitHub.com/Acme/Web.site', github],
    ['https://user:secret@github.com/Acme/Web.site.git', github],
    ['git@github.com:Acme/Web.site.git', github],
    ['github.com:/Acme/Web.site.git', github],
    ['ssh://git@github.com/Acme/Web.site.git', github],
    ['ssh://git@ssh.github.com:443/Acme/Web.site.git', github],
    ['git://github.com/Acme/Web.site.git', github],
    ['https://acme.ghe.com/acme/web', { kind: 'github', baseUrl: 'https://api.acme.ghe.com', repository: 'acme/web' }],
    ['https://gitlab.com/acme/platform/team/web.git', gitlab],
    ['git@gitlab.com:acme/platform/team/web.git', gitlab],
    ['ssh://git@altssh.gitlab.com:443/acme/platform/team/web.git', gitlab],
    ['https://codeberg.org/acme/web', { kind: 'gitea', baseUrl: 'https://codeberg.org', repository: 'acme/web' }],
  ])('by a host that is known: %s', async (address, found) => {
    const { asked, tuning } = world();
    expect(await detectForge(address, {}, { tuning })).toEqual(found);
    expect(asked).toEqual([]);
  });

  test.each([
    ['gitea', '/api/v1/version', 200, { version: '1.26.0' }, 'https://forge.example.com:8443'],
    ['gitlab', '/api/v4/version', 200, { version: '18.0.0', revision: 'x' }, 'https://forge.example.com:8443'],
    ['gitlab', '/api/v4/version', 401, { message: '401 Unauthorized' }, 'https://forge.example.com:8443'],
    ['github', '/api/v3/meta', 200, { installed_version: '3.16.0' }, 'https://forge.example.com:8443/api/v3'],
    [
      'github',
      '/api/v3/meta',
      401,
      { message: 'Must authenticate', documentation_url: 'x' },
      'https://forge.example.com:8443/api/v3',
    ],
  ])('by asking it: %s, %s, %i', async (kind, path, status, body, baseUrl) => {
    const pages = { [`https://forge.example.com:8443${path}`]: [status, body] } as const;
    const { asked, tuning } = world(pages);
    const env = { GITHUB_TOKEN: 'secret', GITLAB_TOKEN: 'secret', GITEA_TOKEN: 'secret' };
    const found = await detectForge('https://me:secret@forge.example.com:8443/acme/web.git', env, { tuning });
    expect(found).toEqual({ kind, baseUrl, repository: 'acme/web' });
    expect(JSON.stringify(asked)).not.toContain('secret');
    expect(asked.map(({ url }) => url)).toContain(`https://forge.example.com:8443${path}`);
  });

  test('asks the web server of a host that git reaches by SSH', async () => {
    const found = await detect('ssh://git@forge.example.com:2222/acme/web', {
      'https://forge.example.com/api/v1/version': [200, { version: '1' }],
    });
    expect(found).toEqual({ kind: 'gitea', baseUrl: 'https://forge.example.com', repository: 'acme/web' });
  });

  test('by what is said, before all else', async () => {
    expect(await detect('https://github.com/acme/web', {}, { forge: 'gitea' })).toMatchObject({
      kind: 'gitea',
      baseUrl: 'https://github.com',
    });
    expect(await detect('git@host:acme/web', {}, { forge: 'github' })).toMatchObject({ baseUrl: 'https://host/api/v3' });
    const below = { KUBEMEND_FORGE_URL: 'https://example.com/gitlab/' };
    const found = { kind: 'gitlab', baseUrl: 'https://example.com/gitlab', repository: 'group/web' };
    expect(await detect('https://example.com/gitlab/group/web.git', {}, { forge: 'gitlab' }, below)).toEqual(found);
    expect(await detect('git@ssh.example.com:group/web.git', {}, { forge: 'gitlab' }, below)).toEqual(found);
    const http = { KUBEMEND_FORGE_URL: 'http://gitea.gitea.svc:3000' };
    expect(await detect('http://gitea.gitea.svc:3000/acme/web', {}, { forge: 'gitea' }, http)).toMatchObject({
      baseUrl: 'http://gitea.gitea.svc:3000',
    });
  });

  test.each([
    ['gitlab', { GITLAB_CI: 'true', CI_SERVER_URL: 'https://forge.example.com' }],
    ['github', { GITHUB_SERVER_URL: 'https://forge.example.com' }],
    ['gitea', { GITHUB_SERVER_URL: 'https://forge.example.com/', GITEA_ACTIONS: 'true' }],
  ])('by the CI that runs there: %s', async (kind, env) => {
    expect(await detect('https://forge.example.com/acme/web', {}, {}, env)).toMatchObject({ kind });
    await expect(detect('https://elsewhere.example.com/acme/web', {}, {}, env)).rejects.toThrow(
      '--forge github, gitlab or gitea',
    );
  });

  test('names the option where it stays unclear', async () => {
    const both = {
      'https://host/api/v1/version': [200, { version: '1' }],
      'https://host/api/v4/version': [200, { version: '1' }],
    } as const;
    for (const pages of [{}, both, { 'https://host/api/v1/version': [302, {}] } as const]) {
      await expect(detect('https://host/acme/web', pages)).rejects.toThrow(
        'what kind of forge https://host is cannot be told: give --forge github',
      );
    }
    await expect(detect('https://github.com/a/b/c')).rejects.toThrow('"a/b/c" is no owner/name, as github has it');
    await expect(detect('https://github.com/a/b', {}, {}, { KUBEMEND_FORGE_URL: 'ftp://host' })).rejects.toThrow(
      'KUBEMEND_FORGE_URL is no address',
    );
    await expect(detect('https://github.com/a/b', {}, {}, { KUBEMEND_FORGE_URL: 'https://u:p@host' })).rejects.toThrow(
      'without credentials',
    );
  });

  test('says that nobody answers, where that is so', async () => {
    const tuning = { ...AS_IT_IS, fetch: () => Promise.reject(new TypeError('fetch failed')) };
    await expect(detect('https://host/acme/web', {}, { tuning })).rejects.toThrow(
      'no answer from https://host: see whether the address is right and can be reached from here',
    );
  });

  test('sends no token unencrypted to another machine, unless it is told to', async () => {
    await expect(detect('http://github.com/acme/web')).rejects.toThrow('unencrypted');
    await expect(detect('http://host/acme/web', {}, { forge: 'gitea' })).rejects.toThrow('set KUBEMEND_FORGE_URL to http://host');
    const other = { KUBEMEND_FORGE_URL: 'https://forge.example.com' };
    await expect(detect('http://host/acme/web', {}, { forge: 'gitea' }, other)).rejects.toThrow('to host unencrypted');
    for (const host of ['127.0.0.1:4300', 'localhost:3000', '[::1]:3000']) {
      expect(await detect(`http://${host}/acme/web`, {}, { forge: 'gitea' })).toMatchObject({ baseUrl: `http://${host}` });
    }
  });
});

describe('a remote that is no address of a repository', () => {
  test.each([
    ['https://github.com/acme', 'names no owner and repository'],
    ['git@github.com:../../etc/passwd', 'has a part that is no name'],
    ['git@github.com:acme/..', 'has a part that is no name'],
    ['git@github.com:acme/--upload-pack=x', 'has a part that is no name'],
    ['https://github.com/acme/web%2f..%2fother/x%00', 'has a part that is no name'],
    ['file:///etc/passwd', 'is not https, http or ssh'],
    ['ext::sh -c whoami', 'is not https, http or ssh'],
    ['javascript://github.com/a/b', 'is not https, http or ssh'],
    ['/srv/git/web.git', 'is not https, http or ssh'],
    ['C:\\repos\\web', 'is not https, http or ssh'],
    ['-oProxyCommand=x', 'is not https, http or ssh'],
    ['', 'is not https, http or ssh'],
  ])('%s', async (address, why) => {
    const error = await detect(address).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(UsageError);
    expect(String(error)).toContain(why);
    expect(String(error)).toContain('--repo');
  });

  test.each(['https://github.com/../acme/web', 'https://github.com/acme/web?x=1#y/../..'])(
    'but is, once it is resolved: %s',
    async (address) => {
      expect(await detect(address)).toMatchObject({ repository: 'acme/web' });
    },
  );

  test('is told without its credentials, and steers no terminal', async () => {
    const error = await detect('https://me:s3cret@host/\u001b[2Jacme').catch(String);
    expect(error).not.toContain('s3cret');
    expect(error).not.toContain('\u001b');
  });
});
