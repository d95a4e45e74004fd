import { describe, expect, test } from 'vitest';
import { isSamePlace, mayFollow, parseAddress } from '../../../src/pr/git/address.js';
import { credentialsFor, secretsIn } from '../../../src/pr/git/credentials.js';
import { chooseBySize, createCollisions } from '../../../src/pr/git/materialise.js';
import { createRedactor } from '../../../src/pr/git/secrets.js';
import { unsafePath } from '../../../src/pr/git/tree.js';
import { fc } from '../../fc.js';

test('where a forge says that a fork is, is followed where a token may go', () => {
  const may = (fork: string, own: string) => mayFollow(parseAddress(fork, '/work'), parseAddress(own, '/work'));
  expect(may('https://git.example.com/bot/r', 'https://github.com/o/r')).toBe(true);
  expect(may('http://127.0.0.1:4300/bot/r', 'https://github.com/o/r')).toBe(true);
  expect(may('http://git.example.com/bot/r', 'http://git.example.com/o/r')).toBe(true);
  expect(may('/srv/bot.git', '/srv/own.git')).toBe(true);
  for (const fork of [
    'http://git.example.com/bot/r',
    'git@evil.example.com:bot/r',
    'file:///home/me/project/.git',
    '/home/me/project',
  ])
    for (const own of ['https://git.example.com/o/r', 'http://git.example.com:81/o/r']) expect(may(fork, own), fork).toBe(false);
});

describe('addresses', () => {
  test.each([
    ['https://github.com/o/r', 'https://github.com/o/r', 'https', 'github.com'],
    ['HTTPS://GitHub.com/o/r.git', 'https://github.com/o/r.git', 'https', 'github.com'],
    ['http://127.0.0.1:4300/o/r.git', 'http://127.0.0.1:4300/o/r.git', 'http', '127.0.0.1:4300'],
    ['git@github.com:o/r.git', 'git@github.com:o/r.git', 'ssh', 'github.com'],
    ['ssh://git@example.com:22/o/r.git', 'ssh://git@example.com:22/o/r.git', 'ssh', 'example.com:22'],
    ['../r.git', '/work/r.git', 'file', 'the disk'],
    ['/srv/r.git', '/srv/r.git', 'file', 'the disk'],
    ['file:///srv/r.git', 'file:///srv/r.git', 'file', 'the disk'],
  ])('%s', (text, url, protocol, host) => {
    expect(parseAddress(text, '/work/here')).toEqual({ url, protocol, host });
  });

  test('credentials are taken out', () => {
    expect(parseAddress('https://bot:s%40crit@example.com/o/r', '/')).toEqual({
      url: 'https://example.com/o/r',
      protocol: 'https',
      host: 'example.com',
      credentials: { user: 'bot', password: 's@crit' },
    });
  });

  test.each([
    'ext::sh -c touch% /tmp/x',
    '--upload-pack=touch /tmp/x',
    '-oProxyCommand=x:y',
    'ssh://-oProxyCommand=x/y',
    'ssh://-x@example.com/y',
    'git://example.com/o/r',
    'fd::17',
    'ftp://example.com/o',
    'https://example.com',
    'https://example.com/o/r?x=1',
    'https://example.com/o/r#x',
    'https://exa mple.com/o',
    'host:-x',
    'https://example.com/o\nr',
    '\u0000',
    '',
  ])('%j is none', (text) => {
    expect(() => parseAddress(text, '/')).toThrow(/is no address of a repository|a protocol that is not used/);
  });

  test('an error shows no password', () => {
    expect(() => parseAddress('https://bot:secret@example.com', '/')).toThrow(/^"https:\/\/example\.com" is no/);
  });

  test('SSH and HTTPS of one repository are one place', () => {
    const at = (text: string) => parseAddress(text, '/');
    expect(isSamePlace(at('https://github.com/o/r'), at('git@github.com:o/r.git'))).toBe(true);
    expect(isSamePlace(at('https://github.com/o/r/'), at('ssh://git@github.com/o/r.git'))).toBe(true);
    expect(isSamePlace(at('https://github.com/o/r'), at('git@github.com:me/r.git'))).toBe(false);
    expect(isSamePlace(at('https://github.com/o/r'), at('git@gitlab.com:o/r.git'))).toBe(false);
    expect(isSamePlace(at('/a'), at('/a'))).toBe(false);
  });
});

describe('secrets', () => {
  const token = 'T0k/en+with=signs';
  const redact = createRedactor([{ value: token, users: ['x-access-token'] }]);
  const base64 = (text: string) => Buffer.from(text).toString('base64');

  test('are taken out in every form, wherever they stand', () => {
    const forms = [token, encodeURIComponent(token), base64(token), base64(`x-access-token:${token}`), base64(`:${token}`)];
    const property = fc.property(fc.string(), fc.constantFrom(...forms), fc.string(), (before, form, after) => {
      const text = redact(`${before} ${form} ${after}`);
      for (const secret of forms) expect(text).not.toContain(secret);
      expect(text).toContain('***');
    });
    fc.assert(property, { numRuns: 200 });
  });

  test('are known by their look and place', () => {
    expect(redact(`x ghp_${'a'.repeat(36)} y`)).toBe('x *** y');
    expect(redact(`glpat-${'a'.repeat(20)}`)).toBe('***');
    expect(redact("unable to access 'https://bot:pass@example.com/x'")).toBe("unable to access 'https://***@example.com/x'");
    expect(redact('git@example.com:o/r and https://example.com/@x')).toBe('git@example.com:o/r and https://example.com/@x');
  });

  test('without any, texts stay', () => {
    expect(createRedactor([{ value: '' }])('a b')).toBe('a b');
  });

  test('of a configuration are found', () => {
    const config = [
      ['http.https://github.com/.extraheader', `AUTHORIZATION: basic ${base64('x-access-token:abc')}`],
      ['http.extraheader', 'Authorization: Bearer def'],
      ['http.proxy', 'x'],
      ['http.extraheader', 'X-Other: 1'],
    ] as const;
    expect(secretsIn(config)).toEqual([
      { value: base64('x-access-token:abc'), users: [] },
      { value: 'abc', users: ['x-access-token'] },
      { value: 'def', users: [] },
    ]);
  });

  test('go to no other address, and not over SSH', () => {
    const address = parseAddress('https://example.com/o/r.git', '/');
    const { config } = credentialsFor(address, { value: 'abc', user: 'oauth2' });
    expect(config).toEqual([
      ['http.https://example.com/o/r.git.extraHeader', ''],
      ['http.https://example.com/o/r.git.extraHeader', `Authorization: Basic ${base64('oauth2:abc')}`],
      ['http.https://example.com/o/r.git.followRedirects', 'false'],
      ['credential.helper', ''],
    ]);
    expect(credentialsFor(parseAddress('git@example.com:o/r', '/'), { value: 'abc', user: 'x' }).config).toEqual([]);
  });
});

describe('paths of a tree', () => {
  test.each(['.git/config', 'a/.GIT/x', 'git~1/x', '.git./x', '.git /x', '.g\u200cit/x', '.git::$INDEX_ALLOCATION/x'])(
    '%j',
    (path) => {
      expect(unsafePath(path, false)).toBe("a part of its path is git's own");
    },
  );

  test.each(['../x', 'a/../x', '/x', 'a//x', './x', 'a/.'])('%j', (path) => {
    expect(unsafePath(path, false)).toBe('its path leads elsewhere');
  });

  test.each(['con', 'AUX.yaml', 'a/nul', 'com1.txt', 'x:y', 'a\\b', 'a.', 'a ', 'a\nb', 'a?'])('%j on Windows', (path) => {
    expect(unsafePath(path, true)).toBe('Windows cannot have a file of that name');
    expect(unsafePath(path, false)).toBeUndefined();
  });

  test.each(['a.yaml', '.github/workflows/x.yml', '.gitignore', '-x', 'console', 'a/b/c', 'größe.yaml', '.gitx'])(
    '%j is one',
    (path) => {
      expect(unsafePath(path, true)).toBeUndefined();
    },
  );

  test('that a disk cannot tell apart', () => {
    const collides = createCollisions();
    expect(['A/x', 'a/y', 'A/y', 'b/Z', 'b/z', 'A', '\u00e9', 'e\u0301'].map(collides)).toEqual([
      false,
      true,
      false,
      false,
      true,
      false,
      false,
      true,
    ]);
  });
});

test('one text of 50 MB at any number of paths does not fill the disk', () => {
  const size = 50 * 1024 * 1024;
  const wanted = Array.from({ length: 100 }, (_, at) => ({ id: 'a', path: `${at}.yaml` }));
  const { pathsOf, refused } = chooseBySize(
    [...wanted, { id: 'b', path: 'b.yaml' }],
    new Map([
      ['a', size],
      ['b', 1],
    ]),
  );
  expect([pathsOf.get('a')?.length, pathsOf.get('b')]).toEqual([40, ['b.yaml']]);
  expect(refused).toHaveLength(60);
  expect(refused[0]).toEqual({ path: '40.yaml', why: 'the files before it have 2 GB, and more are not read' });
});
