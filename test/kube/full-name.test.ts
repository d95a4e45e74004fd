import { describe, expect, it } from 'vitest';
import { formatFullName, isDigest, readFullName } from '../../src/kube/images/full-name.js';

describe('the full name of an image', () => {
  it.each([
    ['nginx:1.27', 'docker.io/library/nginx:1.27'],
    ['nginx', 'docker.io/library/nginx'],
    ['docker.io/nginx:1', 'docker.io/library/nginx:1'],
    ['index.docker.io/acme/web:1', 'docker.io/acme/web:1'],
    ['acme/web:1', 'docker.io/acme/web:1'],
    ['localhost/web:1', 'localhost/web:1'],
    ['localhost:5000/web:1', 'localhost:5000/web:1'],
    ['GHCR.io/acme/web:1', 'ghcr.io/acme/web:1'],
    // What the catalogue takes for mirrors of others are other images here.
    ['mirror.gcr.io/library/nginx:1', 'mirror.gcr.io/library/nginx:1'],
    ['k8s.gcr.io/pause:3.9', 'k8s.gcr.io/pause:3.9'],
    ['[::1]:5000/web:1', '[::1]:5000/web:1'],
    [`nginx:1@sha256:${'a'.repeat(64)}`, `docker.io/library/nginx:1@sha256:${'a'.repeat(64)}`],
  ])('of %s is %s', (image, expected) => {
    const name = readFullName(image);
    expect(name && formatFullName(name)).toBe(expected);
  });

  it.each([
    '',
    '$(IMAGE)',
    'Nginx',
    'nginx:',
    'a//b',
    'nginx:1 ',
    `ghcr.io/${'a/'.repeat(130)}b:1`,
    'http://nginx',
    'nginx:1@sha256:12',
    '../etc/passwd',
    'a/../b:1',
  ])('is none of %j', (image) => {
    expect(readFullName(image)).toBeUndefined();
  });
});

describe('a digest', () => {
  it('is sha256 and 64 digits in lower case', () => {
    expect(isDigest(`sha256:${'0a'.repeat(32)}`)).toBe(true);
    for (const text of ['', 'sha256:', `sha256:${'A'.repeat(64)}`, `sha512:${'0'.repeat(128)}`, `sha256:${'0'.repeat(64)}\n`])
      expect(isDigest(text)).toBe(false);
  });
});
