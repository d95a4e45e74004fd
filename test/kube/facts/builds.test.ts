import { describe, expect, it } from 'vitest';
import { knowImage } from '../../../src/kube/decisions/image.js';
import { canRunAsNonRoot } from '../../../src/kube/decisions/user.js';
import { readDockerfile } from '../../../src/kube/facts/dockerfile.js';
import { createRepoIndex } from '../../../src/kube/repo-index.js';
import type { ContainerView } from '../../../src/kube/types.js';
import { contextOf } from '../decisions/container.js';

const AT = { file: 'apps/shop/base/web.yaml' };
const PLAIN = 'FROM gcr.io/distroless/static\nCOPY a /a\nUSER 65532\nENTRYPOINT ["/a"]\n';

function indexOf(dockerfiles: Readonly<Record<string, string>>) {
  const index = createRepoIndex({ readDockerfile });
  for (const [file, text] of Object.entries(dockerfiles)) index.addDockerfile(file, text);
  return index;
}

describe('an image and its Dockerfile', () => {
  it.each<[string | undefined, string, readonly string[]]>([
    ['services/web/Dockerfile', 'registry.acme.dev/shop/web:1', ['services/web/Dockerfile']],
    ['services/web/Dockerfile', '123.dkr.ecr.eu-west-1.amazonaws.com/web:2', ['services/web/Dockerfile']],
    ['services/web/Dockerfile', 'ghcr.io/acme/web:1', ['services/web/Dockerfile']],
    ['services/web/Dockerfile', 'web', ['services/web/Dockerfile']],
    [undefined, 'ghcr.io/other/web:1', ['services/web/Dockerfile']],
    [undefined, 'other/web:1', ['services/web/Dockerfile']],
    [undefined, 'registry.acme.dev/web-api', ['services/web/Dockerfile']],
    [undefined, 'registry.acme.dev/web', ['a/web/Dockerfile', 'b/web/Dockerfile']],
    [undefined, 'registry.acme.dev/web', ['a/web/Dockerfile', 'a/web/Dockerfile.debug']],
    [undefined, 'registry.acme.dev/web', ['Dockerfile']],
  ])('%s makes %s', (file, image, files) => {
    const index = indexOf(Object.fromEntries(files.map((name) => [name, PLAIN])));
    index.addOrigin('[remote "origin"]\n\turl = git@github.com:Acme/shop.git\n\tfetch = x\n');
    expect(index.buildOf(AT, image)?.file).toBe(file);
  });

  it('is what Skaffold says', () => {
    const index = indexOf({ 'src/front/Dockerfile': PLAIN, 'src/Dockerfile.api': PLAIN, 'src/old/Dockerfile': PLAIN });
    index.addBuildFile('src/skaffold.yaml', {
      build: {
        artifacts: [
          { image: 'ghcr.io/other/frontend', context: 'front' },
          { image: 'api', docker: { dockerfile: 'Dockerfile.api' } },
          { image: 'old', context: 'old', docker: { target: 'debug' } },
        ],
      },
    });
    expect(index.buildOf(AT, 'ghcr.io/other/frontend:1')?.file).toBe('src/front/Dockerfile');
    expect(index.buildOf(AT, 'api')?.file).toBe('src/Dockerfile.api');
    expect(index.buildOf(AT, 'old')).toBeUndefined();
  });

  it('is what Compose says', () => {
    const index = indexOf({ 'front/Dockerfile': PLAIN, 'api/x.Dockerfile': PLAIN });
    index.addBuildFile('compose.yaml', {
      services: {
        front: { image: 'acme/frontend:dev', build: './front' },
        api: { image: 'acme/api', build: { context: 'api', dockerfile: 'x.Dockerfile' } },
        args: { image: 'acme/args', build: { context: 'api', dockerfile: 'x.Dockerfile', args: { UID: 0 } } },
        none: { image: 'redis' },
      },
    });
    expect(index.buildOf(AT, 'acme/frontend:2')?.file).toBe('front/Dockerfile');
    expect(index.buildOf(AT, 'docker.io/acme/api')?.file).toBe('api/x.Dockerfile');
    expect(index.buildOf(AT, 'acme/args')).toBeUndefined();
    expect(index.buildOf(AT, 'redis')).toBeUndefined();
  });

  it('is not told where two say otherwise', () => {
    const index = indexOf({ 'a/Dockerfile': PLAIN, 'b/Dockerfile': PLAIN });
    for (const context of ['a', 'b']) index.addBuildFile('skaffold.yaml', { build: { artifacts: [{ image: 'web', context }] } });
    expect(index.buildOf(AT, 'web')).toBeUndefined();
  });

  it('bears what says nothing', () => {
    const index = indexOf({ 'a/Dockerfile': 'FROM x\nONBUILD USER 5' });
    for (const value of [null, 'x', {}, { build: [] }, { services: { a: null, b: { build: 5 } } }])
      index.addBuildFile('x.yaml', value);
    expect(index.buildOf(AT, 'a')).toBeUndefined();
    expect(index.buildOf(AT, 'not a reference!')).toBeUndefined();
  });
});

describe('what a Dockerfile says', () => {
  const containerOf = (text: string) => {
    const index = indexOf({ 'services/web/Dockerfile': text });
    const context = contextOf({ image: 'registry.acme.dev/web:1' }, {}, { index });
    return { container: context.containers[0] as ContainerView };
  };

  it('gives the user', () => {
    const { container } = containerOf(PLAIN);
    expect(canRunAsNonRoot(container, new Set(), 'leave')).toMatchObject({
      risk: 'medium',
      evidence: ['web:1 (services/web/Dockerfile) starts as user 65532'],
    });
    expect(canRunAsNonRoot(containerOf('FROM scratch\nCOPY a /a').container, new Set(), 'leave').answer.isPossible).toBe(false);
    expect(canRunAsNonRoot(containerOf('FROM acme/unknown').container, new Set(), 'leave').risk).toBe('high');
  });

  it('gives what the base does, where that is left as it is', () => {
    const known = knowImage(containerOf('FROM redis:7\nCOPY redis.conf /etc/').container)?.facts;
    expect(known).toMatchObject({ user: 0, api: false, confidence: 'read' });
    expect(known?.capabilities?.length).toBeGreaterThan(0);
    const own = knowImage(containerOf('FROM redis:7\nCMD ["x"]').container)?.facts;
    expect(own).toMatchObject({ user: 0, api: null });
    expect(own?.capabilities).toBeUndefined();
  });

  it('says nothing to who has no reader', () => {
    const index = createRepoIndex();
    index.addDockerfile('web/Dockerfile', PLAIN);
    expect(index.buildOf(AT, 'web')).toBeUndefined();
  });
});
