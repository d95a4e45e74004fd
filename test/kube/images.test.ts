import { describe, expect, it } from 'vitest';
import catalogue from '../../src/kube/images/catalogue.json' with { type: 'json' };
import { indexCatalogue, lookupImage, lookupIn } from '../../src/kube/images/lookup.js';
import { normaliseRepository, parseReference } from '../../src/kube/images/reference.js';
import { compileTags, readTag } from '../../src/kube/images/tags.js';
import type { CatalogueEntry } from '../../src/kube/images/types.js';

const entries = catalogue as readonly CatalogueEntry[];
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
  const base = {
    user: 0,
    ports: [],
    api: false,
    host: [],
    memory: null,
    sources: ['a'],
    confidence: 'known',
    aliases: [],
  } as const;
  const index = indexCatalogue([
    { ...base, image: 'docker.io/team/*', tags: '*', user: 1 },
    { ...base, image: 'docker.io/team/db-*', tags: '*', user: 2, aliases: ['quay.io/team-db/*'] },
    { ...base, image: 'docker.io/team/db-one', tags: '>=2', user: 3, aliases: ['docker.io/team/alias', 'docker.io/team/own'] },
    { ...base, image: 'docker.io/team/own', tags: '*', user: 4 },
    { ...base, image: 'gcr.io/distroless/*', tags: '*', user: 5 },
    { ...base, image: 'gcr.io/distroless/*', tags: '*nonroot*', user: 6 },
  ]);

  it.each([
    ['team/app', 1],
    ['team/app/part', 1],
    ['team/db-two', 2],
    ['quay.io/team-db/x', 2],
    ['team/db-one', 3],
    ['team/alias:3', 3],
    ['team/own', 4],
    ['gcr.io/distroless/static', 5],
    ['gcr.io/distroless/static:nonroot', 6],
    ['team/db-one:1', undefined],
    ['teams/app', undefined],
  ])('%s: %s', (reference, user) => expect(lookupIn(index, reference)?.user).toBe(user));
});

describe('the catalogue', () => {
  it('holds thirty images', () => expect(new Set(entries.map((entry) => entry.image)).size).toBe(30));

  it.each(entries.map((entry) => [`${entry.image} ${entry.tags}`, entry] as const))('%s', (_, entry) => {
    const strings = expect.toSatisfy(
      (list) => Array.isArray(list) && list.every((item) => typeof item === 'string' && item !== ''),
    );
    const user = entry.user;
    expect(Object.keys(entry).sort().join(' ')).toMatch(
      /^aliases api( capabilities)? confidence( entrypoint)? host image memory( nonRoot)?( populated)? ports sources tags user( writes)?$/,
    );
    for (const name of [entry.image, ...entry.aliases]) expect(normaliseRepository(name)).toBe(name);
    expect(entry.aliases).not.toContain(entry.image);
    expect(typeof user === 'number' || user === null || typeof user.name === 'string').toBe(true);
    expect(entry.sources).toEqual(strings);
    expect(entry.sources.length).toBeGreaterThan(0);
    expect(['read', 'documented', 'known']).toContain(entry.confidence);
    expect(['tiny', 'small', 'medium', 'large', 'jvm', null]).toContain(entry.memory);
    expect([true, false, null]).toContain(entry.api);
    expect(['hostNetwork', 'hostPID', 'hostPath', 'hostIPC', 'privileged']).toEqual(expect.arrayContaining([...entry.host]));
    expect(entry.ports.every((port) => Number.isInteger(port) && port > 0 && port < 65536)).toBe(true);
    expect(entry.capabilities ?? []).toEqual(
      (entry.capabilities ?? []).filter((name) => /^[A-Z_]+$/.test(name) && !name.startsWith('CAP_')),
    );
    for (const path of [...(entry.writes ?? []), ...(entry.populated ?? [])]) expect(path).toMatch(/^\/\S*[^/]$/);
    expect(entry.writes ?? []).toEqual(expect.arrayContaining([...(entry.populated ?? [])]));
    if (entry.nonRoot !== undefined) expect(typeof entry.nonRoot.possible).toBe('boolean');
    for (const id of [entry.nonRoot?.uid, entry.nonRoot?.gid]) expect(id === undefined || Number.isInteger(id)).toBe(true);
    expect(entry.nonRoot?.uid).not.toBe(0);
  });

  it('has one entry for each image and pattern', () => {
    const keys = entries.map((entry) => `${entry.image} ${entry.tags}`);
    expect(new Set(keys).size).toBe(keys.length);
  });
});
