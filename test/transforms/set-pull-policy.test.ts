import { describe, expect, it } from 'vitest';
import { readDockerfile } from '../../src/kube/facts/dockerfile.js';
import { createSession } from '../../src/session.js';
import { setPullPolicy } from '../../transforms/set-pull-policy.js';
import { container, containerOf, itFixes, itLeaves, itReports, manifest, pod } from './harness.js';

const latest = containerOf('ghcr.io/acme/web:latest');
const untagged = containerOf('ghcr.io/acme/web');

itFixes(setPullPolicy, [
  {
    name: 'what someone wrote for the tag latest',
    risk: 'high',
    before: latest`
      imagePullPolicy: IfNotPresent # saves traffic
      ports: [{containerPort: 8080}]
    `,
    after: latest`
      imagePullPolicy: Always # saves traffic
      ports: [{containerPort: 8080}]
    `,
  },
  {
    name: 'an image without a tag, with the port of a registry, in an init container, too',
    risk: 'high',
    before: pod`
      initContainers:
        - name: setup
          image: registry.example.com:5000/acme/setup
          imagePullPolicy: IfNotPresent
      containers:
        - {name: web, image: "ghcr.io/acme/web:1", imagePullPolicy: IfNotPresent}
    `,
    after: pod`
      initContainers:
        - name: setup
          image: registry.example.com:5000/acme/setup
          imagePullPolicy: Always
      containers:
        - {name: web, image: "ghcr.io/acme/web:1", imagePullPolicy: IfNotPresent}
    `,
  },
  {
    name: 'every container where all are asked for: high where someone wrote it, and behind the image',
    risk: 'high',
    settings: { tags: 'all' },
    before: pod`
      containers:
        - name: web
          image: ghcr.io/acme/web:1
          args: [serve]
        - name: log
          image: ghcr.io/acme/log:1@sha256:0123456789012345678901234567890123456789012345678901234567890123
          imagePullPolicy: IfNotPresent
    `,
    after: pod`
      containers:
        - name: web
          image: ghcr.io/acme/web:1
          imagePullPolicy: Always
          args: [serve]
        - name: log
          image: ghcr.io/acme/log:1@sha256:0123456789012345678901234567890123456789012345678901234567890123
          imagePullPolicy: Always
    `,
  },
  {
    name: 'what nobody wrote, where all are asked for',
    risk: 'medium',
    settings: { tags: 'all' },
    before: container`
      args: [serve]
    `,
    after: container`
      imagePullPolicy: Always
      args: [serve]
    `,
  },
]);

itLeaves(setPullPolicy, [
  { name: 'Always', manifest: latest`imagePullPolicy: Always` },
  { name: 'nothing written: it is Always already', manifest: untagged`args: [serve]` },
  { name: 'the same where all are asked for', settings: { tags: 'all' }, manifest: untagged`args: [serve]` },
  { name: 'a tag that may move or not', manifest: container`imagePullPolicy: IfNotPresent` },
  { name: 'an image that only a tool can name', manifest: containerOf('$(IMAGE)')`imagePullPolicy: IfNotPresent` },
  {
    name: 'a digest beside the tag latest',
    manifest: containerOf('nginx:latest@sha256:0123456789012345678901234567890123456789012345678901234567890123')`
      imagePullPolicy: IfNotPresent
    `,
  },
  {
    name: 'a policy that only a tool can say',
    manifest: untagged`imagePullPolicy: $(POLICY)`,
    reason: /is filled in by another tool/,
  },
]);

const LOADED = /^Never is for images that are loaded into the node/;

itReports(setPullPolicy, [
  {
    name: 'Never, which an image that is loaded into the node needs',
    manifest: manifest`
      apiVersion: v1
      kind: Pod
      metadata: {name: web}
      spec:
        containers:
          - name: web
            image: web:latest
            imagePullPolicy: Never
    `,
    found: [{ line: 8, message: /^imagePullPolicy: Never for an image with the tag latest$/, reason: LOADED }],
  },
  {
    name: 'the registry of the node itself, as kind and podman have it',
    manifest: containerOf('localhost/web')`imagePullPolicy: IfNotPresent`,
    found: [
      { line: 17, message: /^imagePullPolicy: IfNotPresent for an image without a tag$/, reason: /^its registry is the node/ },
    ],
  },
]);

describe('an image that the repository builds', () => {
  const reasonFor = (image: string) => {
    const session = createSession({ profile: 'all', transforms: ['set-pull-policy'], maxRisk: 'high', readDockerfile });
    session.consult('images/web/Dockerfile', 'FROM scratch\n');
    const text = containerOf(image)`imagePullPolicy: IfNotPresent`;
    session.survey('web.yaml', text);
    return session.fix('web.yaml', text).findings.map(({ status, reason }) => reason?.text ?? status);
  };

  it('may be loaded into the node where its name has no registry', () => {
    expect(reasonFor('web')).toEqual([
      'images/web/Dockerfile builds it, and its name has no registry: it may be loaded into the node',
    ]);
  });

  it('is in a registry where its name has one', () => {
    expect(reasonFor('registry.example.com/web')).toEqual(['ready']);
  });
});
