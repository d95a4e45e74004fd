import type { Json, JsonObject } from '../../../src/core/json.js';

/** A map that may hold `undefined`, for what a manifest leaves out. */
export type Fields = Readonly<Record<string, Json>>;

export function container(extra: Fields = {}): JsonObject {
  return { name: 'app', image: 'app:1', ...extra };
}

/** A Pod with one container; `spec` may replace it. */
export function pod(spec: Fields = {}, annotations?: Fields): JsonObject {
  const metadata = { name: 'p', ...(annotations && { annotations }) };
  return { apiVersion: 'v1', kind: 'Pod', metadata, spec: { containers: [container()], ...spec } };
}

/** The same in a Deployment. */
export function deployment(spec: Fields = {}, annotations?: Fields): JsonObject {
  const template = {
    metadata: { labels: { app: 'a' }, ...(annotations && { annotations }) },
    spec: { containers: [container()], ...spec },
  };
  const selector = { matchLabels: { app: 'a' } };
  return { apiVersion: 'apps/v1', kind: 'Deployment', metadata: { name: 'd' }, spec: { selector, template } };
}

export function statefulSet(spec: Fields, claims: readonly string[]): JsonObject {
  const template = { metadata: { labels: { app: 'a' } }, spec: { containers: [container()], ...spec } };
  const claimSpec = { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '1Gi' } } };
  const volumeClaimTemplates = claims.map((name) => ({ metadata: { name }, spec: claimSpec }));
  const selector = { matchLabels: { app: 'a' } };
  return {
    apiVersion: 'apps/v1',
    kind: 'StatefulSet',
    metadata: { name: 's' },
    spec: { serviceName: 's', selector, template, volumeClaimTemplates },
  };
}

/** A Pod whose one container has the security context. */
export function secured(securityContext: Json, spec: Fields = {}): JsonObject {
  return pod({ containers: [container({ securityContext })], ...spec });
}

/** A Pod whose one container has the resources. */
export function sized(limits: Json, requests: Json = null, spec: Fields = {}): JsonObject {
  return pod({ containers: [container({ resources: { limits, requests } })], ...spec });
}

/** A Pod with one volume and the mounts. */
export function mounted(volumeMounts: Json, containerFields: Fields = {}, spec: Fields = {}): JsonObject {
  return pod({
    containers: [container({ volumeMounts, ...containerFields })],
    volumes: [{ name: 'tmp', emptyDir: {} }],
    ...spec,
  });
}

export const WINDOWS = { os: { name: 'windows' } };
