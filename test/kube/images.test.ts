import { describe, expect, it } from 'vitest';
import { UsageError } from '../../src/core/errors.js';
import { createCatalogue, publicImages } from '../../src/kube/images/catalogue.js';
import { indexCatalogue, lookupIn } from '../../src/kube/images/lookup.js';
import { parseReference } from '../../src/kube/images/reference.js';
import { compileTags, readTag } from '../../src/kube/images/tags.js';
import type { ImageEntry, ImageFacts } from '../../src/kube/images/types.js';

const lookupImage = (reference: string): ImageFacts | undefined => publicImages.find(reference)?.facts;
const DIGEST = `sha256:${'0123456789abcdef'.repeat(4)}`;

describe('parseReference', () => {
  it.each([
    ['nginx', 'docker.io/library/nginx', undefined, undefined],
    ['nginx:1.27-alpine', 'docker.io/library/nginx', '1.27-alpine', undefined],
    ['library/nginx', 'docker.io/library/nginx', undefined, undefined],
    ['docker.io/nginx:1', 'docker.io/library/nginx', '1', undefined],
    ['docker.io/library/nginx', 'docker.io/library/nginx', undefined, undefined],
    ['index.docker.io/library/nginx:latest', 'docker.io/library/nginx', 'latest', undefined],
    ['registry-1.docker.io/library/nginx', 'docker.io/library/nginx', undefined, undefined],
    ['registry.hub.docker.com/library/nginx', 'docker.io/library/nginx', undefined, undefined],
    ['public.ecr.aws/docker/library/nginx:1', 'docker.io/library/nginx', '1', undefined],
    ['mirror.gcr.io/library/nginx', 'docker.io/library/nginx', undefined, undefined],
    ['mirror.gcr.io/grafana/grafana', 'docker.io/grafana/grafana', undefined, undefined],
    ['registry.example.com:5000/library/nginx:1.2', 'docker.io/library/nginx', '1.2', undefined],
    ['harbor.example.com/proxy/docker.io/library/nginx', 'docker.io/library/nginx', undefined, undefined],
    ['harbor.example.com/quay.io/prometheus/prometheus:v3', 'quay.io/prometheus/prometheus', 'v3', undefined],
    ['harbor.example.com/hub/docker.io/nginx', 'docker.io/library/nginx', undefined, undefined],
    ['localhost/nginx', 'localhost/nginx', undefined, undefined],
    ['localhost:5000/nginx', 'localhost:5000/nginx', undefined, undefined],
    ['registry.example.com/nginx:1', 'registry.example.com/nginx', '1', undefined],
    ['[::1]:5000/team/app:1', '[::1]:5000/team/app', '1', undefined],
    ['Registry.Example.com/team/app', 'registry.example.com/team/app', undefined, undefined],
    ['grafana/grafana:11.1.0', 'docker.io/grafana/grafana', '11.1.0', undefined],
    ['k8s.gcr.io/pause:3.1', 'registry.k8s.io/pause', '3.1', undefined],
    ['gcr.io/google_containers/pause:3.1', 'registry.k8s.io/pause', '3.1', undefined],
    ['gcr.io/google-containers/pause', 'registry.k8s.io/pause', undefined, undefined],
    ['123456789012.dkr.ecr.eu-west-1.amazonaws.com/docker-hub/library/nginx:1', 'docker.io/library/nginx', '1', undefined],
    [
      '123456789012.dkr.ecr.eu-west-1.amazonaws.com/docker-hub/grafana/grafana',
      'docker.io/grafana/grafana',
      undefined,
      undefined,
    ],
    [
      '123456789012.dkr.ecr.eu-west-1.amazonaws.com/ecr-public/docker/library/nginx',
      'docker.io/library/nginx',
      undefined,
      undefined,
    ],
    [
      '123456789012.dkr.ecr.eu-west-1.amazonaws.com/quay/prometheus/prometheus',
      'quay.io/prometheus/prometheus',
      undefined,
      undefined,
    ],
    ['123456789012.dkr.ecr.eu-west-1.amazonaws.com/kubernetes/pause', 'registry.k8s.io/pause', undefined, undefined],
    ['123456789012.dkr.ecr.eu-west-1.amazonaws.com/github/dexidp/dex', 'ghcr.io/dexidp/dex', undefined, undefined],
    [
      '123456789012.dkr.ecr.eu-west-1.amazonaws.com/nginx',
      '123456789012.dkr.ecr.eu-west-1.amazonaws.com/nginx',
      undefined,
      undefined,
    ],
    [
      '602401143452.dkr.ecr.eu-west-1.amazonaws.com/amazon-k8s-cni:v1',
      '602401143452.dkr.ecr.us-west-2.amazonaws.com/amazon-k8s-cni',
      'v1',
      undefined,
    ],
    ['harbor.example.com/dockerhub/grafana/grafana', 'docker.io/grafana/grafana', undefined, undefined],
    ['harbor.example.com/docker-hub-proxy/library/nginx', 'docker.io/library/nginx', undefined, undefined],
    ['harbor.example.com/quay-proxy/prometheus/prometheus', 'quay.io/prometheus/prometheus', undefined, undefined],
    ['europe-docker.pkg.dev/team/dockerhub-remote/grafana/grafana', 'docker.io/grafana/grafana', undefined, undefined],
    ['harbor.example.com/dockerhub/nginx', 'harbor.example.com/dockerhub/nginx', undefined, undefined],
    ['harbor.example.com/kubernetes/pause', 'harbor.example.com/kubernetes/pause', undefined, undefined],
    ['ghcr.io/quay/clair/app', 'ghcr.io/quay/clair/app', undefined, undefined],
    ['docker.io/dockerhub/a/b', 'docker.io/dockerhub/a/b', undefined, undefined],
    ['gitlab.example.com/group/dependency_proxy/containers/nginx:1', 'docker.io/library/nginx', '1', undefined],
    ['gitlab.example.com/group/dependency_proxy/containers/grafana/grafana', 'docker.io/grafana/grafana', undefined, undefined],
    ['registry.aliyuncs.com/google_containers/pause:3.9', 'registry.k8s.io/pause', '3.9', undefined],
    ['registry.example.com/google_containers/pause', 'registry.example.com/google_containers/pause', undefined, undefined],
    ['QUAY.IO/prometheus/prometheus', 'quay.io/prometheus/prometheus', undefined, undefined],
    [`docker.io/nginx@${DIGEST}`, 'docker.io/library/nginx', undefined, DIGEST],
    [`nginx@${DIGEST}`, 'docker.io/library/nginx', undefined, DIGEST],
    [`registry.example.com:5000/library/nginx:1@${DIGEST}`, 'docker.io/library/nginx', '1', DIGEST],
  ])('%s', (text, repository, tag, digest) => {
    expect(parseReference(text)).toEqual({ repository, ...(tag && { tag }), ...(digest && { digest }) });
  });

  it.each([
    ...[
      '',
      ' nginx',
      'nginx ',
      'nginx:',
      'NGINX',
      'team//app',
      '/nginx',
      'nginx/',
      'nginx:1:2',
      'nginx@sha256:12',
      'https://nginx',
    ],
    ...[
      '{{ .Values.image }}',
      // biome-ignore lint/suspicious/noTemplateCurlyInString: a variable of the shell
      '${IMAGE}',
      '$(IMAGE)',
      'nginx:{{ .Values.tag }}',
      // biome-ignore lint/suspicious/noTemplateCurlyInString: a variable of the shell
      'nginx:${TAG}',
      '[IMAGE_URL]',
      '<image>',
      '_nginx',
    ],
  ])('is undefined for %j', (text) => expect(parseReference(text)).toBeUndefined());
});

describe('compileTags', () => {
  it.each([
    ['*', ['latest', '1', 'v2.3', 'alpine'], []],
    ['<18', ['17', '17.2', '9.6-alpine', 'v17', '17.2-bookworm'], ['18', '18.1', '18beta1', 'latest', 'alpine', undefined]],
    ['>=18', ['18', '18.1', 'latest', 'bookworm', 'alpine', undefined, '100'], ['17', '9.6']],
    ['<18 *-alpine*', ['17-alpine', '17.2-alpine3.20'], ['17', '18-alpine', 'alpine', '17-bookworm']],
    ['>=18 *-alpine*', ['18-alpine', '18.1-alpine3.22', 'alpine', 'alpine3.22', 'latest-alpine'], ['17-alpine', '18', 'latest']],
    ['<=1.8', ['1.8', '1.8.10', '1.7.3', '1.8-alpine'], ['1.9', '1.10', '1', '2', 'latest']],
    ['>=1.12 <2', ['1.12', '1.12.1', '1', '1-alpine'], ['1.8', '2', '2.0', 'latest']],
    ['>=2 <3', ['2', '2.7-alpine'], ['3', '1', 'latest']],
    ['<2.4', ['2.3', '2.2.1', '1'], ['2.4', '2', '2.10', 'lts']],
    ['6*, stable', ['6', '6.0.13', 'stable'], ['7', 'latest', 'stable-alpine']],
    ['psmdb*', ['psmdb-7.0', 'psmdb'], ['8.0']],
    ['cli*', ['cli', 'cli-2.10'], ['php8.3-cli', '6']],
    ['*cli*', ['cli', '27-cli'], ['27', 'dind']],
    ['*-rootless', ['1.22-rootless', 'latest-rootless', 'rootless'], ['1.22', 'latest', '1-rootless-x']],
    ['*nonroot*', ['nonroot', 'nonroot-amd64', 'debug-nonroot'], ['latest', 'debug']],
    ['=3', ['3', '3.1'], ['2', 'latest']],
    ['>3.5', ['3.6', '3', 'latest'], ['3.5', '3.5.1']],
  ])('%s', (pattern, matching, others) => {
    const matches = compileTags(pattern);
    const takes = (tag: string | undefined) => {
      const read = readTag(tag);
      return read !== undefined && matches(read) !== undefined;
    };
    expect(matching.filter((tag) => !takes(tag))).toEqual([]);
    expect(others.filter(takes)).toEqual([]);
  });

  it.each(['^1', '~2', '>=v1.2', '1 || 2', '!=3', '', '1,', '>= 2', '(1)'])('refuses %j', (pattern) =>
    expect(() => compileTags(pattern)).toThrow(UsageError),
  );

  it('knows nothing of Windows variants', () => {
    expect(['windowsservercore', '1.2-nanoserver', '8-windowsservercore-ltsc2022'].map(readTag)).toEqual([
      undefined,
      undefined,
      undefined,
    ]);
  });
});

describe('lookupImage', () => {
  it.each([
    'nginx',
    'docker.io/library/nginx:1.27',
    'registry.example.com:5000/library/nginx',
    'public.ecr.aws/nginx/nginx',
    `nginx@${DIGEST}`,
  ])('finds nginx as %s', (reference) => {
    expect(lookupImage(reference)).toMatchObject({
      image: 'docker.io/library/nginx',
      user: 0,
      nonRoot: { possible: true, uid: 101, gid: 101 },
      capabilities: ['CHOWN', 'NET_BIND_SERVICE', 'SETGID', 'SETUID'],
      writes: ['/var/cache/nginx', '/var/run'],
      api: false,
    });
  });

  it.each([
    ['postgres:17', '<18', 999],
    ['postgres', '>=18', 999],
    ['postgres:17-alpine', '<18 *-alpine*', 70],
    ['postgres:alpine', '>=18 *-alpine*', 70],
    ['postgres:latest', '>=18', 999],
    ['postgis/postgis:17-3.5-alpine', '<18 *-alpine*', 70],
    ['redis:7.2-alpine', '<8', 999],
    ['registry.k8s.io/pause:3.9', '>=3.5', 65535],
    ['k8s.gcr.io/pause:3.2', '<3.5', 65535],
    ['prom/prometheus:v3.1.0', '*', 65534],
    ['prom/prometheus:v3.1.0-distroless', '*-distroless*', 65532],
  ])('%s: the entry for %s', (reference, tags, uid) => {
    expect(lookupImage(reference)).toMatchObject({ tags, nonRoot: { uid } });
  });

  it.each([
    ['elasticsearch:7.17.5', 0],
    ['docker.elastic.co/elasticsearch/elasticsearch:8.3.3', { name: 'elasticsearch', uid: 1000 }],
    ['docker.elastic.co/elasticsearch/elasticsearch:8', 1000],
    ['elasticsearch:9.1.0', 1000],
    ['grafana/grafana:4.6.3', 0],
    ['grafana/grafana:7.5.17', { name: 'grafana', uid: 472 }],
    ['grafana/grafana:10.0.0', 472],
    ['k8s.gcr.io/metrics-server/metrics-server:v0.3.7', null],
    ['registry.k8s.io/metrics-server/metrics-server:v0.7.2', 65534],
    ['registry.k8s.io/pause:3.4.1', 0],
    ['registry.k8s.io/pause:3.10', 65535],
    ['gcr.io/kubebuilder/kube-rbac-proxy:v0.4.0', 0],
    ['quay.io/brancz/kube-rbac-proxy:v0.18.0', 65532],
    ['quay.io/kubernetes-ingress-controller/nginx-ingress-controller:0.26.1', { name: 'www-data', uid: 33 }],
    ['registry.k8s.io/ingress-nginx/controller:v1.12.0', { name: 'www-data', uid: 101 }],
  ])('%s: started as %j', (reference, user) => expect(lookupImage(reference)?.user).toEqual(user));

  it.each([
    'nginx-custom',
    'registry.example.com/nginx',
    'nginxinc/nginx',
    'team/postgres:17',
    'pgvector/pgvector:0.8.0-pg18',
    'localhost:5000/nginx',
    'registry.example.com/team/redis:7',
    '123456789012.dkr.ecr.eu-west-1.amazonaws.com/postgres',
    'quay.io/jaegertracing/jaeger-operator:1.57',
    'mongo:8-windowsservercore',
    '',
    '{{ .Values.image }}',
    '__proto__',
    'constructor',
  ])('knows nothing of %j', (reference) => expect(lookupImage(reference)).toBeUndefined());

  it('takes what is safe for every version where a digest hides which one it is', () => {
    const facts = lookupImage(`postgres@${DIGEST}`);
    expect(facts).toMatchObject({ user: 0, nonRoot: { possible: true } });
    expect(facts?.nonRoot).not.toHaveProperty('uid');
    expect(facts?.writes).toEqual(expect.arrayContaining(['/var/lib/postgresql', '/var/lib/postgresql/data', '/tmp']));
    expect(lookupImage(`registry.k8s.io/pause@${DIGEST}`)?.user).toBeNull();
  });

  it('believes a tag beside a digest', () => expect(lookupImage(`postgres:17@${DIGEST}`)?.tags).toBe('<18'));

  it('merges entries that match alike', () => {
    const facts = lookupImage('rabbitmq:4-management-alpine');
    expect(facts?.ports).toContain(15672);
    expect(facts?.nonRoot).toMatchObject({ possible: true });
    expect(facts?.nonRoot).not.toHaveProperty('uid');
  });

  it('says that a shell image is not known to need nothing', () => {
    expect(lookupImage('busybox')).toMatchObject({ user: 0, api: null });
    expect(lookupImage('busybox')).not.toHaveProperty('capabilities');
    expect(lookupImage('alpine:3')).not.toHaveProperty('nonRoot');
  });
});

describe('lookupIn', () => {
  const base = { sources: ['a'], confidence: 'read' } as const;
  const entries: readonly ImageEntry[] = [
    { ...base, image: 'docker.io/team/*', user: 1 },
    { ...base, image: 'docker.io/team/db-*', user: 2, aliases: ['quay.io/team-db/*'], alike: ['ghcr.io/team/*'] },
    { ...base, image: 'docker.io/team/db-one', tags: '>=2', user: 3, aliases: ['docker.io/team/alias', 'docker.io/team/own'] },
    { ...base, image: 'docker.io/team/own', user: 4, alike: ['docker.io/team/alias', 'docker.io/team/twin'] },
    { ...base, image: 'gcr.io/distroless/*', user: 5 },
    { ...base, image: 'gcr.io/distroless/*', tags: '*nonroot*', user: 6 },
  ];
  const index = indexCatalogue(entries);

  it.each([
    ['team/app', 1],
    ['team/app/part', 1],
    ['team/db-two', 2],
    ['quay.io/team-db/x', 2],
    ['ghcr.io/team/x', 2],
    ['team/db-one', 3],
    ['team/alias:3', 3],
    ['team/own', 4],
    ['team/twin', 4],
    ['gcr.io/distroless/static', 5],
    ['gcr.io/distroless/static:nonroot', 6],
    ['team/db-one:1', undefined],
    ['teams/app', undefined],
    ['registry.example.com/team/app', undefined],
    ['localhost:5000/team/db-one', undefined],
  ])('%s: %s', (reference, user) => expect(lookupIn([index], reference)?.user).toBe(user));

  it('takes an image that is only alike for general knowledge', () => {
    expect(lookupIn([index], 'team/own')?.confidence).toBe('read');
    expect(lookupIn([index], 'team/twin')?.confidence).toBe('known');
    expect(lookupIn([index], 'ghcr.io/team/x')?.confidence).toBe('known');
  });

  it('looks into one catalogue after the other, and for images before families', () => {
    const own = indexCatalogue([
      { ...base, image: 'docker.io/team/db-one', tags: '<1', user: 10 },
      { ...base, image: 'docker.io/team/*', user: 11 },
      { ...base, image: 'docker.io/team/own', user: 12 },
    ]);
    const userOf = (reference: string) => lookupIn([own, index], reference)?.user;
    expect(userOf('team/own')).toBe(12);
    expect(userOf('team/db-one:0.9')).toBe(10);
    expect(userOf('team/db-one:2')).toBe(3);
    expect(userOf('team/db-one:1')).toBeUndefined();
    expect(userOf('team/alias')).toBe(3);
    expect(userOf('team/db-two')).toBe(11);
    expect(userOf('gcr.io/distroless/static')).toBe(5);
  });

  it('fills in what an entry leaves out', () => {
    expect(lookupIn([indexCatalogue([{ ...base, image: 'docker.io/team/app' }])], 'team/app')).toEqual({
      ...base,
      image: 'docker.io/team/app',
      tags: '*',
      user: null,
      ports: [],
      api: null,
      host: [],
      memory: null,
    });
  });
});

describe('merging what may be either of two', () => {
  const base = { image: 'docker.io/team/app', sources: ['a'] } as const;
  const either = (a: Partial<ImageEntry>, b: Partial<ImageEntry>) => {
    const entries = [
      { ...base, confidence: 'read', tags: '<2', ...a },
      { ...base, confidence: 'read', tags: '>=2', ...b },
    ] as const;
    return lookupIn([indexCatalogue(entries)], `team/app@${DIGEST}`);
  };

  it.each([
    ['the lower confidence', { confidence: 'known' }, {}, { confidence: 'known' }],
    ['a user only where both agree', { user: 1 }, { user: 2 }, { user: null }],
    ['root against another user', { user: 0 }, { user: { name: 'root', uid: 0 } }, { user: null }],
    [
      'the name of a user that is a number elsewhere',
      { user: 7 },
      { user: { name: 'app', uid: 7 } },
      { user: { name: 'app', uid: 7 } },
    ],
    [
      'a name without its number where that differs',
      { user: { name: 'app', uid: 7 } },
      { user: { name: 'app', uid: 8 } },
      { user: { name: 'app', uid: null } },
    ],
    ['an unknown user', { user: 7 }, {}, { user: null }],
    [
      'all capabilities',
      { capabilities: ['CHOWN'] },
      { capabilities: ['KILL'] },
      { capabilities: expect.arrayContaining(['CHOWN', 'KILL']) },
    ],
    ['what gains rights in one of them', { gains: ['set-uid'] }, {}, { gains: ['set-uid'] }],
    ['a shell', { shell: true }, {}, { shell: true }],
    ['what one of them sometimes needs', {}, { sometimes: ['hostPath'] }, { sometimes: ['hostPath'] }],
    ['a call of the API', { api: false }, { api: true }, { api: true }],
    ['no word on the API as no word', { api: false }, {}, { api: null }],
    ['all host access', { host: ['hostPID'] }, { host: ['hostPath'] }, { host: expect.arrayContaining(['hostPID', 'hostPath']) }],
    ['the larger memory', { memory: 'tiny' }, { memory: 'large' }, { memory: 'large' }],
  ] as const)('keeps %s', (_, a, b, expected) => {
    expect(either(a, b)).toMatchObject(expected);
    expect(either(b, a)).toMatchObject(expected);
  });

  it('knows no capabilities and no paths where one of them does not', () => {
    const facts = either({ capabilities: [], writes: [], populated: [] }, {});
    for (const key of ['capabilities', 'writes', 'populated', 'nonRoot']) expect(facts).not.toHaveProperty(key);
  });
});

describe('an image that is one of Docker Hub by its path alone', () => {
  it.each([
    ['evil.example/library/nginx:1.27', true],
    ['registry.example.com:5000/library/nginx', true],
    ['localhost/library/nginx', true],
    ['harbor.example.com/team/library/nginx', true],
    ['public.ecr.aws/acme/library/nginx', true],
    ['nginx:1.27', false],
    ['library/nginx', false],
    ['docker.io/library/nginx', false],
    ['mirror.gcr.io/library/nginx', false],
    ['public.ecr.aws/docker/library/nginx', false],
    ['harbor.example.com/proxy/docker.io/library/nginx', false],
    ['harbor.example.com/docker-hub-proxy/library/nginx', false],
  ])('%s: %s', (reference, isByName) => {
    const found = publicImages.find(reference);
    expect(found?.facts.user).toBe(0);
    expect(found?.isByName).toBe(isByName);
    expect(found?.cited.endsWith(', by its name,')).toBe(isByName);
  });

  it('is sure where the caller has an entry of that name', () => {
    const entry = { user: 0, sources: ['ours'], confidence: 'read' } as const;
    const own = createCatalogue([
      { ...entry, image: 'harbor.example.com/library/web' },
      { ...entry, image: 'nginx' },
    ]);
    expect(own.find('harbor.example.com/library/web:1')).toMatchObject({ isByName: false });
    expect(own.find('harbor.example.com/library/nginx:1')).toMatchObject({ isByName: true });
  });
});
