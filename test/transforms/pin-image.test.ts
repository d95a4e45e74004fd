import { describe, expect, it } from 'vitest';
import { createSession } from '../../src/session.js';
import { pinImage } from '../../transforms/pin-image.js';
import { containerOf, itFixes, itLeaves, itReports, manifest, pod } from './harness.js';

const A = `sha256:${'a'.repeat(64)}`;
const B = `sha256:${'b'.repeat(64)}`;
const digests = {
  'docker.io/library/nginx:1.27': A,
  'docker.io/grafana/grafana:11.2': B,
  'registry.example.com:5000/web:1': B,
  'localhost/web:1': A,
};

itFixes(pinImage, [
  {
    name: 'each image with its own digest, the tag kept',
    risk: 'high',
    digests,
    before: pod`
      initContainers:
        - {name: setup, image: "registry.example.com:5000/web:1"}
      containers:
        - name: web
          image: nginx:1.27 # the newest of its line
        - name: other
          image: index.docker.io/grafana/grafana:11.2
    `,
    after: pod`
      initContainers:
        - {name: setup, image: "registry.example.com:5000/web:1@${B}"}
      containers:
        - name: web
          image: nginx:1.27@${A} # the newest of its line
        - name: other
          image: index.docker.io/grafana/grafana:11.2@${B}
    `,
  },
  {
    name: 'in quotes, in a CronJob',
    risk: 'high',
    digests,
    before: manifest`
      apiVersion: batch/v1
      kind: CronJob
      metadata: {name: web}
      spec:
        jobTemplate:
          spec:
            template:
              spec:
                containers:
                  - image: 'docker.io/nginx:1.27'
                    name: web
    `,
    after: manifest`
      apiVersion: batch/v1
      kind: CronJob
      metadata: {name: web}
      spec:
        jobTemplate:
          spec:
            template:
              spec:
                containers:
                  - image: 'docker.io/nginx:1.27@${A}'
                    name: web
    `,
  },
]);

itLeaves(pinImage, [
  { name: 'a digest, be it another one than is recorded', digests, manifest: containerOf(`nginx:1.27@${B}`)`args: [x]` },
  { name: 'a digest without a tag', digests, manifest: containerOf(`nginx@${B}`)`args: [x]` },
  { name: 'a variable', digests, manifest: containerOf('nginx:$(VERSION)')`args: [x]` },
  { name: 'what is no reference', digests, manifest: containerOf('"UPPER/Case:1"')`args: [x]` },
  { name: 'no image', digests, manifest: pod`{containers: [{name: web}]}` },
  {
    name: 'what is loaded into the node',
    digests,
    manifest: containerOf('nginx:1.27')`imagePullPolicy: Never`,
    reason: /^imagePullPolicy: Never: it is loaded into the node/,
  },
  {
    name: 'the registry of the node',
    digests,
    manifest: containerOf('localhost/web:1')`args: [x]`,
    reason: /^its registry is the node itself/,
  },
  {
    name: 'what a controller writes',
    digests,
    manifest: manifest`
      apiVersion: apps/v1
      kind: Deployment
      metadata: {name: web, annotations: {keel.sh/policy: minor}}
      spec: {selector: {matchLabels: {app: web}}, template: {metadata: {labels: {app: web}}, spec: {containers: [{name: web, image: "nginx:1.27"}]}}}
    `,
    reason: /^Keel writes it, as the annotation keel\.sh\/policy says/,
  },
]);

itReports(pinImage, [
  {
    name: 'images that are not recorded, and such as name no version',
    digests,
    manifest: manifest`
      apiVersion: v1
      kind: Pod
      metadata: {name: web}
      spec:
        containers:
          - name: a
            image: nginx:1.28
          - name: b
            image: nginx
          - name: c
            image: nginx:latest
    `,
    found: [
      {
        line: 7,
        message: /^image: nginx:1\.28 may become another image \(no digest\)$/,
        reason: /^no digest of docker\.io\/library\/nginx:1\.28 is known; kubemend lock asks its registry$/,
      },
      { line: 9, message: /^image: nginx names whatever its registry has that day$/, reason: /^write the tag of a version/ },
      { line: 11, message: /^image: nginx:latest names whatever/, reason: /^write the tag of a version/ },
    ],
  },
]);

describe('images of a kustomization', () => {
  const BASE = containerOf('nginx:1.27')`args: [x]`;
  const saidWith = (images: string) => {
    const session = createSession({
      profile: 'all',
      transforms: ['pin-image'],
      maxRisk: 'high',
      digestOf: (image) => digests[image as keyof typeof digests],
    });
    session.survey('overlay/kustomization.yaml', `resources: [../base/web.yaml]\nimages: [${images}]\n`);
    session.survey('base/web.yaml', BASE);
    return session.fix('base/web.yaml', BASE).findings.map(({ status, reason }) => reason?.text ?? status);
  };

  it.each([
    ['another image', '{name: redis, newTag: "7"}', ['ready']],
    ['a digest', `{name: nginx, digest: "${B}"}`, []],
    ['a tag and a digest', `{name: nginx, newTag: "1.28", digest: "${B}"}`, []],
    [
      'a tag',
      '{name: nginx, newTag: "1.28"}',
      ['overlay/kustomization.yaml puts nginx:1.28 in its place; write a digest there (images: digest)'],
    ],
    [
      'a name, under which the digest may not be found',
      '{name: nginx, newName: mirror.example.com/nginx}',
      ['overlay/kustomization.yaml puts mirror.example.com/nginx:1.27 in its place; write a digest there (images: digest)'],
    ],
  ])('that have %s', (_, images, said) => {
    expect(saidWith(images)).toEqual(said);
  });
});

it('leaves what Flux writes, by the comment beside it', () => {
  const text = pod`
    containers:
      - name: web
        image: nginx:1.27 # {"$imagepolicy": "flux-system:nginx"}
  `;
  const session = createSession({ profile: 'all', transforms: ['pin-image'], maxRisk: 'high', digestOf: () => A });
  session.survey('web.yaml', text);
  const { status, findings } = session.fix('web.yaml', text);
  expect([status, findings.map(({ reason }) => reason?.text)]).toEqual([
    'unchanged',
    [expect.stringMatching(/is set by another tool/)],
  ]);
});

describe('what is asked of the digests that are recorded', () => {
  it('is the full name, of what is pinned, too, and nothing of what someone said no to', () => {
    const text = pod`
      containers:
        - {name: a, image: "nginx:1.27"}
        - {name: b, image: "ghcr.io/acme/web:1@${A}"}
        - {name: c, image: "nginx:latest"}
        # kubemend-ignore pin-image: built every night
        - {name: d, image: "ghcr.io/acme/nightly:1"}
    `;
    const asked: (readonly [string, string])[] = [];
    const session = createSession({
      profile: 'all',
      transforms: ['pin-image'],
      digestOf: (image, file) => void asked.push([image, file]),
    });
    session.survey('apps/web.yaml', text);
    session.fix('apps/web.yaml', text);
    expect([...new Set(asked.map(([image, file]) => `${file} ${image}`))]).toEqual([
      'apps/web.yaml docker.io/library/nginx:1.27',
      `apps/web.yaml ghcr.io/acme/web:1@${A}`,
    ]);
  });

  it('counts only where it is a digest', () => {
    const text = containerOf('nginx:1.27')`args: [x]`;
    const session = createSession({ profile: 'all', transforms: ['pin-image'], maxRisk: 'high', digestOf: () => 'sha256:12' });
    session.survey('web.yaml', text);
    expect(session.fix('web.yaml', text).status).toBe('unchanged');
  });
});

describe('a patch', () => {
  it('is told of an image without a digest, with the line', () => {
    const session = createSession({ profile: 'all', transforms: ['pin-image'], maxRisk: 'high' });
    const patch = containerOf('nginx:1.27')`args: [x]`;
    session.survey('kustomization.yaml', 'patches: [{path: patch.yaml}]\n');
    session.survey('patch.yaml', patch);
    const { findings } = session.fix('patch.yaml', patch);
    expect(findings.map(({ message, status }) => [message, status])).toEqual([
      ['image: nginx:1.27 may become another image (no digest)', 'manual'],
    ]);
  });
});
