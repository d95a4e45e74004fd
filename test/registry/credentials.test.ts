import { describe, expect, it } from 'vitest';
import { readChallenge } from '../../src/registry/challenge.js';
import { readCredentials } from '../../src/registry/credentials.js';

const secret = Buffer.from('me:s3cret').toString('base64');

describe('credentials of the environment', () => {
  it('are those of a config.json, by registry', () => {
    const text = JSON.stringify({
      auths: {
        'https://index.docker.io/v1/': { auth: secret },
        'Registry.example.com:5000': { username: 'me', password: 's3cret' },
      },
      credsStore: 'desktop',
    });
    expect([...readCredentials(text)]).toEqual([
      ['docker.io', secret],
      ['registry.example.com:5000', secret],
    ]);
  });

  it.each([undefined, '', ' ', '{"auths": {}}'])('may be none: %j', (text) => {
    expect(readCredentials(text).size).toBe(0);
  });

  it.each([
    'me:s3cret',
    '[]',
    '{"auth": "s3cret"}',
    '{"auths": ["s3cret"]}',
    '{"auths": {"ghcr.io": "s3cret"}}',
    '{"auths": {"ghcr.io": {"auth": "s3cret\\n"}}}',
    '{"auths": {"ghcr.io": {"identitytoken": "s3cret"}}}',
    '{"auths": {"ghcr.io": {"username": "a:b", "password": "s3cret"}}}',
    '{"auths": {"https://me:s3cret@ghcr.io/v2": {}}}',
    '{"auths": {"s3cret\\u001b[31m": {}}}',
  ])('that cannot be read are refused without quoting them: %s', (text) => {
    expect(() => readCredentials(text)).toThrow(/^DOCKER_AUTH_CONFIG(?:(?!s3cret)[\s\S])*$/);
  });
});

describe('a challenge', () => {
  it.each([
    ['Bearer realm="https://a/t",service="b"', { scheme: 'bearer', parameters: { realm: 'https://a/t', service: 'b' } }],
    [
      'bearer  Realm=https://a/t , service="a \\"b\\", c"',
      { scheme: 'bearer', parameters: { realm: 'https://a/t', service: 'a "b", c' } },
    ],
    ['Basic realm="x"', { scheme: 'basic', parameters: { realm: 'x' } }],
    ['Negotiate, Basic realm="x"', { scheme: 'basic', parameters: { realm: 'x' } }],
    ['Bearer', { scheme: 'bearer', parameters: {} }],
  ])('is read: %s', (header, expected) => {
    expect(readChallenge(header)).toEqual(expected);
  });

  it.each([null, '', 'Negotiate', `Bearer realm="${'a'.repeat(5000)}"`])('is none: %j', (header) => {
    expect(readChallenge(header)).toBeUndefined();
  });

  it('takes no time to be none', () => {
    const started = performance.now();
    for (const text of [`Bearer ${'a="\\'.repeat(1000)}`, `Bearer ${','.repeat(4000)}`, `Bearer a="${'\\"'.repeat(2000)}`])
      readChallenge(text);
    expect(performance.now() - started).toBeLessThan(500);
  });
});
